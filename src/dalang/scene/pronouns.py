"""Whom a pronoun means."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.scene.signs import Kind, Sign
from dalang.scene.subjects import SUBJECTS, of_kinds
from dalang.scene.tokens import singular
from dalang.scene.traits import WORDS

PEOPLE = of_kinds("people", "fantasy")
BEASTS = of_kinds("animals", "birds", "sea")
LIVING = PEOPLE | BEASTS
SEXES = {"he": "male", "him": "male", "his": "male", "他": "male", "she": "female", "her": "female", "她": "female"}
SEVERAL = frozenset(("they", "them", "mereka", "它们", "他们", "她们"))
NEUTRAL = frozenset(("it", "its", "它"))


def sex_of(name: str, said: str = "") -> str | None:
    """ "female" or "male" where the word that calls a subject, or else all its first words, tell; None: of either."""
    words = (said,) if said in SUBJECTS[name].words else SUBJECTS[name].words[:3]
    told = {_sex(word) for word in words}
    return told.pop() if len(told) == 1 else None


def _sex(phrase: str) -> str | None:
    words = phrase.replace("'s", "").split()
    return next((sex for sex in ("female", "male") if any(_tells(word, sex) for word in words)), None)


def _tells(word: str, sex: str) -> bool:
    """Whether a word is, or ends as, one for this sex: "policewoman"."""
    ending = "woman" if sex == "female" else "man"
    return word in WORDS["en"][sex] or (word.endswith(ending) and word != "human")


def before(place: int) -> int:
    """The position that stands for who is at a place of the cast known before the text."""
    return -1 - place


def meant(signs: Sequence[Sign], at: int, main: Sequence[int], known: Sequence[str]) -> list[int]:
    """Positions of those whom the pronoun at a position means: of `main`, else of all named before, else of `known`."""
    text = signs[at].text
    named = [k for k in range(at - 1, -1, -1) if signs[k].kind in (Kind.SUBJECT, Kind.UNKNOWN)]
    others = [before(place) for place in range(len(known))]
    if text in SEVERAL:
        return list(main) or named[:1] or others
    near = (*main, *named)
    if text in SEXES:
        near = (*sorted(near, key=lambda k: k >= 0 and signs[k].meaning in BEASTS),)
    fitting = (k for k in (*near, *others) if _fits(signs[k] if k >= 0 else None, k, known, text))
    return [found] if (found := next(fitting, None)) is not None else []


def _fits(sign: Sign | None, at: int, known: Sequence[str], pronoun: str) -> bool:
    if sign is not None and sign.kind is Kind.UNKNOWN:
        return True
    name = sign.meaning if sign else known[-1 - at]
    if pronoun in NEUTRAL:
        return name not in PEOPLE
    if pronoun in SEXES and name not in LIVING:
        return False
    sex = sex_of(name, singular(sign.text) if sign else "")
    return SEXES.get(pronoun) in (None, sex) or sex is None
