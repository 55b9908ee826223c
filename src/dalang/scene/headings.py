"""Who goes where: each verb's direction, as far as the text gives one."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.scene.clauses import Deed
from dalang.scene.heard import Tongue
from dalang.scene.lexicon import VERBS
from dalang.scene.performer import Action, Direction
from dalang.scene.signs import Kind, Sign

MOVING = frozenset(
    {
        *(Action.WALK, Action.RUN, Action.CRAWL, Action.CLIMB, Action.JUMP, Action.FLY, Action.SWIM),
        *(Action.SAIL, Action.DRIVE, Action.RIDE, Action.FALL, Action.TURN),
    }
)
"""What is done in a direction."""


def directions_of(signs: Sequence[Sign], acts: tuple[Deed, ...], tongue: Tongue) -> dict[int, Direction]:
    """Verb's position → where its doer goes by it."""
    moving = [deed.at for deed in acts if _moves(deed.verb)]
    found: dict[int, Direction] = {}
    for at, sign in enumerate(signs):
        where = (
            sign.meaning
            if sign.kind is Kind.DIRECTION
            else next((m for k, m in sign.traits if k is Kind.DIRECTION), "")
        )
        verb = _verb_of(signs, at, moving, tongue) if where else None
        if verb is not None:
            found.setdefault(verb, Direction(where))
    return found


def _moves(verb: str) -> bool:
    return any(action in MOVING for action in VERBS[verb]) if verb in VERBS else True


def _verb_of(signs: Sequence[Sign], at: int, moving: list[int], tongue: Tongue) -> int | None:
    """The verb that a direction belongs to: the one at it or before it, in Chinese rather the next."""
    if at in moving:
        return at
    ahead = next((k for k in moving if k > at), None)
    if ahead is not None and not _ends(signs, at, ahead) and (tongue == "zh" or ahead == at + 1):
        return ahead
    before = next((k for k in reversed(moving) if k < at), None)
    if before is not None and not any(sign.kind in (Kind.STOP, Kind.LENS) for sign in signs[before:at]):
        return before
    return None


def _ends(signs: Sequence[Sign], start: int, end: int) -> bool:
    return any(sign.kind in (Kind.STOP, Kind.PAUSE, Kind.LENS) for sign in signs[start:end])
