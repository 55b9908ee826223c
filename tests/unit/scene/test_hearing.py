"""What a prompt says is heard is heard, and not seen."""

from __future__ import annotations

import pytest

from dalang.scene.heard import Music, Tempo, Tongue
from dalang.scene.hearing import hearing
from dalang.scene.instruments import GENRES, INSTRUMENTS
from dalang.scene.noises import NOISES
from dalang.scene.parse import parse

SOUNDS = (
    ("A cat on a beach. We hear waves, gulls and a distant dog.", ("waves", "seagull", "dog")),
    ("A cat. Sound: rain on a window, a ticking clock.", ("rain", "clock")),
    ("A cat in a room, footsteps, thunder.", ("footsteps", "thunder")),
    ("A cat. The sound of a train is heard.", ("train",)),
    ("海边的一只猫，能听到海浪和海鸥的叫声。", ("waves", "seagull")),
    ("一只猫，远处传来狗叫声、钟声。", ("dog", "bell")),
    ("Seekor kucing di pantai, terdengar suara ombak dan burung camar.", ("waves", "seagull")),
    ("Seekor kucing, suara langkah kaki, guntur.", ("footsteps", "thunder")),
)


@pytest.mark.parametrize(("prompt", "sounds"), SOUNDS, ids=[prompt for prompt, _ in SOUNDS])
def test_sounds_are_heard_and_cast_nobody(prompt: str, sounds: tuple[str, ...]) -> None:
    (shot,) = parse(prompt, 5.0).shots
    assert set(shot.sounds) == set(sounds)
    assert [one.subject for one in shot.cast] == ["cat"]


MUSIC = (
    ("A cat, slow piano music", Music(instrument="piano", tempo=Tempo.SLOW)),
    ("A cat. Music: a lively waltz on a violin.", Music(instrument="violin", genre="waltz", tempo=Tempo.FAST)),
    ("A cat. Jazz plays.", Music(genre="jazz")),
    ("一只猫，配乐是舒缓的大提琴曲", Music(instrument="cello", tempo=Tempo.SLOW)),
    ("一只猫，急促的鼓点响起", Music(instrument="drums", tempo=Tempo.FAST)),
    ("Seekor kucing, diiringi musik biola yang lambat", Music(instrument="violin", tempo=Tempo.SLOW)),
    ("A cat, the mood is joyful", Music()),
    ("A cat on a beach", None),
    ("A cat, the mood is joyful, no music", None),
    ("一只猫，气氛欢快，没有音乐", None),
    ("Seekor kucing, suasana gembira, tanpa musik", None),
)


@pytest.mark.parametrize(("prompt", "music"), MUSIC, ids=[prompt for prompt, _ in MUSIC])
def test_music_is_what_is_named_else_what_the_mood_asks_for(prompt: str, music: Music | None) -> None:
    assert parse(prompt, 5.0).shots[0].music == music


def test_a_negative_prompt_can_exclude_music() -> None:
    assert parse("A cat, slow piano music", 5.0, negative="music").shots[0].music is None


@pytest.mark.parametrize("prompt", ["A rock star", "A classical temple", "a violin on a table", "a horse with a bell"])
def test_things_that_could_sound_are_not_heard(prompt: str) -> None:
    (shot,) = parse(prompt, 5.0).shots
    assert (shot.music, shot.sounds) == (None, ())


@pytest.mark.parametrize("prompt", ["An owl hoots at night", "A wolf howls in the snow"])
def test_who_is_seen_to_make_a_sound_stays_in_the_picture(prompt: str) -> None:
    (shot,) = parse(prompt, 5.0).shots
    assert shot.subject in ("owl", "wolf")
    assert shot.sounds == (shot.subject,)


OPENINGS: dict[Tongue, tuple[str, str]] = {
    "en": ("we hear {}.", "slow {} music"),
    "zh": ("听到{}。", "{}音乐"),
    "id": ("terdengar {}.", "musik {}"),
}


@pytest.mark.parametrize("tongue", OPENINGS)
def test_every_sound_and_kind_of_music_can_be_named(tongue: Tongue) -> None:
    heard, played = OPENINGS[tongue]
    for noise in NOISES.values():
        word = {"en": noise.words, "zh": noise.zh, "id": noise.id}[tongue][0]
        assert noise.name in hearing(heard.format(word), tongue).sounds, word
    for row in (*INSTRUMENTS.values(), *GENRES.values()):
        word = {"en": row.words, "zh": row.zh, "id": row.id}[tongue][0]
        music = hearing(played.format(word), tongue).music
        assert music is not None, word
        assert row.name in (music.instrument, music.genre), word
