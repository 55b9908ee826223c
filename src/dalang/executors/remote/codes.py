"""What other servers say is wrong, in the codes that our callers know."""

from __future__ import annotations

from dalang.errors import DataInspectionFailed, InternalError, InvalidParameter, ProtocolError
from dalang.executors.remote.trouble import Problem, Refused

KNOWN = frozenset(
    {
        *("InvalidParameter", "InvalidParameter.DataInspection"),
        *("InvalidURL", "InvalidURL.ConnectionRefused", "InvalidURL.Timeout"),
        *("InvalidImage.FileFormat", "InvalidImage.ImageSize"),
        *("InvalidFile.Format", "InvalidFile.Duration", "InvalidFile.Size", "InvalidFile.Resolution"),
        *("DataInspectionFailed", "IPInfringementSuspect"),
        *("InternalError", "InternalError.Algo", "InternalError.Timeout", "InternalError.Upload"),
    }
)
"""Codes of FAILED tasks that docs/api.md lists; they mean there what they mean here."""

MODERATION = ("moderation", "content_policy", "content_filter", "safety")
"""What the codes and types of OpenAI-style servers hold where they say no to what is asked or made."""

UNKNOWN_OUTCOME = (
    f"{InternalError.SENTENCE} Nobody knows whether the server that makes this model's videos has taken the order, "
    "and it is not ordered twice: send the request again."
)


def from_dashscope(problem: Problem) -> ProtocolError:
    """The code as it is, where our callers know it."""
    if problem.code in KNOWN:
        return ProtocolError(problem.message, code=problem.code)
    return InternalError(f"{InternalError.SENTENCE} Another server answered {problem.code}: {problem.message}")


def from_openai(problem: Problem) -> ProtocolError:
    """Of a video that they could not make."""
    if any(word in problem.code.lower() for word in MODERATION):
        return DataInspectionFailed(f"Output data may contain inappropriate content. {problem.message}")
    return InternalError(f"inference internal error. {problem.message}", code="InternalError.Algo")


def refusal_of_openai(refused: Refused) -> ProtocolError:
    """Of an order that they would not take."""
    message = refused.problem.message
    if any(word in refused.problem.code.lower() for word in MODERATION):
        return DataInspectionFailed(f"Input data may contain inappropriate content. {message}")
    return InvalidParameter(f"The server that makes this model's videos does not take it: {message}")


def not_for_us(refused: Refused) -> ProtocolError:
    """The operator's affair. Not in their words, which may tell of keys and accounts."""
    return InternalError(
        f"{InternalError.SENTENCE} No server that makes this model's videos takes our orders "
        f"(the last answered {refused.status})."
    )
