from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dalang.config import Config
from dalang.errors import ConfigError, DataInspectionFailed, InternalError, IPInfringementSuspect, ProtocolError
from dalang.moderation import NOT_SEEN, Mode, Moderator, moderator
from dalang.moderation.verdict import Verdict
from dalang.moderation.words import Words
from dalang.task import VideoRequest

ASKED = VideoRequest(
    model="wan2.6-t2v", kind="t2v", prompt="a card", seed=1, duration=5, fps=30, sound=True, tier="720P"
)
BY_HEADER = {"inspect_input": True, "inspect_output": True}

WORDS = Words({"mould": "unfit", "acme": "ip"})

MODES: tuple[Mode, ...] = ("off", "words", "http")

DOWN = Verdict(failure="it is down")


def asked(prompt: str = "a card", **fields: Any) -> VideoRequest:
    return msgspec.structs.replace(ASKED, prompt=prompt, **fields)


class Known:
    """A moderation service that says what it is told to of each item, and else that it is fine."""

    def __init__(self, **verdicts: Verdict) -> None:
        self.verdicts = verdicts
        self.seen: list[str] = []

    async def judge(self, items: Sequence[str | Path]) -> list[Verdict]:
        names = [item.stem if isinstance(item, Path) else item for item in items]
        self.seen += names
        return [self.verdicts[name] if name in self.verdicts else Verdict() for name in names]


def by(service: Known | None, mode: Mode = "http", *, is_open: bool = False) -> Moderator:
    return Moderator(WORDS, service, mode=mode, is_open=is_open)  # type: ignore[arg-type]


def refusal(moderator: Moderator, request: VideoRequest) -> ProtocolError | None:
    try:
        moderator.inspect_text(request)
    except ProtocolError as error:
        return error
    return None


# Word lists


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("header", [{}, BY_HEADER])
def test_prompts_are_looked_up_unless_moderation_is_off_and_the_header_does_not_ask(
    mode: Mode, header: dict[str, bool]
) -> None:
    found = refusal(by(None, mode), asked("mould on bread", **header))
    assert (found is None) == (mode == "off" and not header)


def test_what_is_unfit_is_told_in_the_documented_words_without_the_list_s() -> None:
    error = refusal(by(None, "words"), asked("Mould on bread"))
    assert type(error) is DataInspectionFailed
    assert (error.code, error.status) == ("DataInspectionFailed", 400)
    assert error.message == (
        "Input data may contain inappropriate content. The prompt did not pass the inspection by word list."
    )


def test_what_belongs_to_somebody_is_told_in_the_documented_words() -> None:
    error = refusal(by(None, "words"), asked("an ACME anvil"))
    assert type(error) is IPInfringementSuspect
    assert error.message == (
        "Input data is suspected of being involved in IP infringement. "
        "The prompt did not pass the inspection by word list."
    )


def test_a_negative_prompt_may_name_what_must_not_be_seen() -> None:
    assert refusal(by(None, "words"), asked("a card", negative_prompt="mould")) is None


async def test_the_extended_prompt_is_looked_up_too() -> None:
    with pytest.raises(DataInspectionFailed, match=r"The extended prompt did not pass"):
        await by(None, "words").inspect_input(asked(), ["a card", "a card with mould"])


async def test_what_the_word_list_refuses_is_not_sent_to_the_service() -> None:
    service = Known()
    with pytest.raises(DataInspectionFailed):
        await by(service).inspect_input(asked("mould"), ["mould"])
    assert service.seen == []


def test_the_shipped_list_serves_where_none_is_given() -> None:
    assert refusal(Moderator(mode="words"), asked("Mickey Mouse"))
    assert refusal(Moderator(), asked("Mickey Mouse")) is None


# A service


async def test_texts_and_pictures_go_to_the_service_and_empty_texts_do_not() -> None:
    service = Known()
    assert await by(service).inspect_input(asked(""), ["", "longer"], [Path("first.jpg")]) == ()
    assert service.seen == ["longer", "first"]


@pytest.mark.parametrize(
    ("name", "subject"),
    [("a card", "The prompt"), ("longer", "The extended prompt"), ("first", "Picture 1"), ("last", "Picture 2")],
)
async def test_a_refusal_of_what_was_sent_says_which_of_it(name: str, subject: str) -> None:
    service = Known(**{name: Verdict("unfit")})
    with pytest.raises(DataInspectionFailed) as error:
        await by(service).inspect_input(asked(), ["a card", "longer"], [Path("first.jpg"), Path("last.jpg")])
    assert error.value.message == (
        "Input data may contain inappropriate content. "
        f"{subject} did not pass the inspection by the moderation service."
    )


async def test_a_single_picture_has_no_number() -> None:
    with pytest.raises(IPInfringementSuspect, match=r"IP infringement\. The picture did not"):
        await by(Known(first=Verdict("ip"))).inspect_input(asked(), [], [Path("first.jpg")])


