"""The create rules: a JSON body, held against its model's row, becomes a `VideoRequest` or an error.

Pure: no I/O, no clock; the one random draw comes in as an argument. Each refusal is a documented code and the sentence
that the service was seen to say, then what would be right. A create call ends at the first; `walk` and `report`, which
are not loaded here, find them all.
"""

from dalang.models import MAX_SEED
from dalang.validate.body import CreateBody, Input, MediaEntry, MediaList, Parameters, parse_body
from dalang.validate.choice import choose_model
from dalang.validate.inspection import parse_inspection
from dalang.validate.request import is_drawable, placeholder, validate

__all__ = [
    "MAX_SEED",
    "CreateBody",
    "Input",
    "MediaEntry",
    "MediaList",
    "Parameters",
    "choose_model",
    "is_drawable",
    "parse_body",
    "parse_inspection",
    "placeholder",
    "validate",
]
