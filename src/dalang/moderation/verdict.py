"""What an inspection comes to, and the sentences in which it is told."""

from __future__ import annotations

from typing import Literal, NamedTuple

from dalang.errors import DataInspectionFailed, InternalError, IPInfringementSuspect, ProtocolError

Ground = Literal["unfit", "ip"]
"""Why something is refused: inappropriate content, or that it may belong to somebody else."""

Stage = Literal["input", "output"]
"""Before rendering, or after it."""


class Verdict(NamedTuple):
    """`ground` is None where nothing was found; `failure` says why there is no verdict, as the end of a sentence."""

    ground: Ground | None = None
    failure: str | None = None


def refused(ground: Ground, stage: Stage, subject: str, judge: str) -> ProtocolError:
    """The documented sentence, then what was looked at and by whom; never what was found in it."""
    told = f"{_first(subject)} did not pass the inspection by {judge}."
    data = f"{stage.capitalize()} data"
    if ground == "ip":
        return IPInfringementSuspect(f"{data} is suspected of being involved in IP infringement. {told}")
    return DataInspectionFailed(f"{data} may contain inappropriate content. {told}")


def not_made(subject: str, failure: str) -> ProtocolError:
    """Not DataInspectionFailed: nobody looked, so nothing was found, and another try may pass."""
    return InternalError(f"{InternalError.SENTENCE} {_first(subject)} could not be inspected: {failure}.")


def let_through(subjects: str, failure: str) -> str:
    """The warning where the configuration lets pass what could not be inspected."""
    return f"Not inspected: {subjects} ({failure})."


def _first(subject: str) -> str:
    """As the first word of a sentence."""
    return subject[0].upper() + subject[1:]
