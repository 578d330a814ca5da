"""The reference face matcher: shows how a certified one is plugged in, and makes demonstrations complete.

It tells drawn faces apart with OpenCV's classical tools. It is **not** face recognition for real people:
nobody has measured it on any, and ``production_ready`` says so; see docs/face-matcher.md.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from PIL import Image

from drivers.devices.camera_frames import FrameLook, darkness
from drivers.devices.face_finding import Box, align, cut, find_faces
from drivers.devices.face_likeness import compare, score
from drivers.devices.face_liveness import LIVELY, liveliness
from drivers.devices.registry import matcher
from drivers.errors import UnsupportedData
from drivers.ports import FaceVerdict
from drivers.transports.video import Picture

_LARGEST: Final = 4096
_REFERENCE_ROWS: Final = 378
"""Three times a chip photo: the cascade finds nothing in so few dots."""
_FAR: Final = 0.14
"""Part of the picture's width below which a face is too small to compare."""
_BESIDE: Final = 0.5
"""Size, of the largest face, from which another one counts as a second person."""
_COMPARED: Final = 4


class ReferenceFaceMatcher:
    """Implements ``FaceMatcher``; holds no state and may be used from several threads."""

    production_ready = False

    def verify(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        """Compare a decoded reference picture (PNG or JPEG) with live frames (JPEG); blocking, about a second.

        Raise ``UnsupportedData`` when the reference shows no face.
        """
        wanted = _reference(reference)
        pictures = [picture for frame in frames if (picture := _decoded(frame)) is not None]
        reason = _unseen(frames, pictures)
        if reason is not None:
            return FaceVerdict(0.0, False, reason)
        faces = [find_faces(picture) for picture in pictures]
        reason = _unfit(pictures, faces)
        if reason is not None:
            return FaceVerdict(0.0, False, reason)
        seen = [(picture, found[0]) for picture, found in zip(pictures, faces, strict=True) if found]
        likeness = _likeness(wanted, seen)
        alive = liveliness([picture for picture, _ in seen], [box for _, box in seen]) >= LIVELY
        return FaceVerdict(likeness, alive, None if alive else "still")


def _decoded(data: bytes) -> Picture | None:
    """The picture, or None for what is none or a larger one than any camera gives."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as head:
            if max(head.size) > _LARGEST:
                return None
    except (OSError, ValueError, SyntaxError):
        return None
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)


def _reference(data: bytes) -> Picture:
    picture = _decoded(data)
    if picture is not None:
        scale = _REFERENCE_ROWS / picture.shape[0]
        method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        size = (max(1, round(picture.shape[1] * scale)), _REFERENCE_ROWS)
        picture = np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
        faces = find_faces(picture)
        if faces:
            return cut(picture, faces[0])
    raise UnsupportedData("no face is found in the document's picture; use another way to check the person")


def _unseen(frames: Sequence[bytes], pictures: Sequence[Picture]) -> str | None:
    """Why nothing can be seen at all."""
    if not pictures:
        return "noFace"
    looks = [darkness(picture) for picture in pictures]
    for look in (FrameLook.BLACK, FrameLook.COVERED):
        if looks.count(look) * 2 > len(looks):
            return look.value
    if len(frames) > 1 and len(set(frames)) == 1:
        return "frozen"
    return None


def _unfit(pictures: Sequence[Picture], faces: Sequence[Sequence[Box]]) -> str | None:
    """Why there is not exactly one face, large enough, in most frames."""
    found = [(picture, boxes) for picture, boxes in zip(pictures, faces, strict=True) if boxes]
    if len(found) * 2 <= len(pictures):
        return "noFace"
    crowded = sum(len(boxes) > 1 and boxes[1].size >= _BESIDE * boxes[0].size for _, boxes in found)
    if crowded * 2 > len(found):
        return "severalFaces"
    far = sum(boxes[0].size < _FAR * picture.shape[1] for picture, boxes in found)
    return "tooFar" if far * 2 > len(found) else None


def _likeness(wanted: Picture, seen: Sequence[tuple[Picture, Box]]) -> float:
    """The better half of some frames spread over the time: eyes may be shut in the others."""
    chosen = seen[:: max(1, len(seen) // _COMPARED)][:_COMPARED]
    scores = [score(compare(wanted, align(wanted, cut(picture, box, wide=True)))) for picture, box in chosen]
    better = sorted(scores, reverse=True)[: max(1, (len(scores) + 1) // 2)]
    return sum(better) / len(better)


@matcher("reference")
def _create() -> ReferenceFaceMatcher:
    return ReferenceFaceMatcher()
