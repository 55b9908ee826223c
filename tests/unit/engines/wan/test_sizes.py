"""How much memory weights take, by their files' headers."""

from __future__ import annotations

import json
from pathlib import Path

from dalang.engines.wan.held import Held
from dalang.engines.wan.sizes import Need, need, parts


def write(file: Path, *shapes: list[int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    header = json.dumps(
        {"__metadata__": {"format": "pt"}}
        | {str(number): {"dtype": "F32", "shape": shape} for number, shape in enumerate(shapes)}
    ).encode()
    file.write_bytes(len(header).to_bytes(8, "little") + header)


def held(folder: Path, offload: str = "none", quantisation: str = "none") -> Held:
    return Held(str(folder), "bfloat16", quantisation, offload, (), False, "none", "native", 1)  # type: ignore[arg-type]


def test_all_files_of_a_part_count_in_the_type_that_it_gets(tmp_path: Path) -> None:
    write(tmp_path / "transformer" / "a-1.safetensors", [10, 10], [7])
    write(tmp_path / "transformer" / "a-2.safetensors", [100])
    write(tmp_path / "vae" / "a.safetensors", [5], [])
    write(tmp_path / "text_encoder" / "a.safetensors", [50])
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "model_index.json").write_text("{}")
    assert parts(held(tmp_path)) == {"text_encoder": 100, "transformer": 414, "vae": 24}
    assert parts(held(tmp_path, quantisation="fp8")) == {"text_encoder": 100, "transformer": 207, "vae": 24}


def test_an_offload_moves_weights_from_the_device_to_the_host(tmp_path: Path) -> None:
    sizes = {"transformer": 400, "transformer_2": 400, "text_encoder": 100}
    wanted = {offload: need(sizes, held(tmp_path, offload)) for offload in ("none", "model", "group")}
    assert wanted == {"none": Need(900, 0), "model": Need(400, 900), "group": Need(0, 900)}


def test_files_that_are_no_weights_count_nothing(tmp_path: Path) -> None:
    for content in (b"", b"no header", (1 << 60).to_bytes(8, "little") + b"{}x", b"\xff" * 40):
        file = tmp_path / "vae" / "a.safetensors"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        assert parts(held(tmp_path)) == {"vae": 0}
    assert parts(held(tmp_path / "nowhere")) == {}
