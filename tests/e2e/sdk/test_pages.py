"""What the two documentation pages of text-to-video and image-to-video show, run as it stands there.

`tests/data/pages/` holds their curl calls and Python samples to the letter (the text-to-video page has lost its curl
calls, and the indents of its samples, which are put back). Only the host is another one; a fetch map stands in for the
pictures and the sound.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple

import av
import numpy as np
import pytest

from tests.e2e.film import Film, look_at
from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, KEY, ROOT, Server, environment, task_id
from tests.unit.media.recordings import film as recorded
from tests.unit.media.recordings import mp3, tone

PAGES = ROOT / "tests" / "data" / "pages"

HOST = "https://dashscope-intl.aliyuncs.com"

FILES = {
    "https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20250925/wpimhv/rap.png": "rap.png",
    "https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20250925/ozwpvi/rap.mp3": "sound.mp3",
    "https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20250929/stjqnq/fox.mp3": "sound.mp3",
    "https://cdn.translate.alibaba.com/r/wanx-demo-1.png": "cat.png",
    "https://pictures.example/clip.mp4": "clip.mp4",
}
FILES["https://sounds.example/short.mp3"] = "short.mp3"
RAP, *_, CLIP, SHORT = FILES

WAN_2_6 = {"duration": 10, "input_video_duration": 0, "output_video_duration": 10, "video_count": 1, "SR": 720}
EXTENDED = {"orig_prompt", "actual_prompt"}


class Shown(NamedTuple):
    """What comes of a call of a page. `prompts`: the fields that tell one."""

    usage: dict[str, Any]
    size: tuple[int, int]
    seconds: int
    codecs: tuple[str, ...]
    prompts: set[str]


SOUND, SILENT = ("h264", "aac"), ("h264",)

CALLS = {
    "i2v_multi_shot": Shown({**WAN_2_6, "audio": True}, (816, 1104), 10, SOUND, {"orig_prompt"}),
    "i2v_dubbing": Shown({"duration": 10, "SR": 480, "video_count": 1}, (544, 720), 10, SOUND, EXTENDED),
    "i2v_audio": Shown({"duration": 10, "SR": 480, "video_count": 1}, (544, 720), 10, SOUND, EXTENDED),
    "i2v_silent": Shown({"duration": 5, "SR": 480, "video_count": 1}, (832, 464), 5, SILENT, EXTENDED),
    "i2v_negative_prompt": Shown({"duration": 5, "SR": 480, "video_count": 1}, (832, 464), 5, SILENT, EXTENDED),
}

OF_THE_SDK = {"video_count": 1, "video_duration": 0, "video_ratio": "", **WAN_2_6}

SAMPLES = {
    "t2v_sync": Shown({**OF_THE_SDK, "size": "1280*720"}, (1280, 720), 10, SOUND, {"orig_prompt"}),
    "t2v_async": Shown({**OF_THE_SDK, "size": "1280*720"}, (1280, 720), 10, SOUND, {"orig_prompt"}),
    "i2v_sync": Shown({**OF_THE_SDK, "audio": True}, (816, 1104), 10, SOUND, {"orig_prompt"}),
    "i2v_async": Shown({**OF_THE_SDK, "audio": True}, (816, 1104), 10, SOUND, {"orig_prompt"}),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has the pictures and the sound of the pages on its disk. The picture is the documentation's own
    example of sides: 750 by 1000."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "rap.png").write_bytes(picture(750, 1000, "PNG"))
    (folder / "cat.png").write_bytes(picture(1280, 720, "PNG"))
    (folder / "sound.mp3").write_bytes(mp3(tone(12, 44_100)))
    (folder / "short.mp3").write_bytes(mp3(tone(3, 44_100)))
    (folder / "clip.mp4").write_bytes(recorded([np.full((300, 400, 3), 90, np.uint8)] * 60, sound=tone(2)))
    (folder / "map.toml").write_text("".join(f'"{url}" = "{file}"\n' for url, file in FILES.items()))
    server = Server(folder / "data", slots="2", fetch_map=str(folder / "map.toml")).start()
    yield server
    assert server.stop() == 0


def curl(server: Server, name: str, *changes: tuple[str, str], key: str = KEY) -> dict[str, Any]:
    """The reply to a call of a page."""
    script = (PAGES / f"{name}.sh").read_text().replace(HOST, server.url)
    for old, new in changes:
        assert old in script
        script = script.replace(old, new)
    settings = environment({"DASHSCOPE_API_KEY": key, "no_proxy": "*"})
    done = subprocess.run(["sh", "-c", script], env=settings, capture_output=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))


def sample(server: Server, name: str) -> list[dict[str, Any]]:
    """The replies that a Python sample of a page prints."""
    script = (PAGES / f"{name}.py.txt").read_text().replace(HOST, server.url)
    python = ROOT / ".venv-sdk-2.0.2" / "bin" / "python"
    assert python.exists(), "no environment with dashscope 2.0.2: `make test-sdk` makes it"
    settings = environment({"DASHSCOPE_API_KEY": KEY, "HOME": str(server.data)})
    done = subprocess.run(
        [python, "-c", script], env=settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def created(page: Server) -> dict[str, dict[str, Any]]:
    return {name: curl(page, name) for name in CALLS}


@pytest.fixture(scope="module")
def printed(page: Server, created: dict[str, dict[str, Any]]) -> Iterator[dict[str, Future[list[dict[str, Any]]]]]:
    """All samples side by side, begun while the calls' videos are made."""
    with ThreadPoolExecutor() as threads:
        yield {name: threads.submit(sample, page, name) for name in SAMPLES}


