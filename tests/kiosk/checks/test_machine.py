"""The doctor on the machine: packages, fonts, clock and ports."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.checks import machine
from kiosk.checks.finding import Finding, Level, Run

NOW = datetime(2026, 10, 12, tzinfo=UTC)


def _says(code: int | None, out: str = "") -> Callable[[list[str]], Run]:
    return lambda command: Run(code, out, "")


def _only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


def test_packages_of_the_list_are_compared_with_what_is_installed(tmp_path: Path) -> None:
    listing = tmp_path / "debian-packages.txt"
    listing.write_text("# comment\nrun  libegl1  # Qt\nrun fonts-noto-cjk\ntest chromium\n", encoding="utf-8")
    runner = _says(1, "libegl1 installed\nfonts-noto-cjk config-files")
    found = _only(list(machine.debian_packages(listing, runner)))
    assert (found.level, found.fix) == (
        Level.FAULT,
        "apt-get install --no-install-recommends fonts-noto-cjk",
    )
    runner = _says(0, "libegl1 installed\nfonts-noto-cjk installed")
    assert _only(list(machine.debian_packages(listing, runner))).level is Level.OK
    assert _only(list(machine.debian_packages(listing, _says(None)))).level is Level.NOTE
    assert list(machine.debian_packages(tmp_path / "none", runner)) == []


def test_the_real_list_is_found_beside_the_sources() -> None:
    assert machine.PACKAGE_LIST.is_file()


def test_a_font_that_is_replaced_by_another_is_missing() -> None:
    assert {f.level for f in machine.fonts(_says(0, "DejaVu Sans"))} == {Level.FAULT}
    asked = lambda command: Run(0, f"Noto Sans CJK JP,{command[-1]}", "")  # noqa: E731
    assert [f.level for f in machine.fonts(asked)] == [Level.OK, Level.OK]
    assert _only(list(machine.fonts(_says(None)))).fix == "apt-get install fontconfig fonts-noto-cjk"


def test_the_fonts_of_this_machine_are_there() -> None:
    assert [f.level for f in machine.fonts()] == [Level.OK, Level.OK]


def test_there_must_be_something_to_draw_on() -> None:
    assert _only(list(machine.display_server(lambda name: None))).level is Level.FAULT
    found = _only(list(machine.display_server(lambda name: name if name == "cage" else None)))
    assert found.what == "display server: cage"


def test_the_clock_is_set_and_kept_right() -> None:
    assert _only(list(machine.clock(datetime(1970, 1, 2, tzinfo=UTC), _says(0, "yes")))).level is Level.FAULT
    assert _only(list(machine.clock(NOW, _says(0, "yes")))).level is Level.OK
    assert _only(list(machine.clock(NOW, _says(0, "no")))).level is Level.NOTE
    assert _only(list(machine.clock(NOW, _says(1)))).level is Level.NOTE


def test_a_port_is_free_in_use_or_out_of_reach() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        number = int(other.getsockname()[1])
        assert _only(list(machine.port("127.0.0.1", number))).level is Level.FAULT
        other.listen()
        assert "in use" in _only(list(machine.port("127.0.0.1", number))).what
    assert "free" in _only(list(machine.port("127.0.0.1", number))).what


def test_an_address_that_is_not_ours_is_told_with_its_fix() -> None:
    found = _only(list(machine.port("192.0.2.1", 5846)))
    if found.level is Level.OK:
        pytest.skip("something answers on the documentation network here")
    assert "127.0.0.1" in found.fix
