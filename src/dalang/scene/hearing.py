"""What a text says is heard: sounds and music, taken out of what it says is seen. Patterns are in `hearing.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from dalang.scene.heard import Music, Tempo, Tongue
from dalang.scene.instruments import GENRES, INSTRUMENTS, Instrument
from dalang.scene.noises import NOISES, Noise

_TABLES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("hearing.toml").read_text(encoding="utf-8"))
_CLAUSE = re.compile(r"[^,.;:!?\n()，。；：！？、（）]+|[,.;:!?\n()，。；：！？、（）]")
_ENDS = frozenset(".!?\n。！？;；")
ENSEMBLES = frozenset(("drums", "strings", "choir", "orchestra", "percussion"))
"""Instruments that nobody lists as things that are seen."""
ALWAYS = frozenset(("waltz", "jazz", "keroncong", "lullaby", "dangdut", "tanjidor"))
"""Kinds of music whose names call nothing else: a rock star and a classical temple are not heard."""
SLIGHT = frozenset(_TABLES["words"]["slight"].split())
"""Words that say nothing but of a sound."""


TONED = frozenset(_TABLES["words"]["toned"].split())
"""Indonesian words after an instrument that say how it sounds: "piano sedih"."""


class Hearing(msgspec.Struct, frozen=True, kw_only=True):
    seen: str
    """The text without what it says is heard."""
    sounds: tuple[str, ...] = ()
    """Names in `NOISES`."""
    music: Music | None = None
    is_silent: bool = False
    """Whether it wants no music."""


class Found(NamedTuple):
    """A phrase in a clause."""

    start: int
    end: int
    name: str
    table: str
    """noise, source (what makes a noise), instrument or genre."""


def hearing(text: str, tongue: Tongue) -> Hearing:
    """What of `text` is heard. A dog that is only heard is not seen."""
    silent = _pattern(tongue, "silent").search(text.lower()) is not None
    seen, sounds = [], []
    music: Music | None = None
    is_going = is_headed = False
    for piece in _CLAUSE.findall(text):
        if len(piece) == 1 and not piece.isalnum():
            is_going, is_headed = is_going and piece not in _ENDS, is_headed and piece not in _ENDS
            seen.append(piece)
            continue
        clause = _Clause(piece, tongue, is_going=is_going, is_headed=is_headed)
        heard = tuple(clause.heard())
        sounds += [found.name for found in heard if found.table in ("noise", "source")]
        music = _joined(music, clause, heard)
        is_going, is_headed = is_going or bool(heard), is_headed or clause.is_head
        seen.append(clause.left(heard))
    return Hearing(
        seen="".join(seen), sounds=tuple(dict.fromkeys(sounds)), music=None if silent else music, is_silent=silent
    )


def _joined(music: Music | None, clause: _Clause, heard: Iterable[Found]) -> Music | None:
    """`music` with what a clause says of it; what was said first stays."""
    played = [each for each in heard if each.table in ("instrument", "genre")]
    if not played and clause.search("tunes") is None:
        return music
    known = music or Music()
    return Music(
        instrument=known.instrument or next((each.name for each in played if each.table == "instrument"), None),
        genre=known.genre or next((each.name for each in played if each.table == "genre"), None),
        tempo=known.tempo or clause.tempo(),
    )


class _Clause:
    """A clause, and what in it is heard."""

    def __init__(self, text: str, tongue: Tongue, *, is_going: bool, is_headed: bool) -> None:
        self.text, self.lower, self.tongue = text, text.lower(), tongue
        self.is_headed = is_headed
        self.is_head = self.search("heads") is not None
        self.phrases = tuple(_phrases(self.lower, tongue))
        self.start = self._opens(is_going=is_going)
        """Where what is said to be heard begins; the clause's end where nothing is."""

    def search(self, name: str, until: int | None = None) -> re.Match[str] | None:
        return _pattern(self.tongue, name).search(self.lower if until is None else self.lower[:until])

    def _opens(self, *, is_going: bool) -> int:
        if self.is_headed:
            return 0
        if opener := self.search("opens"):
            return opener.start()
        if whole := self.search("whole"):
            links = list(_pattern(self.tongue, "links").finditer(self.lower, 0, whole.start()))
            return links[-1].start() if links else 0
        return 0 if is_going and self._only_sounds() else len(self.lower)

    def _only_sounds(self) -> bool:
        """Whether it says nothing but what can be heard, but for a word: a list of sounds goes on with it."""
        words = "".join(self._blanked()).replace("\0", " ").split()
        return self.tongue != "zh" and len([word for word in words if word not in SLIGHT]) <= 1

    def _blanked(self) -> list[str]:
        """Its letters, those of what can be heard taken out."""
        rest = list(self.lower)
        for found in self.phrases:
            rest[found.start : found.end] = "\0" * (found.end - found.start)
        return rest

    def heard(self) -> Iterator[Found]:
        """What of its phrases is heard; what is only negated is not."""
        is_music = _pattern(self.tongue, "music").search("".join(self._blanked())) is not None
        for found in self.phrases:
            if not self.search("negates", found.start) and self._is_heard(found, is_music=is_music):
                yield found

    def _is_heard(self, found: Found, *, is_music: bool) -> bool:
        """Whether a phrase is heard here; a horn is no car's where it plays."""
        said = found.start >= self.start
        also = {each.table for each in self.phrases if each.start == found.start}
        plays = is_music or self._sounds(found)
        if found.table in ("instrument", "genre"):
            return plays or (said and "source" not in also)
        if found.table == "source":
            return said and not (plays and "instrument" in also)
        return True

    def _sounds(self, found: Found) -> bool:
        before = self.lower[: found.start].split()
        lively = before[-1] in _lively(self.tongue) if before else found.name in ENSEMBLES
        after = _pattern(self.tongue, "sounding").match(self.lower, found.end)
        toned = self.tongue == "id" and not TONED.isdisjoint(self.lower[found.end :].split()[:1])
        own = found.name in ALWAYS or self.lower[found.end - 1 : found.end] in ("声", "乐", "点", "曲", "奏", "唱")
        return lively or toned or after is not None or own or self.search("played", found.start) is not None

    def left(self, heard: tuple[Found, ...]) -> str:
        """The clause without what is heard in it; who plays an instrument is seen with it."""
        gone = [each for each in heard if not self._is_seen(each)]
        if not gone:
            return self.text
        if self.tongue == "zh":
            return self._without(gone)
        start = min(self.start, self._led(gone[0].start))
        end = self.search_from("ends", gone[-1].end)
        return self.text[:start] + (self.text[end:] if end else "")

    def _is_seen(self, found: Found) -> bool:
        """Whether who makes it is seen too: who plays an instrument, the owl of "an owl hoots"."""
        if found.table in ("instrument", "genre"):
            return self.search("played", found.start) is not None
        return found.start < self.start and self.search("counted", found.start) is not None

    def search_from(self, name: str, at: int) -> int | None:
        found = _pattern(self.tongue, name).search(self.lower, at)
        return found.start() if found else None

    def _led(self, at: int) -> int:
        """Where the words that lead to a phrase begin: its adjectives, article and preposition."""
        words = self.lower[:at].rstrip().split(" ")
        while words and words[-1] in _lively(self.tongue):
            words.pop()
        before = " ".join(words) + " " if words else ""
        led = _pattern(self.tongue, "led").search(before)
        return min(at, led.start() if led else len(before))

    def _without(self, gone: list[Found]) -> str:
        text = self.text
        for found in reversed(gone):
            led = _pattern(self.tongue, "led").search(self.lower[: found.start])
            after = _pattern(self.tongue, "sounding").match(self.lower, found.end)
            text = text[: led.start() if led else found.start] + text[after.end() if after else found.end :]
        return text

    def tempo(self) -> Tempo | None:
        return next((tempo for tempo in Tempo if self.search(tempo)), None)


