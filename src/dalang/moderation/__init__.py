"""Inspection of what goes into a video and of what came out: by word lists, by a moderation service, or not at all.

Importing this package is cheap; the HTTP client loads with a server that is configured to use one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from dalang.config import Config, milliseconds
from dalang.errors import ConfigError
from dalang.moderation.verdict import Stage, Verdict, let_through, not_made, refused
from dalang.moderation.words import Words, read_words, shipped_words
from dalang.task import VideoRequest

if TYPE_CHECKING:
    from dalang.moderation.http import Service

__all__ = ["Moderator", "Stage", "moderator"]

WORD_LIST, SERVICE = "word list", "the moderation service"

TEXTS = ("the prompt", "the extended prompt")
"""What the texts of an inspection are, in their order."""

PICTURES: dict[Stage, str] = {"input": "picture", "output": "frame"}

STILLS = 4
"""Frames of a finished video that are looked at."""

NOT_SEEN = (
    "X-DashScope-DataInspection asks for an inspection of pictures or frames, which this server does not make: "
    "its word list reads the prompt only."
)

log = logging.getLogger("dalang.moderation")


class Moderator:
    """One serves a whole process. Word lists come first, since they cost nothing, then `service` if there is one.

    `is_on` False inspects only what a create call asks to have inspected, by its header; True inspects everything,
    whatever the header says. `is_open` lets pass what could not be inspected.
    """

    def __init__(self, words: Words, service: Service | None = None, *, is_on: bool, is_open: bool = False) -> None:
        self._words, self._service = words, service
        self._is_on, self._is_open = is_on, is_open

    @property
    def looks_at_images(self) -> bool:
        """Whether preparation and worker are to leave stills for it."""
        return self._service is not None

    @property
    def settles_text(self) -> bool:
        """Whether `inspect_text` says all there is to say of a prompt, so that create can do it."""
        return self._service is None

    @property
    def stills(self) -> int:
        """Frames that it wants to see of a finished video."""
        return STILLS if self._service else 0

    def warnings(self, request: VideoRequest) -> tuple[str, ...]:
        """What was asked for by the header and is not done, for `output.dalang.warnings`."""
        has_media = any((request.image, request.last_image, request.clip))
        asks = request.inspect_output or (request.inspect_input and has_media)
        return (NOT_SEEN,) if asks and self._service is None else ()

    def inspect_text(self, text: str, *, asked: bool = False, subject: str = TEXTS[0]) -> None:
        """By word list, at once. `asked`: the create call wants it, `VideoRequest.inspect_input`.

        Raises DataInspectionFailed or IPInfringementSuspect.
        """
        found = self._words.check(text) if self._is_on or asked else None
        if found:
            log.info("refused by word list", extra={"subject": subject, "term": found.text})
            raise refused(found.ground, "input", subject, WORD_LIST)

    async def inspect(
        self, texts: Sequence[str], images: Sequence[Path], stage: Stage, *, asked: bool = False
    ) -> tuple[str, ...]:
        """`texts` are the prompt and the extended prompt; `images` are JPEG files, looked at by a service only.

        The warnings about what was let through though it could not be inspected. Raises DataInspectionFailed or
        IPInfringementSuspect, and InternalError for what could not be inspected and must be.
        """
        named = {subject: text for subject, text in zip(TEXTS, texts, strict=False) if text}
        for subject, text in named.items():
            self.inspect_text(text, asked=asked, subject=subject)
        if self._service is None:
            return ()
        items: dict[str, str | Path] = {**named, **_numbered(PICTURES[stage], images)}
        verdicts = await self._service.judge(list(items.values()))
        return self._settle(stage, dict(zip(items, verdicts, strict=True)))

    def _settle(self, stage: Stage, verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
        for subject, verdict in verdicts.items():
            if verdict.ground:
                raise refused(verdict.ground, stage, subject, SERVICE)
        failures = {subject: verdict.failure for subject, verdict in verdicts.items() if verdict.failure}
        for subject, failure in failures.items():
            log.warning("not inspected", extra={"subject": subject, "reason": failure, "let_through": self._is_open})
            if not self._is_open:
                raise not_made(subject, failure)
        return tuple(let_through(subject, failure) for subject, failure in failures.items())

    async def close(self) -> None:
        if self._service is not None:
            await self._service.close()


def _numbered(noun: str, images: Sequence[Path]) -> dict[str, Path]:
    """`the picture` where there is one, else `picture 1`, `picture 2`."""
    if len(images) == 1:
        return {f"the {noun}": images[0]}
    return {f"{noun} {number}": image for number, image in zip(count(1), images, strict=False)}


def moderator(config: Config) -> Moderator:
    """As the settings `moderation…` say. Raises ConfigError."""
    words = read_words(Path(config.moderation_words)) if config.moderation_words else shipped_words()
    return Moderator(
        words,
        _service(config) if config.moderation == "http" else None,
        is_on=config.moderation != "off",
        is_open=config.moderation_fail == "open",
    )


def _service(config: Config) -> Service:
    from dalang.moderation.http import Service

    if not config.moderation_url:
        raise ConfigError("Setting moderation is http, so moderation_url must say where, as https://host/v1.")
    limit = milliseconds(config.moderation_limit) / 1000
    if not limit:
        raise ConfigError("Setting moderation_limit: nothing can be inspected in no time; give it at least 1ms.")
    return Service(config.moderation_url, config.moderation_model, config.moderation_key, limit)
