"""The signs of an English text: what its words are to whom it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dalang.scene import lexicon, nouns
from dalang.scene.nouns import Hit
from dalang.scene.signs import DEFINITE, MANY, OBJECTIVE, POSSESSIVES, SUBJECTIVE, Kind, Sign, looked_up
from dalang.scene.strangers import is_trade
from dalang.scene.tokens import POSSESSIVE, last_singular, singular, without_traps
from dalang.scene.traits import AGES, CLOTHES, COLOURS, COUNTS, DIRECTIONS, SIZES, WORDS
from dalang.scene.verbs import lemma, verb_at
from dalang.scene.years import english_age


def _lengths() -> dict[str, int]:
    found = {"": 0}
    for table in (CLOTHES, COLOURS, SIZES, AGES, COUNTS, DIRECTIONS):
        for phrase in table["en"]:
            first = phrase.partition(" ")[0]
            found[first] = max(found.get(first, 0), phrase.count(" ") + 1)
    return found


LENGTHS = _lengths()
"""First word of a garment's or a trait's phrase → words in the longest of these."""
ONWARD = {"left": "left", "right": "right", "up": "up", "down": "down"}
"""Where to somebody goes, if the word stands right after the verb."""
_STOPS = {".": Kind.STOP, ",": Kind.PAUSE, "、": Kind.LINK}


def signs_of(words: list[str]) -> tuple[Sign, ...]:
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
    for at in range(len(words)):
        if size := nouns.called(words, at):
            plain[at : at + size] = words[at : at + size]
    return plain


def _is_stray(hit: Hit, found: Mapping[int, Hit]) -> bool:
    """Whether an unknown noun is rather a verb, "that chases", or after a subject only a word of its looks."""
    word = hit.unknown or ""
    if not word[0].isalpha() or (word != lemma(word) and lemma(word) in lexicon.VERBS):
        return True
    if is_trade(word, "en"):
        return False
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
    if (told := english_age(words, at)) is not None:
        return Sign(Kind.AGE if told[0] else Kind.ADJECTIVE, words[at], told[0] or ""), told[1]
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
    longest = max(LENGTHS[word] for word in (words[at], singular(words[at]), "") if word in LENGTHS)
    for size in range(min(longest, len(words) - at), shortest - 1, -1):
        phrase = " ".join(words[at : at + size])
        known = next((form for form in (phrase, last_singular(phrase)) if form in CLOTHES["en"]), None)
        if known:
            yield Sign(Kind.GARMENT, phrase, CLOTHES["en"][known]), size
        elif at + size <= after and (trait := looked_up(phrase, "en")):
            yield Sign(trait[0], phrase, trait[1]), size


def _named(words: list[str], hit: Hit) -> Sign:
    if hit.name is None:
        at = words.index((hit.unknown or "").split()[-1], hit.at)
        starts = [words[k] for k in (hit.start - 1, hit.start) if 0 <= k <= at]
        return Sign(Kind.UNKNOWN, hit.unknown or "", is_definite=not DEFINITE.isdisjoint(starts))
    own = words[hit.at : hit.at + hit.size]
    phrase = " ".join(own)
    traits = [looked_up(text, "en") for text in (phrase, last_singular(phrase), *own)]
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
        is_participle = word.endswith(("ing", "ed"))
        within = is_participle and any(hit.start <= at < hit.at for hit in found.values())
        return Sign(Kind.VERB, word, verb, is_within=within)
    return Sign(_function(word), word)


def _function(word: str) -> Kind:
    """What a word does that says nothing of its own."""
    if word in SUBJECTIVE or word in OBJECTIVE or word in POSSESSIVES:
        return Kind.PRONOUN
    if singular(word) in WORDS["en"]["parts"] or word in WORDS["en"]["parts"]:
        return Kind.NOUN
    if word in lexicon.ADJECTIVES or word in lexicon.DETERMINERS or word.endswith("ly"):
        return Kind.ADJECTIVE
    if word in lexicon.JOINERS or word in lexicon.OBJECTS or word == POSSESSIVE or word in nouns.COMPARING:
        return Kind.LINK
    return Kind.WORD
