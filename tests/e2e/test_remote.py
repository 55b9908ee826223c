"""Videos that another server makes: one of open weights on the loopback, and a second Dalang."""

from __future__ import annotations

import base64
import time
import wave
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.farm import Call, Farm, farm
from tests.e2e.media_host import picture
from tests.e2e.running import KEY, Gate, Server, free_port, task_id
from tests.e2e.until import until
from tests.moderation_host import Ask, moderation_host, results

FARM_KEY = "sk-the-farm-s-own"

IMAGE = "data:image/jpeg;base64," + base64.b64encode(picture()).decode()

ANY = {"X-Dalang-Cancel": "any"}


@pytest.fixture(scope="session")
def film(server: Server) -> bytes:
    output = server.succeed(server.create("a film"))
    return server.http.get(output["video_url"]).content


@pytest.fixture(scope="module")
def one_farm(film: bytes) -> Iterator[Farm]:
    with farm(film) as running:
        yield running


@pytest.fixture
def host(one_farm: Farm) -> Farm:
    one_farm.forget()
    return one_farm


@pytest.fixture(scope="module")
def farmed(one_farm: Farm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose videos `one_farm` makes. Tests share it that do not care what came before."""
    config = farms(one_farm.url, more="price = 0.1\nfps = 16")
    server = Server(tmp_path_factory.mktemp("farmed") / "data", config, log_level="debug").start()
    yield server
    assert server.stop() == 0


def farms(*urls: str, more: str = "") -> str:
    """A config under which every model is made by them."""
    endpoints = ", ".join(f'{{ url = "{url}", key = "{FARM_KEY}" }}' for url in urls)
    return f"""
[routes]
"wan2.1-*" = {{ engine = "farm", checkpoint = "wan-1.3b" }}
"*" = {{ engine = "farm" }}

[remotes.farm]
kind = "openai"
endpoints = [{endpoints}]
{more}
"""


def dalangs(*urls: str, more: str = "dalang = true") -> str:
    endpoints = ", ".join(f'{{ url = "{url}/api/v1", key = "{KEY}" }}' for url in urls)
    return f"""
[routes]
"*" = {{ engine = "cloud" }}

[remotes.cloud]
kind = "dashscope"
endpoints = [{endpoints}]
{more}
"""


# A server of open weights


def test_a_video_is_ordered_followed_and_kept_here(farmed: Server, host: Farm, film: bytes) -> None:
    before = cost_at(farmed)
    output = farmed.succeed(farmed.create("A fox runs", seed=7, prompt_extend=True))
    assert farmed.http.get(output["video_url"]).content == film, "the bytes are theirs, as they are"
    assert output["video_url"].startswith(farmed.url), "the link is ours"
    assert (output["dalang"]["engine"], output["dalang"]["attempt"]) == ("farm", 1)
    (video,) = host.ordered
    assert video.fields["prompt"] == output["actual_prompt"], "extended as everywhere here"
    assert video.fields["prompt"].startswith("A fox runs")
    expected = {"model": "wan-1.3b", "seconds": "5", "size": "832x480", "seed": "7"}
    assert expected.items() <= video.fields.items()
    assert round(cost_at(farmed) - before, 6) == 0.5


def cost_at(server: Server) -> float:
    return float(server.http.get("/api/v1/usage").json()["total"]["cost"])


def test_a_picture_goes_along_as_prepared(farmed: Server, host: Farm) -> None:
    farmed.succeed(farmed.create_from(IMAGE))
    (video,) = host.ordered
    assert video.picture is not None
    assert video.picture.startswith(b"\x89PNG")
    assert (video.fields["size"], video.fields["fps"]) == ("720x544", "16")


def test_keys_stand_in_no_log_and_no_reply(farmed: Server, host: Farm) -> None:
    def tell_tales(call: Call) -> None:
        call.reply({"error": {"message": f"Wrong key: {FARM_KEY}", "code": "invalid_request"}}, 400)

    host.doors["create"].answer = tell_tales
    output = farmed.fail(farmed.create())
    assert host.keys == {f"Bearer {FARM_KEY}"}
    assert "Wrong key: ***" in output["message"]
    assert FARM_KEY not in farmed.log


def test_progress_is_theirs_and_a_canceled_task_is_canceled_there(farmed: Server, host: Farm) -> None:
    host.status = "in_progress"
    task = farmed.create()
    until(lambda: host.ordered, "it is ordered")
    host.ordered[0].progress = 40
    until(lambda: farmed.query(task)["dalang"]["progress"] == 0.4, "their progress is seen here")
    assert farmed.cancel(task, **ANY).status_code == 200
    until(lambda: host.ordered[0].deleted, "it is canceled there")
    assert farmed.status(task) == "CANCELED"
    host.status = "completed"
    farmed.succeed(farmed.create())


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        ({"code": "moderation_blocked", "message": "No."}, "DataInspectionFailed", "Output data may contain"),
        ({"code": "server_error", "message": "CUDA out of memory"}, "InternalError.Algo", "CUDA out of memory"),
        ({"message": "boom"}, "InternalError.Algo", "boom"),
    ],
)
def test_what_fails_there_fails_here_in_our_codes(
    farmed: Server, host: Farm, error: dict[str, str], code: str, sentence: str
) -> None:
    def fails(call: Call) -> None:
        video = call.take()
        video.status, video.error = "failed", error
        call.reply(video.shown)

    host.doors["create"].answer = fails
    output = farmed.fail(farmed.create())
    assert output["code"] == code
    assert sentence in output["message"]
    assert host.doors["create"].count == 1, "it is not ordered again"


def test_one_that_has_forgotten_its_videos_fails_the_task(farmed: Server, host: Farm) -> None:
    host.status = "in_progress"
    task = farmed.create()
    until(lambda: host.ordered and host.doors["look"].count, "it is followed")
    host.videos.clear()
    assert "knows nothing of it any more" in farmed.fail(task)["message"]


def test_one_that_learns_of_its_videos_late_is_asked_again(farmed: Server, host: Farm) -> None:
    def late(call: Call) -> None:
        if host.doors["look"].count <= 2:
            call.reply({"detail": "Video not found"}, 404)
        else:
            call.look()

    host.doors["look"].answer = late
    assert farmed.succeed(farmed.create())["dalang"]["attempt"] == 1


@pytest.mark.parametrize("answer", ["hangs up", "502", "503 of a proxy", "no name"])
def test_an_order_of_unknown_outcome_fails_and_is_not_sent_again(farmed: Server, host: Farm, answer: str) -> None:
    def after_taking(call: Call) -> None:
        call.take()
        if answer == "hangs up":
            call.hang_up()
        elif answer == "no name":
            call.reply({"object": "video"})
        else:
            call.send(b"<html>", int(answer[:3]))

    host.doors["create"].answer = after_taking
    output = farmed.fail(farmed.create())
    assert output["code"] == "InternalError"
    assert "not ordered twice" in output["message"]
    assert len(host.ordered) == 1


def busy(call: Call) -> None:
    call.reply({"error": {"message": "Too many.", "code": "rate_limit"}}, 429, retry_after="1")


def out_of_order(call: Call) -> None:
    call.reply({"error": {"message": "Loading."}}, 503)


@pytest.mark.parametrize("refuse", [busy, out_of_order])
def test_a_busy_one_is_asked_again_at_no_cost_to_the_task(
    farmed: Server, host: Farm, refuse: Callable[[Call], None]
) -> None:
    def first_busy(call: Call) -> None:
        if host.doors["create"].count <= 2:
            asked.append(time.monotonic())
            refuse(call)
        else:
            call.create()

    asked: list[float] = []
    host.doors["create"].answer = first_busy
    output = farmed.succeed(farmed.create())
    assert output["dalang"]["attempt"] == 1
    assert len(host.ordered) == 1
    assert asked[1] - asked[0] >= 0.99, "it is left alone for as long as it asks"


def test_what_one_cannot_take_the_next_one_gets(launch: Launch, host: Farm, film: bytes) -> None:
    """No connection, a wrong key: nothing was ordered there."""

    def wrong_key(call: Call) -> None:
        call.reply({"error": {"message": "No."}}, 401)

    with farm(film) as strict:
        strict.doors["create"].answer = wrong_key
        nobody = f"http://127.0.0.1:{free_port()}/v1"
        server = launch(config=farms(nobody, strict.url, host.url))
        for _ in range(3):
            assert server.succeed(server.create())["dalang"]["attempt"] == 1
        assert len(host.ordered) == 3
        assert strict.ordered == []
    assert "order not taken" in server.log


def test_a_key_that_none_takes_is_no_affair_of_the_caller_s(farmed: Server, host: Farm) -> None:
    host.doors["create"].answer = lambda call: call.reply({"error": {"message": "Key ends in ownX."}}, 401)
    output = farmed.fail(farmed.create())
    assert output["code"] == "InternalError"
    assert "ownX" not in output["message"]


def test_one_that_cannot_be_reached_gets_its_order_when_it_can(launch: Launch, film: bytes) -> None:
    port = free_port()
    server = launch(config=farms(f"http://127.0.0.1:{port}/v1"))
    task = server.create()
    until(lambda: "order not taken" in server.log, "it cannot be reached")
    waiting = server.create()
    with farm(film, port) as late:
        assert server.succeed(task)["dalang"]["attempt"] == 1
        server.succeed(waiting)
        assert len(late.ordered) == 2
        assert late.doors["health"].count >= 1, "it was looked at before it got an order"


def test_one_whose_proxy_alone_is_well_gets_no_orders(launch: Launch, host: Farm) -> None:
    """Else each task in the queue would be ordered there, in vain and of unknown outcome. Nor does it matter what the
    proxy says."""

    def proxied(call: Call) -> None:
        if host.doors["health"].count < 2:
            call.send(b'{"a":' * 100_000, 502)
        elif call.command == "POST":
            call.create()
        else:
            call.models()

    server = launch(config=farms(host.url))
    host.doors["create"].answer = host.doors["health"].answer = proxied
    assert "not ordered twice" in server.fail(server.create())["message"]
    assert server.succeed(server.create())["dalang"]["attempt"] == 1
    assert host.doors["create"].count == 2


def test_a_dead_one_s_leftovers_hold_up_no_other(launch: Launch, host: Farm, film: bytes) -> None:
    """Neither what is to be canceled at another, nor the look at it."""
    with farm(film) as slow:
        server = launch(config=farms(slow.url, host.url))
        slow.status = host.status = "in_progress"
        slow.doors["delete"].shut()
        tasks = [server.create(f"a film {number}") for number in range(2)]
        until(lambda: slow.ordered and host.ordered, "each has one")
        for task in tasks:
            server.cancel(task, **ANY)
        slow.doors["delete"].knocked.wait(30)
        until(lambda: host.ordered[0].deleted, "the other is told meanwhile")
        slow.doors["delete"].open.set()


def test_weights_share_out_the_orders(launch: Launch, host: Farm, film: bytes) -> None:
    with farm(film) as big:
        endpoints = f'[{{ url = "{big.url}", weight = 2 }}, {{ url = "{host.url}" }}]'
        server = launch(config=farms(host.url).replace(farms(host.url).split("endpoints = ")[1].strip(), endpoints))
        for _ in range(6):
            server.succeed(server.create())
        assert (len(big.ordered), len(host.ordered)) == (4, 2)


@pytest.mark.parametrize("flaw", ["cut off", "no MP4", "not there yet"])
def test_a_video_that_did_not_come_whole_is_fetched_again_and_not_ordered(
    farmed: Server, host: Farm, film: bytes, flaw: str
) -> None:
    ranges: list[str | None] = []

    def broken_at_first(call: Call) -> None:
        ranges.append(call.headers.get("range"))
        if len(ranges) > 1:
            begin = int(str(ranges[-1]).removeprefix("bytes=").removesuffix("-")) if ranges[-1] else 0
            whole = {"content_range": f"bytes {begin}-{len(film) - 1}/{len(film)}"} if begin else {}
            call.send(film[begin:], 206 if begin else 200, **whole)
        elif flaw == "cut off":
            call.send_response(200)
            call.send_header("content-length", str(len(film)))
            call.send_header("etag", '"film"')
            call.end_headers()
            call.wfile.write(film[:1000])
            call.hang_up()
        elif flaw == "no MP4":
            call.send(b"<html>sorry</html>")
        else:
            call.reply({"detail": "Generation is still in-progress"}, 404)

    host.doors["content"].answer = broken_at_first
    output = farmed.succeed(farmed.create())
    assert farmed.http.get(output["video_url"]).content == film
    assert output["dalang"]["attempt"] == 1
    assert len(host.ordered) == 1
    assert ranges == [None, "bytes=1000-" if flaw == "cut off" else None]


def test_a_drained_server_leaves_its_orders_to_the_next(launch: Launch, host: Farm) -> None:
    host.status = "in_progress"
    server = launch(config=farms(host.url))
    task = server.create()
    until(lambda: host.doors["look"].count, "it is followed")
    assert server.stop() == 0
    assert not host.ordered[0].deleted
    host.ordered[0].status = "completed"
    again = launch(config=farms(host.url))
    assert again.succeed(task)["dalang"]["attempt"] == 2
    assert len(host.ordered) == 1


def test_an_order_at_an_endpoint_that_is_configured_no_more_fails(launch: Launch, host: Farm, film: bytes) -> None:
    host.status = "in_progress"
    server = launch(config=farms(host.url))
    task = server.create()
    until(lambda: host.doors["look"].count, "it is followed")
    server.kill()
    with farm(film) as other:
        again = launch(config=farms(other.url))
        assert "no longer among those of farm" in again.fail(task)["message"]
        assert other.ordered == []


def test_a_last_frame_is_more_than_it_can_do(farmed: Server, host: Farm) -> None:
    task = task_id(farmed.post("wan2.1-kf2v-plus", {}, first_frame_url=IMAGE, last_frame_url=IMAGE))
    assert farmed.fail(task)["code"] == "InvalidParameter"
    assert host.ordered == []


# Another Dalang


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("other") / "data", moderation="words").start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def ours(other: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Whose videos `other` makes."""
    server = Server(tmp_path_factory.mktemp("ours") / "data", dalangs(other.url)).start()
    yield server
    assert server.stop() == 0


def newest(server: Server) -> str:
    return str(server.http.get("/api/v1/tasks/").json()["data"][0]["task_id"])


def test_another_dalang_makes_it(other: Server, ours: Server) -> None:
    before = cost_at(ours)
    made = ours.succeed(task_id(ours.post("wan2.6-t2v", {"size": "1280*720", "duration": 2}, prompt="A fox")))
    original = other.query(newest(other))
    assert ours.http.get(made["video_url"]).content == other.http.get(original["video_url"]).content
    assert original["dalang"]["seed"] == made["dalang"]["seed"]
    assert original["orig_prompt"] == "A fox", "in its own words: it extends them itself"
    assert round(cost_at(ours) - before, 6) == 1.2


def test_pictures_and_sound_go_ahead_to_another_dalang(other: Server, ours: Server) -> None:
    sound = "data:audio/wav;base64," + base64.b64encode(wav(3)).decode()
    replies = [
        ours.post("wan2.1-i2v-turbo", {"resolution": "480P", "duration": 3}, prompt="A fox", img_url=IMAGE),
        ours.post("wan2.2-kf2v-flash", {"resolution": "480P"}, first_frame_url=IMAGE, last_frame_url=IMAGE),
        ours.post("wan2.5-t2v-preview", {"size": "832*480", "duration": 5}, prompt="A fox", audio_url=sound),
    ]
    for reply in replies:
        ours.succeed(task_id(reply))
    rows = other.http.get("/api/v1/tasks/").json()["data"][: len(replies)]
    assert {row["model_name"] for row in rows} == {"wan2.1-i2v-turbo", "wan2.2-kf2v-flash", "wan2.5-t2v-preview"}
    assert {row["status"] for row in rows} == {"SUCCEEDED"}


def test_what_another_dalang_refuses_is_told_in_its_words(ours: Server) -> None:
    output = ours.fail(ours.create("a terrorist beheading video, gore"))
    assert output["code"] == "DataInspectionFailed"


def wav(seconds: int) -> bytes:
    """Silence, mono, 8 kHz."""
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(bytes(2 * 8000 * seconds))
    return file.getvalue()


def test_a_running_task_is_canceled_at_another_dalang_too(launch: Launch, gate: Gate) -> None:
    other = launch(data="other", **gate.settings())
    server = launch(config=dalangs(other.url))
    task = server.create()
    (there,) = until(lambda: other.http.get("/api/v1/tasks/").json()["data"], "it is ordered")
    gate.hold(other, there["task_id"])
    server.cancel(task, **ANY)
    until(lambda: other.status(there["task_id"]) == "CANCELED", "it is canceled there")


# Moderation


def test_frames_of_other_servers_are_inspected_too(launch: Launch, host: Farm) -> None:
    with moderation_host() as judge:
        settings = {"moderation": "http", "moderation_url": judge.url}
        server = launch(config=farms(host.url), **settings)
        server.succeed(server.create())
        pictures = [asked for _, _, asked in judge.asked if "image_url" in str(asked)]
        assert pictures, "stills were taken of a video that no process of ours has drawn"
        judge.answer = flag_pictures
        assert server.fail(server.create("another"))["code"] == "DataInspectionFailed"
        host.doors["content"].answer = lambda call: call.send(b"\0\0\0\x10ftypisom" + bytes(4) + b"\0\0\0\x08moov")
        output = server.fail(server.create("a third"))
        assert (output["code"], "Another server made it." in output["message"]) == ("InternalError", True)


def flag_pictures(ask: Ask) -> None:
    is_picture = "image_url" in str(ask.json)
    results({"flagged": is_picture, "categories": {"violence": is_picture}})(ask)
