"""How garments are cut: how far they reach over arms, trunk and legs, and what is sewn on them."""

from __future__ import annotations

from dataclasses import dataclass

from dalang.scene.wardrobe import Cloth


@dataclass(frozen=True)
class Cut:
    """The shape of one garment."""

    sleeves: float = 0.0
    """Share of the arms that it covers."""
    trunk: bool = True
    """Whether it covers chest and belly."""
    hem: float = 0.0
    """How far a skirt reaches down from hips (0) to ankles (1); 0: there is none."""
    flare: float = 0.0
    """How much wider the skirt is at its hem, share of the body's height."""
    legs: float = 0.0
    """Share of the legs that trousers cover."""
    ease: float = 0.008
    """How far it stands off the body, share of the body's height."""
    rank: int = 0
    """Higher ones are worn over lower ones."""
    trim: tuple[str, ...] = ()
    """Names in `trimmings.TRIMMINGS`, in the order they are sewn on."""
    shaft: float = 0.0
    """How far boots reach up the legs from the ankle (0) to the hip (1)."""
    gloss: float = 0.26


SHIRT = Cut(sleeves=1.0, trim=("collar", "placket"))
TEE = Cut(sleeves=0.42, trim=("round neck",))
COAT = Cut(sleeves=1.0, hem=0.5, flare=0.018, ease=0.016, rank=2, trim=("opening", "lapels", "belt"))
JACKET = Cut(sleeves=1.0, hem=0.08, ease=0.014, rank=2, trim=("opening", "lapels"))
SUIT = Cut(sleeves=1.0, legs=1.0, hem=0.09, ease=0.010, trim=("shirt front", "lapels", "tie"))
DRESS = Cut(sleeves=0.36, hem=0.58, flare=0.062, trim=("round neck", "sash"))
PUFFED = Cut(sleeves=1.0, ease=0.026, rank=2, trim=("zip", "high collar"), gloss=0.4)
TROUSERS = Cut(trunk=False, legs=1.0, trim=("waistband",))
BOOTS = Cut(trunk=False, shaft=0.28)

