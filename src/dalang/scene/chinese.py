"""Chinese: cut by the longest known phrase; a noun's head comes last, what describes it before 的."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dalang.scene.glossary import Glossary
from dalang.scene.nouns import Hit
from dalang.scene.traits import WORDS
from dalang.scene.units import COMMA, PERIOD, PHRASE, WHERE, Role, Unit

_SPOKEN = re.compile(r'"[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』')
_LATIN = re.compile(r"[a-z0-9][a-z0-9'-]*")
_AGED = re.compile(r"(?:\d+|[一二两三四五六七八九十]+)多?岁")
_STOPS = {
    **dict.fromkeys("。！？；：!?;:\n()（）[]【】", PERIOD),
    **dict.fromkeys("，,.", COMMA),
    "、": Unit("、", Role.BREAK),
}
YOUNG = WORDS["zh"]["young"]
"""After an animal's name: its young."""
ON = frozenset("骑追牵")
"""Verbs of one letter that take a noun of one letter: 骑马."""
PAST = frozenset("了着过")
"""Between a verb and 的, which make of it a word that describes."""
DOING = frozenset((Role.VERB, Role.PLACER, Role.BREAK, Role.OBJECT))
"""What follows the noun that begins a clause when it is whom the clause is about."""


def cut(prompt: str, known: Glossary) -> list[Unit]:
    """The units of what is to be seen; speech in quotes left out."""
    text = _SPOKEN.sub("，", prompt).translate(known.letters).lower()
    count = _counting(known)
    units: list[Unit] = []
    at = 0
    while at < len(text):
        unit, size = _next(text, at, known, count)
        if unit and unit.role is Role.UNKNOWN and not unit.is_listed and units and not units[-1].is_listed:
            unit, size = Unit(units.pop().text + unit.text, Role.UNKNOWN, is_listed=False), size
        units += [unit] if unit else []
        units += _object(unit, known) if unit else []
        at += size
    return units


def _object(unit: Unit, known: Glossary) -> list[Unit]:
    """The subject that a listed verb ends with: 风筝 of 放风筝."""
    if unit.role is not Role.VERB or len(unit.text) < 3:
        return []
    tails = (unit.text[at:] for at in range(1, len(unit.text) - 1))
    return [Unit(tail, Role.SUBJECT) for tail in tails if known.roles.get(tail) is Role.SUBJECT][:1]


def _counting(known: Glossary) -> re.Pattern[str]:
    numbers, measures = ("|".join(sorted(known.words[name], key=len, reverse=True)) for name in ("numbers", "measures"))
    return re.compile(rf"(?:{numbers}|\d)+(?:大|小)?(?:{measures})")


def _next(text: str, at: int, known: Glossary, count: re.Pattern[str]) -> tuple[Unit | None, int]:
    """The unit at a position, none for a space, and its length."""
    letter = text[at]
    if letter.isspace() and letter != "\n":
        return None, 1
    if letter in _STOPS:
        return _STOPS[letter], 1
    if aged := _AGED.match(text, at):
        return Unit(aged[0], Role.ADJECTIVE), len(aged[0])
    phrase = _longest(text, at, known)
    if (
        phrase
        and phrase[-1] == "工"
        and text.startswith("人", at + len(phrase))
        and known.roles[phrase] is Role.SUBJECT
    ):
        return Unit(phrase, Role.SUBJECT), len(phrase) + 1
    counted = count.match(text, at)
    if counted and len(counted[0]) > len(phrase):
        return Unit(counted[0], Role.DETERMINER), len(counted[0])
    if phrase:
        return Unit(phrase, known.roles[phrase]), len(phrase)
    latin = _LATIN.match(text, at)
    return Unit(latin[0] if latin else letter, Role.UNKNOWN, is_listed=False), len(latin[0]) if latin else 1


def _longest(text: str, at: int, known: Glossary) -> str:
    latin = text[at].isascii()
    for size in range(min(known.longest, len(text) - at), 0, -1):
        phrase, after = text[at : at + size], text[at + size : at + size + 1]
        if phrase in known.roles and not (latin and after.isascii() and after.isalnum()):
            return phrase
    return ""


