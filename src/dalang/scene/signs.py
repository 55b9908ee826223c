"""What the words of a text are to whom it shows, in every language alike: the subjects and what stands about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from dalang.scene import chinese, indonesian, lexicon, nouns
from dalang.scene.glossary import Glossary
from dalang.scene.heard import Tongue
from dalang.scene.nouns import Hit
from dalang.scene.subjects import SUBJECTS
from dalang.scene.tokens import POSSESSIVE, singular, spans, without_traps
from dalang.scene.traits import AGES, CLOTHES, COLOURS, COUNTS, DIRECTIONS, SIZES, WORDS
from dalang.scene.units import Role, Unit
from dalang.scene.verbs import lemma, verb_at


class Kind(Enum):
    """What a sign says."""

    SUBJECT = auto()
    """Somebody or something with a picture; its meaning a name in `SUBJECTS`."""
    UNKNOWN = auto()
    """Somebody or something without one."""
    GARMENT = auto()
    NOUN = auto()
    """Anything else with a look of its own: hair, walls, light."""
    COLOUR = auto()
    SIZE = auto()
    AGE = auto()
    COUNT = auto()
    DIRECTION = auto()
    ADJECTIVE = auto()
    VERB = auto()
    PRONOUN = auto()
    LENS = auto()
    """The camera: what is done next is its doing."""
    LINK = auto()
    """Prepositions, conjunctions and other small words."""
    WORD = auto()
    """Any other word."""
    PAUSE = auto()
    STOP = auto()


Trait = tuple[Kind, str]
PASSIVE: Trait = (Kind.VERB, "passive")
"""Of a verb that is done to whom the sentence is about: "dikejar"."""
WORN: Trait = (Kind.GARMENT, "worn")
"""Of a garment whose word itself says that it is worn: "berjaket"."""


@dataclass(frozen=True)
class Sign:
    kind: Kind
    text: str
    meaning: str = ""
    traits: tuple[Trait, ...] = ()
    """What its word says besides: that a "kitten" is young, that somebody who "走来" comes towards us."""
    is_placed: bool = False
    """A subject that is where or with what, not whom."""
    is_definite: bool = False
    """A subject that the text speaks of as known: "the girl"."""
    is_within: bool = False
    """A verb that only describes the noun after it: "a sleeping cat"."""


LONGEST = 6
"""English words in the longest phrase."""
DEFINITE = frozenset(("the", "this", "that", "these", "those", "his", "her", "their", "its", "both"))
SUBJECTIVE = frozenset(("he", "she", "it", "they"))
POSSESSIVES = frozenset(("his", "her", "its", "their"))
ONWARD = {"left": "left", "right": "right", "up": "up", "down": "down"}
"""Where to somebody goes, if the word stands right after the verb."""
MANY = "many"
"""How many a plural tells."""
_ADJECTIVAL = (("COLOUR", COLOURS), ("SIZE", SIZES), ("AGE", AGES), ("COUNT", COUNTS))
_STOPS = {".": Kind.STOP, ",": Kind.PAUSE, "、": Kind.LINK}


def _looked_up(phrase: str, tongue: Tongue) -> Trait | None:
    """What a phrase says of its noun."""
    if phrase in DIRECTIONS[tongue]:
        return Kind.DIRECTION, DIRECTIONS[tongue][phrase]
    for name, table in _ADJECTIVAL:
        if phrase in table[tongue]:
            return Kind[name], str(table[tongue][phrase])
    return None


def english(words: list[str]) -> tuple[Sign, ...]:
    """The signs of English words, as `tokens.tokens` gives them."""
    plain = _untrapped(words)
    found: dict[int, Hit] = {}
    for hit in nouns.hits(plain):
        if _is_matter(hit, plain, found) if hit.name else _is_stray(hit, found):
            continue
        found[_place(hit, plain)] = hit
    signs: list[Sign] = []
    at = 0
    while at < len(words):
        sign, size = _next(words, plain, at, found, signs[-1].kind if signs else Kind.STOP)
        signs.append(sign)
        at += size
    return tuple(signs)


def _untrapped(words: list[str]) -> list[str]:
    """The words without traps, but with the subjects' names that hold one: "a bowl of ice cream"."""
    plain = without_traps(words)
    for at, phrase in spans(words, nouns.LONGEST):
        if phrase in nouns.NAMES:
            size = phrase.count(" ") + 1
            plain[at : at + size] = words[at : at + size]
    return plain


def _is_stray(hit: Hit, found: Mapping[int, Hit]) -> bool:
    """Whether an unknown noun is rather a verb, "that chases", or after a subject only a word of its looks and moves."""
    word = hit.unknown or ""
    if not word[0].isalpha() or (word != lemma(word) and lemma(word) in lexicon.VERBS):
        return True
    is_counted = hit.determiner is not None and hit.determiner not in DEFINITE
    is_part = word in WORDS["en"]["parts"] or singular(word) in WORDS["en"]["parts"]
    return any(other.name for other in found.values()) and (not is_counted or is_part)


def _is_matter(hit: Hit, words: list[str], found: Mapping[int, Hit]) -> bool:
    """Whether a subject is but what an unknown noun is of: "a statue of a horse"."""
    of = hit.start - (2 if hit.determiner else 1)
    before = found.get(of - 1) if of > 0 and words[of] == "of" else None
    return before is not None and before.name is None


def _place(hit: Hit, words: list[str]) -> int:
    """Where a hit's own word stands; for an unknown noun its last word."""
    return hit.at if hit.name or hit.unknown is None else words.index(hit.unknown.split()[-1], hit.at)


