"""What this machine renders with: by names alone, from one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dalang.errors import ConfigError, InternalError
from dalang.weights.checkpoint import checkpoints, find_checkpoint
from dalang.weights.library import Library
from dalang.weights.lora import Lora, open_loras

OWN = {"my-cat": {"like": "wan2.2-t2v-a14b", "tiers": ["480P"]}}


def checkpoint_here(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "model_index.json").write_text("{}")
    return folder / name


def loras_here(folder: Path, *aliases: str) -> None:
    (folder / "loras").mkdir()
    for alias in aliases:
        (folder / "loras" / f"{alias}.safetensors").touch()


def refused(library: Library, checkpoint: str, profile: str = "quality") -> str:
    with pytest.raises(InternalError) as error:
        library.setup(checkpoint, profile)
    assert error.value.code == "InternalError.Algo"
    return error.value.message


def test_weights_that_are_not_here_can_be_pulled(tmp_path: Path) -> None:
    assert "`dalang pull wan2.1-t2v-14b`" in refused(Library(tmp_path), "wan2.1-t2v-14b")


def test_own_weights_that_are_not_here_cannot_be_pulled(tmp_path: Path) -> None:
    message = refused(Library(tmp_path, checkpoints=OWN), "my-cat")
    assert "pull" not in message
    assert "my-cat" in message


def test_an_own_checkpoint_is_run_like_the_open_one_that_it_comes_from(tmp_path: Path) -> None:
    folder = checkpoint_here(tmp_path, "my-cat")
    setup = Library(tmp_path, checkpoints=OWN).setup("my-cat", "quality")
    assert (setup.checkpoint.name, setup.checkpoint.like, setup.folder) == ("my-cat", "wan2.2-t2v-a14b", str(folder))
    assert setup.checkpoint.tiers == ("480P",)
    assert setup.checkpoint.parameters == find_checkpoint("wan2.2-t2v-a14b", {}).parameters
    assert (setup.profile.guidance, setup.profile.guidance_2) == (4.0, 3.0)


def test_a_profile_may_say_what_holds_for_an_own_checkpoint(tmp_path: Path) -> None:
    checkpoint_here(tmp_path, "my-cat")
    profiles = {"quality": {"like": "quality", "checkpoints": {"my-cat": {"steps": 7}}}}
    profile = Library(tmp_path, profiles, checkpoints=OWN).setup("my-cat", "quality").profile
    assert (profile.steps, profile.guidance) == (7, 4.0)


def test_a_profile_whose_lora_is_not_here_says_how_to_pull_it(tmp_path: Path) -> None:
    checkpoint_here(tmp_path, "wan2.2-t2v-a14b")
    assert "`dalang pull lightning-t2v-a14b-high`" in refused(Library(tmp_path), "wan2.2-t2v-a14b", "fast")


def test_published_loras_are_found_by_their_aliases(tmp_path: Path) -> None:
    checkpoint_here(tmp_path, "wan2.2-t2v-a14b")
    loras_here(tmp_path, "lightning-t2v-a14b-high", "lightning-t2v-a14b-low")
    loras = Library(tmp_path).setup("wan2.2-t2v-a14b", "fast").loras
    assert [(Path(lora.file).name, lora.expert) for lora in loras] == [
        ("lightning-t2v-a14b-high.safetensors", 1),
        ("lightning-t2v-a14b-low.safetensors", 2),
    ]
    assert all(Path(lora.file).is_file() for lora in loras)


def test_a_link_out_of_the_weights_is_refused(tmp_path: Path) -> None:
    elsewhere = checkpoint_here(tmp_path / "elsewhere", "wan2.1-t2v-14b")
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "wan2.1-t2v-14b").symlink_to(elsewhere)
    assert "out of the folder" in refused(Library(tmp_path / "weights"), "wan2.1-t2v-14b")


def test_a_lora_that_is_a_link_out_of_the_weights_is_refused(tmp_path: Path) -> None:
    checkpoint_here(tmp_path / "weights", "wan2.2-t2v-a14b")
    (tmp_path / "x.safetensors").touch()
    (tmp_path / "weights" / "loras").mkdir()
    (tmp_path / "weights" / "loras" / "x.safetensors").symlink_to(tmp_path / "x.safetensors")
    profiles = {"x": {"like": "quality", "loras": ["x"]}}
    library = Library(tmp_path / "weights", profiles, {"x": Lora("x.safetensors")})
    assert "out of the folder" in refused(library, "wan2.2-t2v-a14b", "x")


# What the config says


def test_what_is_shipped_holds_together(tmp_path: Path) -> None:
    Library(tmp_path).check(checkpoints())


@pytest.mark.parametrize(
    ("library", "named"),
    [
        ({"profiles": {"x": {"like": "fast", "loras": ["nobody"]}}}, "nobody"),
        ({"profiles": {"x": {"like": "nobody"}}}, "nobody"),
        ({"profiles": {"x": {"like": "fast", "step": 3}}}, "step"),
        ({"profiles": {"x": {"like": "fast", "steps": 0}}}, "steps"),
        ({"profiles": {"x": {"like": "fast", "cache_threshold": -0.1}}}, "cache_threshold"),
        ({"profiles": {"x": {"like": "fast", "quantisation": "int8"}}}, "int8"),
        ({"profiles": {"x": {"like": "fast", "flow_shift": {"720P": 3.0}}}}, "needs a flow_shift for 480P"),
        ({"profiles": {"x": {"like": "fast", "flow_shift": {"480P": 0.0}}}}, "flow_shift"),
        ({"profiles": {"x": {"like": ["fast"]}}}, "Profile x"),
        ({"profiles": {"x": {"like": "fast", "checkpoints": 3}}}, "Profile x"),
        ({"profiles": {"x": {"like": "fast", "checkpoints": {"wan2.1-t2v-14b": "quality"}}}}, "Profile x"),
        ({"profiles": {"x": {"like": "fast", "checkpoints": {"wan2.1-t2v-15b": {"steps": 4}}}}}, "wan2.1-t2v-15b"),
        ({"loras": {"x": Lora("../x.safetensors")}}, "LoRA x"),
        ({"loras": {"x": Lora("/x.safetensors")}}, "LoRA x"),
        ({"loras": {"x": Lora("x.bin")}}, "LoRA x"),
        ({"checkpoints": {"../x": {"like": "wan2.1-t2v-14b"}}}, "../x"),
        ({"checkpoints": {"loras": {"like": "wan2.1-t2v-14b"}}}, "loras"),
        ({"checkpoints": {"x": {"like": "sdxl"}}}, "like"),
        ({"checkpoints": {"x": {}}}, "like"),
        ({"checkpoints": {"x": {"like": ["wan2.1-t2v-14b"]}}}, "like"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "frame": 5}}}, "frame"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "frames": 80}}}, "frames"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "frames": 9}}}, "frames"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "fps": 0}}}, "fps"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "multiple": 0}}}, "multiple"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "tiers": []}}}, "tiers"),
        ({"checkpoints": {"x": {"like": "wan2.1-t2v-14b", "tiers": ["4K"]}}}, "4K"),
    ],
    ids=str,
)
def test_a_bad_setting_is_named(tmp_path: Path, library: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        Library(tmp_path, **library).check(["wan2.1-t2v-1.3b"])


def test_a_profile_that_the_config_of_now_would_not_have_is_told(tmp_path: Path) -> None:
    """A task of an earlier config may ask for weights that no route names now, and so nobody has checked."""
    checkpoint_here(tmp_path, "wan2.1-t2v-14b")
    special = {"checkpoints": {"wan2.1-t2v-14b": {"loras": ["nobody"]}}}
    library = Library(tmp_path, {"x": {"like": "quality", **special}})
    library.check(["wan2.1-t2v-1.3b"])
    with pytest.raises(ConfigError, match="no LoRA 'nobody'"):
        library.setup("wan2.1-t2v-14b", "x")


def test_profiles_are_not_looked_at_where_nothing_has_weights(tmp_path: Path) -> None:
    Library(tmp_path, {"x": {"checkpoints": 3}}).check([])


def test_a_route_to_no_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wan9"):
        Library(tmp_path).check(["wan9"])


def test_published_loras_belong_to_checkpoints_that_are() -> None:
    assert {name for row in open_loras().values() for name in row.checkpoints} <= set(checkpoints())
