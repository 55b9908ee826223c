"""What stands in a prompt's quotes: who says it, how, and in which language, from `speech.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from dalang.scene.glossary import glossary
from dalang.scene.heard import Line, Tone, Tongue
from dalang.scene.performer import Performer
from dalang.scene.subjects import DOING, SUBJECTS, of_kinds

_QUOTE = re.compile(
    r"“(?P<curly>[^”]+)”|「(?P<corner>[^」]+)」|『(?P<double>[^』]+)』|\"(?P<straight>[^\"]+)\""
    r"|‘(?P<single>(?:[^’]|’(?=\w))+)’|(?<!\w)'(?P<plain>(?:[^'\n]|'(?=\w))+)'(?!\w)"
)
"""A single quote that letters stand on both sides of is an apostrophe."""
_SENTENCE = re.compile(r"[.!?。！？\n](?=\s|$|[^\x00-\x7f])|[。！？\n]|\Z")
_CLAUSE = re.compile(r"[,，;；、:：]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ENDS = tuple(".!?…。！？")
LONG = 4
"""Words, or Chinese letters, of what nobody is said to say, and is no name either."""

_TABLES = tomllib.loads(Path(__file__).with_name("speech.toml").read_text(encoding="utf-8"))


class Quote(msgspec.Struct, frozen=True):
    """Something in quotes, and what its sentence has before and after it."""

    says: str
    before: str
    after: str
    """Empty where its sentence ends with it."""


def unquoted(text: str) -> tuple[str, tuple[Quote, ...]]:
    """The text without what is in quotes, and the quotes that somebody says."""
    quotes, out, end = [], [], 0
    for match in _QUOTE.finditer(text):
        says = next(group for group in match.groups() if group).strip()
        before, after = text[end : match.start()], text[match.end() :]
        is_told = says.endswith(ENDS) and _says(_last_sentence(before))
        follows = "" if is_told or _ended(says, after) else _first_sentence(_up_to_quote(after))
        quote = Quote(says, _simplified(before), _simplified(follows))
        if _is_said(quote):
            quotes.append(quote)
        out += [before, _left(says, after)]
        end = match.end()
    return "".join([*out, text[end:]]), tuple(quotes)


def _simplified(text: str) -> str:
    return text.translate(glossary("zh").letters) if _HAN.search(text) else text


def _up_to_quote(text: str) -> str:
    found = _QUOTE.search(text)
    return text[: found.start()] if found else text


def _first_sentence(text: str) -> str:
    found = _SENTENCE.search(text)
    return text[: found.start()] if found else text


def _last_sentence(text: str) -> str:
    size = len(text.rstrip(" ,，:："))
    ends = [match.end() for match in _SENTENCE.finditer(text) if match.end() < size]
    return text[ends[-1] :] if ends else text


def _ended(says: str, after: str) -> bool:
    """Whether the quote's end is its sentence's: what follows begins another."""
    follows = after.lstrip(" ")
    if not follows or follows[0] in "\n.。":
        return True
    is_new = follows[0].isupper() or (_HAN.match(follows[0]) is not None and not _says(follows[:8]))
    return says.endswith(ENDS) and is_new


def _left(says: str, after: str) -> str:
    """What stands in a quote's place."""
    if _HAN.search(says) and after[:1] and _HAN.match(after[0]):
        return "。" if says.endswith(ENDS) else "，"
    return ". " if _ended(says, after) else " "


def _is_said(quote: Quote) -> bool:
    """A sign, a title and a nickname are not said."""
    clause = _CLAUSE.split(_last_sentence(quote.before).rstrip(" ,，:：、"))[-1]
    if _has(clause, "signs"):
        return False
    if _says(_last_sentence(quote.before)) or _says(quote.after) or quote.before.rstrip().endswith((":", "：")):
        return True
    size = len(_HAN.findall(quote.says)) or len(_WORD.findall(quote.says))
    return quote.says.endswith(ENDS) or size >= LONG


def lines(quotes: Iterable[Quote], cast: tuple[Performer, ...], prompt: Tongue | None) -> tuple[Line, ...]:
    """`quotes` as lines of a shot with `cast`, in a prompt in that language."""
    return tuple(
        Line(
            says=quote.says.rstrip(",，、"),
            speaker=_speaker(quote, cast),
            tone=_tone(quote),
            language=_language(quote, prompt or "en"),
        )
        for quote in quotes
    )


def _speaker(quote: Quote, cast: tuple[Performer, ...]) -> int | None:
    """Who is named nearest to the verb of speaking, else whom a pronoun can mean, else who leads the sentence."""
    named = {index: _calls(performer) for index, performer in enumerate(cast) if performer.subject in speaking()}
    if not named:
        return None
    after = _CLAUSE.split(quote.after.lstrip(" ,，"))[0]
    sentence = _last_sentence(quote.before)
    if _says(after):
        return _in_turn(after, quote.before, named)
    return _in_turn(_subject_clause(sentence), quote.before, named)


