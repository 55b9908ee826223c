"""Every file of create/ is one rule of the create call: what is sent, and the request or the error it becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dalang.errors import ProtocolError
from dalang.validate import choose_model, parse_body, validate

CASES = sorted(Path(__file__).with_name("create").glob("*.json"))

DRAWN = 424242


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_create_answers_as_the_golden_file_says(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    raw = case["raw"].encode() if "raw" in case else json.dumps(case["body"]).encode()
    expect = case["expect"]
    answer = create(raw, case.get("inspection"))
    assert answer.keys() == expect.keys(), answer
    if "message_begins" in expect.get("error", {}):
        begin = expect["error"].pop("message_begins")
        assert answer["error"].pop("message").startswith(begin)
    for part, wanted in expect.items():
        assert {key: answer[part][key] for key in wanted} == wanted


def test_there_are_golden_files() -> None:
    assert len(CASES) > 100


def test_the_docs_name_every_error_of_the_golden_files() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    errors = [json.loads(path.read_text(encoding="utf-8"))["expect"].get("error") for path in CASES]
    for status, code in {(error["status"], error["code"]) for error in errors if error}:
        assert f"| {status} | {code} |" in docs


def create(raw: bytes, inspection: str | None) -> dict[str, dict[str, Any]]:
    try:
        body = parse_body(raw)
        request = validate(choose_model(body), body, draw_seed=lambda: DRAWN, inspection=inspection)
    except ProtocolError as error:
        return {"error": {"status": error.status, "code": error.code, "message": error.message}}
    return {"request": json.loads(msgspec.json.encode(msgspec.structs.asdict(request)))}
