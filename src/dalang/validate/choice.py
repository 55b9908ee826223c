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

NO_MODEL = 'Required parameter "model" missing from request.'
NO_INPUT = "Required input parameter missing from request."


def choose_model(body: CreateBody) -> ModelSpec:
    """The errors that the cloud too tells at create. Raises IllegalInput and InvalidParameter ("Model not exist.")."""
    if not body.model:
        raise IllegalInput(NO_MODEL, code="BadRequest.EmptyModel").at("model")
    spec = MODELS.get(body.model)
    if spec is None:
        rule = f"Model not exist. {why_not(body.model)}model must be one of {', '.join(MODELS)}."
        raise InvalidParameter(rule).at("model")
    if body.input is None:
        raise IllegalInput(NO_INPUT, code="BadRequest.EmptyInput").at("input")
    return spec


def why_not(name: str) -> str:
    """The beginning of a sentence on a model that the service has and this server cannot have; empty for any other."""
    for part, what in UNDRAWN.items():
        if name.startswith("wan") and part in name:
            return f"{name[:64]} {what}, which no engine here can draw; "
    return ""
