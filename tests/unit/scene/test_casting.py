"""The performers of a text: everyone it names, as it says they look, and what they do to one another."""

from __future__ import annotations

import pytest

from dalang.scene.parse import parse
from dalang.scene.performer import Action, Bond, Colour, Performer, Relation
from dalang.scene.plan import Scene

SHOTS = """Shot 1: a little girl in a yellow raincoat walks through an alley. Shot 2: a street, a black dog barks.
Shot 3: the girl hugs the dog. Shot 4: she smiles."""


def cast(prompt: str, negative: str = "") -> tuple[Performer, ...]:
    (shot,) = parse(prompt, 5.0, negative=negative, shots="single").shots
    return shot.cast


def told(scene: Scene) -> str:
    return " ".join(scene.warnings)


def wears(performer: Performer) -> list[tuple[str, Colour | None]]:
    return [(garment.name, garment.colour) for garment in performer.wears]


ALIKE = (
    "A grey cat chases two blue butterflies",
    "一只灰色的猫追着两只蓝色的蝴蝶",
    "Seekor kucing abu-abu mengejar dua ekor kupu-kupu biru",
)


@pytest.mark.parametrize("prompt", ALIKE)
def test_every_language_casts_the_same(prompt: str) -> None:
    cat, butterfly = cast(prompt)
    assert (cat.subject, cat.colour, cat.verb, cat.action) == ("cat", "grey", "chase", Action.RUN)
    assert cat.bond == Bond(relation=Relation.CHASE, partner=1)
    assert (butterfly.subject, butterfly.count, butterfly.colour) == ("butterfly", 2, "blue")
    assert butterfly.action is Action.FLY, "who is chased flees as it can"


DRESSED = (
    "A fox wearing a beige trench coat and a grey fedora",
    "一只穿着米色风衣、戴着灰色礼帽的狐狸",
    "Seekor rubah memakai jas panjang krem dan topi fedora abu-abu",
)


@pytest.mark.parametrize("prompt", DRESSED)
def test_all_that_is_worn_is_on_the_one_who_wears_it(prompt: str) -> None:
    (fox,) = cast(prompt)
    assert wears(fox) == [("trench-coat", "beige"), ("fedora", "grey")]
    assert fox.colour is None, "the coat's colour is not the fox's"


@pytest.mark.parametrize(
    ("prompt", "direction"),
    [
        ("A cat walks to the left", "left"),
        ("A dog runs towards the camera", "towards"),
        ("A bird flies away", "away"),
        ("一只狗向右跑", "right"),
        ("一个女孩朝镜头走来", "towards"),
        ("Seekor kucing berjalan ke kiri", "left"),
        ("Seekor anjing berlari menjauh", "away"),
        ("A cat walks. The camera pans left", None),
        ("一只猫走着，镜头向左摇", None),
    ],
)
def test_a_direction_is_that_of_who_goes_there(prompt: str, direction: str | None) -> None:
    assert cast(prompt)[0].direction == direction


@pytest.mark.parametrize(
    ("prompt", "colour"),
    [
        ("A woman with red hair", None),
        ("A blue-eyed cat", None),
        ("蓝眼睛的猫", None),
        ("Seorang gadis berambut merah", None),
        ("A black man walks", None),
        ("A scarlet bus", "red"),
        ("一辆深蓝色的汽车", "blue"),
        ("Sebuah mobil merah marun", "red"),
        ("The cat is black", "black"),
    ],
)
def test_hair_eyes_and_skin_do_not_paint_the_subject(prompt: str, colour: str | None) -> None:
    assert cast(prompt)[0].colour == colour


@pytest.mark.parametrize(
    ("prompt", "age"),
    [
        ("An elderly woman", "old"),
        ("A woman, seventy-eight years old, knits", "old"),
        ("A boy aged six", "child"),
        ("一个八岁的女孩", "child"),
        ("年迈的渔夫", "old"),
        ("Seorang wanita berusia 70 tahun", "old"),
        ("Bayi gajah", "baby"),
    ],
)
def test_ages_are_told_in_words_and_in_years(prompt: str, age: str) -> None:
    assert cast(prompt)[0].age == age


@pytest.mark.parametrize(
    ("prompt", "size"),
    [
        ("A little girl runs", None),
        ("一个小女孩在跑", None),
        ("Seorang anak kecil berlari", None),
        ("A tiny girl runs", "tiny"),
        ("A little dog runs", "small"),
    ],
)
def test_little_tells_the_age_of_a_child_and_the_size_of_others(prompt: str, size: str | None) -> None:
    assert cast(prompt)[0].size == size


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("A pair of swans", 2),
        ("A dozen horses", 12),
        ("A herd of elephants", 5),
        ("Dogs run", 3),
        ("三个戴着帽子的女孩", 3),
        ("一群马", 5),
        ("Sepasang kuda", 2),
        ("Kucing-kucing bermain", 3),
    ],
)
def test_how_many_there_are(prompt: str, count: int) -> None:
    assert cast(prompt)[0].count == count


