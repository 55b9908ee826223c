"""Music by mood, genre and instrument: composed to the length of its shots, and ending with them."""

from __future__ import annotations

import msgspec
import numpy as np

from dalang.scene.heard import Music, Tempo
from dalang.scene.plan import Mood
from dalang.sound.figures import backing, bass, beat
from dalang.sound.harmony import MODES, Chord, led, pitch
from dalang.sound.melody import tune
from dalang.sound.orchestra import ORCHESTRA, Instrument
from dalang.sound.pattern import Random
from dalang.sound.score import Hit, Note, Part, Score
from dalang.sound.styles import DARK_MOODS, DARKENED, ENSEMBLES, GENRES, MOODS, PROGRESSIONS, Style

TEMPI = {None: 1.0, Tempo.SLOW: 0.76, Tempo.MODERATE: 1.0, Tempo.FAST: 1.28}
HASTY = 138
"""Beats a minute over which a dancer steps on every other one."""
KEYS = (57, 59, 60, 62, 64, 65, 67)
"""Tonics to choose from."""
DOMINANT = {5: 3, 7: 4}
"""Degree before the last tonic, a fifth up, by the size of the scale."""


def compose(music: Music, mood: Mood | None, seconds: float, random: Random, *, beat: float | None = None) -> Score:
    """A piece of `seconds`, whole bars with a cadence at its end. `music` names what it can; `mood` has the rest.

    Where `beat` seconds are given, as somebody dances to it, beats fall on them, and the last bar waits for the end.
    """
    style = style_of(music, mood)
    asked = style.tempo * TEMPI[music.tempo]
    if beat is not None:
        beat /= 2 if asked > HASTY else 1
        bars = max(1, int(seconds / (beat * style.metre)))
    else:
        bars = max(1, round(seconds * asked / 60 / style.metre))
        beat = seconds / (bars * style.metre)
    tonic = float(KEYS[int(random.integers(len(KEYS)))])
    roots = _roots(style, bars, random)
    parts = (*_lead(style, roots, tonic, random), *_backed(style, roots, tonic), *_gongs(style, roots, tonic))
    score = Score(parts, _hits(style, bars), 60 / beat, bars * style.metre)
    return _swung(score) if style.swing else score


def style_of(music: Music, mood: Mood | None) -> Style:
    """The genre's, or what its instrument brings along, or the mood's; then with its instrument in the lead."""
    named = music.instrument
    if music.genre is not None:
        style = _shaded(GENRES[music.genre], mood)
        return style if named is None or named in ("drums", "percussion", "orchestra") else _led_by(style, named)
    if named in ENSEMBLES:
        return _shaded(ENSEMBLES[named], mood)
    return MOODS[mood] if named is None else _alone(MOODS[mood], named)


def _shaded(style: Style, mood: Mood | None) -> Style:
    if mood not in DARK_MOODS or style.mode not in DARKENED:
        return style
    return msgspec.structs.replace(style, mode=DARKENED[style.mode])


def _led_by(style: Style, name: str) -> Style:
    return msgspec.structs.replace(style, lead=(name,), backing=name if ORCHESTRA[name].chords else style.backing)


def _alone(style: Style, name: str) -> Style:
    """One who plays chords needs nobody; a melody has soft strings under it."""
    if ORCHESTRA[name].chords:
        figure = style.figure if style.figure in ("broken", "strum", "block") else "arpeggio"
        return msgspec.structs.replace(style, lead=(name,), backing=name, figure=figure, bass=None, pad=None, beat=None)
    return msgspec.structs.replace(style, lead=(name,), backing=None, bass=None, pad="strings", beat=None)


def _roots(style: Style, bars: int, random: Random) -> list[int]:
    """A chord a bar: the progression again and again, and a cadence."""
    choices = PROGRESSIONS[style.roots]
    chosen = choices[int(random.integers(len(choices)))]
    roots = [chosen[bar % len(chosen)] for bar in range(bars)]
    size = len(MODES[style.mode])
    roots[-2:] = [DOMINANT[size], 0][-len(roots) :]
    return roots


