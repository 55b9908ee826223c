"""How a task comes from one state into the next in test mode, as a test declares it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class Stage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long a state lasts: until all that is given here has happened, and the work of that state is done."""

    polls: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """Queries of the task that are answered with this state."""
    seconds: Annotated[float, Meta(ge=0, le=1e9)] = 0.0
    """By the server's clock, which a test can move."""
    by_hand: bool = False
    """Until the control `start` (of a PENDING task) or `finish` (of a RUNNING one) is called."""


AT_ONCE = Stage()


class Transition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Of new tasks. With the default a first query is answered once the task has ended."""

    pending: Stage = AT_ONCE
    running: Stage = AT_ONCE
