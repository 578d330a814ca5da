"""The doctor on libraries: what this machine has, and what it would say of others."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.checks import software
from kiosk.checks.finding import Finding, Level, Run, run


def _answers(*runs: Run) -> Callable[[list[str]], Run]:
    queue = list(runs)
    return lambda command: queue.pop(0)


def _only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


def test_this_machine_has_what_the_software_needs() -> None:
    for check in (software.python_version, software.packages, software.sqlite):
        assert [f.level for f in check()] == [Level.OK]


def test_qt_is_loaded_and_guarded_in_a_process_of_its_own() -> None:
    finding = _only(list(software.qt()))
    assert finding.level is Level.OK
    assert "reference counts hold" in finding.what


def test_a_qt_that_loses_references_is_known_by_its_abort() -> None:
    found = _only(list(software.qt(_answers(Run(0, "6.12.0", ""), Run(-6, "", "Fatal Python error")))))
    assert (found.level, found.fix) == (Level.FAULT, "pip install PySide6==6.11.3")
    assert "6.12.0 loses references" in found.what


def test_the_guard_itself_fails_when_references_are_lost() -> None:
    leaking = software.GUARD.replace("o.parent()", "ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))")
    lost = run(
        [
            "python3",
            "-c",
            "import ctypes\n"
            + leaking.replace("from PySide6.QtCore import QObject\n", "").replace("o = QObject()\n", ""),
        ]
    )
    assert lost.code != 0


def test_a_library_that_qt_lacks_is_named_with_its_package() -> None:
    error = "Traceback\nImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    found = _only(list(software.qt(_answers(Run(1, "", error)))))
    assert "libEGL.so.1" in found.what
    assert found.fix == "apt-get install libegl1"


def test_the_libraries_of_the_x11_platform_are_looked_up(tmp_path: Path) -> None:
    rows = (
        "libxcb-cursor.so.0 => not found",
        "libc.so.6 => /lib/libc.so.6 (0x1)",
        "libxkbcommon-x11.so.0 => not found",
    )
    listed = "\n".join(f"\t{row}" for row in rows)
    found = _only(list(software.qt_platform(_answers(Run(0, listed, "")), tmp_path)))
    assert found.fix == "apt-get install libxcb-cursor0 libxkbcommon-x11-0"
    assert _only(list(software.qt_platform())).level is Level.OK


def test_every_library_name_finds_its_own_package() -> None:
    for beginning, package in software.LIBRARIES.items():
        assert software._package(f"{beginning}.so.0") == package
    assert "apt-file" in software._package("libstrange.so.1")


def test_an_opencv_without_cascades_is_refused() -> None:
    found = _only(list(software.opencv(_answers(Run(0, "5.0.0 False", "")))))
    assert (found.level, found.fix) == (Level.FAULT, "pip install opencv-python-headless==4.14.0.94")
    assert _only(list(software.opencv(_answers(Run(0, "4.14.0 True", ""))))).level is Level.OK
    assert _only(list(software.opencv(_answers(Run(None, "", "took too long"))))).level is Level.FAULT


@pytest.mark.parametrize(
    ("version", "level"), [("3.51.2", Level.FAULT), ("3.51.3", Level.OK), ("3.40.1", Level.FAULT)]
)
def test_an_sqlite_that_can_corrupt_its_log_is_refused(version: str, level: Level) -> None:
    assert _only(list(software.sqlite(version))).level is level


def test_an_old_python_is_refused() -> None:
    assert _only(list(software.python_version((3, 10, 9)))).level is Level.FAULT


def _with(*names: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name in names:
            return "1"
        raise importlib.metadata.PackageNotFoundError(name)

    return version


def test_missing_packages_are_named() -> None:
    found = list(software.packages(_with("requests")))
    assert "cryptography" in found[0].what
    assert "requests," not in found[0].what


def test_two_packages_that_overwrite_each_other_are_refused() -> None:
    names = [*software.declared(), *software.LOCKED, "opencv-python"]
    faults = [f for f in software.packages(_with(*names)) if f.level is Level.FAULT]
    assert _only(faults).fix.startswith("pip uninstall opencv-python, then")


def test_what_is_declared_is_read_from_the_distribution() -> None:
    names = software.declared()
    assert {"PySide6", "pydantic", "psycopg"} <= set(names)
    assert "pytest" not in names
    assert software.declared("no-such-distribution") == []


def test_a_program_that_cannot_be_run_is_no_crash() -> None:
    assert run(["no-such-program-at-all"]).code is None
    assert run(["sleep", "5"], timeout_s=0.05).code is None
    assert run(["/etc/passwd"]).code is None


def test_the_lock_is_whole_in_itself_as_it_is_installed_without_what_packages_ask_for() -> None:
    text = (Path(software.__file__).parents[2] / "requirements.lock").read_text()
    locked = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    twins = {canonicalize_name(name) for row in software.TWINS for name in row}
    assert {canonicalize_name(name) for name in (*software.declared(), *software.LOCKED)} <= locked
    asked = {
        (name, canonicalize_name(wanted.name))
        for name in locked
        for wanted in map(Requirement, _requires(name))
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    }
    missing = {(name, wanted) for name, wanted in asked if wanted not in locked}
    assert missing <= {("rapidocr-onnxruntime", "opencv-python")}
    assert locked & twins == {"opencv-python-headless"}, "packages of a row write over each other's files"


def _requires(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:  # of another machine, or of another purpose
        return []
