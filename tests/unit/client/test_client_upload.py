"""Uploads by the documented form, and what becomes of one that is refused or breaks."""

from email import message_from_bytes

import httpx
import pytest
from client_fakes import FakeClock, Script, client_of, refusal, task

from dalang.client import ApiError, UploadFailed

HOST = "https://bucket.test/uploads"
POLICY = {
    "policy": "cG9s",
    "signature": "c2ln",
    "upload_dir": "dashscope-instant/a/b",
    "upload_host": HOST,
    "expire_in_seconds": 300,
    "max_file_size_mb": 1,
    "capacity_limit_mb": 999999999,
    "oss_access_key_id": "id",
    "x_oss_object_acl": "private",
    "x_oss_forbid_overwrite": "true",
}
GRANT, TAKEN = httpx.Response(200, json={"request_id": "r", "data": POLICY}), httpx.Response(200)


def oss(status, code, message):
    return httpx.Response(status, text=f"<Error><Code>{code}</Code><Message>{message}</Message></Error>")


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "my song é.wav"
    path.write_bytes(b"RIFF" * 1000)
    return path


def form(request):
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    parts = message_from_bytes(head + request.content).get_payload()
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}


def test_the_form_is_the_documented_one_with_the_file_last_and_without_the_key(sound):
    script = Script(GRANT, TAKEN)
    assert client_of(script).upload(sound, "wan2.6-t2v") == "oss://dashscope-instant/a/b/my_song__.wav"
    asked, posted = script.requests
    assert dict(asked.url.params) == {"action": "getPolicy", "model": "wan2.6-t2v"}
    assert str(posted.url) == HOST
    assert "Authorization" not in posted.headers, "the policy is the only credential that others may see"
    fields = form(posted)
    assert list(fields)[-1] == "file"
    assert fields.pop("file") == sound.read_bytes()
    assert fields == {
        "OSSAccessKeyId": b"id",
        "Signature": b"c2ln",
        "policy": b"cG9s",
        "key": b"dashscope-instant/a/b/my_song__.wav",
        "x-oss-object-acl": b"private",
        "x-oss-forbid-overwrite": b"true",
        "success_action_status": b"200",
    }


def test_an_order_uploads_its_sound_and_says_that_the_address_is_to_be_resolved(sound):
    script = Script(GRANT, TAKEN, task("PENDING"))
    client_of(script).create("a boat", audio=sound)
    assert script.body(2)["input"]["audio_url"] == "oss://dashscope-instant/a/b/my_song__.wav"
    assert script.requests[2].headers["X-DashScope-OssResourceResolve"] == "enable"


@pytest.mark.parametrize("failure", [httpx.WriteError, httpx.ReadTimeout, oss(503, "ServiceUnavailable", "busy")])
def test_an_upload_that_broke_is_begun_anew_with_a_policy_of_its_own(sound, failure):
    script = Script(GRANT, failure, GRANT, TAKEN)
    client_of(script).upload(sound, "wan2.6-t2v")
    assert [request.method for request in script.requests] == ["GET", "POST"] * 2


def test_an_upload_that_breaks_each_time_is_told(sound):
    clock = FakeClock()

    def answer(request):
        if request.method == "POST":
            raise httpx.WriteError("broken on purpose", request=request)
        return httpx.Response(200, content=GRANT.content)

    with pytest.raises(UploadFailed, match="broke off"):
        client_of(answer, clock).upload(sound, "wan2.6-t2v")
    assert clock.now < 3


def test_a_refusal_of_the_place_is_told_in_its_words_and_not_repeated(sound):
    script = Script(GRANT, oss(403, "AccessDenied", "Policy expired."))
    with pytest.raises(UploadFailed, match=r"AccessDenied: Policy expired\."):
        client_of(script).upload(sound, "wan2.6-t2v")
    assert len(script.requests) == 2


def test_a_refused_policy_is_the_apis_refusal(sound):
    with pytest.raises(ApiError, match="Model not exist"):
        client_of(Script(refusal(400, message="Model not exist."))).upload(sound, "wan9")


def test_a_file_over_the_policys_limit_does_not_set_out(tmp_path):
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(1024**2 + 1)
    script = Script(GRANT)
    with pytest.raises(UploadFailed, match="up to 1 MB"):
        client_of(script).upload(large, "wan2.7-i2v")
    assert len(script.requests) == 1
