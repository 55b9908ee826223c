"""What a recorder or a replay must remember of what it has told: texts by name, the oldest forgotten first."""

from __future__ import annotations

MOST = 10_000


class Notes(dict[str, str]):
    """At most `MOST`."""

    def note(self, name: str, text: str) -> None:
        self[name] = text
        if len(self) > MOST:
            del self[next(iter(self))]
