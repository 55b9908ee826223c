"""The body of an order: the shape that each family takes, and which way files go."""

from pathlib import Path

import pytest
from client_fakes import Script, client_of, task

from dalang.client.order import order
from dalang.errors import InvalidImage, InvalidParameter

FIRST, LAST, CLIP, SOUND = (f"https://host/{name}" for name in ("a.png", "b.png", "c.mp4", "d.mp3"))


def body(prompt="a boat", **wishes):
    return order(prompt, wishes, lambda path, model: f"oss://{model}/{path.name}")


@pytest.mark.parametrize(
    ("wishes", "model"),
    [
        ({}, "wan2.6-t2v"),
        ({"ratio": "16:9"}, "wan2.7-t2v"),
        ({"image": FIRST}, "wan2.6-i2v"),
        ({"image": FIRST, "audio": SOUND}, "wan2.6-i2v"),
        ({"image": FIRST, "sound": False}, "wan2.6-i2v-flash"),
        ({"image": FIRST, "last_image": LAST}, "wan2.2-kf2v-flash"),
        ({"image": FIRST, "last_image": LAST, "audio": SOUND}, "wan2.7-i2v"),
        ({"clip": CLIP}, "wan2.7-i2v"),
        ({"clip": CLIP, "last_image": LAST}, "wan2.7-i2v"),
        ({"image": FIRST, "last_image": LAST, "model": "wan2.1-kf2v-plus"}, "wan2.1-kf2v-plus"),
    ],
)
def test_without_a_model_one_is_taken_that_can_do_what_is_asked(wishes, model):
    assert body(**wishes)["model"] == model


@pytest.mark.parametrize(
    ("wishes", "fields"),
    [
        ({"image": FIRST}, {"img_url": FIRST}),
        ({"image": FIRST, "audio": SOUND}, {"img_url": FIRST, "audio_url": SOUND}),
        ({"audio": SOUND}, {"audio_url": SOUND}),
        ({"image": FIRST, "last_image": LAST}, {"first_frame_url": FIRST, "last_frame_url": LAST}),
        ({"image": FIRST, "model": "wanx2.1-kf2v-plus"}, {"first_frame_url": FIRST}),
        ({"image": FIRST, "model": "wan2.7-i2v"}, {"media": [{"type": "first_frame", "url": FIRST}]}),
        (
            {"clip": CLIP, "last_image": LAST},
            {"media": [{"type": "last_frame", "url": LAST}, {"type": "first_clip", "url": CLIP}]},
        ),
        (
            {"image": FIRST, "audio": SOUND, "model": "wan2.7-i2v"},
            {"media": [{"type": "first_frame", "url": FIRST}, {"type": "driving_audio", "url": SOUND}]},
        ),
    ],
)
def test_each_family_gets_its_media_in_its_own_fields(wishes, fields):
    assert body(**wishes)["input"] == {"prompt": "a boat", **fields}


def test_wishes_become_parameters_of_the_wires_names():
    made = body(negative_prompt="fog", prompt_extend=False, shot_type="multi", sound=False, watermark=True, ratio="1:1")
    assert made["input"] == {"prompt": "a boat", "negative_prompt": "fog"}
    assert made["parameters"] == {
        "ratio": "1:1",
        "prompt_extend": False,
        "shot_type": "multi",
        "audio": False,
        "watermark": True,
    }


@pytest.mark.parametrize(
    ("wishes", "able"),
    [
        ({"clip": CLIP, "model": "wan2.6-i2v"}, "wan2.7-i2v"),
        ({"last_image": LAST, "image": FIRST, "model": "wan2.6-i2v"}, "wan2.2-kf2v-flash and wan2.7-i2v"),
    ],
)
def test_what_the_model_has_no_field_for_is_refused_with_what_would_do(wishes, able):
    with pytest.raises(InvalidParameter, match=able):
        body(**wishes)


def png(path, size):
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(size)
    return path


def test_small_pictures_travel_in_the_order_and_all_else_is_uploaded_for_its_model(tmp_path):
    small, large = png(tmp_path / "small.png", 7 * 1024**2), png(tmp_path / "large.png", 7 * 1024**2 + 1)
    sound = tmp_path / "s.wav"
    sound.write_bytes(b"RIFF")
    made = body(image=small, last_image=large, audio=sound, model="wan2.7-i2v")
    first, last, driving = (entry["url"] for entry in made["input"]["media"])
    assert first.startswith("data:image/png;base64,")
    assert (last, driving) == ("oss://wan2.7-i2v/large.png", "oss://wan2.7-i2v/s.wav")


def test_nothing_is_uploaded_when_another_file_cannot_be_used(tmp_path):
    large, text = png(tmp_path / "large.png", 8 * 1024**2), tmp_path / "last.png"
    text.write_text("no picture")
    uploaded = []
    for last, error in ((text, InvalidImage), (Path("absent.png"), FileNotFoundError)):
        with pytest.raises(error):
            order(None, {"image": large, "last_image": last}, lambda *file: uploaded.append(file) or "")
    assert uploaded == []


def test_key_frames_go_to_the_path_of_their_own_and_a_callback_into_its_header():
    script = Script(task("PENDING"))
    client_of(script).create("a boat", image=FIRST, last_image=LAST, callback="https://me/told")
    (request,) = script.requests
    assert request.url.path == "/api/v1/services/aigc/image2video/video-synthesis"
    assert request.headers["X-Dalang-Callback"] == "https://me/told"


def test_what_is_to_draw_goes_into_headers_and_nothing_where_nothing_is_asked():
    script = Script(task("PENDING"), task("PENDING"))
    client = client_of(script)
    client.create("a boat", engine="wan", profile="fast")
    client.create("a boat")
    asked, plain = (request.headers for request in script.requests)
    assert (asked["X-Dalang-Engine"], asked["X-Dalang-Profile"]) == ("wan", "fast")
    assert not any(name.lower().startswith("x-dalang-") for name in plain)
