"""What is kept of drawn text: each character once for its size, wherever on the screen it began."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

DRAWN = """
import ctypes, sys
from config import heap
heap.keep_steady()
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QGuiApplication, QImage, QPainter
from ui.bridge.start import application

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Info

def held():
    told = libc.mallinfo2()
    return (told.uordblks + told.hblkhd) // 1024

app = application() if sys.argv[1] == "ours" else QGuiApplication([])
font = QFont(app.font())
font.setFamily("Noto Sans CJK SC")
font.setPixelSize(36)
picture = QImage(1080, 1920, QImage.Format.Format_RGB32)

def draw(at):
    painter = QPainter(picture)
    painter.setFont(font)
    for number in range(1200):
        painter.drawText(QPointF(number % 30 * 36 + at, 40 + number // 30 * 40), chr(0x4E00 + number))
    painter.end()

draw(0)
before = held()
for quarter in (0.25, 0.5, 0.75):
    draw(quarter)
print(held() - before)
"""


@pytest.mark.parametrize(("whose", "kept_again"), [("ours", False), ("theirs", True)])
def test_a_character_is_kept_once_wherever_it_begins(whose: str, kept_again: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRAWN, whose],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (int(done.stdout) > 500) is kept_again, f"{done.stdout} KiB more"