async def test_frames_are_output() -> None:
    frames = [Path("a.jpg"), Path("b.jpg")]
    with pytest.raises(DataInspectionFailed, match=r"^Output data may contain inappropriate content\. Frame 2 did"):
        await by(Known(b=Verdict("unfit"))).inspect_output(asked(), frames)


async def test_closed_what_could_not_be_inspected_fails_as_a_fault_of_ours() -> None:
    with pytest.raises(InternalError) as error:
        await by(Known(b=DOWN)).inspect_output(asked(), [Path("a.jpg"), Path("b.jpg")])
    assert error.value.code == "InternalError"
    assert error.value.message == f"{InternalError.SENTENCE} Frame 2 could not be inspected: it is down."


async def test_open_what_could_not_be_inspected_passes_with_a_warning() -> None:
    frames = [Path("a.jpg"), Path("b.jpg"), Path("c.jpg")]
    warnings = await by(Known(a=DOWN, c=DOWN), is_open=True).inspect_output(asked(), frames)
    assert warnings == ("Not inspected: frame 1, frame 3 (it is down).",), "one sentence for each reason"


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_refusal_beats_what_could_not_be_inspected(is_open: bool) -> None:
    service = Known(a=DOWN, b=Verdict("unfit"))
    with pytest.raises(DataInspectionFailed):
        await by(service, is_open=is_open).inspect_output(asked(), [Path("a.jpg"), Path("b.jpg")])


@pytest.mark.parametrize(
    ("mode", "header", "is_asked"),
    [
        ("http", {}, True),
        ("http", BY_HEADER, True),
        ("words", {}, False),
        ("words", BY_HEADER, True),
        ("off", {}, False),
        ("off", BY_HEADER, True),
    ],
)
async def test_a_service_is_asked_by_its_mode_or_where_the_header_asks(
    mode: Mode, header: dict[str, bool], is_asked: bool
) -> None:
    service, request = Known(), asked(**header)
    moderator = by(service, mode)
    assert moderator.needs_preparation(request) == is_asked
    assert moderator.looks_at_frames(request) == is_asked
    await moderator.inspect_input(request, ["a card"])
    await moderator.inspect_output(request, [Path("a.jpg")])
    assert service.seen == (["a card", "a"] if is_asked else [])


def test_the_header_s_two_halves_are_apart() -> None:
    moderator = by(Known(), "off")
    assert not moderator.looks_at_frames(asked(inspect_input=True))
    assert not moderator.needs_preparation(asked(inspect_output=True))


@pytest.mark.parametrize("mode", MODES[:2])
async def test_without_a_service_nothing_waits_for_one(mode: Mode) -> None:
    moderator, request = by(None, mode), asked(**BY_HEADER)
    assert not moderator.looks_at_images
    assert not moderator.looks_at_frames(request)
    assert not moderator.needs_preparation(request)
    assert await moderator.inspect_output(request, []) == ()


@pytest.mark.parametrize(
    ("fields", "service", "is_warned"),
    [
        ({}, None, False),
        ({"image": "https://host/a.png"}, None, False),
        ({"inspect_input": True}, None, False),
        ({"inspect_input": True, "image": "https://host/a.png"}, None, True),
        ({"inspect_input": True, "clip": "https://host/a.mp4"}, None, True),
        ({"inspect_output": True}, None, True),
        ({"inspect_output": True}, Known(), False),
    ],
)
def test_an_inspection_that_the_header_asks_for_and_nobody_makes_is_warned_of(
    fields: dict[str, Any], service: Known | None, is_warned: bool
) -> None:
    assert by(service, "words").warnings(asked(**fields)) == ((NOT_SEEN,) if is_warned else ())


# From settings


def test_a_list_from_a_file_stands_in_place_of_the_shipped(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("mould\n")
    ours = moderator(Config(data="", moderation="words", moderation_words=str(file)))
    assert refusal(ours, asked("mould"))
    assert refusal(ours, asked("Mickey Mouse")) is None


SERVED = {"data": "", "moderation": "http", "moderation_url": "http://127.0.0.1:9/v1"}


async def test_an_address_makes_a_service_of_it_whatever_the_mode() -> None:
    for mode in MODES:
        made = moderator(msgspec.convert(SERVED | {"moderation": mode}, Config))
        assert made.looks_at_images
        await made.close()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"moderation_url": None}, "moderation_url"),
        ({"moderation_limit": "0s"}, "moderation_limit"),
        ({"moderation_words": "/nowhere/words.txt"}, "moderation_words"),
    ],
)
def test_settings_that_do_not_fit_stop_the_start(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        moderator(msgspec.convert(SERVED | change, Config))


def test_no_http_client_loads_where_nobody_is_asked() -> None:
    code = (
        "import sys; from dalang.config import Config; from dalang.moderation import moderator;"
        "moderator(Config(data='', moderation='words')); print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
