"""What the subject does: from the verb nearest after it, else before it."""

from __future__ import annotations

from dalang.scene.lexicon import ADJECTIVES, DETERMINERS, IRREGULAR, PLACERS, VERBS
from dalang.scene.performer import Action
from dalang.scene.subject import Subject
from dalang.scene.subjects import DOING
from dalang.scene.tokens import GAP, singular

BODILY = (
    *(Action.STAND, Action.WALK, Action.RUN, Action.CRAWL, Action.CLIMB, Action.JUMP, Action.SWIM, Action.DANCE),
    *(
        Action.TURN,
        Action.FALL,
        Action.SIT,
        Action.SLEEP,
        Action.EAT,
        Action.TALK,
        Action.WAVE,
        Action.WORK,
        Action.RIDE,
    ),
)
"""What whoever has a body can be shown to do."""
AT_SEA = (
    *(Action.STAND, Action.SWIM, Action.JUMP, Action.DANCE, Action.TURN, Action.FALL, Action.SLEEP),
    *(Action.EAT, Action.TALK, Action.WAVE),
)
"""The same of what lives in the water."""
ABILITIES: dict[str, tuple[Action, ...]] = {
    "ground": (Action.STAND, Action.WALK, Action.RUN),
    "air": (Action.STAND, Action.FLY),
    "water": (Action.STAND,),
}
"""What a thing of each medium can do besides its own action."""
THINGS_FALL = (Action.TURN, Action.FALL)
ANIMATE = ("people", "animals", "birds", "fantasy")
FLIGHTLESS = frozenset(("penguin", "dodo", "chick", "hatching-chick", "ostrich", "rooster", "turkey"))
AUXILIARIES = frozenset(("to", "and", "then", "they", "we", "you", "will", "can", "must", "who", "that", "help"))
"""What a bare verb follows that is also a noun: "to paint"."""


def lemma(word: str) -> str:
    """The base form of a verb, or the word itself when it is none that we know."""
    return next((base for base in _bases(word) if base in VERBS or base in DOING), word)


def verb_at(words: list[str], at: int) -> str | None:
    """The base form of the verb at a position; None where the word is a noun: "a walk", "in the park"."""
    verb = lemma(words[at])
    if verb not in VERBS and verb not in DOING:
        return None
    before = words[at - 1] if at else GAP
    is_noun = before in DETERMINERS - {"that"} or before in ADJECTIVES or before == "of" or before in PLACERS - {"to"}
    if is_noun or (words[at] == verb and _is_craft(verb) and not _bears_bare(before)):
        return verb if words[at].endswith("ing") else None
    return verb


def _is_craft(verb: str) -> bool:
    """Whether a verb is as often a noun: paint, drum, cut."""
    return verb in VERBS and VERBS[verb][0] is Action.WORK


def _bears_bare(word: str) -> bool:
    return word in AUXILIARIES or word.endswith("ly") or word != singular(word)


def action_of(verb: str | None, subject: Subject, *, is_carried: bool = True) -> Action | None:
    """What `subject` does for `verb`; its own action when no verb is given; None: it cannot be shown doing that.

    Nobody is shown to ride who `is_carried` by nothing.
    """
    if verb is None or verb not in VERBS:
        return subject.action
    able = set(_able(subject)) - (set() if is_carried else {Action.RIDE})
    action = next((action for action in VERBS[verb] if action in able), None)
    floats = action is Action.FLY and subject.medium == "water"
    return Action.SWIM if floats and Action.SWIM in VERBS[verb] and Action.SWIM in able else action


def _able(subject: Subject) -> tuple[Action, ...]:
    if subject.kind == "sea":
        return (*(AT_SEA if subject.medium == "water" else BODILY), subject.action)
    if subject.kind == "birds" and subject.name not in FLIGHTLESS:
        return (*BODILY, Action.FLY, subject.action)
    if subject.kind in ANIMATE:
        return (*BODILY, *ABILITIES[subject.medium], subject.action)
    if subject.kind == "vehicles" and subject.medium != "air":
        return (Action.STAND, subject.action)
    if subject.kind in ("things", "food", "plants"):
        return (Action.STAND, subject.action, *THINGS_FALL)
    return (*ABILITIES[subject.medium], subject.action)


def _bases(word: str) -> list[str]:
    bases = [IRREGULAR.get(word, word)]
    if word.endswith("ies") or word.endswith("ied"):
        bases.append(word[:-3] + "y")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            bases += [stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem]
    return bases
