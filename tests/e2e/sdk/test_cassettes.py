"""The official SDKs before a recorder, and then before a replay of what it kept: they print the same."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.media_host import picture
from tests.e2e.running import KEY, ROOT, Server, environment
from tests.e2e.test_cassettes import plain, recorder, replay

TEXT = {"model": "wan2.1-t2v-turbo", "size": "832*480", "prompt_extend": False}
IMAGE = {"model": "wan2.1-i2v-turbo", "resolution": "480P", "duration": 3, "prompt_extend": False}

FACES = {"1.25.8": ["sync", "aio"], "2.0.2": ["sync", "aio", "client"]}
"""By version."""

Printed = dict[str, dict[str, list[dict[str, Any]]]]
"""Replies by case and face."""


def steps(version: str, face: str, folder: Path) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Prompts of each face's own, since all play at once."""
    prompt = f"a card for {version} {face}"
    return {
        "t2v": [("call", {**TEXT, "prompt": prompt})],
        "i2v by file": [("call", {**IMAGE, "prompt": prompt, "img_url": f"file://{folder / 'picture.png'}"})],
        "refused": [("async_call", {**TEXT, "prompt": prompt, "size": "1*1"})],
        "cancel": [("async_call", {**TEXT, "prompt": f"{prompt}, or not"}), ("cancel", {}), ("wait", {})],
    }


def play(version: str, url: str, key: str, folder: Path) -> Printed:
    python = ROOT / f".venv-sdk-{version}" / "bin" / "python"
    assert python.exists(), f"no environment with dashscope {version}: `make test-sdk` makes it"
    cases = {face: steps(version, face, folder) for face in FACES[version]}
    player = subprocess.run(
        [python, ROOT / "tests" / "e2e" / "sdk" / "play.py"],
        cwd=folder,
        env=environment({"DASHSCOPE_API_KEY": key, "HOME": str(folder)}),
        input=json.dumps({"url": f"{url}/api/v1", "cases": cases}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert player.returncode == 0, player.stderr
    return dict(json.loads(player.stdout))


def play_all(url: str, key: str, folder: Path) -> list[Printed]:
    with ThreadPoolExecutor() as threads:
        return list(threads.map(lambda version: play(version, url, key, folder), FACES))


def videos(printed: list[Printed]) -> list[bytes]:
    replies = [reply for faces in printed for cases in faces.values() for case in cases.values() for reply in case]
    links = [link for reply in replies if (link := (reply.get("output") or {}).get("video_url"))]
    return [httpx.get(link, trust_env=False).content for link in links]


def test_sdks_print_the_same_before_a_replay(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(picture(kind="PNG"))
    upstream = Server(tmp_path / "upstream", slots="2").start()
    with recorder(tmp_path / "recorder", upstream.url, tmp_path / "cassette") as url:
        printed = play_all(url, KEY, tmp_path)
        films = videos(printed)
        recorded = plain(printed, url)
    assert upstream.stop() == 0
    assert len(films) >= 2 * sum(map(len, FACES.values()))
    with replay(tmp_path / "replay", tmp_path / "cassette") as url:
        again = play_all(url, "sk-any-key-at-all", tmp_path)
        assert videos(again) == films
    assert plain(again, url) == recorded
    assert [file.name for file in (tmp_path / "cassette").glob("*.json") if KEY in file.read_text()] == []
