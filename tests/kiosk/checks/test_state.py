"""The doctor on the state directory: rights, room, databases, enrolment."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
import pytest

from kiosk.checks import state
from kiosk.checks.finding import Finding, Level
from sync.errors import ChainBroken
from sync.journal import Phase
from sync.models import Enrolled
from tests.sync.support import Terminal, entry, make_terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk"
    path.mkdir(mode=0o770)
    path.chmod(0o770)
    return path


def _faults(found: list[Finding]) -> list[str]:
    return [f.what for f in found if f.level is Level.FAULT]


def test_a_good_folder_has_nothing_to_mend_and_keeps_nothing_of_the_check(folder: Path) -> None:
    assert _faults(list(state.folder(folder, production=False, free=10 << 30))) == []
    assert list(folder.iterdir()) == []


def test_a_missing_folder_is_told_with_how_to_make_it(tmp_path: Path) -> None:
    (found,) = state.folder(tmp_path / "none", production=True)
    assert "install -d -m 2770" in found.fix


def test_a_folder_open_to_every_user_is_refused(folder: Path) -> None:
    folder.chmod(0o775)
    assert _faults(list(state.folder(folder, production=False, free=10 << 30))) == [
        f"{folder} is open to every user"
    ]


@pytest.mark.parametrize(
    ("free", "level"), [(100 << 20, Level.FAULT), (500 << 20, Level.NOTE), (2 << 30, Level.OK)]
)
def test_room_is_measured(folder: Path, free: int, level: Level) -> None:
    (found,) = [f for f in state.folder(folder, production=False, free=free) if f.check == "room"]
    assert found.level is level


def test_a_file_system_that_forgets_is_refused_in_production() -> None:
    mounts = "overlay / overlay rw 0 0\n/dev/sda2 /var ext4 rw 0 0\ntmpfs /var/lib/kio\\040sk tmpfs rw 0 0\n"
    assert state.file_system(Path("/var/lib/other"), mounts) == "ext4"
    assert state.file_system(Path("/var/lib/kio sk/x"), mounts) == "tmpfs"
    assert state.file_system(Path("/srv"), mounts) == "overlay"
    assert state.file_system(Path("/variant"), mounts) == "overlay"
    assert state.file_system(Path("/srv"), "") == "unknown"


def test_whole_and_damaged_databases_are_told_apart(folder: Path) -> None:
    for name in ("devices.db", "sync.db"):
        connection = pysqlite3.connect(str(folder / name))
        connection.execute("CREATE TABLE t (n)")
        connection.commit()
        connection.close()
    raw = bytearray((folder / "sync.db").read_bytes())
    raw[100:400] = os.urandom(300)
    (folder / "sync.db").write_bytes(raw)
    levels = {f.what.split()[0]: f.level for f in state.databases(folder)}
    assert levels == {"devices.db": Level.OK, "sync.db": Level.FAULT}


def _journalled(folder: Path) -> Terminal:
    terminal = make_terminal(folder)
    with terminal.journal() as journal:
        for _ in range(80):
            journal.append(entry(Phase.NOTE))
    return terminal


def _flip_a_byte(folder: Path, position: int) -> None:
    connection = pysqlite3.connect(str(folder / "journal.db"))
    try:
        query = "SELECT envelope FROM record WHERE position = ?"
        envelope = bytearray(connection.execute(query, (position,)).fetchone()[0])
        envelope[len(envelope) // 2] ^= 1
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE record SET envelope = ? WHERE position = ?", (bytes(envelope), position))
        connection.commit()
    finally:
        connection.close()


def test_a_journal_that_holds_together_is_whole_also_while_it_is_written(folder: Path) -> None:
    terminal = _journalled(folder)
    with terminal.journal():
        (found,) = state.databases(folder)
    assert (found.level, found.what) == (Level.OK, "journal.db is whole, each record linked and signed")


@pytest.mark.parametrize("position", [3, 79])
def test_a_byte_changed_in_the_journal_is_told_as_kiosk_run_would(folder: Path, position: int) -> None:
    terminal = _journalled(folder)
    _flip_a_byte(folder, position)
    (found,) = state.databases(folder)
    assert found.level is Level.FAULT
    assert f"record {position} of epoch {terminal.identity.epoch}" in found.what
    assert "keep a copy" in found.fix
    if position == 79:  # among the last records, which a start looks at
        with pytest.raises(ChainBroken):
            terminal.journal()


def test_without_its_keys_the_links_are_checked_all_the_same(folder: Path) -> None:
    terminal = _journalled(folder)
    (folder / "enrolment.json").unlink()
    (found,) = state.databases(folder)
    assert (found.level, "signatures not checked" in found.what) == (Level.NOTE, True)
    _flip_a_byte(folder, 40)
    (found,) = state.databases(folder)
    assert (found.level, "record 41" in found.what or "record 40" in found.what) == (Level.FAULT, True)
    assert terminal.identity.epoch in found.what


def test_a_file_that_is_no_journal_is_a_fault(folder: Path) -> None:
    connection = pysqlite3.connect(str(folder / "journal.db"))
    connection.execute("CREATE TABLE t (n)")
    connection.commit()
    connection.close()
    (found,) = state.databases(folder)
    assert found.level is Level.FAULT


def _enrol(folder: Path, mode: int = 0o600, keys: bool = True) -> Path:
    enrolled = Enrolled(
        terminal="T-0001",
        epoch="ab" * 8,
        hall="H1",
        hall_name={"zh-CN": "中心大厅", "en-US": "Central hall"},
        bureau_name={"zh-CN": "局", "en-US": "Bureau"},
        public_url="https://bureau.example",
        bureau_sealing_key="",
        bureau_verify_key="",
        enrolled_at=datetime(2026, 10, 12, tzinfo=UTC),
    )
    file = folder / "enrolment.json"
    file.write_text(enrolled.model_dump_json(), encoding="utf-8")
    file.chmod(mode)
    if keys:
        (folder / "keys").mkdir()
        (folder / "keys" / "terminal-signing").touch()
    return file


def test_an_enrolled_terminal_says_who_it_is(folder: Path) -> None:
    _enrol(folder)
    (found,) = state.enrolment(folder)
    assert (found.level, found.what) == (Level.OK, "enrolled as T-0001 in 中心大厅")


@pytest.mark.parametrize(
    ("prepare", "what"),
    [
        (lambda folder: None, "is not enrolled"),
        (lambda folder: (folder / "enrolment.json").write_text("{}"), "is damaged"),
        (lambda folder: _enrol(folder, 0o644), "may be read by others"),
        (lambda folder: _enrol(folder, keys=False), "its keys are not there"),
        (lambda folder: (folder / "enrolment.json").mkdir(), "cannot be read"),
    ],
)
def test_what_is_wrong_with_an_enrolment_is_told(
    folder: Path, prepare: Callable[[Path], object], what: str
) -> None:
    prepare(folder)
    (found,) = state.enrolment(folder)
    assert found.level is Level.FAULT
    assert what in found.what
    assert found.fix


def test_tokens_are_there_and_private(folder: Path) -> None:
    file = folder / "tokens.json"
    assert [f.level for f in state.tokens(file)] == [Level.NOTE]
    file.write_text("{}", encoding="utf-8")
    file.chmod(0o644)
    assert [f.level for f in state.tokens(file)] == [Level.FAULT]
    file.chmod(0o640)
    assert [f.level for f in state.tokens(file)] == [Level.OK]
