"""Persons without a picture, and what else of a cast the blind prompts have taught."""

from __future__ import annotations

import pytest

from dalang.scene.parse import parse
from dalang.scene.performer import Colour, Performer, Relation
from dalang.scene.strangers import is_trade


def cast(prompt: str) -> dict[str, Performer]:
    return {performer.subject: performer for performer in parse(prompt, 5.0).shots[0].cast}


def bonds(prompt: str) -> set[tuple[str, Relation, str]]:
    members = parse(prompt, 5.0).shots[0].cast
    return {(one.subject, one.bond.relation, members[one.bond.partner].subject) for one in members if one.bond}


@pytest.mark.parametrize(
    ("prompt", "noun", "subject"),
    [
        ("A beekeeper in a straw hat walks through a meadow.", "beekeeper", "person"),
        ("A biker in a red helmet rides her motorcycle.", "biker", "woman"),
    ],
)
def test_a_plain_person_stands_in_for_an_unknown_trade(prompt: str, noun: str, subject: str) -> None:
    scene = parse(prompt, 5.0)
    assert [member.subject for member in scene.shots[0].cast][:1] == [subject]
    assert scene.shots[0].cast[0].wears
    assert f"No picture for '{noun}'; a person is shown." in scene.warnings


@pytest.mark.parametrize("thing", ["anchor", "ottoman", "mixer", "coffee maker"])
def test_nobody_stands_in_for_a_thing(thing: str) -> None:
    assert not is_trade(thing, "en")
    assert cast(f"A {thing} stands on the beach.") == {}


@pytest.mark.parametrize(
    ("prompt", "bond"),
    [
        ("A chef sleeps. A grey cat watches him from a chair.", ("cat", Relation.WATCH, "chef")),
        ("A mechanic leans against a rusty pickup truck.", ("mechanic", Relation.MEET, "pickup-truck")),
        ("A boy flies a red kite.", ("boy", Relation.HOLD, "kite")),
        ("一名厨师切洋葱，他的狗跟着他。", ("dog", Relation.FOLLOW, "chef")),
        ("男孩在草地上放风筝。", ("boy", Relation.HOLD, "kite")),
        ("Seorang ibu menggendong bayi.", ("woman", Relation.HUG, "baby")),
    ],
)
def test_who_does_something_to_whom(prompt: str, bond: tuple[str, Relation, str]) -> None:
    assert bond in bonds(prompt)


def test_a_table_that_is_leapt_on_is_not_held() -> None:
    assert bonds("A cat jumps onto the table.") == set()


def test_who_has_a_kite_in_the_air_is_not_said_to_fly() -> None:
    assert parse("A boy flies a red kite.", 5.0).warnings == ()


def test_nouns_are_verbs_after_several() -> None:
    assert cast("Five small orange fish hide behind a rock.")["fish"].verb == "hide"
    assert cast("The boy and the frog walk away.")["frog"].verb == "walk"


def test_one_of_several_is_one() -> None:
    scene = parse("Shot 1: Six children giggle. Shot 2: The boy opens a book.", 10.0, shots="multi")
    assert [shot.cast[0].count for shot in scene.shots] == [6, 1]


def test_fruit_before_a_garment_is_its_colour() -> None:
    woman = cast("A woman in a lavender dress walks.")
    assert [worn.colour for worn in woman["woman"].wears] == [Colour.PURPLE]
    assert len(woman) == 1
