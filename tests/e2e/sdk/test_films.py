"""Videos by every model family and every way to give a picture and sound, through the official SDKs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import av
import pytest

from tests.e2e.running import Server
from tests.e2e.sdk.cases import Film, Inputs, films
from tests.e2e.sdk.conftest import Reply
from tests.e2e.sdk.surfaces import CLASSIC, FILMING, Surface

Played = dict[Surface, dict[str, list[Reply]]]

FILLED_IN = {"video_count": 1, "video_duration": 0, "video_ratio": ""}
"""What the SDK's own class shows of usage that the service does not send."""

PRINTED = ["status_code", "request_id", "code", "message", "output", "usage"]

TOKENS = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
"""The same of the client object."""


def made(surface: Surface, inputs: Inputs, played: Played) -> list[tuple[str, Film, Reply]]:
    return [(name, film, played[surface][name][0]) for name, film in films(inputs, surface).items()]


def what_plays(content: bytes) -> tuple[tuple[int, int], float, tuple[str, ...]]:
    """Sides, seconds and codecs, by what the file says of itself."""
    with av.open(BytesIO(content)) as file:
        video = file.streams.video[0]
        assert video.duration
        assert video.time_base
        codecs = tuple(stream.codec_context.name for stream in file.streams)
        return (video.width, video.height), round(float(video.duration * video.time_base), 2), codecs


@pytest.mark.parametrize("surface", FILMING, ids=str)
def test_every_film_is_made(surface: Surface, inputs: Inputs, played: Played) -> None:
    not_made = {name: reply for name, _, reply in made(surface, inputs, played) if not reply.get("output")}
    assert not_made == {}
    ends = {name: reply["output"]["task_status"] for name, _, reply in made(surface, inputs, played)}
    assert set(ends.values()) == {"SUCCEEDED"}, ends


@pytest.mark.parametrize("surface", FILMING, ids=str)
def test_each_video_has_the_sides_seconds_and_sound_that_were_asked_for(
    surface: Surface, inputs: Inputs, played: Played, hosting: Server
) -> None:
    def seen(reply: Reply) -> Any:
        return what_plays(hosting.http.get(reply["output"]["video_url"]).content)

    found = {name: seen(reply) for name, _, reply in made(surface, inputs, played)}
    assert found == {
        name: (film.size, film.seconds, ("h264", "aac") if film.sound else ("h264",))
        for name, film, _ in made(surface, inputs, played)
    }


@pytest.mark.parametrize("surface", FILMING, ids=str)
def test_usage_is_shown_as_documented_for_each_family(surface: Surface, inputs: Inputs, played: Played) -> None:
    own = FILLED_IN if surface in CLASSIC else TOKENS
    found = {name: reply["usage"] for name, _, reply in made(surface, inputs, played)}
    assert found == {name: own | film.usage for name, film, _ in made(surface, inputs, played)}
    numbers = [value for usage in found.values() for name, value in usage.items() if type(value) is float]
    assert numbers == [], "whole numbers are sent as such"


@pytest.mark.parametrize("surface", FILMING, ids=str)
def test_the_extended_prompt_is_told_when_documented(surface: Surface, inputs: Inputs, played: Played) -> None:
    def told(reply: Reply) -> tuple[str, ...]:
        return tuple(name for name in reply["output"] if name.endswith("_prompt"))

    found = {name: told(reply) for name, _, reply in made(surface, inputs, played)}
    assert found == {name: film.shown for name, film, _ in made(surface, inputs, played)}
    prompts = {reply["output"]["orig_prompt"] for _, _, reply in made(surface, inputs, played)}
    assert prompts == {"a card"}


@pytest.mark.parametrize("surface", CLASSIC, ids=str)
def test_a_reply_prints_as_in_the_documentation(surface: Surface, played: Played) -> None:
    reply = played[surface]["t2v 2.6"][0]
    assert list(reply) == PRINTED
    assert (reply["status_code"], reply["code"] or None, reply["message"]) == (200, None, "")
    assert sorted(set(reply["output"]) - {"dalang"}) == sorted(
        ["task_id", "task_status", "video_url", "submit_time", "scheduled_time", "end_time", "orig_prompt"]
    )
    assert list(reply["usage"].items()) == [
        ("video_count", 1),
        ("video_duration", 0),
        ("video_ratio", ""),
        ("duration", 2),
        ("size", "1280*720"),
        ("input_video_duration", 0),
        ("output_video_duration", 2),
        ("SR", 720),
    ]


@pytest.mark.parametrize("surface", FILMING, ids=str)
def test_the_seed_that_was_sent_is_used(surface: Surface, played: Played) -> None:
    about = played[surface]["t2v 2.6"][0]["output"]["dalang"]
    assert (about["seed"], about["warnings"]) == (12345, [])
