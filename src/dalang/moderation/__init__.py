"""Inspection of what goes into a video and of what came out: by word lists, by a moderation service, or not at all.

Importing this package is cheap; the HTTP client loads with a server that has the address of a service.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dalang.config import Config, milliseconds
from dalang.errors import ConfigError
from dalang.moderation.verdict import Stage, let_through, not_made, refused
from dalang.moderation.words import Words, read_words, shipped_words
from dalang.task import VideoRequest

if TYPE_CHECKING:
    from dalang.moderation.http import Judge

__all__ = ["Moderator", "moderator"]

Mode = Literal["off", "words", "http"]

PROMPT, EXTENDED_PROMPT = "the prompt", "the extended prompt"

NOT_SEEN = (
    "X-DashScope-DataInspection asks for an inspection of pictures or frames, which this server does not make: "
    "its word list reads the prompt only."
)

log = logging.getLogger("dalang.moderation")


class Moderator:
    """One serves a whole process. Word lists come first, since they cost nothing, then `judge` if there is one.

    `mode` is what every request gets; one that asks for inspection by its header gets all there is, and none can ask
    for less. `is_open` lets pass what could not be inspected. Refusals are DataInspectionFailed, IPInfringementSuspect.
    """

    def __init__(
        self,
        words: Words | None = None,
        judge: Judge | None = None,
        *,
        mode: Mode = "off",
        is_open: bool = False,
    ) -> None:
        self._words = shipped_words() if words is None else words
        self._judge = judge
        self._mode, self._is_open = mode, is_open

    @property
    def looks_at_images(self) -> bool:
        """Whether preparation is to leave stills."""
        return self._judge is not None

    def looks_at_frames(self, asked: VideoRequest) -> bool:
        """Whether the worker is to leave stills of the finished video."""
        return self._judge is not None and (self._mode == "http" or asked.inspect_output)

    def needs_preparation(self, asked: VideoRequest) -> bool:
        """Whether `inspect_text` does not settle the prompt, so that `inspect_input` must."""
        return self._judge is not None and (self._mode == "http" or asked.inspect_input)

    def warnings(self, asked: VideoRequest) -> tuple[str, ...]:
        """What the header asks for and is not done, for `output.dalang.warnings`."""
        has_media = any((asked.image, asked.last_image, asked.clip))
        asks = asked.inspect_output or (asked.inspect_input and has_media)
        return (NOT_SEEN,) if asks and self._judge is None else ()

    def inspect_text(self, asked: VideoRequest) -> None:
        """The prompt, by word list, at once. Nothing is unfit in a negative prompt: it says what must not be seen."""
        self._look_up(asked, PROMPT, asked.prompt)

    async def inspect_input(
        self, asked: VideoRequest, texts: Sequence[str], images: Sequence[Path] = ()
    ) -> tuple[str, ...]:
        """`texts`: the prompt and, if there is one, the extended prompt; `images`: JPEG files of what was sent.

        Warnings about what was let through uninspected. Raises InternalError for what could not be inspected and must.
        """
        named = {subject: text for subject, text in zip((PROMPT, EXTENDED_PROMPT), texts, strict=False) if text}
        for subject, text in named.items():
            self._look_up(asked, subject, text)
        if self._judge is None or not self.needs_preparation(asked):
            return ()
        return await self._ask(self._judge, "input", {**named, **_numbered("picture", images)})

    async def inspect_output(self, asked: VideoRequest, stills: Sequence[Path]) -> tuple[str, ...]:
        """`stills`: JPEG files of the finished video. As `inspect_input`."""
        if self._judge is None or not self.looks_at_frames(asked):
            return ()
        return await self._ask(self._judge, "output", _numbered("frame", stills))

    async def close(self) -> None:
        if self._judge is not None:
            await self._judge.close()

    def _look_up(self, asked: VideoRequest, subject: str, text: str) -> None:
        if self._mode == "off" and not asked.inspect_input:
            return
        if found := self._words.check(text):
            log.info("refused by word list", extra={"subject": subject, "term": found.text})
            raise refused(found.ground, "input", subject, "word list")

    async def _ask(self, judge: Judge, stage: Stage, items: Mapping[str, str | Path]) -> tuple[str, ...]:
        verdicts = dict(zip(items, await judge.judge(list(items.values())), strict=True))
        for subject, verdict in verdicts.items():
            if verdict.ground:
                raise refused(verdict.ground, stage, subject, "the moderation service")
        failures = {subject: verdict.failure for subject, verdict in verdicts.items() if verdict.failure}
        for subject, failure in failures.items():
            log.warning("not inspected", extra={"subject": subject, "reason": failure, "let_through": self._is_open})
            if not self._is_open:
                raise not_made(subject, failure)
        return tuple(let_through(_together(failures, reason), reason) for reason in dict.fromkeys(failures.values()))


def _together(failures: Mapping[str, str], reason: str) -> str:
    """`the prompt, frame 1, frame 2`: all that was not inspected for this reason."""
    return ", ".join(subject for subject, failure in failures.items() if failure == reason)


def _numbered(noun: str, images: Sequence[Path]) -> dict[str, Path]:
    """`the picture` where there is one, else `picture 1`, `picture 2`."""
    if len(images) == 1:
        return {f"the {noun}": images[0]}
    return {f"{noun} {number}": image for number, image in zip(count(1), images, strict=False)}


def moderator(config: Config) -> Moderator:
    """As the settings `moderation…` say. Raises ConfigError."""
    words = read_words(Path(config.moderation_words)) if config.moderation_words else shipped_words()
    return Moderator(words, _judge(config), mode=config.moderation, is_open=config.moderation_fail == "open")


def _judge(config: Config) -> Judge | None:
    """Wherever there is an address, since a request may ask for inspection."""
    if not config.moderation_url:
        if config.moderation == "http":
            raise ConfigError("Setting moderation is http, so moderation_url must say where, as https://host/v1.")
        return None
    limit = milliseconds(config.moderation_limit) / 1000
    if not limit:
        raise ConfigError("Setting moderation_limit: nothing can be inspected in no time; give it at least 1ms.")
    from dalang.moderation.http import Judge

    return Judge(config.moderation_url, config.moderation_model, config.moderation_key, limit)
