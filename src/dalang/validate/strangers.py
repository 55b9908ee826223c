"""Names that nobody reads and that are near one that is read, or stand beside where it is read. A create call ignores
them, as the service does."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from dalang.validate.body import CreateBody, Input, MediaEntry, Parameters
from dalang.validate.document import Document

READ = {
    "": CreateBody.__struct_fields__,
    "input": Input.__struct_fields__,
    "parameters": Parameters.__struct_fields__,
}

SENT_BY_SDKS = frozenset(
    {
        *("extend_prompt", "function", "reference_url", "reference_urls", "reference_video_urls"),
        *("reference_video_description", "with_audio", "steps", "enable_overlays", "audio_setting", "enable_thinking"),
    }
)
"""By the official ones, on their own account or for other models; they are no slips."""

MOST = 64
"""Names looked at in one object, and letters of each."""

ALIKE = 0.75
"""From which likeness (0..1, of difflib) on one name is a slip of another."""


def strangers(call: Document) -> Iterator[str]:
    """A sentence each."""
    for place in READ:
        for name in islice(call.names(place), MOST):
            if name not in READ[place] and name not in SENT_BY_SDKS and (meant := _meant(place, name[:MOST])):
                yield _sentence(f"{place}.{name[:MOST]}".lstrip("."), meant)
    for place in call.names("input.media")[:MOST]:
        for name in islice(call.names(f"input.media.{place}"), MOST):
            if name not in MediaEntry.__struct_fields__ and (near := _near(name, MediaEntry.__struct_fields__)):
                yield _sentence(f"input.media.{place}.{name[:MOST]}", f"input.media.{place}.{near}")


def _meant(place: str, name: str) -> str | None:
    """The path of the field."""
    if near := _near(name, READ[place]):
        return f"{place}.{near}".lstrip(".")
    return next((f"{other}.{name}".lstrip(".") for other in READ if name in READ[other]), None)


def _near(name: str, known: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(name[:MOST].lower(), known, n=1, cutoff=ALIKE)), None)


def _sentence(path: str, meant: str) -> str:
    return f"{path} is not read and was ignored. {meant} is."
