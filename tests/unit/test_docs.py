"""Every setting, error code and flag is documented; what is missing is named."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from dalang.cli import COMMANDS, top_parser
from dalang.config import Config
from dalang.engines import ENGINES
from dalang.models import MODELS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dalang"

SETTINGS = msgspec.structs.fields(Config)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def all_pages() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))


def missing(wanted: set[str], text: str) -> list[str]:
    return sorted(name for name in wanted if not re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text))


def test_settings_stand_in_operating() -> None:
    documented = set(re.findall(r"`(\w+)`", page("docs/operating.md")))
    assert {field.name for field in SETTINGS} <= documented, "settings that docs/operating.md lacks"


def settings_table() -> dict[str, str]:
    """Default by name, as docs/operating.md says; one row may name two settings."""
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \|", page("docs/operating.md"), re.M)
    return {name: default.strip(" `") for names, default in rows for name in re.findall(r"`(\w+)`", names)}


@pytest.mark.parametrize("field", SETTINGS, ids=lambda field: field.name)
def test_each_setting_has_a_row_with_its_default(field: msgspec.structs.FieldInfo) -> None:
    table = settings_table()
    assert field.name in table, f"docs/operating.md has no row for the setting {field.name}"
    if field.default in (None, ()):
        assert table[field.name] == "none", f"docs/operating.md gives {field.name} a default that it has not"
    elif field.default is not msgspec.NODEFAULT:
        assert table[field.name] == str(field.default), f"docs/operating.md gives another default of {field.name}"


def test_operating_names_no_setting_that_is_not() -> None:
    known = {field.name for field in SETTINGS}
    invented = set(re.findall(r"DALANG_(\w+)", all_pages())) - {name.upper() for name in known}
    assert invented <= {"URL"}, "variables in the docs that nothing reads"


# Error codes


def codes() -> set[str]:
    """Every wire code that the source names: in `code = …`, `code, status = …` and `code="…"`."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        if "client" not in file.parts:
            found |= set(codes_in(ast.parse(file.read_text(encoding="utf-8"))))
    return {code for code in found if re.fullmatch(r"[A-Z]\w+(\.\w+)*", code)}


def codes_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="code", value=value):
                yield from strings(value)
            case ast.Assign(targets=targets, value=value) if any("code" in names(target) for target in targets):
                yield from strings(value)


def names(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def strings(value: ast.expr) -> list[str]:
    return [node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_the_search_for_codes_finds_some() -> None:
    assert {"InvalidApiKey", "InvalidURL.Timeout", "Throttling", "ModelUnavailable"} <= codes()


def test_error_codes_stand_in_api() -> None:
    assert missing(codes(), page("docs/api.md")) == [], "codes that docs/api.md lacks"


# Flags


def parsers() -> Iterator[argparse.ArgumentParser]:
    yield top_parser()
    for command in COMMANDS:
        yield from with_children(import_module(f"dalang.cli.{command}").parser())


def with_children(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from with_children(child)


def flags() -> set[str]:
    return {
        flag
        for parser in parsers()
        for action in parser._actions
        if action.help != argparse.SUPPRESS
        for flag in action.option_strings
        if flag.startswith("--") and flag != "--help"
    }


def test_flags_stand_in_the_docs() -> None:
    assert missing(flags(), all_pages()) == [], "flags that README and docs lack"


def test_commands_stand_in_the_docs() -> None:
    assert missing({f"dalang {command}" for command in COMMANDS}, all_pages()) == []


# Names


def test_models_stand_in_api() -> None:
    assert missing(set(MODELS), page("docs/api.md")) == []


def test_engines_stand_in_the_docs() -> None:
    assert missing(set(ENGINES), all_pages()) == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/retry", "X-Dalang-Cancel", "DALANG_FETCH_ALLOW"])
def test_ours_stands_in_api(path: str) -> None:
    assert path in page("docs/api.md")
