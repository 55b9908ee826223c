"""The signs of a Chinese or Indonesian text: what its units are to whom it shows."""

from __future__ import annotations

from dalang.scene import chinese, indonesian
from dalang.scene.glossary import Glossary
from dalang.scene.heard import Tongue
from dalang.scene.nouns import Hit
from dalang.scene.signs import MANY, PASSIVE, WORN, Kind, Sign, Trait, looked_up
from dalang.scene.subjects import SUBJECTS
from dalang.scene.traits import CLOTHES, COUNTS, WORDS, age_of
from dalang.scene.units import Role, Unit
from dalang.scene.years import chinese_age, number

_KINDS = dict.fromkeys(Role, Kind.LINK) | {
    Role.SUBJECT: Kind.NOUN,
    Role.NOUN: Kind.NOUN,
    Role.HEAD: Kind.NOUN,
    Role.PART: Kind.NOUN,
    Role.UNKNOWN: Kind.WORD,
    Role.ADJECTIVE: Kind.ADJECTIVE,
    Role.DETERMINER: Kind.ADJECTIVE,
    Role.VERB: Kind.VERB,
}
"""What units of a role are, where nothing else is known of them; the others link."""


def signs_of(units: list[Unit], known: Glossary, tongue: Tongue) -> tuple[Sign, ...]:
    """The signs of a Chinese or Indonesian text's units, one for each."""
    found: dict[int, Hit] = {}
    for hit in (chinese if tongue == "zh" else indonesian).hits(units, known):
        if hit.name or hit.determiner or not any(other.name for other in found.values()):
            found[_unit_place(hit, units)] = hit
    return tuple(_unit_sign(units, at, found.get(at), known, tongue) for at in range(len(units)))


def _unit_place(hit: Hit, units: list[Unit]) -> int:
    if hit.name:
        return hit.at
    places = range(hit.at, min(len(units), hit.at + 12))
    return next((at for at in places if units[at].role in (Role.UNKNOWN, Role.HEAD)), hit.at)


def _unit_sign(units: list[Unit], at: int, hit: Hit | None, known: Glossary, tongue: Tongue) -> Sign:
    unit = units[at]
    words = WORDS[tongue]
    if hit and (hit.name or not _aged(units, at, tongue)):
        return _unit_named(units, at, hit, known, tongue)
    if special := _aged(units, at, tongue) or _garment(unit, tongue):
        return special
    if tongue == "id" and unit.text in SEXED and at and units[at - 1].role is Role.SUBJECT:
        return Sign(Kind.ADJECTIVE, unit.text)
    traits = _unit_traits(unit, tongue)
    is_verb = unit.text in known.verbs and (unit.role in (Role.VERB, Role.OBJECT) or _follows(units, at))
    if is_verb and unit.text not in words["wear"] and not _is_torn(units, at, tongue):
        return Sign(Kind.VERB, unit.text, known.verbs[unit.text], (*traits, *([PASSIVE] if unit.is_passive else [])))
    if unit.text in known.words["pronouns"]:
        return Sign(Kind.PRONOUN, unit.text)
    if unit.text in words["lens"] or unit.text in known.craft.cameras:
        return Sign(Kind.LENS, unit.text)
    if traits and unit.role is not Role.VERB and unit.text not in words["parts"]:
        return Sign(traits[0][0], unit.text, traits[0][1], traits[1:])
    return Sign(_plain(unit, words["parts"]), unit.text)


def _plain(unit: Unit, parts: frozenset[str]) -> Kind:
    """What a unit is that says nothing of its own."""
    if unit.role is Role.STOP:
        return Kind.PAUSE if unit.text == "," else Kind.STOP
    if unit.text in parts:
        return Kind.NOUN
    return _KINDS[unit.role]


SEXED = frozenset(("perempuan", "wanita", "pria", "lelaki", "laki-laki", "putri", "putra"))
"""After a noun they say of which sex somebody is."""
YEARS = frozenset(("berusia", "berumur", "usia", "umur"))


def _aged(units: list[Unit], at: int, tongue: Tongue) -> Sign | None:
    """八岁, or a part of "berusia enam tahun", in which the year tells the age."""
    text = units[at].text
    if tongue == "zh":
        told = chinese_age(text) if text.endswith("岁") else None
        return Sign(Kind.AGE, text, told) if told else None
    if text in YEARS or (at + 1 < len(units) and units[at + 1].text == "tahun" and number([text], "id") is not None):
        return Sign(Kind.ADJECTIVE, text)
    years = number([units[at - 1].text], "id") if at and text == "tahun" else None
    age = age_of(years) if years is not None else None
    return Sign(Kind.AGE, text, age) if age else None


