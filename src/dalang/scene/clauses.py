"""Who does what to whom: each verb's doer and object, by where they stand about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dalang.scene.heard import Tongue
from dalang.scene.performer import Relation
from dalang.scene.phrases import ANIMATE, LOOKS, noun_from
from dalang.scene.pronouns import meant
from dalang.scene.signs import OBJECTIVE, PASSIVE, POSSESSIVES, Kind, Sign
from dalang.scene.traits import MUTUAL, RELATIONS, WORDS

BODIES = (Kind.SUBJECT, Kind.UNKNOWN)
ALWAYS = frozenset(("he", "she", "they", "ia"))
"""Pronouns that are never an object."""
SEATS = frozenset(("chair", "couch", "bed", "table", "bench", "desk", "stool", "armchair", "sofa", "throne"))
"""What somebody is on or at while he does something to another thing."""


@dataclass(frozen=True)
class Deed:
    actor: int
    """Position of the doer's sign; below 0: of `pronouns.before`."""
    at: int
    """Position of the verb's sign."""
    verb: str
    partner: int | None = None


@dataclass
class _Clause:
    """What a reader knows of the clause that he is in."""

    main: list[int] = field(default_factory=list)
    """Those it is about; several where they are joined."""
    last: int | None = None
    """Who was named last."""
    known: list[int] = field(default_factory=list)
    """Those the last sentence was about."""
    named: list[int] = field(default_factory=list)
    """All who were named, the last one first."""
    opens: bool = True
    """Whether who is named next may begin a clause."""
    fresh: int | None = None
    """Who has begun a clause after a verb, until another word joins or ends it."""
    began: bool = False
    """Whether who was named last did."""
    is_apart: bool = False
    """Whether a comma or a conjunction has come since."""
    is_relative: bool = False
    has_verb: bool = False
    looks_on: bool = False
    """Whether the verb before was to watch."""
    is_lens: bool = False
    means: dict[int, int] = field(default_factory=dict)
    """Position of a pronoun → whom it means."""


def deeds(signs: Sequence[Sign], tongue: Tongue, known: Sequence[str] = ()) -> tuple[tuple[Deed, ...], dict[int, int]]:
    """Who does what, in the text's order, and whom its pronouns mean; those who are joined do it each.

    `known` are the names of those shown before the text. What the camera does is left out.
    """
    clause = _Clause()
    return tuple(_deeds(signs, tongue, known, clause)), clause.means


def _deeds(signs: Sequence[Sign], tongue: Tongue, known: Sequence[str], clause: _Clause) -> Iterator[Deed]:
    for at, sign in enumerate(signs):
        if sign.kind is not Kind.VERB:
            _hear(signs, at, tongue, known, clause)
        elif sign.meaning and not clause.is_lens:
            yield from _done(signs, at, tongue, clause)


def _hear(signs: Sequence[Sign], at: int, tongue: Tongue, known: Sequence[str], clause: _Clause) -> None:
    """Take in a sign that is no verb."""
    sign, words = signs[at], WORDS[tongue]
    if sign.kind is Kind.STOP:
        _end(clause)
    elif sign.kind in BODIES:
        _name(signs, at, tongue, clause)
    elif sign.kind is Kind.PRONOUN and sign.text not in POSSESSIVES:
        _mean(signs, at, known, clause)
    elif sign.kind is Kind.LENS:
        clause.is_lens = True
    elif sign.kind is Kind.PAUSE or sign.text in words["clause"]:
        clause.is_apart, clause.opens, clause.is_lens, clause.fresh = True, True, False, None
    elif sign.text in words["and"] and not _joins_clothes(signs, at, tongue):
        clause.is_apart, clause.opens, clause.fresh = True, True, None
    elif sign.text in words["relative"]:
        clause.is_relative = True
    elif sign.text == "of":
        clause.is_lens = False
    elif sign.kind is Kind.LINK and not (tongue == "zh" and (sign.text == "的" or sign.text in words["wear"])):
        clause.opens = False


