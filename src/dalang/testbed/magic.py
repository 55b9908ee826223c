"""Magic prompts, for who cannot call the controls: words such as `test:fail=InternalError.Timeout` in a prompt, read
as the same faults and stages that a test would declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import msgspec

from dalang.errors import InvalidParameter
from dalang.testbed.codes import ALL_CODES, nearest
from dalang.testbed.fault import (
    EXPIRED_LINK,
    VERDICTS,
    Answer,
    Crash,
    Delay,
    Drop,
    Fail,
    Fault,
    Forget,
    Refuse,
    Truncate,
    When,
)
from dalang.testbed.transition import Stage, Transition

FORM = re.compile(r"(?<![\w/.:@-])test:([\w.=*-]*\w)", re.ASCII)
"""Not within addresses or other words; a full stop or comma after it is the sentence's."""

PARTS = re.compile(r"(?P<name>[\w-]+)(=(?P<value>[\w.-]+))?(\*(?P<times>[1-9]\d{0,5}))?", re.ASCII)

CREATE, QUERY, DOWNLOAD = When(call="create"), When(call="query"), When(call="download")


class Hold(msgspec.Struct, frozen=True):
    """How long a task stays in a state."""

    state: Literal["pending", "running"]
    stage: Stage


class Word(NamedTuple):
    """A row of the documented table."""

    examples: tuple[str, ...]
    meaning: str
    read: Callable[[str | None], Fault | Hold]
    """What the value, None where there is none, comes to. Raises ValueError for one that does not fit."""


class Spell(NamedTuple):
    """What a prompt asks for."""

    faults: tuple[Fault, ...] = ()
    pending: Stage | None = None
    running: Stage | None = None

    def transition(self, usual: Transition) -> Transition:
        """Of the prompt's own tasks; `usual` is that of all others."""
        return Transition(pending=self.pending or usual.pending, running=self.running or usual.running)


def read(prompt: str) -> Spell:
    """Raises InvalidParameter for a word that is not known, and for a value that does not fit."""
    spell = Spell()
    for match in FORM.finditer(prompt):
        spell = _more(spell, match[1])
    return spell


def _more(spell: Spell, text: str) -> Spell:
    parts = PARTS.fullmatch(text)
    if parts is None or parts["name"] not in TABLE:
        raise _unknown(text)
    word = TABLE[parts["name"]]
    effect = _effect(word, text, parts["value"])
    times = int(parts["times"]) if parts["times"] else None
    if isinstance(effect, Fault):
        return spell._replace(faults=(*spell.faults, msgspec.structs.replace(effect, times=times)))
    if times:
        raise _misread(word, text)
    return _held(spell, effect)


def _effect(word: Word, text: str, value: str | None) -> Fault | Hold:
    try:
        effect = word.read(value)
        return msgspec.convert(msgspec.to_builtins(effect), type(effect))  # holds numbers against their limits
    except (ValueError, msgspec.ValidationError) as error:
        raise _misread(word, text) from error


def _held(spell: Spell, hold: Hold) -> Spell:
    """Of polls and seconds, both have to pass."""
    known = (spell.pending if hold.state == "pending" else spell.running) or Stage()
    stage = Stage(polls=known.polls or hold.stage.polls, seconds=known.seconds or hold.stage.seconds)
    return spell._replace(pending=stage) if hold.state == "pending" else spell._replace(running=stage)


def _unknown(text: str) -> InvalidParameter:
    words = ", ".join(f"test:{name}" for name in nearest(text.partition("=")[0], TABLE))
    return InvalidParameter(f"The prompt says test:{text}, which means nothing. The words are {words}.")


def _misread(word: Word, text: str) -> InvalidParameter:
    return InvalidParameter(f"The prompt says test:{text}, and should say something like {' or '.join(word.examples)}.")


# Values


def _code(value: str | None) -> str:
    """Raises InvalidParameter, with the nearest code, or ValueError where there is no value at all."""
    if value is None:
        raise ValueError
    if value not in ALL_CODES:
        likely = nearest(value, ALL_CODES)[0]
        raise InvalidParameter(f"The prompt names the error code {value}, which is none; the nearest is {likely}.")
    return value


