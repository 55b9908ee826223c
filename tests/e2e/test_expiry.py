"""What has expired is gone, row and files together; what no row speaks of is swept; `never` keeps for good."""

from __future__ import annotations

import base64
import os
import time
from pathlib import Path

import httpx

from tests.e2e.conftest import Launch
from tests.e2e.media_host import picture
from tests.e2e.running import Server
from tests.e2e.until import until

DATA_URL = "data:image/jpeg;base64," + base64.b64encode(picture()).decode()


def test_an_expired_task_is_unknown_its_link_dead_and_its_files_gone(launch: Launch) -> None:
    server = launch(retention="2s")
    tasks = [server.create_from(DATA_URL), server.create_from("data:image/png;base64,bm8=")]
    output = server.succeed(tasks[0])
    assert server.http.get(output["video_url"]).status_code == 200
    assert sorted(Path(name).suffix for name in server.files(tasks[0])) == ["", ".mp4", ".png"]
    server.fail(tasks[1])
    for task in tasks:
        assert_expires(server, task)
    until(lambda: server.http.get(output["video_url"]).status_code == 403, "the link is dead")
    assert server.http.get("/api/v1/tasks/").json()["total"] == 0


def assert_expires(server: Server, task: str) -> None:
    until(lambda: server.status(task) == "UNKNOWN", "the task is unknown")
    until(lambda: server.files(task) == set(), "its files go")


def age(server: Server, *names: str) -> None:
    """Make files two hours old."""
    then = time.time() - 7200
    for name in names:
        os.utime(server.data / "files" / name, (then, then))


def plant(server: Server, name: str) -> None:
    file = server.data / "files" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"nobody's")


def test_links_never_expire_if_so_configured_and_only_old_orphans_are_swept(launch: Launch) -> None:
    server = launch(retention="never")
    task = server.create()
    link = httpx.URL(server.succeed(task)["video_url"])
    assert list(link.params) == ["Signature"]
    server.stop()

    mine, old, young = (f"{id_[:6]}/{id_}" for id_ in (task, "01000000" + task[8:], "01000001" + task[8:]))
    for name in (f"{old}/1.mp4", f"{young}/1.mp4", f"{mine}/7.mp4"):
        plant(server, name)
    age(server, f"{old}/1.mp4", old, f"{mine}/7.mp4", f"{mine}/1.mp4", mine)
    server = launch(retention="never")
    until(lambda: not (server.data / "files" / old).exists(), "an old folder without a row goes")
    until(lambda: server.files(task) == {"1.mp4"}, "an old file that its row does not speak of goes")
    assert (server.data / "files" / young / "1.mp4").exists(), "what is young may be about to get its row"
    assert server.client(None).get(link.raw_path.decode()).status_code == 200
