"""Python and the libraries: versions that work, and those known to do harm."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.checks.finding import Finding, Run, fault, ok, run

Runner = Callable[[list[str]], Run]
Version = Callable[[str], str]

GUARD = """
import sys
from PySide6.QtCore import QObject
o = QObject()
before = sys.getrefcount(None)
for _ in range(1000):
    o.parent()
sys.exit(0 if sys.getrefcount(None) - before > -100 else 134)
"""
"""PySide6 6.12.0 on Python 3.10 and 3.11 loses one reference to None a call, until the process aborts."""
QUICK = "import PySide6.QtQuick, PySide6.QtQml; print(PySide6.__version__)"
OPENCV = "import cv2; print(cv2.__version__, hasattr(cv2, 'CascadeClassifier'))"
LEAST_SQLITE = (3, 51, 3)
"""Earlier ones can corrupt a write-ahead log under two writers."""
PIN_QT = "6.11.3"
PIN_OPENCV = "4.14.0.94"
TWINS = (
    ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    ("gmssl", "gmssl-python"),
)
"""Distributions that write over each other's files: never two of a row."""
LOCKED = ("rapidocr-onnxruntime",)
"""Needed as well, and not declared: it asks for opencv-python, one of a row above. The lock has it."""
LIBRARIES = {
    "libEGL": "libegl1",
    "libGL": "libgl1",
    "libfontconfig": "libfontconfig1",
    "libfreetype": "libfreetype6",
    "libglib": "libglib2.0-0",
    "libgthread": "libglib2.0-0",
    "libdbus": "libdbus-1-3",
    "libxkbcommon-x11": "libxkbcommon-x11-0",
    "libxkbcommon": "libxkbcommon0",
    "libX11-xcb": "libx11-xcb1",
    "libxcb-cursor": "libxcb-cursor0",
    "libxcb-icccm": "libxcb-icccm4",
    "libxcb-image": "libxcb-image0",
    "libxcb-keysyms": "libxcb-keysyms1",
    "libxcb-randr": "libxcb-randr0",
    "libxcb-render-util": "libxcb-render-util0",
    "libxcb-shape": "libxcb-shape0",
    "libxcb-shm": "libxcb-shm0",
    "libxcb-sync": "libxcb-sync1",
    "libxcb-xfixes": "libxcb-xfixes0",
    "libxcb-xkb": "libxcb-xkb1",
    "libpcsclite": "libpcsclite1",
}
"""Debian package by the beginning of a library's file name, longest first where one begins another."""


def python_version(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    """Python 3.11 or newer."""
    text = ".".join(map(str, version))
    if version < (3, 11):
        yield fault("python", f"Python {text} is too old", "install Python 3.11 and make .venv with it")
    else:
        yield ok("python", f"Python {text}")


def packages(version: Version = importlib.metadata.version) -> Iterator[Finding]:
    """Everything the software declares is installed, and nothing that would overwrite it."""
    missing = [name for name in (*declared(), *LOCKED) if not _installed(name, version)]
    if missing:
        yield fault(
            "packages",
            f"not installed: {', '.join(missing)}",
            "run scripts/setup.sh run, or pip install --no-deps --require-hashes -r requirements.lock",
        )
    else:
        yield ok("packages", "every declared package is installed")
    for row in TWINS:
        both = [name for name in row if _installed(name, version)]
        if len(both) > 1:
            keep = next((n for n in both if n == "opencv-python-headless"), both[0])
            others = " ".join(n for n in both if n != keep)
            fix = f"pip uninstall {others}, then pip install --force-reinstall {keep}"
            yield fault("packages", f"{' and '.join(both)} write over each other's files", fix)


def declared(distribution: str = "tax-kiosk") -> list[str]:
    """Names of the packages the software needs at run time."""
    try:
        wanted = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [re.split(r"[\s\[<>=!~;(]", text)[0] for text in wanted if "extra ==" not in text]


def qt(runner: Runner = run) -> Iterator[Finding]:
    """Qt loads, and does not lose references until it aborts."""
    loaded = runner([sys.executable, "-c", QUICK])
    if loaded.code != 0:
        yield fault("qt", f"Qt does not load: {_last_line(loaded.error)}", _library_fix(loaded.error))
        return
    guard = runner([sys.executable, "-c", GUARD])
    if guard.code != 0:
        what = f"PySide6 {loaded.out} loses references to None and will abort while in use"
        yield fault("qt", what, f"pip install PySide6=={PIN_QT}")
    else:
        yield ok("qt", f"PySide6 {loaded.out}, reference counts hold")


def qt_platform(runner: Runner = run, folder: Path | None = None) -> Iterator[Finding]:
    """The libraries that Qt's X11 platform needs are there; it loads them only when a window opens."""
    found = importlib.util.find_spec("PySide6")
    if folder is None and (found is None or found.origin is None):
        return
    folder = folder or Path(str(found and found.origin)).parent
    plugin = folder / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    listed = runner(["ldd", str(plugin)])
    missing = re.findall(r"^\s*(\S+) => not found", listed.out, re.MULTILINE)
    if listed.code != 0:
        yield fault("qt-platform", f"cannot look into {plugin.name}: {listed.error}", "reinstall PySide6")
    elif missing:
        fix = f"apt-get install {' '.join(sorted({_package(name) for name in missing}))}"
        yield fault("qt-platform", f"missing libraries: {', '.join(sorted(set(missing)))}", fix)
    else:
        yield ok("qt-platform", "every library of Qt's X11 platform is there")


def opencv(runner: Runner = run) -> Iterator[Finding]:
    """OpenCV loads and has the cascade classifier that 5.0 dropped."""
    loaded = runner([sys.executable, "-c", OPENCV])
    if loaded.code != 0:
        yield fault("opencv", f"OpenCV does not load: {_last_line(loaded.error)}", _library_fix(loaded.error))
        return
    version, _, cascade = loaded.out.partition(" ")
    if cascade != "True":
        what = f"OpenCV {version} has no cascade classifier, so faces are not found"
        yield fault("opencv", what, f"pip install opencv-python-headless=={PIN_OPENCV}")
    else:
        yield ok("opencv", f"OpenCV {version}")


def sqlite(version: str | None = None) -> Iterator[Finding]:
    """The SQLite in use is one that cannot corrupt its log."""
    if version is None:
        try:
            import pysqlite3

            version = str(pysqlite3.sqlite_version)
        except ImportError as error:
            yield fault("sqlite", f"pysqlite3 does not load: {error}", "pip install pysqlite3")
            return
    if tuple(int(part) for part in version.split(".")) < LEAST_SQLITE:
        least = ".".join(map(str, LEAST_SQLITE))
        what = f"SQLite {version} can corrupt a write-ahead log under two writers"
        yield fault("sqlite", what, f"pip install --upgrade pysqlite3 (SQLite {least} or newer)")
    else:
        yield ok("sqlite", f"SQLite {version}")


def _installed(name: str, version: Version) -> bool:
    try:
        return bool(version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _package(library: str) -> str:
    for beginning in sorted(LIBRARIES, key=len, reverse=True):
        if library.startswith(beginning):
            return LIBRARIES[beginning]
    return f"the package that has {library} (apt-file search {library})"


def _library_fix(error: str) -> str:
    missing = re.search(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object", error)
    return f"apt-get install {_package(missing.group(1))}" if missing else "run scripts/setup.sh run"


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "no reason given"
