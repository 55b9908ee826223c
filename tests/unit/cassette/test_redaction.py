"""What stays of texts, addresses and media."""

from __future__ import annotations

import pytest

from dalang.cassette.redaction import digest_of, kept, kept_body, kept_query, unsigned


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://a.example/x.png?Expires=1&OSSAccessKeyId=k&Signature=s", "https://a.example/x.png"),
        ("https://a.example/x.png?X-Amz-Signature=s&X-Amz-Date=d", "https://a.example/x.png"),
        ("https://a.example/x.png?sv=1&sig=s", "https://a.example/x.png"),
        ("https://a.example/x.png?width=300", "https://a.example/x.png?width=300"),
        ("https://me:pw@a.example/x.png", "https://a.example/x.png"),
        ("http://[bad?token=t", "http://[bad"),
    ],
)
def test_an_address_is_kept_without_what_opens_it(address: str, plain: str) -> None:
    assert unsigned(address) == plain
    assert unsigned(f"see {address} and go") == f"see {plain} and go"


def test_media_are_kept_by_their_digest_however_they_came() -> None:
    digest = digest_of(b"picture")
    assert kept("data:image/png;base64,cGljdHVyZQ==", {}) == digest
    assert kept("DATA:;base64,cGljdHVyZQ==", {}) == digest
    assert kept("oss://folder/a.png", {"folder/a.png": digest}) == digest


def test_an_upload_that_nobody_saw_is_kept_by_its_name() -> None:
    assert kept("oss://dashscope-instant/account/a b.png", {}) == "oss://a b.png"


def test_members_that_name_an_account_are_removed_and_null_stays() -> None:
    assert kept({"data": [{"api_key_id": 7, "UID": "x", "task_id": "t"}], "policy": None}, {}) == {
        "data": [{"api_key_id": "removed", "UID": "removed", "task_id": "t"}],
        "policy": None,
    }
    assert kept_query(b"api_key_id=7&page_no=1&empty=") == {"api_key_id": "removed", "page_no": "1", "empty": ""}


def test_a_body_that_is_no_json_is_kept_as_text() -> None:
    assert kept_body(b"{broken \xff", {}) == "{broken �"
    assert kept_body(b"", {}) is None


def test_a_body_that_nests_too_deeply_to_be_walked_through_is_kept_as_text() -> None:
    deep = b"[" * 900 + b"]" * 900
    assert kept_body(deep, {}) == deep.decode()
    assert kept_body(b'{"a": [{"b": 1}]}', {}) == {"a": [{"b": 1}]}
