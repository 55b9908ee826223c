"""The words of a language agree with the plan and with one another."""

from __future__ import annotations

import pytest

from dalang.scene.glossary import KINDS, Tongue, glossary
from dalang.scene.lexicon import BUILT, STAND_INS, VERBS, built
from dalang.scene.plan import Place
from dalang.scene.subjects import DOING

TONGUES: tuple[Tongue, ...] = ("zh", "id")
tongues = pytest.mark.parametrize("tongue", TONGUES)


@tongues
def test_every_meaning_of_a_plan_can_be_said(tongue: Tongue) -> None:
    known = glossary(tongue)
    own = known.own
    for table, meanings in (
        (known.places, Place),
        *((getattr(known.craft, name), kind) for name, kind in KINDS.items()),
    ):
        said = {meaning for phrase, meaning in table.items() if phrase in own}
        assert said == set(meanings), f"{tongue} has no word for {set(meanings) - said}"


@tongues
def test_verbs_are_those_that_actions_know(tongue: Tongue) -> None:
    assert set(glossary(tongue).verbs.values()) <= VERBS.keys() | DOING.keys()


@tongues
def test_a_trap_holds_a_known_word(tongue: Tongue) -> None:
    """What guards nothing is no trap, but may be an unknown noun's whole word."""
    assert all(trap.strip() == trap and trap for trap in glossary(tongue).words["traps"])


@pytest.mark.parametrize("place", Place)
def test_every_place_leads_to_one_that_is_built(place: Place) -> None:
    assert built(place) in BUILT


def test_what_stands_in_is_for_places_that_english_may_not_name_yet() -> None:
    assert set(Place) - BUILT <= STAND_INS.keys()
