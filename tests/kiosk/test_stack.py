"""The stack of a demonstration: what it makes is private, as on a terminal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bureau.officers.roles import Role, apart
from kiosk.checks import state
from kiosk.checks.finding import Level
from kiosk.cities import FOLDER
from kiosk.stack import DEMO_OFFICERS, Plan, Stack


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(Stack, "_command", lambda self, *words: "")
    monkeypatch.delenv(FOLDER)  # so nothing is generated that could be kept
    return Stack(Plan(tmp_path / "demo"))


def test_its_folders_are_open_to_nobody_else(stack: Stack) -> None:
    stack.prepare()
    made = [stack.plan.root, *(path for path in stack.plan.root.rglob("*") if path.is_dir())]
    assert stack.state_dir in made
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


def test_the_doctor_has_nothing_to_mend_about_the_state_folder(stack: Stack) -> None:
    stack.prepare()
    found = state.folder(stack.state_dir, production=False, free=10 << 30)
    assert {finding.level for finding in found} == {Level.OK}


def test_folders_of_an_earlier_run_are_closed(stack: Stack) -> None:
    stack.prepare()
    stack.state_dir.chmod(0o755)
    stack.prepare()
    assert stat.S_IMODE(stack.state_dir.stat().st_mode) == 0o700


def test_a_second_terminal_belongs_to_the_centre_of_the_first_and_starts_none(
    stack: Stack, tmp_path: Path
) -> None:
    stack.prepare()
    second = Stack(Plan(tmp_path / "second", terminal="A-08", sheets=0, centre=stack.plan.root))
    second.prepare()
    assert (second.bureau_url, second.acquirer_url) == (stack.bureau_url, stack.acquirer_url)
    assert not {second.ports[name] for name in ("devices", "control")} & set(stack.ports.values())
    assert second.offset_s == stack.offset_s
    assert second.env()["BUREAU_STATE_DIR"] == stack.env()["BUREAU_STATE_DIR"]
    assert second.personas_file == stack.personas_file
    assert not {"acquirer", "bureau"} & set(second.programs)
    assert str(stack.centre_dir) in second.terminal_file.read_text()


def test_somebody_of_the_demonstration_has_each_desk_of_the_console_and_nobody_checks_themselves() -> None:
    held = [[Role(role) for role in roles] for _, _, roles in DEMO_OFFICERS]
    assert all(apart(roles) for roles in held)
    assert {role for roles in held for role in roles} == set(Role)