def query(server: Server, task: str) -> dict[str, Any]:
    return curl(server, "query", ("{task_id}", task))


def film(server: Server, output: dict[str, Any]) -> Film:
    return look_at(server.http.get(output["video_url"]).content)


def prompts(output: dict[str, Any]) -> set[str]:
    return {name for name in output if name.endswith("_prompt")}


def asked_for(name: str) -> str:
    """The prompt in a call of a page."""
    body = (PAGES / f"{name}.sh").read_text().partition("-d '")[2].rstrip("'\n")
    return str(json.loads(body)["input"]["prompt"])


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize("name", CALLS)
def test_a_curl_call_makes_the_video_that_its_page_tells_of(
    page: Server, created: dict[str, dict[str, Any]], name: str
) -> None:
    output, shown = created[name]["output"], CALLS[name]
    assert set(created[name]) == {"output", "request_id"}
    assert output["task_status"] == "PENDING"
    page.succeed(output["task_id"], within=60)
    reply = query(page, output["task_id"])
    assert list(reply) == ["request_id", "output", "usage"]
    assert reply["output"]["task_status"] == "SUCCEEDED"
    assert reply["output"]["orig_prompt"] == asked_for(name)
    assert prompts(reply["output"]) == shown.prompts
    assert reply["usage"] == shown.usage
    assert reply["output"]["dalang"]["warnings"] == []
    made = film(page, reply["output"])
    assert (made.size, made.frames, made.fps, made.codecs) == (shown.size, shown.seconds * 30, 30, shown.codecs)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_python_sample_prints_what_its_page_shows_and_makes_the_video(
    page: Server, printed: dict[str, Future[list[dict[str, Any]]]], name: str
) -> None:
    *first, reply = printed[name].result()
    shown = SAMPLES[name]
    for created in first:
        assert list(created) == list(reply) == ["status_code", "request_id", "code", "message", "output", "usage"]
        assert (created["code"], created["message"], created["usage"]) == ("", "", None)
        assert (created["output"]["task_status"], created["output"]["video_url"]) == ("PENDING", "")
    assert len(first) == name.endswith("async")
    assert (reply["status_code"], reply["code"], reply["message"]) == (200, None, "")
    assert reply["usage"] == shown.usage
    assert prompts(reply["output"]) == shown.prompts
    made = film(page, reply["output"])
    assert (made.size, made.frames, made.codecs) == (shown.size, shown.seconds * 30, shown.codecs)


# What the pages say of calls that do not work


def test_a_call_without_a_key_is_answered_as_the_page_shows(page: Server) -> None:
    reply = curl(page, "i2v_silent", key="")
    assert set(reply) == {"code", "message", "request_id"}
    assert (reply["code"], reply["message"]) == ("InvalidApiKey", "No API-key provided.")


def test_a_call_without_the_header_for_asynchronous_work_is_told_so(page: Server) -> None:
    reply = curl(page, "i2v_silent", ("-H 'X-DashScope-Async: enable'", ""))
    assert reply["code"] == "AccessDenied"
    assert reply["message"].startswith("current user api does not support synchronous calls")


def test_a_task_that_expired_is_answered_as_the_page_shows(page: Server) -> None:
    task = "502a00b1-19d9-4839-a82f-000000000000"
    reply = query(page, task)
    assert set(reply) == {"request_id", "output"}
    assert reply["output"] == {"task_id": task, "task_status": "UNKNOWN"}


def test_a_failed_task_is_answered_as_the_page_shows(page: Server) -> None:
    elsewhere = ("https://cdn.translate.alibaba.com/r/wanx-demo-1.png", "http://127.0.0.1:9/wanx-demo-1.png")
    task = curl(page, "i2v_silent", elsewhere)["output"]["task_id"]
    page.fail(task)
    reply = query(page, task)
    assert set(reply) == {"request_id", "output"}
    assert {"task_id", "task_status", "code", "message"} <= set(reply["output"])


