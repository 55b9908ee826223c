"""The official `openai` package against /v1/videos, by both of its clients."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.media_host import MediaHost, picture
from tests.e2e.running import KEY, ROOT, Server, dalang, environment
from tests.e2e.sdk.test_films import what_plays

Reply = dict[str, Any]
Played = dict[str, dict[str, list[Reply]]]

PYTHON = ROOT / ".venv-sdk-openai-3.54.0" / "bin" / "python"

PATIENCE = 120
"""Seconds that all cases may take on a busy machine."""

SMALL = {"model": "wan2.1-t2v-turbo", "size": "832x480", "prompt": "a card"}
TURNS = {"model": "wan2.1-i2v-turbo", "size": "832x480", "seconds": "3", "prompt": "it turns"}
SOON = {"poll_interval_ms": 100}

UNKNOWN = "video_01900000-0000-7000-8000-000000000000"

FACES = pytest.mark.parametrize("face", ["sync", "aio"])


def play(server: Server, folder: Path, cases: dict[str, Any]) -> Played:
    """In a folder which is its home too, so that no settings of this machine's user count."""
    assert PYTHON.exists(), "no environment with openai: `make test-sdk` makes it"
    player = subprocess.run(
        [PYTHON, ROOT / "tests" / "e2e" / "sdk" / "play_openai.py"],
        cwd=folder,
        env=environment({"HOME": str(folder)}),
        input=json.dumps({"url": f"{server.url}/v1", "key": KEY, "cases": cases}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert player.returncode == 0, player.stderr
    return dict(json.loads(player.stdout))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("openai") / "data", slots="2", fetch_allow="localhost", fetch_limit="2m")
    yield server.start()
    assert server.stop() == 0


@pytest.fixture(scope="module")
def played(server: Server, media: MediaHost, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("home")
    (folder / "fox.png").write_bytes(picture(kind="PNG"))
    (folder / "words.png").write_text("no picture")
    held = {"model": "wan2.1-i2v-turbo", "prompt": "a", "extra_body": image(media.url("/steady.jpg"))}
    return play(server, folder, {**lives(media), **lists(server), **refusals(held)})


def image(url: str) -> dict[str, Any]:
    """The package takes no address where it takes a file."""
    return {"input_reference": {"image_url": url}}


def lives(media: MediaHost) -> dict[str, Any]:
    return {
        "from words": [
            ("create", {**SMALL, "extra_body": {"seed": 7}}),
            ("poll", SOON),
            ("retrieve", {}),
            ("download_content", {}),
            ("download_content", {"variant": "thumbnail"}),
            ("delete", {}),
            ("retrieve", {}),
        ],
        "from a file": [("create_and_poll", {**TURNS, "input_reference": "fox.png", **SOON}), ("download_content", {})],
        "from an address": [
            ("create", {**TURNS, "extra_body": image(media.url("/picture.jpg"))}),
            ("poll", SOON),
        ],
        "from what is no picture": [
            ("create_and_poll", {**TURNS, "input_reference": "words.png", **SOON}),
            ("download_content", {}),
        ],
    }


def lists(server: Server) -> dict[str, Any]:
    """Of an account that has nothing else."""
    created = dalang("keys", "create", "--account", "lister", "--data", server.data)
    own = {"key": created.stdout.strip()}
    return {
        "listed": [
            *[("create", {**SMALL, **own})] * 3,
            ("list", {"limit": 2, **own}),
            ("list", {"limit": 2, "order": "asc", **own}),
        ]
    }


def refusals(held: dict[str, Any]) -> dict[str, Any]:
    return {
        "refused": [
            ("create", {**SMALL, "seconds": "4"}),
            ("create", {**SMALL, "size": "1024x1792"}),
            ("create", {**SMALL, "model": "sora-2"}),
            ("create", {**SMALL, "extra_body": {"fps": 24}}),
        ],
        "strangers": [
            ("create", {**SMALL, "key": "sk-somebody-else"}),
            ("retrieve", {"video_id": UNKNOWN, "key": "sk-somebody-else"}),
        ],
        "unknown": [(call, {"video_id": UNKNOWN}) for call in ("retrieve", "download_content", "delete")],
        "unfinished": [("create", held), ("download_content", {}), ("delete", {}), ("remix", {"prompt": "again"})],
    }


def refused(reply: Reply) -> tuple[str, int, str | None]:
    """The exception, the status and the parameter; it has all that the form of OpenAI's errors has."""
    assert reply["body"].keys() == {"message", "type", "param", "code"}
    assert reply["request_id"]
    return reply["raised"], reply["status_code"], reply["param"]


@FACES
def test_a_video_is_made_from_words_fetched_and_deleted(face: str, played: Played) -> None:
    created, ended, again, film, thumbnail, deleted, gone = played[face]["from words"]
    assert (created["class"], created["object"], created["progress"]) == ("Video", "video", 0)
    assert created["status"] in ("queued", "in_progress")
    assert (created["seconds"], created["size"], created["dalang"]["seed"]) == ("5", "832x480", 7)
    assert (ended["status"], ended["progress"], ended["error"]) == ("completed", 100, None)
    assert ended["created_at"] <= ended["completed_at"] < ended["expires_at"]
    assert again == ended
    assert what_plays(base64.b64decode(film["content"])) == ((832, 480), 5.0, ("h264",))
    assert refused(thumbnail) == ("BadRequestError", 400, "variant")
    assert (deleted["id"], deleted["deleted"], deleted["object"]) == (created["id"], True, "video.deleted")
    assert refused(gone) == ("NotFoundError", 404, None)


@FACES
def test_a_file_is_the_first_frame(face: str, played: Played, server: Server) -> None:
    ended, film = played[face]["from a file"]
    assert (ended["status"], ended["size"]) == ("completed", "720x544"), "the picture's shape"
    content = base64.b64decode(film["content"])
    assert what_plays(content) == ((720, 544), 3.0, ("h264",))
    task = server.query(ended["id"].removeprefix("video_"))
    assert content == server.http.get(task["video_url"]).content, "one file, by either protocol"


@FACES
def test_a_picture_may_have_an_address(face: str, played: Played) -> None:
    assert [reply["status"] for reply in played[face]["from an address"]][1:] == ["completed"]


@FACES
def test_what_preparation_finds_out_makes_it_fail(face: str, played: Played) -> None:
    ended, film = played[face]["from what is no picture"]
    assert (ended["status"], ended["error"]["code"]) == ("failed", "InvalidImage.FileFormat")
    assert ended["error"]["message"]
    assert refused(film) == ("NotFoundError", 404, None)


def test_lists_go_on_over_their_pages(played: Played) -> None:
    for face, before in (("sync", 0), ("aio", 3)):
        *created, newest, oldest = played[face]["listed"]
        ids = [video["id"] for video in created]
        assert len(newest["ids"]) == before + 3
        assert newest["ids"][:3] == ids[::-1]
        assert oldest["ids"] == newest["ids"][::-1]
        assert newest["page"] == {"ids": ids[:0:-1], "has_more": True, "last_id": ids[1]}


@FACES
def test_bad_requests_name_their_parameter(face: str, played: Played) -> None:
    found = [refused(reply) for reply in played[face]["refused"]]
    assert found == [("BadRequestError", 400, param) for param in ("seconds", "size", "model", "fps")]


@FACES
def test_strangers_and_what_is_not_there_are_told_apart(face: str, played: Played) -> None:
    strangers, unknown = played[face]["strangers"], played[face]["unknown"]
    assert {refused(reply) for reply in strangers} == {("AuthenticationError", 401, None)}
    assert {refused(reply) for reply in unknown} == {("NotFoundError", 404, None)}


@FACES
def test_what_is_not_made_yet_has_no_content_and_is_not_deleted(face: str, played: Played) -> None:
    created, film, deleted, remixed = played[face]["unfinished"]
    assert created["status"] == "queued"
    assert refused(film) == ("NotFoundError", 404, None)
    assert "not ready yet" in film["body"]["message"]
    assert refused(deleted) == ("BadRequestError", 400, None)
    assert refused(remixed) == ("NotFoundError", 404, None)


def test_a_full_queue_is_a_rate_limit(media: MediaHost, tmp_path: Path) -> None:
    server = Server(tmp_path / "data", queue_limit="1", fetch_allow="localhost", fetch_limit="2m").start()
    waits = {"model": "wan2.1-i2v-turbo", "prompt": "a", "extra_body": image(media.url("/steady.jpg"))}
    played = play(server, tmp_path, {"full": [("create", waits), ("create", waits)]})
    assert server.stop() == 0
    assert played["sync"]["full"][0]["status"] == "queued"
    for reply in (played["sync"]["full"][1], *played["aio"]["full"]):
        assert refused(reply) == ("RateLimitError", 429, None)