def _in_turn(clause: str, before: str, named: Mapping[int, frozenset[str]]) -> int | None:
    """Who is named in `clause`, else whom its pronoun means, else who was spoken of first in the sentence before."""
    index = _first_named(clause, named)
    if index is not None:
        return index
    sentence = _last_sentence(before)
    for words, others in (("he", "feminine"), ("she", "masculine")):
        if _has(clause, words) and not (_has(clause, "he") and _has(clause, "she")):
            fits = {each: calls for each, calls in named.items() if calls.isdisjoint(_words(others))}
            return _first_named(sentence, fits) if _first_named(sentence, fits) is not None else _last_of(before, fits)
    index = _first_named(sentence, named)
    return index if index is not None else _last_of(before, named)


def _last_of(text: str, named: Mapping[int, frozenset[str]]) -> int | None:
    """Who leads the last sentence that names somebody; the first of the cast where none does."""
    for sentence in reversed(_SENTENCE.split(text)):
        index = _first_named(sentence, named)
        if index is not None:
            return index
    return next(iter(named), None)


def _subject_clause(sentence: str) -> str:
    """From the last link or comma before the verb of speaking up to the quote."""
    clauses = [clause for clause in _CLAUSE.split(sentence) if clause.strip()]
    return next((clause for clause in reversed(clauses) if _says(clause)), clauses[-1] if clauses else "")


def _first_named(text: str, named: Mapping[int, frozenset[str]]) -> int | None:
    """Whose word comes first in `text`; the longer one where two begin together."""
    places = [
        (at, -len(word), index)
        for index, words in named.items()
        for word in words
        if (at := _place(text.lower(), word)) is not None
    ]
    return min(places)[2] if places else None


def _place(text: str, word: str) -> int | None:
    if word not in text:
        return None
    if not word.isascii():
        return text.index(word)
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?:nya|s|es)?(?![\w-])", text)
    return found.start() if found else None


@cache
def speaking() -> frozenset[str]:
    """Subjects that can say something: all but things that nobody is."""
    return of_kinds("people", "animals", "birds", "sea", "fantasy") | {"robot"}


@cache
def _calls_of(subject: str) -> frozenset[str]:
    whose = [SUBJECTS[who] for table in DOING.values() for who, shown in table.items() if shown == subject]
    rows = [SUBJECTS[subject], *whose]
    return frozenset(word for row in rows for word in (row.name, *row.words, *row.plurals, *row.zh, *row.id))


def _calls(performer: Performer) -> frozenset[str]:
    """Every word that can call a performer."""
    return _calls_of(performer.subject)


def _tone(quote: Quote) -> Tone:
    sentence = _last_sentence(quote.before)
    places = (_CLAUSE.split(sentence.rstrip(" ,，:：、"))[-1], sentence)
    told = (quote.after, *(() if _says(quote.after) else places))
    for table in ("tones", "volumes"):
        for text in told:
            tones = _tones(table).items()
            found = [(at, tone) for tone, words in tones for word in words if (at := _at(text, word)) is not None]
            if found:
                return min(found)[1]
    return Tone.PLAIN


@cache
def _tones(table: str) -> dict[Tone, tuple[str, ...]]:
    return {Tone(tone): _listed(text) for tone, text in _TABLES[table].items()}


def _at(text: str, word: str) -> int | None:
    text = text.lower()
    if not word.isascii():
        return text.index(word) if word in text else None
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) if word in text else None
    return found.start() if found else None


def _language(quote: Quote, prompt: Tongue) -> Tongue:
    if _HAN.search(quote.says):
        return "zh"
    told = f"{_last_sentence(quote.before)} {quote.after}".lower()
    for tongue in ("en", "id"):
        if any(word in told for word in _listed(_TABLES["tongues"][tongue])):
            return tongue
    words = [word.lower() for word in _WORD.findall(quote.says.replace("’", "'"))]
    english, indonesian = (sum(word in _words(tongue) for word in words) for tongue in ("en", "id"))
    if english == indonesian:
        return "en" if prompt == "zh" else prompt
    return "id" if indonesian > english else "en"


def _says(text: str) -> bool:
    return _has(text, "saying")


def _has(text: str, name: str) -> bool:
    lower = text.lower()
    words = set(_WORD.findall(lower))
    return any(word in words if word.isascii() and " " not in word else word in lower for word in _words(name))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_listed(_TABLES["words"][name]))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))
