"""What a recorder kept of a second Dalang is answered again when both are gone: the same bodies, the same bytes."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from dalang import Client
from dalang.testing import server
from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, KEY, SMALL_IMAGE, SMALL_TEXT, Server, environment
from tests.e2e.until import until

WORKSPACE = "ws-distinctive-name"

SIGNATURE = "a-signature-of-the-users"

WRONG_KEY = "sk-somebody-elses-key"

NOT_KEPT = {"api_key_id", "caller_uid", "caller_parent_id", "date"}
"""Of the account; and the header of each reply that is its own."""


class Process:
    """A command that writes a ready file."""

    def __init__(self, folder: Path, *command: str | Path) -> None:
        self._ready, self.log = folder / "ready", folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, command), "--port", "0", "--ready-file", str(self._ready)],
                env=environment({}),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(lambda: self._ready.exists() or self.process.poll() is not None, "it is ready")
        assert self._ready.exists(), self.log.read_text()
        self.url = str(json.loads(self._ready.read_text())["url"])

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


@contextmanager
def recorder(folder: Path, upstream: str, cassette: Path) -> Iterator[str]:
    folder.mkdir()
    one = Process(folder, "-m", "dalang", "record", "--upstream", upstream, "--cassette", cassette)
    try:
        yield one.url
    finally:
        assert one.stop() == 0, one.log.read_text()
    assert f"export DASHSCOPE_HTTP_BASE_URL={one.url}/api/v1\n" in one.log.read_text()


@contextmanager
def replay(folder: Path, cassette: Path, miss: str = "refuse") -> Iterator[str]:
    server = Server(folder, replay=str(cassette), replay_miss=miss).start()
    try:
        yield server.url
    finally:
        assert server.stop() == 0


class Played(NamedTuple):
    """Replies, hosts left out, in the order of the calls; and videos."""

    replies: list[tuple[int, Any]]
    videos: list[bytes]


class Player:
    """A user's program: the same calls wherever it is pointed to."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.played = url, Played([], [])
        headers = {"Authorization": f"Bearer {key}", "X-DashScope-Async": "enable"}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False)
        self.client = Client(f"{url}/api/v1", key)

    def play(self, folder: Path) -> Played:
        first = self.create(SMALL_TEXT, prompt="a card")
        self.watch(first)
        self.create((SMALL_TEXT[0], {"size": "1*1"}), prompt="a card")
        self.call("GET", f"/api/v1/tasks/{first}", headers={"Authorization": f"Bearer {WRONG_KEY}"})
        self.watch(self.create(SMALL_IMAGE, prompt="a card", img_url=self.upload(folder / "picture.png")))
        private = self.create(SMALL_IMAGE, prompt="a card", img_url=f"http://127.0.0.1:9/a.png?Signature={SIGNATURE}")
        self.call("GET", f"/api/v1/tasks/{private}?wait=30")
        data = base64.b64encode((folder / "second.png").read_bytes()).decode()
        events = self.create(SMALL_IMAGE, prompt="a card", img_url=f"data:image/png;base64,{data}")
        self.listen(events)
        unwanted = self.create(SMALL_TEXT, prompt="not wanted")
        self.call("POST", f"/api/v1/tasks/{unwanted}/cancel", headers={"X-Dalang-Cancel": "any"})
        self.call("GET", f"/api/v1/tasks/{unwanted}?wait=30")
        self.call("POST", f"/api/v1/tasks/{unwanted}/cancel")
        self.call("GET", "/api/v1/tasks/?page_size=5")
        self.call("GET", "/api/v1/tasks/?page_size=5", headers={"X-DashScope-WorkSpace": WORKSPACE})
        self.client.generate("a card for the client", folder / "client.mp4", model=SMALL_TEXT[0], size="832*480")
        self.played.videos.append((folder / "client.mp4").read_bytes())
        return self.played

    def call(self, method: str, path: str, **options: Any) -> Any:
        reply = self.http.request(method, path, **options)
        assert reply.headers["content-type"] == "application/json", reply.text
        self.played.replies.append((reply.status_code, plain(reply.json(), self.url)))
        return reply.json()

    def create(self, kind: tuple[str, dict[str, Any]], **input: str) -> str:
        model, parameters = kind
        reply = self.call("POST", CREATE, json={"model": model, "input": input, "parameters": parameters})
        return str(reply.get("output", {}).get("task_id"))

    def watch(self, task: str) -> None:
        def look() -> Any:
            output = self.call("GET", f"/api/v1/tasks/{task}")["output"]
            return output if output["task_status"] in ("SUCCEEDED", "FAILED") else None

        link = until(look, "the task has ended")["video_url"]
        assert link.startswith(f"{self.url}/cassette/files/")
        part = httpx.get(link, headers={"Range": "bytes=100-299"}, trust_env=False)
        whole = httpx.get(link, trust_env=False)
        assert (part.status_code, part.content) == (206, whole.content[100:300])
        assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
        self.played.videos.append(whole.content)

    def upload(self, file: Path) -> str:
        return self.client.upload(file, SMALL_IMAGE[0])

    def listen(self, task: str) -> None:
        with self.http.stream("GET", f"/api/v1/tasks/{task}/events") as reply:
            text = reply.read().decode()
        events = [json.loads(line) for line in re.findall("^data: (.*)$", text, re.M)]
        assert text.rstrip().rpartition("event: ")[2].startswith("end")
        self.played.replies.append((reply.status_code, plain(events, self.url)))


