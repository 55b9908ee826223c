"""What stands in quotes is said by the one who is named nearest, as the prompt says, and is no part of the picture."""

from __future__ import annotations

import pytest

from dalang.scene.dialogue import unquoted
from dalang.scene.heard import Line, Tone
from dalang.scene.parse import parse


def said(prompt: str) -> list[tuple[str, str | None, Tone, str]]:
    """(what is said, the subject that says it, how, in which language)."""
    (shot,) = parse(prompt, 5.0).shots
    return [_told(line, [one.subject for one in shot.cast]) for line in shot.dialogue]


def _told(line: Line, cast: list[str]) -> tuple[str, str | None, Tone, str]:
    return line.says, None if line.speaker is None else cast[line.speaker], line.tone, line.language


LINES = (
    ('A girl says softly, "I am home."', ("I am home.", "girl", Tone.GENTLE, "en")),
    ('"I am home," says the girl in an angry voice.', ("I am home", "girl", Tone.ANGRY, "en")),
    ("A girl in a park. “Look at that!” she shouts.", ("Look at that!", "girl", Tone.LOUD, "en")),
    ("A girl says: ‘It’s mine, and it’s old.’", ("It’s mine, and it’s old.", "girl", Tone.PLAIN, "en")),
    ("A girl whispers, 'It's mine.'", ("It's mine.", "girl", Tone.WHISPERING, "en")),
    ('A girl calls, "Selamat pagi, Bu!"', ("Selamat pagi, Bu!", "girl", Tone.PLAIN, "id")),
    ("一个女孩兴奋地喊：“下雪了！”", ("下雪了！", "girl", Tone.EXCITED, "zh")),
    ("一个女孩低声说：「快走。」", ("快走。", "girl", Tone.LOW, "zh")),
    ("一個女孩溫柔地說：『謝謝。』", ("謝謝。", "girl", Tone.GENTLE, "zh")),
    ('Seorang gadis berkata dengan nada marah, "Pergi!"', ("Pergi!", "girl", Tone.ANGRY, "id")),
    ('Seorang gadis menjawab dalam bahasa Inggris, "Fine."', ("Fine.", "girl", Tone.PLAIN, "en")),
)


@pytest.mark.parametrize(("prompt", "line"), LINES, ids=[prompt for prompt, _ in LINES])
def test_a_line_has_its_speaker_tone_and_language(prompt: str, line: tuple[str, str, Tone, str]) -> None:
    assert said(prompt) == [line]


def test_two_speak_in_turn() -> None:
    lines = said('A girl and a knight meet. "Who are you?" asks the girl. "A knight," the knight answers proudly.')
    assert lines == [
        ("Who are you?", "girl", Tone.PLAIN, "en"),
        ("A knight", "knight", Tone.PROUD, "en"),
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        'A sign that reads "OPEN" on a street',
        "写着“欢迎光临”的招牌",
        'Sebuah papan bertuliskan "Dilarang Masuk"',
        'A dog called "Rex" runs',
        "the dog's bone and the cats' bowl",
    ],
)
def test_a_sign_a_name_and_an_apostrophe_are_no_lines(prompt: str) -> None:
    assert parse(prompt, 5.0).shots[0].dialogue == ()


def test_what_is_said_is_not_seen() -> None:
    (shot,) = parse('A girl on a beach says, "A dragon in the desert at night!"', 5.0).shots
    assert (shot.subject, shot.place, shot.time) == ("girl", "beach", "day")


def test_a_quote_at_its_sentence_s_end_ends_it() -> None:
    assert unquoted('She says, "Go." The camera pans left.')[0] == "She says, .  The camera pans left."


def test_a_negative_prompt_can_exclude_what_is_said() -> None:
    (shot,) = parse('A girl says, "I am home."', 5.0, negative="dialogue").shots
    assert shot.dialogue == ()
