"""The engine `wan`: the open weights, by diffusers.

A request becomes a timeline: shots, and of each the segments that the weights make in one go. They are sampled and
decoded one after another, while their frames are brought to the size and the rate that were asked for.
"""

from __future__ import annotations

import msgspec

from dalang.engines import Clip, Form, Report
from dalang.task import RenderRequest


class Wan:
    """Needs the extra `dalang[wan]`, and a request with a `setup`."""

    name = "wan"
    version = "1"

    def __init__(self) -> None:
        from dalang.engines.wan.shelf import Shelf  # torch: seconds that only a worker pays

        self._shelf = Shelf()

    def render(self, request: RenderRequest, report: Report) -> Clip:
        """The clip of `request`; its first frame is when the work begins.

        Raises CannotRender for weights that make no such videos; drawing raises what `report` raises, CannotRender for
        weights that cannot be loaded or do not fit.
        """
        import cv2

        from dalang.engines.wan.frames import frames
        from dalang.engines.wan.storyboard import unfollowable
        from dalang.engines.wan.timeline import slowed, timeline
        from dalang.scene.parse import parse
        from dalang.sound import soundtrack, unheard

        assert request.setup is not None
        cv2.setNumThreads(1)  # the encoder has the other cores, and sums in one order
        native = request.setup.profile.native
        plan = timeline(request, request.setup.checkpoint, native=native)
        asked = msgspec.structs.replace(request, duration=plan.form.frames / plan.form.fps)
        scene = parse(asked.prompt, asked.duration, negative=asked.negative_prompt, shots=asked.shots)
        return Clip(
            frames=frames(self._shelf, request, plan, report),
            sound=soundtrack(scene, request.seed) if request.sound else None,
            warnings=(
                *unfollowable(request),
                *slowed(plan, request.setup.checkpoint),
                *(unheard(scene) if request.sound else ()),
                *((_own(plan.form),) if native else ()),
            ),
            preset="medium",  # beside minutes of sampling its seconds do not count, and real pictures gain a fifth
            form=plan.form if native else None,
        )


def _own(form: Form) -> str:
    return f"The video has the model's own size and rate: {form.width}x{form.height}, {form.fps} frames a second."
