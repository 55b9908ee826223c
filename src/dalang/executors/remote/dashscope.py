"""The protocol of the cloud, and of another Dalang, which is asked for more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from dalang.errors import InternalError, ProtocolError
from dalang.events import Obtain
from dalang.executors.remote.codes import from_dashscope, not_for_us
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.dialect import Envelope, Seen, Source, identifier, model_there
from dalang.executors.remote.trouble import LONGEST, Answer, Busy, Lost, Problem, Refused, check_taken
from dalang.executors.remote.upload import upload
from dalang.fetch.form import MAX_URL
from dalang.fetch.line import Line
from dalang.models import MODELS, SIZES, ModelSpec
from dalang.remotes import Remote
from dalang.task import Task, TaskStatus, VideoRequest

VIDEO, KEY_FRAMES = (f"/services/aigc/{kind}/video-synthesis" for kind in ("video-generation", "image2video"))

LONGEST_PROMPT = 10_000
"""Characters of one that they have extended; a longer one is not kept."""

MOST_WARNINGS = 20

LONGEST_VIDEO = 3600
"""Seconds that an answer may bill; beyond is no number to reckon with."""

WAIT = 5
"""Seconds that a look at a Dalang may take if nothing ends before."""


class DashScope:
    """Media go ahead of the order, as the official SDKs send files: sound is not taken in the order itself, and an
    order that is sent again must be the same."""

    health = "/tasks/00000000-0000-0000-0000-000000000000"

    def __init__(self, remote: Remote, line: Line) -> None:
        self._is_dalang = remote.dalang
        self._line = line

    def envelope(self, task: Task) -> Envelope:
        headers = {
            "Content-Type": "application/json",
            "X-DashScope-Async": "enable",
            "X-DashScope-OssResourceResolve": "enable",
            "Idempotency-Key": task.id,
        }
        if task.profile:  # of a route to another Dalang
            headers["X-Dalang-Profile"] = task.profile
        return Envelope(KEY_FRAMES if task.request.kind == "kf2v" else VIDEO, headers)

    async def letter(self, connection: Connection, asked: Obtain) -> bytes:
        model = model_there(asked.task)
        spec = MODELS.get(model, MODELS[asked.task.model])
        files = {"image": asked.image, "last_image": asked.last_image, "clip": asked.clip, "audio": asked.audio}
        if asked.clip:
            files["image"] = None  # the clip's own last frame
        addresses = {
            name: await upload(connection, self._line, model, Path(file)) for name, file in files.items() if file
        }
        body = {
            "model": model,
            "input": _input(spec, asked.task.request, addresses),
            "parameters": _parameters(spec, asked.task),
        }
        return msgspec.json.encode(body)

    async def extended(self, task: Task) -> str | None:
        """They do it themselves, and know their models."""
        return None

    async def order(self, connection: Connection, envelope: Envelope, letter: bytes) -> str:
        answer = await connection.ask("POST", envelope.path, content=letter, headers=envelope.headers)
        check_taken(answer, _problem(answer.content))
        return identifier(_output(answer)["task_id"])

    async def look(self, connection: Connection, remote_id: str) -> Seen:
        query = f"?wait={WAIT}" if self._is_dalang else ""
        answer = await connection.ask("GET", f"/tasks/{remote_id}{query}")
        check_taken(answer, _problem(answer.content))
        output = _output(answer)
        status = _status(output["task_status"])
        return Seen(
            status,
            progress=_progress(output),
            url=_text(output.get("video_url"), MAX_URL),
            error=from_dashscope(_problem(output) or UNEXPLAINED) if status is TaskStatus.FAILED else None,
            prompt=_text(output.get("actual_prompt"), LONGEST_PROMPT),
            seconds=_seconds(answer.content.get("usage")),
            warnings=_warnings(output),
        )

    async def cancel(self, connection: Connection, remote_id: str) -> None:
        headers = {"X-Dalang-Cancel": "any"} if self._is_dalang else {}
        answer = await connection.ask("POST", f"/tasks/{remote_id}/cancel", headers=headers)
        check_taken(answer, _problem(answer.content))

    def source(self, connection: Connection, remote_id: str, seen: Seen) -> Source:
        """The link is signed: it needs no key, and whoever serves it shall not see ours."""
        if seen.url is None:
            raise InternalError(
                f"{InternalError.SENTENCE} Another server says that it has made the video, but not where."
            )
        return Source(seen.url, {})

    def not_done(self, asked: VideoRequest) -> tuple[str, ...]:
        return ()

    def refusal(self, refused: Refused) -> ProtocolError:
        return not_for_us(refused) if refused.is_of_the_endpoint else from_dashscope(refused.problem)


UNEXPLAINED = Problem("InternalError", InternalError.SENTENCE)


def _input(spec: ModelSpec, asked: VideoRequest, addresses: dict[str, str]) -> dict[str, Any]:
    texts = {"prompt": asked.prompt, "negative_prompt": asked.negative_prompt}
    if spec.takes_media:
        types = {"image": "first_frame", "last_image": "last_frame", "clip": "first_clip", "audio": "driving_audio"}
        media: dict[str, Any] = {"media": [{"type": types[name], "url": url} for name, url in addresses.items()]}
    else:
        first = "first_frame_url" if spec.kind == "kf2v" else "img_url"
        names = {"image": first, "last_image": "last_frame_url", "audio": "audio_url"}
        media = {names[name]: url for name, url in addresses.items()}
    return {name: text for name, text in texts.items() if text} | media


def _parameters(spec: ModelSpec, task: Task) -> dict[str, Any]:
    """Those that the model there knows."""
    asked, prepared = task.request, task.prepared
    assert prepared is not None, "claimed before it was prepared"
    size = (prepared.width, prepared.height)
    ratios = {sides: ratio for tier in SIZES.values() for ratio, sides in tier.items()}
    known = {
        "size": f"{size[0]}*{size[1]}",
        "resolution": asked.tier,
        "ratio": ratios.get(size),
        "duration": asked.duration,
        "prompt_extend": asked.prompt_extend,
        "shot_type": asked.shots,
        "audio": asked.sound,
        "watermark": asked.watermark,
        "seed": asked.seed,
    }
    return {name: known[name] for name in spec.parameters if known[name] is not None}


# What they answer, of which anything may be missing or of another kind


def _output(answer: Answer) -> dict[str, Any]:
    """With an identifier and a status. Raises Lost."""
    output = answer.content.get("output")
    if not isinstance(output, dict) or not {"task_id", "task_status"} <= output.keys():
        raise Lost("It answered what the protocol does not know.")
    return output


def _problem(content: dict[str, Any]) -> Problem | None:
    match content:
        case {"code": str(code), "message": str(message)} if code:
            return Problem.told(code, message)
    return None


def _status(text: object) -> TaskStatus:
    """Raises Busy for one that the protocol may have learnt since, which will pass."""
    try:
        return TaskStatus(str(text))
    except ValueError:
        raise Busy(f"It says that the task is {str(text)[:100]!r}.", None) from None


def _progress(output: dict[str, Any]) -> float:
    match output:
        case {"dalang": {"progress": int(part) | float(part)}} if 0 <= part <= 1:
            return float(part)
    return 0.0


def _warnings(output: dict[str, Any]) -> tuple[str, ...]:
    match output:
        case {"dalang": {"warnings": list(found)}}:
            return tuple(text[:LONGEST] for text in found[:MOST_WARNINGS] if isinstance(text, str))
    return ()


def _seconds(usage: object) -> float | None:
    match usage:
        case {"duration": int(seconds) | float(seconds)} | {"video_duration": int(seconds) | float(seconds)}:
            return float(seconds) if 0 <= seconds <= LONGEST_VIDEO else None
    return None


def _text(value: object, longest: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= longest else None
