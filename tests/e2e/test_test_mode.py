"""A server in test mode, by plain HTTP: what a test declares comes true, and nothing of it outlives a reset."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Launch
from tests.e2e.media_host import picture
from tests.e2e.running import Server, environment, task_id
from tests.e2e.until import until

DAY = 86_400

NO_FILE: dict[str, Any] = {"seed": (None, "7")}
"""Has httpx write a form."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("test-mode") / "data", test="true").start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def bed(shared: Server) -> Server:
    control(shared, "POST", "reset")
    return shared


def control(server: Server, method: str, path: str, body: Any = None) -> Any:
    reply = server.http.request(method, f"/dalang/test/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_day_passes_in_a_moment(bed: Server) -> None:
    task = bed.create()
    done = bed.query(task)
    assert done["task_status"] == "SUCCEEDED", "the first query is answered once the task has ended"
    assert bed.http.get(done["video_url"]).status_code == 200
    control(bed, "POST", "clock", {"advance": DAY + 1})
    assert bed.http.get(done["video_url"]).status_code == 403
    assert bed.query(task)["task_status"] == "UNKNOWN"
    until(lambda: not list((bed.data / "files").glob("*/*/*")), "its files go too")


def test_a_frozen_clock_dates_everything_alike(bed: Server) -> None:
    control(bed, "POST", "clock", {"freeze": True, "set": 1_758_769_648_590})
    seen = bed.query(bed.create())
    assert {seen[name] for name in ("submit_time", "scheduled_time", "end_time")} == {"2025-09-25 11:07:28.590"}


def test_the_same_test_gets_the_same_video_each_time(bed: Server) -> None:
    """Down to the byte, though it names no seed."""
    films = []
    for _ in range(2):
        control(bed, "POST", "reset")
        films.append(bed.http.get(bed.query(bed.create())["video_url"]).content)
    assert films[0] == films[1]
    control(bed, "POST", "seed", {"seed": 1})
    assert bed.http.get(bed.query(bed.create())["video_url"]).content != films[0]


def test_after_a_reset_nothing_is_left(bed: Server) -> None:
    control(bed, "POST", "faults", {"then": {"do": "fail", "code": "InternalError"}})
    control(bed, "PUT", "transition", {"running": {"by_hand": True}})
    control(bed, "POST", "queue", {"held": True})
    held = bed.create()
    control(bed, "POST", "reset")
    assert bed.query(held)["task_status"] == "UNKNOWN"
    assert bed.http.get("/api/v1/tasks/").json()["total"] == 0
    assert control(bed, "GET", "faults")["faults"] == []
    assert [call["call"] for call in control(bed, "GET", "calls")["calls"]] == ["query", "list"]
    assert bed.query(bed.create())["task_status"] == "SUCCEEDED"


def test_a_reset_in_the_midst_of_work_leaves_a_working_server(bed: Server) -> None:
    for _ in range(5):
        abandoned = [bed.create(f"{number}") for number in range(3)]
        control(bed, "POST", "reset")
        assert bed.query(bed.create())["task_status"] == "SUCCEEDED"
        assert {bed.query(task)["task_status"] for task in abandoned} == {"UNKNOWN"}


def test_an_address_gives_what_a_test_says(bed: Server) -> None:
    url = "https://pictures.example/fox.png?size=large"
    reply = bed.http.put("/dalang/test/media", params={"url": url}, content=picture())
    assert reply.status_code == 200
    assert bed.query(bed.create_from(url))["task_status"] == "SUCCEEDED"
    lost = bed.query(bed.create_from("https://pictures.example/owl.png"))
    assert (lost["task_status"], lost["code"]) == ("FAILED", "InvalidURL")
    assert "In test mode nothing is fetched" in lost["message"]


class Hook(BaseHTTPRequestHandler):
    got: list[bytes]
    came: threading.Event

    def do_POST(self) -> None:
        self.got.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(500 if len(self.got) == 1 else 200)
        self.end_headers()
        self.came.set()

    def log_message(self, *_: object) -> None:
        pass


def test_a_callback_comes_again_when_its_time_is_moved_near(bed: Server) -> None:
    """The second try is due five seconds later."""
    hook = type("OneHook", (Hook,), {"got": [], "came": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), hook) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        model, parameters = "wan2.1-t2v-turbo", {"size": "832*480"}
        body = {"model": model, "input": {"prompt": "a card"}, "parameters": parameters}
        headers = {"X-Dalang-Callback": f"http://127.0.0.1:{receiver.server_port}/"}
        path = "/api/v1/services/aigc/video-generation/video-synthesis"
        bed.query(task_id(bed.http.post(path, json=body, headers=headers)))
        assert hook.came.wait(30)

        def came_again() -> bool:
            control(bed, "POST", "clock", {"advance": 60})
            return len(hook.got) > 1

        until(came_again, "the message is sent again")
        receiver.shutdown()


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "clock", {"advnce": 1}, "unknown field `advnce`"),
        ("POST", "faults", {"then": {"do": "explode"}}, "explode"),
        ("POST", "faults", {"then": {"do": "refuse", "code": "Throttled"}}, "the nearest is Throttling"),
        ("PUT", "transition", {"running": {"polls": -1}}, "polls"),
        ("POST", "seed", {"seed": 1 << 31}, "seed"),
        ("POST", "queue", {}, "held"),
        ("POST", "tasks/none/finish", None, "no such task"),
        ("DELETE", "faults/7", None, "There is no fault 7"),
        ("PUT", "media?url=fox.png", None, "http://"),
        ("GET", "calls?after=x", None, "number"),
        ("GET", f"calls?after={'9' * 5000}", None, "number"),
        ("DELETE", f"faults/{'9' * 5000}", None, "There is no fault 9"),
        ("POST", "clock", {"advance": 1e308}, "advance"),
        ("POST", "faults", {"then": {"do": "drop"}, "when": {"prompt": "a{99999999999}"}}, "regular expression"),
        ("POST", "faults", {"then": {"do": "drop"}, "when": {"prompt": "(" * 5000}}, "regular expression"),
    ],
)
def test_a_control_that_is_misused_says_how_it_is_used(
    bed: Server, method: str, path: str, body: Any, said: str
) -> None:
    reply = bed.http.request(method, f"/dalang/test/{path}", json=body)
    assert 400 <= reply.status_code < 500
    assert said in reply.json()["message"]


