"""Whom an English prompt names: the heads of its noun phrases that are no scenery and no film trade's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dalang.scene.lexicon import (
    ADJECTIVES,
    CRAFT,
    DETERMINERS,
    FAKES,
    FRAMES,
    HEADS,
    IRREGULAR,
    JOINERS,
    OBJECTS,
    PLACERS,
    PLACES,
    SCENERY,
    TIMES,
    UNBUILT,
    VERBS,
    VESSELS,
    WEATHERS,
)
from dalang.scene.subjects import SUBJECTS
from dalang.scene.tokens import GAP, POSSESSIVE, STOPS, plural, singular, spans
from dalang.scene.traits import CLOTHES, COLOURS


@dataclass(frozen=True)
class Hit:
    """A noun that a text names: a subject, or one that has no picture."""

    at: int
    """Position of its word."""
    name: str | None = None
    """A name in `SUBJECTS`."""
    unknown: str | None = None
    is_placed: bool = False
    """Whether it says where or with what, not whom."""
    size: int = 1
    """How many words call it."""
    start: int = 0
    """Where its phrase begins, for English."""
    determiner: str | None = None
    is_plural: bool = False


@dataclass(frozen=True)
class Run:
    """Words of one noun phrase, with what leads to it."""

    words: tuple[str, ...]
    at: int
    determiner: str | None
    before: str
    """The word before phrase and determiner; GAP at the start of a sentence."""

    @property
    def is_placed(self) -> bool:
        """Whether it says where, not whom: "on the table"."""
        return self.before in PLACERS


SINGULARS = {word: subject.name for subject in SUBJECTS.values() for word in subject.words}
PLURALS = {plural(word): name for word, name in SINGULARS.items()} | {
    word: subject.name for subject in SUBJECTS.values() for word in subject.plurals
}
NAMES = frozenset(name for name in SINGULARS | PLURALS if " " in name)
OPENING = frozenset(name.partition(" ")[0] for name in NAMES)
"""The first words of names of several words."""
COMPARING = ("like", "as", "than")
"""Before a noun that something only resembles."""

ONE = frozenset(("a", "an", "one", "this", "that", "each", "every", "another"))
GLUE = ("and", ",")
"""What stands between adjectives."""

MODIFYING = ("ing", "ed", "ly", "ful", "ous")
"""Endings of words that describe the noun after them."""

LONGEST = 4
"""Words in the longest phrase that is looked up."""

KNOWN = (
    SCENERY
    | FRAMES
    | frozenset().union(PLACES, TIMES, WEATHERS, UNBUILT, CRAFT.effects, CRAFT.seasons, CRAFT.lights, CRAFT.styles)
)


def hits(words: list[str]) -> Iterator[Hit]:
    """What a prompt names, in order."""
    for run in runs(words):
        if _holds(run, words):
            continue
        hit = None if _compares(run, words) else subject_in(run)
        if hit:
            yield hit
        elif noun := unknown_in(run, words):
            yield Hit(run.at, unknown=noun, start=run.at, determiner=run.determiner)


def runs(words: list[str]) -> Iterator[Run]:
    """The noun phrases of a prompt, in order."""
    at = end = 0
    while at < len(words):
        if _is_breaker(words[at]) and not called(words, at):
            at += 1
            continue
        if at and at == end and not _is_breaker(words[at - 1]) and words[at - 1] not in GLUE:
            at += 1
            continue
        end = _end(words, at)
        determiner = words[at - 1] if at and words[at - 1] in DETERMINERS else None
        before = at - (2 if determiner else 1)
        yield Run(tuple(words[at:end]), at, determiner, words[before] if before >= 0 else GAP)
        at = end


def _holds(run: Run, words: list[str]) -> bool:
    """Whether the phrase only says in what the next one's noun is: a plate of spaghetti."""
    after = run.at + len(run.words)
    return run.words[-1] in VESSELS and after < len(words) and words[after] == "of"


def _compares(run: Run, words: list[str]) -> bool:
    """Whether the phrase is only what something is like; "as a dog barks" tells what is there."""
    end = run.at + len(run.words)
    tells = run.before == "as" and end < len(words) and not _is_breaker(words[end]) and _is_verbal(words[end])
    return run.before in COMPARING and not tells


def subject_in(run: Run) -> Hit | None:
    """The subject that heads a noun phrase."""
    at = 0
    for start, phrase in spans(list(run.words), LONGEST):
        if start < at:
            continue
        name = PLURALS.get(phrase) or SINGULARS.get(phrase)
        if name is None:
            continue
        at = start + phrase.count(" ") + 1
        if _stands(run.words, start, at, is_plural=phrase in PLURALS):
            return Hit(
                run.at + start,
                name=name,
                is_placed=run.is_placed or run.before in OBJECTS,
                size=at - start,
                start=run.at,
                determiner=run.determiner,
                is_plural=phrase in PLURALS and phrase not in SINGULARS,
            )
    return None


