"""A file to the place that an upload policy names, from where an order takes it by its `oss://` address."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from math import inf
from pathlib import Path

import httpx

from dalang.client.channel import BUSY, reason, time_limits
from dalang.client.errors import UploadFailed
from dalang.client.patience import SHORTLY, Deadline
from dalang.client.replies import Policy

Ask = Callable[[], Policy]


def upload(http: httpx.Client, ask: Ask, path: Path, deadline: Deadline) -> str:
    """The `oss://` URL. Each try has a policy of its own, since no name is taken twice.

    Raises `UploadFailed`, `OSError`, and what `ask` raises.
    """
    for pause in chain(SHORTLY, (inf,)):
        policy = ask()
        try:
            response = post(http, policy, path, deadline)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise UploadFailed(f"The server names a place for {path} that leads nowhere: {error}") from error
        except httpx.TransportError as error:
            failure = UploadFailed(f"The upload of {path} to {policy.upload_host} broke off ({reason(error)}).")
        else:
            if response.status_code == httpx.codes.OK:
                return f"oss://{key_of(policy, path)}"
            failure = UploadFailed(f"{path} was not taken: {refusal(response)}")
            if response.status_code not in BUSY:
                raise failure
        if pause >= deadline.left:
            raise failure
        deadline.pause(pause)
    raise AssertionError("no pause of that length ends before a deadline")


def post(http: httpx.Client, policy: Policy, path: Path, deadline: Deadline) -> httpx.Response:
    """The form of OSS's PostObject; the file comes last and is read as it goes."""
    check_size(policy, path)
    fields = {
        "OSSAccessKeyId": policy.oss_access_key_id,
        "Signature": policy.signature,
        "policy": policy.policy,
        "key": key_of(policy, path),
        "x-oss-object-acl": policy.x_oss_object_acl,
        "x-oss-forbid-overwrite": policy.x_oss_forbid_overwrite,
        "success_action_status": "200",
    }
    with path.open("rb") as file:
        part = {"file": (plain_name(path), file, "application/octet-stream")}
        request = http.build_request("POST", policy.upload_host, data=fields, files=part)
        request.extensions["timeout"] = time_limits(deadline)
        return http.send(request)


def check_size(policy: Policy, path: Path) -> None:
    size = path.stat().st_size
    if policy.max_file_size_mb is not None and size > policy.max_file_size_mb * 1024**2:
        limit = f"the server takes files of up to {policy.max_file_size_mb:g} MB"
        raise UploadFailed(f"{path} has {size / 1024**2:.1f} MB; {limit}.")


def key_of(policy: Policy, path: Path) -> str:
    return f"{policy.upload_dir}/{plain_name(path)}"


def plain_name(path: Path) -> str:
    """The end of the file's name, without what a form or a URL would have to escape."""
    return re.sub(r"[^\w.-]", "_", path.name, flags=re.ASCII)[-100:]


def refusal(response: httpx.Response) -> str:
    """OSS's code and sentence, from its XML."""
    text = response.text[:4096]
    said = [found[1] for name in ("Code", "Message") if (found := re.search(rf"<{name}>(.*?)</{name}>", text, re.S))]
    return ": ".join(said) or f"HTTP {response.status_code}"
