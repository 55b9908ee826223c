"""Puppets act, keep inside their picture, and are themselves in every shot."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.bodies.heads import HEADS, load_head
from dalang.engines.animatic.bodies.puppet import TALL, made_up, person
from dalang.engines.animatic.bodies.wardrobes import ANIMALS, BUILDS, dresses, looks
from dalang.engines.animatic.figures.likeness import likeness
from dalang.scene.performer import Action, Age, Colour, Direction, Garment, Performer
from dalang.scene.subjects import SUBJECTS

PEOPLE = [subject.name for subject in SUBJECTS.values() if subject.body == "person"]
COAT = (Garment(name="trench-coat"), Garment(name="fedora"))


def man(action: Action, **more: object) -> Performer:
    return Performer(subject="man", action=action, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("direction", [None, Direction.TOWARDS, Direction.AWAY])
def test_every_action_is_shown_whole(action: Action, direction: Direction | None) -> None:
    puppet = made_up(man(action, direction=direction, wears=(Garment(name="witch-hat"), Garment(name="dress"))))
    for phase in (0.3, 0.8):
        canvas, hands = puppet.frame(phase)
        cover = canvas[..., 3]
        assert not cover[0].any() and not cover[-1].any() and not cover[:, 0].any() and not cover[:, -1].any()  # noqa: PT018
        assert (canvas[..., :3].astype(int) <= cover[..., None].astype(int) + 1).all(), "not premultiplied"
        assert cover.mean() > 8
        assert np.isfinite(hands).all()


def test_a_walk_covers_its_stride_in_each_loop_and_its_picture_has_the_bodys_measure() -> None:
    sprite = person(man(Action.WALK))
    assert sprite.acts
    assert sprite.subject.stride == pytest.approx(sprite.subject.speed * sprite.loop)
    assert sprite.subject.height / sprite.frames.shape[1] == pytest.approx(BUILDS["man"].height / TALL)
    assert len(sprite.hands) == len(sprite.frames)
    assert sprite.frames.flags.c_contiguous


def test_the_same_performer_is_drawn_alike_twice() -> None:
    performer = Performer(subject="detective", action=Action.RUN)
    assert (person(performer).frames == person(performer).frames).all()


def test_a_person_keeps_head_and_clothes_from_action_to_action() -> None:
    looked = {looks(Performer(subject="teacher", action=action)) for action in Action}
    assert len(looked) == 1


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_has_a_head_a_build_and_clothes(name: str) -> None:
    look = looks(Performer(subject=name, action=Action.STAND))
    assert load_head(look.head).skin
    assert look.wears
    assert SUBJECTS[name].height == pytest.approx(look.build.height, rel=0.12)


@pytest.mark.parametrize(("age", "head"), [(Age.OLD, "old-man"), (Age.CHILD, "boy"), (Age.BABY, "baby")])
def test_age_changes_head_and_build(age: Age, head: str) -> None:
    look = looks(man(Action.STAND, age=age))
    assert look.head.startswith(head)
    assert look.build == BUILDS[head]


@pytest.mark.parametrize("name", sorted(set(ANIMALS) & set(SUBJECTS)))
def test_an_animal_in_clothes_stands_upright(name: str) -> None:
    performer = Performer(subject=name, action=Action.STAND, wears=COAT)
    cover = made_up(performer).frame(0.0)[0][..., 3] > 0
    assert dresses(performer)
    assert ANIMALS[name][0] in HEADS
    assert cover.any(axis=1).sum() > 1.5 * cover.any(axis=0).sum()


def test_an_animal_in_clothes_is_a_puppet_and_a_bare_one_is_not() -> None:
    fox = Performer(subject="fox", action=Action.WALK, wears=COAT)
    assert likeness(fox).hands
    assert not likeness(msgspec.structs.replace(fox, wears=())).hands


def test_from_behind_no_face_is_seen() -> None:
    """Eyes are the only white things on a man in black."""
    black = (Garment(name="suit", colour=Colour.BLACK), Garment(name="scarf", colour=Colour.BLACK))
    seen = [
        made_up(man(Action.STAND, direction=way, wears=black)).frame(0.0)[0][: int(0.52 * TALL), :, :3]
        for way in (Direction.TOWARDS, Direction.AWAY)
    ]
    whites = [int((picture.min(axis=2) > 200).sum()) for picture in seen]
    assert whites[0] > 20
    assert whites[1] < whites[0] / 4


def test_a_talking_mouth_opens_and_closes_and_a_sleeper_shuts_its_eyes() -> None:
    head = made_up(man(Action.TALK)).masks
    shut, wide = head.mask(48.0, False, 0).art, head.mask(48.0, False, 2).art
    assert (shut != wide).any(axis=2).sum() > 100
    assert (head.mask(48.0, True, 0).art != shut).any(axis=2).sum() > 40


def test_a_coloured_robot_has_that_colour_all_over_its_body() -> None:
    look = looks(Performer(subject="robot", action=Action.WALK, colour=Colour.YELLOW))
    assert {worn.colour for worn in look.wears} == {Colour.YELLOW}
