"""Figures: how large each of a cast is shown beside the one a shot is about, and what is a piece of the set."""

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.camera.framing import frame_shot
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.figure import Figure, Part, figures
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Action, Bond, Performer, Relation, Size
from dalang.scene.plan import Camera, Place, Shot, Time, View, Weather
from dalang.scene.subjects import SUBJECTS


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of the right proportions, without their paint."""

    def picture(performer: Performer, fine: bool = False) -> Sprite:
        subject = SUBJECTS[performer.subject]
        return Sprite(subject, np.full((8, 240, 110 if subject.kind == "people" else 240, 4), 255, np.uint8))

    monkeypatch.setattr("dalang.engines.animatic.figures.figure.likeness", picture)


def scene(place: Place, *cast: Performer) -> Shot:
    return Shot(place=place, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, cast=cast, duration=5.0)


def found(shot: Shot, number: int) -> Figure:
    return next(one for one in figures(generator(1, "cast"), shot) if one.number == number)


def test_the_lead_beside_a_giant_is_still_seen_and_walks_up_to_it_though_it_is_busy() -> None:
    wizard = Performer(subject="wizard", action=Action.WALK, bond=Bond(relation=Relation.MEET, partner=1))
    shot = scene(Place.CASTLE, wizard, Performer(subject="dragon", action=Action.WORK, size=Size.GIANT))
    for size in ((1280, 720), (832, 480)):
        framing = frame_shot(generator(1, "stage"), shot, *size, figures(generator(1, "cast"), shot))
        stand = framing.stand
        assert stand
        shown = stand.figure.height * framing.lens.scale(stand.distance)
        assert shown > 0.2 * size[1]
        assert stand.way.length > 0, "it goes up to the one it meets"
        assert all(one.height == 0 for one in framing.stands), "a dragon that does not fly stands on the ground"


def test_a_planet_is_a_piece_of_the_set_and_a_globe_within_walls_a_model() -> None:
    astronaut, planet = (Performer(subject=name, action=Action.FLY) for name in ("astronaut", "planet"))
    assert found(scene(Place.SPACE, astronaut, planet), 1).part is Part.PIECE
    teacher, globe = Performer(subject="teacher", action=Action.STAND), Performer(subject="globe", action=Action.FLY)
    model = found(scene(Place.CLASSROOM, teacher, globe), 1)
    assert (model.part, model.performer.action) == (Part.THING, Action.STAND)
    assert model.height < 0.5 * found(scene(Place.CLASSROOM, teacher, globe), 0).height


def test_a_wreck_is_a_piece_of_the_sea_and_what_one_drives_is_none() -> None:
    diver, ship = Performer(subject="diver", action=Action.SWIM), Performer(subject="ship", action=Action.SAIL)
    assert found(scene(Place.UNDERWATER, diver, ship), 1).part is Part.PIECE
    assert found(scene(Place.SEA, ship, diver), 0).part is Part.VEHICLE


def test_a_seat_in_the_picture_is_what_one_sits_on(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = []

    def puppet(performer: Performer, *, fine: bool, stool: bool) -> Sprite:
        brought.append(stool)
        return Sprite(SUBJECTS[performer.subject], np.full((8, 240, 110, 4), 255, np.uint8), acts=True)

    monkeypatch.setattr("dalang.engines.animatic.figures.figure.person", puppet)
    man, couch = Performer(subject="man", action=Action.SIT), Performer(subject="couch", action=Action.STAND)
    shot = scene(Place.LIVING_ROOM, man, couch)
    cast = figures(generator(1, "cast"), shot)
    sitter, seat = frame_shot(generator(1, "stage"), shot, 1280, 720, cast).stands
    assert brought == [False]
    assert seat.distance > sitter.distance, "it is behind the one who sits on it"
    assert seat.figure.height > 0.9 * SUBJECTS["couch"].height, "and its own size"


def test_a_wide_view_of_a_room_is_no_view_of_its_ceiling() -> None:
    cook = Performer(subject="chef", action=Action.STAND)
    for place, least in ((Place.KITCHEN, 0.3), (Place.MEADOW, 0.2)):
        shot = msgspec.structs.replace(scene(place, cook), view=View.WIDE)
        framing = frame_shot(generator(1, "stage"), shot, 1280, 720, figures(generator(1, "cast"), shot))
        stand = framing.stand
        assert stand
        assert least < stand.figure.height * framing.lens.scale(stand.distance) / 720 < least + 0.15
