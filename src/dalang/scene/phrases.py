"""Which noun a colour, size, age or number belongs to, and who wears which garment, by where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dalang.scene.heard import Tongue
from dalang.scene.signs import POSSESSIVES, WORN, Kind, Sign, Trait
from dalang.scene.subjects import of_kinds
from dalang.scene.traits import WORDS

Described = dict[int, list[Trait]]
"""Position of a noun's sign → what is said of it."""

LOOKS = frozenset((Kind.COLOUR, Kind.SIZE, Kind.AGE, Kind.COUNT))
DESCRIBING = LOOKS | {Kind.ADJECTIVE, Kind.WORD}
NOUNS = frozenset((Kind.SUBJECT, Kind.UNKNOWN, Kind.GARMENT, Kind.NOUN))
IS = frozenset(("is", "are", "was", "were", "looks", "是"))
STRANGERS = 2
"""Words of no list that may stand between a noun and what describes it: "a red vintage sports car"."""
ANIMATE = of_kinds("people", "animals", "birds", "sea", "fantasy")


def described(signs: Sequence[Sign], tongue: Tongue) -> Described:
    """What is said of each noun, its own word's traits first."""
    found: Described = defaultdict(list)
    for at, sign in enumerate(signs):
        if sign.kind in (Kind.SUBJECT, Kind.GARMENT):
            found[at] += sign.traits
    for at, sign in enumerate(signs):
        if sign.kind in LOOKS:
            noun = _described_by(signs, at, tongue)
            if noun is not None:
                found[noun].append((sign.kind, sign.meaning))
    return found


def _described_by(signs: Sequence[Sign], at: int, tongue: Tongue) -> int | None:
    """The noun after a word that describes it; in Indonesian the one before it, but for numbers and the young."""
    kind = signs[at].kind
    if tongue == "zh" and kind is Kind.COUNT:
        return _counted(signs, at)
    if tongue != "id" or kind is Kind.COUNT:
        ahead = noun_from(signs, at, 1, tongue)
        return ahead if ahead is not None or kind is Kind.COUNT else _told(signs, at, tongue)
    before = noun_from(signs, at, -1, tongue)
    after = at + 1 < len(signs) and signs[at + 1].kind is Kind.SUBJECT
    return at + 1 if before is None and kind is Kind.AGE and after else before


def _counted(signs: Sequence[Sign], at: int) -> int | None:
    """What a Chinese number counts, also over a clause that describes it: 两名穿红衣的女孩."""
    noun = noun_from(signs, at, 1, "zh")
    owns = noun is not None and noun + 1 < len(signs) and signs[noun + 1].text == "的"
    if noun is not None and signs[noun].kind in (Kind.SUBJECT, Kind.UNKNOWN) and not owns:
        return noun
    for k in range(at + 1, len(signs)):
        if signs[k].kind in (Kind.STOP, Kind.PAUSE) or (signs[k].kind is Kind.COUNT and signs[k].meaning != "1"):
            break
        if signs[k].text == "的":
            head = noun_from(signs, k, 1, "zh")
            if head is not None and signs[head].kind is Kind.SUBJECT:
                return head
    return noun


def _told(signs: Sequence[Sign], at: int, tongue: Tongue) -> int | None:
    """Who "is" what is said: "the cat is black"."""
    k = at - 1
    while k >= 0 and (signs[k].kind in (*LOOKS, Kind.ADJECTIVE) or signs[k].text in WORDS[tongue]["and"]):
        k -= 1
    if k >= 0 and signs[at].kind is Kind.AGE:
        told = k - (signs[k].kind is Kind.PAUSE)
        if signs[told].kind in (Kind.SUBJECT, Kind.UNKNOWN):
            return told
    if k < 1 or signs[k].text not in IS:
        return None
    before = signs[k - 1]
    return k - 1 if before.kind in (Kind.SUBJECT, Kind.UNKNOWN, Kind.PRONOUN, Kind.GARMENT) else None


def noun_from(signs: Sequence[Sign], at: int, step: int, tongue: Tongue) -> int | None:
    """The next noun of the same phrase, going by `step`."""
    strangers = 0
    at += step
    while 0 <= at < len(signs):
        sign = signs[at]
        if sign.kind in NOUNS:
            return at
        strangers += sign.kind is Kind.WORD
        if strangers > STRANGERS or not _goes_on(signs, at, step, tongue):
            return None
        at += step
    return None


