"""What Alibaba OSS's PostObject answers, in its own words and XML: the clients that upload were written for it."""

from __future__ import annotations

from xml.sax.saxutils import escape

from starlette.responses import Response

from dalang.errors import ProtocolError

REFUSALS = {
    "AccessDenied": (403, "Invalid according to Policy:"),
    "SignatureDoesNotMatch": (
        403,
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
    ),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size."),
    "EntityTooSmall": (400, "Your proposed upload is smaller than the minimum allowed size."),
    "FieldItemTooLong": (400, "Your post Field items exceeds the maximum allowed length."),
    "FileAlreadyExists": (409, "The object you specified already exists and can not be overwritten."),
    "IncorrectNumberOfFilesInPOSTRequest": (400, "POST requires exactly one file upload per request."),
    "InvalidObjectName": (400, "The specified object is not valid."),
    "MalformedPOSTRequest": (400, "The body of your POST request is not well-formed multipart/form-data."),
    "RequestTimeout": (400, "Your socket connection to the server was not read from or written to in time."),
    "ServiceUnavailable": (503, "Please reduce your request rate."),
}
"""Code → status and sentence."""

SUCCESS = {"200": 200, "201": 201}
"""`success_action_status` to ours; OSS answers 204 to whatever else stands there."""


XML = {"type": "object", "description": "XML, with Code and Message in an Error or Key in a PostResponse"}


def by_status() -> dict[int, tuple[str, ...]]:
    statuses = {status for status, _ in REFUSALS.values()}
    return {status: tuple(code for code, (its, _) in REFUSALS.items() if its == status) for status in statuses}


def refusal(code: str, detail: str = "") -> ProtocolError:
    """`detail` is ours and follows OSS's sentence."""
    status, sentence = REFUSALS[code]
    return ProtocolError(f"{sentence} {detail}".rstrip(), code=code, status=status)


def refused(error: ProtocolError, request_id: str) -> Response:
    return _xml("Error", error.status, Code=error.code, Message=error.message, RequestId=request_id)


def done(asked_status: str, key: str) -> Response:
    """`asked_status` is the form's field success_action_status, or empty."""
    status = SUCCESS.get(asked_status, 204)
    return _xml("PostResponse", status, Key=key) if status == 201 else Response(status_code=status)


def _xml(root: str, status: int, **members: str) -> Response:
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in members.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{inner}</{root}>\n'
    return Response(text, status, media_type="application/xml")
