"""schemathesis over /openapi.json of a real server: all operations, with values that the document allows and others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import schemathesis

from tests.e2e.conftest import Launch
from tests.e2e.running import KEY, ROOT, Gate, Server

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)

EXAMPLES = os.environ.get("TEST_EXAMPLES", "15")
"""For each operation, beside the examples of the document and the bounds of its schemas."""

CHANCE = ("--seed", os.environ["TEST_SEED"]) if "TEST_SEED" in os.environ else ("--generation-deterministic",)


def test_the_document_is_openapi(server: Server) -> None:
    schemathesis.openapi.from_dict(server.http.get("/openapi.json").json()).validate()


def test_every_operation_answers_as_its_document_says(launch: Launch, gate: Gate) -> None:
    server = launch(disk_floor="0", queue_limit="30", **gate.settings())
    real = _real(server, gate)
    told = _schemathesis(server, real)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Traceback" not in server.log


def _real(server: Server, gate: Gate) -> dict[str, object]:
    """A task in each final state; what comes later waits for ever and costs nothing."""
    first = gate.hold(server, server.create())
    gate.open()
    link = urlsplit(server.succeed(first)["video_url"])
    gate.close()
    failed = server.create_from("http://127.0.0.1:9/picture.jpg")
    server.fail(failed)
    gate.hold(server, server.create())
    canceled = server.create()
    assert server.cancel(canceled).status_code == 200
    return {"tasks": [first, failed, canceled], "name": Path(link.path).name, **dict(parse_qsl(link.query))}


def _schemathesis(server: Server, real: dict[str, object]) -> subprocess.CompletedProcess[str]:
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {KEY}"),
        *("--phases", "examples,coverage,fuzzing", "--checks", ",".join(CHECKS)),
        *("--max-examples", EXAMPLES, *CHANCE, "--suppress-health-check", "all"),
        *("--request-timeout", "20", "--continue-on-failure", "--no-color"),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.e2e.half_real", "PYTHONPATH": str(ROOT), "TEST_REAL": json.dumps(real)}
    environment = {**os.environ, **hooks}
    return subprocess.run(
        command, env=environment, cwd=server.data.parent, capture_output=True, text=True, timeout=600, check=False
    )
