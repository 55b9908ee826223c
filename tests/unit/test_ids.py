"""Identifiers: UUIDs of the RFC's form, in the order of their making."""

from __future__ import annotations

from uuid import UUID

import pytest

from dalang.ids import is_id, new_id, random_id
from tests.clock import START, ManualClock


def test_a_new_id_is_a_version_7_uuid_of_its_time() -> None:
    for _ in range(200):
        value = UUID(new_id(ManualClock()))
        assert (value.version, value.variant) == (7, UUID(int=1 << 63).variant)
        assert value.int >> 80 == START


def test_ids_sort_by_time() -> None:
    clock, ids = ManualClock(), []
    for _ in range(50):
        ids.append(new_id(clock))
        clock.advance(1)
    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ() -> None:
    clock = ManualClock()
    assert len({new_id(clock) for _ in range(5000)}) == 5000


def test_a_random_id_is_a_version_4_uuid() -> None:
    ids = {random_id() for _ in range(500)}
    assert len(ids) == 500
    for text in ids:
        assert (UUID(text).version, str(UUID(text)), UUID(text).variant) == (4, text, UUID(int=1 << 63).variant)


def test_ours_are_known_as_such() -> None:
    assert is_id(new_id(ManualClock()))
    assert is_id(random_id())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "nonsense",
        "0197AAAA-0000-7000-8000-000000000000",
        "{0197aaaa-0000-7000-8000-000000000000}",
        "0197aaaa00007000800000000000000000000",
        "0197aaaa-0000-7000-8000-00000000000\n",
        "0197aaaa-0000-7000-8000-000000000000\n",
        "0197aaaa-0000-7000-8000-00000000000/",
        "٠197aaaa-0000-7000-8000-000000000000",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert not is_id(text)
