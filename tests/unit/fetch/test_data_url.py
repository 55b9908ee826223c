from __future__ import annotations

import base64
import tracemalloc

import pytest

from dalang.errors import InvalidURL
from dalang.fetch import parse_data_url


@pytest.mark.parametrize("content", [b"x", b"xy", b"xyz", bytes(range(256))])
def test_type_and_bytes_come_back(content: bytes) -> None:
    encoded = base64.b64encode(content).decode()
    assert parse_data_url(f"data:image/png;base64,{encoded}") == ("image/png", content)
    assert parse_data_url(f"DATA:Image/SVG+xml;BASE64,{encoded}") == ("image/svg+xml", content)


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,",
        "data:image/png,eHl6",
        "data:;base64,eHl6",
        "data:image;base64,eHl6",
        "data:image/png;charset=utf-8;base64,eHl6",
        "data:image/png;base64;eHl6",
        "image/png;base64,eHl6",
        "data:image/" + "x" * 99 + ";base64,eHl6",
        "data:image/png;base64,eHl",
        "data:image/png;base64,eH=6",
        "data:image/png;base64,eHl6eA==eHl6",
        "data:image/png;base64,eHl6\neHl6",
        "data:image/png;base64, eHl6",
        "data:image/png;base64,e_-6",
        "data:image/png;base64,eH%2B",
        "data:image/png;base64,eHlü",
        "data:image/png;base64,=",
    ],
)
def test_any_other_form_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(InvalidURL, match=r"^Invalid URL provided in your request\. .*data URL .*\.$") as caught:
        parse_data_url(url)
    assert caught.value.code == "InvalidURL"


def test_a_large_picture_costs_less_than_twice_its_text() -> None:
    url = "data:image/png;base64," + "A" * 27_000_000
    tracemalloc.start()
    parse_data_url(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * len(url)
