"""Shots that a prompt lists: found in three languages, as long as written, together the clip."""

from __future__ import annotations

import pytest

from dalang.scene.listing import MOST, Part, listed, unfollowed, unlisted

LISTS = (
    ("Shot 1 [0-3s] A cat. Shot 2 [3-5s] A dog.", [("A cat.", 3.0), ("A dog.", 2.0)]),
    ("shot 1 (0–2 sec): a cat; SHOT 2 (2–5 sec): a dog", [("a cat;", 2.0), ("a dog", 3.0)]),
    ("第1个镜头[0-3秒]：一只猫。第2个镜头[3-5秒]：一只狗。", [("一只猫。", 3.0), ("一只狗。", 2.0)]),
    ("镜头一：猫。镜头二：狗。", [("猫。", 2.5), ("狗。", 2.5)]),
    ("Adegan 1: kucing. Adegan 2: anjing.", [("kucing.", 2.5), ("anjing.", 2.5)]),
    ("First shot: a cat. Second shot: a dog.", [("a cat.", 2.5), ("a dog.", 2.5)]),
    ("Shot 1 [0-3s] A cat. Shot 2 [3-9s] A dog.", [("A cat.", 3.0), ("A dog.", 2.0)]),
    ("Shot 1 (3s): A cat. Shot 2 (2s): A dog.", [("A cat.", 3.0), ("A dog.", 2.0)]),
    ("Shot 1, 0-3 seconds: A cat. Shot 2, 3-5 seconds: A dog.", [("A cat.", 3.0), ("A dog.", 2.0)]),
    ("[0:00-0:03] A cat. [0:03-0:05] A dog.", [("A cat.", 3.0), ("A dog.", 2.0)]),
    ("0:00 - 0:01: A cat.\n0:01 - 0:05: A dog.", [("A cat.", 1.0), ("A dog.", 4.0)]),
    ("镜头一（3秒）：猫。镜头二（2秒）：狗。", [("猫。", 3.0), ("狗。", 2.0)]),
    ("第一幕：猫。第二幕：狗。", [("猫。", 2.5), ("狗。", 2.5)]),
    ("Adegan 1 (3 detik): kucing. Adegan 2 (2 detik): anjing.", [("kucing.", 3.0), ("anjing.", 2.0)]),
    ("Bidikan 1, 0-3 detik: kucing. Bidikan 2, 3-5 detik: anjing.", [("kucing.", 3.0), ("anjing.", 2.0)]),
    ("Shot 1 [0-9s] A cat. Shot 2 [9-12s] A dog.", [("A cat.", 2.5), ("A dog.", 2.5)]),
)


@pytest.mark.parametrize(("prompt", "parts"), LISTS, ids=[prompt for prompt, _ in LISTS])
def test_a_list_is_found_with_its_times(prompt: str, parts: list[tuple[str, float]]) -> None:
    assert listed(prompt, 5.0) == ("", tuple(Part(text, seconds) for text, seconds in parts))


@pytest.mark.parametrize(
    "prompt", ["", "a cat", "Shot 1: a cat", "a shot of espresso, then a second shot", "a snapshot 1 of a snapshot 2"]
)
def test_what_is_no_list(prompt: str) -> None:
    assert listed(prompt, 5.0) == (prompt, ())
    assert unlisted(prompt) == prompt


def test_what_stands_before_the_list_is_kept_apart() -> None:
    assert listed("In Tokyo. Shot 1: a cat. Shot 2: a dog.", 4.0)[0] == "In Tokyo."


def test_the_parts_fill_the_clip_and_are_not_endless() -> None:
    parts = listed("".join(f"Shot {number}: a cat. " for number in range(1, 90)), 15.0)[1]
    assert len(parts) == MOST
    assert sum(part.seconds for part in parts) == pytest.approx(15.0)


def test_marks_come_out_as_the_ends_of_sentences() -> None:
    assert unlisted("Shot 1 [0-3s] A cat. Shot 2 [3-5s] A dog.") == "A cat. . A dog."


@pytest.mark.parametrize(
    ("prompt", "preamble"),
    [
        ("Shot 1: a cat. The mood is tense in every shot. Shot 2: a dog.", "The mood is tense in every shot."),
        ("Shot 1: kucing. Shot 2: anjing. Suasananya misterius di semua shot.", "Suasananya misterius di semua shot."),
        ("镜头一：猫。镜头二：狗。全片黑白。", "全片黑白。"),
    ],
)
def test_what_is_said_of_all_shots_is_said_before_them(prompt: str, preamble: str) -> None:
    before, parts = listed(prompt, 5.0)
    assert before == preamble
    assert all(preamble not in part.text for part in parts)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Shot 1 [0-3s] A cat. Shot 2 [3-5s] A dog.", ()),
        ("Shot 1: a cat. Shot 2: a dog.", ()),
        ("a cat", ()),
        ("Shot 1 [0-9s] A cat. Shot 2 [9-12s] A dog.", ("listed times",)),
        ("Shot 1 [3-0s] A cat. Shot 2 [0-0s] A dog.", ("listed times",)),
        ("Adegan 1 (3 detik): kucing. Adegan 2: anjing.", ("listed times",)),
        ("镜头一：猫。" * 11, ("Only 10 of the 11",)),
    ],
)
def test_what_of_a_list_is_not_followed_is_told(prompt: str, told: tuple[str, ...]) -> None:
    sentences = unfollowed(prompt, 5.0)
    assert len(sentences) == len(told)
    assert all(words in sentence for words, sentence in zip(told, sentences, strict=True))
