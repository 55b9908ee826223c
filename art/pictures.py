"""Which pictures are packed, from which frames, and how each is cut: `pictures.toml`, and the gaits of those that walk.

Pixels and frames are the source's, 256 x 256.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Leg:
    """One leg of a four-legged picture: the columns it stands in, and when it steps."""

    left: int
    right: int
    phase: float
    """Share of the cycle, 0..1, by which it is ahead."""
    hip: int = 0
    """Row from which it bends; 0: the gait's."""


@dataclass(frozen=True)
class Gait:
    """A walk drawn from a picture whose feet stand still: each leg is bent from the hip down."""

    hip: int
    """Row of the hips."""
    foot: int
    """Row of the soles."""
    reach: float
    """Pixels a foot swings to either side; `gait.STANCE` says how far that carries the body."""
    legs: tuple[Leg, ...]
    """Far legs before near ones: later ones are drawn over earlier ones."""
    depth: int = 6
    """Source frames that the rest of the body plays forth and back in a cycle."""
    rock: float = 0.0
    """Degrees the whole body rocks to either side, for a gallop."""


@dataclass(frozen=True)
class Picture:
    name: str
    code: str
    """File name in the packages, without `.webp`."""
    start: int = 0
    stop: int = 0
    """Source frames of one loop, `start` to before `stop`; 0: to the end."""
    lead: int = 0
    """The one of them that comes first: on which the subject stands."""
    count: int = 24
    """Frames kept, of a picture that has so many."""
    floor: int = 256
    """Row from which the picture is cut off: painted water, a painted runway."""
    turn: float = 0.0
    """Degrees it is turned clockwise, to fly level."""
    gait: Gait | None = None
    doubled: bool = False
    """The source shows only the fore half; its mirror image is joined on behind."""
    hop: float = 0.0
    """Pixels that a picture without a gait of its own jumps in each loop."""


def walk(
    hip: int, foot: int, reach: float, *, far: tuple[tuple[int, int], ...], near: tuple[tuple[int, int], ...]
) -> Gait:
    """A four-beat walk from the columns of the far and the near legs, front before hind.

    Footfall order of walking quadrupeds: near hind, near front, far hind, far front, a quarter of the cycle apart
    (Muybridge, "Animals in Motion", 1899).
    """
    legs = [Leg(*columns, phase) for columns, phase in zip(far, (0.75, 0.5), strict=False)]
    legs += [Leg(*columns, phase) for columns, phase in zip(near, (0.25, 0.0), strict=False)]
    return Gait(hip, foot, reach, tuple(legs))


def two_legs(hip: int, reach: float, left: int, middle: int, right: int, *, depth: int = 6) -> Gait:
    """The steps of a bird, which rocks over the foot that stands; its legs meet at the column `middle`."""
    return Gait(hip, 240, reach, (Leg(left, middle, 0.5), Leg(middle, right, 0.0)), depth, rock=2.0)


GAITS = {
    "cow": walk(184, 240, 13, far=((113, 148), (156, 190)), near=((77, 113), (190, 224))),
    "pig": walk(205, 240, 9, far=((116, 148), (156, 186)), near=((82, 110), (202, 226))),
    "goat": walk(182, 240, 14, far=((70, 83), (150, 198)), near=((83, 118), (198, 242))),
    "deer": walk(170, 240, 16, far=((105, 150), (150, 191)), near=((77, 105), (191, 242))),
    "elephant": walk(186, 240, 13, far=((113, 155),), near=((57, 113), (188, 244))),
    "zebra": Gait(186, 240, 15.0, (Leg(74, 126, 0.12), Leg(144, 246, 0.0)), depth=16, rock=3.0),
    "giraffe": walk(176, 240, 13, far=((110, 142), (186, 218)), near=((66, 110), (142, 186))),
    "llama": walk(188, 240, 12, far=((99, 140), (150, 190)), near=((70, 99), (190, 236))),
    "mammoth": walk(188, 240, 12, far=((127, 182),), near=((70, 127), (186, 242))),
    "rhinoceros": walk(206, 240, 9, far=((113, 156), (180, 197)), near=((60, 113), (197, 242))),
    "hippopotamus": walk(212, 240, 8, far=((40, 93), (134, 180)), near=((93, 134), (180, 228))),
    "poodle": walk(178, 240, 10, far=((60, 88), (156, 192)), near=((88, 114), (192, 232))),
    "guide-dog": walk(176, 240, 13, far=((104, 140), (146, 184)), near=((56, 104), (184, 236))),
    "ram": Gait(196, 240, 10.0, (Leg(142, 190, 0.5), Leg(84, 122, 0.25), Leg(210, 246, 0.0))),
    "gorilla": Gait(150, 240, 14.0, (Leg(46, 110, 0.5), Leg(184, 250, 0.0))),
    "badger": walk(206, 240, 9, far=((98, 132), (148, 184)), near=((46, 98), (184, 228))),
    "skunk": walk(206, 240, 9, far=((80, 114), (134, 168)), near=((28, 80), (168, 214))),
    "t-rex": Gait(188, 240, 14.0, (Leg(76, 119, 0.5), Leg(119, 176, 0.0)), rock=1.5),
    "rooster": two_legs(206, 9, 50, 103, 140),
    "turkey": two_legs(200, 8, 60, 113, 170),
    "goose": two_legs(204, 8, 92, 127, 164, depth=0),
    "dodo": two_legs(212, 8, 92, 131, 186),
    "chick": two_legs(212, 9, 74, 131, 190),
    "peacock": two_legs(196, 8, 98, 135, 172),
    "crow": two_legs(206, 8, 54, 98, 156, depth=0),
    "songbird": two_legs(196, 8, 46, 104, 166),
    "ox": Gait(
        188,
        240,
        12.0,
        (Leg(119, 146, 0.75), Leg(150, 188, 0.5), Leg(80, 119, 0.25), Leg(204, 226, 0.0, hip=206)),
    ),
    "bison": Gait(190, 240, 11.0, (Leg(146, 182, 0.5), Leg(78, 106, 0.25, hip=213), Leg(206, 228, 0.0, hip=204))),
}


def _picture(name: str, row: dict[str, Any]) -> Picture:
    gait = {"gait": GAITS[row["gait"]]} if "gait" in row else {}
    return Picture(name, **row | gait)


def _pictures() -> tuple[Picture, ...]:
    rows = tomllib.loads(Path(__file__).with_name("pictures.toml").read_text(encoding="utf-8"))
    return tuple(_picture(name, row) for name, row in rows.items())


PICTURES = _pictures()
