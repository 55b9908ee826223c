"""The planner against 120 prompts that were written, with what is in them, before it: `tests/prompts`.

`python -m tests.unit.scene.test_prompts` prints how much is found, by language and element, and every wrong subject.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dalang.scene.lexicon import BUILT
from dalang.scene.nouns import PLURALS, SINGULARS
from dalang.scene.parse import parse
from dalang.scene.plan import Camera, Shot, Time, View, Weather
from dalang.scene.subjects import DOING

FOLDER = Path(__file__).parents[2] / "prompts"
LANGUAGES = ("en", "zh", "id")
DURATION = 15.0

PLACES = {"snowfield": "snow", "open sea": "sea", "city street": "street"}
CAMERAS = {"tracking": "pan_right"}
VIEWS = {"close-up": "close"}
WEATHERS = {"storm": "rain"}
"""What a prompt's file says → the plan's word for it, where they differ."""

ELEMENTS: dict[str, tuple[dict[str, str], frozenset[str]]] = {
    "place": (PLACES, BUILT),
    "time": ({}, frozenset(Time)),
    "weather": (WEATHERS, frozenset(Weather)),
    "camera": (CAMERAS, frozenset(Camera)),
    "view": (VIEWS, frozenset(View)),
}
"""Element → its words, and which of them a plan can hold today."""

Score = Counter[tuple[str, str]]


def files(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.toml"))


def pairs(file: Path) -> Iterator[tuple[dict[str, Any], Shot]]:
    """Each shot that the file expects beside the one that is planned in its place."""
    asked = tomllib.loads(file.read_text(encoding="utf-8"))
    multi = "multi" if len(asked["shots"]) > 1 else "single"
    planned = parse(asked["prompt"], DURATION, negative=asked.get("negative", ""), shots=multi).shots
    yield from zip(asked["shots"], planned, strict=False)


def named(subject: str) -> str | None:
    """The name in SUBJECTS that a file's noun calls; None: there is no picture."""
    return SINGULARS.get(subject) or PLURALS.get(subject)


def shows(subject: str) -> set[str]:
    """Every picture that shows a file's noun, whatever it does."""
    name = named(subject)
    return {name, *(who[name] for who in DOING.values() if name in who)} if name else set()


@cache
def tally(language: str) -> tuple[Score, Score, tuple[str, ...]]:
    """(what was asked for, what was found, the files that show a subject that nobody named)."""
    asked: Score = Counter()
    found: Score = Counter()
    wrong = []
    for file in files(language):
        for want, shot in pairs(file):
            for element, right in _verdicts(want, shot):
                asked[language, element] += 1
                found[language, element] += right
            if shot.subject and not any(shot.subject in shows(each["is"]) for each in want.get("subjects", ())):
                wrong.append(f"{language}/{file.stem} {shot.subject}")
    return asked, found, tuple(wrong)


def _verdicts(want: dict[str, Any], shot: Shot) -> Iterator[tuple[str, bool]]:
    for element, (words, able) in ELEMENTS.items():
        word = words.get(want.get(element, ""), want.get(element, "").replace(" ", "_" if element == "camera" else " "))
        if word in able:
            yield element, getattr(shot, element) == word
    subjects = want.get("subjects", ())
    if subjects and named(subjects[0]["is"]):
        yield "subject", shot.subject in shows(subjects[0]["is"])


def recall(language: str, element: str) -> float:
    asked, found, _ = tally(language)
    return found[language, element] / max(1, asked[language, element])


FLOORS = {
    "en": {"place": 0.7, "time": 0.95, "weather": 0.95, "camera": 0.95, "view": 0.9, "subject": 0.85},
    "zh": {"place": 0.95, "time": 0.95, "weather": 0.95, "camera": 0.95, "view": 0.9, "subject": 0.85},
    "id": {"place": 0.95, "time": 0.95, "weather": 0.95, "camera": 0.95, "view": 0.9, "subject": 0.85},
}
"""A little under what is reached; only ever raised."""


def test_every_language_has_its_forty_prompts() -> None:
    assert [len(files(language)) for language in LANGUAGES] == [40, 40, 40]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("element", [*ELEMENTS, "subject"])
def test_the_planner_finds_what_prompts_name(language: str, element: str) -> None:
    assert recall(language, element) >= FLOORS[language][element], (
        f"{element} of the prompts in tests/prompts/{language}"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_subject_is_shown_that_nobody_named(language: str) -> None:
    assert tally(language)[2] == ()


if __name__ == "__main__":
    for language in LANGUAGES:
        asked, found, wrong = tally(language)
        for element in (*ELEMENTS, "subject"):
            share = f"{found[language, element]} of {asked[language, element]}"
            print(f"{language} {element:<8} {share:>9} {recall(language, element):5.0%}")
        print(f"{language} wrong    {', '.join(wrong) or 'none'}")