@cache
def _pattern(tongue: Tongue, name: str) -> re.Pattern[str]:
    return re.compile(_TABLES[tongue][name])


@cache
def _lively(tongue: Tongue) -> frozenset[str]:
    return frozenset(_TABLES[tongue]["lively"].split())


def _phrases(text: str, tongue: Tongue) -> Iterator[Found]:
    """What a text names that can be heard, the longest phrase first where two begin together."""
    for match in _known(tongue).finditer(text):
        form = _form(match[0], tongue)
        for name, table in _calls(tongue)[form]:
            is_voice = table == "source" and match[0].endswith(VOICES) and form != match[0]
            yield Found(match.start(), match.end(), name, "noise" if is_voice else table)


def _form(text: str, tongue: Tongue) -> str:
    calls = _calls(tongue)
    bare = (text, text.removesuffix("s"), text.removesuffix("es"), text.removesuffix("nya"))
    return next(form for form in (*bare, text.partition("的")[0], *_voiced(text)) if form in calls)


def _voiced(text: str) -> tuple[str, ...]:
    """What a Chinese text can call when what it does is left out: 狗叫声 is what 狗 makes."""
    return tuple(text[:size] for size in range(len(text), 0, -1)) if not text.isascii() else ()


@cache
def _calls(tongue: Tongue) -> dict[str, tuple[tuple[str, str], ...]]:
    """Phrase → (name, its table) of what it calls."""
    calls: dict[str, tuple[tuple[str, str], ...]] = {}
    for table, rows in (("source", NOISES), ("noise", NOISES), ("genre", GENRES), ("instrument", INSTRUMENTS)):
        for row in rows.values():
            for word in _words(row, table, tongue):
                kept = calls.get(word, ()) if table in ("genre", "instrument") else ()
                calls[word] = (*kept, (row.name, table))
    return calls


def _words(row: Noise | Instrument, table: str, tongue: Tongue) -> tuple[str, ...]:
    if table == "source":
        assert isinstance(row, Noise)
        return tuple(word for word in row.heard if word.isascii() != (tongue == "zh"))
    return {"en": row.words, "zh": row.zh, "id": row.id}[tongue]


_VOICE = f"(?:的?(?:{_TABLES['words']['voiced'].replace(' ', '|')})*的?声音?)"
"""What makes a sound of what stands before it: 狗叫声, 蟋蟀的叫声."""


VOICES = ("声", "声音")


@cache
def _known(tongue: Tongue) -> re.Pattern[str]:
    words = sorted(_calls(tongue), key=len, reverse=True)
    if tongue == "zh":
        sources = "|".join(word for word in words if _calls(tongue)[word][0][1] == "source")
        return re.compile(f"(?:{sources}){_VOICE}|{'|'.join(words)}")
    ending = "(?:s|es)?" if tongue == "en" else "(?:nya)?"
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))}){ending}(?![\w-])")
