"""Blocking: everyone of the cast is placed, is seen, keeps room about itself, and goes where its bond takes it."""

import itertools

import msgspec
import numpy as np
import pytest

from dalang.engines.animatic.air.light import light_for
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.camera.framing import Framing, frame_shot
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.actor import Actor, cast
from dalang.engines.animatic.figures.bonds import in_arms
from dalang.engines.animatic.figures.costume import dressed
from dalang.engines.animatic.figures.figure import MOST, Figure, Part, figures
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.figures.way import Mark, arriving, passing, staying
from dalang.scene.directing import directed
from dalang.scene.heard import Line
from dalang.scene.performer import Action, Age, Bond, Direction, Performer, Relation, Size
from dalang.scene.plan import Camera, Place, Shot, Time, Weather
from dalang.scene.subjects import SUBJECTS

SIZES = ((1280, 720), (480, 832), (960, 960))
TIMES = np.linspace(0, 5, 11)


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of the right proportions, without their paint."""

    def picture(performer: Performer, fine: bool = False) -> Sprite:
        subject = SUBJECTS[performer.subject]
        columns = {"people": 100, "vehicles": 240}
        frames = np.zeros((8, 200, columns.get(subject.kind, 210), 4), np.uint8)
        return Sprite(subject, frames)

    monkeypatch.setattr("dalang.engines.animatic.figures.figure.likeness", picture)


def performer(subject: str, action: Action = Action.STAND, **changes: object) -> Performer:
    return msgspec.structs.replace(Performer(subject=subject, action=action), **changes)


def bond(relation: Relation, partner: int = 1) -> Bond:
    return Bond(relation=relation, partner=partner)


def shot(*players: Performer, place: Place = Place.MEADOW, camera: Camera = Camera.STATIC, **changes: object) -> Shot:
    plain = Shot(
        place=place, time=Time.DAY, weather=Weather.CLEAR, camera=camera, cast=players, duration=5.0,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def framed(scene: Shot, size: tuple[int, int] = SIZES[0], seed: int = 1) -> Framing:
    return frame_shot(generator(seed, "stage"), scene, *size, figures(generator(seed, "cast"), scene))


def box(framing: Framing, stand: Stand, time: float) -> tuple[float, float, float, float]:
    """Left, right, top and foot in pixels."""
    pose, mark = framing.path.pose(time), stand.way.at(time)
    scale = framing.lens.scale(mark.z - pose.z)
    middle = framing.lens.middle + (mark.x - pose.x) * scale - pose.turn
    foot = framing.lens.row(mark.z - pose.z) - mark.height * scale
    half = stand.figure.width * scale / 2
    return middle - half, middle + half, foot - stand.figure.height * scale, foot


def of(framing: Framing, number: int) -> list[Stand]:
    return [stand for stand in framing.stands if stand.figure.number == number]


CASTS = {
    "one walks": (performer("cat", Action.WALK),),
    "three walk left": (performer("penguin", Action.WALK, count=3, direction=Direction.LEFT),),
    "five run": (performer("horse", Action.RUN, count=5),),
    "a herd": (performer("elephant", Action.WALK, count=40),),
    "birds": (performer("eagle", Action.FLY, count=7),),
    "two chase one": (performer("dog", count=2, bond=bond(Relation.CHASE)), performer("cat")),
    "follow": (performer("duck", Action.WALK, count=4, bond=bond(Relation.FOLLOW)), performer("girl", Action.WALK)),
    "meet": (performer("cat", bond=bond(Relation.MEET)), performer("dog")),
    "hug": (performer("man", bond=bond(Relation.HUG)), performer("woman")),
    "give": (performer("woman", bond=bond(Relation.GIVE)), performer("boy"), performer("apple")),
    "hold": (performer("girl", Action.WALK, bond=bond(Relation.HOLD)), performer("balloon")),
    "ride": (performer("man", Action.RIDE, bond=bond(Relation.RIDE)), performer("horse")),
    "watch": (performer("boy", bond=bond(Relation.WATCH)), performer("cat", Action.WALK)),
    "talk": (performer("man", Action.TALK), performer("woman", Action.TALK)),
    "towards": (performer("dog", Action.RUN, direction=Direction.TOWARDS),),
    "away": (performer("man", Action.WALK, direction=Direction.AWAY),),
    "up": (performer("balloon", Action.FLY, direction=Direction.UP),),
    "small beside large": (performer("mouse"), performer("elephant")),
    "giant": (performer("dragon", Action.FLY, size=Size.GIANT), performer("castle")),
    "many kinds": (performer("man"), performer("dog"), performer("car"), performer("apple"), performer("oak-tree")),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CASTS)
def test_all_who_play_are_in_the_frame_for_the_whole_shot(name: str, size: tuple[int, int]) -> None:
    for number, camera in enumerate((Camera.STATIC, Camera.DOLLY_IN, Camera.PAN_RIGHT)):
        framing = framed(shot(*CASTS[name], camera=camera), size, seed=number)
        for stand in framing.stands:
            if stand.figure.part is Part.PIECE:
                continue
            for time in TIMES:
                left, right, top, foot = box(framing, stand, time)
                assert left > 0
                assert right < size[0]
                assert top > 0
                assert foot < size[1]


@pytest.mark.parametrize("name", CASTS)
def test_everyone_is_placed_as_often_as_asked(name: str) -> None:
    framing = framed(shot(*CASTS[name]))
    for number, one in enumerate(CASTS[name]):
        assert len(of(framing, number)) == min(MOST, one.count)


@pytest.mark.parametrize(("subject", "count"), [("penguin", 2), ("penguin", 3), ("horse", 4), ("horse", 5), ("cat", 9)])
def test_several_alike_are_a_loose_group(subject: str, count: int) -> None:
    """None hides behind another, and they stand in no row, as toys would."""
    framing = framed(shot(performer(subject, Action.WALK, count=count)))
    boxes = [box(framing, stand, 2.5) for stand in sorted(framing.stands, key=lambda one: -one.distance)]
    painted = np.full((framing.lens.height, framing.lens.width), -1)
    for number, (left, right, top, foot) in enumerate(boxes):
        painted[int(top) : int(foot), int(left) : int(right)] = number
    for number, (left, right, top, foot) in enumerate(boxes):
        assert (painted == number).sum() > 0.22 * (right - left) * (foot - top)
    assert max(one[3] for one in boxes) - min(one[3] for one in boxes) > 0.01 * framing.lens.height
    assert len({round(stand.figure.height, 6) for stand in framing.stands}) == count
    assert len({round(stand.figure.start, 6) for stand in framing.stands}) == count


def test_the_far_ones_of_a_herd_are_smaller() -> None:
    framing = framed(shot(performer("elephant", Action.WALK, count=30)))
    assert min(stand.scale for stand in framing.stands) < 0.7 * max(stand.scale for stand in framing.stands)


def test_sizes_and_ages_are_seen() -> None:
    def height(**changes: object) -> float:
        return figures(generator(1, "cast"), shot(performer("dog", **changes)))[0].height

    plain = height()
    assert height(size=Size.TINY) < height(size=Size.SMALL) < plain < height(size=Size.BIG) < height(size=Size.GIANT)
    assert height(age=Age.BABY) < height(age=Age.CHILD) < plain
    giant, usual = (framed(shot(performer("dog", size=size))) for size in (Size.GIANT, None))
    assert box(giant, giant.stands[0], 0)[2] < box(usual, usual.stands[0], 0)[2]


@pytest.mark.parametrize(("direction", "sign"), [(Direction.LEFT, -1), (Direction.RIGHT, 1)])
def test_one_goes_the_way_the_prompt_says_against_a_pan_too(direction: Direction, sign: int) -> None:
    for camera in (Camera.STATIC, Camera.PAN_LEFT, Camera.PAN_RIGHT):
        stand = framed(shot(performer("cat", Action.WALK, direction=direction), camera=camera)).stands[0]
        assert stand.heading == sign
        assert np.sign(stand.x(5.0) - stand.x(0.0)) == sign


def test_one_who_comes_grows_and_one_who_goes_away_shrinks() -> None:
    for direction, grows in ((Direction.TOWARDS, True), (Direction.AWAY, False)):
        framing = framed(shot(performer("dog", Action.RUN, direction=direction)))
        sizes = [one[3] - one[2] for one in (box(framing, framing.stands[0], time) for time in (0.0, 5.0))]
        assert (sizes[1] > 1.5 * sizes[0]) if grows else (sizes[0] > 1.5 * sizes[1])


def test_up_goes_up_and_down_comes_down() -> None:
    for direction, sign in ((Direction.UP, -1), (Direction.DOWN, 1)):
        framing = framed(shot(performer("eagle", Action.FLY, direction=direction)))
        feet = [box(framing, framing.stands[0], time)[3] for time in (0.0, 5.0)]
        assert np.sign(feet[1] - feet[0]) == sign


def test_a_chaser_runs_behind_and_gains() -> None:
    framing = framed(shot(*CASTS["two chase one"]))
    (lead, *_), (prey,) = of(framing, 0), of(framing, 1)
    gaps = [prey.heading * (prey.x(time) - lead.x(time)) for time in (0.0, 5.0)]
    assert gaps[0] > gaps[1] > 0
    assert lead.heading == prey.heading
    assert {lead.figure.performer.action, prey.figure.performer.action} == {Action.RUN}


def test_what_is_rooted_is_not_chased() -> None:
    framing = framed(shot(performer("man", bond=bond(Relation.CHASE)), performer("fir-tree", count=40)))
    assert not any(stand.pace for stand in of(framing, 1))


def test_a_seat_stands_beside_a_house_where_nobody_is_to_sit_on_it() -> None:
    framing = framed(shot(performer("castle", Action.SLEEP), performer("chair")))
    assert {stand.figure.number for stand in framing.stands} == {0, 1}


def test_those_who_meet_come_from_two_sides_and_stop_face_to_face() -> None:
    framing = framed(shot(*CASTS["meet"]))
    (one,), (other,) = of(framing, 0), of(framing, 1)
    assert one.heading == -other.heading
    assert one.heading * (other.x(5.0) - one.x(5.0)) > 0
    assert abs(other.x(0.0) - one.x(0.0)) > 1.3 * abs(other.x(5.0) - one.x(5.0))
    for stand in (one, other):
        assert stand.way.moving(1.0)
        assert not stand.way.moving(4.5)


def test_those_who_hug_end_closer_than_those_who_meet() -> None:
    def gap(relation: Relation) -> float:
        framing = framed(shot(performer("man", bond=bond(relation)), performer("woman")))
        return abs(framing.stands[0].x(5.0) - framing.stands[1].x(5.0))

    assert gap(Relation.HUG) < 0.8 * gap(Relation.MEET)


@pytest.mark.parametrize("name", CASTS)
def test_nobody_is_enlarged_more_than_his_picture_bears(name: str) -> None:
    framing = framed(shot(*CASTS[name], camera=Camera.DOLLY_IN), (1920, 1080))
    assert max(stand.scale * nearing(Camera.DOLLY_IN) for stand in framing.stands if not stand.carried) < 1.85


def test_a_baby_is_hugged_in_the_arms() -> None:
    hands = (((0.7, 0.5), (0.6, 0.5)),) * 8
    one, other = (
        Figure(
            performer(name), 0, Sprite(SUBJECTS[name], np.zeros((8, 200, 100, 4), np.uint8), hands=hands), high, 0, 0.0
        )
        for name, high in (("woman", 1.7), ("baby", 0.7))
    )
    assert in_arms(one, other)
    assert not in_arms(other, one)


@pytest.mark.parametrize("gift", ["apple", "fish"])
def test_a_gift_goes_from_hand_to_hand(gift: str) -> None:
    framing = framed(shot(*CASTS["give"][:2], performer(gift, SUBJECTS[gift].action)))
    (giver,), (taker,), (given,) = (of(framing, number) for number in range(3))
    assert abs(given.x(0.0) - giver.x(0.0)) < 0.5 * giver.figure.height
    assert abs(given.x(5.0) - taker.x(5.0)) < 0.5 * taker.figure.height
    assert abs(given.x(5.0) - giver.x(5.0)) > abs(given.x(5.0) - taker.x(5.0))
    steps = [given.way.at(time) for time in np.arange(0, 5, 1 / 30)]
    assert max(abs(b.x - a.x) + abs(b.height - a.height) for a, b in itertools.pairwise(steps)) < 0.1


@pytest.mark.parametrize("name", ["hold", "ride"])
def test_what_is_carried_goes_with_its_carrier(name: str) -> None:
    framing = framed(shot(*CASTS[name]))
    load, carrier = (of(framing, 1), of(framing, 0)) if name == "hold" else (of(framing, 0), of(framing, 1))
    for time in TIMES:
        there, here = load[0].way.at(time), carrier[0].way.at(time)
        assert abs(there.x - here.x) < carrier[0].figure.width
        assert there.height > 0.1 * carrier[0].figure.height
    assert carrier[0].pace > 0


def test_a_ball_rolls_before_who_plays_with_it_and_food_is_held() -> None:
    framing = framed(shot(performer("boy", Action.RUN), performer("football")))
    (boy,), (ball,) = of(framing, 0), of(framing, 1)
    assert all(boy.heading * (ball.x(time) - boy.x(time)) > 0 for time in TIMES)
    assert ball.pace == pytest.approx(boy.pace)
    framing = framed(shot(performer("boy", Action.WALK), performer("sandwich")))
    assert of(framing, 1)[0].carried


def test_one_sleeps_on_the_bed_and_the_shot_is_about_the_sleeper() -> None:
    framing = framed(shot(performer("bed"), performer("cat", Action.SLEEP), place=Place.LIVING_ROOM))
    (bed,), (cat,) = of(framing, 0), of(framing, 1)
    assert framing.stand is cat
    assert 0.3 * bed.figure.height < cat.height < bed.figure.height
    assert cat.x(0) == pytest.approx(bed.x(0))


def test_in_an_upright_frame_those_who_go_together_stagger_in_depth() -> None:
    for name in ("two chase one", "five run"):
        wide, upright = (framed(shot(*CASTS[name]), size) for size in ((1280, 720), (720, 1280)))
        assert spread(upright) > spread(wide)
        assert upright.stands[0].scale > 0.5 * wide.stands[0].scale


def spread(framing: Framing) -> float:
    """Of the nearest's distance, how far the furthest is behind it."""
    near = [stand.distance for stand in framing.stands]
    return max(near) / min(near) - 1


