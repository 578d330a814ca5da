"""Pictures of every page as it was shown, each audited, and one sheet with all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickWindow

from ui.pictures import pixels, write
from ui.walk.touch import wait

STEADY = 2
"""Looks in a row that must find the same page before a picture counts."""
SETTLE_MS = 150
"""A page without motion stands still after this."""
THUMB = 360
COLUMNS = 5


@dataclass
class Album:
    """Takes a picture of each new page; ``audit`` returns what is wrong with what the window shows on it."""

    folder: Path
    window: QQuickWindow
    audit: Callable[[QQuickWindow, QImage], list[Any]]
    moment: Callable[[], object] = lambda: None
    pages: list[str] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)
    _small: list[Image.Image] = field(default_factory=list)
    """Each page for the contact sheet: to read its file again takes longer than anything else in it."""

    def take(self, name: str) -> Path:
        """One picture, numbered, once the page stands still."""
        wait(SETTLE_MS)
        steady = 0
        while steady < STEADY and (before := self.moment()) is not None:
            wait(SETTLE_MS // 3)
            steady = steady + 1 if self.moment() == before else 0
        path = self.folder / f"{len(self.pages) + 1:02}-{name}.png"
        picture = self.window.grabWindow()
        rows = pixels(picture)
        write(rows, path)
        self.pages.append(path.name)
        self._small.append(_thumbnail(rows))
        self.findings[path.name] = [str(finding) for finding in self.audit(self.window, picture)]
        return path

    @property
    def clean(self) -> bool:
        """Whether no page has a finding."""
        return not any(self.findings.values())

    def close(self, more: list[Path]) -> None:
        """Write ``audit.json`` and the contact sheet of all pages and of the printed sheets ``more``."""
        (self.folder / "audit.json").write_text(json.dumps(self.findings, ensure_ascii=False, indent=2))
        pages = [(Path(name).stem, small) for name, small in zip(self.pages, self._small, strict=True)]
        sheets = [(path.stem, _thumbnail(_read(path))) for path in more]
        contact_sheet(pages + sheets, self.folder / "contact-sheet.png")


def _read(path: Path) -> NDArray[Any]:
    rows = cv2.imread(str(path))
    if rows is None:
        raise OSError(f"{path} is no picture")
    return rows


def _thumbnail(rows: NDArray[Any]) -> Image.Image:
    """No larger than a cell of the contact sheet; ``rows`` as OpenCV has them."""
    high, wide = rows.shape[:2]
    share = min(THUMB / wide, THUMB * 2 / high, 1.0)
    small = cv2.resize(rows, (round(wide * share), round(high * share)), interpolation=cv2.INTER_AREA)
    return Image.fromarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB))


def contact_sheet(pictures: list[tuple[str, Image.Image]], target: Path) -> None:
    """All small pictures on one sheet, in rows, each with its name."""
    if not pictures:
        return
    cells: list[Image.Image] = []
    for name, small in pictures:
        cell = Image.new("RGB", (THUMB + 16, small.height + 36), "white")
        cell.paste(small, (8, 8))
        ImageDraw.Draw(cell).text((8, small.height + 14), name, fill="black")
        cells.append(cell)
    rows = [cells[i : i + COLUMNS] for i in range(0, len(cells), COLUMNS)]
    height = sum(max(c.height for c in row) for row in rows)
    sheet = Image.new("RGB", (COLUMNS * (THUMB + 16), height), "#888888")
    top = 0
    for row in rows:
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * (THUMB + 16), top))
        top += max(c.height for c in row)
    write(np.asarray(sheet)[:, :, ::-1], target)
