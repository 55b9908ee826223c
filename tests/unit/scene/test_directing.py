"""Directing: what a bond has both do, the same for the picture as for the sound."""

from __future__ import annotations

from dalang.scene.directing import approaching, directed, going_on
from dalang.scene.performer import Action, Bond, Performer, Relation
from dalang.scene.plan import Camera, Place, Shot, Time, Weather


def pair(relation: Relation, one: str, other: str, doing: Action = Action.STAND) -> tuple[Performer, ...]:
    bond = Bond(relation=relation, partner=1)
    return Performer(subject=one, action=doing, bond=bond), Performer(subject=other, action=Action.STAND)


def test_a_chase_is_run_and_a_mount_walks_under_its_rider() -> None:
    assert [one.action for one in directed(pair(Relation.CHASE, "dog", "cat"))] == [Action.RUN, Action.RUN]
    assert [one.action for one in directed(pair(Relation.RIDE, "man", "horse"))] == [Action.RIDE, Action.WALK]


def test_who_has_nothing_to_climb_walks_uphill() -> None:
    climber = Performer(subject="hiker", action=Action.CLIMB)
    assert directed((climber,))[0].action is Action.WALK
    assert directed((climber, Performer(subject="oak-tree", action=Action.STAND)))[0].action is Action.CLIMB


def test_those_who_meet_stop_and_those_who_chase_do_not() -> None:
    assert approaching(pair(Relation.MEET, "man", "woman")) == {0, 1}
    assert approaching(pair(Relation.CHASE, "man", "woman")) == frozenset()
    assert approaching(pair(Relation.HUG, "man", "woman", Action.DANCE)) == frozenset()


def test_what_goes_on_over_a_cut_goes_on_from_where_it_was() -> None:
    def shot(subject: str) -> Shot:
        cast = (Performer(subject=subject, action=Action.WALK),)
        return Shot(
            place=Place.STREET, time=Time.DAY, weather=Weather.CLEAR, camera=Camera.STATIC, cast=cast, duration=2.0
        )

    assert list(going_on((shot("man"), shot("man"), shot("dog")))) == [0.0, 2.0, 0.0]
