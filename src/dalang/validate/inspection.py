"""The header X-DashScope-DataInspection."""

from __future__ import annotations

import msgspec


class Inspection(msgspec.Struct, frozen=True):
    """Which sides moderation is asked for."""

    input: str = ""
    output: str = ""

    @property
    def wants_input(self) -> bool:
        return self.input not in OFF

    @property
    def wants_output(self) -> bool:
        return self.output not in OFF


OFF = ("", "disable")

NONE = Inspection()


def parse_inspection(header: str | None) -> Inspection:
    """Understands `enable`, which the official SDKs send for both sides, and the JSON object of the service's guide,
    `{"input": "cip", "output": "cip"}`. Anything else asks for nothing.
    """
    if header is None:
        return NONE
    if header.strip().lower() == "enable":
        return Inspection("enable", "enable")
    try:
        return msgspec.json.decode(header, type=Inspection)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NONE
