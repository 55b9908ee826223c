"""A prompt made longer before it is drawn: by rules, or by a chat service."""

from __future__ import annotations

from dalang.prompt.chat import Chat, ExtensionFailed
from dalang.prompt.extension import Extended, Extension
from dalang.prompt.rules import extend

__all__ = ["Chat", "Extended", "Extension", "ExtensionFailed", "extend"]
