"""A service that the operator named, asked over HTTP within limits of size and tries; time is the caller's to limit."""

from __future__ import annotations

import httpx

TRIES = 2
"""For a question whose connection fails; asking twice harms nobody."""

ANSWER_LIMIT = 1 << 20
"""Bytes; real answers have some thousands."""

DIRECT = ("all://127.0.0.1", "all://localhost", "all://[::1]")
"""Never through the proxy that the environment may name."""


class Unusable(Exception):
    """No answer, or one that says nothing; `str` goes on from the name of the service."""


class Endpoint:
    """JSON is posted to `url`, with `key` as the bearer's; no redirect is followed. Raises httpx.InvalidURL."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url = httpx.URL(url)
        # Not compressed, since a small body could swell to anything.
        headers = {"User-Agent": "dalang", "Content-Type": "application/json", "Accept-Encoding": "identity"}
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(headers=headers, timeout=None, mounts=dict.fromkeys(DIRECT))

    async def ask(self, question: bytes) -> bytes:
        """The body of a 200. Raises Unusable."""
        for _ in range(TRIES):
            try:
                return await self._exchange(question)
            except httpx.TransportError as error:
                lost = error
        raise Unusable("cannot be reached") from lost

    async def close(self) -> None:
        await self._http.aclose()

    async def _exchange(self, question: bytes) -> bytes:
        """Raises Unusable, httpx.TransportError."""
        async with self._http.stream("POST", self._url, content=question) as answer:
            if answer.status_code != httpx.codes.OK:
                raise Unusable(f"answered {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > ANSWER_LIMIT:
                    raise Unusable("answered without end")
        return bytes(body)
