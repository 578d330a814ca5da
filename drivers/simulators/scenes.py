"""What stands before the simulated camera, as a loop of JPEG frames: a person, a photograph, the empty hall."""

from __future__ import annotations

import math
import random
import threading
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulators.face_brush import Image
from drivers.simulators.face_traits import UNKNOWN, Looks
from drivers.simulators.faces import NEUTRAL, Expression, draw_face

SIZE = (640, 480)
FPS = 15
_LOOP_S = 6.0
_LOOP = int(_LOOP_S * FPS)
_SHORT_LOOP = 12
_BLINKS = (1.6, 4.4)
"""Seconds into the loop at which the person blinks."""
_QUALITY = 82
Pose = tuple[float, float, float]


@lru_cache(maxsize=1)
def _hall() -> Image:
    """The service hall behind the visitor, out of focus."""
    hall = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    top, bottom = np.asarray((206, 212, 214)), np.asarray((150, 160, 168))
    hall[:] = (top + (bottom - top) * np.linspace(0, 1, SIZE[1])[:, None])[:, None]
    shapes: tuple[tuple[tuple[int, int], tuple[int, int], tuple[int, int, int]], ...] = (
        ((30, 40), (180, 230), (238, 236, 226)),
        ((470, 30), (625, 240), (232, 234, 228)),
        ((0, 330), (640, 480), (120, 138, 156)),
        ((0, 300), (640, 334), (94, 110, 132)),
        ((210, 20), (430, 60), (246, 248, 248)),
        ((556, 250), (606, 330), (74, 120, 88)),
        ((40, 250), (86, 330), (150, 96, 60)),
    )
    for corner, other, colour in shapes:
        cv2.rectangle(hall, corner, other, colour, -1)
    return np.asarray(cv2.GaussianBlur(hall, (0, 0), 13), np.uint8)


@lru_cache(maxsize=1)
def _light() -> NDArray[np.float32]:
    """Brighter from the left, darker towards the corners, as under the hall's lamps."""
    x = np.linspace(-1, 1, SIZE[0])[None, :]
    y = np.linspace(-1, 1, SIZE[1])[:, None]
    light = 1.02 - 0.1 * x - 0.12 * (x**2 + y**2)
    return np.asarray(light[..., None] * np.asarray((1.0, 0.99, 0.97)), np.float32)


@lru_cache(maxsize=1)
def _noise() -> NDArray[np.float32]:
    """The same in all three colours; kept for each, for it is laid on fifteen times a second."""
    grey = np.random.default_rng(11).normal(0, 2.2, (SIZE[1] + 64, SIZE[0] + 64, 1))
    return np.asarray(np.repeat(grey, 3, axis=2), np.float32)


