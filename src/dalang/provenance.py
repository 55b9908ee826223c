"""What a file says about where it comes from.

`AIGC` is the implicit label of GB 45438-2025 (China's standard for AI-generated content); `digital_source_type` the
IPTC's term for how it was made; the rest is for people and for whoever wants to make the same video again.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version

import msgspec

from dalang.task import Task

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"

PAINTERS = ("slate", "animatic")
"""Engines that are algorithms alone; every other one is taken for a trained model."""


def provenance(task: Task) -> tuple[tuple[str, str], ...]:
    """Metadata tags of the task's file, in order. The same for every task with this request, so that files are equal
    when videos are."""
    maker = f"Dalang {version('dalang')}"
    request = task.request
    kind = "algorithmicMedia" if task.engine in PAINTERS else "trainedAlgorithmicMedia"
    made = hashlib.sha256(f"{request.model}\n{request.seed}\n{request.prompt}".encode()).hexdigest()[:16]
    label = {"Label": "1", "ContentProducer": maker, "ProduceID": made}
    return (
        ("comment", f"AI-generated video. Model {request.model}, engine {task.engine}, seed {request.seed}. {maker}."),
        ("AIGC", msgspec.json.encode(label).decode()),
        ("digital_source_type", f"{SOURCE_TYPE}{kind}"),
        ("ai_generated", "true"),
        ("model", request.model),
        ("engine", task.engine),
        ("seed", str(request.seed)),
    )
