"""The house's budgets and walls, read from the source."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "dalang"

FILES = sorted(SOURCE.rglob("*.py"))

TREES = {file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}

LINES = {file.relative_to(SOURCE).as_posix(): file.read_text(encoding="utf-8").count("\n") for file in FILES}

WALLS = {"worker.py", "cli/__init__.py", "dispatcher.py", "attempt.py", "preparation.py", "api/app.py"}
"""Where whatever comes is caught, and told."""

HEAVY = {"PIL", "av", "cv2", "numpy", "torch"}

SQL = re.compile(
    r"\s*(SELECT|INSERT( OR \w+)? INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|PRAGMA|WITH RECURSIVE)\b"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, int]]:
    """Each with its number of lines, decorators left out."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                assert node.end_lineno
                yield f"{path}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def places(path: str, tree: ast.Module, kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, kind):
            yield f"{path}:{getattr(node, 'lineno', 0)}", node


def everywhere(kind: type[ast.AST], *allowed: str) -> Iterator[tuple[str, ast.AST]]:
    for path, tree in TREES.items():
        if not any(path == one or (one.endswith("/") and path.startswith(one)) for one in allowed):
            yield from places(path, tree, kind)


def test_no_file_is_longer_than_400_lines() -> None:
    assert {path: count for path, count in LINES.items() if count > 400} == {}


def test_the_median_file_has_at_most_150_lines() -> None:
    assert statistics.median(LINES.values()) <= 150


def test_nine_functions_of_ten_have_at_most_35_lines() -> None:
    lengths = sorted(functions(), key=lambda found: found[1])
    assert lengths[len(lengths) * 9 // 10][1] <= 35, lengths[-10:]


def test_the_median_function_has_at_most_9_lines() -> None:
    assert statistics.median(count for _, count in functions()) <= 9


def test_broad_excepts_stand_in_walls_only() -> None:
    def is_broad(handler: ast.AST) -> bool:
        assert isinstance(handler, ast.ExceptHandler)
        caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"all"}
        return bool(caught & {"Exception", "BaseException", "all"})

    assert [place for place, handler in everywhere(ast.ExceptHandler, *WALLS) if is_broad(handler)] == []


def test_the_environment_is_read_in_config_only() -> None:
    readers = {"environ", "environb", "getenv", "putenv"}

    def reads(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"

    found = [
        place
        for place, node in everywhere(ast.Attribute, "config.py")
        if reads(node) and isinstance(node, ast.Attribute) and node.attr in readers
    ]
    assert found == []


def test_sql_stands_in_the_store_only() -> None:
    found = [
        place
        for place, node in everywhere(ast.Constant, "store/")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert found == []


def test_one_file_writes_with_pyav() -> None:
    """`av.open` with anything but its path, or a container made otherwise."""

    def writes(call: ast.AST) -> bool:
        assert isinstance(call, ast.Call)
        modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
        reads = all(isinstance(mode, ast.Constant) and mode.value == "r" for mode in modes)
        return ast.unparse(call.func) == "av.open" and not reads

    assert [place for place, call in everywhere(ast.Call, "media/encode.py") if writes(call)] == []


@pytest.mark.parametrize("words", ["Manager|Service|Handler|Factory|Provider|Helper|Util"])
def test_classes_are_named_by_nouns_of_the_field(words: str) -> None:
    names = [(place, node.name) for place, node in everywhere(ast.ClassDef) if isinstance(node, ast.ClassDef)]
    assert [place for place, name in names if re.search(rf"({words})s?$", name)] == []


def test_no_module_is_a_drawer() -> None:
    assert [path for path in TREES if Path(path).stem in {"utils", "util", "helpers", "common", "base", "misc"}] == []


def test_nothing_is_fetched_without_checking_certificates() -> None:
    def is_off(node: ast.AST) -> bool:
        assert isinstance(node, ast.keyword)
        return node.arg == "verify" and isinstance(node.value, ast.Constant) and node.value.value is False

    assert [ast.unparse(node) for _, node in everywhere(ast.keyword) if is_off(node)] == []


def test_the_server_loads_no_codec_no_canvas_and_no_model() -> None:
    code = "import dalang.server, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert HEAVY & set(done.stdout.split()) == set()
    assert "dalang" in done.stdout.split()
