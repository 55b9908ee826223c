"""Both ways out, downloads and messages, hold to the same rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from dalang.errors import InvalidURL
from dalang.fetch import Fetcher, Poster
from dalang.fetch.addresses import Resolve, parse_allow
from dalang.fetch.download import Limits, download
from dalang.fetch.line import Line, Times
from tests.unit.fetch.corpus import GOOD, NO_ADDRESS, NOT_KNOWN, NOT_PUBLIC, PUBLIC, TRUST, Recorder, resolve

Out = Callable[..., Awaitable[InvalidURL]]
"""(url, recorder, allow) → the error; nobody ever answers."""


async def fetching(url: str, recorder: Recorder, allow: Sequence[str] = (), resolve: Resolve = resolve) -> InvalidURL:
    fetcher = Fetcher(allow, resolve=resolve, dial=recorder, tls=TRUST)
    with pytest.raises(InvalidURL) as caught:
        await fetcher.fetch(url, Path("never-written"), 1000)
    await fetcher.close()
    return caught.value


async def posting(url: str, recorder: Recorder, allow: Sequence[str] = (), resolve: Resolve = resolve) -> InvalidURL:
    poster = Poster(allow, resolve=resolve, dial=recorder, tls=TRUST)
    with pytest.raises(InvalidURL) as caught:
        await poster.post(url, b"{}", {})
    await poster.close()
    return caught.value


WAYS = {"DALANG_FETCH_ALLOW": fetching, "DALANG_CALLBACK_ALLOW": posting}


@pytest.fixture(params=WAYS)
def setting(request: pytest.FixtureRequest) -> str:
    """The one that allows what is not public."""
    return str(request.param)


@pytest.fixture
def refusal(setting: str) -> Out:
    return WAYS[setting]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.mark.parametrize("url", NOT_PUBLIC)
async def test_an_address_that_is_not_public_is_never_dialled(
    url: str, recorder: Recorder, refusal: Out, setting: str
) -> None:
    error = await refusal(url, recorder)
    assert recorder.dialled == []
    assert error.code == "InvalidURL"
    assert f"set {setting}=" in error.message


@pytest.mark.parametrize("url", NO_ADDRESS, ids=range(len(NO_ADDRESS)))
async def test_other_spellings_are_refused_undialled_and_say_why(url: str, recorder: Recorder, refusal: Out) -> None:
    asked: list[str] = []

    async def listening(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC]

    error = await refusal(url, recorder, resolve=listening)
    assert (asked, recorder.dialled) == ([], []), "no name server, and nobody else"
    assert error.code == "InvalidURL"
    assert error.message.startswith("Invalid URL provided in your request. ")
    assert NO_ADDRESS[url] in error.message
    assert "secret" not in error.message


@pytest.mark.parametrize("url", NOT_KNOWN)
async def test_a_name_that_is_not_known_leads_nowhere(url: str, recorder: Recorder, refusal: Out) -> None:
    error = await refusal(url, recorder)
    assert recorder.dialled == []
    assert error.code == "InvalidURL"
    assert "is not known" in error.message


@pytest.mark.parametrize("url", GOOD)
async def test_public_addresses_are_dialled(url: str, recorder: Recorder, refusal: Out) -> None:
    error = await refusal(url, recorder)
    assert recorder.dialled == GOOD[url]
    assert error.code == "InvalidURL.ConnectionRefused"


async def test_the_checked_address_is_dialled_not_the_name(recorder: Recorder, refusal: Out) -> None:
    error = await refusal("http://photos.example/", recorder)
    assert recorder.dialled == [PUBLIC]
    assert error.code == "InvalidURL.ConnectionRefused"
    assert error.message.startswith("Connection to photos.example refused, please provide available URL")


async def test_a_host_of_many_addresses_is_given_up_after_four(recorder: Recorder, refusal: Out) -> None:
    await refusal("http://many.example/", recorder)
    assert len(recorder.dialled) == 4


async def test_allowing_a_host_admits_it_alone(recorder: Recorder, refusal: Out) -> None:
    await refusal("http://localhost/", recorder, allow=["localhost"])
    assert recorder.dialled == ["127.0.0.1", "::1"]
    await refusal("http://127.0.0.1/", recorder, allow=["localhost"])
    assert recorder.dialled == ["127.0.0.1", "::1"]


async def test_a_refusal_names_what_allows_it(recorder: Recorder, refusal: Out, setting: str) -> None:
    for url in ("http://LOCALHOST/", "http://localhost./", "http://[::1]/", "http://0x7f.1/"):
        entry = (await refusal(url, recorder)).message.partition(f"{setting}=")[2].split()[0]
        error = await refusal(url, recorder, allow=[entry])
        assert error.code == "InvalidURL.ConnectionRefused", (url, entry)


async def test_allowing_a_network_admits_no_other_address_of_a_mixed_answer(recorder: Recorder, refusal: Out) -> None:
    await refusal("http://localhost/", recorder, allow=["127.0.0.0/8"])
    assert recorder.dialled == []
    await refusal("http://localhost/", recorder, allow=["127.0.0.0/8", "::1"])
    assert recorder.dialled == ["127.0.0.1", "::1"]


async def test_a_name_is_looked_up_once_per_connection_so_that_no_second_answer_counts(
    recorder: Recorder, refusal: Out
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    await refusal("http://rebind.example/", recorder, resolve=rebinding)
    assert recorder.dialled == [PUBLIC]
    error = await refusal("http://rebind.example/", recorder, resolve=rebinding)
    assert "a loopback address" in error.message
    assert recorder.dialled == [PUBLIC], "the connection before is no excuse for the next"


async def test_a_resolver_that_hangs_is_given_up(recorder: Recorder) -> None:
    async def hanging(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    line = Line(parse_allow([], "DALANG_FETCH_ALLOW"), hanging, recorder, TRUST)
    limits = Limits(max_bytes=9, times=Times(total=600.0, connect=0.02), redirects=0)
    with pytest.raises(InvalidURL) as caught:
        await download(line, "http://a.example/", Path("never-written"), limits)
    assert caught.value.code == "InvalidURL.Timeout"
