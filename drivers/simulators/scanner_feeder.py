"""The mechanics of the simulated scanner: feeder, sheet inside, cover, lamp, and what goes wrong with them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

import cv2
import numpy as np

from drivers.simulators.documents import DPI, Kind, Sheet, Side, millimetres, sheet_of

Trouble = Literal["jam", "doubleFeed", "tornPage", "cut", "stall", "ioError", "busy", "noMemory", "denied"]
Turned = Literal[0, 90, 180, 270]
PAPER: Final = 250
BED: Final = (215.9, 355.6)
"""Millimetres: the widest and longest sheet of common office feeders."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet in the feeder; ``file``: a picture of what is printed on it; ``turned``: degrees clockwise."""

    kind: Kind = "taxForm"
    seed: int = 1
    file: str = ""
    turned: Turned = 0


@dataclass(slots=True)
class Feeder:
    """Takes one sheet at a time and keeps its front until its back has been read, or it is let out."""

    stack: deque[Paper] = field(default_factory=deque)
    on_glass: Paper | None = None
    inside: Paper | None = None
    next_side: Side = "front"
    cover_open: bool = False
    jammed: bool = False
    two_at_once: bool = False
    lamp: float = 1.0
    trouble: Trouble | None = None
    fed: int = 0
    out: int = 0

    @property
    def loaded(self) -> bool:
        """Whether the sensor sees a sheet."""
        return bool(self.stack) or self.inside is not None

    def begin(self, source: str) -> str:
        """A side is to be read: the status word, ``GOOD`` when it can be."""
        refusal = {
            "busy": "DEVICE_BUSY",
            "noMemory": "NO_MEM",
            "denied": "ACCESS_DENIED",
            "ioError": "IO_ERROR",
        }
        if self.trouble in refusal:
            return refusal[self.trouble]
        if self.cover_open:
            return "COVER_OPEN"
        if self.jammed:
            return "JAMMED"
        if source == "Flatbed":
            self.inside, self.next_side = self.on_glass or Paper("blank"), "front"
            return "GOOD"
        if self.inside is not None and self.next_side == "back" and source == "ADF Duplex":
            return "GOOD"
        if self.inside is not None:
            self.let_out()
        if not self.stack:
            return "NO_DOCS"
        self.inside, self.next_side = self.stack.popleft(), "back" if source == "ADF Back" else "front"
        self.fed += 1
        return "GOOD"

    def jam(self, *, two: bool = False) -> None:
        """The sheet sticks; only a hand takes it out."""
        self.jammed, self.two_at_once = True, two

    def clear(self) -> None:
        """Open the cover, take out what sticks, close it again."""
        self.jammed = self.two_at_once = self.cover_open = False
        self.inside, self.trouble, self.next_side = None, None, "front"

    def side_read(self) -> None:
        """The side has been read to its end."""
        self.next_side = "back" if self.next_side == "front" else "front"

    def let_out(self) -> None:
        """The sheet leaves, unless it sticks."""
        if self.inside is not None and not self.jammed:
            self.inside = None
            self.out += 1
        self.next_side = "front"


def seen(
    paper: Paper, side: Side, mode: str, dpi: int, corners: tuple[float, float, float, float], lamp: float
) -> Sheet:
    """What the line of sensors sees between ``corners`` (left, top, right, bottom, millimetres), grey or colour."""
    left, top, right, bottom = (millimetres(value) for value in corners)
    view = np.full((max(1, bottom - top), max(1, right - left), 3), PAPER, np.uint8)
    laid = np.rot90(sheet_of(paper.kind, paper.seed, side, paper.file), -(paper.turned // 90))
    sheet = laid[top:bottom, left:right]
    view[: sheet.shape[0], : sheet.shape[1]] = sheet
    scale = dpi / DPI
    size = (max(1, round(view.shape[1] * scale)), max(1, round(view.shape[0] * scale)))
    small = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), np.float32)
    grain = np.random.default_rng(paper.seed).normal(0, 1.6, small.shape[:2]).astype(np.float32)
    lit = np.asarray(np.clip(small * lamp + grain[..., None], 0, 255), np.uint8)
    if mode == "Color":
        return lit
    return np.asarray(cv2.cvtColor(lit, cv2.COLOR_RGB2GRAY), np.uint8)


def lines_of(view: Sheet, mode: str) -> Sheet:
    """The bytes of each line: three, one, or an eighth of a byte a pixel (a set bit is black)."""
    if mode == "Lineart":
        return np.asarray(np.packbits(view < 128, axis=1), np.uint8)
    return np.asarray(view.reshape(len(view), -1), np.uint8)