def test_a_castle_stands_behind_and_is_seen_whole() -> None:
    framing = framed(shot(*CASTS["giant"]))
    (dragon,), (castle,) = of(framing, 0), of(framing, 1)
    assert castle.distance > 1.4 * dragon.distance
    assert castle.figure.height == SUBJECTS["castle"].height
    left, right, top, _ = box(framing, castle, 2.5)
    assert top > 0
    assert right > 0
    assert left < framing.lens.width


def test_a_second_performer_looks_at_the_first() -> None:
    framing = framed(shot(performer("man"), performer("dog")))
    (man,), (dog,) = of(framing, 0), of(framing, 1)
    assert man.heading == -dog.heading
    assert man.heading * (dog.x(0) - man.x(0)) > 0


def test_a_single_subject_has_room_where_it_looks() -> None:
    for seed in range(6):
        framing = framed(shot(performer("cat", Action.WALK), camera=Camera.DOLLY_IN), seed=seed)
        stand = framing.stands[0]
        left, right, _, _ = box(framing, stand, 2.5)
        aside = ((left + right) / 2 / framing.lens.width - 0.5) * stand.heading
        assert -0.22 < aside < -0.1


def test_bonds_say_what_both_do() -> None:
    rider = directed((performer("man", Action.RIDE, bond=bond(Relation.RIDE)), performer("horse")))
    assert [one.action for one in rider] == [Action.RIDE, Action.WALK]
    flying = directed((performer("eagle", Action.FLY, bond=bond(Relation.CHASE)), performer("fish", Action.SWIM)))
    assert [one.action for one in flying] == [Action.FLY, Action.SWIM]


