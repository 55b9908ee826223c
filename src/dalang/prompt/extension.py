"""Who extends a prompt: the service that the operator named, and where there is none or it fails, the rules."""

from __future__ import annotations

import asyncio
import logging
from typing import NamedTuple

from dalang.prompt.chat import Chat, ExtensionFailed
from dalang.prompt.rules import extend
from dalang.task import VideoRequest

log = logging.getLogger("dalang.prompt")


class Extended(NamedTuple):
    """`prompt` is None where no extension was asked for."""

    prompt: str | None
    warnings: tuple[str, ...] = ()


class Extension:
    """`chat` is None where rules are all there is."""

    def __init__(self, chat: Chat | None) -> None:
        self._chat = chat

    async def close(self) -> None:
        if self._chat:
            await self._chat.close()

    async def extend(self, asked: VideoRequest) -> Extended:
        if not asked.prompt_extend:
            return Extended(None)
        if self._chat is None:
            return Extended(await asyncio.to_thread(extend, asked))
        try:
            return Extended(await self._chat.extend(asked))
        except ExtensionFailed as failure:
            log.warning("prompt not extended by the service", extra={"reason": failure.reason})
            warning = f"The prompt was extended by rules: the extension service {failure.reason}."
            return Extended(await asyncio.to_thread(extend, asked), (warning,))
