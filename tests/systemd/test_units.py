"""The units as systemd itself judges them: every key known, hardened, notified, watched, restarted."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from kiosk.cli import PARTS

HERE = Path(__file__).parents[2] / "systemd"
UNITS = HERE / "units"
ONCE = "kiosk-poweroff.service"
"""Runs once and ends; all others run for ever."""
ALL = sorted(path.name for path in UNITS.glob("*.service"))
SERVICES = [name for name in ALL if name != ONCE]
EXPOSURE = {
    "bureau-console.service": 20,
    "bureau@.service": 20,
    "kiosk-devices.service": 20,
    "kiosk-poweroff.service": 35,
    "kiosk-run.service": 35,
    "kiosk-sync.service": 20,
}
"""Tenths of systemd's exposure level that are not exceeded: 2.0, and 3.5 for the screen."""
PREFIX = "/opt/tax-kiosk/.venv/bin"

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    units = sorted(str(path) for path in folder.iterdir() if path.suffix in (".service", ".target"))
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units with their programs where this machine has some."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("kiosk", "bureau", "cage"):
        (programs / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    folder = tmp_path / "units"
    folder.mkdir()
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8")
        text = text.replace(PREFIX, str(programs)).replace("/usr/bin/cage", str(programs / "cage"))
        (folder / unit.name).write_text(text, encoding="utf-8")
    return folder


def test_systemd_has_nothing_to_say_about_the_units(installed: Path) -> None:
    told = _verify(installed)
    assert (told.returncode, told.stderr, told.stdout) == (0, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [("RestartSec=", "RestartSecs="), ("WatchdogSec=20", "WatchdogSec=soon"), ("Type=notify", "Type=tell")],
)
def test_a_slip_in_a_unit_would_be_seen(installed: Path, old: str, new: str) -> None:
    unit = installed / "kiosk-devices.service"
    text = unit.read_text(encoding="utf-8")
    assert old in text
    unit.write_text(text.replace(old, new), encoding="utf-8")
    assert _verify(installed).stderr


def test_a_program_that_is_not_there_would_be_seen(installed: Path) -> None:
    (installed.parent / "bin" / "kiosk").unlink()
    assert _verify(installed).returncode != 0


def test_every_service_has_its_threshold() -> None:
    assert sorted(EXPOSURE) == ALL


@pytest.mark.parametrize("unit", ALL)
def test_a_service_is_exposed_no_more_than_it_must(unit: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE[unit]}"]
    told = subprocess.run(
        [*command, str(UNITS / unit)], capture_output=True, text=True, check=False, timeout=50
    )
    assert told.returncode == 0, told.stdout[-400:]
    assert told.stderr == ""


def test_an_unhardened_service_would_be_seen(tmp_path: Path) -> None:
    bare = tmp_path / "bare.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=35", str(bare)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=50).returncode == 1


def _unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name, encoding="utf-8")
    return parser


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_notified_watched_and_always_restarted(name: str) -> None:
    unit = _unit(name)
    service = unit["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    assert 10 <= int(service["WatchdogSec"]) <= 60
    assert int(service["TimeoutStopSec"]) <= 60
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert service["User"] not in ("", "root")
    assert service["CapabilityBoundingSet"] == ""


@pytest.mark.parametrize("name", SERVICES)
def test_a_program_that_crashes_leaves_nobodys_data_on_the_disk(name: str) -> None:
    assert _unit(name)["Service"]["LimitCORE"] == "0"


@pytest.mark.parametrize("name", ["kiosk-devices.service", "kiosk-run.service"])
def test_a_process_of_its_own_that_is_ended_for_want_of_memory_takes_no_program_along(name: str) -> None:
    """They start processes that are to go first (``kiosk.print_child``); systemd would stop the unit with them."""
    assert _unit(name)["Service"]["OOMPolicy"] == "continue"


def test_the_machine_is_ended_by_systemd_alone_and_by_nobody_at_boot() -> None:
    unit = _unit(ONCE)
    assert unit["Service"]["Type"] == "oneshot"
    assert unit["Service"]["ExecStart"] == "/usr/bin/systemctl --no-block --no-wall poweroff"
    assert "Install" not in unit, "nothing starts it but who asks for it"


def test_the_programs_of_a_terminal_belong_to_one_target() -> None:
    wanted = _unit("kiosk.target")["Unit"]["Wants"].split()
    assert wanted == ["kiosk-devices.service", "kiosk-sync.service", "kiosk-run.service"]
    for name in wanted:
        unit = _unit(name)
        assert unit["Unit"]["PartOf"] == unit["Install"]["WantedBy"] == "kiosk.target"


def test_the_screen_comes_last_and_needs_nobody() -> None:
    text = (UNITS / "kiosk-run.service").read_text(encoding="utf-8")
    assert "After=kiosk-devices.service kiosk-sync.service" in text
    assert "Requires=" not in text
    assert "BindsTo=" not in text


def test_who_moves_to_a_session_of_its_own_is_spoken_for_by_its_main_process() -> None:
    """systemd.exec(5), ``PAMName=``: what the children of that process tell is not heard by the unit."""
    with_session = [name for name in SERVICES if "PAMName" in _unit(name)["Service"]]
    assert with_session == ["kiosk-run.service"]
    service = _unit("kiosk-run.service")["Service"]
    assert service["NotifyAccess"] == "main"
    assert service["ExecStart"].startswith(f"{PREFIX}/kiosk screen /usr/bin/cage ")
    assert service["ExecStart"].endswith(f" -- {PREFIX}/kiosk run")


def test_who_shares_the_terminals_keys_and_who_does_not() -> None:
    users = {name: _unit(name)["Service"]["User"] for name in SERVICES}
    assert users == {
        "bureau-console.service": "bureau",
        "bureau@.service": "bureau",
        "kiosk-devices.service": "kiosk-devices",
        "kiosk-run.service": "kiosk",
        "kiosk-sync.service": "kiosk",
    }
    for name in SERVICES:
        has_kek = "LoadCredentialEncrypted" in _unit(name)["Service"]
        assert has_kek == (users[name] in ("kiosk", "bureau"))


def test_the_commands_of_the_units_exist() -> None:
    scripts = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "scripts"
    ]
    for name in SERVICES:
        words = _unit(name)["Service"]["ExecStart"].split(f"{PREFIX}/")[1].split()
        assert words[0] in scripts
        if words[0] == "kiosk":
            assert words[1] in PARTS
