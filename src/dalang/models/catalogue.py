"""The rows: every public model name with its rules, as the official guide and price list of 2026 have them."""

from __future__ import annotations

import msgspec

from dalang.models.rates import (
    P21_PLUS,
    P21_TURBO,
    P22_FLASH,
    P22_I2V,
    P22_T2V,
    P25,
    P26,
    P26_FLASH,
    P26_FLASH_SILENT,
    P26_US,
    P27,
)
from dalang.models.regions import BEIJING, FRANKFURT, SINGAPORE, VIRGINIA
from dalang.models.spec import LIMITS, ModelSpec

CN, SG, US = (BEIJING,), (SINGAPORE,), (VIRGINIA,)
ASIA = (BEIJING, SINGAPORE)
# What Frankfurt offers is not published, but that it makes video from images: taken to be the 2.6 and 2.5 families.
AS_EU = (*ASIA, FRANKFURT)
AS_US = (*ASIA, VIRGINIA)
ALL = (*AS_EU, VIRGINIA)

FULL = ("480P", "720P", "1080P")
HIGH = ("720P", "1080P")
LOW = ("480P", "720P")
ENDS = ("480P", "1080P")
ONLY = ("720P",)

TO_15 = tuple(range(2, 16))
BY_5 = (5, 10, 15)

# wan2.2-i2v-flash: one guide stops at 720P; the other and the price list, which hold here, name 1080P.
# fmt: off
CATALOGUE = (
    #         name                     kind    family tiers default  durations  sound     regions  prices
    ModelSpec("wan2.6-t2v",            "t2v",  "2.6", HIGH, "1080P", TO_15,     "auto",     AS_US, P26),
    ModelSpec("wan2.6-t2v-us",         "t2v",  "2.6", HIGH, "1080P", BY_5,      "auto",     US,    P26_US),
    ModelSpec("wan2.5-t2v-preview",    "t2v",  "2.5", FULL, "1080P", (5, 10),   "auto",     ASIA,  P25),
    ModelSpec("wan2.2-t2v-plus",       "t2v",  "2.2", ENDS, "1080P", (5,),      "silent",   ASIA,  P22_T2V),
    ModelSpec("wan2.1-t2v-turbo",      "t2v",  "2.1", LOW,  "720P",  (5,),      "silent",   SG,    P21_TURBO),
    ModelSpec("wan2.1-t2v-plus",       "t2v",  "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS),
    ModelSpec("wanx2.1-t2v-turbo",     "t2v",  "2.1", LOW,  "720P",  (5,),      "silent",   CN,    P21_TURBO),
    ModelSpec("wanx2.1-t2v-plus",      "t2v",  "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
    ModelSpec("wan2.7-t2v",            "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.7-t2v-2026-04-25", "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.7-t2v-2026-06-12", "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.6-i2v-flash",      "i2v",  "2.6", HIGH, "1080P", TO_15,     "optional", AS_EU, P26_FLASH,
              silent_prices=P26_FLASH_SILENT),
    ModelSpec("wan2.6-i2v",            "i2v",  "2.6", HIGH, "1080P", TO_15,     "auto",     ALL,   P26),
    ModelSpec("wan2.6-i2v-us",         "i2v",  "2.6", HIGH, "1080P", BY_5,      "auto",     US,    P26_US),
    ModelSpec("wan2.5-i2v-preview",    "i2v",  "2.5", FULL, "1080P", (5, 10),   "auto",     AS_EU, P25),
    ModelSpec("wan2.2-i2v-flash",      "i2v",  "2.2", FULL, "720P",  (5,),      "silent",   ASIA,  P22_FLASH),
    ModelSpec("wan2.2-i2v-plus",       "i2v",  "2.2", ENDS, "1080P", (5,),      "silent",   ASIA,  P22_I2V),
    ModelSpec("wan2.1-i2v-turbo",      "i2v",  "2.1", LOW,  "720P",  (3, 4, 5), "silent",   SG,    P21_TURBO),
    ModelSpec("wan2.1-i2v-plus",       "i2v",  "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS),
    ModelSpec("wanx2.1-i2v-turbo",     "i2v",  "2.1", LOW,  "720P",  (3, 4, 5), "silent",   CN,    P21_TURBO),
    ModelSpec("wanx2.1-i2v-plus",      "i2v",  "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
    ModelSpec("wan2.7-i2v",            "i2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.2-kf2v-flash",     "kf2v", "2.2", FULL, "720P",  (5,),      "silent",   CN,    P22_FLASH),
    ModelSpec("wan2.1-kf2v-plus",      "kf2v", "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS,
              own_limits=msgspec.structs.replace(LIMITS["2.1"], concurrency=1)),
    ModelSpec("wanx2.1-kf2v-plus",     "kf2v", "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
)
# fmt: on

MODELS: dict[str, ModelSpec] = {spec.name: spec for spec in CATALOGUE}
