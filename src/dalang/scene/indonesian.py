"""Indonesian: words with their affixes taken off; a noun's head comes first, what describes it after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dalang.scene.glossary import Glossary, glossary
from dalang.scene.nouns import Hit
from dalang.scene.traits import SIZES
from dalang.scene.units import COMMA, PERIOD, PHRASE, WHERE, Role, Unit

_SPOKEN = re.compile(r'"[^"]*"|“[^”]*”')
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[.,;:!?()\[\]\n–—]")
_CLITIC = re.compile(r"(?<=\w{3})-?(?:nya|lah|kah|pun)\Z")
_PREFIX = re.compile(r"(?:ber|bel|be|memper|mem|meng|meny|men|me|diper|di|ter|se)(?=\w{3})")
_VERBAL = re.compile(
    r"(?:ber\w{3,}|mem[bpfv]\w{2,}|men[tdcjsyg]\w{2,}|meng\w{3,}|meny\w{3,}|me[lrwy]\w{3,}|di\w{4,}|ter\w{4,})(?:-\w+)?\Z"
)
_RESTORED = {"mem": "p", "meng": "k", "meny": "s", "men": "t"}
"""The letter that the prefix swallowed: menari is tari, mengejar is kejar."""
LONGEST = 6
"""Words in the longest phrase."""
GOING_ON = frozenset((Role.VERB, Role.PLACER, Role.BREAK, Role.OBJECT, Role.ADJECTIVE))


def cut(prompt: str, known: Glossary) -> list[Unit]:
    """The units of what is to be seen; speech in quotes left out."""
    words = _WORD.findall(_SPOKEN.sub(",", prompt).lower().replace("’", "'"))
    units: list[Unit] = []
    at = 0
    while at < len(words):
        unit, size = _next(words, at, known)
        units.append(unit)
        at += size
    return [_counter(units, at, known) for at in range(len(units))]


def _counter(units: list[Unit], at: int, known: Glossary) -> Unit:
    """The unit; a determiner where it but counts or ages the next noun: "tiga orang penari", "seekor bayi gajah"."""
    counts = units[at].text in known.words["counters"] and _role(units, at - 1) is Role.DETERMINER
    if counts and _role(units, at + 1) in (Role.SUBJECT, Role.UNKNOWN):
        return Unit(units[at].text, Role.DETERMINER)
    return units[at]


def _next(words: list[str], at: int, known: Glossary) -> tuple[Unit, int]:
    """The unit at a position and how many words it takes."""
    if not words[at][0].isalnum():
        return (COMMA if words[at] == "," else PERIOD), 1
    for size in range(min(LONGEST, len(words) - at), 0, -1):
        said = forms(words[at : at + size])
        phrase = next((form for form in said if form in known.roles), None)
        if phrase:
            return Unit(phrase, known.roles[phrase], is_plural=phrase not in said[:2]), size
    return _unlisted(words[at], known), 1


def _unlisted(word: str, known: Glossary) -> Unit:
    """A verb in another of its forms, a word that looks like a verb, a number, or an unknown noun."""
    if word.isdigit():
        return Unit(word, Role.DETERMINER)
    verb = next((_verb_roots()[root] for root in roots(word) if root in _verb_roots()), None)
    if verb:
        return Unit(verb, Role.VERB, is_passive=word.startswith("di"))
    is_verb = _VERBAL.match(word) and word not in known.words["nouns"]
    return Unit(word, Role.VERB if is_verb else Role.UNKNOWN, is_listed=False)


def forms(words: list[str]) -> list[str]:
    """A phrase as it stands, without what hangs on its last word, and in the singular: perahu-perahu nelayan."""
    phrase = " ".join(words)
    bare = " ".join([*words[:-1], _CLITIC.sub("", words[-1])])
    return [phrase, bare, *(_single(form) for form in (phrase, bare))]


def _single(phrase: str) -> str:
    first, space, rest = phrase.partition(" ")
    half, hyphen, other = first.partition("-")
    return half + space + rest if hyphen and half == other else phrase


def roots(word: str) -> list[str]:
    """What may be the root of a word with a verb's prefix; none without one."""
    word = _CLITIC.sub("", word)
    found = _PREFIX.match(word)
    if not found:
        return []
    prefix, stem = found[0], word[found.end() :]
    stems = [_RESTORED[prefix] + stem, stem] if prefix in _RESTORED else [stem]
    if prefix.startswith("me"):
        stems.append(word.removeprefix("me"))
    return list(dict.fromkeys(root for stem in stems for root in _unsuffixed(stem)))


def _unsuffixed(stem: str) -> list[str]:
    return [stem, *(stem.removesuffix(ending) for ending in ("kan", "an", "i") if len(stem) > len(ending) + 2)]


@cache
def _verb_roots() -> dict[str, str]:
    """Root → the listed form."""
    listed = [form for form in glossary("id").verbs if " " not in form]
    return {root: form for form in reversed(listed) for root in (*roots(form)[::-1], form)}


def hits(units: list[Unit], known: Glossary) -> Iterator[Hit]:
    """What the text names, in order: subjects and nouns that have no picture."""
    for at in range(len(units)):
        if not _heads(units, at):
            continue
        determined, before = _before(units, at)
        if before is Role.COMPARING:
            continue
        unit, after = units[at], _role(units, at + 1)
        if unit.text in SIZES["id"] and not determined:
            continue
        is_placed = before in WHERE
        if unit.role is Role.SUBJECT and after is not Role.HEAD:
            yield Hit(at, name=known.subjects[unit.text], is_placed=is_placed)
        elif unit.role in (Role.UNKNOWN, Role.HEAD, Role.SUBJECT) and not is_placed:
            opens = _opens(units, at) and (unit.is_listed or after in GOING_ON)
            if determined or opens or unit.text in known.words["traps"] or _pointed(units, at, known):
                yield Hit(at, unknown=_noun(units, at), determiner="se" if determined else None)


def _role(units: list[Unit], at: int) -> Role:
    return units[at].role if 0 <= at < len(units) else Role.STOP


def _heads(units: list[Unit], at: int) -> bool:
    """Whether a phrase begins here; what is said of light, sound and style is none."""
    last = _role(units, at - 1)
    return units[at].role in PHRASE and last not in PHRASE and last is not Role.CRAFT


def _before(units: list[Unit], at: int) -> tuple[bool, Role]:
    """Whether the phrase at a position is counted, and what leads to it."""
    start = at - 1
    while _role(units, start) is Role.DETERMINER:
        start -= 1
    return start < at - 1, _role(units, start)


def _opens(units: list[Unit], at: int) -> bool:
    return at == 0 or units[at - 1] == PERIOD


def _pointed(units: list[Unit], at: int, known: Glossary) -> bool:
    """Whether the phrase ends in "this" or "that"."""
    while _role(units, at) in PHRASE:
        at += 1
    return at < len(units) and units[at].text in known.words["pointing"]


def _noun(units: list[Unit], at: int) -> str:
    is_toy = units[at].role is not Role.UNKNOWN and _role(units, at + 1) in PHRASE
    return f"{units[at].text} {units[at + 1].text}" if is_toy else units[at].text
