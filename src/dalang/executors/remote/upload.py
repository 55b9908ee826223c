"""Files for the cloud, or another Dalang, ahead of an order: to the place that it names (its "temporary upload")."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec

from dalang.errors import InvalidURL
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.trouble import Answer, NotReached, Problem, Refused, check_taken
from dalang.fetch.line import Line, Times, told_apart
from dalang.fetch.url import read_url

TIMES = Times(total=120.0, head=120.0, idle=30.0)


class Policy(msgspec.Struct, frozen=True):
    """Leave to upload one file."""

    policy: str
    signature: str
    upload_dir: str
    upload_host: str
    oss_access_key_id: str
    x_oss_object_acl: str
    x_oss_forbid_overwrite: str


async def upload(connection: Connection, line: Line, model: str, file: Path) -> str:
    """Its `oss://` address, good for two days. Raises NotReached, Lost, Busy and Refused; nothing has been ordered."""
    query = urlencode({"action": "getPolicy", "model": model})
    answer = await connection.ask("GET", f"/uploads?{query}")
    check_taken(answer, _problem(answer))
    try:
        policy = msgspec.convert(answer.content.get("data"), Policy)
    except msgspec.ValidationError as error:
        raise Refused(answer.status, Problem("none", f"It gives no leave to upload: {error}.")) from error
    key = f"{policy.upload_dir}/{file.name}"
    content = await asyncio.to_thread(file.read_bytes)
    status = await _post(line, policy, key, content)
    check_taken(Answer(status, {}), Problem("none", "It did not take a file."))
    return f"oss://{key}"


def _problem(answer: Answer) -> Problem | None:
    match answer.content:
        case {"code": str(code), "message": str(message)}:
            return Problem(code, message)
    return None


async def _post(line: Line, policy: Policy, key: str, content: bytes) -> int:
    """The form of OSS's PostObject, the file last; through the gate, since a reply names the place."""
    fields = {
        "OSSAccessKeyId": policy.oss_access_key_id,
        "Signature": policy.signature,
        "policy": policy.policy,
        "key": key,
        "x-oss-object-acl": policy.x_oss_object_acl,
        "x-oss-forbid-overwrite": policy.x_oss_forbid_overwrite,
        "success_action_status": "200",
    }
    part = {"file": (key.rpartition("/")[2], content, "application/octet-stream")}
    try:
        at = read_url(policy.upload_host)
        form = httpx.Request("POST", at, data=fields, files=part)
        headers = [(name.encode(), form.headers[name].encode()) for name in ("content-type", "content-length")]
        with told_apart(at, f"{at.host} did not answer in time", TIMES):
            async with (
                asyncio.timeout(TIMES.total),
                line.ask("POST", at, headers, TIMES, form.read()) as answer,
            ):
                return answer.status
    except InvalidURL as error:
        raise NotReached(f"It named a place for files that cannot be used. {error}") from error
