"""Where a figure meets the water: the foam about it, and what the water shows of it."""

from __future__ import annotations

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.canvas.composite import Picture, picture


def rippled(view: Picture, time: float) -> Picture:
    """A reflection on moving water: faint, flattened, and broken into lines that sway."""
    rows, columns = view.shape[:2]
    down = np.arange(rows, dtype=np.float32)[:, None]
    sway = np.sin(down * 0.24 - time * 4.2) * (1.5 + down * 0.03) + np.sin(down * 0.11 + time * 2.3) * 2
    at_x = np.arange(columns, dtype=np.float32)[None, :] + sway
    at_y = np.clip(down * 1.22 + 1.6 * np.sin(down * 0.3 - time * 5), 0, rows - 1) * np.ones_like(at_x)
    bent = cv2.remap(np.ascontiguousarray(view), at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR)
    fade = np.linspace(0.62, 0.10, rows, dtype=np.float32)[:, None, None]
    return np.asarray(bent * fade, np.uint8)


def foam_ring(width: float, light: Light) -> Picture:
    """Where water meets what floats in it, seen from low over the water; `width` pixels wide."""
    wide, high = max(6, round(width)), max(5, round(width * 0.13))
    x, y = np.linspace(-1, 1, wide)[None, :], np.linspace(-1, 1, high)[:, None]
    away = np.hypot(x, y)
    ragged = 0.05 * np.sin(x * 19) + 0.03 * np.sin(x * 43 + 1)
    cover = 0.75 * np.exp(-(((away - 0.84 + ragged) / 0.10) ** 2)) + 0.22 * np.clip(1 - away, 0, 1)
    white = np.clip(rgb((250, 252, 255)) * (rgb(light.fill) + 0.6 * rgb(light.key)), 0, 255)
    return picture(np.broadcast_to(white, (high, wide, 3)), np.clip(cover, 0, 1))
