"""Orders: what is sent, and that no video is ever ordered twice."""

import base64
import json

import httpx
import pytest
from client_fakes import FakeClock, Script, client_of, refusal, task

from dalang.client import ApiError, BadReply, Client, ConnectionFailed, OrderUncertain
from dalang.errors import ConfigError, InvalidImage
from dalang.task import TaskStatus

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def test_an_order_carries_only_what_was_asked_for():
    script = Script(task("PENDING"))
    client_of(script).create("a boat", size="1280*720", duration=5, seed=7)
    request = script.requests[0]
    assert request.url == "http://video.test/api/v1/services/aigc/video-generation/video-synthesis"
    assert request.headers["X-DashScope-Async"] == "enable"
    assert request.headers["Authorization"] == "Bearer sk-secret"
    assert "X-DashScope-OssResourceResolve" not in request.headers
    assert script.body() == {
        "model": "wan2.6-t2v",
        "input": {"prompt": "a boat"},
        "parameters": {"size": "1280*720", "duration": 5, "seed": 7},
    }


def test_extra_fields_stand_beside_the_named_ones():
    script = Script(task("PENDING"))
    client_of(script).create("a boat", extra_input={"negative_prompt": "fog"}, extra_parameters={"watermark": True})
    assert script.body()["input"] == {"prompt": "a boat", "negative_prompt": "fog"}
    assert script.body()["parameters"] == {"watermark": True}


def test_a_file_travels_as_a_data_url_and_changes_the_default_model(tmp_path):
    (tmp_path / "misnamed.jpg").write_bytes(PNG)
    script = Script(task("PENDING"))
    client_of(script).create(image=tmp_path / "misnamed.jpg")
    assert script.body()["model"] == "wan2.6-i2v"
    head, _, content = script.body()["input"]["img_url"].partition(",")
    assert head == "data:image/png;base64", "the type is read from the bytes, not from the name"
    assert base64.b64decode(content) == PNG
    assert "prompt" not in script.body()["input"]


@pytest.mark.parametrize("url", ["https://host/a.png", "http://host/a.png", "data:image/png;base64,AAAA", "oss://k/a"])
def test_a_url_travels_as_it_is(url):
    script = Script(task("PENDING"))
    client_of(script).create(image=url)
    assert script.body()["input"]["img_url"] == url
    assert ("X-DashScope-OssResourceResolve" in script.requests[0].headers) == url.startswith("oss:")


def test_what_is_no_picture_or_too_large_is_not_sent(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    script = Script(task("PENDING"))
    for name, what in (("text.png", "is no JPEG"), ("large.png", "up to 20 MB")):
        with pytest.raises(InvalidImage, match=f"{name} .*{what}"):
            client_of(script).create(image=tmp_path / name)
    with pytest.raises(FileNotFoundError):
        client_of(script).create(image=tmp_path / "absent.png")
    assert script.requests == []


def test_the_answer_is_a_task():
    ordered = client_of(Script(task("PENDING"))).create("a boat")
    assert (ordered.id, ordered.status, ordered.request_id) == ("t-1", TaskStatus.PENDING, "r-1")


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout])
def test_an_order_that_never_left_is_sent_again(failure):
    script = Script(failure, failure, task("PENDING"))
    assert client_of(script).create("a boat").id == "t-1"
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    "failure", [httpx.ReadError, httpx.ReadTimeout, httpx.WriteError, httpx.WriteTimeout, httpx.RemoteProtocolError]
)
def test_an_order_that_may_have_arrived_is_not_sent_again(failure):
    script = Script(failure, task("PENDING"))
    with pytest.raises(OrderUncertain, match="list of tasks"):
        client_of(script).create("a boat")
    assert len(script.requests) == 1


def test_each_order_has_a_key_of_its_own():
    script = Script(task("PENDING"))
    client = client_of(script)
    client.create("a boat")
    client.create("a boat")
    keys = [request.headers["Idempotency-Key"] for request in script.requests]
    assert len(set(keys)) == 2


@pytest.mark.parametrize("failure", [httpx.ReadError, httpx.WriteTimeout, refusal(502)])
def test_a_server_that_showed_to_be_dalang_is_sent_the_same_order_again(failure):
    script = Script(task("PENDING", dalang={}), failure, httpx.ConnectError, task("PENDING", dalang={}))
    client = client_of(script)
    client.create("a boat")
    assert client.create("another").id == "t-1"
    _, *tries = script.requests
    assert len({request.headers["Idempotency-Key"] for request in tries}) == 1
    assert {request.content for request in tries} == {tries[0].content}


def test_an_order_that_broke_each_time_is_still_uncertain():
    script = Script(task("PENDING", dalang={}), httpx.ReadError, httpx.ConnectError)
    client = client_of(script)
    client.create("a boat")
    with pytest.raises(OrderUncertain, match="sent again, in vain"):
        client.create("another")
    assert len(script.requests) == 5


