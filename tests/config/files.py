"""Settings in a file of their own."""

from __future__ import annotations

from pathlib import Path

HOME = {"HOME": "/home/somebody"}


def file_of(folder: Path, text: str, name: str = "kiosk.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
