"""What the units stand on: users, folders, device names, rights, examples, and the script that installs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import load_bureau, load_devices, load_terminal
from kiosk.poweroff import COMMAND, UNIT

HERE = Path(__file__).parents[2] / "systemd"
RULES = HERE / "udev" / "72-tax-kiosk.rules"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-sysusers") is None, reason="systemd is not installed"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="giving files to other users needs root")


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, timeout=50
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine with nothing but what the script installed."""
    for what in ("terminal", "bureau"):
        done = _run(HERE / "install.sh", what, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    return tmp_path


def test_everything_that_is_shipped_is_installed(root: Path) -> None:
    installed = {path.name for path in root.rglob("*") if path.is_file() and not path.is_symlink()}
    shipped = {path.name for path in HERE.rglob("*") if path.is_file() and path.parent != HERE}
    assert installed == shipped
    for name in ("kiosk", "bureau"):  # what the documents have people type
        assert (root / "usr/local/bin" / name).readlink() == Path("/opt/tax-kiosk/.venv/bin") / name


def test_an_administrators_settings_are_kept(root: Path) -> None:
    mine = root / "etc/kiosk/kiosk.toml"
    mine.write_text("# mine\n", encoding="utf-8")
    assert _run(HERE / "install.sh", "terminal", root).returncode == 0
    assert mine.read_text(encoding="utf-8") == "# mine\n"


def test_the_script_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    done = _run(HERE / "install.sh", "everything", tmp_path)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@needs_systemd
@needs_root
def test_users_and_folders_are_made_as_the_units_need_them(root: Path) -> None:
    users = _run("systemd-sysusers", f"--root={root}")
    assert (users.returncode, users.stderr.count("ailed")) == (0, 0), users.stderr
    passwd = {line.split(":")[0]: line.split(":") for line in (root / "etc/passwd").read_text().splitlines()}
    assert {"kiosk", "kiosk-devices", "bureau"} <= passwd.keys()
    assert all(passwd[name][6].endswith("nologin") for name in ("kiosk", "kiosk-devices", "bureau"))
    groups = {line.split(":")[0]: line.split(":") for line in (root / "etc/group").read_text().splitlines()}
    kiosk_gid = groups["kiosk"][2]
    assert passwd["kiosk"][3] == passwd["kiosk-devices"][3] == kiosk_gid
    assert "kiosk-devices" in groups["dialout"][3].split(",")
    assert "kiosk-devices" not in groups.get("input", [""] * 4)[3].split(",")

    folders = _run("systemd-tmpfiles", "--create", f"--root={root}")
    assert (folders.returncode, folders.stderr) == (0, "")
    state = (root / "var/lib/kiosk").stat()
    assert oct(state.st_mode & 0o7777) == "0o3770"
    assert (state.st_uid, str(state.st_gid)) == (0, kiosk_gid)
    keys = (root / "var/lib/kiosk/keys").stat()
    assert oct(keys.st_mode & 0o7777) == "0o700"
    assert str(keys.st_uid) == passwd["kiosk"][2]
    settings = (root / "etc/kiosk/kiosk.toml").stat()
    assert (oct(settings.st_mode & 0o7777), str(settings.st_gid)) == ("0o640", kiosk_gid)


def test_the_example_settings_are_good_settings() -> None:
    terminal = load_terminal(HERE / "etc/kiosk.toml", {})
    assert (terminal.profile, terminal.state_dir) == ("production", Path("/var/lib/kiosk"))
    devices = load_devices(HERE / "etc/devices.toml", {})
    assert devices.state_dir == terminal.state_dir
    assert devices.token_file == terminal.devices.token_file
    assert len({service.role for service in devices.services}) == 5
    assert (
        load_bureau(HERE / "etc/bureau.toml", {"STATE_DIRECTORY": "/var/lib/bureau"}).profile == "production"
    )


@pytest.mark.parametrize("unit", ["kiosk-devices.service", "kiosk-run.service", "kiosk-sync.service"])
def test_the_environment_of_a_unit_is_understood_by_its_program(unit: str) -> None:
    text = (HERE / "units" / unit).read_text(encoding="utf-8")
    words = [w for line in re.findall(r"^Environment=(.*)$", text, re.M) for w in line.split()]
    env = dict(word.split("=", 1) for word in words)
    config = {key: env.pop(key) for key in list(env) if key.endswith("CONFIG")}
    assert set(config.values()) <= {"/etc/kiosk/kiosk.toml", "/etc/kiosk/devices.toml"}
    load, file = (load_devices, "devices.toml") if "devices" in unit else (load_terminal, "kiosk.toml")
    settings = load(HERE / "etc" / file, env)
    assert (settings.profile, settings.state_dir) == ("production", Path("/var/lib/kiosk"))


def test_every_udev_rule_has_the_form_of_one() -> None:
    pair = r'[A-Z_]+(\{[A-Za-z0-9_]+\})?(==|!=|=|\+=|:=)"[^"]*"'
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) >= 6
    for line in lines:
        assert re.fullmatch(rf"{pair}(, {pair})*", line), line
    assert "GOTO=" in lines[0]
    assert lines[-1] == 'LABEL="tax_kiosk_end"'