def plain(value: Any, url: str) -> Any:
    """Without this host, and without what a cassette does not keep."""
    match value:
        case dict():
            return {name: plain(inner, url) for name, inner in value.items() if name not in NOT_KEPT}
        case list():
            return [plain(inner, url) for inner in value]
        case str():
            return value.replace(url, "")
    return value


class Recording(NamedTuple):
    cassette: Path
    played: Played
    secrets: list[str]
    folder: Path


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Made with a server and a recorder that are gone when it is there."""
    folder = tmp_path_factory.mktemp("cassettes")
    (folder / "picture.png").write_bytes(picture(kind="PNG"))
    (folder / "second.png").write_bytes(picture(480, 320, kind="PNG"))
    upstream = Server(folder / "upstream").start()
    with recorder(folder / "recorder", f"{upstream.url}/api/v1", folder / "cassette") as url:
        played = Player(url, KEY).play(folder)
    secrets = [KEY, WRONG_KEY, WORKSPACE, SIGNATURE, *told_secrets(upstream, folder)]
    assert upstream.stop() == 0
    return Recording(folder / "cassette", played, secrets, folder)


def told_secrets(upstream: Server, folder: Path) -> list[str]:
    """What a link and a policy of that server hold; the picture; and the key's identifier."""
    listed = upstream.http.get("/api/v1/tasks/?page_size=50").json()["data"]
    task = next(row["task_id"] for row in listed if row["status"] == "SUCCEEDED")
    link = httpx.URL(upstream.query(task)["video_url"])
    policy = upstream.http.get(f"/api/v1/uploads?action=getPolicy&model={SMALL_IMAGE[0]}").json()["data"]
    picture = base64.b64encode((folder / "second.png").read_bytes()).decode()
    folder_of_account = policy["upload_dir"].rpartition("/")[0]
    return [
        link.params["Signature"],
        "Expires=",
        policy["policy"][:24],
        folder_of_account,
        picture[:40],
        listed[0]["api_key_id"],
    ]


def test_nothing_secret_stands_in_the_folder(recording: Recording) -> None:
    texts = [file.read_text() for file in recording.cassette.glob("*.json")]
    assert len(texts) > 15
    assert len(recording.secrets) == 10
    assert [secret for secret in recording.secrets for text in texts if secret in text] == []


def test_a_replay_answers_all_the_same(recording: Recording, tmp_path: Path) -> None:
    with replay(tmp_path / "data", recording.cassette) as url:
        again = Player(url, "sk-any-key-at-all").play(recording.folder)
    assert again.replies == recording.played.replies
    assert again.videos == recording.played.videos


def test_what_was_not_recorded_is_refused_with_what_comes_nearest(recording: Recording, tmp_path: Path) -> None:
    with replay(tmp_path / "data", recording.cassette) as url:
        player = Player(url, "sk-any-key-at-all")
        player.create(SMALL_TEXT, prompt="a cart")
    status, body = player.played.replies[0]
    assert (status, body["code"]) == (404, "NotRecorded")
    assert re.search(
        r'\d{4}-create\.json, differs in input\.prompt \(recorded "a card", asked "a cart"\)', body["message"]
    )


def test_what_was_not_recorded_can_be_drawn_beside_it(recording: Recording, tmp_path: Path) -> None:
    server = Server(tmp_path / "data", replay=str(recording.cassette), replay_miss="engine").start()
    recorded = recording.played.replies[0][1]["output"]["task_id"]
    assert server.create("a card") == recorded
    assert server.succeed(recorded)["video_url"].startswith(f"{server.url}/cassette/files/")
    drawn = server.create("a cart")
    assert server.succeed(drawn)["video_url"].startswith(f"{server.url}/files/")
    client = Client(f"{server.url}/api/v1", KEY)
    oss = client.upload(recording.folder / "picture.png", SMALL_IMAGE[0])
    known = server.post(*SMALL_IMAGE, prompt="a card", img_url=oss)
    assert plain(known.json(), server.url) in [body for _, body in recording.played.replies]
    assert server.succeed(server.post(*SMALL_IMAGE, prompt="other", img_url=oss).json()["output"]["task_id"])
    assert server.stop() == 0


def test_a_test_sees_what_is_replayed_as_if_it_were_made_here(recording: Recording) -> None:
    with server(replay=str(recording.cassette)) as dalang, dalang.client() as client:
        recorded = client.create("a card", model=SMALL_TEXT[0], size="832*480")
        dalang.assert_created(times=1, prompt="a card", size="832*480")
        link = client.wait(recorded.id).video_url
        dalang.truncate(0.5)
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(link or "", trust_env=False)
        dalang.assert_called("download", times=1, task_id=recorded.id)
