"""Persons whose trade has no picture: a plain person stands in for them, where the text is sure that they are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dalang.scene.heard import Tongue
from dalang.scene.lexicon import VERBS
from dalang.scene.pronouns import PEOPLE, SEXES
from dalang.scene.signs import MANY, Kind, Sign
from dalang.scene.tokens import singular
from dalang.scene.traits import WORDS

PLAIN = {"female": "woman", "male": "man", None: "person"}
"""Sex that the text tells → the subject that stands in."""
PLAINS = frozenset(PLAIN.values())
COUNTED = {"en": (), "zh": ("位", "名"), "id": ("seorang", "orang")}
"""How numbers end that count nothing but persons."""
ENDINGS = {"female": ("woman", "lady", "ess"), "male": ("man",)}
COUNTING = (Kind.COUNT, Kind.ADJECTIVE)
LINKS = (Kind.COLOUR, Kind.SIZE, Kind.AGE, Kind.ADJECTIVE, Kind.WORD, Kind.LINK, Kind.GARMENT)


def with_stand_ins(signs: Sequence[Sign], tongue: Tongue) -> tuple[Sign, ...]:
    """The signs, with a plain person for each noun without a picture that is certainly a person's."""
    return tuple(
        _stand_in(signs, at, tongue) if sign.kind is Kind.UNKNOWN and _is_person(signs, at, tongue) else sign
        for at, sign in enumerate(signs)
    )


def is_trade(word: str, tongue: Tongue) -> bool:
    """Whether a noun is a person's by itself: "lumberjack", "beekeeper", 伐木工人."""
    words = WORDS[tongue]
    if tongue == "zh":
        return word in words["trades"] or (len(word) > 1 and word.endswith(tuple(words["trade_endings"])))
    last = singular(word.split()[-1]) if tongue == "en" else word.split()[0]
    if last in words["trades"]:
        return True
    ends = tongue == "en" and any(last.endswith(end) and last != end for end in words["trade_endings"])
    return ends and last not in words["trade_traps"]


def _is_person(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    if is_trade(signs[at].text, tongue):
        return True
    if tongue != "en":
        return _is_counted(signs, at, tongue)
    return _is_doer(singular(signs[at].text)) and _is_somebody(signs, at)


def _is_counted(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    """Whether it is counted as persons are: 一位…, "seorang …"."""
    at -= 1
    while at >= 0 and signs[at].kind in LINKS and not signs[at].text.endswith(COUNTED[tongue]):
        at -= 1
    return at >= 0 and signs[at].kind in COUNTING and signs[at].text.endswith(COUNTED[tongue])


def _is_doer(word: str) -> bool:
    """Whether a word is who does a verb that we know: "biker", "jogger"."""
    stem = word.removesuffix("er").removesuffix("or")
    return (
        stem != word and word not in WORDS["en"]["trade_traps"] and bool({stem, stem + "e", stem[:-1]} & VERBS.keys())
    )


def _is_somebody(signs: Sequence[Sign], at: int) -> bool:
    """Whether he or she is spoken of, or who, before anybody else is."""
    if any(sign.meaning in PEOPLE for sign in signs[:at]):
        return False
    for sign in signs[at + 1 :]:
        if sign.meaning in PEOPLE:
            return False
        if sign.text in SEXES or sign.text == "who":
            return True
    return False


def _stand_in(signs: Sequence[Sign], at: int, tongue: Tongue) -> Sign:
    sign = signs[at]
    many = tongue == "en" and singular(sign.text) != sign.text
    return replace(
        sign,
        kind=Kind.SUBJECT,
        meaning=PLAIN[_sex(signs, at, tongue)],
        traits=((Kind.COUNT, MANY),) if many else (),
        is_stand_in=True,
    )


def _sex(signs: Sequence[Sign], at: int, tongue: Tongue) -> str | None:
    """Which sex the text gives somebody: by a word beside the noun, else by the first pronoun after it."""
    around = {signs[k].text for k in (at - 1, at + 1) if 0 <= k < len(signs)} | {signs[at].text}
    for sex in ("female", "male"):
        marks = WORDS[tongue]["marks_" + sex]
        if not marks.isdisjoint(around) or (tongue == "zh" and signs[at].text.startswith(tuple(marks))):
            return sex
    for sex, endings in ENDINGS.items():
        if tongue == "en" and singular(signs[at].text).endswith(endings):
            return sex
    for sign in signs[at + 1 :]:
        if sign.meaning in PEOPLE and sign.kind is Kind.SUBJECT:
            return None
        if sign.text in SEXES:
            return SEXES[sign.text]
    return None
