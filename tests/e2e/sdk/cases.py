"""What users of the SDKs call, told once for all of them: the calls of a case, and what comes of them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.media_host import MediaHost, picture
from tests.e2e.sdk.surfaces import Surface

Arguments = dict[str, Any]
Steps = list[tuple[str, Arguments]]

UNKNOWN = "01900000-0000-7000-8000-000000000000"
"""A task that never was."""

STUDIO = "localhost"
"""A workspace whose name, put into `http://{workspace_id}:PORT`, makes an address of this machine."""

MAPPED = "https://pictures.example"
"""Where what stands in the fetch map seems to be."""

ODD_NAME = "kartu nama 雪+1.png"


class Inputs(NamedTuple):
    """Where pictures and sound are: on a host, in a fetch map, and in the folder that the SDKs run in."""

    host: MediaHost
    folder: Path
    port: int
    """Of the server."""
    key: str
    """Of the workspace `STUDIO`."""

    def file(self, name: str) -> str:
        return f"file://{self.folder / name}"

    def mapped(self, name: str) -> str:
        return f"{MAPPED}/{name}"


class Film(NamedTuple):
    """A call that succeeds, and what the video and the bill then are. `shown`: what tells the prompt, in order."""

    arguments: Arguments
    usage: Arguments
    size: tuple[int, int]
    seconds: int
    sound: bool = False
    shown: tuple[str, ...] = ("orig_prompt",)


EXTENDED = ("orig_prompt", "actual_prompt")
CARD = {"prompt": "a card"}


def films(inputs: Inputs, surface: Surface) -> dict[str, Film]:
    media = extra_media_film(inputs) if surface.version == "1.25.8" else media_film(inputs)
    pictures = picture_films(inputs)
    if surface.face == "aio":  # it reads and uploads files by the code of the other one
        pictures = {name: pictures[name] for name in ("i2v by address", "i2v by file of an odd name")}
    return text_films() | pictures | sound_films(inputs) | frame_films(inputs) | {"i2v 2.7": media}


def text_films() -> dict[str, Film]:
    wide, usage = {"size": "832*480"}, {"video_duration": 5, "video_ratio": "832*480", "video_count": 1}
    more = {"prompt_extend": True, "shot_type": "multi", "negative_prompt": "flowers", "watermark": True, "seed": 12345}
    return {
        "t2v 2.6": Film(
            {"model": "wan2.6-t2v", "size": "1280*720", "duration": 2, **CARD, **more},
            {**span(2), "size": "1280*720", "SR": 720},
            (1280, 720),
            2,
            sound=True,
        ),
        "t2v 2.5": Film({"model": "wan2.5-t2v-preview", **wide, **CARD}, usage, (832, 480), 5, True, EXTENDED),
        "t2v 2.2": Film({"model": "wan2.2-t2v-plus", **wide, **CARD, "prompt_extend": False}, usage, (832, 480), 5),
        "t2v 2.1": Film({"model": "wanx2.1-t2v-turbo", **wide, **CARD, "prompt_extend": False}, usage, (832, 480), 5),
        "t2v 2.7": Film(
            {"model": "wan2.7-t2v", "resolution": "720P", "ratio": "1:1", "duration": 2, **CARD},
            {**span(2), "SR": 720},
            (960, 960),
            2,
            True,
            EXTENDED,
        ),
    }


def span(seconds: int) -> Arguments:
    return {
        "duration": seconds,
        "input_video_duration": 0,
        "output_video_duration": seconds,
        "video_count": 1,
    }


def picture_films(inputs: Inputs) -> dict[str, Film]:
    """The same picture by every way that one may be given."""
    ways = {
        "address": inputs.host.url("/picture.jpg"),
        "mapped address": inputs.mapped("picture.png"),
        "file": inputs.file("picture.png"),
        "relative file": "file://./picture.png",
        "path": str(inputs.folder / "picture.png"),
        "file of an odd name": inputs.file(ODD_NAME).replace("+", "%2B"),
        "path of an odd name": ODD_NAME,
        "base64": "data:image/png;base64," + base64.b64encode(picture(kind="PNG")).decode(),
    }
    asked = {"model": "wan2.1-i2v-turbo", "resolution": "480P", "duration": 3, "prompt_extend": False, **CARD}
    usage = {"video_duration": 3, "video_ratio": "standard", "video_count": 1}
    return {f"i2v by {way}": Film({**asked, "img_url": url}, usage, (720, 544), 3) for way, url in ways.items()}


def sound_films(inputs: Inputs) -> dict[str, Film]:
    flash = {"model": "wan2.6-i2v-flash", "resolution": "720P", "duration": 3, **CARD}
    preview = {"model": "wan2.5-i2v-preview", "resolution": "480P", **CARD, "prompt_extend": False}
    return {
        "sound by address": Film(
            {**flash, "img_url": inputs.mapped("picture.png"), "audio_url": inputs.mapped("sound.mp3")},
            {**span(3), "SR": 720, "audio": True},
            (1104, 816),
            3,
            sound=True,
        ),
        "no sound": Film(
            {**flash, "img_url": inputs.mapped("picture.png"), "audio": False},
            {**span(3), "SR": 720, "audio": False},
            (1104, 816),
            3,
        ),
        "sound by file": Film(
            {**preview, "img_url": inputs.file("picture.png"), "audio_url": inputs.file("sound.wav")},
            {"duration": 5, "SR": 480, "video_count": 1},
            (720, 544),
            5,
            sound=True,
        ),
    }


def frame_films(inputs: Inputs) -> dict[str, Film]:
    kf2v = {"model": "wan2.2-kf2v-flash", "resolution": "480P", **CARD, "prompt_extend": False}
    kf2v_usage = {"video_duration": 5, "video_count": 1, "SR": 480}
    return {
        "kf2v by address": Film(
            {**kf2v, **frames(inputs.mapped("picture.png"), inputs.host.url("/picture.jpg"))},
            kf2v_usage,
            (720, 544),
            5,
        ),
        "kf2v by file": Film(
            {**kf2v, **frames(inputs.file("picture.png"), inputs.file(ODD_NAME).replace("+", "%2B"))},
            kf2v_usage,
            (720, 544),
            5,
        ),
    }


def frames(first: str, last: str) -> Arguments:
    return {"first_frame_url": first, "last_frame_url": last}


def media_film(inputs: Inputs) -> Film:
    asked = {"resolution": "720P", "duration": 2, **CARD, "media": media(inputs.file("picture.png"), inputs)}
    return Film({"model": "wan2.7-i2v", **asked}, {**span(2), "SR": 720}, (1104, 816), 2, True, EXTENDED)


def extra_media_film(inputs: Inputs) -> Film:
    """As a version goes about it that knows no `media`, and uploads nothing of what it does not know."""
    film = media_film(inputs)
    arguments = {name: value for name, value in film.arguments.items() if name != "media"}
    extra = {"extra_input": {"media": media(inputs.mapped("picture.png"), inputs)}}
    return film._replace(arguments=arguments | extra)


def media(picture: str, inputs: Inputs) -> list[Arguments]:
    sound = inputs.mapped("sound.mp3")
    return [{"type": "first_frame", "url": picture}, {"type": "driving_audio", "url": sound}]


TEXT = {"model": "wan2.1-t2v-turbo", "size": "832*480", "prompt": "a card"}
IMAGE = {"model": "wan2.1-i2v-turbo", "resolution": "480P", "duration": 3, "prompt": "a card"}


def plays(inputs: Inputs, version: str) -> dict[str, Steps]:
    """Every call beside the ones that make a film and wait for it."""
    held = {**IMAGE, "img_url": inputs.host.url("/steady.jpg")}
    plays = lives(inputs, held) | refusals() | workspaces(inputs, held)
    return plays if version == "1.25.8" else plays | {"patience": patience(held)}


def lives(inputs: Inputs, held: Arguments) -> dict[str, Steps]:
    waiting = {"model_name": held["model"], "status": "PENDING", "page_size": 100}
    return {
        "ended": [
            ("async_call", {**TEXT, "seed": 7}),
            ("fetch", {}),
            ("wait", {}),
            ("cancel", {}),
            ("list", {"model_name": TEXT["model"], "status": "SUCCEEDED", "page_size": 100}),
        ],
        "cancelled": [("async_call", held), ("cancel", {}), ("fetch", {}), ("cancel", {})],
        "listed": [("async_call", held), ("list", waiting), ("cancel", {})],
        "paged": [("list", {"page_no": 2, "page_size": 1})],
        "failed": [
            ("async_call", {**IMAGE, "img_url": inputs.host.url("/gone.jpg")}),
            ("wait", {}),
            ("fetch", {}),
        ],
        "unknown": [("fetch", {"task": UNKNOWN}), ("wait", {"task": UNKNOWN}), ("cancel", {"task": UNKNOWN})],
    }


def refusals() -> dict[str, Steps]:
    stranger = {"api_key": "sk-somebody-else"}
    return {
        "bad size": [("async_call", {**TEXT, "size": "1*1"}), ("call", {**TEXT, "size": "1*1"})],
        "unknown model": [("async_call", {**TEXT, "model": "wan9.9-t2v"})],
        "wrong key": [
            ("async_call", {**TEXT, **stranger}),
            ("fetch", {"task": UNKNOWN, **stranger}),
            ("cancel", {"task": UNKNOWN, **stranger}),
            ("list", stranger),
        ],
    }


def workspaces(inputs: Inputs, held: Arguments) -> dict[str, Steps]:
    studio = {"api_key": inputs.key, "workspace": STUDIO}
    waiting = {"model_name": held["model"], "status": "PENDING", "page_size": 100}
    return {
        "workspace": [
            ("async_call", {**held, **studio}),
            ("fetch", studio),
            ("list", {**waiting, **studio}),
            ("cancel", studio),
        ],
        "another workspace": [("async_call", {**TEXT, "workspace": STUDIO})],
        "no such workspace": [("async_call", {**TEXT, "workspace": "nowhere"})],
    }


def patience(held: Arguments) -> Steps:
    return [("async_call", held), ("wait", {"wait_timeout": 1}), ("cancel", {})]


def address_of_a_workspace(inputs: Inputs) -> Steps:
    """Of version 2.0.2: the address holds a place for the workspace's name."""
    studio = {"api_key": inputs.key, "workspace": STUDIO}
    address = f"http://{{workspace_id}}:{inputs.port}/api/v1"
    held = {**IMAGE, "img_url": inputs.host.url("/steady.jpg")}
    return [("async_call", {**held, **studio, "base_address": address}), ("cancel", studio)]
