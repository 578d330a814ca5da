"""The reference face matcher: shows how a certified one is plugged in, and makes demonstrations complete.

It tells drawn faces apart with OpenCV's classical tools. It is **not** face recognition for real people:
nobody has measured it on any, and ``production_ready`` says so; see docs/face-matcher.md.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from PIL import Image

from drivers.devices.camera_frames import FrameLook, darkness
from drivers.devices.face_finding import Box, cut, find_faces
from drivers.devices.face_likeness import closest, score
from drivers.devices.face_liveness import LIVELY, STEP, liveliness
from drivers.devices.registry import matcher
from drivers.errors import UnsupportedData
from drivers.ports import FaceVerdict
from drivers.transports.video import Picture

_LARGEST: Final = 4096
_REFERENCE_ROWS: Final = (189, 126, 252)
"""Heights at which a face is looked for in the document's picture, a chip photo's own among them: what the
cascade overlooks at one size it finds at another."""
_FAR: Final = 0.16
"""Part of the picture's width below which a face is too small to compare."""
_BESIDE: Final = 0.5
"""Size, of the largest face, from which another one counts as a second person."""


class ReferenceFaceMatcher:
    """Implements ``FaceMatcher``; holds no state and may be used from several threads."""

    production_ready = False

    def verify(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        """Compare a decoded reference picture (PNG or JPEG) with live frames (JPEG), a tenth of a second apart.

        Blocks for about a second. Frames that are no picture are passed over. Raise ``UnsupportedData``
        when the reference shows no face.
        """
        wanted = reference_face(reference)
        pictures = [picture for frame in frames if (picture := _decoded(frame)) is not None]
        reason = _unseen(frames, pictures)
        if reason is not None:
            return FaceVerdict(0.0, False, reason)
        # Searching costs most: some frames spread over the time tell as much as all.
        looked = pictures[::STEP]
        faces = [find_faces(picture) for picture in looked]
        reason = _unfit(looked, faces)
        if reason is not None:
            return FaceVerdict(0.0, False, reason)
        seen = [
            cut(picture, found[0], wide=True) for picture, found in zip(looked, faces, strict=True) if found
        ]
        alive = liveliness(pictures, [found[0] if found else None for found in faces]) >= LIVELY
        return FaceVerdict(likeness(wanted, seen), alive, None if alive else "still")


def reference_face(data: bytes) -> Picture:
    """The face of the document's picture at the aligned size; raise ``UnsupportedData`` when it shows none."""
    picture = _decoded(data)
    if picture is not None:
        for rows in _REFERENCE_ROWS:
            scale = rows / picture.shape[0]
            method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
            size = (max(1, round(picture.shape[1] * scale)), rows)
            scaled = np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
            faces = find_faces(scaled)
            if faces:
                return cut(scaled, faces[0])
    raise UnsupportedData("no face is found in the document's picture; use another way to check the person")


def likeness(wanted: Picture, seen: Sequence[Picture]) -> float:
    """0 to 1: the least likeness of ``seen`` (wide cuts) but one, for the eyes may be shut in one.

    Not the best one: else a photograph shown for a moment, and then one's own face, would do.
    """
    scores = sorted(score(closest(wanted, face)) for face in seen)
    return scores[1] if len(scores) > 2 else scores[0]


def _decoded(data: bytes) -> Picture | None:
    """The picture, or None for what is none or a larger one than any camera gives."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as head:
            if max(head.size) > _LARGEST:
                return None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)


def _unseen(frames: Sequence[bytes], pictures: Sequence[Picture]) -> str | None:
    """Why nothing can be seen at all."""
    if not pictures:
        return "noFace"
    looks = [darkness(picture) for picture in pictures]
    for look in (FrameLook.BLACK, FrameLook.COVERED):
        if looks.count(look) * 2 > len(looks):
            return look.value
    # A sensor's noise makes two equal frames in a row all but impossible.
    equal = sum(one == other for one, other in pairwise(frames))
    return "frozen" if equal * 2 >= len(frames) > 1 else None


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


@matcher("reference")
def _create() -> ReferenceFaceMatcher:
    return ReferenceFaceMatcher()