def _next(words: list[str], plain: list[str], at: int, found: Mapping[int, Hit], last: Kind) -> tuple[Sign, int]:
    """The sign at a position, and how many words it takes; the longest phrase wins."""
    hit = found.get(at)
    after = min((place for place, other in found.items() if place > at and other.name), default=len(words))
    longest = next(_phrases(words, at, hit.size + 1 if hit and hit.name else 1, after), None)
    if longest:
        return longest
    if hit:
        return _named(words, hit), hit.size
    if plain[at] != words[at]:
        return Sign(Kind.NOUN, words[at]), 1
    return _single(words, at, found, last), 1


def _phrases(words: list[str], at: int, shortest: int, after: int) -> Iterator[tuple[Sign, int]]:
    """Garments and traits at a position, the longest first; no trait reaches over a noun that is found `after`."""
    for size in range(min(LONGEST, len(words) - at), shortest - 1, -1):
        phrase = " ".join(words[at : at + size])
        known = next((form for form in (phrase, _singular(phrase)) if form in CLOTHES["en"]), None)
        if known:
            yield Sign(Kind.GARMENT, phrase, CLOTHES["en"][known]), size
        elif at + size <= after and (trait := _looked_up(phrase, "en")):
            yield Sign(trait[0], phrase, trait[1]), size


def _singular(phrase: str) -> str:
    head, space, last = phrase.rpartition(" ")
    return head + space + singular(last)


def _named(words: list[str], hit: Hit) -> Sign:
    if hit.name is None:
        at = words.index((hit.unknown or "").split()[-1], hit.at)
        starts = [words[k] for k in (hit.start - 1, hit.start) if 0 <= k <= at]
        return Sign(Kind.UNKNOWN, hit.unknown or "", is_definite=not DEFINITE.isdisjoint(starts))
    own = words[hit.at : hit.at + hit.size]
    phrase = " ".join(own)
    traits = [_looked_up(text, "en") for text in (phrase, _singular(phrase), *own)]
    if any(trait and trait[0] is Kind.AGE for trait in traits):
        traits = [trait for trait in traits if trait and trait[0] is not Kind.SIZE]
    if hit.is_plural:
        traits.append((Kind.COUNT, MANY))
    if phrase in CLOTHES["en"]:
        traits.append((Kind.GARMENT, CLOTHES["en"][phrase]))
    return Sign(
        Kind.SUBJECT,
        phrase,
        hit.name,
        tuple(trait for trait in traits if trait and trait[0] is not Kind.DIRECTION),
        is_placed=hit.is_placed,
        is_definite=hit.determiner in DEFINITE,
    )


def _single(words: list[str], at: int, found: Mapping[int, Hit], last: Kind) -> Sign:
    word = words[at]
    if word in _STOPS:
        return Sign(_STOPS[word], word)
    if word in ONWARD and (last is Kind.VERB or (last is Kind.STOP and verb_at([*words, ""], at + 1))):
        return Sign(Kind.DIRECTION, word, ONWARD[word])
    if word in WORDS["en"]["lens"]:
        return Sign(Kind.LENS, word)
    if verb := verb_at(words, at):
        within = any(hit.start <= at < hit.at for hit in found.values())
        return Sign(Kind.VERB, word, verb, is_within=within)
    return Sign(_function(word), word)


def _function(word: str) -> Kind:
    """What a word does that says nothing of its own."""
    if word in SUBJECTIVE or word in POSSESSIVES:
        return Kind.PRONOUN
    if singular(word) in WORDS["en"]["parts"] or word in WORDS["en"]["parts"]:
        return Kind.NOUN
    if word in lexicon.ADJECTIVES or word in lexicon.DETERMINERS or word.endswith("ly"):
        return Kind.ADJECTIVE
    if word in lexicon.JOINERS or word in lexicon.OBJECTS or word == POSSESSIVE or word in nouns.COMPARING:
        return Kind.LINK
    return Kind.WORD


_KINDS = {
    Role.STOP: Kind.STOP,
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


def foreign(units: list[Unit], known: Glossary, tongue: Tongue) -> tuple[Sign, ...]:
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
    if hit:
        return _unit_named(units, at, hit, known, tongue)
    if unit.role is Role.STOP:
        return Sign(Kind.PAUSE if unit.text == "," else Kind.STOP, unit.text)
    if garment := _garment(unit, tongue):
        return garment
    traits = _unit_traits(unit, tongue)
    is_verb = unit.text in known.verbs and (unit.role is Role.VERB or unit.role is Role.OBJECT)
    if is_verb and unit.text not in words["wear"] and not _is_torn(units, at, tongue):
        return Sign(Kind.VERB, unit.text, known.verbs[unit.text], (*traits, *([PASSIVE] if unit.is_passive else [])))
    if unit.text in known.words["pronouns"]:
        return Sign(Kind.PRONOUN, unit.text)
    if unit.text in words["lens"] or unit.text in known.craft.cameras:
        return Sign(Kind.LENS, unit.text)
    if unit.text in words["parts"]:
        return Sign(Kind.NOUN, unit.text)
    if traits and unit.role is not Role.VERB:
        return Sign(traits[0][0], unit.text, traits[0][1], traits[1:])
    return Sign(_KINDS.get(unit.role, Kind.LINK), unit.text)


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
    trait = _looked_up(unit.text, tongue)
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
        first = _looked_up(unit.text[:1], tongue)
        traits += [first] if first and _tells(first, unit.text[1:], known) else []
        if at + 1 < len(units) and units[at + 1].text in WORDS["zh"]["young"]:
            traits.append((Kind.AGE, "baby"))
    else:
        traits += [trait for trait in (_looked_up(word, tongue) for word in unit.text.split()) if trait]
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