def test_an_order_that_never_left_is_certain_with_dalang_too():
    script = Script(task("PENDING", dalang={}), httpx.ConnectError)
    client = client_of(script)
    client.create("a boat")
    with pytest.raises(ConnectionFailed):
        client.create("another")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_may_have_taken_the_order(status):
    script = Script(refusal(status, "InternalError"), task("PENDING"))
    with pytest.raises(ApiError):
        client_of(script).create("a boat")
    assert len(script.requests) == 1


def test_a_throttled_order_was_refused_and_is_sent_again_when_the_server_says():
    clock = FakeClock()
    script = Script(refusal(429, "Throttling", **{"Retry-After": "7"}), task("PENDING"))
    assert client_of(script, clock).create("a boat").id == "t-1"
    assert clock.slept == [7]


def test_throttling_without_end_is_told():
    script = Script(refusal(429, "Throttling.RateQuota"))
    with pytest.raises(ApiError) as caught:
        client_of(script).create("a boat")
    assert caught.value.code == "Throttling.RateQuota"
    assert len(script.requests) == 4


def test_a_server_that_is_not_there_is_told_soon():
    clock = FakeClock()
    with pytest.raises(ConnectionFailed, match=r"video\.test"):
        client_of(Script(httpx.ConnectError), clock).create("a boat")
    assert clock.now < 3


def test_a_refusal_carries_code_message_status_and_request():
    with pytest.raises(ApiError) as caught:
        client_of(Script(refusal(400, message="size must be in 1280*720"))).create("a boat")
    error = caught.value
    assert (error.code, error.message, error.status, error.request_id) == (
        "InvalidParameter",
        "size must be in 1280*720",
        400,
        "r-9",
    )
    assert str(error) == "InvalidParameter: size must be in 1280*720"


def test_a_code_at_the_top_of_a_200_is_a_refusal():
    with pytest.raises(ApiError, match="DataInspectionFailed"):
        client_of(Script(refusal(200, "DataInspectionFailed"))).create("a boat")


def test_a_proxys_page_is_an_error_with_its_status():
    with pytest.raises(ApiError) as caught:
        client_of(Script(httpx.Response(404, html="<h1>nothing here</h1>"))).create("a boat")
    assert (caught.value.code, caught.value.status) == ("HTTP 404", 404)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"\xff", b"[]", b"{}", json.dumps({"output": {"task_status": "PENDING"}}).encode()],
)
def test_what_is_no_answer_of_the_api_is_a_bad_reply(content):
    with pytest.raises(BadReply, match="base URL"):
        client_of(Script(httpx.Response(200, content=content))).create("a boat")


def test_an_endless_answer_is_cut_off():
    with pytest.raises(BadReply, match="over"):
        client_of(Script(httpx.Response(200, content=b" " * 16_000_001))).create("a boat")


def test_a_redirect_is_not_followed_with_the_key():
    script = Script(httpx.Response(307, headers={"Location": "http://elsewhere.test/"}), task("PENDING"))
    with pytest.raises(ApiError):
        client_of(script).create("a boat")
    assert len(script.requests) == 1


@pytest.mark.parametrize("url", ["video.test/api/v1", "ftp://video.test", "http://", "http://host:port", ""])
def test_a_base_url_that_is_none_is_refused(url):
    with pytest.raises(ConfigError):
        Client(url, "sk-secret")


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("http://video.test:8000", "http://video.test:8000/api/v1"),
        ("http://video.test:8000/", "http://video.test:8000/api/v1"),
        ("http://video.test/api/v1/", "http://video.test/api/v1"),
        ("https://video.test/proxy/api/v1", "https://video.test/proxy/api/v1"),
    ],
)
def test_a_base_url_may_leave_out_the_path_of_the_api(given, root):
    with Client(given, "sk-secret") as client:
        assert client.base_url == root


def test_a_key_that_was_cut_by_an_ellipsis_is_refused_before_it_is_sent():
    with pytest.raises(ConfigError, match="copied whole"):
        Client("http://video.test", "sk-ab…yz")


def test_an_answer_that_does_not_decode_is_a_bad_reply():
    broken = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))

    def answer(_):
        return broken

    with pytest.raises(BadReply, match="decoded"):
        client_of(answer).create("a boat")


def test_a_receipt_after_a_slow_upload_still_counts():
    clock = FakeClock()

    def slow(_):
        clock.now += 3600
        return task("PENDING")

    assert client_of(slow, clock).create("a boat").id == "t-1"


def test_a_code_of_null_is_no_refusal():
    body = (
        b'{"code": null, "message": null, "request_id": null, "output": {"task_id": "t-1", "task_status": "PENDING"}}'
    )
    assert client_of(Script(httpx.Response(200, content=body))).create("a boat").id == "t-1"
