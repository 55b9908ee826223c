"""Spaces may stand in a path, as users write them, and never in a host's name."""

from __future__ import annotations

import pytest

from dalang.fetch.form import WEB_URL


@pytest.mark.parametrize("url", ["https://a.example", "http://[::1]:80/a?b", "HTTPS://a.example/my cat.png?x=1#y"])
def test_addresses_that_can_be_fetched(url: str) -> None:
    assert WEB_URL.fullmatch(url)


@pytest.mark.parametrize(
    "url", ["https://my cat.example/a.png", "http://", "http:///a", "http://a\x01b/", "http://a/\x7f"]
)
def test_addresses_that_cannot(url: str) -> None:
    assert not WEB_URL.fullmatch(url)