def _lead(style: Style, roots: list[int], tonic: float, random: Random) -> list[Part]:
    if not style.lead:
        return []
    name = style.lead[int(random.integers(len(style.lead)))]
    low, high = _span(style.mode, tonic, ORCHESTRA[name])
    notes = tune(roots, style.mode, style.metre, style.pace, low, high, random)
    played = (
        Note(at, beats, pitch(tonic, style.mode, degree), 0.9 if at % style.metre else 1.0)
        for at, beats, degree in notes
    )
    return [Part(name, tuple(played), 0.56)]


def _span(mode: str, tonic: float, instrument: Instrument) -> tuple[int, int]:
    """The lowest and the highest degree in the range of `instrument`."""
    size = len(MODES[mode])
    inside = [one for one in range(-4 * size, 4 * size) if instrument.low <= pitch(tonic, mode, one) <= instrument.high]
    return inside[0], inside[-1]


def _backed(style: Style, roots: list[int], tonic: float) -> list[Part]:
    """Chords, bass and pad."""
    chords, before = [], None
    for root in roots:
        before = led(before, tonic, style.mode, root, style.seventh)
        chords.append(before)
    parts = []
    if style.backing is not None:
        parts.append(Part(style.backing, _bars(style, chords), 0.4, 0.5))
    if style.bass is not None:
        parts.append(Part(style.bass, _low(style, roots, tonic), 0.5, 0.75))
    if style.pad is not None:
        held = [Note(bar * style.metre, style.metre, one, 0.6) for bar, chord in enumerate(chords) for one in chord[:3]]
        parts.append(Part(style.pad, tuple(held), 0.62, 0.3))
    return parts


def _bars(style: Style, chords: list[Chord]) -> tuple[Note, ...]:
    figure, metre, last = style.figure, style.metre, len(chords) - 1
    bars = (backing(figure, metre, chord, bar * metre, bar == last) for bar, chord in enumerate(chords))
    return tuple(note for bar in bars for note in bar)


def _low(style: Style, roots: list[int], tonic: float) -> tuple[Note, ...]:
    walk, metre, last = style.walk, style.metre, len(roots) - 1
    bars = (bass(walk, metre, tonic, style.mode, root, bar * metre, bar == last) for bar, root in enumerate(roots))
    return tuple(note for bar in bars for note in bar)


GONGAN = 4
"""Bars from one stroke of the great gong to the next; smaller ones divide them (colotomy)."""


def _gongs(style: Style, roots: list[int], tonic: float) -> list[Part]:
    """The frame of a gamelan: great and small gongs, and the slow tones that what interlocks is woven about."""
    if style.figure != "kotekan":
        return []
    great = {bar for bar in range(len(roots)) if bar % GONGAN == 0 or bar == len(roots) - 1}
    frame = [
        Note(4 * bar, 8, tonic - (24 if bar in great else 12), 1.0 if bar in great else 0.7)
        for bar in range(len(roots))
    ]
    tones = [(4 * bar + half, pitch(tonic, style.mode, root)) for bar, root in enumerate(roots[:-1]) for half in (0, 2)]
    return [Part("gamelan", (*frame, *(Note(at, 1, tone, 0.7) for at, tone in tones)), 0.5, 0.8)]


def _hits(style: Style, bars: int) -> tuple[Hit, ...]:
    if style.beat is None:
        return ()
    name, metre = style.beat, style.metre
    return tuple(hit for bar in range(bars) for hit in beat(name, metre, bar * metre, bar == bars - 1))


SWING = 0.64
"""Part of a beat that the first of two eighths takes."""


def _swung(score: Score) -> Score:
    """`score` as a swinging band plays its eighths: long, short."""
    parts = tuple(
        msgspec.structs.replace(
            part, notes=tuple(msgspec.structs.replace(one, beat=_late(one.beat)) for one in part.notes)
        )
        for part in score.parts
    )
    hits = tuple(msgspec.structs.replace(hit, beat=_late(hit.beat)) for hit in score.hits)
    return msgspec.structs.replace(score, parts=parts, hits=hits)


def _late(beat: float) -> float:
    whole, part = divmod(beat, 1)
    return float(whole + np.interp(part, (0, 0.5, 1), (0, SWING, 1)))
