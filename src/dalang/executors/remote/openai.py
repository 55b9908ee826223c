"""The `/v1/videos` of OpenAI, as the servers of open weights speak it: SGLang-Diffusion, vLLM-Omni, FastVideo.

All three take a multipart form, and only FastVideo and SGLang take JSON too. `fps`, `seed` and `negative_prompt` are
theirs beyond OpenAI's own fields (their `protocol` modules).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx

from dalang.errors import InvalidParameter, ProtocolError
from dalang.events import Obtain
from dalang.executors.remote.codes import from_openai, not_for_us, refusal_of_openai
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.dialect import Envelope, Seen, Source, identifier, model_there
from dalang.executors.remote.trouble import Answer, Busy, Problem, Refused, check_taken
from dalang.fetch.line import Line
from dalang.prompt import extend
from dalang.remotes import Remote
from dalang.task import Task, TaskStatus, VideoRequest

STATUSES = {
    "queued": TaskStatus.PENDING,
    "in_progress": TaskStatus.RUNNING,
    "completed": TaskStatus.SUCCEEDED,
    "failed": TaskStatus.FAILED,
    "cancelled": TaskStatus.CANCELED,
    "deleted": TaskStatus.CANCELED,
}

NO_SOUND = "The server that makes this model's videos takes no sound: audio_url was not used."

NO_WATERMARK = "The server that makes this model's videos draws no watermark."


class OpenAI:
    health = "/models"

    def __init__(self, remote: Remote, line: Line) -> None:
        self._fps = remote.fps

    def envelope(self, task: Task) -> Envelope:
        return Envelope("/videos", {"Content-Type": f"multipart/form-data; boundary={task.id}"})

    async def letter(self, connection: Connection, asked: Obtain) -> bytes:
        task = asked.task
        if asked.clip or asked.last_image:
            raise InvalidParameter(
                "The server that makes this model's videos takes one picture, which is the first frame."
            )
        prompt = await self.extended(task)
        fields = _fields(task, task.request.prompt if prompt is None else prompt, self._fps)
        parts: list[tuple[str, Any]] = [(name, (None, text)) for name, text in fields.items()]
        if asked.image:
            picture = await asyncio.to_thread(Path(asked.image).read_bytes)
            parts.append(("input_reference", ("first.png", picture, "image/png")))
        return httpx.Request("POST", connection.url, files=parts, headers=self.envelope(task).headers).read()

    async def extended(self, task: Task) -> str | None:
        """As everywhere here, since they do not."""
        asked, prepared = task.request, task.prepared
        if prepared and prepared.prompt is not None:
            return prepared.prompt
        return await asyncio.to_thread(extend, asked) if asked.prompt_extend else None

    async def order(self, connection: Connection, envelope: Envelope, letter: bytes) -> str:
        answer = await connection.ask("POST", envelope.path, content=letter, headers=envelope.headers)
        check_taken(answer, _problem(answer.content))
        return identifier(answer.content.get("id"))

    async def look(self, connection: Connection, remote_id: str) -> Seen:
        answer = await connection.ask("GET", f"/videos/{remote_id}")
        check_taken(answer, _problem(answer.content))
        status = _status(answer)
        problem = _problem(answer.content) or Problem("", "It does not say why.")
        return Seen(
            status,
            progress=_progress(answer.content.get("progress")),
            error=from_openai(problem) if status is TaskStatus.FAILED else None,
        )

    async def cancel(self, connection: Connection, remote_id: str) -> None:
        answer = await connection.ask("DELETE", f"/videos/{remote_id}")
        check_taken(answer, _problem(answer.content))

    def source(self, connection: Connection, remote_id: str, seen: Seen) -> Source:
        return Source(f"{connection.url}/videos/{remote_id}/content", connection.credentials)

    def not_done(self, asked: VideoRequest) -> tuple[str, ...]:
        return (*((NO_SOUND,) if asked.audio else ()), *((NO_WATERMARK,) if asked.watermark else ()))

    def refusal(self, refused: Refused) -> ProtocolError:
        return not_for_us(refused) if refused.is_of_the_endpoint else refusal_of_openai(refused)


def _fields(task: Task, prompt: str, fps: int | None) -> dict[str, str]:
    asked, prepared = task.request, task.prepared
    assert prepared is not None, "claimed before it was prepared"
    fields = {
        "model": model_there(task),
        "prompt": prompt,
        "seconds": str(asked.duration),
        "size": f"{prepared.width}x{prepared.height}",
        "seed": str(asked.seed),
    }
    if asked.negative_prompt:
        fields["negative_prompt"] = asked.negative_prompt
    return fields if fps is None else fields | {"fps": str(fps)}


def _status(answer: Answer) -> TaskStatus:
    """Raises Busy for one that is not of the protocol."""
    text = str(answer.content.get("status"))
    if text not in STATUSES:
        raise Busy(f"It says that the video is {text[:100]!r}.", None)
    return STATUSES[text]


def _progress(value: object) -> float:
    """Of 0..100."""
    return min(max(value, 0), 100) / 100 if isinstance(value, int | float) else 0.0


def _problem(content: dict[str, Any]) -> Problem | None:
    """OpenAI's own shape; or that of FastAPI, in which these servers are written."""
    match content:
        case {"error": {"message": str(message)} as error}:
            return Problem.told(str(error.get("code") or error.get("type") or ""), message)
        case {"detail": str(message)} | {"object": "error", "message": str(message)}:
            return Problem.told("", message)
        case {"detail": [*flaws]}:
            return Problem.told("", "; ".join(str(flaw.get("msg")) for flaw in flaws if isinstance(flaw, dict)))
    return None
