"""The engine `wan` against the pipelines of diffusers called with the same arguments, on tiny random weights (`make
bench-wan`, in an environment of its own): how much our part adds, of which no GPU's speed says anything.

Both keep their weights loaded, and turn by turn make 33 frames of 128x128 in 20 steps, with two passes each, in float32
on one thread, so that the transformers and the VAE have nearly all of the work, as with real weights. That the frames
are the same, bit for bit, is checked first. A whole job is a file of 132x132 at 30 fps: its frames are brought to that
size and, along the optical flow, to that rate, and encoded. Memory is the peak (VmHWM) of a process that makes one clip
of as many frames, of 480x480 (TI2V-5B: 704x704): smaller ones are lost beside the libraries, of which ours has more
(OpenCV).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.result import Result, seconds
from benchmarks.running import scratch
from benchmarks.scale import Scale
from dalang.config import worker_environment
from dalang.engines import RenderRequest
from dalang.weights.library import Library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHECKPOINTS = ("wan2.1-t2v-1.3b", "wan2.2-t2v-a14b", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b")
SIDE, FRAMES, STEPS = 128, 33, 20
OTHER_SIDE, OTHER_RATE = 132, 30
"""Of the file; the nearest size that the weights take is SIDE."""
PROMPT, SEED = "a cat walks on the grass at dawn", 7
GUIDANCE = 5.0
PROFILE = {"like": "quality", "dtype": "float32", "guidance": GUIDANCE, "guidance_2": GUIDANCE, "negative_prompt": ""}
LARGE_SIDE, FEW_STEPS = 480, 2
"""Where memory is measured: a clip that counts beside the libraries."""
LARGER = {"wan2.2-ti2v-5b": 704}
"""In its place, of weights that render what is much smaller than 720P at 720P, and scale it."""

TIME_GOAL, MEMORY_GOAL = 1.05, 1.1
"""Ours over theirs."""

ROOT = Path(__file__).parents[1]


class Stage(NamedTuple):
    """What both sides make their frames of."""

    weights: Path
    checkpoint: str
    side: int = SIDE
    steps: int = STEPS

    def picture(self, side: int) -> str | None:
        """Its path, for a checkpoint that begins with one."""
        return str(self.weights / f"{side}.png") if "-i2v-" in self.checkpoint else None

    def request(self, *, native: bool) -> RenderRequest:
        profiles = {"bench": {**PROFILE, "steps": self.steps, "native": native}}
        setup = Library(self.weights, profiles).setup(self.checkpoint, "bench")
        own = setup.checkpoint.fps
        side, rate = (self.side, own) if native else (OTHER_SIDE, OTHER_RATE)
        shown = FRAMES if native else (FRAMES - 1) * OTHER_RATE // own  # as many as FRAMES of the model's give
        return RenderRequest(
            model=self.checkpoint,
            prompt=PROMPT,
            width=side,
            height=side,
            duration=shown / rate,
            fps=rate,
            seed=SEED,
            sound=False,
            image=self.picture(side),
            setup=setup,
        )


def measure(scale: Scale) -> Iterator[Result]:
    import torch
    from tests.wan.tiny import write_checkpoints

    torch.set_num_threads(1)
    with scratch() as folder:
        write_checkpoints(folder)
        for side in (SIDE, OTHER_SIDE, LARGE_SIDE):
            _write_picture(folder, side)
        for checkpoint in CHECKPOINTS[: scale.prompts]:
            yield from _times(Stage(folder, checkpoint), scale.films, folder / "clip.mp4")
            yield _memory(Stage(folder, checkpoint, LARGER.get(checkpoint, LARGE_SIDE), FEW_STEPS))


def _write_picture(folder: Path, side: int) -> None:
    from PIL import Image

    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(folder / f"{side}.png")


def _times(stage: Stage, rounds: int, file: Path) -> Iterator[Result]:
    from dalang.engines.wan import Wan
    from dalang.media.encode import encode

    drawer, bare = Wan(), partial(theirs, pipeline(stage), stage)
    plain, whole = stage.request(native=True), stage.request(native=False)
    _check_same(ours(drawer, plain), bare())
    ways: dict[str, Callable[[], object]] = {
        "frames": lambda: ours(drawer, plain),
        "bare": bare,
        "file": lambda: encode(drawer.render(whole, _unheard), whole, str(file), _unheard),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    worked: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            wall, work = time.perf_counter(), time.process_time()
            way()
            took[name].append(time.perf_counter() - wall)
            worked[name].append(time.process_time() - work)
    ratio = _paired(took["frames"], took["bare"])
    yield Result(
        f"{stage.checkpoint}, frames",
        seconds(took["frames"]),
        f"{seconds(took['bare'])} diffusers",
        f"{ratio:.3f}x; of processor time {_paired(worked['frames'], worked['bare']):.3f}x",
        f"≤ {TIME_GOAL:g}x",
        ratio <= TIME_GOAL,
    )
    yield Result(
        f"{stage.checkpoint}, a whole job: another size and rate, and a file",
        seconds(took["file"]),
        f"{seconds(took['bare'])} diffusers, frames alone",
        f"{_paired(took['file'], took['bare']):.3f}x; of processor time {_paired(worked['file'], worked['bare']):.3f}x",
    )


def _paired(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios: what else the machine does changes from round to round."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def ours(drawer: Any, request: RenderRequest) -> NDArray[np.uint8]:
    """Frames as the encoder is given them, of shape (frames, height * 3 // 2, width)."""
    import numpy as np

    return np.stack(list(drawer.render(request, _unheard).frames))


def pipeline(stage: Stage) -> Any:
    """As anybody would load it, with the flow shift of the profile."""
    from diffusers import UniPCMultistepScheduler, WanImageToVideoPipeline, WanPipeline
    from diffusers.utils.logging import disable_progress_bar

    kind = WanImageToVideoPipeline if stage.picture(SIDE) else WanPipeline
    disable_progress_bar()
    loaded = kind.from_pretrained(stage.weights / stage.checkpoint)
    loaded.set_progress_bar_config(disable=True)
    setup = stage.request(native=True).setup
    assert setup
    shift = setup.profile.flow_shift[setup.checkpoint.tiers[0]]
    loaded.scheduler = UniPCMultistepScheduler.from_config(loaded.scheduler.config, flow_shift=shift)
    return loaded


def theirs(pipeline: Any, stage: Stage) -> NDArray[np.uint8]:
    """Pictures as the pipeline gives them, of shape (frames, height, width, 3), RGB."""
    import numpy as np
    import torch
    from PIL import Image

    picture = stage.picture(stage.side)
    given = {"image": Image.open(picture)} if picture else {}
    (video,) = pipeline(
        prompt=PROMPT,
        width=stage.side,
        height=stage.side,
        num_frames=FRAMES,
        num_inference_steps=stage.steps,
        guidance_scale=GUIDANCE,
        generator=torch.Generator().manual_seed(SEED),
        output_type="pil",
        **given,
    ).frames
    return np.stack([np.asarray(frame) for frame in video])


def _check_same(frames: NDArray[np.uint8], pictures: NDArray[np.uint8]) -> None:
    """Raises ValueError where ours are others than theirs in the encoder's form."""
    import numpy as np

    from dalang.engines.i420 import planar

    expected = np.stack([planar(picture[..., ::-1].copy()) for picture in pictures])
    if not np.array_equal(frames, expected):
        raise ValueError("our frames are not those of the pipeline")


CHILD = """
import sys
from pathlib import Path
import torch
from benchmarks import wan
torch.set_num_threads(1)
stage = wan.Stage(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
if sys.argv[1] == "ours":
    from dalang.engines.wan import Wan
    for _ in Wan().render(stage.request(native=True), wan._unheard).frames:
        pass
else:
    wan.theirs(wan.pipeline(stage), stage)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def _memory(stage: Stage) -> Result:
    peaks = {}
    for side in ("ours", "theirs"):
        given = (side, stage.weights, stage.checkpoint, stage.side, stage.steps)
        command = [sys.executable, "-c", CHILD, *map(str, given)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=worker_environment())
        peaks[side] = int(done.stdout.split()[-1]) * 1024 / 1e6
    ratio = peaks["ours"] / peaks["theirs"]
    return Result(
        f"{stage.checkpoint}, memory, {stage.side}x{stage.side}",
        f"{peaks['ours']:.0f} MB",
        f"{peaks['theirs']:.0f} MB diffusers",
        f"{ratio:.2f}x",
        f"≤ {MEMORY_GOAL:g}x",
        ratio <= MEMORY_GOAL,
    )


def _unheard(fraction: float) -> None:
    """Nobody is told."""
