"""What is rendered for a request: sizes, lengths, overlaps, cuts, seeds."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from dalang.engines import Form
from dalang.engines.wan.progress import spans
from dalang.engines.wan.timeline import OVERLAP, derived, model_size, model_tier, slowed, split, timeline
from dalang.errors import CannotRender
from dalang.models import SIZES
from dalang.task import RenderRequest
from dalang.weights.checkpoint import checkpoints

SMALL, LARGE, FIVE = (checkpoints()[name] for name in ("wan2.1-t2v-1.3b", "wan2.2-t2v-a14b", "wan2.2-ti2v-5b"))
FROM_PICTURES = checkpoints()["wan2.2-i2v-a14b"]

PLAIN = RenderRequest(
    model="wan2.6-t2v", prompt="a cat", width=1280, height=720, duration=5, fps=30, seed=7, sound=False
)


def asked(**changes: object) -> RenderRequest:
    return msgspec.structs.replace(PLAIN, **changes)


@pytest.mark.parametrize(
    ("checkpoint", "asked_for", "made"),
    [
        (LARGE, (832, 480), (832, 480)),
        (LARGE, (1280, 720), (1280, 720)),
        (LARGE, (1920, 1080), (1280, 720)),
        (LARGE, (1440, 1440), (960, 960)),
        (LARGE, (816, 1104), (816, 1104)),
        (SMALL, (1920, 1080), (848, 480)),
        (FIVE, (1280, 720), (1280, 704)),
        (FIVE, (832, 480), (1248, 736)),
        (LARGE, (128, 96), (128, 96)),
    ],
)
def test_it_is_made_at_the_largest_size_asked_for_that_the_weights_know(
    checkpoint: object, asked_for: tuple[int, int], made: tuple[int, int]
) -> None:
    plan = timeline(asked(width=asked_for[0], height=asked_for[1]), checkpoint, native=False)  # type: ignore[arg-type]
    assert (plan.width, plan.height) == made


def test_sides_are_multiples_and_shapes_hardly_change() -> None:
    for checkpoint in checkpoints().values():
        for width, height in (size for sizes in SIZES.values() for size in sizes.values()):
            tier = model_tier(width, height, checkpoint)
            sides = model_size(width, height, tier, checkpoint.multiple)
            assert not any(side % checkpoint.multiple for side in sides)
            assert sides[0] / sides[1] == pytest.approx(width / height, rel=0.04), "stretched by less than a twentieth"
            assert tier in checkpoint.tiers


def test_segments_are_4k_plus_1_and_join_to_what_is_asked() -> None:
    for most in (17, 33, 81, 121):
        for frames in range(1, 400):
            lengths = split(frames, most)
            assert all(length % 4 == 1 and length <= most for length in lengths), (frames, most, lengths)
            joined = sum(lengths) - OVERLAP * (len(lengths) - 1)
            assert 0 <= joined - frames < 4, (frames, most, lengths)
            assert len(lengths) == 1 or min(lengths) > OVERLAP, "each adds something"


def test_what_fits_is_made_in_one_go() -> None:
    assert split(81, 81) == (81,)
    assert len(split(82, 81)) == 2


def test_every_frame_shown_has_one_made_on_either_side() -> None:
    for checkpoint in (SMALL, FIVE):
        for duration in range(2, 16):
            (take,) = timeline(asked(duration=duration), checkpoint, native=False).takes
            made = sum(segment.frames - segment.overlap for segment in take.segments)
            assert take.shown == duration * 30
            assert take.rate == Fraction(checkpoint.fps, 30), "frame i shows the time i / fps"
            assert made - 1 >= (take.shown - 1) * take.rate > made - 6


def test_native_keeps_size_and_rate() -> None:
    plan = timeline(asked(), FIVE, native=True)
    assert plan.form == Form(1280, 704, 24, 120)
    assert plan.takes[0].rate == 1, "frames as they are made"
    assert timeline(asked(), FIVE, native=False).form == Form(1280, 720, 30, 150)


def test_the_last_frame_is_the_last_picture() -> None:
    for native in (True, False):
        for duration in (5, 10):
            plan = timeline(asked(image="a", last_image="b", duration=duration), FROM_PICTURES, native=native)
            (take,) = plan.takes
            made = sum(segment.frames - segment.overlap for segment in take.segments)
            assert (take.shown - 1) * take.rate == made - 1
            assert float(take.rate * plan.form.fps / 16) == pytest.approx(1, abs=0.03), "at almost its own speed"
            assert plan.form.frames / plan.form.fps == pytest.approx(duration, abs=1 / 15), "within a frame"


def test_weights_that_want_both_pictures_make_all_in_one_go() -> None:
    flf = checkpoints()["wan2.1-flf2v-14b-720p"]
    for duration, shown in ((5, 1.0), (10, 0.5), (15, 0.33)):
        plan = timeline(asked(image="a", last_image="b", duration=duration), flf, native=False)
        (take,) = plan.takes
        assert [segment.frames for segment in take.segments] == [81]
        assert take.shown == 30 * duration
        assert (take.shown - 1) * take.rate == 80, "from picture to picture"
        assert float(take.rate * 30 / 16) == pytest.approx(shown, abs=0.02)
        assert bool(slowed(plan, flf)) == (duration > 5), "which is said"
    plan = timeline(asked(image="a", last_image="b", duration=15), FROM_PICTURES, native=False)
    assert not slowed(plan, FROM_PICTURES), "which go on from one alone"


@pytest.mark.parametrize(
    ("name", "pictures", "kind"),
    [
        ("wan2.1-t2v-1.3b", {"image": "a"}, "i2v"),
        ("wan2.2-ti2v-5b", {"image": "a", "last_image": "b"}, "kf2v"),
        ("wan2.1-i2v-14b-480p", {"image": "a", "last_image": "b"}, "kf2v"),
        ("wan2.1-flf2v-14b-720p", {"image": "a"}, "i2v"),
        ("wan2.2-i2v-a14b", {}, "t2v"),
    ],
)
def test_what_the_weights_do_not_make_is_refused(name: str, pictures: dict[str, str], kind: str) -> None:
    with pytest.raises(CannotRender, match=f"The weights {name} make .* only, not {kind}"):
        timeline(asked(**pictures), checkpoints()[name], native=False)


def test_shots_are_cut_where_their_times_say() -> None:
    prompt = "A harbour. Shot 1 [0-3s] a boat leaves. Shot 2 [3-5s] gulls cry."
    plan = timeline(asked(prompt=prompt), LARGE, native=False)
    assert [take.shown for take in plan.takes] == [90, 60]
    assert [take.words for take in plan.takes] == ["A harbour. a boat leaves.", "A harbour. gulls cry."]
    assert all(len(take.segments) == 1 and not take.segments[0].overlap for take in plan.takes)
    assert [take.shown for take in timeline(asked(prompt=prompt), LARGE, native=True).takes] == [48, 32]


def test_uneven_shots_lose_no_frame() -> None:
    plan = timeline(asked(prompt="a cat", duration=10, shots="multi"), SMALL, native=False)
    assert len(plan.takes) == 4
    assert sum(take.shown for take in plan.takes) == 300


def test_the_first_segment_has_the_seed_and_the_others_their_own() -> None:
    plan = timeline(asked(prompt="a cat", duration=15, shots="multi"), SMALL, native=False)
    seeds = [segment.seed for take in plan.takes for segment in take.segments]
    assert seeds[0] == 7
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert derived(7, 1) == derived(7, 1) != derived(8, 1)


def test_progress_goes_on_over_shots_and_segments() -> None:
    plan = timeline(asked(duration=15), SMALL, native=False)
    found = [span.after(step) for span in spans(plan, 20) for step in range(21)]
    assert found == sorted(found)
    assert found[0] == 0
    assert 0.95 < found[-1] < 1, "what is left is to decode"
