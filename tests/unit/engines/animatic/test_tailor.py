"""Whatever can be worn is seen, in its colour and in its place."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from dalang.engines.animatic.bodies.cloth import DYES, TILES
from dalang.engines.animatic.bodies.cut import CUTS, SHAPES
from dalang.engines.animatic.bodies.puppet import TALL, made_up
from dalang.engines.animatic.bodies.tailor import outfit
from dalang.engines.animatic.bodies.trimmings import TRIMMINGS
from dalang.scene.performer import Action, Colour, Garment, Performer
from dalang.scene.subjects import SUBJECTS
from dalang.scene.wardrobe import GARMENTS

ROWS = {"head": (0.0, 0.62), "face": (0.2, 0.5), "neck": (0.3, 0.75), "feet": (0.7, 1.0)}
"""Parts of the canvas in which a slot's garments are seen, from its top."""
RIMMED = {"glasses", "monocle", "sunglasses", "goggles", "diving-mask"}
"""Their panes have colours of their own."""


@functools.cache
def shown(*wears: Garment, subject: str = "man") -> NDArray[np.int16]:
    performer = Performer(subject=subject, action=Action.TALK, wears=wears)
    return made_up(performer).frame(0.0)[0].astype(np.int16)


def changed(garment: Garment, before: NDArray[np.int16]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(shown(garment) - before).max(axis=2) > 24)


@pytest.mark.parametrize("name", GARMENTS)
def test_a_garment_is_seen_in_its_colour(name: str) -> None:
    """Green on a man who wears none: where the picture changes, it becomes greener."""
    green, before = Garment(name=name, colour=Colour.GREEN), shown()
    where = changed(green, before)
    assert where.sum() > (25 if name in ("ring", "monocle", "bracelet", "wristwatch") else 120)
    if name in RIMMED:
        return
    tint = np.array([-0.5, 1.0, -0.5])
    assert (shown(green)[where][:, :3] @ tint).mean() > (before[where][:, :3] @ tint).mean() + 18


@pytest.mark.parametrize("name", [name for name, cloth in GARMENTS.items() if cloth.slot in ROWS])
def test_a_garment_is_worn_in_its_place(name: str) -> None:
    where = changed(Garment(name=name, colour=Colour.GREEN), shown())
    rows = np.flatnonzero(where.any(axis=1))
    tall = where.shape[0]
    first, last = ROWS[GARMENTS[name].slot]
    middle = float(np.average(np.arange(tall), weights=where.sum(axis=1))) / tall
    assert first <= middle <= last, f"rows {rows[0]}..{rows[-1]} of {tall}"


def test_every_trim_pattern_and_colour_can_be_made() -> None:
    assert set(CUTS) <= set(GARMENTS)
    sewn = {trim for cut in CUTS.values() for trim in cut.trim}
    assert sewn - set(TRIMMINGS) == SHAPES
    assert set(DYES) == set(Colour)
    for weave in TILES.values():
        assert weave(DYES[Colour.RED]).shape == (64, 64, 3)


def test_a_dress_takes_the_place_of_shirt_and_trousers_and_a_coat_goes_over_them() -> None:
    default = (Garment(name="shirt"), Garment(name="jeans"), Garment(name="shoes"))

    def names(*garments: str) -> list[str]:
        return [piece.cloth.name for piece in outfit(tuple(Garment(name=n) for n in garments), default).pieces]

    assert names("dress") == ["shoes", "dress"]
    assert names("trench-coat") == ["jeans", "shirt", "shoes", "trench-coat"]
    assert names("t-shirt") == ["jeans", "shoes", "t-shirt"]
    assert names("swim-trunks") == ["swim-trunks"]


def test_what_subjects_wear_of_their_own_is_in_the_wardrobe() -> None:
    for subject in SUBJECTS.values():
        for name in subject.outfit:
            colour, _, garment = name.rpartition(" ")
            assert garment in GARMENTS, subject.name
            assert not colour or colour in list(Colour), subject.name


def test_a_canvas_is_as_tall_as_a_body_needs() -> None:
    assert shown().shape[0] == int(TALL * 1.5)