@pytest.mark.parametrize(
    ("prompt", "relation"),
    [
        ("A boy gives a girl a flower", Relation.GIVE),
        ("A girl and a boy hug", Relation.HUG),
        ("女孩把花递给男孩", Relation.GIVE),
        ("一个男孩和一个女孩相遇", Relation.MEET),
        ("Seorang gadis memeluk seekor anjing", Relation.HUG),
        ("A knight on a white horse", Relation.RIDE),
        ("骑着马的女孩", Relation.RIDE),
        ("A boy with a red balloon", None),
        ("A girl holds an umbrella", Relation.HOLD),
    ],
)
def test_what_they_do_to_one_another(prompt: str, relation: Relation | None) -> None:
    lead = cast(prompt)[0]
    assert (lead.bond.relation if lead.bond else None) == relation


def test_the_passive_turns_doer_and_sufferer() -> None:
    for prompt in ("A cat chased by a dog", "猫被狗追赶", "Kucing dikejar anjing"):
        lead, other = cast(prompt)
        assert (lead.subject, other.subject, other.verb) == ("cat", "dog", "chase"), prompt
        assert other.bond == Bond(relation=Relation.CHASE, partner=0), prompt


def test_what_sets_the_scene_is_shown_but_never_leads() -> None:
    assert [each.subject for each in cast("On a sofa, a cat sleeps")] == ["cat", "couch"]


def test_who_is_told_apart_is_two_and_who_is_named_again_is_one() -> None:
    assert len(cast("A man in a red shirt meets a man in a blue shirt")) == 2
    assert len(cast("A cat sits by the sea. The cat sleeps.")) == 1
    assert len(cast("An old fisherman mends a net. The man smiles.")) == 1


def test_a_cast_has_five_at_most_and_says_whom_it_leaves_out() -> None:
    scene = parse("A cat, a dog, a horse, a cow, a pig and a goat stand in a meadow", 5.0)
    assert [each.subject for each in scene.shots[0].cast] == ["cat", "dog", "horse", "cow", "pig"]
    assert told(scene) == "Only 5 subjects are shown, not the goat."


def test_who_has_no_picture_is_left_out_and_told() -> None:
    scene = parse("A quokka and a cat run", 5.0)
    assert [each.subject for each in scene.shots[0].cast] == ["cat"]
    assert told(scene) == "No picture for 'quokka'; it is left out."


def test_the_negative_prompt_takes_a_performer_away_and_its_bond() -> None:
    (cat,) = cast("A cat chases a dog", negative="dogs")
    assert (cat.subject, cat.bond) == ("cat", None)


def test_she_is_nobody_who_is_no_woman() -> None:
    wizard, princess, crown = cast("The old wizard gives the young princess a golden crown. She smiles.")
    assert (wizard.verb, princess.verb, crown.verb) == ("give", "smile", None)


def test_a_later_shot_keeps_colour_and_clothes() -> None:
    shots = parse(SHOTS, 12.0).shots
    girl, dog = shots[2].cast
    assert (girl.subject, wears(girl)) == ("girl", [("raincoat", "yellow")])
    assert (dog.subject, dog.colour) == ("dog", "black")
    assert girl.bond == Bond(relation=Relation.HUG, partner=1)


def test_a_pronoun_means_whom_the_shot_before_showed() -> None:
    last = parse(SHOTS, 12.0).shots[3].cast
    assert [(each.subject, each.verb) for each in last] == [("girl", "smile")]


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("A bear dances", Action.DANCE),
        ("A man falls", Action.FALL),
        ("A boy waves", Action.WAVE),
        ("A baby crawls", Action.CRAWL),
        ("A goat climbs a hill", Action.CLIMB),
        ("A cook stirs a soup", Action.WORK),
        ("A dog barks", Action.TALK),
        ("一个男孩坐在草地上", Action.SIT),
        ("Seekor kucing tidur", Action.SLEEP),
    ],
)
def test_living_subjects_do_what_bodies_can(prompt: str, action: Action) -> None:
    assert cast(prompt)[0].action is action


def test_a_car_cannot_dance() -> None:
    scene = parse("A car dances", 5.0)
    assert scene.shots[0].action is Action.DRIVE
    assert told(scene) == "The car is shown to drive, not to dance."


HERDS = ("40 dogs run on a beach", "两百只狗在沙滩上跑", "dua puluh ekor anjing berlari di pantai")


@pytest.mark.parametrize("prompt", HERDS)
def test_more_than_a_dozen_are_a_herd(prompt: str) -> None:
    assert [(each.subject, each.count) for each in parse(prompt, 5.0).shots[0].cast] == [("dog", 12)]
