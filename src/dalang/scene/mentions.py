"""Which of those that a text names are the same: the girl of its second sentence is the girl of its first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dalang.scene.clauses import BODIES, is_joined
from dalang.scene.heard import Tongue
from dalang.scene.phrases import Described
from dalang.scene.pronouns import PEOPLE, sex_of
from dalang.scene.signs import Kind, Sign
from dalang.scene.strangers import PLAINS
from dalang.scene.subjects import SUBJECTS
from dalang.scene.traits import AGES, WORDS


def identities(signs: Sequence[Sign], said: Described, worn: Mapping[int, int], tongue: Tongue) -> dict[int, int]:
    """Position of each one named → that of its first naming."""
    first: dict[int, int] = {}
    for at, sign in enumerate(signs):
        if sign.kind in BODIES and at not in worn:
            same = _same(signs, at, first, said, worn, tongue)
            first[at] = at if same is None else same
    return first


def _same(
    signs: Sequence[Sign],
    at: int,
    first: Mapping[int, int],
    said: Described,
    worn: Mapping[int, int],
    tongue: Tongue,
) -> int | None:
    """Who named before is meant again; the one named last of several."""
    sign = signs[at]
    if _is_another(signs, at, tongue):
        return None
    before = list(dict.fromkeys(reversed(list(first.values()))))
    alike = [k for k in before if _key(sign) == _key(signs[k])]
    same = [k for k in alike if _is_known(sign, signs[k], tongue) or not _is_apart(signs, said, worn, k, at)]
    if alike:
        return next((k for k in same if signs[k].text == sign.text), next(iter(same), None))
    beside = _apposed(signs, at, first) if sign.text in WORDS[tongue]["generic"] else None
    if beside is not None and sign.meaning and _may_be(signs[beside], sign, tongue):
        return beside
    if not is_general(sign, tongue) or is_joined(signs, at, tongue):
        return None
    return next((k for k in before if _turned(signs, k, at) and _may_be(signs[k], sign, tongue)), None)


def _key(sign: Sign) -> str:
    """What those who may be the same have in common: their picture, or the word of those who have none."""
    return sign.text if sign.is_stand_in else sign.meaning or sign.text


def _is_known(sign: Sign, before: Sign, tongue: Tongue) -> bool:
    """Whether "the" one is meant that was named before; where no article tells, another word tells another person."""
    if tongue == "en" or sign.meaning not in PEOPLE or sign.text in WORDS[tongue]["generic"]:
        return sign.is_definite
    return sign.is_definite and (sign.text in before.text or before.text in sign.text)


def _is_another(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    at -= 1
    while at >= 0 and signs[at].kind in (Kind.COLOUR, Kind.SIZE, Kind.AGE, Kind.ADJECTIVE, Kind.COUNT):
        if signs[at].text in WORDS[tongue]["other"]:
            return True
        at -= 1
    return at >= 0 and any(signs[at].text.startswith(word) for word in WORDS["zh"]["other"]) and tongue == "zh"


def _apposed(signs: Sequence[Sign], at: int, first: Mapping[int, int]) -> int | None:
    """Who is called by another name right before, and a comma between: "the janitor, an old man"."""
    if _goes_on(signs, at):
        return None
    at -= 1
    while at >= 0 and signs[at].kind in (Kind.ADJECTIVE, Kind.AGE, Kind.SIZE, Kind.WORD, Kind.COLOUR):
        at -= 1
    return first[at - 1] if at > 0 and signs[at].kind is Kind.PAUSE and at - 1 in first else None


def _goes_on(signs: Sequence[Sign], at: int) -> bool:
    """Whether one more is named right after: a list, not another name."""
    following = next((k for k in range(at + 1, len(signs)) if signs[k].kind not in (Kind.ADJECTIVE, Kind.PAUSE)), None)
    joins = {word for words in WORDS.values() for word in words["and"]}
    return following is not None and (signs[following].kind in BODIES or signs[following].text in joins)


def _is_apart(signs: Sequence[Sign], said: Described, worn: Mapping[int, int], one: int, other: int) -> bool:
    """Whether a text tells two of the same name apart: by another word, by looks, number or clothes."""
    if signs[one].text != signs[other].text:
        return True
    return _differs(said, one, other) or _dressed_apart(worn, said, one, other)


def _differs(said: Described, one: int, other: int) -> bool:
    """Whether two are told apart by colour, age or number; "one of" three is one of these."""
    kinds: tuple[Kind, ...] = (Kind.COLOUR, Kind.AGE, Kind.COUNT)
    if {("1", Kind.COUNT)} & {(meaning, kind) for kind, meaning in said.get(other, ())}:
        kinds = (Kind.COLOUR, Kind.AGE)
    for kind in kinds:
        ones, others = ({meaning for trait, meaning in said.get(at, ()) if trait is kind} for at in (one, other))
        if ones and others and ones != others:
            return True
    return False


def _dressed_apart(worn: Mapping[int, int], said: Described, one: int, other: int) -> bool:
    """Whether two are told apart by what they wear."""
    ones, others = ([tuple(said.get(g, ())) for g, wearer in worn.items() if wearer == at] for at in (one, other))
    return bool(ones and others and ones != others)


def is_general(sign: Sign, tongue: Tongue) -> bool:
    """Whether a word may mean somebody who was called by a nearer one before: "the man" an old fisherman."""
    return sign.is_definite and sign.text in WORDS[tongue]["generic"]


def _turned(signs: Sequence[Sign], one: int, other: int) -> bool:
    """Whether a clause ends between two."""
    return any(signs[k].kind in (Kind.STOP, Kind.PAUSE) for k in range(one, other))


def _may_be(named: Sign, general: Sign, tongue: Tongue) -> bool:
    if named.is_stand_in and general.meaning in PLAINS:
        return "person" in (named.meaning, general.meaning) or named.meaning == general.meaning
    return named.kind is Kind.SUBJECT and may_be(named.meaning, general.meaning, is_child=general.text in AGES[tongue])


def may_be(name: str, general: str, *, is_child: bool = False) -> bool:
    """Whether the subject `general` may be another word for `name`: of one kind, age and sex."""
    if SUBJECTS[name].kind != SUBJECTS[general].kind:
        return False
    if SUBJECTS[name].kind != "people":
        return _is_sort_of(name, SUBJECTS[general].words[0])
    young = any(word in AGES["en"] and AGES["en"][word] in ("child", "baby") for word in SUBJECTS[name].words[:1])
    sexes = {sex_of(name), sex_of(general)} - {None}
    return young == is_child and len(sexes) < 2 and not _is_general_name(name)


def _is_sort_of(name: str, word: str) -> bool:
    """Whether what is no person is one of a sort: a police car a car, an eagle a bird."""
    kinds = {"bird": "birds", "fish": "sea"}
    if word in kinds:
        return SUBJECTS[name].kind == kinds[word] and not _is_general_name(name)
    return any(word in phrase.split() for phrase in SUBJECTS[name].words)


def _is_general_name(name: str) -> bool:
    return SUBJECTS[name].words[:1] in {("man",), ("woman",), ("boy",), ("girl",), ("bird",), ("fish",)}
