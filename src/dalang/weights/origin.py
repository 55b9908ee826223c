"""Where weights come from: a hub, or a mirror that speaks as it does, or a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from dalang.weights.listing import Listing


class Want(NamedTuple):
    """A checkpoint, or LoRA weights."""

    name: str
    """By which it is known here."""
    repository: str
    """By which it is known on the hub."""
    path: str | None = None
    """The one file that is wanted; None: all that a checkpoint is made of."""


class Origin(Protocol):
    """Raises WeightsError for what is not there, and Interrupted for what another try may mend."""

    def listing(self, want: Want) -> Listing: ...

    def pieces(
        self, want: Want, revision: str, path: str, start: int
    ) -> AbstractContextManager[tuple[int, Iterator[bytes]]]:
        """The bytes of a file, from `start` on or from where they do begin, which comes with them."""
        ...


class Interrupted(Exception):
    """What was being fetched broke off."""
