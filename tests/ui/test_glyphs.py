"""What is kept of drawn text: each character once for its size, wherever on the screen it began; each font once."""

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


def _told(program: str, whose: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, whose],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return done.stdout


@pytest.mark.parametrize(("whose", "kept_again"), [("ours", False), ("theirs", True)])
def test_a_character_is_kept_once_wherever_it_begins(whose: str, kept_again: bool) -> None:
    more_kb = int(_told(DRAWN, whose))
    assert (more_kb > 500) is kept_again, f"{more_kb} KiB more"


OPENED = """
import sys
from collections import Counter
from pathlib import Path
from PySide6.QtGui import QFont, QFontMetricsF
from ui.bridge.fonts import held_open
from ui.bridge.start import application
from ui.theme import load

app, tokens = application(), load()
faces = held_open(tokens) if sys.argv[1] == "ours" else ()
title, body = tokens.text("font", "title"), tokens.text("font", "body")
for family, weight in ((title, 700), (body, 400), (body, 700)) * 2:
    for size in range(10, 90):
        font = QFont(family)
        font.setPixelSize(size)
        font.setWeight(QFont.Weight(weight))
        QFontMetricsF(font).horizontalAdvance("税 tax \U0002cb5a \U0002a700")
maps = Path("/proc/self/maps").read_text().splitlines()
print(max(Counter(line.split()[-1] for line in maps if "/fonts/" in line).values()))
"""


NAMED = """
from pathlib import Path
from tests.ui.cabinet import Cabinet
from ui.samples import samples

def files():
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split()[-1] for line in lines if "/fonts/" in line}

cabinet = Cabinet("portrait")
named = files()
for lang, mode in (("zh-CN", "standard"), ("en-US", "elder")):
    for screen in samples(lang, mode).values():
        cabinet.show(screen, patient=False)
        if files() - named:
            print(*files() - named)
            named |= files()
"""


@pytest.mark.parametrize(("whose", "opened_again"), [("ours", False), ("theirs", True)])
def test_a_font_file_is_open_once_however_many_sizes_come_and_go(whose: str, opened_again: bool) -> None:
    assert (int(_told(OPENED, whose)) > 1) is opened_again


def test_nothing_on_the_screen_is_drawn_in_a_font_that_the_theme_does_not_name() -> None:
    assert _told(NAMED, "ours").split() == []
