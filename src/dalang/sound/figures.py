"""How an accompaniment breaks its chords, how a bass goes and drums beat, as tablature: one bar of sixteenths each.

Of a bar of three beats the first twelve columns count.
"""

from __future__ import annotations

from dalang.sound.harmony import Chord, pitch
from dalang.sound.score import Hit, Note

SIXTEENTH = 0.25
"""Beats of a column."""

FIGURES: dict[str, tuple[float, str]] = {
    "block": (4.0, "#..............."),
    "arpeggio": (1.0, "0.1.2.1.2.1.2.1."),
    "broken": (3.0, "0...1...2......."),
    "alberti": (0.5, "0.2.1.2.0.2.1.2."),
    "strum": (0.5, "#...#.#...#.#.#."),
    "offbeat": (0.35, "..#...#...#...#."),
    "oompah": (0.6, "....#.......#..."),
    "waltz": (0.7, "....#...#......."),
    "comp": (0.6, "#.....#.......#."),
    "ostinato": (0.4, "0.0.1.0.2.0.1.0."),
    "sixteenths": (0.22, "0121012101212101"),
    "kotekan": (0.5, "0212012102120121"),
    "cak": (0.2, ".1#0.1#0.1#0.1#0"),
    "eighths": (0.45, "#.#.#.#.#.#.#.#."),
    "sparse": (2.5, "0.....2....1...."),
}
"""Beats that a tone is held, and which voice of the chord begins, from the lowest; #: all."""

BASSES: dict[str, tuple[float, str]] = {
    "long": (4.0, "0..............."),
    "two": (1.8, "0.......4......."),
    "waltz": (0.9, "0..............."),
    "walk": (0.95, "0...2...4...5..."),
    "eighths": (0.42, "0.0.0.0.0.0.0.0."),
    "plucked": (0.4, "0.....4.4...2.4."),
}
"""Beats that a tone is held, and how many steps of the scale over the chord's root it is."""

BEATS: dict[str, dict[str, str]] = {
    "soft": {"kick": "o.......o.......", "shaker": "o.o.o.o.o.o.o.o."},
    "pop": {"kick": "X.....o.x.......", "clap": "....x.......x...", "hat": "x.o.x.o.x.o.x.o."},
    "rock": {"kick": "X.......X.x.....", "snare": "....X.......X...", "hat": "x.o.x.o.x.o.x.o."},
    "house": {"kick": "X...X...X...X...", "clap": "....o.......o...", "hat": "..x...x...x...x."},
    "lofi": {"kick": "X......o..x.....", "snare": "....o.......o...", "hat": "x.o.x.o.x.o.x.o."},
    "swing": {"ride": "x...x.o.x...x.o.", "brush": "....x.......x..."},
    "waltz": {"kick": "o...............", "brush": "....o...o......."},
    "march": {"kick": "X.......X.......", "snare": "..o.x.oo..o.x.o."},
    "epic": {"taiko": "X..o..x.x..oo.x."},
    "tense": {"taiko": "X.......o.....o.", "block": "..o.o.o...o.o..."},
    "dangdut": {"tak": "x.o.x.....o.x...", "dut": "......X.X.....X."},
    "hands": {"dut": "X.....o.x.......", "tak": "...oo.....o.x.o.", "shaker": "....o.......o..."},
    "timpani": {"timpani": "x...........o.x."},
}
"""What each drum strikes: X hard, x, o softly."""
LOUD = {"X": 1.0, "x": 0.75, "o": 0.5}
STRUMMED = 0.03
"""Beats from string to string."""


def backing(figure: str, metre: int, chord: Chord, start: float, last: bool) -> list[Note]:
    """The bar from beat `start`; the last one is the chord alone, from low to high."""
    if last:
        return [Note(start + 2 * STRUMMED * voice, metre, one, 0.7) for voice, one in enumerate(chord)]
    held, tab = FIGURES[figure]
    return [
        Note(start + column * SIXTEENTH + STRUMMED * place, held, one, _stress(column))
        for column, sign in enumerate(tab[: 4 * metre])
        if sign != "."
        for place, one in enumerate(chord if sign == "#" else chord[int(sign) : int(sign) + 1])
    ]


def _stress(column: int) -> float:
    return 0.72 if column == 0 else 0.6 if column % 4 == 0 else 0.5


def bass(walk: str, metre: int, tonic: float, mode: str, root: int, start: float, last: bool) -> list[Note]:
    """The bar from beat `start`, two octaves under middle C; the last one rests on its root."""
    held, tab = (float(metre), "0") if last else BASSES[walk]
    return [
        Note(start + column * SIXTEENTH, held, 36 + (pitch(tonic, mode, root + int(sign)) - 36) % 12, _stress(column))
        for column, sign in enumerate(tab[: 4 * metre])
        if sign != "."
    ]


def beat(name: str, metre: int, start: float, last: bool) -> list[Hit]:
    """The bar from beat `start`; the last one has its first stroke alone."""
    return [
        Hit(start + column * SIXTEENTH, drum, LOUD[sign])
        for drum, tab in BEATS[name].items()
        for column, sign in enumerate(tab[: 1 if last else 4 * metre])
        if sign != "."
    ]