def _develop(picture: Image, index: int) -> bytes:
    """What the sensor makes of it: light, a little noise that differs in every frame, JPEG."""
    rng = random.Random(index)
    x, y = rng.randrange(64), rng.randrange(64)
    grain = _noise()[y : y + SIZE[1], x : x + SIZE[0]]
    exposed = picture * _light()
    exposed += grain
    np.clip(exposed, 0, 255, out=exposed)
    _, coded = cv2.imencode(".jpg", exposed.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return coded.tobytes()


class Scene:
    """A loop of frames, each drawn when first wanted and then kept; safe to use from several threads."""

    def __init__(self, name: str, frames: int = _SHORT_LOOP) -> None:
        self.name = name
        self._length = frames
        self._frames: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def ready(self, index: int) -> bytes | None:
        """The frame when it has been drawn before."""
        return self._frames.get(index % self._length)

    def frame(self, index: int) -> bytes:
        """The JPEG of frame ``index``; draws it when needed, some 30 ms."""
        place = index % self._length
        with self._lock:
            if place not in self._frames:
                self._frames[place] = _develop(self.picture(place), place)
            return self._frames[place]

    def picture(self, index: int) -> Image:
        """What the lens sees at frame ``index`` of the loop."""
        return _hall()


class Dark(Scene):
    """No light reaches the sensor; what is left is its noise."""

    def picture(self, index: int) -> Image:
        """Nearly nothing."""
        return np.full((SIZE[1], SIZE[0], 3), 3, np.uint8)


class Covered(Scene):
    """A hand on the lens: dark red, without any shape."""

    def picture(self, index: int) -> Image:
        """Light through fingers."""
        glow = 16 + 3 * math.sin(index)
        return np.full((SIZE[1], SIZE[0], 3), (glow * 0.5, glow * 0.7, glow * 2), np.uint8)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to draw."""

    seed: int
    looks: Looks = UNKNOWN


class Person(Scene):
    """Somebody who looks at the screen; an ``alive`` one sways, breathes and blinks."""

    def __init__(
        self, who: Subject, *, alive: bool = True, zoom: float = 1.0, companion: Subject | None = None
    ) -> None:
        super().__init__("person", _LOOP if alive else _SHORT_LOOP)
        self._who = who
        self._alive = alive
        self._zoom = zoom
        self._companion = companion

    def picture(self, index: int) -> Image:
        """The person in the hall, and perhaps another one beside."""
        pose, held = self._pose(index) if self._alive else ((0.0, 0.0, 0.0), NEUTRAL)
        picture = _hall()
        if self._companion is not None:
            beside = (pose[0] - 190.0, pose[1] + 10.0, -pose[2])
            picture = self._draw(self._companion, beside, NEUTRAL, self._zoom * 0.72, picture)
            return self._draw(self._who, (pose[0] + 130.0, pose[1], pose[2]), held, self._zoom * 0.8, picture)
        return self._draw(self._who, pose, held, self._zoom, picture)

    @staticmethod
    def _draw(who: Subject, pose: Pose, held: Expression, zoom: float, behind: Image) -> Image:
        return draw_face(
            who.seed, pose=pose, expression=held, size=SIZE, zoom=zoom, background=behind, looks=who.looks
        )

    @staticmethod
    def _pose(index: int) -> tuple[Pose, Expression]:
        second = index / FPS
        turn = 2 * math.pi * second / _LOOP_S
        dx = 8 * math.sin(turn) + 2.5 * math.sin(3 * turn)
        dy = 4 * math.sin(2 * turn + 1)
        rotation = 1.8 * math.sin(turn + 0.5)
        # A blink takes about a third of a second: down, closed, up.
        lid = max(max(0.0, 1.25 - abs(second - at) / 0.13) for at in _BLINKS)
        mouth = max(0.0, 0.25 * math.sin(2 * turn + 2) - 0.15)
        held = Expression(min(1.0, lid), mouth, 0.15 + 0.15 * math.sin(turn), 0.12 * math.sin(2 * turn))
        return (dx, dy, rotation), held


class Photograph(Scene):
    """A printed portrait held before the camera: a rigid sheet, still or (``sway``) moved by a hand."""

    def __init__(self, who: Subject, *, sway: bool = False) -> None:
        super().__init__("still", _LOOP if sway else _SHORT_LOOP)
        self._sway = sway
        print_size = (300, 384)
        portrait = draw_face(who.seed, size=print_size, zoom=1.0, looks=who.looks)
        sheet = cv2.copyMakeBorder(portrait, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(250, 250, 250))
        self._sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), 0.8), np.uint8)

    def picture(self, index: int) -> Image:
        """The sheet in front of the hall."""
        turn = 2 * math.pi * index / _LOOP
        dx, dy, angle = (
            (7 * math.sin(turn), 4 * math.sin(2 * turn), 2 * math.sin(turn)) if self._sway else (0, 0, 1.5)
        )
        height, width = self._sheet.shape[:2]
        centre = (width / 2, height / 2)
        move = cv2.getRotationMatrix2D(centre, angle, 1.0)
        move[:, 2] += (SIZE[0] / 2 - centre[0] + dx, SIZE[1] / 2 - centre[1] + dy)
        picture = _hall().copy()
        cv2.warpAffine(
            self._sheet, move, SIZE, dst=picture, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
        return picture
