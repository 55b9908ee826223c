"""The GPUs, as a driver's command tells them, whatever it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.weights import machine as subject
from dalang.weights.machine import Gpu, find_gpus, machine, room

SIXTEEN = "GPU-a, NVIDIA RTX A4000, 16376, 570.86.15, [N/A]"
ROW = "NVIDIA H100 80GB HBM3, 81559, 570.86.15, Disabled"
TWO = f"GPU-a, {ROW}\nGPU-b, {ROW}"
DIVIDED = """case "$1" in
-L) cat <<'TABLE'
GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-whole)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-divided)
  MIG 3g.40gb     Device  0: (UUID: MIG-1)
  MIG 1c.1g.10gb  Device  1: (UUID: MIG-GPU-divided/5/0)
GPU 2: NVIDIA H100 80GB HBM3 (UUID: GPU-in-no-parts-yet)
TABLE
;;
*) cat <<'TABLE'
GPU-divided, NVIDIA H100 80GB HBM3, 81559, 570.86.15, Enabled
GPU-in-no-parts-yet, NVIDIA H100 80GB HBM3, 81559, 570.86.15, Enabled
GPU-whole, NVIDIA H100 80GB HBM3, 81559, 570.86.15, Disabled
TABLE
;;
esac
"""


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The driver's command, to be written; nothing else is on the PATH but what scripts need."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin" / "nvidia-smi"


def write(smi: Path, script: str) -> None:
    smi.write_text(f"#!/bin/sh\n{script}\n")
    smi.chmod(0o755)


def tell(smi: Path, table: str) -> None:
    write(smi, f"cat <<'TABLE'\n{table}\nTABLE")


def fault() -> str:
    gpus = find_gpus()
    assert gpus.found == ()
    assert gpus.fault
    return gpus.fault


def test_gpus_are_told_with_name_memory_and_driver(smi: Path) -> None:
    tell(smi, SIXTEEN)
    assert find_gpus().found == (Gpu("GPU-a", "NVIDIA RTX A4000", 17.2, "570.86.15"),)


def test_several_are_told_one_by_one(smi: Path) -> None:
    tell(smi, TWO)
    gpus = find_gpus()
    assert [gpu.gigabytes for gpu in gpus.found] == [85.5, 85.5]
    assert gpus.fault is None


def test_one_that_is_divided_is_told_by_its_instances(smi: Path) -> None:
    write(smi, DIVIDED)
    told = [(gpu.id, gpu.gigabytes) for gpu in find_gpus().found]
    assert told == [("MIG-1", 40), ("MIG-GPU-divided/5/0", 10), ("GPU-whole", 85.5)]


def test_one_without_memory_of_its_own_has_that_of_the_machine(smi: Path) -> None:
    tell(smi, "GPU-a, NVIDIA GB10, [N/A], 580.95.05, [N/A]")
    assert [gpu.gigabytes for gpu in find_gpus().found] == [machine().ram]


def test_a_name_may_have_a_comma(smi: Path) -> None:
    tell(smi, SIXTEEN.replace("RTX", "RTX, Special"))
    assert find_gpus().found[0].name == "NVIDIA RTX, Special A4000"


def test_no_driver_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no nvidia-smi" in fault()


def test_a_driver_that_hangs_is_not_waited_for(smi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "ASK_SECONDS", 0.2)
    write(smi, "exec tail -f /dev/null")
    assert "hangs" in fault()


def test_what_a_driver_says_of_its_failure_is_passed_on(smi: Path) -> None:
    write(smi, "echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18")
    assert "version mismatch" in fault()


@pytest.mark.parametrize("table", ["garbage", "a, b, c, d", "\x01\x02", "GPU-a, NVIDIA X, ERR!, 1, [N/A]"])
def test_what_cannot_be_understood_is_told(smi: Path, table: str) -> None:
    tell(smi, table)
    assert "cannot be understood" in fault()


def test_bytes_that_are_no_text_are_told(smi: Path) -> None:
    write(smi, r"printf '\377\376\n'")
    assert "cannot be understood" in fault()


def test_no_rows_are_told(smi: Path) -> None:
    write(smi, ":")
    assert "no GPU" in fault()


def test_room_is_told_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert room(tmp_path / "a" / "b") == pytest.approx(room(tmp_path), abs=1)
