"""The engine for tests and CI: a labelled card with a running time code, drawn at once.

The card is painted once; from frame to frame only the clock and the bar at its foot are drawn anew, into one buffer.
"""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import cv2
import numpy as np

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, Report, Sound
from dalang.engines.i420 import Picture, Planes, planar, planes, read_picture

Color = tuple[int, int, int]

# OpenCV's own: Rubik, and WenQuanYi Micro Hei for what Rubik lacks. Other scripts show as question marks.
SANS = cv2.FontFace("sans")
REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600

INK: Color = (27, 23, 21)
PAPER: Color = (238, 241, 243)
GREY: Color = (163, 154, 149)
TRACK: Color = (58, 52, 49)
TINT = 0.3
"""Part of the accent's light on which the second shot's labels stand."""
KINDS = ("text to video", "image to video", "first and last frame to video")
DIM = 0.4
"""Part of the input picture's light that is left behind the labels."""

# Lengths are in hundredths of the frame's shorter side.
MARGIN = 7.0
CLOCK_SIZE, CLOCK_HEIGHT = 11.0, 18.0
CODE_FOOT, COUNT_FOOT, COUNT_HEIGHT = 6.2, 1.0, 4.8
"""How far above the clock's own foot its two lines stand, and what is the second one's."""
PROMPT_TOP, PROMPT_SIZES, LEADING = 19.0, (9.0, 7.5, 6.0, 5.0, 4.2), 1.3
LABEL_SIZE, DETAIL_SIZE, DETAIL_GAP = 2.4, 3.6, 5.0
BAR_HEIGHT = 1.2

LONGEST = 600
"""Characters of the prompt that are looked at; no card holds more."""

PIECE = re.compile(r"\s?(?:[⺀-鿿＀-￯][,.!?，。、；：！？」』）]*|[^\s⺀-鿿＀-￯]+)")
"""What a line may be broken around: a word, or a CJK or full-width character with its closing punctuation."""

BEEP_HZ, BEEP_SECONDS, BEEP_PEAK = 1000, 0.08, 0.1


class Slate:
    name = "slate"
    version = "2"

    def render(self, request: RenderRequest, report: Report) -> Clip:
        """The card for `request`, two for several shots. Raises InternalError where an input picture cannot be read."""
        cv2.setNumThreads(1)  # strips are too small to share
        sound = beeps(request.duration) if request.sound else None
        return Clip(_frames(request, _ground(request), _pictured(request)), sound, preset="ultrafast")


