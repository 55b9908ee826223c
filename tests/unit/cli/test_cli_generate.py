"""`dalang generate` against a small service: files, results, interrupts."""

import json
import os
import signal
from pathlib import Path

import pytest
from video_service import VIDEO, serving

from dalang.cli import main
from dalang.cli.generate import size

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def service(monkeypatch):
    with serving("PENDING", "RUNNING", "SUCCEEDED") as service:
        monkeypatch.setenv("DALANG_URL", service.url)
        monkeypatch.setenv("DALANG_API_KEY", "sk-secret")
        yield service


def test_the_result_is_a_file_and_its_path_on_standard_output(service, capsys):
    assert main(["generate", "a boat", "-o", "new/a.mp4"]) == 0
    assert Path("new/a.mp4").read_bytes() == VIDEO
    told = capsys.readouterr()
    assert told.out == "new/a.mp4\n"
    assert service.url in told.err.splitlines()[0], "the first line says where the order goes"
    assert "sk-secret" not in told.err
    assert "warning: no quokka" in told.err


def test_a_pipe_gets_lines(service, capsys):
    main(["generate", "a boat"])
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:5] == ["task t-1", "a boat: PENDING", "a boat: RUNNING", "a boat: SUCCEEDED"]


def test_without_a_name_the_file_gets_the_tasks(service, capsys):
    main(["generate", "a boat"])
    assert capsys.readouterr().out == "t-1.mp4\n"
    assert Path("t-1.mp4").exists()


def test_json_tells_all(service, capsys):
    main(["generate", "a boat", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["status"], told["path"], told["seed"]) == ("t-1", "SUCCEEDED", "t-1.mp4", 7)


def test_options_become_the_order(service):
    Path("first.png").write_bytes(PNG)
    main(["generate", "a boat", "--image", "first.png", "--resolution", "720P", "--duration", "5", "--seed", "7"])
    order = service.orders[0]
    assert order["model"] == "wan2.6-i2v"
    assert order["input"]["img_url"].startswith("data:image/png;base64,")
    assert order["parameters"] == {"resolution": "720P", "duration": 5, "seed": 7}


def test_what_is_to_draw_is_asked_for_in_headers(service):
    main(["generate", "a boat", "--engine", "wan", "--profile", "fast"])
    assert (service.headers[0]["X-Dalang-Engine"], service.headers[0]["X-Dalang-Profile"]) == ("wan", "fast")


def test_every_wish_has_a_flag(service):
    for name in ("first.png", "last.png"):
        Path(name).write_bytes(PNG)
    media = ["--image", "first.png", "--last-image", "last.png", "--model", "wan2.7-i2v"]
    words = ["--negative-prompt", "fog", "--no-prompt-extend", "--shots", "multi"]
    main(["generate", "a boat", *media, *words, "--ratio", "1:1", "--watermark", "--no-sound"])
    order = service.orders[0]
    assert [entry["type"] for entry in order["input"]["media"]] == ["first_frame", "last_frame"]
    assert order["input"]["negative_prompt"] == "fog"
    assert order["parameters"] == {
        "ratio": "1:1",
        "prompt_extend": False,
        "shot_type": "multi",
        "audio": False,
        "watermark": True,
    }


def test_no_flag_means_that_the_model_decides(service):
    main(["generate", "a boat"])
    assert service.orders[0] == {"model": "wan2.6-t2v", "input": {"prompt": "a boat"}, "parameters": {}}


def test_sound_and_clip_are_uploaded(service):
    Path("s.wav").write_bytes(b"RIFF")
    assert main(["generate", "a boat", "--audio", "s.wav"]) == 0
    assert service.orders[0]["input"]["audio_url"] == "oss://dashscope-instant/a/b/s.wav"
    assert b"RIFF" in service.uploads[0]


def test_a_failed_task_tells_why_and_is_status_1(service, capsys):
    service.states = ["FAILED"]
    assert main(["generate", "a boat", "-o", "a.mp4"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "dalang: Task t-1 ended FAILED: InvalidURL: Invalid URL provided in your request."
    )
    assert not Path("a.mp4").exists()


def test_json_tells_of_a_failed_task_too(service, capsys):
    service.states = ["FAILED"]
    assert main(["generate", "a boat", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "code": "InvalidURL",
        "message": "Invalid URL provided in your request.",
        "task_id": "t-1",
    }


def test_json_tells_of_what_failed_before_there_was_a_task(service, capsys, monkeypatch):
    monkeypatch.setenv("DALANG_URL", "http://127.0.0.1:1")
    assert main(["generate", "a boat", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["task_id"]) == ("ConnectionFailed", None)
    assert "cannot be reached" in told["message"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_cancels_the_running_task(service, capsys, number):
    service.states = ["RUNNING"]
    service.on_poll = lambda: service.cancels or os.kill(os.getpid(), number)
    assert main(["generate", "a boat", "-o", "a.mp4"]) == 130
    assert service.cancels == ["any"]
    assert "t-1 is cancelled" in capsys.readouterr().err
    assert not Path("a.mp4").exists()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--image", "absent.png"], "absent.png"),
        (["--audio", "absent.wav"], "absent.wav"),
        (["--shots", "many"], "single"),
        (["--size", "1280"], "1280*720"),
        (["--size", "1280*720", "--resolution", "720P"], "not allowed with"),
        (["-o", "."], "cannot be written"),
        (["-o", "file/a.mp4"], "cannot be written"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_ordered(service, capsys, arguments, what):
    Path("file").touch()
    with pytest.raises(SystemExit) as caught:
        main(["generate", "a boat", *arguments])
    assert caught.value.code == 2
    assert what in capsys.readouterr().err
    assert service.orders == []


def test_a_size_may_be_written_with_an_x():
    assert size("1280x720") == size("1280*720") == "1280*720"
