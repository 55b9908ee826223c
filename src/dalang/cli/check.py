"""`dalang check`: what is wrong with the bodies of create calls, and what the cloud would charge for those that are
right. No server is asked and nothing is fetched."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from dalang.models import MODELS, REGIONS
from dalang.regions import LOCAL, check_offered
from dalang.validate.body import UNREADABLE
from dalang.validate.document import replaced
from dalang.validate.report import Problem, Report, as_json, report, understood

STANDARD_INPUT = "-"


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang check",
        description="Hold the bodies of create calls against their models' rules, and tell every problem, the nearest "
        "right values and what the cloud would charge. Status 1 if there are problems.",
    )
    parser.add_argument("files", nargs="+", type=source, metavar="FILE", help="JSON; - is standard input")
    parser.add_argument("--model", choices=MODELS, metavar="MODEL", help="in place of the one that they name")
    parser.add_argument(
        "--region", choices=REGIONS, default=LOCAL, metavar="R", help=f"the key's: {', '.join(REGIONS)} (default)"
    )
    parser.add_argument("--json", action="store_true", help="print a list with one object for each file")
    return parser


def source(text: str) -> str:
    if text != STANDARD_INPUT and (Path(text).is_dir() or not Path(text).exists()):
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return text


def run(arguments: argparse.Namespace) -> int:
    reports = {file: checked(file, arguments.model, arguments.region) for file in dict.fromkeys(arguments.files)}
    if arguments.json:
        told = [{"file": file, **as_json(report)} for file, report in reports.items()]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for file, its in reports.items():
            prefix = f"{file}: " if len(reports) > 1 else ""
            print("\n".join(lines(its, prefix)))
    return int(not all(report.is_valid for report in reports.values()))


def checked(file: str, model: str | None, region: str) -> Report:
    raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    if model is not None:
        raw = with_model(raw, model)
    return report(raw, region, partial(check_offered, region))


def with_model(raw: bytes, model: str) -> bytes:
    """What is no JSON object stays as it is."""
    try:
        return replaced(raw, "model", msgspec.json.encode(model))
    except UNREADABLE:
        return raw


# For people


def lines(report: Report, prefix: str) -> Iterator[str]:
    for problem in report.problems:
        yield f"{prefix}{sentence(problem)}"
    for warning in report.warnings:
        yield f"{prefix}warning: {warning}"
    if report.request:
        yield f"{prefix}no problems"
        for name, value in facts(report).items():
            yield f"  {name:<15} {in_words(value)}"


def sentence(problem: Problem) -> str:
    """`parameters.duration: 7 → 5 or 10. duration must be in 5,10`"""
    right = " or ".join(json.dumps(value, ensure_ascii=False) for value in problem.nearest)
    change = f"{problem.given or 'absent'} → {right}" if right else problem.given
    return f"{problem.field or 'body'}: {f'{change}. ' if change else ''}{problem.message}"


def facts(report: Report) -> dict[str, object]:
    """The request as it is understood, and its price."""
    assert report.request
    shown = {**understood(report.request), "price": UNPRICED}
    shown.setdefault("seed", "drawn at create")
    if report.request.size:
        shown["size"] = "{}*{}".format(*report.request.size)
    if report.charge:
        shown["price"] = f"{report.charge.price} {report.charge.currency}: {report.charge.basis}"
    return shown


UNPRICED = "none is published"


def in_words(value: object) -> str:
    """On one line."""
    return value.replace("\n", " ") if isinstance(value, str) else json.dumps(value)
