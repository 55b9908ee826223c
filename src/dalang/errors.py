"""The exception tree.

A `ProtocolError` is anything a client of the video API may be told. It carries the wire code, the sentence and the
HTTP status with which it is answered at create; raised later, in preparation or rendering, the same code and sentence
become the `output.code` and `output.message` of a FAILED task. The edge translates the tree once, in `api/app.py`.
"""

from __future__ import annotations

import errno
from typing import Self

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What an OSError says of a disk, a quota or a file that is full: another try would meet it too."""


class DalangError(Exception):
    """Root of everything this package raises on purpose. `str(error)` is one sentence for a person."""


class ConfigError(DalangError):
    """A setting, a folder or a port with which the server cannot start; the sentence says how to mend it."""


class StoreError(DalangError):
    """The database cannot be used: it is newer than this program, or the disk refuses writes."""


class WeightsError(DalangError):
    """Weights that cannot be fetched, or are not what was published."""


class NoSuchWeightsError(WeightsError):
    """The source has nothing of that name."""


class WorkerFault(DalangError):
    """A worker or an engine failed, hung or died, through no fault of the request: it may be tried again."""

    def __init__(self, message: str, trace: str | None = None) -> None:
        super().__init__(message)
        self.trace = trace
        """Where in the worker it was raised."""


class ProtocolError(DalangError):
    """A documented failure of the video API: `code` and `status` are the wire's."""

    code = "InternalError"
    status = 500
    field: str | None = None
    """What is at fault in the body of a create call: a path such as `parameters.duration`, `input.media.0.url`; None
    for the body as a whole, and for what is no matter of the body."""

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.status = status or type(self).status

    def at(self, field: str) -> Self:
        """The same, with its place."""
        self.field = field
        return self


class InvalidParameter(ProtocolError):
    """The request breaks a rule of the protocol or of its model."""

    code, status = "InvalidParameter", 400


class IllegalInput(ProtocolError):
    """The body is not JSON of the documented shape."""

    code, status = "BadRequest.IllegalInput", 400


class UnsupportedOperation(ProtocolError):
    """The task is not in a state that allows this."""

    code, status = "UnsupportedOperation", 400


class InvalidApiKey(ProtocolError):
    code, status = "InvalidApiKey", 401


class AccessDenied(ProtocolError):
    code, status = "AccessDenied", 403


class NotFound(ProtocolError):
    code, status = "NotFound", 404


class PayloadTooLarge(ProtocolError):
    """The body is over the limit; ours, since the service does not document what it answers."""

    code, status = "InvalidParameter", 413


class Throttling(ProtocolError):
    """Too much at once. Codes: Throttling, .RateQuota, .AllocationQuota."""

    code, status = "Throttling", 429

    def __init__(self, message: str, *, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
        """Whole seconds."""


class InvalidURL(ProtocolError):
    """A media address that cannot or must not be fetched. Codes: InvalidURL, .ConnectionRefused, .Timeout."""

    code, status = "InvalidURL", 400


class InvalidImage(ProtocolError):
    """Image bytes that are not an image we accept. Codes: InvalidImage.FileFormat, .ImageSize."""

    code, status = "InvalidImage.FileFormat", 400


class InvalidFile(ProtocolError):
    """Sound or clip bytes that we do not accept. Codes: InvalidFile.Format, .Duration, .Size, .Resolution."""

    code, status = "InvalidFile.Format", 400


class DataInspectionFailed(ProtocolError):
    """Moderation says no."""

    code, status = "DataInspectionFailed", 400


class IPInfringementSuspect(ProtocolError):
    """Moderation says that it may belong to somebody else."""

    code, status = "IPInfringementSuspect", 400


class InternalError(ProtocolError):
    """A fault of ours. Codes: InternalError, .Algo, .Timeout, .Upload."""

    SENTENCE = "An internal error has occured, please try again later or contact service support."
    """The service's own, misspelling included."""

    code, status = "InternalError", 500


class CannotRender(InternalError):
    """What was asked for is more than this machine, or the way it is set up, can do: another try would meet it too."""

    code, status = "InternalError.Algo", 500
