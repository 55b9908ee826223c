"""Inspection of prompts, pictures and frames by real servers: word lists, a service, and what the header asks for."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.e2e.conftest import Launch
from tests.e2e.media_host import MediaHost
from tests.e2e.running import CREATE, SMALL_TEXT, Server, task_id
from tests.moderation_host import Ask, ModerationHost, moderation_host, results

INSPECT = {"X-DashScope-DataInspection": '{"input": "cip", "output": "cip"}'}

UNFIT_INPUT = "Input data may contain inappropriate content."
UNFIT_OUTPUT = "Output data may contain inappropriate content."
INFRINGING_INPUT = "Input data is suspected of being involved in IP infringement."


def ask(server: Server, prompt: str, headers: dict[str, str] | None = None, **parameters: Any) -> httpx.Response:
    model, cheap = SMALL_TEXT
    body = {"model": model, "input": {"prompt": prompt}, "parameters": cheap | parameters}
    return server.http.post(CREATE, json=body, headers=headers)


# Word lists


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("listed")
    (folder / "words.txt").write_text("mould\n[ip]\nAcme Anvil\n", encoding="utf-8")
    server = Server(folder / "data", moderation="words", moderation_words=str(folder / "words.txt")).start()
    yield server
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("prompt", "code", "sentence"),
    [
        ("Mould on a loaf of bread", "DataInspectionFailed", UNFIT_INPUT),
        ("an ACME anvil falls", "IPInfringementSuspect", INFRINGING_INPUT),
    ],
)
def test_a_prompt_on_the_list_is_refused_at_create(listed: Server, prompt: str, code: str, sentence: str) -> None:
    reply = ask(listed, prompt)
    assert reply.status_code == 400
    assert set(reply.json()) == {"code", "message", "request_id"}
    assert reply.json()["code"] == code
    assert reply.json()["message"].startswith(sentence)
    assert "mould" not in reply.json()["message"].lower(), "the list is not read out"


def test_a_prompt_that_is_not_on_the_list_becomes_a_video(listed: Server) -> None:
    assert listed.succeed(task_id(ask(listed, "a loaf of bread")))["video_url"]


def test_a_negative_prompt_may_be_on_the_list(listed: Server) -> None:
    model, cheap = SMALL_TEXT
    assert listed.post(model, cheap, prompt="a loaf of bread", negative_prompt="mould").status_code == 200


def test_like_the_cloud_the_task_fails_instead(launch: Launch) -> None:
    server = launch(moderation="words", like_cloud="true")
    output = server.fail(task_id(ask(server, "Mickey Mouse dances", {"Host": "dashscope-intl.test"})))
    assert output["code"] == "IPInfringementSuspect"
    assert output["message"].startswith(INFRINGING_INPUT)


# The header


def test_off_a_prompt_is_looked_up_only_where_the_header_asks(server: Server) -> None:
    assert ask(server, "Mickey Mouse dances").status_code == 200
    refused = ask(server, "Mickey Mouse dances", INSPECT)
    assert (refused.status_code, refused.json()["code"]) == (400, "IPInfringementSuspect")


def test_an_inspection_of_frames_that_nobody_makes_is_warned_of(server: Server) -> None:
    output = server.succeed(task_id(ask(server, "a card", INSPECT)))
    assert any("X-DashScope-DataInspection" in warning for warning in output["dalang"]["warnings"])


def test_a_header_cannot_switch_moderation_off(listed: Server) -> None:
    for header in ("disable", "false", "{}", '{"input": "none"}'):
        assert ask(listed, "mould", {"X-DashScope-DataInspection": header}).status_code == 400


# A service


@pytest.fixture(scope="module")
def service() -> Iterator[ModerationHost]:
    with moderation_host() as host:
        yield host


@pytest.fixture(scope="module")
def moderated(service: ModerationHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"moderation": "http", "moderation_url": service.url, "moderation_key": "sk-inspector"}
    server = Server(tmp_path_factory.mktemp("moderated") / "data", fetch_allow="localhost", **settings).start()
    yield server
    assert server.stop() == 0


@pytest.fixture(autouse=True)
def forgetful(service: ModerationHost) -> None:
    service.asked.clear()
    service.answer = results({"flagged": False})


def image_of(part: dict[str, Any]) -> bytes:
    head, _, body = part["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    return base64.b64decode(body, validate=True)


def flag(host: ModerationHost, kind: str, **categories: bool) -> None:
    """Every `text`, or every `image_url`."""

    def answer(ask: Ask) -> None:
        results({"flagged": ask.json["input"][0]["type"] == kind, "categories": categories})(ask)

    host.answer = answer


def test_what_nobody_minds_becomes_a_video(moderated: Server, service: ModerationHost, media: MediaHost) -> None:
    moderated.succeed(moderated.create_from(media.url("/picture.jpg")))
    parts = [asked["input"][0] for _, _, asked in service.asked]
    prompt, extended = sorted((part["text"] for part in parts if part["type"] == "text"), key=len)  # asked side by side
    assert prompt == "a card"
    assert extended.startswith("a card. ")
    images = [image_of(part) for part in parts if part["type"] == "image_url"]
    assert len(images) >= 3, "the picture, and frames"
    for image in images:
        with Image.open(BytesIO(image)) as opened:
            assert opened.format == "JPEG"
            assert max(opened.size) <= 768
    assert {headers["Authorization"] for _, headers, _ in service.asked} == {"Bearer sk-inspector"}


def test_a_flagged_prompt_fails_the_task(moderated: Server, service: ModerationHost) -> None:
    flag(service, "text")
    output = moderated.fail(moderated.create())
    assert output["code"] == "DataInspectionFailed"
    assert output["message"].startswith(UNFIT_INPUT)
    assert "scheduled_time" not in output, "nothing was rendered"


def test_a_flagged_picture_fails_the_task(moderated: Server, service: ModerationHost, media: MediaHost) -> None:
    flag(service, "image_url", copyright=True)
    output = moderated.fail(moderated.create_from(media.url("/picture.jpg")))
    assert output["code"] == "IPInfringementSuspect"
    assert output["message"].startswith(f"{INFRINGING_INPUT} The picture")
    assert "scheduled_time" not in output


def test_flagged_frames_fail_the_task_and_nobody_gets_the_video(moderated: Server, service: ModerationHost) -> None:
    flag(service, "image_url")
    task = moderated.create()
    output = moderated.fail(task)
    assert output["code"] == "DataInspectionFailed"
    assert output["message"].startswith(f"{UNFIT_OUTPUT} Frame ")
    assert "video_url" not in output
    assert moderated.files(task) == set()


def test_a_service_that_fails_fails_the_task_as_a_fault_of_ours(moderated: Server, service: ModerationHost) -> None:
    service.answer = lambda ask: ask.reply(b"", 500)
    output = moderated.fail(moderated.create())
    assert output["code"] == "InternalError"
    assert output["message"].endswith("The prompt could not be inspected: the moderation service answered 500.")


def test_failing_open_it_passes_with_a_warning(launch: Launch, service: ModerationHost) -> None:
    server = launch(moderation="http", moderation_url=service.url, moderation_fail="open")
    service.answer = lambda ask: ask.reply(b"", 500)
    warnings = server.succeed(server.create())["dalang"]["warnings"]
    assert [warning.partition(":")[0] for warning in warnings] == ["Not inspected"] * 2, "before, and after"
    assert warnings[0] == "Not inspected: the prompt, the extended prompt (the moderation service answered 500)."
    assert "frame 1, frame 2" in warnings[1]


def test_off_a_service_is_asked_only_where_the_header_asks(launch: Launch, service: ModerationHost) -> None:
    server = launch(moderation_url=service.url)
    server.succeed(server.create())
    assert service.asked == []
    server.succeed(task_id(ask(server, "a card", INSPECT)))
    assert {asked["input"][0]["type"] for _, _, asked in service.asked} == {"text", "image_url"}


# Settings


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"moderation": "http"}, "moderation_url"), ({"moderation_words": "nowhere.txt"}, "moderation_words")],
)
def test_settings_that_do_not_fit_stop_the_start(launch: Launch, settings: dict[str, str], named: str) -> None:
    server = launch(is_awaited=False, **settings)
    assert server.end() != 0
    assert named in server.log
