"""The animatic: a prompt's scene drawn as a moving storyboard, on a CPU, faster than it plays.

A prompt becomes a plan of shots (`dalang.scene`). Each shot is a stage: a few layers painted once, larger than the
frame, and moved against each other as the camera goes. Pictures are functions of time; the same request gives the
same frames on every machine of one architecture.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import msgspec

from dalang.engines import Clip, Frame, RenderRequest, Report
from dalang.engines.animatic.photo import passage, photo
from dalang.engines.animatic.stage import build_stage
from dalang.scene.directing import going_on
from dalang.scene.parse import parse
from dalang.scene.plan import Scene
from dalang.scene.unwanted import NOTHING, unwanted
from dalang.sound import soundtrack, unheard

KEPT = "What the picture shows stays; the negative prompt acts on camera and sound alone."


class Animatic:
    name = "animatic"
    version = "4"

    def render(self, request: RenderRequest, report: Report) -> Clip:
        """Draw the clip of `request`; a last picture is reached in one shot. Raises what `report` raises."""
        cv2.setNumThreads(1)  # the encoder has the other cores, and sums in one order
        scene = parse(request.prompt, request.duration, negative=request.negative_prompt, shots=request.shots)
        sound = soundtrack(scene, request.seed) if request.sound else None
        mute = unheard(scene) if request.sound else ()
        if request.image is None:
            return Clip(frames=shot_frames(scene, request, report), sound=sound, warnings=scene.warnings + mute)
        return Clip(frames=_moved(request.image, scene, request, report), sound=sound, warnings=_kept(request) + mute)


def _moved(image: str, scene: Scene, request: RenderRequest, report: Report) -> Iterator[Frame]:
    """The given picture, or both of them, set in motion."""
    if request.last_image is not None:
        return passage.frames(image, request.last_image, request, report, scene.shots[0])
    return photo.frames(image, request, report, scene.shots)


def _kept(request: RenderRequest) -> tuple[str, ...]:
    seen = msgspec.structs.replace(unwanted(request.negative_prompt), cameras=frozenset())
    return () if seen == NOTHING else (KEPT,)


def shot_frames(scene: Scene, request: RenderRequest, report: Report) -> Iterator[Frame]:
    """Frame i shows the scene at i / fps seconds; a shot's stage is built when its first frame is due."""
    done, ends = 0, 0.0
    for shot, since in zip(scene.shots, going_on(scene.shots), strict=True):
        starts, ends = ends, ends + shot.duration
        stage = build_stage(shot, request.width, request.height, request.seed, since)
        last = shot is scene.shots[-1]
        while done < request.frame_count and (last or done / request.fps < ends):
            report(done / request.frame_count)
            yield stage.frame(done / request.fps - starts)
            done += 1
        del stage  # before the next is painted: at 1080p one takes 300 MB