POLKITD = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtQml import QJSEngine

application = QCoreApplication([])
engine = QJSEngine()
for line in sys.argv[1:]:
    told = engine.evaluate(line)
    assert not told.isError(), told.toString()
print(told.toString())
"""
"""In a process of its own: the kind of Qt application one test makes would be every later test's."""


def _polkit(user: str, action: str, **details: str) -> str:
    """Ask the rules as polkitd would, in a real JavaScript engine."""
    world = (
        "var rule; var polkit = {Result: {YES: 'yes', NO: 'no', NOT_HANDLED: 'not handled'},"
        " addRule: function(f) { rule = f; }};"
    )
    rules = (HERE / "polkit/50-tax-kiosk.rules").read_text(encoding="utf-8")
    question = (
        f"var details = {details!r}; rule({{id: {action!r}, lookup: function(k) {{ return details[k]; }}}},"
        f" {{user: {user!r}}})"
    )
    done = _run(sys.executable, "-c", POLKITD, world, rules, question)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


MANAGE = "org.freedesktop.systemd1.manage-units"


def test_the_terminal_may_restart_itself_and_the_machine() -> None:
    assert _polkit("kiosk", "org.freedesktop.login1.reboot") == "yes"
    assert _polkit("kiosk", MANAGE, unit="kiosk-run.service", verb="restart") == "yes"


def test_the_screen_may_end_the_machine_by_one_unit_and_in_no_other_way() -> None:
    assert _polkit("kiosk", MANAGE, unit="kiosk-poweroff.service", verb="start") == "yes"
    assert _polkit("kiosk-devices", MANAGE, unit="kiosk-poweroff.service", verb="start") == "no"
    assert _polkit("kiosk", MANAGE, unit="kiosk-poweroff.service", verb="stop") == "no"
    assert _polkit("kiosk", MANAGE, unit="poweroff.target", verb="start") == "no"


@pytest.mark.parametrize(
    ("how", "ordered", "told"),
    [("poweroff", True, True), ("poweroff", False, False), ("reboot", True, False)],
)
def test_the_ups_cuts_its_output_after_an_end_for_a_power_failure_alone(
    root: Path, tmp_path: Path, how: str, ordered: bool, told: bool
) -> None:
    heard, tool, mark = tmp_path / "heard", tmp_path / "upsdrvctl", tmp_path / "ordered"
    tool.write_text(f'#!/bin/sh\necho "$@" > {heard}\n', encoding="utf-8")
    tool.chmod(0o755)
    if ordered:
        mark.mkdir()
    hook = root / "usr/lib/systemd/system-shutdown/tax-kiosk-ups"
    env = {**os.environ, "KIOSK_ORDERED": str(mark), "KIOSK_UPSDRVCTL": f"/nowhere/upsdrvctl {tool}"}
    done = subprocess.run([str(hook), how], env=env, capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")
    assert heard.exists() is told
    if told:
        assert heard.read_text(encoding="utf-8") == "shutdown\n"


def test_the_screen_starts_the_unit_that_is_installed(root: Path) -> None:
    assert (root / "etc/systemd/system" / UNIT).is_file()
    assert UNIT in COMMAND


def test_the_device_program_alone_may_use_smart_cards() -> None:
    for action in ("access_pcsc", "access_card"):
        assert _polkit("kiosk-devices", f"org.debian.pcsc-lite.{action}") == "yes"
        assert _polkit("kiosk", f"org.debian.pcsc-lite.{action}") == "no"


@pytest.mark.parametrize(
    ("user", "action", "details"),
    [
        ("kiosk", MANAGE, {"unit": "ssh.service", "verb": "restart"}),
        ("kiosk", MANAGE, {"unit": "kiosk-run.service", "verb": "stop"}),
        ("kiosk", "org.freedesktop.login1.power-off", {}),
        ("kiosk", "org.freedesktop.NetworkManager.settings.modify.system", {}),
        ("kiosk-devices", "org.freedesktop.login1.reboot", {}),
        ("kiosk-devices", MANAGE, {"unit": "kiosk-devices.service", "verb": "restart"}),
    ],
)
def test_and_nothing_else(user: str, action: str, details: dict[str, str]) -> None:
    assert _polkit(user, action, **details) == "no"


def test_others_are_not_this_rules_business() -> None:
    assert _polkit("root", "org.freedesktop.login1.power-off") == "not handled"
