"""What is kept of a body that is JSON."""

from __future__ import annotations

import pytest

from dalang.testbed.body import parsed, shortened
from dalang.testbed.subject import classify

CREATE = classify("POST", "/api/v1/services/aigc/video-generation/video-synthesis")


def test_long_texts_are_cut_wherever_they_stand() -> None:
    picture = "data:image/png;base64," + "A" * 5000
    kept = shortened({"input": {"media": [{"url": picture}], "prompt": "A fox"}})
    assert kept["input"]["prompt"] == "A fox"
    assert kept["input"]["media"][0]["url"] == picture[:1000] + "… (5022 characters)"


def test_what_is_too_much_even_so_is_not_kept() -> None:
    assert shortened({"input": ["x"] * 10_000}) == "(too much to keep)"


def test_nothing_nests_deeper_than_it_can_be_kept() -> None:
    node: list[object] = []
    for _ in range(5000):
        node = [node]
    assert shortened(node) == "(nested too deeply to keep)"


@pytest.mark.parametrize("body", [None, b"", b"{", b'{"a": "\xff"}', b"[" * 100_000])
def test_what_is_no_json_is_not_kept(body: bytes | None) -> None:
    assert parsed(body, CREATE) is None
