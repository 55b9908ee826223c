"""The catalogue: every public model name with its rules, what a finished video counts for, and what it costs.

A new model name is one row of `CATALOGUE`. Importing this is cheap.
"""

from dalang.models.bill import CURRENCY, Rate, price, rate, usage, yuan
from dalang.models.catalogue import CATALOGUE, MODELS
from dalang.models.regions import BEIJING, REGIONS
from dalang.models.spec import (
    MAX_SEED,
    MB,
    MEDIA_SETS,
    MEDIA_TYPES,
    RATIOS,
    SIZES,
    TIER_OF,
    Limits,
    ModelSpec,
    Size,
)

__all__ = [
    "BEIJING",
    "CATALOGUE",
    "CURRENCY",
    "MAX_SEED",
    "MB",
    "MEDIA_SETS",
    "MEDIA_TYPES",
    "MODELS",
    "RATIOS",
    "REGIONS",
    "SIZES",
    "TIER_OF",
    "Limits",
    "ModelSpec",
    "Rate",
    "Size",
    "price",
    "rate",
    "usage",
    "yuan",
]
