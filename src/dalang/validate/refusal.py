"""What becomes of a broken rule: it ends the call, or is noted and the next rule is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from dalang.errors import ProtocolError

Refuse = Callable[[ProtocolError], object]
"""Every rule tells it what is broken, and goes on with what would be there by default if it returns."""


def at_once(refusal: ProtocolError) -> NoReturn:
    """As a create call is refused: at the first broken rule."""
    try:
        raise refusal
    finally:
        del refusal  # else it and its traceback hold each other, and a body of 27 MB, until the collector comes by
