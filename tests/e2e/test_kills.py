"""kill -9 of real processes: what was answered is there on the next start, goes on, and ends once."""

from __future__ import annotations

import base64
import os
import signal
from pathlib import Path

from tests.e2e.chaos import chaos
from tests.e2e.conftest import Launch
from tests.e2e.media_host import media_host, picture
from tests.e2e.running import Gate, is_running
from tests.e2e.until import until

DATA_URL = "data:image/jpeg;base64," + base64.b64encode(picture()).decode()


def test_a_worker_killed_in_the_middle_costs_one_attempt(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    task = gate.hold(server, server.create())
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    gate.open()
    assert server.succeed(task)["dalang"]["attempt"] == 2
    assert server.files(task) == {"2.mp4"}


def test_a_killed_server_leaves_every_stage_to_the_next(launch: Launch, gate: Gate) -> None:
    """One kill, with tasks in all stages: finished, being drawn, being fetched, waiting."""
    settings = {**gate.settings(), "fetch_allow": "127.0.0.1"}
    with media_host() as media:
        server = launch(**settings)
        finished = server.create("please")
        before = server.succeed(finished)
        video = server.http.get(before["video_url"]).content
        drawn = gate.hold(server, server.create())
        fetched = server.create_from(media.url("/gated.jpg", "127.0.0.1"))
        until(lambda: media.asked == ["/gated.jpg"], "the picture is asked for")
        waiting = [server.create(), server.create_from(DATA_URL)]
        server.kill()

        media.gate.set()
        gate.open()
        server = launch(**settings)
        after = server.query(finished)
        assert after | {"video_url": before["video_url"]} == before
        assert server.http.get(after["video_url"]).content == video
        attempts = [server.succeed(task)["dalang"]["attempt"] for task in (drawn, fetched, *waiting)]
        assert attempts == [2, 1, 1, 1]
        assert server.files(drawn) == {"2.mp4"}


def test_the_workers_of_a_killed_server_end_and_its_port_is_free(launch: Launch, gate: Gate) -> None:
    server = launch(**gate.settings())
    gate.hold(server, server.create_from(DATA_URL))
    orphans = server.workers("inspect") + server.workers("render")
    assert len(orphans) == 2
    server.kill()
    until(lambda: not any(map(is_running, orphans)), "no worker outlives its server", within=2)
    again = launch(port=server.url.rpartition(":")[2])
    assert again.url == server.url


def test_five_kills_at_random_times_lose_double_and_block_nothing(tmp_path: Path) -> None:
    count = chaos(tmp_path, kills=5, seed=None, tells=False)
    assert count.kills == 5
    assert count.is_clean, count


def test_a_stopped_server_s_zombie_changes_nothing(launch: Launch, gate: Gate) -> None:
    settings = {**gate.settings(), "lease": "1s"}
    stopped = launch(**settings)
    task = gate.hold(stopped, stopped.create())
    stopped.send(signal.SIGSTOP)
    other = launch(**settings)
    output = other.wait_for(task, "RUNNING")
    until(lambda: other.query(task)["dalang"]["attempt"] == 2, "the other server takes over")
    gate.open()
    output = other.succeed(task)
    video = other.http.get(output["video_url"]).content
    assert any(file.endswith("-1.mp4") for file in other.files(task)), "the zombie's file is still there"

    stopped.send(signal.SIGCONT)
    until(lambda: other.files(task) == {"2.mp4"}, "the zombie's file goes")
    stopped.succeed(stopped.create("please"))
    assert other.query(task) == output
    assert other.http.get(output["video_url"]).content == video


def test_two_servers_share_a_folder_and_one_takes_over_at_once(launch: Launch, gate: Gate) -> None:
    """Leases are long here: what frees the tasks is that the kernel frees the killed server's lock."""
    settings = {**gate.settings(), "lease": "1h", "fetch_allow": "127.0.0.1"}
    with media_host() as media:
        first = launch(**settings)
        drawn = gate.hold(first, first.create())
        fetched = first.create_from(media.url("/gated.jpg", "127.0.0.1"))
        until(lambda: media.asked, "the picture is asked for")
        second = launch(**settings)
        assert [second.status(task) for task in (drawn, fetched)] == ["RUNNING", "PENDING"]
        first.kill()
        media.gate.set()
        gate.open()
        for task in (drawn, fetched, second.create()):
            second.succeed(task)
