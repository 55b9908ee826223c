"""Chinese prompts: words are the longest known ones, and the head of a phrase is its last."""

from __future__ import annotations

import pytest

from dalang.scene.chinese import cut
from dalang.scene.glossary import glossary
from dalang.scene.parse import parse
from dalang.scene.plan import Shot
from dalang.scene.units import affirmed


def planned(prompt: str) -> tuple[Shot, str]:
    scene = parse(prompt, 5.0)
    return scene.shots[0], " ".join(scene.warnings)


def texts(prompt: str) -> list[str]:
    return [unit.text for unit in cut(prompt, glossary("zh"))]


def test_the_longest_word_wins() -> None:
    assert texts("一只小猫在沙滩上") == ["一只", "小猫", "在", "沙滩", "上"]


def test_unknown_letters_stay_together() -> None:
    assert texts("一只鼩鼱在跑") == ["一只", "鼩鼱", "在", "跑"]


def test_traditional_letters_are_read_as_simplified_ones() -> None:
    assert texts("一隻貓在沙灘上奔跑") == texts("一只猫在沙滩上奔跑")


def test_english_words_of_film_are_read_within() -> None:
    shot, _ = planned("一只猫在沙滩上，Pan Left，wide shot")
    assert (shot.subject, shot.camera, shot.view) == ("cat", "pan_left", "wide")


def test_speech_shows_nothing() -> None:
    assert planned("女孩说：“我的猫在下雪的沙漠里”")[0].subject == "girl"
    assert planned("“猫在沙漠”")[0].place == "meadow"


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("一匹马在草原上奔跑", "horse"),
        ("骑着马的女孩", "girl"),
        ("猫的特写", "cat"),
        ("女孩的脸", "girl"),
        ("奔跑的狗", "dog"),
        ("人们走在街头", "person"),
        ("马路上的汽车", "car"),
        ("两位穿汉服的少女在跳舞", "girl"),
        ("没有狗，只有一只猫", "cat"),
    ],
)
def test_the_head_of_the_first_phrase_is_the_subject(prompt: str, subject: str) -> None:
    assert planned(prompt)[0].subject == subject


@pytest.mark.parametrize(
    "prompt",
    [
        "空荡荡的马路",
        "没有猫的街道",
        "一片云像一只兔子",
        "飞机票放在桌子上",
        "恐龙玩具放在桌子上",
        "汽车的颜色",
        "自行车道",
        "鸟瞰城市",
        "水龙头在滴水",
        "令人难忘的夜晚",
        "清晨起床",
    ],
)
def test_a_word_within_another_is_no_subject(prompt: str) -> None:
    assert planned(prompt)[0].subject is None


@pytest.mark.parametrize(
    ("prompt", "noun"), [("一只鼩鼱追着一只猫", "鼩鼱"), ("鼩鼱正在看一只狗", "鼩鼱"), ("一台离心机", "离心机")]
)
def test_an_unknown_head_gives_the_set_alone_and_a_warning(prompt: str, noun: str) -> None:
    shot, told = planned(prompt)
    assert shot.subject is None
    assert f"'{noun}'" in told


def test_what_is_negated_is_gone_up_to_its_end() -> None:
    kept = affirmed(cut("没有猫的街道，一只狗", glossary("zh")))
    assert [unit.text for unit in kept] == [",", "的", "街道", ",", "一只", "狗"]


def test_a_plan_holds_all_that_is_named() -> None:
    shot, told = planned("黄昏，一辆红色跑车在下雨的街道上飞驰，远景，镜头慢慢拉远")
    assert (shot.subject, shot.action, shot.place, shot.time) == ("car", "drive", "street", "dusk")
    assert (shot.weather, shot.camera, shot.view, told) == ("rain", "dolly_out", "wide", "")


def test_traditional_shot_lists_are_followed() -> None:
    shots = parse("第1個鏡頭[0-2秒] 一隻貓。第2個鏡頭[2-5秒] 一隻狗。", 5.0).shots
    assert [(shot.subject, shot.duration) for shot in shots] == [("cat", 2.0), ("dog", 3.0)]


def test_the_warmth_of_a_kitchen_is_no_firework() -> None:
    assert not parse("厨房里烟火气十足", 5.0).shots[0].effects
    assert parse("夜空中绽放烟火", 5.0).shots[0].effects == {"fireworks"}


def test_a_library_is_a_room_whoever_reads_in_it() -> None:
    assert parse("一位女子在图书馆看书", 5.0).shots[0].place == "living room"


@pytest.mark.parametrize(
    "craft", ["低饱和度", "对称构图", "镜头匀速推近", "临场感十足", "高对比度", "焦点清晰", "速度极慢"]
)
def test_words_of_the_craft_are_no_missing_subjects(craft: str) -> None:
    assert parse(f"深夜的街道，{craft}。", 5.0).warnings == ()
