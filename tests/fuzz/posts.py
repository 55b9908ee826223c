"""Spoilt bodies of the create call, to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx

from tests.conformity import Conformity
from tests.e2e.running import CREATE, Gate, Server
from tests.fuzz.findings import Findings
from tests.fuzz.mutations import spoilt_body
from tests.fuzz.originals import bodies

SECONDS = 10
"""For one answer."""

HEADERS = {"Content-Type": "application/json"}


@contextmanager
def service(folder: Path) -> Iterator[Server]:
    """Its renders never end, so that the tasks that are accepted cost nothing; its log is read for what went wrong."""
    server = Server(folder / "data", **Gate(folder / "gate").settings(), disk_floor="0", fetch_limit="1s").start()
    try:
        yield server
    finally:
        server.kill()


def post_all(count: int, seed: int, folder: Path, findings: Findings) -> None:
    """Rules: a documented status and form, never 5xx, in time; the server lives and its log has no traceback."""
    originals = bodies()
    with service(folder) as server:
        conformity = Conformity(server.http.get("/openapi.json").json())
        for number in range(count):
            random = Random(f"{seed} body {number}")
            name = random.choice(list(originals))
            body = spoilt_body(random, originals[name], originals[random.choice(list(originals))])
            _post(server, f"body-{number}-{name.replace(' ', '-')}", body, conformity, findings)
        if not server.is_alive:
            findings.fault("server", b"", "the server died")
        if "Traceback" in server.log:
            findings.fault("server-log", server.log.encode(), "the server's log has a traceback")


def _post(server: Server, name: str, body: bytes, conformity: Conformity, findings: Findings) -> None:
    try:
        reply = server.http.post(CREATE, content=body, headers=HEADERS, timeout=SECONDS)
    except httpx.HTTPError as error:
        findings.fault(name, body, f"no answer: {error!r}")
        return
    findings.answered("body", "accepted" if reply.status_code == 200 else str(reply.json()["code"]))
    if reply.status_code >= 500:
        findings.fault(name, body, f"{reply.status_code} {reply.text}")
    elif faults := conformity.faults(reply):
        findings.fault(name, body, f"{reply.status_code} {reply.text}: {faults}")
