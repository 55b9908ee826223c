"""Extension adds what a prompt leaves open, in its language, and takes back nothing that it says."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise, product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.samples import IMAGE, TEXT
from tests.unit.scene.prompt_table import PROMPTS

from dalang.models import MODELS
from dalang.prompt import extend
from dalang.prompt.words import LANGUAGES
from dalang.scene.parse import parse
from dalang.scene.take import take
from dalang.scene.unwanted import NOTHING
from dalang.task import VideoRequest

ENGLISH = "A cat walks on the beach at sunset"
CHINESE = "一只猫在海滩上行走，日落"
TRADITIONAL = "一隻貓在海灘上行走，日落"
INDONESIAN = "Seekor kucing berjalan di pantai saat matahari terbenam"
OF_EACH = (ENGLISH, CHINESE, TRADITIONAL, INDONESIAN)

SEEDS = st.integers(0, 2**31 - 1)
DURATIONS = st.integers(2, 15)
TABLE = st.sampled_from([row.prompt for row in PROMPTS if row.prompt])

untimed = settings(deadline=None)

NAMED = ("place", "time", "weather", "camera", "view")


MARK = re.compile(r"(Shot|Adegan) \d \[.*?\]:|第\d[个個][镜鏡][头頭]")


def asked(prompt: str, of: VideoRequest = TEXT, **changes: Any) -> VideoRequest:
    return msgspec.structs.replace(of, prompt=prompt, **changes)


def added(request: VideoRequest) -> str:
    extended = extend(request)
    assert request.prompt in extended, f"the prompt's own words are gone: {extended!r}"
    return MARK.sub("", extended.replace(request.prompt, ""))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (ENGLISH, "shot lens light mood camera"),
        (CHINESE, "景 镜头 光 氛围 镜头缓缓"),
        (TRADITIONAL, "景 鏡頭 光 氛圍 鏡頭緩緩"),
        (INDONESIAN, "bidikan lensa cahaya suasana kamera"),
    ],
)
def test_size_lens_light_mood_and_movement_are_added_in_the_language_of_the_prompt(prompt: str, words: str) -> None:
    said = added(asked(prompt)).lower()
    assert [word for word in words.split() if word not in said] == [], said


@pytest.mark.parametrize(
    "prompt", ["Un gato camina por la playa", "猫が海辺を歩く", "Кошка идёт по пляжу", "xyzzy", "🐈"]
)
def test_other_languages_are_left_alone(prompt: str) -> None:
    assert extend(asked(prompt)) == prompt


def test_speech_does_not_make_the_language() -> None:
    assert "lens" in added(asked('A woman says "今天天气很好，我们一起去公园散步吧" in a garden.'))


@untimed
@given(TABLE, SEEDS, DURATIONS)
def test_the_plan_keeps_all_that_the_prompt_names(prompt: str, seed: int, duration: int) -> None:
    before = take(prompt, duration, NOTHING)
    after = take(extend(asked(prompt, seed=seed, duration=duration)), duration, NOTHING)
    assert after.warnings == before.warnings
    assert after.missing == before.missing
    assert (after.shot.subject, after.shot.action) == (before.shot.subject, before.shot.action)
    assert (after.shot.place, after.shot.time, after.shot.weather) == (
        before.shot.place,
        before.shot.time,
        before.shot.weather,
    )
    for name in NAMED:
        assert getattr(before, name) in (None, getattr(after, name)), f"the prompt's own {name} is gone"


@untimed
@given(TABLE, SEEDS)
def test_one_take_stays_one_take(prompt: str, seed: int) -> None:
    assert len(parse(extend(asked(prompt, seed=seed)), 5).shots) == 1


@untimed
@given(st.text(max_size=300), SEEDS, DURATIONS, st.sampled_from(["single", "multi", None]))
def test_any_text_is_extended_within_the_limit_and_the_same_each_time(
    prompt: str, seed: int, duration: int, shots: Any
) -> None:
    request = asked(prompt, seed=seed, duration=duration, shots=shots)
    assert extend(request) == extend(request)
    assert len(extend(request)) <= MODELS[TEXT.model].limits.prompt


@pytest.mark.parametrize("short_of_the_limit", [0, 1, 30, 60, 90, 200])
@pytest.mark.parametrize("shots", [None, "multi"])
def test_nothing_is_cut_and_nothing_passes_the_limit(short_of_the_limit: int, shots: Any) -> None:
    limit = MODELS[TEXT.model].limits.prompt
    prompt = (ENGLISH + ". ") * 50
    extended = extend(asked(prompt[: limit - short_of_the_limit].strip(), shots=shots))
    assert len(extended) <= limit
    assert prompt[: limit - short_of_the_limit].strip(" .") in extended, "the prompt was cut"


@pytest.mark.parametrize(
    ("prompt", "never"),
    [
        ("A cat on a beach, static camera", "pan|push|pull"),
        ("A still life on a table", "camera"),
        ("固定镜头，一只猫在海滩上", "推进|拉远|平移"),
        ("Seekor kucing di pantai, kamera diam", "bergerak|bergeser"),
        ("Close-up of a cat", "wide|medium|full"),
        ("一只猫的特写", "远景|中景"),
        ("Bidikan lebar seekor kucing", "menengah|close"),
        ("A cat under neon lights", "light,"),
        ("A sad old man in a park", "mood|atmosphere"),
        ("The camera pans left over a city", "camera"),
        ("A dog runs to the left", "right"),
        ("Anime girl in a garden", "lens|mm"),
        ("A man reads in a library", "natural light|sun|sky"),
        ("two men fight in the street", "calm|natural atmosphere"),
        ("a city from dawn to night", "light"),
        ("a street without people", "medium"),
        ("An old couple slowly dances in an empty ballroom", "lively|energetic|natural light"),
        ("A pianist plays a nocturne on the piano", "lively|energetic"),
        ("一对老人缓缓跳舞", "活泼|活力"),
        ("Pasangan tua berdansa perlahan", "ceria|hidup"),
        ("Seorang anak ketakutan di bawah tempat tidur", "tenang|damai"),
        ("a still frame of a mountain", "camera"),
        ("A blackout in the city", "natural light"),
        ("a man runs through an underground parking lot", "natural light"),
        ("演播室里主持人说话", "自然光"),
        ("地下停车场，一个男人奔跑", "自然光"),
        ("Penambang bekerja di dalam tambang", "alami yang"),
    ],
)
def test_what_the_prompt_speaks_of_is_not_spoken_of_again(prompt: str, never: str) -> None:
    for seed in range(20):
        said = added(asked(prompt, seed=seed))
        assert not re.search(never, said, re.IGNORECASE), said


def choices() -> list[tuple[str, str]]:
    return [
        (name, phrase)
        for name, language in LANGUAGES.items()
        for rows in language.added.values()
        for choice in rows
        for phrase in choice.say
    ]


@pytest.mark.parametrize(("language", "phrase"), [pair for pair in choices() if pair[0] == "en"])
def test_no_addition_names_anything_to_see(language: str, phrase: str) -> None:
    found = take(phrase, 5.0, NOTHING)
    assert (found.shot.subject, found.place, found.time, found.weather) == (None, None, None, None)
    assert found.warnings + found.missing == ()


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_can_say_the_same(name: str) -> None:
    def shape(language: str) -> dict[str, list[tuple[str | None, bool]]]:
        return {a: [(row.to, bool(row.say)) for row in rows] for a, rows in LANGUAGES[language].added.items()}

    assert shape(name) == shape("en")


WORDS = sorted({word for _, phrase in choices() for word in re.findall(r"[^\W\d_]{3,}", phrase.lower())})


@untimed
@given(st.sampled_from(OF_EACH), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), SEEDS, DURATIONS)
def test_nothing_that_the_negative_prompt_names_is_added(
    prompt: str, negative: list[str], seed: int, duration: int
) -> None:
    for shots in (None, "multi"):
        request = asked(prompt, seed=seed, duration=duration, negative_prompt=", ".join(negative), shots=shots)
        said = added(request).lower()
        for word in negative:
            assert not re.search(rf"\b{word}\b" if word.isascii() else word, said), f"{word!r} is in {said!r}"


@pytest.mark.parametrize(
    ("negative", "never"), [("warmth", "warm"), ("the close-up", "close"), ("wide shots", "wide"), ("特写", "特写")]
)
def test_a_negative_prompt_may_use_another_form_of_the_word(negative: str, never: str) -> None:
    for prompt, seed, shots in product((ENGLISH, CHINESE), range(8), (None, "multi")):
        assert never not in added(asked(prompt, seed=seed, shots=shots, negative_prompt=negative)).lower()


def test_a_negative_item_of_several_words_leaves_out_only_what_it_names() -> None:
    said = {added(asked(ENGLISH, seed=seed, negative_prompt="people in the light")) for seed in range(8)}
    assert all(" shot" in text for text in said)


@pytest.mark.parametrize("negative", ["camera movement", "zoom, pan", "镜头移动", "gerakan kamera"])
def test_a_negative_prompt_in_any_language_stops_the_camera(negative: str) -> None:
    assert "camera" not in added(asked(ENGLISH, negative_prompt=negative))


def test_an_unwanted_static_camera_moves() -> None:
    assert "camera" in added(asked(ENGLISH, negative_prompt="static, blurry"))


class TestPicture:
    def test_a_picture_shows_framing_and_light_itself(self) -> None:
        said = added(asked(ENGLISH, IMAGE))
        assert re.search("motion.*camera p", said)
        assert not re.search("lens|light|shot", said)

    def test_without_words_it_is_a_short_line_on_movement(self) -> None:
        assert extend(asked(" ", IMAGE)) == "Gentle natural motion. The camera pushes in slowly."

    @pytest.mark.parametrize(
        "given_end", [{"last_image": "https://pictures.example/b.png"}, {"clip": "oss://clip.mp4"}]
    )
    def test_where_the_way_is_given_no_camera_is(self, given_end: dict[str, str]) -> None:
        assert "camera" not in added(asked(ENGLISH, IMAGE, **given_end))

    def test_two_shots_of_it_begin_with_all_of_it(self) -> None:
        extended = extend(asked(ENGLISH, IMAGE, shots="multi"))
        assert extended.startswith(f"Shot 1 [0-2s]: {ENGLISH}. Calm mood. The whole view, the camera p"), extended

    def test_two_shots_of_it_without_words_are_a_plain_list(self) -> None:
        assert extend(asked("", IMAGE, shots="multi")) == (
            "Shot 1 [0-2s]: The whole view, the camera pushes in slowly. "
            "Shot 2 [2-5s]: close-up, the camera pulls back slowly."
        )


class TestShots:
    @untimed
    @given(TABLE, SEEDS, DURATIONS)
    def test_multi_gives_shots_that_look_different_and_fill_the_clip(
        self, prompt: str, seed: int, duration: int
    ) -> None:
        extended = extend(asked(prompt, seed=seed, duration=duration, shots="multi"))
        if extended == prompt:
            return  # a language that is left alone
        shots = parse(extended, duration).shots
        assert len(shots) >= 2, extended
        assert sum(shot.duration for shot in shots) == pytest.approx(duration)
        assert all(a.view is not b.view for a, b in pairwise(shots)), extended

    @untimed
    @given(TABLE, SEEDS)
    def test_multi_keeps_whom_where_and_when_in_each(self, prompt: str, seed: int) -> None:
        before = parse(prompt, 8)
        after = parse(extend(asked(prompt, seed=seed, duration=8, shots="multi")), 8)
        (whole,) = before.shots
        for shot in after.shots:
            assert (shot.subject, shot.place, shot.time) == (whole.subject, whole.place, whole.time)
            assert shot.weather == whole.weather
        assert after.warnings == before.warnings

    @untimed
    @given(TABLE, SEEDS)
    def test_multi_begins_with_the_prompts_own_framing_and_camera(self, prompt: str, seed: int) -> None:
        named = take(prompt, 8, NOTHING)
        first = parse(extend(asked(prompt, seed=seed, duration=8, shots="multi")), 8).shots[0]
        assert named.camera in (None, first.camera)
        assert named.view in (None, first.view)

    @pytest.mark.parametrize("prompt", OF_EACH)
    def test_a_list_is_of_the_prompts_language_in_each_shot(self, prompt: str) -> None:
        extended = extend(asked(prompt, shots="multi", duration=15))
        assert parse(extended, 15).warnings == parse(prompt, 15).warnings

    @pytest.mark.parametrize("prompt", [ENGLISH, CHINESE, INDONESIAN])
    def test_multi_is_a_list_in_every_language(self, prompt: str) -> None:
        assert len(parse(extend(asked(prompt, shots="multi", duration=10)), 10).shots) == 3

    def test_a_static_camera_stays_static_in_every_shot(self) -> None:
        scene = parse(extend(asked("A cat on a beach, static camera", shots="multi")), 5)
        assert {shot.camera for shot in scene.shots} == {"static"}

    def test_the_size_that_the_prompt_names_is_the_first_and_comes_once(self) -> None:
        extended = extend(asked("close-up of a tiger", shots="multi", duration=15))
        assert extended.startswith("Shot 1 [0-3s]: close-up of a tiger. ")
        assert extended.count("close-up") == 1

    LISTS = (
        "Shot 1: a dog runs in the snow. Shot 2: close-up of the dog.",
        "第1个镜头[0-3秒]：一只猫在睡觉。第2个镜头[3-5秒]：它醒来了",
        "Adegan 1: kucing tidur. Adegan 2: kucing bangun",
        "Shot 1: el gato duerme. Shot 2: el gato corre.",
    )

    @pytest.mark.parametrize("shots", ["multi", None])
    @pytest.mark.parametrize("prompt", LISTS)
    def test_a_list_in_the_prompt_is_left_alone(self, prompt: str, shots: Any) -> None:
        assert extend(asked(prompt, shots=shots)) == prompt

    @pytest.mark.parametrize("prompt", LISTS)
    def test_single_makes_it_one_take(self, prompt: str) -> None:
        extended = extend(asked(prompt, shots="single"))
        assert len(parse(extended, 5).shots) == 1
        assert not re.search(r"Shot \d|第\d|Adegan \d", extended)
        assert not re.search(r"\.\s*\.|。\s*\.", extended), extended


def test_importing_it_loads_no_canvas_and_no_http() -> None:
    code = "import dalang.prompt, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert {"numpy", "cv2", "av", "PIL", "httpx"} & set(done.stdout.split()) == set()