def hits(units: list[Unit], known: Glossary) -> Iterator[Hit]:
    """What the text names, in order: subjects and nouns that have no picture."""
    for at, unit in enumerate(units):
        before = _before(units, at)
        if before is Role.COMPARING:
            continue
        if unit.role is Role.SUBJECT and (_stands(units, at) or _suffers(units, at, before)):
            placed = before in WHERE or _role(units, at + 1) in (Role.LOCATIVE, Role.OF)
            yield Hit(at, name=known.subjects[unit.text], is_placed=placed)
        elif unit.role is Role.DETERMINER and before not in WHERE and (noun := _counted(units, at + 1)):
            yield Hit(at, unknown=noun, determiner=unit.text)
        elif _opens(units, at):
            yield Hit(at, unknown=unit.text)


def _role(units: list[Unit], at: int) -> Role:
    return units[at].role if 0 <= at < len(units) else Role.STOP


def _before(units: list[Unit], at: int) -> Role:
    """What leads to the phrase of the noun at a position."""
    at -= 1
    while _role(units, at) in (Role.ADJECTIVE, Role.DETERMINER, Role.UNKNOWN, Role.NOUN):
        at -= 1
    return _role(units, at)


def _stands(units: list[Unit], at: int) -> bool:
    """Whether a subject's word is a word of its own, and the head of its phrase."""
    last, after = _role(units, at - 1), _role(units, at + 1)
    if units[at].text == "人" and last not in (Role.DETERMINER, Role.ADJECTIVE, Role.OF, Role.NOUN):
        return _role(units, at - 1) is Role.STOP and after in DOING
    if len(units[at].text) == 1:
        bare = last is Role.VERB and len(units[at - 1].text) == 1 and units[at - 1].text not in ON
        tail = after is Role.UNKNOWN and len(units[at + 1].text) == 1
        if last is Role.UNKNOWN or bare or tail:
            return False
    if last is Role.SUBJECT and units[at].text in YOUNG:
        return False
    if after is Role.SUBJECT and units[at + 1].text in YOUNG:
        after = _role(units, at + 2)
    if after is Role.OF:
        return _role(units, at + 2) in (Role.PART, Role.BREAK)
    return after not in (Role.HEAD, Role.SUBJECT) and last is not Role.HEAD


def _suffers(units: list[Unit], at: int, before: Role) -> bool:
    """Whether it is whom another one, named after it, does something to: 骑着马的女孩."""
    known = len(units[at].text) > 1 or _role(units, at - 1) in (Role.VERB, Role.DETERMINER, Role.ADJECTIVE)
    return known and _role(units, at + 1) is Role.OF and before in (Role.VERB, Role.OBJECT)


def _counted(units: list[Unit], at: int) -> str | None:
    """The noun with no picture that a measure word at the position before counts."""
    start = at
    while _role(units, at) in PHRASE:
        at += 1
    run = units[start:at]
    if run and units[at : at + 1] and units[at].text in PAST and _role(units, at + 1) is Role.OF:
        at += 1
    after = _after_of(units, at)
    if after and (_role(units, at) is Role.OF or not run or units[at].text == "、"):
        return _counted(units, after)
    if _role(units, at) is Role.LOCATIVE or not run or run[-1].role not in (Role.UNKNOWN, Role.HEAD):
        return None
    if any(_stands(units, start + k) for k, unit in enumerate(run) if unit.role is Role.SUBJECT):
        return None
    return "".join(unit.text for unit in run)


def _after_of(units: list[Unit], at: int) -> int | None:
    while _role(units, at) is not Role.STOP:
        if units[at].role is Role.OF:
            return at + 1
        at += 1
    return None


def _opens(units: list[Unit], at: int) -> bool:
    """Whether an unknown noun begins its clause and does something in it."""
    unit = units[at]
    if unit.role is not Role.UNKNOWN or len(unit.text) < 2 or unit.text.isascii():
        return False
    start = at - 1
    while _role(units, start) in (Role.ADJECTIVE, Role.OF):
        start -= 1
    if _role(units, start) not in (Role.STOP, Role.LOCATIVE):
        return False
    if at + 1 < len(units) and units[at + 1].text == "地":
        return False
    return _role(units, at + 1) in DOING or (unit.is_listed and _role(units, at + 1) is Role.STOP)