def beeps(duration: float) -> Sound:
    """A short quiet tone at the start of each of `duration` seconds, the last of which may be a part of one."""
    time = np.arange(int(BEEP_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    swell = np.sin(np.pi * time / BEEP_SECONDS)
    second = np.zeros((SAMPLE_RATE, 2), np.float32)
    second[: len(time)] = (BEEP_PEAK * swell * np.sin(2 * np.pi * BEEP_HZ * time))[:, None]
    return np.tile(second, (math.ceil(duration), 1))[: round(duration * SAMPLE_RATE)]


def time_code(frame: int, fps: int) -> str:
    """Hours, minutes, seconds and frames, as SMPTE ST 12-1 writes them."""
    seconds, rest = divmod(frame, fps)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{rest:02}"


def seconds(duration: float) -> str:
    """To the hundredth, without idle zeros: "5 s", "3.4 s"."""
    return f"{duration:.2f}".rstrip("0").rstrip(".") + " s"


def wrap(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """Lines of `text` no wider than `room`: broken at spaces, beside CJK characters, inside long words."""
    lines = [""]
    for piece in PIECE.findall(" ".join(text.split())):
        if measure(lines[-1] + piece) <= room:
            lines[-1] += piece
            continue
        lines.append("")
        for character in piece.lstrip():
            if measure(lines[-1] + character) > room:
                lines.append("")
            lines[-1] += character
    return [line for line in lines if line]


@dataclass(frozen=True)
class Strip:
    """A part of the card that changes; even, so that it falls on whole chroma samples."""

    left: int
    top: int
    width: int
    height: int

    def of(self, picture: Picture) -> Picture:
        return picture[self.top : self.top + self.height, self.left : self.left + self.width]

    def put(self, part: Planes, whole: Planes) -> None:
        """Replace this part of `whole` by `part`, which is of the same size or one sample a plane."""
        for plane, patch, step in zip(whole, part, (1, 2, 2), strict=True):
            top, left = self.top // step, self.left // step
            plane[top : top + self.height // step, left : left + self.width // step] = patch


@dataclass(frozen=True)
class Card:
    """The paper: where things stand, in pixels, and what does not change."""

    request: RenderRequest
    picture: Picture

    @property
    def unit(self) -> float:
        return min(self.request.width, self.request.height) / 100

    @property
    def accent(self) -> Color:
        """A colour of the seed's own, so that takes tell apart at a glance."""
        red, green, blue = colorsys.hsv_to_rgb(self.request.seed * 0.618034 % 1, 0.55, 0.98)
        return round(255 * blue), round(255 * green), round(255 * red)

    @property
    def margin(self) -> int:
        return _even(MARGIN * self.unit)

    @property
    def clock(self) -> Strip:
        height = _even(CLOCK_HEIGHT * self.unit)
        width = _even(6.8 * CLOCK_SIZE * self.unit)
        return Strip(self.margin, self.request.height - self.margin - height, width, height)

    def bar(self, part: float) -> Strip:
        """At the foot, as far as `part` (0..1) of it."""
        height = _even(BAR_HEIGHT * self.unit)
        return Strip(0, self.request.height - height, 2 * round(part * self.request.width / 2), height)

    def write(self, text: str, at: tuple[float, float], size: float, color: Color, weight: int) -> None:
        """Draw one line with its baseline starting at `at`, in pixels; `size` in hundredths."""
        _draw(self.picture, text, at, size * self.unit, color, weight)

    def width_of(self, text: str, size: float, weight: int) -> float:
        return _width(text, size * self.unit, weight)


def _frames(request: RenderRequest, ground: Picture, pictured: dict[int, Picture]) -> Iterator[Frame]:
    """The cards, and in their places the input pictures."""
    for shot, (start, end) in enumerate(pairwise(_cuts(request))):
        card = _card(request, ground, shot)
        frame = planar(card.picture)
        face = Face(card, planes(frame))
        for number in range(start, end):
            if number in pictured:
                yield planar(pictured[number])
                continue
            face.show(number)
            yield frame


class Face:
    """What runs on `card`, drawn into its `frame`: of the time code all but the last two digits once a second, the last
    two once for all seconds; the frame's number and the bar for each frame."""

    def __init__(self, card: Card, frame: Planes) -> None:
        clock = card.clock
        height = clock.height - _even(COUNT_HEIGHT * card.unit)
        # All digits are of one width, so the last two stand in one place, after a colon that does not change.
        split = (int(card.width_of("00:00:00:", CLOCK_SIZE, MEDIUM)) - 2) // 2 * 2
        self._seconds = Strip(clock.left, clock.top, split, height)
        self._rest = Strip(clock.left + split, clock.top, clock.width - split, height)
        self._count = Strip(clock.left, clock.top + height, clock.width, clock.height - height)
        self._card, self._frame, self._accent = card, frame, _paint(card.accent)
        self._second = -1
        self._rests: dict[int, Planes] = {}
        card.bar(1).put(_paint(TRACK), frame)

    def show(self, number: int) -> None:
        """Draw frame `number`, whose second's first frame may be one that was not shown."""
        request = self._card.request
        second, rest = divmod(number, request.fps)
        if second != self._second:
            self._second = second
            self._seconds.put(self._code(self._seconds, number), self._frame)
        if rest not in self._rests:
            self._rests[rest] = self._code(self._rest, number)
        self._rest.put(self._rests[rest], self._frame)
        count = f"frame {number + 1} of {request.frame_count}"
        self._count.put(self._written(self._count, count, COUNT_FOOT, DETAIL_SIZE, GREY, REGULAR), self._frame)
        self._card.bar((number + 1) / request.frame_count).put(self._accent, self._frame)

    def _code(self, strip: Strip, number: int) -> Planes:
        code = time_code(number, self._card.request.fps)
        return self._written(strip, code, CODE_FOOT, CLOCK_SIZE, PAPER, MEDIUM)

    def _written(self, strip: Strip, text: str, foot: float, size: float, color: Color, weight: int) -> Planes:
        """What `strip` shows of a line that begins at the clock's left side."""
        card, clock = self._card, self._card.clock
        pixels = strip.of(card.picture).copy()
        at = clock.left - strip.left, clock.top + clock.height - foot * card.unit - strip.top
        _draw(pixels, text, at, size * card.unit, color, weight)
        return planes(planar(pixels))


def _cuts(request: RenderRequest) -> tuple[int, ...]:
    """Frames at which a card begins, and the end: a second one half way, where several shots are wanted."""
    if request.shots == "multi" and request.last_image is None:
        return 0, request.frame_count // 2, request.frame_count
    return 0, request.frame_count


def _pictured(request: RenderRequest) -> dict[int, Picture]:
    """The frames that are input pictures."""
    given = ((0, request.image), (request.frame_count - 1, request.last_image))
    return {number: read_picture(path, request.width, request.height) for number, path in given if path}


def _ground(request: RenderRequest) -> Picture:
    if request.image is None:
        return _sheet(INK, request.height, request.width)
    return read_picture(request.image, request.width, request.height)


def _card(request: RenderRequest, ground: Picture, shot: int) -> Card:
    card = Card(request, ground.copy())
    blue, green, red = card.accent
    paper = (round(TINT * blue), round(TINT * green), round(TINT * red)) if shot else INK
    sheet = _sheet(paper, request.height, request.width)
    cv2.addWeighted(ground, 0 if shot else DIM, sheet, 1 if shot else 1 - DIM, 0, card.picture)
    count = len(_cuts(request)) - 1
    _write_head(card, f"shot {shot + 1} of {count}, " if count > 1 else "")
    _write_prompt(card, bottom=_write_details(card) - 5 * card.unit)
    return card


def _write_head(card: Card, shot: str) -> None:
    unit, margin, baseline = card.unit, card.margin, card.margin + 3.2 * card.unit
    kind = f"{shot}{KINDS[bool(card.request.image) + bool(card.request.last_image)]}"
    card.write(card.request.model, (margin, baseline), DETAIL_SIZE, PAPER, SEMIBOLD)
    right = card.request.width - margin - card.width_of(kind, DETAIL_SIZE, REGULAR)
    card.write(kind, (right, baseline), DETAIL_SIZE, GREY, REGULAR)
    top = round(margin + 6.5 * unit)
    card.picture[top : top + round(0.8 * unit), margin : margin + round(8 * unit)] = card.accent


def _write_details(card: Card) -> float:
    """Write the row of labelled numbers, beside the clock or above it; returns the top of what is written."""
    request, unit = card.request, card.unit
    details = (
        ("SIZE", f"{request.width} × {request.height}"),
        ("RATE", f"{request.fps} fps"),
        ("LENGTH", seconds(request.duration)),
        ("SEED", f"{request.seed}"),
    )
    widths = [
        max(card.width_of(label, LABEL_SIZE, MEDIUM), card.width_of(value, DETAIL_SIZE, MEDIUM))
        for label, value in details
    ]
    row = sum(widths) + DETAIL_GAP * unit * (len(details) - 1)
    left, baseline = request.width - card.margin - row, request.height - card.margin - unit
    beside = left > card.clock.left + card.clock.width
    if not beside:
        left, baseline = card.margin, card.clock.top - 3 * unit
    for (label, value), width in zip(details, widths, strict=True):
        card.write(label, (left, baseline - 5.2 * unit), LABEL_SIZE, GREY, MEDIUM)
        card.write(value, (left, baseline), DETAIL_SIZE, PAPER, MEDIUM)
        left += width + DETAIL_GAP * unit
    return card.clock.top if beside else baseline - 7.5 * unit


def _write_prompt(card: Card, bottom: float) -> None:
    top = PROMPT_TOP * card.unit
    lines, size = _fit(card, _one_line(card.request.prompt), bottom - top)
    for number, line in enumerate(lines):
        baseline = top + (LEADING * number + 1) * size * card.unit
        card.write(line, (card.margin, baseline), size, PAPER, MEDIUM)


def _one_line(prompt: str) -> str:
    """The prompt with one space wherever there is white or unprintable, cut to LONGEST."""
    words = " ".join("".join(c if c.isprintable() else " " for c in prompt).split())
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"


def _fit(card: Card, text: str, height: float) -> tuple[list[str], float]:
    """Lines of `text` at the largest size that fits `height` pixels; cut, with an ellipsis, where none does."""
    room, solid = card.request.width - 2 * card.margin, "".join(text.split())
    for size in PROMPT_SIZES:
        if size > PROMPT_SIZES[-1] and card.width_of(solid, size, MEDIUM) * LEADING * size * card.unit > room * height:
            continue  # to break it into lines is what takes time
        lines = wrap(text, room, partial(card.width_of, size=size, weight=MEDIUM))
        fitting = int(height / (LEADING * size * card.unit))
        if len(lines) <= fitting:
            return lines, size
    return [*lines[: fitting - 1], lines[fitting - 1][:-2].rstrip(" ,.，。") + "…"], size


def _draw(picture: Picture, text: str, at: tuple[float, float], size: float, color: Color, weight: int) -> None:
    cv2.putText(picture, text, (round(at[0]), round(at[1])), color, SANS, round(size), weight)


def _width(text: str, size: float, weight: int) -> float:
    return cv2.getTextSize((0, 0), text, (0, 0), SANS, round(size), weight)[2]


def _sheet(color: Color, height: int, width: int) -> Picture:
    """One colour; built by rows, since filling three bytes at a time takes sixty times as long."""
    row = np.tile(np.array(color, np.uint8), width)
    return np.tile(row, (height, 1)).reshape(height, width, 3)


def _paint(color: Color) -> Planes:
    """One sample of each plane."""
    light, blue, red = planes(planar(_sheet(color, 2, 2)))
    return light[:1, :1], blue, red


def _even(length: float) -> int:
    return 2 * round(length / 2)
