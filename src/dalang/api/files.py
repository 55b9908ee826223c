"""Finished videos under signed URLs, with ranges and conditional requests."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from dalang.api.edge import Refused, Route, edge_of, flat
from dalang.api.operation import TEXT, Operation, Parameter, Reply
from dalang.errors import AccessDenied, InvalidParameter

BAD_RANGE = {
    400: "Range must be written bytes=FIRST-LAST, in bytes counted from 0.",
    416: "The file ends before this Range begins.",
}


class Film(FileResponse):
    """Its refusals of a range, plain text elsewhere, are like all others of its protocol. Without a media type the
    file's name tells it."""

    def __init__(self, file: Path, refused: Refused = flat, media_type: str | None = "video/mp4") -> None:
        super().__init__(file, media_type=media_type, stat_result=file.stat())
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Response | None = None

        async def translated(message: Message) -> None:
            nonlocal refusal
            if message["type"] == "http.response.start" and message["status"] in BAD_RANGE:
                refusal = self._refuse(Request(scope), message["status"])
                await refusal(scope, receive, send)
            elif refusal is None:
                await send(message)

        await super().__call__(scope, receive, translated)

    def _refuse(self, request: Request, status: int) -> Response:
        reply = self._refused(request, InvalidParameter(BAD_RANGE[status], status=status))
        assert self.stat_result is not None
        if status == 416:
            reply.headers["content-range"] = f"bytes */{self.stat_result.st_size}"
        return reply


async def download(request: Request) -> Response:
    """The signature is the whole authorization: players and browsers send no key."""
    edge = edge_of(request)
    key = "{task_id}/{name}".format(**request.path_params)
    file = edge.storage.open_url(key, request.query_params.get("Expires"), request.query_params.get("Signature"))
    if file is None:
        raise AccessDenied("The link is not valid, or no longer.")
    return unless_known(request, Film(file))


def unless_known(request: Request, film: Film) -> Response:
    """As If-None-Match asks."""
    known = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    if {tag.strip() for tag in known} & {film.headers["etag"], "*"}:
        return Response(status_code=304, headers={"etag": film.headers["etag"]})
    return film


VIDEO = {"type": "string", "contentMediaType": "video/mp4"}

WHOLE_OR_PART = (
    Reply("All of it", VIDEO, "video/mp4"),
    Reply("The Range; multipart/byteranges if there are several", VIDEO, "video/mp4", 206),
    Reply("As If-None-Match says", status=304),
)

RANGE = (
    Parameter("Range", "Of bytes", {**TEXT, "examples": ["bytes=0-1023"]}),
    Parameter("If-Range", "An ETag"),
    Parameter("If-None-Match", "ETags"),
)

DOWNLOAD = Operation(
    "A video, by its signed link",
    WHOLE_OR_PART,
    query=(Parameter("Expires", "Epoch seconds; absent from a link that lasts"), Parameter("Signature", "Ours")),
    headers=RANGE,
    refusals={400: ("InvalidParameter",), 403: ("AccessDenied",), 416: ("InvalidParameter",)},
    is_keyed=False,
)

routes = [Route("/files/{task_id}/{name}", download, about=DOWNLOAD)]