def _seconds(value: str | None) -> float:
    if value is None or not value.endswith("s"):
        raise ValueError
    return float(value[:-1])


def _moment(value: str | None) -> Literal["before", "after"]:
    if value == "before":
        return "before"
    if value == "after":
        return "after"
    raise ValueError


def _stage(value: str | None) -> Stage:
    if value is None:
        raise ValueError
    return Stage(seconds=_seconds(value)) if value.endswith("s") else Stage(polls=int(value))


def _verdict(value: str | None) -> Fault:
    if value not in VERDICTS:
        raise ValueError
    return Fault(then=VERDICTS[value], when=CREATE if value == "input" else When())


def _plain(fault: Fault) -> Callable[[str | None], Fault]:
    """Of a word without a value."""

    def read(value: str | None) -> Fault:
        if value is not None:
            raise ValueError
        return fault

    return read


# Words

TABLE: Mapping[str, Word] = {
    "refuse": Word(
        ("test:refuse=Throttling.RateQuota",),
        "The create call is refused with this code, its documented status and sentence",
        lambda value: Fault(then=Refuse(_code(value)), when=CREATE),
    ),
    "status": Word(
        ("test:status=503",),
        "The create call is answered with this status and an empty body, as by a gateway",
        lambda value: Fault(then=Answer(int(value or "")), when=CREATE),
    ),
    "delay": Word(
        ("test:delay=2s",),
        "The answer to the create call comes so many seconds later",
        lambda value: Fault(then=Delay(_seconds(value)), when=CREATE),
    ),
    "drop": Word(
        ("test:drop=before", "test:drop=after"),
        "The create call's connection is closed without an answer, before or after the task has been made",
        lambda value: Fault(then=Drop(_moment(value)), when=CREATE),
    ),
    "fail": Word(
        ("test:fail=InternalError.Timeout",),
        "The task is FAILED with this code, in place of its video",
        lambda value: Fault(then=Fail(_code(value))),
    ),
    "fail-early": Word(
        ("test:fail-early=InvalidURL.Timeout",),
        "The task is FAILED with this code, before it was RUNNING",
        lambda value: Fault(then=Fail(_code(value), stage="preparation")),
    ),
    "moderation": Word(
        ("test:moderation=input", "test:moderation=output"),
        "`DataInspectionFailed`: the create call is refused for its prompt, or the task is FAILED for its video",
        _verdict,
    ),
    "crash": Word(
        ("test:crash", "test:crash=2"),
        "The worker dies in the first attempt, or in the first so many; after the third the task is FAILED",
        lambda value: Fault(then=Crash(1 if value is None else int(value))),
    ),
    "pending": Word(
        ("test:pending=3", "test:pending=2s"),
        "The task is PENDING for so many queries, or seconds",
        lambda value: Hold("pending", _stage(value)),
    ),
    "running": Word(
        ("test:running=3", "test:running=2s"),
        "The task is RUNNING for so many queries, or seconds",
        lambda value: Hold("running", _stage(value)),
    ),
    "unknown": Word(
        ("test:unknown",),
        "Queries are answered UNKNOWN",
        _plain(Fault(then=Forget(), when=QUERY)),
    ),
    "truncate": Word(
        ("test:truncate",),
        "Downloads break off in the middle",
        _plain(Fault(then=Truncate(), when=DOWNLOAD)),
    ),
    "expired-link": Word(
        ("test:expired-link",),
        "Downloads are answered 403, as once the link has expired",
        _plain(Fault(then=EXPIRED_LINK, when=DOWNLOAD)),
    ),
}


def markdown() -> str:
    """The table, as the documentation has it."""
    rows = [
        f"| {' or '.join(f'`{example}`' for example in word.examples)} | {word.meaning} |" for word in TABLE.values()
    ]
    return "\n".join(["| in the prompt | what happens |", "|---|---|", *rows])
