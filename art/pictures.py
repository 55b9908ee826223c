"""Which pictures are packed, from which frames, and how each is cut. Pixels and frames are the source's, 256 x 256."""

from __future__ import annotations

from dataclasses import dataclass


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
    """Frames kept."""
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


GALLOP = Gait(168, 240, 18.0, (Leg(130, 179, 0.12), Leg(179, 226, 0.0)), depth=16, rock=4.0)

ANIMALS = (
    Picture("cat", "1f408", gait=walk(184, 240, 15, far=((104, 142), (142, 178)), near=((80, 104), (178, 226)))),
    Picture("dog", "1f415", gait=walk(175, 240, 17, far=((101, 139), (141, 176)), near=((38, 101), (176, 236)))),
    Picture("horse", "1f40e", gait=GALLOP),
    Picture("cow", "1f404", gait=walk(184, 240, 13, far=((113, 148), (156, 190)), near=((77, 113), (190, 224)))),
    Picture("pig", "1f416", gait=walk(205, 240, 9, far=((116, 148), (156, 186)), near=((82, 110), (202, 226)))),
    Picture("goat", "1f410", gait=walk(182, 240, 14, far=((70, 83), (150, 198)), near=((83, 118), (198, 242)))),
    Picture("deer", "1f98c", gait=walk(170, 240, 16, far=((105, 150), (150, 191)), near=((77, 105), (191, 242)))),
    Picture("elephant", "1f418", gait=walk(186, 240, 13, far=((113, 155),), near=((57, 113), (188, 244)))),
    Picture("tiger", "1f405", gait=walk(191, 240, 12, far=((89, 124), (126, 162)), near=((54, 89), (162, 206)))),
    Picture("sheep", "1f411", count=32),
    Picture("camel", "1f42a", count=28),
    Picture("kangaroo", "1f998", lead=6),
    Picture("rabbit", "1f407", stop=18, count=18, hop=26),
    Picture("hedgehog", "1f994", stop=24),
    Picture("dinosaur", "1f995"),
    Picture("penguin", "1f427"),
    Picture("dove", "1f54a-fe0f", stop=18, count=18),
    Picture("eagle", "1f985", count=36),
    Picture("duck", "1f986"),
    Picture("swan", "1f9a2"),
    Picture("butterfly", "1f98b", count=36),
    Picture("fish", "1f41f", count=33),
    Picture("shark", "1f988"),
    Picture("dolphin", "1f42c", count=36),
    Picture("whale", "1f40b"),
)

PEOPLE = (
    Picture("man", "1f6b6-1f3fb-200d-2642-fe0f", lead=9, count=33),
    Picture("woman", "1f6b6-1f3fd-200d-2640-fe0f", lead=9, count=33),
    Picture("boy", "1f6b6-1f3fe-200d-2642-fe0f", lead=9, count=33),
    Picture("girl", "1f6b6-1f3fc-200d-2640-fe0f", lead=9, count=33),
    Picture("person", "1f6b6-1f3fd", lead=9, count=33),
    Picture("runner", "1f3c3-1f3fc", stop=24),
    Picture("running-man", "1f3c3-1f3fb-200d-2642-fe0f", stop=24),
    Picture("running-woman", "1f3c3-1f3fd-200d-2640-fe0f", stop=24),
    Picture("dancer", "1f483-1f3fd", count=36),
    Picture("dancing-man", "1f57a-1f3fc", count=36),
    Picture("cyclist", "1f6b4-1f3fb"),
    Picture("cycling-woman", "1f6b4-1f3fd-200d-2640-fe0f"),
    Picture("skier", "26f7-fe0f"),
    Picture("surfer", "1f3c4-1f3fe", stop=24),
    Picture("surfing-woman", "1f3c4-1f3fc-200d-2640-fe0f", stop=24),
)

VEHICLES = (
    Picture("car", "1f697", stop=24, count=12),
    Picture("bus", "1f68c", stop=30, count=15),
    Picture("taxi", "1f695", stop=24, count=12),
    Picture("truck", "1f69a", stop=12, count=12),
    Picture("tractor", "1f69c", stop=12, count=12),
    Picture("motorcycle", "1f3cd-fe0f", stop=12, count=12),
    Picture("train", "1f682", stop=24),
    Picture("sailboat", "26f5", floor=191),
    Picture("ship", "1f6a2", floor=226, doubled=True),
    Picture("boat", "1f6e5-fe0f", floor=184),
    Picture("airplane", "1f6eb", floor=184, turn=24),
    Picture("helicopter", "1f681"),
    Picture("rocket", "1f680"),
)

PICTURES = ANIMALS + PEOPLE + VEHICLES
