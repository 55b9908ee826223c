"""Logs: one line an event. What is worth searching for travels in `extra`, and is never a key or a signature."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import msgspec

from dalang.config import Config

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(config: Config) -> None:
    """Everything to stderr; libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if config.log_format == "json" else TextLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dalang").setLevel(config.log_level.upper())
    logging.getLogger("_granian").setLevel(logging.ERROR)  # it warns that embedding is new at every start


def _facts(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _PLAIN and value is not None}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TextLine(logging.Formatter):
    """`2026-11-21T12:00:00.000Z info  task running task_id=... model=...`"""

    def format(self, record: logging.LogRecord) -> str:
        facts = _facts(record) | ({"exception": self.formatException(record.exc_info)} if record.exc_info else {})
        told = " ".join(f"{name}={_quoted(value)}" for name, value in facts.items())
        return f"{_time(record)} {record.levelname.lower():7} {record.getMessage()} {told}".rstrip()


class JsonLine(logging.Formatter):
    """The same as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= _facts(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def _quoted(value: object) -> str:
    """Quoted where it holds a space or a line break, so that a line stays one line."""
    text = str(value)
    if not text.isprintable():
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False) if " " in text or '"' in text else text
