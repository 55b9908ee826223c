"""docs/structure.md names every source file, in the words of its own docstring."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "dalang"


def first_sentence(file: Path) -> str | None:
    docstring = ast.get_docstring(ast.parse(file.read_text()))
    return re.split(r"\.\s", docstring.replace("\n", " "))[0].rstrip(".") if docstring else None


def expected_rows() -> list[str]:
    """One for each file with a docstring, folders after files; `python -m tests.unit.test_structure` prints them."""
    files = sorted(SOURCES.rglob("*.py"), key=lambda file: (file.parent != SOURCES, file))
    said = ((file.relative_to(SOURCES), first_sentence(file)) for file in files)
    return [f"| `{path}` | {sentence} |" for path, sentence in said if sentence]


def test_structure_names_every_file_in_its_own_words() -> None:
    page = (ROOT / "docs" / "structure.md").read_text()
    found = re.findall(r"^\| `[\w/]+\.py` \|.*\|$", page, re.M)
    assert found == expected_rows(), "docs/structure.md: paste what `python -m tests.unit.test_structure` prints"


if __name__ == "__main__":
    print("\n".join(expected_rows()))
