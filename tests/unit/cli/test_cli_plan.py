"""`dalang plan`."""

import json

import pytest

from dalang.cli import main


def test_each_shot_is_a_row_and_each_warning_a_line(capsys):
    assert main(["plan", "Shot 1: a cat runs on a beach. Shot 2: a quokka", "--duration", "6"]) == 0
    head, first, second, warning = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["seconds", "place", "time"]
    assert first.split()[:2] == ["0-3", "beach"]
    assert first.split()[-3:] == ["cat", "run", "-"]
    assert second.startswith("3-6")
    assert warning == "warning: No picture for 'quokka'; the set is shown without a subject."


def test_json_is_the_plan(capsys):
    assert main(["plan", "一只猫在街道上", "--json", "--negative", "花", "--shots", "multi", "--duration", "5"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [shot["subject"] for shot in plan["shots"]] == ["cat", "cat"]
    assert {shot["place"] for shot in plan["shots"]} == {"street"}
    assert plan["shots"][0]["without"] == ["flowers"]


@pytest.mark.parametrize("duration", ["0", "-1", "61", "nan", "long"])
def test_a_duration_that_no_clip_has_is_wrong_usage(duration, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "a cat", "--duration", duration])
    assert stopped.value.code == 2
    assert "--duration" in capsys.readouterr().err
