"""Signed leave to upload."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest

from dalang.api.policy import Grant, Signed, new_folder, read, sign, upload_id
from dalang.errors import ProtocolError
from dalang.ids import is_id
from tests.clock import START, ManualClock

SECRET = b"s" * 32

GRANT = Grant(account="acme", model="wan2.6-i2v", folder="dashscope-instant/x/y", expires=START + 300_000, max_bytes=99)


def code(signed: Signed, secret: bytes = SECRET, now: int = START) -> str:
    with pytest.raises(ProtocolError) as refused:
        read(signed, secret, now)
    return refused.value.code


def test_a_policy_says_what_was_granted_until_it_expires() -> None:
    signed = sign(GRANT, SECRET)
    assert read(signed, SECRET, GRANT.expires - 1) == GRANT
    assert code(signed, now=GRANT.expires) == "AccessDenied"


def test_a_policy_shows_osss_own_members_to_whoever_looks() -> None:
    document = json.loads(base64.b64decode(sign(GRANT, SECRET).policy))
    assert document["expiration"] == "2025-09-25T03:12:28.590Z"
    assert document["conditions"] == [
        ["content-length-range", 1, 99],
        ["starts-with", "$key", "dashscope-instant/x/y/"],
    ]


def test_a_policy_that_was_changed_or_signed_by_another_is_refused() -> None:
    signed = sign(GRANT, SECRET)
    more = sign(msgspec.structs.replace(GRANT, max_bytes=100), SECRET).policy
    for forged in (Signed(more, signed.signature), Signed(signed.policy, ""), Signed(signed.policy, "雪")):
        assert code(forged) == "SignatureDoesNotMatch"
    assert code(signed, secret=b"t" * 32) == "SignatureDoesNotMatch"


def test_folders_are_unique_and_uploads_are_told_apart_by_folder_and_name(clock: ManualClock) -> None:
    one, two = new_folder("acme", clock), new_folder("acme", clock)
    ids = [upload_id(f"{folder}/{name}") for folder in (one, two) for name in ("first.png", "雪 狐.png")]
    assert all(found and is_id(found) for found in ids)
    assert len(set(ids)) == 4
    assert upload_id(f"{one}/first.png") == ids[0]


@pytest.mark.parametrize(
    "rest", ["", "/", "/a/b", "/../x", "/a\nb", "/\x00", "/" + "x" * 256, "x/a"], ids=lambda rest: repr(rest)[:12]
)
def test_what_is_no_key_of_ours_names_no_upload(rest: str, clock: ManualClock) -> None:
    assert upload_id(new_folder("acme", clock) + rest) is None
    assert upload_id("dashscope-instant/a/b") is None


def test_an_upload_lies_among_the_tasks_of_its_time(clock: ManualClock) -> None:
    """Storage sorts by the first digits of an identifier."""
    folder = new_folder("acme", clock)
    found = upload_id(f"{folder}/a.png")
    assert found
    assert found[:13] == folder.rpartition("/")[2][:13]
