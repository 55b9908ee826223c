"""One server, and the official SDKs, each in an environment of its own, that play all cases against it at once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.media_host import MediaHost, picture
from tests.e2e.running import KEY, ROOT, Server, dalang, environment
from tests.e2e.sdk.cases import MAPPED, ODD_NAME, STUDIO, Inputs, Steps, address_of_a_workspace, films, plays
from tests.e2e.sdk.surfaces import CLASSIC, FILMING, SURFACES, Surface
from tests.unit.media.recordings import mp3, tone, wav

Reply = dict[str, Any]

PATIENCE = 120
"""Seconds that all cases of one SDK may take on a busy machine."""


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What users of the SDKs have at hand, and the fetch map."""
    folder = tmp_path_factory.mktemp("sdk")
    for name in ("picture.png", ODD_NAME):
        (folder / name).write_bytes(picture(kind="PNG"))
    (folder / "sound.wav").write_bytes(wav(tone(4)))
    (folder / "sound.mp3").write_bytes(mp3(tone(4, 44_100)))
    lines = [f'"{MAPPED}/{name}" = "{name}"\n' for name in ("picture.png", "sound.mp3")]
    (folder / "map.toml").write_text("".join(lines))
    return folder


@pytest.fixture(scope="package")
def hosting(folder: Path) -> Iterator[Server]:
    """May fetch from the media host, with patience, and knows the fetch map."""
    fetch = {"fetch_allow": "localhost", "fetch_limit": "2m", "fetch_map": str(folder / "map.toml")}
    server = Server(folder / "data", slots="2", **fetch).start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="package")
def inputs(folder: Path, hosting: Server, media: MediaHost) -> Inputs:
    key = dalang("keys", "create", "--workspace", STUDIO, "--data", hosting.data).stdout.strip()
    return Inputs(media, folder, httpx.URL(hosting.url).port or 0, key)


@pytest.fixture(scope="package")
def played(inputs: Inputs) -> dict[Surface, dict[str, list[Reply]]]:
    """Replies by case."""
    with ThreadPoolExecutor() as threads:
        players = [threads.submit(play, version, inputs) for version in ("1.25.8", "2.0.2")]
        return {surface: replies for player in players for surface, replies in player.result().items()}


def play(version: str, inputs: Inputs) -> dict[Surface, dict[str, list[Reply]]]:
    """In a folder which is its home too, so that no settings of this machine's user count."""
    python = ROOT / f".venv-sdk-{version}" / "bin" / "python"
    assert python.exists(), f"no environment with dashscope {version}: `make test-sdk` makes it"
    asked = {surface.face: cases(surface, inputs) for surface in SURFACES if surface.version == version}
    player = subprocess.run(
        [python, ROOT / "tests" / "e2e" / "sdk" / "play.py"],
        cwd=inputs.folder,
        env=environment({"DASHSCOPE_API_KEY": KEY, "HOME": str(inputs.folder)}),
        input=json.dumps({"url": f"http://127.0.0.1:{inputs.port}/api/v1", "cases": asked}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert player.returncode == 0, player.stderr
    return {Surface(version, face): replies for face, replies in json.loads(player.stdout).items()}


def cases(surface: Surface, inputs: Inputs) -> dict[str, Steps]:
    made = films(inputs, surface) if surface in FILMING else {}
    cases: dict[str, Steps] = {name: [("call", film.arguments)] for name, film in made.items()}
    cases |= plays(inputs, surface.version)
    if surface in CLASSIC[2:]:
        cases["address of a workspace"] = address_of_a_workspace(inputs)
    return cases