def _joins_clothes(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    """Whether two garments stand about a conjunction."""
    ahead = noun_from(signs, at, 1, tongue) if signs[at - 1].kind is Kind.GARMENT else None
    if ahead is None and at + 1 < len(signs) and signs[at + 1].text in ("a", "an", "the"):
        ahead = noun_from(signs, at + 1, 1, tongue)
    return ahead is not None and signs[at - 1].kind is Kind.GARMENT and signs[ahead].kind is Kind.GARMENT


def _end(clause: _Clause) -> None:
    clause.known = clause.main or clause.known
    clause.main, clause.last, clause.opens, clause.fresh = [], None, True, None
    clause.is_apart = clause.is_relative = clause.has_verb = clause.looks_on = False
    clause.is_lens = False


def _name(signs: Sequence[Sign], at: int, tongue: Tongue, clause: _Clause) -> None:
    joined = is_joined(signs, at, tongue)
    if (joined or not signs[at].is_placed) and not clause.has_verb and (clause.opens or not clause.main):
        clause.main.append(at)
    clause.began = clause.opens and not signs[at].is_placed
    if clause.began and clause.has_verb and signs[at].meaning in ANIMATE:
        clause.fresh = at
    clause.last, clause.opens = at, False
    clause.named.insert(0, at)
    clause.is_apart = clause.is_relative = clause.is_lens = False


def is_joined(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    """Whether a subject stands beside the one before it: "a girl and a boy"."""
    lead = lead_of(signs, at)
    if lead < 1 or signs[lead].text not in WORDS[tongue]["and"]:
        return False
    return signs[lead - 1].kind in (*BODIES, Kind.GARMENT) or lead_of(signs, lead) < 0


def lead_of(signs: Sequence[Sign], at: int) -> int:
    """The position of what stands before a phrase; -1 at the start."""
    at -= 1
    while at >= 0 and (signs[at].kind in LOOKS or signs[at].kind in (Kind.ADJECTIVE, Kind.WORD)):
        at -= 1
    return at


def _mean(signs: Sequence[Sign], at: int, known: Sequence[str], clause: _Clause) -> None:
    """A pronoun means those it was about, and is somebody who acts unless it stands as an object."""
    if clause.is_lens:
        return
    others = meant(signs, at, clause.main or clause.known, known)
    if not others:
        return
    clause.means[at] = others[0]
    owns = at + 1 < len(signs) and signs[at + 1].text == "的"
    if owns or signs[at].text in OBJECTIVE or not (clause.opens or signs[at].text in ALWAYS):
        return
    clause.main = others
    clause.last, clause.opens, clause.began = clause.main[0], False, True
    clause.is_apart = clause.is_relative = clause.is_lens = False


def _done(signs: Sequence[Sign], at: int, tongue: Tongue, clause: _Clause) -> Iterator[Deed]:
    sign = signs[at]
    actors = _actors(signs, at, tongue, clause)
    partner = _partner(signs, at, actors, tongue, clause)
    if partner is not None and _is_passive(signs, at, tongue, actors):
        actors, partner = [partner], actors[0] if actors else None
    if not _is_descriptive(signs, at):
        clause.has_verb, clause.opens, clause.is_apart = True, False, False
        clause.looks_on = RELATIONS.get(sign.meaning) is Relation.WATCH
    if partner is None and len(actors) > 1 and RELATIONS.get(sign.meaning) in MUTUAL:
        yield Deed(actors[0], at, sign.meaning, actors[1])
    for actor in actors:
        yield Deed(actor, at, sign.meaning, partner if partner != actor else None)


def _is_descriptive(signs: Sequence[Sign], at: int) -> bool:
    """Whether a verb only describes the noun after it: "a sleeping cat", 奔跑的狗."""
    return signs[at].is_within or (at + 1 < len(signs) and signs[at + 1].text == "的")


def _actors(signs: Sequence[Sign], at: int, tongue: Tongue, clause: _Clause) -> list[int]:
    ahead = _ahead(signs, at, tongue)
    if _is_descriptive(signs, at) and ahead is not None:
        return [ahead]
    if clause.last is None:
        carries = _begins(signs, at, tongue) and (signs[at].meaning in RELATIONS or ahead is None)
        carried = clause.known if carries else []
        return clause.main or carried or ([ahead] if ahead is not None else [])
    if clause.last in clause.main:
        return clause.main
    if not clause.is_apart and _acts_itself(signs, at, tongue, clause):
        if clause.began:
            clause.main = [clause.last]
        return [clause.last]
    if clause.fresh is not None:
        clause.main = [clause.fresh]
    return clause.main or [clause.last]


def _begins(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    """Whether a verb opens its sentence, and so tells what the one before was about."""
    k = at - 1
    while k >= 0 and (
        signs[k].kind in (Kind.ADJECTIVE, Kind.DIRECTION)
        or signs[k].text in WORDS[tongue]["clause"]
        or (tongue != "en" and signs[k].kind is Kind.LINK)
    ):
        k -= 1
    return k < 0 or signs[k].kind in (Kind.STOP, Kind.PAUSE)


def _acts_itself(signs: Sequence[Sign], at: int, tongue: Tongue, clause: _Clause) -> bool:
    """Whether who was named last, though not whom the clause is about, does what is said next."""
    if clause.last is None or clause.last < 0:
        return True
    named = signs[clause.last]
    if clause.is_relative and tongue != "zh":
        return True
    if named.is_placed or (named.meaning and named.meaning not in ANIMATE and not clause.began):
        return False
    return clause.began or clause.looks_on or (tongue == "en" and signs[at].text.endswith("ing"))


def _ahead(signs: Sequence[Sign], at: int, tongue: Tongue) -> int | None:
    """Who is named after a verb that comes first: "running through the rain, a girl", 骑着马的女孩."""
    named: list[int] = []
    turned = False
    for k in range(at + 1, len(signs)):
        sign = signs[k]
        if sign.kind is Kind.STOP or (sign.kind is Kind.VERB and named and not _is_descriptive(signs, k)):
            break
        fronted = tongue == "en" and signs[at].text.endswith("ing") and sign.kind is Kind.PAUSE
        turned = turned or fronted or (tongue == "zh" and sign.text == "的")
        if sign.kind in BODIES and (not sign.is_placed or (turned and tongue == "zh")):
            if turned:
                return k
            named.append(k)
    return named[0] if named else None


def _partner(signs: Sequence[Sign], at: int, actors: Sequence[int], tongue: Tongue, clause: _Clause) -> int | None:
    """Whom or what a verb acts on: after it; in Chinese also before it, after 和 or 向."""
    after = _after(signs, at, actors, tongue, clause)
    if RELATIONS.get(signs[at].meaning) is Relation.GIVE:
        return next((k for k in after if k < 0 or signs[k].meaning in ANIMATE), after[0] if after else None)
    if after or tongue != "zh":
        return after[0] if after else None
    k = at - 1
    while k >= 0 and signs[k].kind not in (*BODIES, Kind.STOP, Kind.PAUSE, Kind.VERB):
        k -= 1
    led = k >= 0 and signs[k].kind in BODIES and k not in actors and signs[lead_of(signs, k)].text in WORDS["zh"]["to"]
    return k if led else None


def _after(signs: Sequence[Sign], at: int, actors: Sequence[int], tongue: Tongue, clause: _Clause) -> list[int]:
    found: list[int] = []
    for k in range(at + 1, len(signs)):
        sign = signs[k]
        if sign.kind in (Kind.STOP, Kind.PAUSE) or sign.text in WORDS[tongue]["clause"]:
            break
        if sign.kind is Kind.VERB and not _is_descriptive(signs, k):
            break
        if sign.kind in BODIES and k not in actors:
            if not sign.is_placed or _is_led(signs, k, at, tongue):
                found.append(k)
        elif _is_object(signs, k, tongue):
            found += _whom(signs, k, actors, clause)
    return found


def _is_led(signs: Sequence[Sign], at: int, verb: int, tongue: Tongue) -> bool:
    """Whether the words before a noun lead to it from a verb: "looks at the dog", not "looks on from a chair"."""
    lead = lead_of(signs, at)
    if lead <= verb:
        return lead == verb
    words, relation = WORDS[tongue], RELATIONS.get(signs[verb].meaning)
    if signs[lead].text in words["with"]:
        return relation in (*MUTUAL, Relation.FOLLOW)
    is_where = signs[lead].text in words["where"] and (signs[at].meaning in SEATS or relation is Relation.WATCH)
    return signs[lead].text in words["to"] and not is_where


def _whom(signs: Sequence[Sign], at: int, actors: Sequence[int], clause: _Clause) -> list[int]:
    """Whom a pronoun stands for that is an object: one of those who do not act."""
    if (own := clause.means.get(at)) is not None and own not in actors:
        return [own]
    start = next((k for k in range(at, -1, -1) if signs[k].kind is Kind.STOP), -1)
    near = [other for other in clause.named if other > start]
    others = [other for other in (*near, *clause.known, *clause.named) if other not in actors]
    return meant(signs, at, others, ())[:1] or others[:1]


def _is_object(signs: Sequence[Sign], at: int, tongue: Tongue) -> bool:
    """Whether a pronoun stands for whom something is done to, and leads to no noun."""
    if signs[at].kind is not Kind.PRONOUN or signs[at].text not in WORDS[tongue]["him"]:
        return False
    if at + 1 < len(signs) and signs[at + 1].text == "的":
        return False
    return at + 1 == len(signs) or signs[at + 1].kind in (Kind.STOP, Kind.PAUSE, Kind.LINK, Kind.DIRECTION, Kind.VERB)


def _is_passive(signs: Sequence[Sign], at: int, tongue: Tongue, actors: Sequence[int]) -> bool:
    """Whether the verb is done to whom it is told of."""
    if PASSIVE in signs[at].traits:
        return True
    following = signs[at + 1].text if at + 1 < len(signs) else ""
    if tongue == "en":
        return following == "by" and not signs[at].text.endswith("ing")
    between = range(max(actors, default=0), at)
    return tongue == "zh" and any(signs[k].text in WORDS["zh"]["by"] for k in between)
