"""Readers of another program's file: another user, after a clean stop, after a kill, and while it comes back."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from sync.crypto import SealedFileKeyStore
from sync.errors import StoreCorrupt, StoreError, StoreFailed, StoreLocked, StoreMissing
from sync.journal import JournalReader, Phase
from sync.models import EffectAnswer, EffectState
from sync.receipts import ClockEstimate, Receipts
from sync.store import SyncStore
from tests.sync.processes import Say, fork
from tests.sync.support import CLOCK, entry, make_terminal, new_key

NOBODY = 65534
MOMENT = CLOCK.now()


def as_a_member_of_the_group(folder: Path) -> None:
    """Be another user who may read but not write the folder (a root user is never refused anything)."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(folder.stat().st_gid)
        os.setuid(NOBODY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state directory whose path another user may enter."""
    for parent in (tmp_path, *tmp_path.parents):
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXGRP | stat.S_IRGRP | stat.S_IXOTH)
    return tmp_path


def test_another_user_reads_while_the_writer_runs_and_after_its_clean_stop(folder: Path) -> None:
    terminal = make_terminal(folder)

    def until(name: str) -> None:
        while not (folder / name).exists():
            time.sleep(0.005)

    def read(say: Say) -> None:
        as_a_member_of_the_group(folder)
        reader = JournalReader(terminal.journal_path)
        until("running")
        say(f"running:{reader.end()}")
        reader.close()
        say("closed")
        until("stopped")
        assert not (folder / "journal.db-shm").exists()
        say(f"stopped:{reader.end()}")
        until("again")
        say(f"again:{reader.end()}")

    child = fork(read)  # before the journal is open: a forked child would keep its lock
    journal = terminal.journal()
    journal.append(entry(Phase.NOTE))
    (folder / "running").touch()
    child.wait_for("running:1\nclosed")
    journal.append(entry(Phase.NOTE))
    journal.close()
    (folder / "stopped").touch()
    child.wait_for("stopped:2")
    with terminal.journal() as journal:
        journal.append(entry(Phase.NOTE))
        (folder / "again").touch()
        child.wait_for("again:3")
        child.end()
    assert child.status == 0


def test_after_a_kill_the_reader_sees_every_commit(folder: Path) -> None:
    terminal = make_terminal(folder)

    def write(say: Say) -> None:
        journal = terminal.journal()
        journal.append_all([entry(Phase.NOTE)] * 3)
        say("written")
        os.kill(os.getpid(), 9)

    child = fork(write)
    child.end()
    reader = JournalReader(terminal.journal_path)
    assert reader.end() == 3
    reader.close()


def test_an_idle_file_is_not_read_while_a_writer_starts(folder: Path) -> None:
    terminal = make_terminal(folder)
    terminal.journal().close()

    def read(say: Say) -> None:
        as_a_member_of_the_group(folder)
        reader = JournalReader(terminal.journal_path)
        try:
            say(reader.end())
        except StoreLocked:
            say("locked")

    if os.getuid() != 0:
        folder.chmod(0o550)
    from sync.sqlite import WriterLock

    lock = WriterLock(terminal.journal_path)
    assert fork(read).end() == ["locked"]
    lock.release()
    assert fork(read).end() == ["0"]


def test_a_file_that_is_no_database_is_named_by_readers_too(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises((StoreCorrupt, StoreFailed)):
        JournalReader(tmp_path / "journal.db").end()
    with pytest.raises(StoreMissing):
        JournalReader(tmp_path / "absent.db").end()


def answer(key: str, incarnation: str = "1") -> EffectAnswer:
    return EffectAnswer(
        key=key,
        state=EffectState.ACCEPTED,
        result={"declaration": "D-1", "name": "云川禾木文具有限公司"},
        received_at=MOMENT,
        incarnation=incarnation,
    )


def test_receipts_are_sealed_at_rest_and_read_by_key(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "sync.db")
    assert receipts.for_key("x") is None
    assert receipts.parked() == []
    assert receipts.online() is None
    assert receipts.clock_error_ms() is None
    key = new_key()
    store = SyncStore(tmp_path / "sync.db", SealedFileKeyStore(tmp_path / "keys"))
    store.answered("declaration.submit", answer(key), "1")
    assert receipts.for_key(key) == answer(key)
    assert receipts.for_key(new_key()) is None
    stored = b"".join(p.read_bytes() for p in tmp_path.glob("sync.db*"))
    assert "云川禾木".encode() not in stored
    store.put({"status": {"online": False}})
    assert receipts.online() is False
    store.forget_answers([key])
    assert receipts.for_key(key) is None
    assert store.receipts() == {key: "1"}
    assert store.full_answers() == set()
    with pytest.raises(StoreLocked):
        SyncStore(tmp_path / "sync.db", SealedFileKeyStore(tmp_path / "keys"))
    store.close()
    receipts.close()


def test_refusals_are_counted_across_restarts_and_the_third_parks(tmp_path: Path) -> None:
    keystore = SealedFileKeyStore(tmp_path / "keys")
    for number in (1, 2, 3):
        store = SyncStore(tmp_path / "sync.db", keystore)
        trouble = store.refused("k", "key-reused", 3)
        assert (trouble.refusals, trouble.parked) == (number, number == 3)
        store.close()
    receipts = Receipts(tmp_path / "sync.db", keystore)
    assert [(t.key, t.reason) for t in receipts.parked()] == [("k", "key-reused")]
    store = SyncStore(tmp_path / "sync.db", keystore)
    assert store.release("k")
    assert not store.release("k")
    assert receipts.parked() == []
    store.refused("k", "again", 3)
    store.answered("x", answer("k"), "1")
    assert store.troubles() == []
    store.close()


def test_the_clocks_bound_grows_with_time_and_ends_with_the_boot() -> None:
    estimate = ClockEstimate(offset_ms=-300, error_ms=20, boot_id="b", mono_ms=1000)
    assert estimate.bound_ms(1000, "b") == 321
    assert estimate.bound_ms(1000 + 3_600_000, "b") == 321 + 720
    assert estimate.bound_ms(1000, "other") is None
    assert ClockEstimate.parse(None) is None


def test_a_damaged_sync_database_does_not_stop_the_journal(tmp_path: Path) -> None:
    (tmp_path / "sync.db").write_bytes(b"nonsense" * 1000)
    receipts = Receipts(tmp_path / "sync.db")
    with pytest.raises(StoreError):
        receipts.parked()
    terminal = make_terminal(tmp_path)
    with terminal.journal(clock_error_ms=receipts.clock_error_ms) as journal:
        assert journal.append(entry(Phase.NOTE)).record.moment.error_ms is None
