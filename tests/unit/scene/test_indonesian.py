"""Indonesian prompts: words lose their affixes, and the head of a phrase is its first."""

from __future__ import annotations

import pytest

from dalang.scene.glossary import glossary
from dalang.scene.indonesian import cut, forms, roots
from dalang.scene.parse import parse
from dalang.scene.plan import Shot


def planned(prompt: str) -> tuple[Shot, str]:
    scene = parse(prompt, 5.0)
    return scene.shots[0], " ".join(scene.warnings)


@pytest.mark.parametrize(
    ("word", "form"),
    [("kucingnya", "kucing"), ("kuda-kuda", "kuda"), ("larilah", "lari"), ("kucing-kucingnya", "kucing")],
)
def test_what_hangs_on_a_word_comes_off(word: str, form: str) -> None:
    assert form in forms([word])


@pytest.mark.parametrize(
    ("word", "root"),
    [("berlari", "lari"), ("mengejar", "kejar"), ("menari", "tari"), ("dikejar", "kejar"), ("menaiki", "naik")],
)
def test_verbs_lose_their_prefix(word: str, root: str) -> None:
    assert root in roots(word)


def test_a_word_without_a_prefix_has_no_root() -> None:
    assert roots("jalan") == []


def test_a_root_may_be_another_word() -> None:
    assert planned("Seekor anjing berjalan di jalan kota")[0].action == "walk"
    assert planned("Jalan raya")[0].place == "street"


@pytest.mark.parametrize(
    ("prompt", "subject", "action"),
    [
        ("Kucing-kucing bermain di taman", "cat", "run"),
        ("Gajah", "elephant", "walk"),
        ("Anjing dikejar kucing", "dog", "run"),
        ("Seorang pria berlari di jalan", "man", "run"),
        ("Seorang wanita bersepeda di tepi pantai", "cycling-woman", "drive"),
        ("Tidak ada anjing, hanya seekor kucing tidur", "cat", "sleep"),
        ("Kupu-kupu terbang di padang bunga", "butterfly", "fly"),
        ("Close-up anjing di jalan", "dog", "walk"),
        ("Orang berjalan di kota", "person", "walk"),
        ("Dua orang gadis berjalan di kota", "girl", "walk"),
        ("Seekor bayi kuda nil berjalan", "hippopotamus", "walk"),
    ],
)
def test_the_head_of_the_first_phrase_is_the_subject(prompt: str, subject: str, action: str) -> None:
    shot, _ = planned(prompt)
    assert (shot.subject, shot.action) == (subject, action)


@pytest.mark.parametrize(
    "prompt",
    [
        "Seekor kucing mainan di atas meja",
        "Patung kuda di alun-alun",
        "Tidak ada anjing di jalan",
        "Awan seperti kelinci",
        "Suara kuda di kejauhan",
        "Kaki gunung saat fajar",
        "Pesawat kertas di langit",
        "Telur mata sapi",
    ],
)
def test_a_word_within_another_is_no_subject(prompt: str) -> None:
    assert planned(prompt)[0].subject is None


@pytest.mark.parametrize(
    ("prompt", "noun"),
    [
        ("Seekor cerpelai mengejar kucing", "cerpelai"),
        ("Dua ekor cerpelai", "cerpelai"),
        ("Cerpelai tidur", "cerpelai"),
    ],
)
def test_an_unknown_head_gives_the_set_alone_and_a_warning(prompt: str, noun: str) -> None:
    shot, told = planned(prompt)
    assert shot.subject is None
    assert f"'{noun}'" in told


def test_english_words_of_film_are_read_within() -> None:
    shot, told = planned("Seekor kucing di pantai saat senja, wide shot, camera pans left")
    assert (shot.subject, shot.place, shot.time, shot.view) == ("cat", "beach", "dusk", "wide")
    assert (shot.camera, told) == ("pan_left", "")


def test_a_plural_of_two_words_is_one_phrase() -> None:
    (first, *_) = cut("Perahu-perahu nelayan berlayar", glossary("id"))
    assert first.text == "perahu nelayan"