def test_one_of_whom_nothing_is_said_stays_by_those_who_stay() -> None:
    talk = directed((performer("woman", Action.TALK), performer("man", Action.WALK)))
    assert talk[1].action is Action.STAND
    walk = directed((performer("woman", Action.TALK), performer("man", Action.WALK, verb="walk")))
    assert walk[1].action is Action.WALK


def test_a_driver_is_in_the_car_and_a_cyclist_on_the_bicycle() -> None:
    ride = bond(Relation.RIDE)
    car, bicycle = (
        framed(shot(performer("man", Action.RIDE, bond=ride), performer(name))) for name in ("car", "bicycle")
    )
    assert [stand.figure.number for stand in car.stands] == [1]
    assert car.stand is car.stands[0]
    assert {stand.figure.number for stand in bicycle.stands} == {0, 1}
    assert bicycle.stand is not None
    assert bicycle.stand.pace > 0


def test_who_dances_with_another_does_not_walk_up_to_her() -> None:
    both = (performer("man", Action.DANCE, bond=bond(Relation.MEET)), performer("woman", Action.WALK))
    assert [one.action for one in directed(both)] == [Action.DANCE, Action.DANCE]
    assert not any(stand.pace for stand in framed(shot(*both)).stands)


def test_feet_cover_the_ground_they_go_over_and_stop_together() -> None:
    framing = framed(shot(*CASTS["meet"]))
    stand = framing.stands[0]
    light = light_for(Time.DAY, Weather.CLEAR)
    player: Actor = cast(stand, dressed(stand, light, 1.0, 1.0), framing.lens, light, afloat=False)
    moved = stand.way.covered(1.5) - stand.way.covered(0.5)
    assert moved == pytest.approx((player.phase(1.5) - player.phase(0.5)) * stand.figure.sprite.subject.stride)
    assert player.phase(4.9) == pytest.approx(round(player.phase(4.9)))


