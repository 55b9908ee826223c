"""Which model a create call means."""

from __future__ import annotations

from dalang.errors import IllegalInput, InvalidParameter
from dalang.models import MODELS, ModelSpec
from dalang.validate.body import CreateBody

UNDRAWN = {
    "r2v": "makes video from reference material",
    "videoedit": "edits video",
    "vace": "edits video",
    "animate": "moves a figure after a given video",
    "s2v": "makes a picture speak",
    "t2i": "makes pictures",
    "i2i": "edits pictures",
    "image": "makes pictures",
    "wan3": "is of a newer family",
}
"""Parts of the names that the service has for what no engine here can draw, and what it is."""


def choose_model(body: CreateBody) -> ModelSpec:
    """The errors that the cloud too tells at create. Raises IllegalInput and InvalidParameter ("Model not exist.")."""
    if not body.model:
        raise IllegalInput('Required parameter "model" missing from request.', code="BadRequest.EmptyModel")
    spec = MODELS.get(body.model)
    if spec is None:
        raise InvalidParameter(f"Model not exist. {_why(body.model)}model must be one of {', '.join(MODELS)}.")
    if body.input is None:
        raise IllegalInput("Required input parameter missing from request.", code="BadRequest.EmptyInput")
    return spec


def _why(name: str) -> str:
    for part, what in UNDRAWN.items():
        if name.startswith("wan") and part in name:
            return f"{name[:64]} {what}, which no engine here can draw; "
    return ""
