"""`dalang plan`."""

import json

import pytest

from dalang.cli import main


def test_each_shot_is_a_block_and_each_warning_a_line(capsys):
    assert main(["plan", "Shot 1: a cat runs on a beach. Shot 2: a quokka", "--duration", "6"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line for line in out if not line.startswith(" ")] == [
        "shot 1, 0-3 s",
        "shot 2, 3-6 s",
        "warning: No picture for 'quokka'; the set is shown without a subject.",
    ]
    assert "  scene    beach · day" in out
    assert "  cast     cat; run" in out


def test_all_that_a_shot_holds_is_told(capsys):
    prompt = (
        "A foggy autumn night in an alley, noir, low angle, handheld, neon light, smoke. The mood is tense. "
        'A woman says softly, "Hello." We hear footsteps and a slow piano.'
    )
    assert main(["plan", prompt, "--negative", "cars"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "shot 1, 0-5 s",
        "  scene    alley · night · fog · autumn · tense · neon light · noir",
        "  camera   handheld, low angle",
        "  cast     woman; say",
        "  says     woman, gentle (en): Hello.",
        "  music    slow piano",
        "  sounds   footsteps",
        "  effects  smoke",
        "  without  traffic",
    ]


def test_a_performer_is_told_with_looks_deed_partner_and_clothes(capsys):
    assert main(["plan", "A fox in a black hat chases a small white dog to the left"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert "  cast     fox; chase the dog left; wears black hat" in out
    assert any(line.startswith("  cast     small white dog;") for line in out)


def test_what_nobody_named_is_left_out(capsys):
    assert main(["plan", "a cat on a beach"]) == 0
    out = capsys.readouterr().out
    assert not any(name in out for name in ("says", "music", "sounds", "effects", "without", "clear", "medium", "eye"))


def test_music_of_a_mood_says_so(capsys):
    assert main(["plan", "a cat on a beach, the mood is joyful"]) == 0
    assert "  music    as the mood has it: joyful" in capsys.readouterr().out.splitlines()


def test_json_is_the_plan(capsys):
    assert main(["plan", "一只猫在街道上", "--json", "--negative", "花", "--shots", "multi", "--duration", "5"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [[one["subject"] for one in shot["cast"]] for shot in plan["shots"]] == [["cat"], ["cat"]]
    assert {shot["place"] for shot in plan["shots"]} == {"street"}
    assert plan["shots"][0]["without"] == ["flowers"]


@pytest.mark.parametrize("duration", ["0", "-1", "61", "nan", "long"])
def test_a_duration_that_no_clip_has_is_wrong_usage(duration, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "a cat", "--duration", duration])
    assert stopped.value.code == 2
    assert "--duration" in capsys.readouterr().err