def unknown_in(run: Run, words: list[str]) -> str | None:
    """The head of a noun phrase when nothing is known of it; None when it is scenery or nothing can be told."""
    if run.is_placed or run.before in OBJECTS:
        return None
    if run.determiner is None and run.before not in (GAP, "of"):
        return None
    after = run.at + len(run.words)
    if run.determiner is None and after < len(words) and words[after] in DETERMINERS:
        return None
    return _head(run)


def _head(run: Run) -> str | None:
    nouns = _nouns(run)
    if not nouns or _is_known(nouns[-1]) or " ".join(nouns[-2:]) in KNOWN:
        return None
    if _is_known(nouns[0]) and nouns[0] != singular(nouns[0]):
        return None
    attribute = run.words[: run.words.index(nouns[-1])][-1:]
    if attribute and (attribute[0] in SINGULARS or attribute[0] in FAKES):
        return f"{attribute[0]} {nouns[-1]}"
    return nouns[-1]


def _nouns(run: Run) -> list[str]:
    """The phrase without leading adjectives, up to the first word that looks like its verb."""
    owners = run.words.count(POSSESSIVE) and run.words.index(POSSESSIVE) + 1
    words = list(run.words[owners:])
    while len(words) > 1 and (words[0] in ADJECTIVES or words[0] in GLUE or words[0].endswith(MODIFYING)):
        words.pop(0)
    for at, word in enumerate(words[1:], start=1):
        if singular(word) in HEADS and words[at - 1] in SINGULARS:
            continue
        if (word != singular(word) and words[at - 1] not in ADJECTIVES) or word.endswith(("ly", "ed")):
            return words[:at]
        if words[at - 1] != singular(words[at - 1]):
            return words[:at]
    return words


def _stands(words: tuple[str, ...], start: int, end: int, *, is_plural: bool) -> bool:
    """Whether the subject's words head their phrase: no "toy car", no "cat food"."""
    if start and (words[start - 1] in FAKES or (words[start] in HEADS and words[start - 1] in SINGULARS)):
        return False
    if words[start] in COLOURS["en"] and end < len(words) and _is_tinted(words[end]):
        return False
    if end == len(words) or (is_plural and words[start] not in SINGULARS):
        return True
    follower = words[end]
    if singular(follower) in HEADS or follower in HEADS or follower == POSSESSIVE:
        return False
    return is_plural or follower in ADJECTIVES or _is_known(follower) or _is_verbal(follower)


def _is_tinted(word: str) -> bool:
    """Whether a word after a fruit or flower makes a colour of it: "a lavender dress", "butter yellow"."""
    return word in COLOURS["en"] or word in CLOTHES["en"] or singular(word) in CLOTHES["en"]


def _is_verbal(word: str) -> bool:
    return word in VERBS or word in IRREGULAR or word.endswith(("s", "ed", "ing", "ly"))


def _is_known(word: str) -> bool:
    return word in KNOWN or singular(word) in KNOWN or word in ADJECTIVES or word.isdigit()


def _is_breaker(word: str) -> bool:
    return word in STOPS or word in JOINERS or word in DETERMINERS


def _end(words: list[str], at: int) -> int:
    """Where the phrase that starts at `at` ends: at a joiner, a stop or its verb."""
    end = at + max(1, called(words, at)) - 1
    while (end := end + 1) < len(words):
        word, last = words[end], words[end - 1]
        if size := 0 if _is_breaker(word) else called(words, end):
            end += size - 1
            continue
        if last in ADJECTIVES and word in GLUE and not (last in SINGULARS and _begins_clause(words, end)):
            continue
        if _is_breaker(word) or (last not in ADJECTIVES and _begins_verb(word, last)) or _acts(words, at, end):
            return end
    return len(words)


def _begins_clause(words: list[str], at: int) -> bool:
    """Whether a verb follows: "carries the baby and kisses her"."""
    return at + 1 < len(words) and singular(words[at + 1]) != words[at + 1] and singular(words[at + 1]) in VERBS


def _acts(words: list[str], at: int, end: int) -> bool:
    """Whether a word that is also a noun is the verb of several: "five fish hide", "the boy and the frog walk"."""
    last = words[end - 1]
    if words[end] not in VERBS or (last not in SINGULARS and last not in PLURALS):
        return False
    lead = at - (words[at - 1] in DETERMINERS) - 1 if at else -1
    is_joined = last in SINGULARS and lead > 0 and words[lead] == "and"
    is_many = last in PLURALS and not {words[at - 1] if at else GAP, words[at]} & ONE
    return is_joined or is_many


def called(words: list[str], at: int) -> int:
    """How many words of a subject's name begin at a position, if they are several: "bow and arrow"."""
    sizes = range(LONGEST, 1, -1) if words[at] in OPENING else ()
    return next((size for size in sizes if " ".join(words[at : at + size]) in NAMES), 0)


def _begins_verb(word: str, last: str) -> bool:
    if f"{last} {word}" in PLURALS:
        return False
    if word.endswith("ing") or word in IRREGULAR:
        return True
    return (word != singular(word) and singular(word) in VERBS) or (word in VERBS and last != singular(last))