def test_lines_are_said_by_whom_they_belong_to() -> None:
    from dalang.engines.animatic.figures.figure import lines

    spoken = shot(performer("man"), performer("woman"), dialogue=(Line(says="Where have you been?", speaker=1),))
    man, woman = figures(generator(1, "cast"), spoken)
    assert lines(spoken, man) == ()
    assert lines(spoken, woman)[0][1] > lines(spoken, woman)[0][0] > 0
    chat = shot(*CASTS["talk"])
    one, other = (lines(chat, figure) for figure in figures(generator(1, "cast"), chat))
    assert not [pair for pair in itertools.product(one, other) if pair[0][0] < pair[1][1] and pair[1][0] < pair[0][1]]


def test_ways() -> None:
    walk = passing(4.0, Mark(0.0, 1.0), x=-0.5)
    assert walk.at(2.0).x == 1.0
    assert walk.covered(4.0) == pytest.approx(2.0)
    assert walk.rest is None
    stop = arriving(5.0, Mark(0.0, 0.0), Mark(0.0, 3.0), 3.0)
    assert stop.at(3.0).x == pytest.approx(3.0)
    assert stop.at(5.0).x == pytest.approx(3.0)
    assert stop.rest == pytest.approx(3.0)
    speeds = [stop.covered(time + 0.1) - stop.covered(time) for time in np.arange(0, 3, 0.1)]
    assert all(after <= before + 1e-6 for before, after in itertools.pairwise(speeds))
    assert staying(5.0, Mark(0.0, 2.0)).length == 0


def test_a_figure_is_as_wide_as_its_picture() -> None:
    figure = Figure(performer("car"), 0, Sprite(SUBJECTS["car"], np.zeros((1, 100, 200, 4), np.uint8)), 1.5, 0, 0.0)
    assert figure.width == 3.0
