"""What the subject does: from the verb nearest after it, else before it."""

from __future__ import annotations

from dalang.scene.lexicon import ADJECTIVES, DETERMINERS, IRREGULAR, PLACERS, VERBS
from dalang.scene.performer import Action
from dalang.scene.subject import Subject
from dalang.scene.subjects import DOING
from dalang.scene.tokens import GAP

ABILITIES: dict[str, tuple[Action, ...]] = {
    "ground": (Action.STAND, Action.WALK, Action.RUN),
    "air": (Action.STAND, Action.FLY),
    "water": (Action.STAND,),
}
"""What a subject of each medium can do besides its own action."""
ON_A_BICYCLE = frozenset(("bicycle", "bicycles", "bike", "bikes"))
"""Who rides one of these cycles."""


def lemma(word: str) -> str:
    """The base form of a verb, or the word itself when it is none that we know."""
    return next((base for base in _bases(word) if base in VERBS or base in DOING), word)


def verb_of(words: list[str], at: int) -> str | None:
    """The verb of the subject at position `at`: the first after it in its sentence, else the last before it."""
    end = next((k for k in range(at, len(words)) if words[k] in (GAP, "camera")), len(words))
    start = next((k + 1 for k in range(at - 1, -1, -1) if words[k] == GAP), 0)
    places = (*range(at + 1, end), *range(at - 1, start - 1, -1))
    verb = next((verb for k in places if (verb := _verb_at(words, k))), None)
    rides = verb in ("ride", "pedal") and not ON_A_BICYCLE.isdisjoint(words[at:end])
    return "cycle" if rides else verb


def _verb_at(words: list[str], at: int) -> str | None:
    """The base form of the verb at a position; None where the word is a noun: "a walk", "in the park"."""
    verb = lemma(words[at])
    if verb not in VERBS and verb not in DOING:
        return None
    before = words[at - 1] if at else GAP
    is_noun = before in DETERMINERS - {"that"} or before in ADJECTIVES or before == "of" or before in PLACERS - {"to"}
    return None if is_noun and not words[at].endswith("ing") else verb


def action_of(verb: str | None, subject: Subject) -> Action | None:
    """What `subject` does for `verb`; its own action when no verb is given; None: it cannot be shown doing that."""
    if verb is None or verb not in VERBS:
        return subject.action
    able = _able(subject)
    return next((action for action in VERBS[verb] if action in able), None)


def _able(subject: Subject) -> tuple[Action, ...]:
    if subject.action in (Action.DRIVE, Action.SAIL):
        return (Action.STAND, subject.action)
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