# What the text-to-video page tells of under headings whose calls it has lost

TEXT_CALLS: dict[str, tuple[dict[str, Any], Shown]] = {
    "multi-shot": (
        {
            "model": "wan2.6-t2v",
            "input": {"prompt": "A cat runs. Then it sleeps."},
            "parameters": {"size": "1280*720", "duration": 2, "prompt_extend": True, "shot_type": "multi"},
        },
        Shown({**WAN_2_6, "duration": 2, "output_video_duration": 2, "size": "1280*720"}, (1280, 720), 2, SOUND, set()),
    ),
    "automatic sound": (
        {"model": "wan2.5-t2v-preview", "input": {"prompt": "A cat"}, "parameters": {"size": "832*480"}},
        Shown({"video_duration": 5, "video_ratio": "832*480", "video_count": 1}, (832, 480), 5, SOUND, EXTENDED),
    ),
    "custom sound": (
        {
            "model": "wan2.5-t2v-preview",
            "input": {"prompt": "A cat", "audio_url": list(FILES)[2]},
            "parameters": {"size": "480*832"},
        },
        Shown({"video_duration": 5, "video_ratio": "480*832", "video_count": 1}, (480, 832), 5, SOUND, EXTENDED),
    ),
    "silent": (
        {"model": "wan2.2-t2v-plus", "input": {"prompt": "A cat"}, "parameters": {"size": "624*624"}},
        Shown({"video_duration": 5, "video_ratio": "624*624", "video_count": 1}, (624, 624), 5, SILENT, EXTENDED),
    ),
    "negative prompt": (
        {
            "model": "wan2.1-t2v-turbo",
            "input": {"prompt": "A cat", "negative_prompt": "flower"},
            "parameters": {"size": "832*480"},
        },
        Shown({"video_duration": 5, "video_ratio": "832*480", "video_count": 1}, (832, 480), 5, SILENT, EXTENDED),
    ),
}


@pytest.mark.parametrize("name", TEXT_CALLS)
def test_the_features_of_the_text_page_are_there(page: Server, name: str) -> None:
    body, shown = TEXT_CALLS[name]
    asked = body["input"]
    task = page.post(body["model"], body["parameters"], **asked).json()["output"]["task_id"]
    output = page.succeed(task, within=60)
    assert page.http.get(f"/api/v1/tasks/{task}").json()["usage"] == shown.usage
    assert prompts(output) == (shown.prompts or {"orig_prompt"})
    made = film(page, output)
    assert (made.size, made.frames, made.codecs) == (shown.size, shown.seconds * 30, shown.codecs)


def loudness(content: bytes) -> list[float]:
    """Of each second, root mean square."""
    with av.open(BytesIO(content)) as file:
        heard = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    return [float(np.sqrt(np.mean(np.square(heard[:, at : at + 48_000])))) for at in range(0, heard.shape[1], 48_000)]


def test_a_sound_of_three_seconds_is_followed_by_two_of_silence(page: Server) -> None:
    parameters = {"size": "832*480", "duration": 5}
    task = task_id(page.post("wan2.5-t2v-preview", parameters, prompt="A cat", audio_url=SHORT))
    output = page.succeed(task, within=60)
    heard = loudness(page.http.get(output["video_url"]).content)
    assert min(heard[:3]) > 0.1
    assert max(heard[3:]) < 0.02


# The newer family that the image-to-video page recommends in its place

MEDIA: dict[str, tuple[dict[str, str], int, tuple[int, int]]] = {
    "first frame": ({"first_frame": RAP}, 0, (816, 1104)),
    "first and last frame": ({"first_frame": RAP, "last_frame": RAP}, 0, (816, 1104)),
    "continuation": ({"first_clip": CLIP}, 2, (1104, 816)),
}


@pytest.mark.parametrize("name", MEDIA)
def test_the_newer_family_takes_frames_and_continues_clips(page: Server, name: str) -> None:
    media, clip, size = MEDIA[name]
    entries = [{"type": type, "url": url} for type, url in media.items()]
    body = {
        "model": "wan2.7-i2v",
        "input": {"prompt": "A cat", "media": entries},
        "parameters": {"resolution": "720P", "duration": 4},
    }
    task = task_id(page.http.post(CREATE, json=body))
    made = film(page, page.succeed(task, within=60))
    usage = page.http.get(f"/api/v1/tasks/{task}").json()["usage"]
    seconds = {"duration": 4, "input_video_duration": clip, "output_video_duration": 4 - clip}
    assert usage == {**seconds, "SR": 720, "video_count": 1}
    assert (made.size, made.frames, made.codecs) == (size, 4 * 30, SOUND)
