"""Following, ending, repeating and listing tasks."""

from datetime import UTC, datetime
from itertools import pairwise

import httpx
import pytest
from client_fakes import FakeClock, Script, Waiting, client_of, refusal, task

from dalang.client import ApiError, BadReply, Client, ConnectionFailed, Task, TaskFailed, WaitTimeout
from dalang.client.replies import CHINA, TaskRow
from dalang.task import TaskStatus

OURS = {"progress": 0.5, "eta": 3.5, "queue_position": 2, "engine": "wan", "seed": 7, "attempt": 1, "warnings": ["w"]}
WEIGHTS = {"checkpoint": "wan2.2-ti2v-5b", "profile": "fast"}

SEEN = Task(id="t-1", status=TaskStatus.PENDING)
ROW = TaskRow(id="t-1", status=TaskStatus.PENDING, model="wan2.6-t2v", created=datetime(2025, 9, 25, tzinfo=CHINA))


def test_a_task_tells_all_that_the_wire_does():
    reply = task(
        "SUCCEEDED",
        submit_time="2025-09-25 11:07:28.590",
        end_time="2025-09-25 11:17:11.650",
        video_url="http://video.test/a.mp4",
        orig_prompt="a boat",
        usage={"SR": 720, "video_count": 1},
        dalang=OURS | WEIGHTS,
    )
    found = client_of(Script(reply)).fetch("t-1")
    assert (found.checkpoint, found.profile) == ("wan2.2-ti2v-5b", "fast")
    assert found.submit_time == datetime(2025, 9, 25, 11, 7, 28, 590_000, CHINA)
    assert found.scheduled_time is None
    assert found.usage == {"SR": 720, "video_count": 1}
    assert (found.progress, found.eta, found.queue_position, found.engine) == (0.5, 3.5, 2, "wan")
    assert (found.seed, found.attempt, found.warnings, found.from_dalang) == (7, 1, ("w",), True)


def test_the_cloud_needs_none_of_our_fields_and_blanks_are_absences():
    found = client_of(Script(task("RUNNING", submit_time="", video_url="", end_time="soon"))).fetch("t-1")
    assert not found.from_dalang
    assert (found.submit_time, found.video_url, found.end_time, found.usage) == (None, None, None, {})


def test_an_id_cannot_lead_to_another_path():
    script = Script(task("UNKNOWN"))
    client_of(script).fetch("../models?x=#y/é")
    assert script.requests[0].url.raw_path == b"/api/v1/tasks/..%2Fmodels%3Fx%3D%23y%2F%C3%A9"


@pytest.mark.parametrize("named", ["t-1", SEEN, ROW])
@pytest.mark.parametrize("method", [Client.fetch, Client.wait, Client.cancel, Client.retry])
def test_a_task_is_named_by_what_was_answered_or_by_its_id(method, named):
    script = Script(task("SUCCEEDED"))
    method(client_of(script), named)
    assert script.requests[0].url.path.startswith("/api/v1/tasks/t-1")


def test_what_names_no_task_is_an_error():
    with pytest.raises(TypeError, match=r"None names no task: give a task .* or its id"):
        client_of(Script(task("SUCCEEDED"))).fetch(None)


def test_a_status_that_the_api_does_not_have_is_a_bad_reply():
    with pytest.raises(BadReply, match="DANCING"):
        client_of(Script(task("DANCING"))).fetch("t-1")


def test_suspended_is_a_way_of_waiting():
    assert client_of(Script(task("SUSPENDED"))).fetch("t-1").status is TaskStatus.PENDING


@pytest.mark.parametrize("failure", [httpx.ReadError, httpx.ConnectError, refusal(503), refusal(429)])
def test_a_question_is_asked_again(failure):
    assert client_of(Script(failure, failure, task("RUNNING"))).fetch("t-1").status is TaskStatus.RUNNING


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"])
def test_waiting_ends_with_the_task(end):
    script = Script(task("PENDING"), task("RUNNING"), task(end))
    seen = []
    ended = client_of(script).wait("t-1", on_update=lambda update: seen.append(update.status))
    assert ended.status == end
    assert seen == ["PENDING", "RUNNING", end]


def test_the_cloud_is_polled_at_its_sdks_pace():
    clock = FakeClock()
    client_of(Script(*[task("RUNNING")] * 9, task("FAILED")), clock).wait("t-1")
    assert clock.slept == [1, 1, 2, 2, 2, 4, 5, 5, 5]


RUNNING, ENDED = task("RUNNING", dalang={}), task("SUCCEEDED", dalang={})


def test_the_cloud_is_never_asked_to_wait():
    script = Waiting(FakeClock(), task("RUNNING"), task("SUCCEEDED"))
    client_of(script).wait("t-1")
    assert script.waits == [None, None]


def test_a_dalang_server_is_waited_for_without_polling():
    clock = FakeClock()
    script = Waiting(clock, *[RUNNING] * 4, ENDED)
    assert client_of(script, clock).wait("t-1").status is TaskStatus.SUCCEEDED
    assert script.waits == [None, "25.000", "25.000", "25.000", "25.000"]
    assert clock.slept == []


