"""Run the commands of docs/gallery.md, which leave its pictures."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROMPT = "$ dalang "


def main() -> None:
    (ROOT / "build/gallery").mkdir(parents=True, exist_ok=True)
    for line in (ROOT / "docs/gallery.md").read_text(encoding="utf-8").splitlines():
        if line.startswith(PROMPT):
            subprocess.run(
                [sys.executable, "-m", "dalang", *shlex.split(line.removeprefix(PROMPT))], check=True, cwd=ROOT
            )


if __name__ == "__main__":
    main()
