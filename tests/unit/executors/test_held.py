"""Which slot gets what, by what the slots were last given."""

from __future__ import annotations

from dalang.events import Render
from dalang.executors.held import BATCH_SECONDS, Held, after, best, wanted
from dalang.task import RenderRequest
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import find_profile
from dalang.weights.setup import Setup

ROW = checkpoints()["wan2.2-ti2v-5b"]


def render(name: str | None) -> Render:
    setup = Setup(ROW, "/weights", find_profile("fast", ROW, {}), name=name) if name else None
    request = RenderRequest(
        model="m", prompt="p", width=16, height=16, duration=1, fps=1, seed=0, sound=False, setup=setup
    )
    return Render("task", "wan", request, "/nowhere")


def test_weights_are_held_from_the_first_of_a_row_of_tasks() -> None:
    first = after(None, render("A"), 10.0)
    again = after(first, render("A"), 25.0)
    assert (first, again) == (Held("A", 10.0, 10.0), Held("A", 10.0, 25.0))
    assert after(again, render("B"), 30.0) == Held("B", 30.0, 30.0)
    assert after(again, render(None), 30.0) == again, "what has no weights moves none"
    assert after(None, render(None), 30.0) is None


def test_a_task_goes_where_its_weights_are_then_where_none_are_then_where_they_rest_longest() -> None:
    slots = [Held("A", 0.0, 9.0), None, Held("B", 0.0, 5.0), Held("C", 0.0, 7.0)]
    assert [best(slots, setup) for setup in "ABC"] == [0, 2, 3]
    assert best(slots, "D") == 1
    slots[1] = Held("E", 0.0, 8.0)
    assert best(slots, "D") == 2


def test_slots_without_weights_are_taken_from_the_end() -> None:
    assert best([None, None, None], None) == 2


def test_a_slot_goes_on_with_its_weights_until_the_batch_has_had_its_time() -> None:
    slots = [Held("A", 0.0, 500.0), None, Held("B", 100.0, 100.0), Held("A", 90.0, 90.0)]
    assert wanted(slots, BATCH_SECONDS - 1) == ["A", "B", "A"]
    assert wanted(slots, BATCH_SECONDS) == ["B", "A"]
