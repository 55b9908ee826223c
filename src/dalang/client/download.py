"""A video from its link to a whole file: resumed where it broke, its length checked, put in place at once."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from math import inf
from pathlib import Path

import httpx

from dalang.client.channel import BUSY, reason, time_limits
from dalang.client.errors import DownloadFailed
from dalang.client.patience import Deadline

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries that bring no byte; after them the download is given up."""

CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")


@dataclass(frozen=True)
class Part:
    """A file on its way, and the mark by which the server knows whether its rest still fits.

    The names depend on the link without its signature, so that two videos on the way to one path do not mix.
    """

    content: Path
    mark: Path

    @property
    def size(self) -> int:
        """Bytes that are here and can be gone on from: none without a mark."""
        return self.content.stat().st_size if self.content.exists() and self.mark.exists() else 0

    def begin(self, mark: str | None) -> None:
        """Forget what was here. The mark comes after, so that it never stands beside older bytes."""
        self.mark.unlink(missing_ok=True)
        self.content.write_bytes(b"")
        if mark:
            self.mark.write_text(mark)

    def move_to(self, path: Path) -> None:
        self.content.replace(path)
        self.mark.unlink(missing_ok=True)


class Broken(Exception):
    """This try ended early; another may go on."""


def download(http: httpx.Client, url: str, path: Path, deadline: Deadline) -> None:
    """Fetch `url` into `path`; its folder is made. Raises `DownloadFailed`, `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part = part_beside(path, url)
        try_until_whole(http, url, part, deadline)
    except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
        raise DownloadFailed(f"The video's link {url!r} leads nowhere: {error}") from error
    part.move_to(path)


def part_beside(path: Path, url: str) -> Part:
    digest = sha256(str(httpx.URL(url).copy_with(query=None)).encode()).hexdigest()[:12]
    stem = f".{path.name}.{digest}"
    return Part(path.with_name(f"{stem}.part"), path.with_name(f"{stem}.mark"))


def try_until_whole(http: httpx.Client, url: str, part: Part, deadline: Deadline) -> None:
    pauses = chain(PAUSES, (inf,))
    while True:
        before = part.size
        try:
            return fetch_rest(http, url, part, deadline)
        except (httpx.TransportError, Broken) as error:
            pauses = chain(PAUSES, (inf,)) if part.size > before else pauses
            pause = next(pauses)
            if pause >= deadline.left:
                raise DownloadFailed(f"The video broke off after {part.size} bytes ({reason(error)}).") from error
        deadline.pause(pause)


def fetch_rest(http: httpx.Client, url: str, part: Part, deadline: Deadline) -> None:
    """One try. Raises `Broken` or a `TransportError` when another may do better, else `DownloadFailed`."""
    request = http.build_request("GET", url, headers=resume_headers(part))
    request.extensions["timeout"] = time_limits(deadline)
    response = http.send(request, stream=True, follow_redirects=True)
    try:
        total = agree(response, part)
        if response.status_code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            append(response, part, deadline)
    finally:
        response.close()
    size = part.content.stat().st_size
    if total is not None and size != total:
        part.begin(None)
        raise Broken(f"the file has {size} bytes instead of {total}")


def resume_headers(part: Part) -> dict[str, str]:
    plain = {"Accept-Encoding": "identity"}
    return {**plain, "Range": f"bytes={part.size}-", "If-Range": part.mark.read_text()} if part.size else plain


def agree(response: httpx.Response, part: Part) -> int | None:
    """Make `part` ready for the bytes that this answer brings; how many it must have in the end, where told."""
    match response.status_code:
        case httpx.codes.OK:
            refuse_encoded(response)
            part.begin(strong_mark(response))
            length = response.headers.get("Content-Length", "")
            return int(length) if length.isdecimal() else None
        case httpx.codes.PARTIAL_CONTENT | httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE if part.size:
            return size_around(response, part)
        case status if status in BUSY:
            raise Broken(f"HTTP {status}")
        case status:
            raise DownloadFailed(
                f"The video's link answers HTTP {status}: it may have expired; query the task for a fresh one."
            )


def size_around(response: httpx.Response, part: Part) -> int:
    """The size of the whole file, from an answer that goes on where `part` ends or says that nothing is missing."""
    found = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found is None or int(found[1] or part.size) != part.size:
        part.begin(None)
        raise Broken("the server sent another range than was asked for")
    return int(found[2])


def refuse_encoded(response: httpx.Response) -> None:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding != "identity":
        raise DownloadFailed(f"The server sent the video {encoding}-encoded though it was asked not to.")


def strong_mark(response: httpx.Response) -> str | None:
    """The ETag, if it promises the same bytes; a weak one may not stand in If-Range (RFC 9110, 13.1.5)."""
    mark: str = response.headers.get("ETag", "")
    return mark if mark.startswith('"') else None


def append(response: httpx.Response, part: Part, deadline: Deadline) -> None:
    with part.content.open("ab") as file:
        for chunk in response.iter_raw():
            file.write(chunk)
            if deadline.is_past:
                raise DownloadFailed(f"The video did not arrive within {deadline.seconds:g} s; what came is kept.")
        file.flush()
        os.fsync(file.fileno())