def _goes_on(signs: Sequence[Sign], at: int, step: int, tongue: Tongue) -> bool:
    """Whether a phrase goes on over the sign at a position."""
    sign = signs[at]
    if sign.kind in LOOKS or sign.kind in (Kind.ADJECTIVE, Kind.WORD) or sign.is_within:
        return sign.kind is not Kind.ADJECTIVE or not _opens(sign, step)
    if tongue != "en" and (sign.text in WORDS[tongue]["relative"] or sign.text in WORDS[tongue]["degree"]):
        return True
    following = signs[at + step].kind if 0 <= at + step < len(signs) else Kind.STOP
    return (sign.text in WORDS[tongue]["and"] or sign.kind is Kind.PAUSE) and following in LOOKS


def _opens(sign: Sign, step: int) -> bool:
    """Whether an English article stands in the way: the phrase before it is another."""
    return step > 0 and sign.text in ("a", "an", "the")


def worn(signs: Sequence[Sign], tongue: Tongue) -> dict[int, int]:
    """Position of a garment's sign → that of who wears it."""
    found: dict[int, int] = {}
    for at, sign in enumerate(signs):
        if sign.kind is Kind.GARMENT or any(kind is Kind.GARMENT for kind, _ in sign.traits):
            wearer = _wearer(signs, at, tongue, found)
            if wearer is not None and wearer != at:
                found[at] = wearer
    return found


def _wearer(signs: Sequence[Sign], at: int, tongue: Tongue, found: dict[int, int]) -> int | None:
    lead = _lead(signs, at, tongue, found)
    if tongue == "zh" and (ahead := _ahead(signs, at, is_led=lead is not None)) is not None:
        return ahead
    if lead is None:
        return None
    return _before(signs, lead)


def _lead(signs: Sequence[Sign], at: int, tongue: Tongue, found: dict[int, int]) -> int | None:
    """Where the words before a garment say that it is worn: "in a red", "wearing", "his"; or a worn one goes before."""
    if WORN in signs[at].traits:
        return at
    k = at - 1
    while k >= 0:
        sign = signs[k]
        if sign.text in WORDS[tongue]["wear"] or (tongue == "en" and sign.text in POSSESSIVES):
            return k
        if k in found:
            return k
        joins = sign.kind is Kind.PAUSE or sign.text in WORDS[tongue]["and"]
        described_by = sign.kind is Kind.VERB and sign.text.endswith("ed")
        of = tongue == "zh" and sign.text == "的" and k > 0 and signs[k - 1].kind in DESCRIBING
        if not (
            joins
            or of
            or described_by
            or sign.kind in LOOKS
            or sign.kind in (Kind.ADJECTIVE, Kind.WORD, Kind.NOUN, Kind.GARMENT)
        ):
            return None
        k -= 1
    return None


def _ahead(signs: Sequence[Sign], at: int, *, is_led: bool) -> int | None:
    """In Chinese, who stands after a garment: 穿雨衣的女孩, 白衣女子."""
    k = at + 1
    joined = False
    while k < len(signs):
        sign = signs[k]
        if sign.kind is Kind.SUBJECT and sign.meaning in ANIMATE:
            return k if joined or k == at + 1 else None
        joined = joined or sign.text == "的"
        clothes = any(kind is Kind.GARMENT for kind, _ in sign.traits)
        over = (
            clothes
            or sign.kind in LOOKS
            or sign.kind in (Kind.GARMENT, Kind.ADJECTIVE, Kind.NOUN)
            or sign.text in "的和与、"
        )
        worn_too = is_led and sign.text in WORDS["zh"]["wear"]
        if not (over or worn_too or (joined and sign.kind is Kind.WORD)):
            return None
        k += 1
    return None


def _before(signs: Sequence[Sign], lead: int) -> int | None:
    """Who stands before: the subject right before, whatever it is, else the last living one; or a pronoun."""
    before = range(lead - 1, -1, -1)
    nearest = next((k for k in before if signs[k].kind in (Kind.SUBJECT, Kind.UNKNOWN) or _is_whom(signs[k])), None)
    if nearest is not None and all(_is_slight(signs[k]) for k in range(nearest + 1, lead)):
        return nearest
    return next((k for k in before if _lives(signs[k])), nearest)


def _is_slight(sign: Sign) -> bool:
    return sign.kind in LOOKS or sign.kind in (Kind.ADJECTIVE, Kind.GARMENT, Kind.LINK)


def _is_whom(sign: Sign) -> bool:
    return sign.kind is Kind.PRONOUN and sign.text not in POSSESSIVES


def _lives(sign: Sign) -> bool:
    return sign.kind is Kind.UNKNOWN or (sign.kind is Kind.SUBJECT and sign.meaning in ANIMATE)
