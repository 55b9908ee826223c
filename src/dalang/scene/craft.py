"""What a text says of how a shot is made and what it is like: its time, weather and season, light, style and camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from dalang.scene.plan import Angle, Camera, Effect, Lighting, Mood, Season, Style, Time, View, Weather

Meaning = TypeVar("Meaning")
Named = tuple[tuple[str, Meaning], ...]
"""(phrase, its meaning), in the text's order."""
Hit = tuple[int, str, Meaning]
"""(position of its first word, phrase, its meaning)."""

STOPS = frozenset((".", ",", "、"))


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """Phrase → meaning, of one language."""

    times: Mapping[str, Time]
    weathers: Mapping[str, Weather]
    seasons: Mapping[str, Season]
    moods: Mapping[str, Mood]
    lights: Mapping[str, Lighting]
    styles: Mapping[str, Style]
    cameras: Mapping[str, Camera]
    views: Mapping[str, View]
    angles: Mapping[str, Angle]
    effects: Mapping[str, Effect]


class Craft(msgspec.Struct, frozen=True, kw_only=True):
    """What a text names of each, in its order, but weak ones behind the rest."""

    times: Named[Time] = ()
    weathers: Named[Weather] = ()
    """Wind last: it blows in any weather."""
    seasons: Named[Season] = ()
    moods: Named[Mood] = ()
    """First what it says of the mood itself, then what stands by itself, then what it says of the scene."""
    mood: Mood | None = None
    """What it says of the mood itself."""
    lights: Named[Lighting] = ()
    styles: Named[Style] = ()
    """Cinematic last: a film in any style can be."""
    cameras: Named[Camera] = ()
    views: Named[View] = ()
    angles: Named[Angle] = ()
    """High last: overhead is high too."""
    effects: Named[Effect] = ()


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text's words, or Chinese and Indonesian phrases, and what its language tells of them. Stops are among them."""

    words: Sequence[str]
    find: Callable[[Mapping[str, object]], list[Hit[object]]]
    is_whom: Callable[[int, int], bool]
    """Whether what stands from one position up to another describes somebody, or how something is done."""
    mood_nouns: frozenset[str]
    """Nouns that say what a scene is like."""
    glue: frozenset[str]
    """What stands between words on the mood."""


def craft(text: Text, tables: Tables, cameras: Named[Camera]) -> Craft:
    """What `text` names; `cameras` are read by whoever knows the language's adverbs."""
    return Craft(
        times=_plain(text, tables.times),
        weathers=_behind(Weather.WIND, _plain(text, tables.weathers)),
        seasons=_plain(text, tables.seasons),
        moods=_moods(text, tables.moods, OF_SCENE),
        mood=next((mood for _, mood in _moods(text, tables.moods, OF_MOOD)), None),
        lights=_plain(text, tables.lights),
        styles=_behind(Style.CINEMATIC, _plain(text, tables.styles)),
        cameras=cameras,
        views=_plain(text, tables.views),
        angles=_behind(Angle.HIGH, _plain(text, tables.angles)),
        effects=_plain(text, tables.effects),
    )


def _plain(text: Text, table: Mapping[str, Meaning]) -> Named[Meaning]:
    return tuple((phrase, table[phrase]) for _, phrase, _ in text.find(table))


def _behind(weak: Meaning, named: Named[Meaning]) -> Named[Meaning]:
    return tuple(sorted(named, key=lambda each: each[1] == weak))


OF_MOOD, BY_ITSELF, OF_SCENE, OF_SOMEBODY = range(4)
"""What words on a mood can be said of. Of somebody: a cheerful girl, a calm voice; that is no scene's mood."""


def _moods(text: Text, table: Mapping[str, Mood], worst: int) -> Named[Mood]:
    """Those that rank no lower than `worst`, best first."""
    hits = text.find(table)
    said = {k for at, phrase, _ in hits for k in range(at, _end(text, at, phrase))}
    ranked = sorted((_rank(text, at, phrase, said), at, phrase) for at, phrase, _ in hits)
    return tuple((phrase, table[phrase]) for rank, _, phrase in ranked if rank <= worst)


def _rank(text: Text, at: int, phrase: str, said: set[int]) -> int:
    end = _end(text, at, phrase)
    if text.is_whom(at, end):
        return OF_SOMEBODY
    clause = _clause(text.words, at)
    if any(text.words[k] in text.mood_nouns for k in clause):
        return OF_MOOD
    return BY_ITSELF if all(k in said or text.words[k] in text.glue for k in clause) else OF_SCENE


def _end(text: Text, at: int, phrase: str) -> int:
    return at + (1 if text.words[at] == phrase else phrase.count(" ") + 1)


def _clause(words: Sequence[str], at: int) -> range:
    start = next((k + 1 for k in range(at - 1, -1, -1) if words[k] in STOPS), 0)
    return range(start, next((k for k in range(at, len(words)) if words[k] in STOPS), len(words)))
