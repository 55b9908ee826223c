"""Which language a text is in."""

from __future__ import annotations

import pytest

from dalang.scene.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("CAT", "en"),
        ("A cat walks on the beach", "en"),
        ("quokka", "en"),
        ("一只猫", "zh"),
        ("一隻貓在沙灘上，wide shot", "zh"),
        ("kucing", "id"),
        ("Kucing berlari, slow motion, tracking shot", "id"),
        ("sunset di pantai, slow zoom in", "id"),
        ("Un gato camina por la playa", None),
        ("Ein Hund läuft durch die Stadt und das ist der Park", None),
        ("猫がビーチを歩く", None),
        ("Кошка идёт по пляжу", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(text) == language
