"""What can come of asking another server. What matters is whether it may have heard of what was asked."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from dalang.errors import DalangError

LONGEST = 500
"""Characters of their sentences, and of their codes."""


class NotReached(DalangError):
    """Nothing was sent: there is no connection."""


class Lost(DalangError):
    """Something was sent, and no answer says what came of it."""


class Busy(DalangError):
    """It was not taken, and may be later."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds, where the server says so."""


class Problem(NamedTuple):
    """An error as the body of an answer tells it."""

    code: str
    message: str

    @classmethod
    def told(cls, code: str, message: str) -> Self:
        """No longer than a reply, a row or a line of the log should be."""
        return cls(code[:LONGEST], message[:LONGEST])


class Refused(DalangError):
    """It was not taken, and would not be the next time."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(f"It answered {status} ({problem.code}): {problem.message}")
        self.status = status
        self.problem = problem

    @property
    def is_of_the_endpoint(self) -> bool:
        """Rather than of what was asked: another one may take it. A wrong key, a wrong path, a model it has not, an
        account without money."""
        return self.status in (401, 402, 403, 404, 405) or self.status < 400 or self.problem.code == "Arrearage"


class Answer(NamedTuple):
    status: int
    content: dict[str, Any]
    """The JSON object; empty where there was none."""
    retry_after: float | None = None
    """Seconds."""


def check_taken(answer: Answer, problem: Problem | None) -> None:
    """Raises Busy, Refused, or Lost for what a proxy or a dying server may have answered in its place. `problem` is
    what the body says in the words of its protocol, which only who knows it would use."""
    told = problem or Problem("none", "It does not say why.")
    if 200 <= answer.status < 300:
        return
    if answer.status == 429 or (answer.status == 503 and problem):
        raise Busy(f"It answered {answer.status} ({told.code}).", answer.retry_after)
    if 300 <= answer.status < 500:
        raise Refused(answer.status, told)
    raise Lost(f"It answered {answer.status} ({told.code}).")
