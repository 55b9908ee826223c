"""The error codes that the protocol documents: with what status a create call is refused, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from dalang.api.oss import REFUSALS
from dalang.api.tasks import CANNOT_CANCEL
from dalang.attempt import TIMEOUT
from dalang.errors import InternalError, InvalidParameter
from dalang.fetch.refusal import DOCUMENTED as INVALID_URL
from dalang.limits import QUOTA_EXCEEDED, RATE_EXCEEDED
from dalang.testbed.fault import Kind
from dalang.validate.choice import NO_INPUT, NO_MODEL


class Documented(NamedTuple):
    status: int
    """Of a refusal; in a FAILED task there is none."""
    sentence: str


BAD_FILE = "The media file is not supported or incorrect, please check the file."
"""Ours: the service names the codes for sound and clips without their sentences."""

CODES = {
    # The request
    "InvalidParameter": Documented(400, "Required body invalid, please check the request body format."),
    "InvalidParameter.DataInspection": Documented(
        400, "Unable to download the media resource during the data inspection process."
    ),
    "BadRequest.EmptyModel": Documented(400, NO_MODEL),
    "BadRequest.EmptyInput": Documented(400, NO_INPUT),
    "BadRequest.EmptyParameters": Documented(400, 'Required parameter "parameters" missing from request.'),
    "BadRequest.IllegalInput": Documented(400, "The input parameter requires json format."),
    "UnsupportedOperation": Documented(400, CANNOT_CANCEL),
    "RequestTimeOut": Documented(408, "The body came too slowly."),
    # Who asks
    "InvalidApiKey": Documented(401, "Invalid API-key provided."),
    "Arrearage": Documented(400, "Access denied, please make sure your account is in good standing."),
    "AccessDenied": Documented(403, "current user api does not support synchronous calls."),
    "AccessDenied.Unpurchased": Documented(
        403, "Access to model denied. Please make sure you are eligible for using the model."
    ),
    "Model.AccessDenied": Documented(403, "Model access denied."),
    "Workspace.AccessDenied": Documented(403, "Workspace access denied."),
    "AllocationQuota.FreeTierOnly": Documented(
        403,
        "The free tier of the model has been exhausted. If you want to continue access the model on a paid basis, "
        'please disable the "use free tier only" mode in the management console.',
    ),
    "WorkSpaceNotFound": Documented(404, "WorkSpace can not be found."),
    "ModelNotFound": Documented(404, "Model can not be found."),
    "NotFound": Documented(404, "Not found!"),
    # How much
    "Throttling": Documented(429, "Requests throttling triggered."),
    "Throttling.RateQuota": Documented(429, RATE_EXCEEDED),
    "Throttling.AllocationQuota": Documented(429, QUOTA_EXCEEDED),
    "Throttling.BurstRate": Documented(
        429,
        "Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale "
        "requests more smoothly over time.",
    ),
    # Media
    "InvalidURL": Documented(400, INVALID_URL),
    "InvalidURL.ConnectionRefused": Documented(400, "Connection to URL refused, please provide available URL."),
    "InvalidURL.Timeout": Documented(400, "Download URL timeout, please check network connection."),
    "InvalidImage.FileFormat": Documented(400, "The image format is not supported or incorrect."),
    "InvalidImage.ImageSize": Documented(400, "Image height or width is too small than 240"),
    "InvalidFile.Format": Documented(400, BAD_FILE),
    "InvalidFile.Duration": Documented(400, BAD_FILE),
    "InvalidFile.Size": Documented(400, BAD_FILE),
    "InvalidFile.Resolution": Documented(400, BAD_FILE),
    # Inspection
    "DataInspectionFailed": Documented(400, "Input data may contain inappropriate content."),
    "IPInfringementSuspect": Documented(400, "Input data is suspected of being involved in IP infringement."),
    # The service
    "InternalError": Documented(500, InternalError.SENTENCE),
    "InternalError.Algo": Documented(500, "inference internal error."),
    "InternalError.Timeout": Documented(500, TIMEOUT),
    "InternalError.Upload": Documented(500, "Failed to upload result."),
    "RewriteFailed": Documented(500, "Failed to rewrite content for prompt."),
    "ModelUnavailable": Documented(503, "Model is unavailable, please try again later."),
}
"""Of the cloud's error pages and of docs/api.md; one sentence of several where a code stands for many mistakes."""

OSS_CODES = {code: Documented(*known) for code, known in REFUSALS.items()}
"""Of the second step of an upload, which answers in the words of the cloud's storage."""

ALL_CODES = OSS_CODES | CODES


def documented(code: str, call: Kind | None = None) -> Documented | None:
    """What is said of `code` where `call` is refused with it; None where nothing is."""
    return (CODES | OSS_CODES if call == "upload" else ALL_CODES).get(code)


def sentence(code: str) -> str:
    """Of a code that `check_code` let pass without one."""
    return ALL_CODES[code].sentence


def check_code(code: str, *needed: object) -> None:
    """`needed` is what must be given of a code that is not documented: None where it is not. Raises
    InvalidParameter."""
    if code not in ALL_CODES and None in needed:
        raise InvalidParameter(
            f"{code} is no documented error code; the nearest is {nearest(code, ALL_CODES)[0]}. One that is not "
            "documented needs its message, and to refuse a call with it its status too."
        )


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """All that are known, the most alike first."""

    def likeness(one: str) -> float:
        return SequenceMatcher(None, word.lower(), one.lower()).ratio()

    return sorted(known, key=likeness, reverse=True)
