"""Weights from a hub, or from a mirror that speaks as it does: a listing with checksums, and files by revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote

import httpx
import msgspec

from dalang.errors import NoSuchWeightsError, WeightsError
from dalang.weights.listing import COMMIT, Listed, Listing, wanted
from dalang.weights.manifest import PIECE
from dalang.weights.origin import Interrupted, Want

PATIENCE = 30.0
"""Seconds without a byte after which a connection counts as broken."""

MOST = 8 << 20
"""Bytes of a listing."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that another try may better."""


class LargeFile(msgspec.Struct):
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Sibling(msgspec.Struct):
    rfilename: str
    size: Annotated[int, msgspec.Meta(ge=0)] | None = None
    blobId: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40}$")] | None = None  # noqa: N815 - the wire's name
    lfs: LargeFile | None = None


class Model(msgspec.Struct):
    """What `GET /api/models/REPOSITORY/revision/main?blobs=true` answers, as far as it is read."""

    sha: str
    siblings: list[Sibling]


class Hub:
    """`address` is its base, such as `https://mirror.example.com`."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        headers = {"Accept-Encoding": "identity"}  # packed, sizes and ranges would not be the file's own
        self._client = httpx.Client(follow_redirects=True, timeout=PATIENCE, headers=headers)

    def __str__(self) -> str:
        return self._address

    def listing(self, want: Want) -> Listing:
        url = f"{self._address}/api/models/{want.repository}/revision/main?blobs=true"
        with self._answer(url, want.repository) as reply:
            text = b"".join(_at_most(reply.iter_raw(PIECE), MOST))
        try:
            model = msgspec.json.decode(text, type=Model)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise WeightsError(f"{self._address} does not speak as the hub does: {error}.") from error
        if not COMMIT.match(model.sha):
            raise WeightsError(f"{self._address} names a revision that is none.")
        files = wanted(map(_listed, model.siblings), want.path)
        if bare := [file.path for file in files if not file.digest]:
            raise WeightsError(f"{self._address} tells no checksum of {bare[0]}.")
        return Listing(model.sha, files)

    @contextmanager
    def pieces(self, want: Want, revision: str, path: str, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        url = f"{self._address}/{want.repository}/resolve/{revision}/{quote(path)}"
        with self._answer(url, path, {"Range": f"bytes={start}-"} if start else {}) as reply:
            yield _begins(reply), _broken_off(reply.iter_raw(PIECE))

    @contextmanager
    def _answer(self, url: str, what: str, headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        try:
            with self._client.stream("GET", url, headers=headers) as reply:
                if reply.status_code in PASSING:
                    raise Interrupted(f"{self._address} answered {reply.status_code}")
                if not reply.is_success:
                    kind = NoSuchWeightsError if reply.status_code == httpx.codes.NOT_FOUND else WeightsError
                    raise kind(f"{self._address} answered {reply.status_code} for {what}.")
                yield reply
        except httpx.TransportError as error:
            raise Interrupted(f"{self._address}: {error or type(error).__name__}") from error
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise WeightsError(f"{self._address}: {error}.") from error


def _listed(sibling: Sibling) -> Listed:
    digest = f"blob:{sibling.blobId}" if sibling.blobId else None
    if sibling.lfs:
        digest = f"sha256:{sibling.lfs.sha256}"
    return Listed(sibling.rfilename, sibling.size or 0, digest)


def _begins(reply: httpx.Response) -> int:
    """`Content-Range: bytes 100-199/200` -> 100; without one the whole file comes."""
    told = reply.headers.get("Content-Range", "")
    first = told.removeprefix("bytes ").partition("-")[0]
    return int(first) if reply.status_code == httpx.codes.PARTIAL_CONTENT and first.isascii() and first.isdigit() else 0


def _broken_off(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except httpx.TransportError as error:
        raise Interrupted(str(error) or type(error).__name__) from error


def _at_most(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > limit:
            raise WeightsError(f"A listing of more than {limit >> 20} MB is none.")
        yield piece
