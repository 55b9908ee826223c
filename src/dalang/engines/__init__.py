"""The engine seam: what draws frames.

An engine turns a `RenderRequest` into a `Clip`. It knows no URL, task, SQL or HTTP, runs in a worker process, and may
be killed at any time. The same request and engine version give the same frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from dalang.errors import ConfigError
from dalang.task import RenderRequest

if TYPE_CHECKING:  # the server reads this table; only its workers may load numpy
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ENGINES",
    "SAMPLE_RATE",
    "Canceled",
    "Clip",
    "Engine",
    "Form",
    "Frame",
    "RenderRequest",
    "Report",
    "Sound",
    "check_engine",
    "is_engine",
    "load_engine",
]

Frame: TypeAlias = "NDArray[np.uint8]"
"""One picture as planar YUV 4:2:0 (I420), uint8 of shape (height * 3 // 2, width), BT.601 matrix, limited range."""

Sound: TypeAlias = "NDArray[np.float32]"
"""Stereo samples at SAMPLE_RATE, shape (samples, 2), within -1..1."""

SAMPLE_RATE = 48_000

Report = Callable[[float], None]
"""Tells how much is done, 0..1. Raises `Canceled` when the work is no longer wanted."""


class Canceled(BaseException):
    """The work is no longer wanted; a BaseException so that no engine swallows it."""


class Form(NamedTuple):
    """What frames are like."""

    width: int
    height: int
    """Pixels, both even."""
    fps: int
    frames: int
    """How many."""


@dataclass(frozen=True)
class Clip:
    """The frames and sound of one task before they are a file."""

    frames: Iterator[Frame]
    """Exactly `request.frame_count` of them, made as they are asked for."""
    sound: Sound | None
    """Exactly `duration * SAMPLE_RATE` samples, or None when the request wants no sound."""
    warnings: tuple[str, ...] = ()
    preset: str = "veryfast"
    """x264 preset that suits the pictures."""
    form: Form | None = None
    """Of the frames, where it is not what the request asks; the sound is then as long as they are."""


class Engine(Protocol):
    """One instance lives in each warm worker and renders one request at a time."""

    name: str
    version: str

    def render(self, request: RenderRequest, report: Report) -> Clip: ...


ENGINES = {
    "slate": "dalang.engines.slate:Slate",
    "animatic": "dalang.engines.animatic:Animatic",
    "wan": "dalang.engines.wan:Wan",
}

EXTRAS = {"wan": ("torch", "diffusers", "transformers", "accelerate", "peft", "safetensors")}
"""Packages that an engine wants beside our own, which the extra of its name installs."""


def is_engine(name: str) -> bool:
    """Whether it can be one, without loading any."""
    package = name.partition(":")[0].partition(".")[0]
    return name in ENGINES or (":" in name and package.isidentifier() and find_spec(package) is not None)


def check_engine(name: str) -> None:
    """Raises ConfigError for what can be no engine."""
    if not is_engine(name):
        raise ConfigError(f"Setting engine: there is no {name!r}; take {', '.join(ENGINES)}, or write module:Class.")
    _check_extra(name)


def _check_extra(name: str) -> None:
    missing = [package for package in EXTRAS.get(name, ()) if not find_spec(package)]
    if missing:
        raise ConfigError(f"Engine {name}: {', '.join(missing)} not installed; pip install 'dalang[{name}]' does it.")


def load_engine(name: str) -> Engine:
    """Import and build the engine called `name`; a dotted `module:Class` is taken as it stands."""
    module, _, attribute = ENGINES.get(name, name).partition(":")
    engine: Engine = getattr(import_module(module), attribute)()
    return engine