def test_a_task_that_is_made_by_retry_is_written_down(bed: Server) -> None:
    first = bed.create("once more")
    bed.query(first)
    again = bed.http.post(f"/api/v1/tasks/{first}/retry").json()["output"]["task_id"]
    made = [call for call in control(bed, "GET", "calls")["calls"] if call["call"] == "retry"]
    assert [(call["task_id"], call["request"]["prompt"]) for call in made] == [(again, "once more")]


def test_orders_in_openai_s_style_go_by_what_was_declared(bed: Server) -> None:
    control(bed, "PUT", "transition", {"pending": {"polls": 1}, "running": {"polls": 2}})
    control(bed, "POST", "faults", {"then": {"do": "refuse", "code": "Throttling"}, "when": {"prompt": "owl"}})
    small = {"model": "wan2.1-t2v-turbo", "size": "832x480"}
    refused = bed.http.post("/v1/videos", json={**small, "prompt": "An owl"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "Throttling")

    url = "/v1/videos/" + bed.http.post("/v1/videos", data={**small, "prompt": "A fox"}, files=NO_FILE).json()["id"]
    seen = [bed.http.get(url).json()["status"] for _ in range(4)]
    assert seen == ["queued", "in_progress", "in_progress", "completed"]
    control(bed, "POST", "faults", {"then": {"do": "truncate"}, "when": {"call": "download"}, "times": 1})
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        bed.http.get(f"{url}/content")
    assert bed.http.get(f"{url}/content").content[4:8] == b"ftyp"
    assert bed.http.delete(url).status_code == 200

    _, made, *others = control(bed, "GET", "calls")["calls"]
    assert (made["request"]["prompt"], made["body"]["prompt"]) == ("A fox", "A fox")
    assert [call["call"] for call in others] == [*["query"] * 4, "download", "download", "delete"]
    assert {call["task_id"] for call in others} == {made["task_id"]}


def test_a_page_may_read_what_was_declared(launch: Launch) -> None:
    """A fault that a browser hides from its page tests nothing."""
    server = launch(test="true", cors_origins="https://studio.example")
    control(server, "POST", "faults", {"then": {"do": "refuse", "code": "Throttling"}})
    reply = server.http.get("/api/v1/tasks/", headers={"Origin": "https://studio.example"})
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (429, "https://studio.example")


def test_there_are_no_controls_outside_of_test_mode(server: Server) -> None:
    assert server.http.post("/dalang/test/reset").status_code == 404
    assert server.query(server.create("a card test:fail=InternalError"))["task_status"] != "FAILED"


def test_a_folder_at_work_is_refused(launch: Launch) -> None:
    """A reset would delete somebody's videos."""
    launch().stop()
    refused = launch(test="true", is_awaited=False)
    assert refused.end() == 1
    assert "a reset would delete" in refused.log


def test_without_a_folder_it_has_one_for_as_long_as_it_lives(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-m", "dalang", "serve", "--test", "--port", "0", "--ready-file", str(ready)]
    settings = {**environment({}), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(ready.exists, "the server is ready")
        assert list(tmp_path.glob("dalang-test-*/env")), "a key that is known: sk-dalang-test"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not list(tmp_path.glob("dalang-test-*"))


def test_a_ready_file_leads_nowhere_where_nobody_answers(tmp_path: Path) -> None:
    """Scripts wait for it: one of an earlier server would send them to a dead port."""
    ready = tmp_path / "ready"
    ready.write_text('{"url": "http://127.0.0.1:9"}')
    command = [sys.executable, "-m", "dalang", "serve", "--test", "--port", "0", "--ready-file", str(ready)]
    with subprocess.Popen(
        command, env=environment({}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        until(lambda: ready.exists() and ':9"' not in ready.read_text(), "the server tells its own place")
        process.terminate()
        assert process.wait(30) == 0
    assert not ready.exists()
