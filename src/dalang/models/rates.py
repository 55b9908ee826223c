"""The price list of 2026: millionths of a yuan (CNY) for one second of output, by region and tier."""

from __future__ import annotations

from dalang.models.regions import BEIJING, SINGAPORE, VIRGINIA
from dalang.models.spec import Rates

# Names: family and grade.
P27: dict[str, Rates] = {
    BEIJING: {"720P": 600_000, "1080P": 1_000_000},
    SINGAPORE: {"720P": 733_924, "1080P": 1_100_886},
}
P26: dict[str, Rates] = {**P27, VIRGINIA: {"720P": 600_000, "1080P": 1_000_000}}
P26_US: dict[str, Rates] = {VIRGINIA: {"720P": 733_924, "1080P": 1_100_886}}
P26_FLASH: dict[str, Rates] = {
    BEIJING: {"720P": 300_000, "1080P": 500_000},
    SINGAPORE: {"720P": 366_962, "1080P": 550_443},
}
P26_FLASH_SILENT: dict[str, Rates] = {
    BEIJING: {"720P": 150_000, "1080P": 250_000},
    SINGAPORE: {"720P": 183_481, "1080P": 275_221},
}
P25: dict[str, Rates] = {
    BEIJING: {"480P": 300_000, "720P": 600_000, "1080P": 1_000_000},
    SINGAPORE: {"480P": 366_961, "720P": 733_923, "1080P": 1_100_885},
}
P22_T2V: dict[str, Rates] = {
    BEIJING: {"480P": 140_000, "1080P": 700_000},
    SINGAPORE: {"480P": 146_785, "1080P": 733_924},
}
P22_I2V: dict[str, Rates] = {BEIJING: {"480P": 140_000, "1080P": 700_000}}
P22_FLASH: dict[str, Rates] = {BEIJING: {"480P": 100_000, "720P": 200_000, "1080P": 480_000}}
P21_TURBO: dict[str, Rates] = {
    BEIJING: {"480P": 240_000, "720P": 240_000},
    SINGAPORE: {"480P": 264_213, "720P": 264_213},
}
P21_PLUS: dict[str, Rates] = {BEIJING: {"720P": 700_000}, SINGAPORE: {"720P": 733_924}}
