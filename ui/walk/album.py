"""Pictures of every page as it was shown, each audited, and one sheet with all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtQuick import QQuickWindow

from ui.pictures import save
from ui.walk.touch import wait

STEADY = 2
"""Looks in a row that must find the same page before a picture counts."""
SETTLE_MS = 150
"""A page without motion stands still after this."""
THUMB = 360
COLUMNS = 5


@dataclass
class Album:
    """Takes a picture of each new page; ``audit`` returns what is wrong with what the window shows."""

    folder: Path
    window: QQuickWindow
    audit: Callable[[QQuickWindow], list[Any]]
    moment: Callable[[], object] = lambda: None
    pages: list[str] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)

    def take(self, name: str) -> Path:
        """One picture, numbered, once the page stands still."""
        wait(SETTLE_MS)
        steady = 0
        while steady < STEADY and (before := self.moment()) is not None:
            wait(SETTLE_MS // 3)
            steady = steady + 1 if self.moment() == before else 0
        path = self.folder / f"{len(self.pages) + 1:02}-{name}.png"
        save(self.window.grabWindow(), path)
        self.pages.append(path.name)
        self.findings[path.name] = [str(finding) for finding in self.audit(self.window)]
        return path

    @property
    def clean(self) -> bool:
        """Whether no page has a finding."""
        return not any(self.findings.values())

    def close(self, more: list[Path]) -> None:
        """Write ``audit.json`` and the contact sheet of all pages and of the printed sheets ``more``."""
        (self.folder / "audit.json").write_text(json.dumps(self.findings, ensure_ascii=False, indent=2))
        contact_sheet([self.folder / name for name in self.pages] + more, self.folder / "contact-sheet.png")


def contact_sheet(pictures: list[Path], target: Path) -> None:
    """All pictures on one sheet, in rows, each with its name."""
    if not pictures:
        return
    cells: list[Image.Image] = []
    for path in pictures:
        with Image.open(path) as picture:
            small = picture.convert("RGB")
            small.thumbnail((THUMB, THUMB * 2), reducing_gap=2.0)
        cell = Image.new("RGB", (THUMB + 16, small.height + 36), "white")
        cell.paste(small, (8, 8))
        ImageDraw.Draw(cell).text((8, small.height + 14), path.stem, fill="black")
        cells.append(cell)
    rows = [cells[i : i + COLUMNS] for i in range(0, len(cells), COLUMNS)]
    height = sum(max(c.height for c in row) for row in rows)
    sheet = Image.new("RGB", (COLUMNS * (THUMB + 16), height), "#888888")
    top = 0
    for row in rows:
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * (THUMB + 16), top))
        top += max(c.height for c in row)
    sheet.save(target, compress_level=1)