SHAPES = frozenset({"cape", "sole", "blade", "wheels"})
"""Trims that change what a garment's outline is, and are not sewn on it."""
CUTS: dict[str, Cut] = {
    "raincoat": Cut(sleeves=1.0, hem=0.46, flare=0.03, ease=0.018, rank=2, trim=("buttons", "collar"), gloss=0.5),
    "trench-coat": COAT,
    "coat": Cut(sleeves=1.0, hem=0.5, flare=0.014, ease=0.018, rank=2, trim=("opening", "lapels", "buttons")),
    "fur-coat": Cut(sleeves=1.0, hem=0.5, flare=0.02, ease=0.026, rank=2, trim=("high collar",)),
    "lab-coat": Cut(sleeves=1.0, hem=0.46, flare=0.014, ease=0.014, rank=2, trim=("opening", "lapels")),
    "swimsuit": Cut(legs=0.04, ease=0.003, trim=("straps",)),
    "suit": SUIT,
    "tuxedo": Cut(sleeves=1.0, legs=1.0, hem=0.09, ease=0.010, trim=("shirt front", "lapels", "bow tie")),
    "uniform": Cut(sleeves=1.0, legs=1.0, ease=0.010, trim=("collar", "buttons", "belt", "badge")),
    "school-uniform": Cut(sleeves=0.42, trim=("collar", "placket", "tie")),
    "sailor-suit": Cut(sleeves=1.0, legs=1.0, trim=("sailor collar",)),
    "chef-uniform": Cut(sleeves=1.0, ease=0.012, trim=("double buttons", "neckerchief")),
    "scrubs": Cut(sleeves=0.42, legs=1.0, ease=0.012, trim=("vee neck",)),
    "tracksuit": Cut(sleeves=1.0, legs=1.0, ease=0.012, trim=("zip", "high collar")),
    "overalls": Cut(trunk=False, legs=1.0, ease=0.012, rank=1, trim=("bib",)),
    "firefighter-suit": Cut(sleeves=1.0, legs=1.0, hem=0.16, ease=0.020, trim=("zip", "high collar", "bright bands")),
    "armour": Cut(sleeves=1.0, legs=1.0, hem=0.14, flare=0.01, ease=0.016, trim=("pauldrons", "belt"), gloss=0.75),
    "spacesuit": Cut(sleeves=1.0, legs=1.0, ease=0.030, trim=("ring collar", "chest pack", "belt"), gloss=0.4),
    "wetsuit": Cut(sleeves=1.0, legs=1.0, ease=0.003, trim=("zip",), gloss=0.4),
    "racing-suit": Cut(sleeves=1.0, legs=1.0, ease=0.010, trim=("zip", "high collar", "belt")),
    "superhero-suit": Cut(sleeves=1.0, legs=1.0, ease=0.003, trim=("emblem", "belt"), gloss=0.4),
    "costume": Cut(sleeves=1.0, legs=0.55, ease=0.012, trim=("ruff", "buttons")),
    "robe": Cut(sleeves=1.0, hem=0.96, flare=0.035, ease=0.018, trim=("sash",)),
    "bathrobe": Cut(sleeves=1.0, hem=0.56, flare=0.012, ease=0.018, trim=("crossed", "sash")),
    "hooded-cloak": Cut(hem=0.86, flare=0.05, ease=0.030, rank=3, sleeves=0.7, trim=("clasp",)),
    "kimono": Cut(sleeves=0.94, hem=0.95, flare=0.006, ease=0.016, trim=("crossed", "broad sash")),
    "hanfu": Cut(sleeves=0.96, hem=0.97, flare=0.045, ease=0.016, trim=("crossed", "broad sash")),
    "qipao": Cut(sleeves=0.30, hem=0.86, flare=-0.004, ease=0.005, trim=("high collar", "diagonal")),
    "hanbok": Cut(sleeves=0.96, hem=0.97, flare=0.15, ease=0.014, trim=("crossed", "short bodice")),
    "sari": Cut(sleeves=0.30, hem=0.96, flare=0.02, ease=0.008, trim=("drape",)),
    "traditional-dress": Cut(sleeves=0.9, hem=0.94, flare=0.04, ease=0.010, trim=("round neck", "broad sash")),
    "dress": DRESS,
    "flowered-dress": DRESS,
    "polka-dot-dress": DRESS,
    "house-dress": Cut(sleeves=0.5, hem=0.86, flare=0.03, ease=0.014, trim=("round neck",)),
    "wedding-dress": Cut(sleeves=0.24, hem=0.99, flare=0.17, trim=("round neck", "sash"), gloss=0.4),
    "princess-dress": Cut(sleeves=0.30, hem=0.98, flare=0.15, trim=("round neck", "sash", "puffs"), gloss=0.4),
    "tutu": Cut(hem=0.22, flare=0.15, ease=0.003, trim=("straps",), gloss=0.4),
    "pyjamas": Cut(sleeves=1.0, legs=1.0, ease=0.014, trim=("collar", "placket")),
    "onesie": Cut(sleeves=1.0, legs=1.0, ease=0.018, trim=("zip",)),
    "jacket": JACKET,
    "leather-jacket": Cut(sleeves=1.0, hem=0.05, ease=0.014, rank=2, trim=("opening", "lapels"), gloss=0.6),
    "denim-jacket": JACKET,
    "puffer-jacket": PUFFED,
    "blazer": JACKET,
    "hoodie": Cut(sleeves=1.0, hem=0.05, ease=0.016, rank=1, trim=("hood down", "pocket")),
    "sweater": Cut(sleeves=1.0, hem=0.04, ease=0.014, rank=1, trim=("round neck",)),
    "cardigan": Cut(sleeves=1.0, hem=0.10, ease=0.012, rank=1, trim=("opening",)),
    "vest": Cut(ease=0.010, hem=0.02, rank=1, trim=("opening", "buttons")),
    "life-jacket": Cut(ease=0.026, rank=2, trim=("zip",)),
    "safety-vest": Cut(ease=0.012, rank=2, trim=("zip", "bright bands")),
    "t-shirt": TEE,
    "tank-top": Cut(trim=("straps",)),
    "shirt": SHIRT,
    "blouse": Cut(sleeves=0.9, trim=("collar", "placket")),
    "checked-shirt": SHIRT,
    "striped-shirt": Cut(sleeves=0.95, trim=("round neck",)),
    "hawaiian-shirt": Cut(sleeves=0.45, hem=0.08, flare=0.006, ease=0.012, trim=("collar", "placket")),
    "batik-shirt": Cut(sleeves=1.0, hem=0.09, ease=0.011, trim=("collar", "placket")),
    "polo-shirt": Cut(sleeves=0.42, trim=("collar", "placket")),
    "jersey": Cut(sleeves=0.42, ease=0.010, trim=("vee neck",)),
    "clothes": Cut(sleeves=0.5, legs=1.0, ease=0.012, trim=("vee neck",)),
    "cape": Cut(trunk=False, rank=3, trim=("cape", "clasp")),
    "kebaya": Cut(sleeves=0.96, hem=0.14, ease=0.007, trim=("vee neck", "placket")),
    "baju-koko": Cut(sleeves=1.0, hem=0.14, ease=0.012, trim=("high collar", "placket")),
    "beskap": Cut(sleeves=1.0, hem=0.08, ease=0.009, trim=("high collar", "buttons")),
    "apron": Cut(trunk=False, rank=2, trim=("apron",)),
    "swim-trunks": Cut(trunk=False, legs=0.30, trim=("waistband",)),
    "sarong": Cut(trunk=False, hem=0.90, flare=-0.002, trim=("waistband",)),
    "kilt": Cut(trunk=False, hem=0.48, flare=0.022, trim=("waistband",)),
    "skirt": Cut(trunk=False, hem=0.48, flare=0.045, trim=("waistband",)),
    "grass-skirt": Cut(trunk=False, hem=0.48, flare=0.034, trim=("waistband",)),
    "jeans": TROUSERS,
    "trousers": TROUSERS,
    "shorts": Cut(trunk=False, legs=0.44, ease=0.014, trim=("waistband",)),
    "boots": BOOTS,
    "rain-boots": Cut(trunk=False, shaft=0.36, ease=0.014, gloss=0.6),
    "high-heels": Cut(trunk=False, gloss=0.5),
    "ice-skates": Cut(trunk=False, shaft=0.16, trim=("blade",)),
    "roller-skates": Cut(trunk=False, shaft=0.16, trim=("wheels",)),
    "socks": Cut(trunk=False, shaft=0.16, ease=0.002),
    "sneakers": Cut(trunk=False, shaft=0.06, trim=("sole",)),
    "shoes": Cut(trunk=False, shaft=0.04, trim=("sole",), gloss=0.4),
    "boxing-gloves": Cut(trunk=False, ease=0.026, gloss=0.5),
    "mittens": Cut(trunk=False, ease=0.010),
}

BY_SLOT = {
    "body": Cut(sleeves=1.0, legs=1.0, ease=0.012),
    "torso": SHIRT,
    "legs": TROUSERS,
    "hands": Cut(trunk=False, ease=0.005),
    "feet": Cut(trunk=False),
    "head": Cut(trunk=False),
    "face": Cut(trunk=False),
    "neck": Cut(trunk=False),
}


def cut_of(cloth: Cloth) -> Cut:
    """How a garment is cut: as its own row says, else as others of its slot are."""
    return CUTS.get(cloth.name, BY_SLOT[cloth.slot])
