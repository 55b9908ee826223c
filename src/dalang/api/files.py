"""Finished videos under signed URLs, with ranges and conditional requests."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dalang.api.edge import Route, edge_of
from dalang.errors import AccessDenied


async def download(request: Request) -> Response:
    """The signature is the whole authorization: players and browsers send no key."""
    edge = edge_of(request)
    key = "{task_id}/{name}".format(**request.path_params)
    file = edge.storage.open_url(key, request.query_params.get("Expires"), request.query_params.get("Signature"))
    if file is None:
        raise AccessDenied("The link is not valid, or no longer.")
    response = FileResponse(file, media_type="video/mp4", stat_result=file.stat())
    known = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    if {tag.strip() for tag in known} & {response.headers["etag"], "*"}:
        return Response(status_code=304, headers={"etag": response.headers["etag"]})
    return response


routes = [Route("/files/{task_id}/{name}", download)]
