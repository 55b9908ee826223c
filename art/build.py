"""Pack the animatic engine's pictures: one WebP a subject, animated or still.

    python art/build.py FOLDER [SUBJECT ...]        (with this project installed)

With subjects named, only they are packed anew; `heads` are the heads and hats. What no package has is drawn (drawn.py).

FOLDER holds the packages as `npm pack` leaves them:

    npm pack @lobehub/fluent-emoji-anim-1@1.0.0 @lobehub/fluent-emoji-anim-2@1.0.0 \
             @lobehub/fluent-emoji-anim-3@1.0.0 @lobehub/fluent-emoji-anim-4@1.0.0

Writes src/dalang/engines/animatic/art/<subject>.webp: transparent, cropped to the box that all frames fill together, at
most 256 pixels a side; and puppets' heads and hats into its folders heads/ and hats/ (heads.py). The same packages and
the same Pillow and OpenCV give the same bytes.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

import cv2
import heads
import numpy as np
from drawn import DRAWN
from gait import hop, walk
from numpy.typing import NDArray
from pictures import PICTURES, Picture
from PIL import Image

from dalang.scene.subjects import SUBJECTS

OUT = Path(__file__).parents[1] / "src/dalang/engines/animatic/art"
PACKAGES = tuple(f"lobehub-fluent-emoji-anim-{n}-1.0.0.tgz" for n in (1, 2, 3, 4))
SIDE = 256
ROUNDED = 10
"""Columns in which a hull that is cut off is shaded as if it ended there."""
VISIBLE = 8
"""Alpha below which a pixel does not count for the box."""


def main(folder: Path, names: list[str]) -> None:
    pictures = [picture for picture in PICTURES if not names or picture.name in names]
    codes = {picture.code for picture in pictures} | (heads.wanted() if "heads" in names or not names else set())
    sources = read_sources(folder, {f"{code}.webp" for code in codes})
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.webp"):
        if old.stem not in SUBJECTS:
            old.unlink()
    for picture in pictures:
        frames = fitted(cropped(drawn(picture, decoded(sources[f"{picture.code}.webp"]))))
        save(OUT / f"{picture.name}.webp", frames, SUBJECTS[picture.name].loop)
    for name in names or DRAWN:
        if name in DRAWN:
            save(OUT / f"{name}.webp", fitted(cropped(DRAWN[name]())), SUBJECTS[name].loop)
    if "heads" in names or not names:
        pack_heads(sources)


def pack_heads(sources: dict[str, bytes]) -> None:
    """Write the puppets' heads and hats."""
    for folder in ("heads", "hats"):
        (OUT / folder).mkdir(exist_ok=True)
    for head in heads.HEADS:
        for name, code in head.codes().items():
            frames = heads.head_frames(head, decoded(sources[f"{code}.webp"]))
            save(OUT / "heads" / f"{name}.webp", fitted(cropped(frames), heads.SIDE), 1.0)
    for hat in heads.HATS:
        skins = [decoded(sources[f"{code}.webp"])[0] for code in hat.codes()]
        save(OUT / "hats" / f"{hat.name}.webp", fitted(cropped([heads.hat_frame(hat, skins)]), hat.side), 1.0)


def read_sources(folder: Path, wanted: set[str]) -> dict[str, bytes]:
    """File name → bytes, for those of `wanted` that the packages hold."""
    found: dict[str, bytes] = {}
    for package in PACKAGES:
        with tarfile.open(folder / package) as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if name in wanted and (data := archive.extractfile(member)):
                    found[name] = data.read()
    return found


def decoded(data: bytes) -> list[NDArray[np.float32]]:
    """All frames, premultiplied RGBA float32; one of a still."""
    image = Image.open(io.BytesIO(data))
    return [_frame(image, k) for k in range(image.n_frames)]


def drawn(picture: Picture, frames: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """The frames that are kept, cut, turned and made to walk as the row says."""
    frames = frames[picture.start : picture.stop or len(frames)]
    frames = frames[picture.lead :] + frames[: picture.lead]
    if picture.gait:
        return walk(frames, picture.gait, picture.count)
    count = min(picture.count, len(frames))
    kept = [frames[k * len(frames) // count] for k in range(count)]
    kept = [_turned(frame[: picture.floor], picture.turn) for frame in kept]
    if picture.doubled:
        return doubled(kept)
    return hop(kept, picture.hop) if picture.hop else kept


def doubled(frames: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """The frames with their mirror images joined on where the hull is cut off, at the box's right edge."""
    fore = cropped(frames)[:, :, :-ROUNDED]
    return list(np.concatenate([fore, fore[:, :, ::-1]], axis=2))


def cropped(frames: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    stack = np.clip(np.stack(frames), 0, 255)
    seen = stack[..., 3].max(axis=0) >= VISIBLE
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return stack[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fitted(frames: NDArray[np.float32], side: int = SIDE) -> NDArray[np.float32]:
    """The frames scaled down until no side is over `side`."""
    height, width = frames.shape[1:3]
    scale = min(1.0, side / max(height, width))
    size = round(width * scale), round(height * scale)
    return np.stack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames])


def save(path: Path, frames: NDArray[np.float32], loop: float) -> None:
    first, *rest = [Image.fromarray(_straight(frame)) for frame in frames]
    first.save(
        path, save_all=True, append_images=rest, duration=round(loop * 1000 / len(frames)), loop=0,
        quality=82, alpha_quality=90, method=4,
    )  # fmt: skip


def _frame(image: Image.Image, index: int) -> NDArray[np.float32]:
    image.seek(index)
    rgba = np.asarray(image.convert("RGBA"), np.float32).copy()
    rgba[..., :3] *= rgba[..., 3:] / 255
    return rgba


def _turned(frame: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    if not degrees:
        return frame
    room = cv2.copyMakeBorder(frame, 64, 64, 64, 64, cv2.BORDER_CONSTANT)
    height, width = room.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(room, matrix, (width, height), flags=cv2.INTER_CUBIC)


def _straight(frame: NDArray[np.float32]) -> NDArray[np.uint8]:
    alpha = np.clip(frame[..., 3:], 0, 255)
    colour = np.where(alpha > 0, frame[..., :3] * 255 / np.maximum(alpha, 1), 0)
    return np.concatenate([colour, alpha], axis=2).clip(0, 255).round().astype(np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