def _follows(units: list[Unit], at: int) -> bool:
    """Whether 跟着 leads to whom somebody follows."""
    if not units[at].text.startswith(("跟着", "跟在")):
        return False
    at += 1
    while at < len(units) and units[at].role in (Role.ADJECTIVE, Role.DETERMINER, Role.OF, Role.UNKNOWN):
        at += 1
    return at < len(units) and (units[at].role is Role.SUBJECT or units[at].text in WORDS["zh"]["him"])


def _is_torn(units: list[Unit], at: int, tongue: Tongue) -> bool:
    """Whether a Chinese verb of one letter is part of a longer word that no list has."""
    around = [units[k] for k in (at - 1, at + 1) if 0 <= k < len(units)]
    alone = tongue == "zh" and len(units[at].text) == 1
    return alone and any(
        unit.text == units[at].text or (unit.role is Role.UNKNOWN and not unit.is_listed and len(unit.text) == 1)
        for unit in around
    )


def _garment(unit: Unit, tongue: Tongue) -> Sign | None:
    """A garment; in Indonesian also who wears one: "bertopi"."""
    if unit.text in CLOTHES[tongue]:
        return Sign(Kind.GARMENT, unit.text, CLOTHES[tongue][unit.text])
    bare = unit.text.removeprefix("ber") if tongue == "id" else unit.text
    return Sign(Kind.GARMENT, unit.text, CLOTHES[tongue][bare], (WORN,)) if bare in CLOTHES[tongue] else None


def _unit_traits(unit: Unit, tongue: Tongue) -> tuple[Trait, ...]:
    trait = looked_up(unit.text, tongue)
    if trait is None and tongue == "zh" and unit.role is Role.DETERMINER:
        trait = _numbered(unit.text)
    return (trait,) if trait else ()


def _numbered(text: str) -> Trait | None:
    """The number that a number with its measure word begins with."""
    sizes = range(len(text), 0, -1)
    return next(((Kind.COUNT, str(COUNTS["zh"][text[:size]])) for size in sizes if text[:size] in COUNTS["zh"]), None)


def _unit_named(units: list[Unit], at: int, hit: Hit, known: Glossary, tongue: Tongue) -> Sign:
    unit = units[at]
    if hit.name is None:
        return Sign(Kind.UNKNOWN, hit.unknown or "")
    traits = list(_unit_traits(unit, tongue))
    if tongue == "zh":
        first = looked_up(unit.text[:1], tongue)
        traits += [first] if first and _tells(first, unit.text[1:], known) else []
        if at + 1 < len(units) and units[at + 1].text in WORDS["zh"]["young"]:
            traits.append((Kind.AGE, "baby"))
    else:
        traits += [trait for trait in (looked_up(word, tongue) for word in unit.text.split()) if trait]
    if unit.is_plural or (at + 1 < len(units) and units[at + 1].text == "们"):
        traits.append((Kind.COUNT, MANY))
    if unit.text in CLOTHES[tongue]:
        traits.append((Kind.GARMENT, CLOTHES[tongue][unit.text]))
    return Sign(
        Kind.SUBJECT,
        unit.text,
        hit.name,
        tuple(trait for trait in traits if trait[0] is not Kind.DIRECTION),
        is_placed=hit.is_placed,
        is_definite=not _is_counted(units, at),
    )


def _tells(first: Trait, rest: str, known: Glossary) -> bool:
    """Whether the first letter of a word describes the rest of it: 白马, 小船, but no 小孩."""
    if rest not in known.subjects or first[0] not in (Kind.COLOUR, Kind.SIZE):
        return False
    return first[0] is Kind.COLOUR or (first[1] == "small" and SUBJECTS[known.subjects[rest]].kind != "people")


def _is_counted(units: list[Unit], at: int) -> bool:
    while at and units[at - 1].role in (Role.ADJECTIVE, Role.OF, Role.UNKNOWN, Role.DETERMINER):
        at -= 1
        if units[at].role is Role.DETERMINER:
            return True
    return False