def test_updates_come_ever_more_slowly_up_to_one_a_second_and_the_end_at_once():
    clock, seen = FakeClock(), []
    script = Waiting(clock, *[RUNNING] * 20, ENDED)
    client_of(script, clock).wait("t-1", on_update=lambda update: seen.append(clock.now))
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert gaps[0] < 0.1
    assert gaps[:8] == sorted(gaps[:8])
    assert gaps[-2] == pytest.approx(1.0)
    assert gaps[-1] == 0, "the server answers as soon as the task has ended"
    assert clock.slept == []


def test_a_dalang_server_that_does_not_wait_is_polled_at_most_once_a_second_in_the_end():
    clock = FakeClock()
    client_of(Script(*[RUNNING] * 20, ENDED), clock).wait("t-1")
    assert clock.slept[0] < 0.1
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[-1] == 1.0


@pytest.mark.parametrize(
    "failure", [httpx.ReadError, httpx.ReadTimeout, refusal(429, "Throttling"), refusal(502), refusal(504)]
)
def test_whatever_hinders_a_server_from_waiting_a_plain_query_follows(failure):
    clock = FakeClock()
    script = Script(RUNNING, failure, RUNNING, failure, ENDED)
    assert client_of(script, clock).wait("t-1").status is TaskStatus.SUCCEEDED
    waits = [request.url.params.get("wait") for request in script.requests]
    assert waits == [None, "25.000", None, "25.000", None]
    assert clock.slept, "it is not asked again and again without a pause"


def test_a_wait_asks_for_no_longer_than_its_own_end():
    clock = FakeClock()
    script = Waiting(clock, RUNNING)
    with pytest.raises(WaitTimeout, match="after 30 s"):
        client_of(script, clock).wait("t-1", timeout=30)
    assert script.waits == [None, "25.000", "5.000"]
    assert clock.now == 30


def test_waiting_has_an_end_of_its_own():
    clock = FakeClock()
    with pytest.raises(WaitTimeout, match="t-1 was still RUNNING after 30 s") as caught:
        client_of(Script(task("RUNNING")), clock).wait("t-1", timeout=30)
    assert caught.value.task.id == "t-1"
    assert clock.now == 30


def test_waiting_outlives_a_server_that_starts_anew():
    clock = FakeClock()
    script = Script(task("RUNNING"), *[httpx.ConnectError] * 15, refusal(502), task("SUCCEEDED"))
    assert client_of(script, clock).wait("t-1").status is TaskStatus.SUCCEEDED
    assert clock.now > 20


def test_waiting_does_not_outlive_a_server_that_is_gone():
    clock = FakeClock()
    with pytest.raises(ConnectionFailed):
        client_of(Script(task("RUNNING"), httpx.ConnectError), clock).wait("t-1")
    assert clock.now <= 62


def test_waiting_stops_at_a_refusal():
    with pytest.raises(ApiError, match="InvalidApiKey"):
        client_of(Script(task("RUNNING"), refusal(401, "InvalidApiKey"))).wait("t-1")


def test_generate_tells_why_there_is_no_video():
    failed = task("FAILED", code="InvalidURL.Timeout", message="Download timeout")
    with pytest.raises(TaskFailed, match=r"t-1 ended FAILED: InvalidURL\.Timeout: Download timeout") as caught:
        client_of(Script(task("PENDING"), failed)).generate("a boat")
    assert (caught.value.code, caught.value.message) == ("InvalidURL.Timeout", "Download timeout")


def test_cancel_ends_what_is_pending_and_on_demand_what_is_running():
    script = Script(httpx.Response(200, json={"request_id": "r-1"}))
    client = client_of(script)
    client.cancel("t-1")
    client.cancel("t-1", running=True)
    assert [request.url.path for request in script.requests] == ["/api/v1/tasks/t-1/cancel"] * 2
    assert [request.headers.get("X-Dalang-Cancel") for request in script.requests] == [None, "any"]


def test_cancel_is_refused_by_name():
    with pytest.raises(ApiError) as caught:
        client_of(Script(refusal(400, "UnsupportedOperation", "Failed to cancel the task"))).cancel("t-1")
    assert caught.value.code == "UnsupportedOperation"


def test_retry_is_an_order_and_is_sent_once():
    script = Script(httpx.ReadError)
    with pytest.raises(Exception, match="not sent again"):
        client_of(script).retry("t-1")
    assert len(script.requests) == 1


def test_list_sends_its_filters_in_the_services_zone():
    row = {"task_id": "t-1", "status": "RUNNING", "model_name": "wan2.6-t2v", "gmt_create": 1745568428109}
    page = {"request_id": "r", "data": [row], "total": 11, "total_page": 2, "page_no": 2, "page_size": 10}
    script = Script(httpx.Response(200, json=page))
    found = client_of(script).list(
        status=TaskStatus.RUNNING, model="wan2.6-t2v", start=datetime(2025, 4, 24, 20, tzinfo=UTC), page=2
    )
    assert script.requests[0].url.path == "/api/v1/tasks/"
    assert dict(script.requests[0].url.params) == {
        "status": "RUNNING",
        "model_name": "wan2.6-t2v",
        "start_time": "20250425040000",
        "page_no": "2",
        "page_size": "10",
    }
    assert (found.total, found.page, found.pages) == (11, 2, 2)
    assert found.rows[0].created == datetime(2025, 4, 25, 8, 7, 8, 109_000, UTC)
    assert found.rows[0].started is None
