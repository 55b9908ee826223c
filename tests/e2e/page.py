"""docs/testing.md as something to run: its blocks, and how those that are files lie in a folder beside each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tests.e2e.running import ROOT

PAGE = ROOT / "docs" / "testing.md"

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAME = re.compile(r"(?:#|//) ([\w./-]+\.\w+)\n")

PATIENCE = 100
"""Seconds for one command on a busy machine."""

PLUGINS = "-q -p no:cacheprovider -p no:schemathesis -p no:hypothesispytest -p no:asyncio -p no:anyio"
"""Those of this suite, which users need not have, take a second to load."""


class Block(NamedTuple):
    language: str
    text: str
    section: str

    @property
    def file(self) -> str | None:
        """The name that its first line gives it."""
        name = NAME.match(self.text)
        return name[1] if name else None

    @property
    def needs_sdk(self) -> bool:
        return "dashscope" in self.text or self.needs_openai

    @property
    def needs_openai(self) -> bool:
        return "from openai import" in self.text


def blocks() -> list[Block]:
    """In the order of the page."""
    text = PAGE.read_text(encoding="utf-8")
    sections = [(match.start(), match[1]) for match in re.finditer(r"^#+ (.+)$", text, re.M)]
    return [
        Block(match[1], match[2], [title for start, title in sections if start < match.start()][-1])
        for match in FENCE.finditer(text)
    ]


def files() -> dict[str, Block]:
    """Those that have a name; two of one name would be one file to a reader too."""
    named = [(block.file, block) for block in blocks() if block.file]
    assert len(dict(named)) == len(named), "two blocks of docs/testing.md have one name"
    return {name: block for name, block in named if name}


def output_of(name: str) -> str:
    """The block that the page shows next."""
    shown = blocks()
    return shown[1 + next(place for place, block in enumerate(shown) if block.file == name)].text


def tests_of(*, with_sdk: bool) -> list[str]:
    return [name for name, block in files().items() if name.startswith("test_") and block.needs_sdk is with_sdk]


def lay_out(folder: Path, names: Sequence[str]) -> Path:
    """The folder of a user who has copied these."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(files()[name].text, encoding="utf-8")
    return folder


def environment(folder: Path, sdk: str | None = None) -> dict[str, str]:
    """Of a user with our commands, without settings, and with that version of the official SDK if one is named: it
    comes first, and what it needs after what we need, as when both are installed into one environment."""
    site = folder / ".site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(f"import site\nsite.addsitedir({str(packages(sdk))!r})\n" if sdk else "")
    if sdk and not (site / "dashscope").exists():
        (site / "dashscope").symlink_to(packages(sdk) / "dashscope")
    inherited = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    python = {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": PLUGINS}
    return {**inherited, **python, "PATH": path, "HOME": str(folder)}


def packages(sdk: str) -> Path:
    """Raises AssertionError where there is no such environment."""
    venv = ROOT / f".venv-sdk-{sdk}"
    assert venv.exists(), f"no environment {venv.name}: `make test-sdk` makes it"
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(venv), "installed_base": str(venv)}))


def run(
    command: Sequence[str | Path], folder: Path, sdk: str | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """To its end; what it printed stands in `stdout`."""
    return subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=environment(folder, sdk) | dict(variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def pytest_files(folder: Path, names: Sequence[str], sdk: str | None = None) -> dict[str, str]:
    """Runs test files in one pytest; what went wrong in each, an empty text where nothing did."""
    lay_out(folder, names)
    done = run(["pytest", "--junitxml", "told.xml", *names], folder, sdk)
    cases = list(ElementTree.parse(folder / "told.xml").iter("testcase")) if (folder / "told.xml").exists() else []
    assert cases, done.stdout
    told = {name: [case for case in cases if case.get("classname") == name.removesuffix(".py")] for name in names}
    return {name: "\n".join(map(wrong, those)).strip() if those else "no test ran" for name, those in told.items()}


def wrong(case: ElementTree.Element) -> str:
    return "\n".join(part.text or part.tag for kind in ("failure", "error", "skipped") for part in case.findall(kind))
