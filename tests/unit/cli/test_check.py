"""`dalang check`."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dalang.cli import check

RIGHT = {"model": "wan2.6-t2v", "input": {"prompt": "a fox\nruns"}, "parameters": {"size": "1280*720", "duration": 7}}
WRONG = {"model": "wan2.5-t2v-preview", "input": {"prompt": "a fox"}, "parameters": {"duration": 7, "seed": -1}}


def checked(*arguments):
    return check.run(check.parser().parse_args(arguments))


def written(name, body):
    Path(name).write_text(json.dumps(body), encoding="utf-8")
    return name


def test_each_problem_has_a_line_with_the_nearest_right_value_and_the_status_is_1(capsys):
    assert checked(written("wrong.json", WRONG)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "parameters.seed: -1 → 0. seed must be between 0 and 2147483647. It is a whole number; without it one is "
        "drawn.",
        "parameters.duration: 7 → 5 or 10. duration must be in 5,10",
    ]


def test_what_is_right_is_shown_as_understood_with_its_price_and_the_status_is_0(capsys):
    assert checked(written("right.json", RIGHT)) == 0
    told = capsys.readouterr().out.splitlines()
    facts = {line.split()[0]: line[18:] for line in told[1:]}
    assert told[0] == "no problems"
    assert (facts["model"], facts["prompt"], facts["size"]) == ("wan2.6-t2v", "a fox runs", "1280*720")
    assert (facts["duration"], facts["sound"], facts["seed"]) == ("7", "true", "drawn at create")
    assert facts["price"].startswith("4.20 CNY: 7 s at 0.60 CNY, the list price of 2026 for a second of wan2.6-t2v at")


def test_a_missing_field_a_field_without_a_guess_and_a_body_have_lines_of_their_own(capsys):
    assert checked(written("a.json", {"model": "wan2.6-i2v", "input": {}, "parameters": {"size": "1280*720"}})) == 1
    assert checked(written("b.json", {"model": "wan2.6-i2v", "input": {"img_url": "ftp://a/b"}})) == 1
    Path("c.json").write_text("[")
    assert checked("c.json") == 1
    told = capsys.readouterr().out
    assert '\nparameters.resolution: absent → "720P". resolution must be in 720P,1080P' in f"\n{told}"
    assert "\ninput.img_url: img_url must be set for image to video method." in told
    assert '\ninput.img_url: "ftp://a/b". Invalid URL provided in your request.' in told
    assert "\nbody: Required body invalid, please check the request body format." in told


def test_of_several_files_each_line_begins_with_the_name(capsys):
    files = [written("right.json", RIGHT), written("wrong.json", WRONG)]
    assert checked(*files) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("  ")]
    assert [line.partition(": ")[0] for line in told] == ["right.json", "wrong.json", "wrong.json"]


def test_standard_input_is_a_file_named_by_a_dash(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(WRONG).encode())))
    assert checked("-", "-", "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["file"], told["is_valid"], len(told["problems"])) == ("-", False, 2)


def test_a_pipe_is_a_file(capsys):
    """As of `dalang check <(make-body)`."""
    reading, writing = os.pipe()
    os.write(writing, json.dumps(RIGHT).encode())
    os.close(writing)
    assert checked(f"/dev/fd/{reading}") == 0
    os.close(reading)


def test_as_json_there_is_an_object_for_each_file(capsys):
    files = [written("right.json", RIGHT), written("wrong.json", WRONG)]
    checked(*files, "--json")
    told = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["is_valid"]) for one in told] == [("right.json", True), ("wrong.json", False)]
    assert told[0]["charge"]["price"] == "4.20"
    assert told[1]["problems"][1]["nearest"] == [5, 10]


def test_another_model_can_be_put_in_its_place(capsys):
    assert checked(written("right.json", RIGHT), "--model", "wan2.2-t2v-plus") == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "parameters.size",
        "parameters.duration",
    ]
    assert checked(written("nameless.json", {"input": {"prompt": "x"}}), "--model", "wan2.6-t2v") == 0


def test_a_region_has_its_own_models_and_prices(capsys):
    assert checked(written("wrong.json", RIGHT), "--region", "eu-central-1") == 1
    assert capsys.readouterr().out.startswith('model: "wan2.6-t2v". Model not exist. wan2.6-t2v is not offered')
    assert checked(written("right.json", RIGHT), "--region", "ap-southeast-1") == 0
    assert "5.137468 CNY: 7 s at 0.733924 CNY" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["nothing.json"], ["."], ["-", "--model", "wan9"], ["-", "--region", "moon"], ["-", "--cloud"]]
)
def test_wrong_usage_is_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        checked(*arguments)
    assert caught.value.code == 2
    assert "usage: dalang check" in capsys.readouterr().err


def test_no_part_of_the_server_is_loaded():
    script = "import sys, dalang.cli.check; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"starlette", "granian", "httpx", "httpcore", "sqlite3", "rich", "numpy"}
