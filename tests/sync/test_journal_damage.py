"""Power cuts, bad media and full disks: found, named, and never silently something else."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sync.cli import EXIT_LEFT, app
from sync.errors import ChainBroken, OutputRefused, StoreCorrupt, StoreError, StoreFailed, StoreFull
from sync.journal import Journal, Phase
from sync.journal.ballast import Ballast
from sync.salvage import read_salvaged, salvage
from tests.sync.processes import Say, fork
from tests.sync.support import Terminal, entry, make_terminal, new_key

PAGE = 4096


def copy_of(terminal: Terminal, folder: Path) -> Terminal:
    """The database as it would be found after a power cut: file and WAL, no shared memory."""
    folder.mkdir()
    shutil.copytree(terminal.state / "keys", folder / "keys")
    shutil.copy(terminal.state / "enrolment.json", folder)
    for name in ("journal.db", "journal.db-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy(terminal.state / name, folder)
    return make_terminal(folder)


def test_a_torn_tail_of_the_wal_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    dice = random.Random(7)
    terminal = make_terminal(tmp_path / "t")
    sizes: list[int] = []  # the WAL's size when the n-th record was acknowledged
    wal = terminal.state / "journal.db-wal"
    with terminal.journal(ballast_bytes=0) as journal:
        for _ in range(12):
            journal.append(entry(Phase.NOTE, body={"text": "x" * dice.randrange(3000)}))
            sizes.append(wal.stat().st_size)
        whole = wal.read_bytes()
        for number in range(40):
            torn = copy_of(terminal, tmp_path / f"torn-{number}")
            cut = dice.randrange(len(whole) + 1)
            tail = b"" if number % 2 else dice.randbytes(len(whole) - cut)
            (torn.state / "journal.db-wal").write_bytes(whole[:cut] + tail)
            if cut < sizes[0]:  # the file's own creation is in the WAL's first frames
                continue
            safe = sum(size <= cut for size in sizes)
            with torn.journal(ballast_bytes=0) as found:
                found.verify()
                count = found.head.seq - 1
                assert count == safe, "exactly what was acknowledged before the cut"
                assert found.append(entry(Phase.NOTE)).record.seq == count + 1
            shutil.rmtree(torn.state)


def test_a_flipped_byte_on_any_page_is_found_or_changes_nothing(tmp_path: Path) -> None:
    dice = random.Random(11)
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        for number in range(40):
            journal.append(entry(Phase.NOTE, body={"n": number, "text": "x" * 900}))
        original = [r.envelope for r in journal.read()]
    sound = terminal.journal_path.read_bytes()
    found = 0
    for page in range(len(sound) // PAGE):
        damaged = copy_of(terminal, tmp_path / f"rot-{page}")
        content = bytearray(sound)
        content[page * PAGE + dice.randrange(PAGE)] ^= 1 << dice.randrange(8)
        damaged.journal_path.write_bytes(content)
        try:
            with damaged.journal(ballast_bytes=0) as opened:
                opened.verify()
                assert [r.envelope for r in opened.read()] == original
        except (StoreCorrupt, ChainBroken):
            found += 1
        shutil.rmtree(damaged.state)
    assert found > len(sound) // PAGE // 3


def test_a_cut_file_is_corrupt_and_its_readable_records_can_be_saved(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        for number in range(60):
            journal.append(entry(Phase.INTENT, new_key(), body={"n": number, "text": "x" * 900}))
    sound = terminal.journal_path.read_bytes()
    terminal.journal_path.write_bytes(sound[: len(sound) * 2 // 3])
    with pytest.raises(StoreCorrupt, match="enrol again") as caught:
        terminal.journal()
    assert caught.value.path == terminal.journal_path
    output = tmp_path / "saved.cbor"
    result = salvage(terminal.journal_path, output, terminal.identity)
    saved = [signed.verify(terminal.identity.verifier).seq for signed in read_salvaged(output).records]
    assert len(saved) == result.saved > 20
    assert saved == sorted(saved)
    assert output.stat().st_mode & 0o077 == 0


def test_a_journal_without_a_record_is_told_from_one_that_was_saved(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)
    terminal.journal(ballast_bytes=0).close()
    output = tmp_path / "out"
    told = CliRunner().invoke(app, ["salvage", str(output), "--journal", str(terminal.journal_path)])
    assert told.exit_code == EXIT_LEFT and "no record" in told.output and not output.exists()


def test_salvage_of_a_sound_journal_loses_nothing_and_of_rubbish_says_so(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)
    with terminal.journal(ballast_bytes=0) as journal:
        made = [journal.append(entry(Phase.NOTE)).envelope for _ in range(3)]
    result = salvage(terminal.journal_path, tmp_path / "out", terminal.identity)
    assert (result.saved, result.lost) == (3, 0)
    assert [s.envelope for s in read_salvaged(tmp_path / "out").records] == made
    terminal.journal_path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError):
        salvage(terminal.journal_path, tmp_path / "out2")


def test_a_save_never_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    output = tmp_path / "A-07"
    salvage(terminal.journal_path, output)
    first = output.read_bytes()
    terminal.journal_path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(OutputRefused, match="there already; give another name"):
        salvage(terminal.journal_path, output)
    assert output.read_bytes() == first
    with pytest.raises(OutputRefused, match="name a file in it"):
        salvage(terminal.journal_path, tmp_path)
    with pytest.raises(OutputRefused, match="cannot be written"):
        salvage(terminal.journal_path, tmp_path / "not mounted" / "A-07")
    with pytest.raises(StoreError):
        salvage(terminal.journal_path, tmp_path / "B")
    assert not (tmp_path / "B").exists(), "a file of nothing is not left behind"


def test_a_stick_that_is_pulled_out_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    output, stat = tmp_path / "A-07", Path.stat

    def gone(path: Path, **more: bool) -> os.stat_result:
        if path == output:
            raise OSError(errno.EIO, "Input/output error")
        return stat(path, **more)

    def pulled(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "stat", gone)
    monkeypatch.setattr(os, "fsync", pulled)
    with pytest.raises(OutputRefused, match="not whole.*save again to another place"):
        salvage(terminal.journal_path, output)


def test_a_disk_with_a_bad_block_still_gives_the_records_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        for number in range(60):
            journal.append(entry(Phase.INTENT, new_key(), body={"n": number, "text": "x" * 900}))
    read, bad = os.pread, terminal.journal_path.stat().st_size // 2 // 4096 * 4096

    def failing(descriptor: int, length: int, place: int) -> bytes:
        if place == bad:
            raise OSError(errno.EIO, "Input/output error")
        return read(descriptor, length, place)

    monkeypatch.setattr(os, "pread", failing)
    result = salvage(terminal.journal_path, tmp_path / "saved", terminal.identity)
    assert 40 < result.saved < 60


def test_what_cannot_be_read_and_what_has_no_room_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = make_terminal(tmp_path / "t")
    with terminal.journal(ballast_bytes=0) as journal:
        journal.append(entry(Phase.NOTE))
    with pytest.raises(StoreError, match="no-disk.*--journal"):
        salvage(tmp_path / "no-disk", tmp_path / "saved")
    (tmp_path / "text").write_text("no journal" * 999)
    with pytest.raises(StoreError, match="is no journal.*--journal"):
        salvage(tmp_path / "text", tmp_path / "saved")
    with pytest.raises(StoreFailed, match="Is a directory.*check the disk"):
        salvage(tmp_path, tmp_path / "saved")

    def full(file: object, blocks: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sync.salvage._fill", full)
        with pytest.raises(OutputRefused, match=r"copy of journal\.db.*TMPDIR"):
            salvage(terminal.journal_path, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def pages(journal: Journal, more: int) -> None:
    """Let the file grow by so many pages and no further."""
    connection = journal._file.connection
    with connection.begin():
        count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {count + more}")


def test_a_full_file_refuses_the_intent_and_nothing_is_half_written(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)
    with terminal.journal(ballast_bytes=0) as journal:
        begun = new_key()
        journal.append(entry(Phase.INTENT, begun))
        pages(journal, 4)
        refused = new_key()
        with pytest.raises(StoreFull, match="disk is full"):
            for _ in range(100):
                refused = new_key()
                journal.append(entry(Phase.INTENT, refused, visit=f"v-{refused}"))
        assert journal.effect(refused) is None
        journal.verify()
        before = journal.head
        with pytest.raises(StoreFull):
            journal.append_all([entry(Phase.OUTCOME, begun, body={"x": "y" * 9000})])
        assert journal.head == before
        pages(journal, 10_000)
        journal.append(entry(Phase.OUTCOME, begun))
        journal.append(entry(Phase.INTENT, refused, visit=f"v-{refused}"))
        journal.verify()
    terminal.journal().close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(where)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield where
    subprocess.run(["umount", str(where)], check=True)


def test_on_a_full_disk_what_has_begun_is_finished_and_nothing_new_begins(small_disk: Path) -> None:
    terminal = make_terminal(small_disk)
    with terminal.journal(ballast_bytes=512 << 10) as journal:
        begun = new_key()
        journal.append(entry(Phase.INTENT, begun))
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        ballast = Ballast(terminal.journal_path)
        assert ballast.held
        with pytest.raises(StoreFull):
            for _ in range(50):  # the WAL's last free blocks go first
                journal.append(entry(Phase.INTENT, new_key(), body={"text": "x" * 3000}))
        assert ballast.held, "an intent never takes the reserve"
        journal.append_all(
            [entry(Phase.OUTCOME, begun, body={"text": "x" * 3000}), entry(Phase.SETTLED, begun)]
        )
        assert not ballast.held
        journal.verify()
        filler.unlink()
    with terminal.journal(ballast_bytes=512 << 10) as journal:
        assert Ballast(terminal.journal_path).held, "the reserve is back when there is room"
        history = journal.effect(begun)
        assert history is not None
        assert history.settled


def test_an_io_error_is_named_and_the_effect_does_not_begin(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)

    def work(say: Say) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with terminal.journal(ballast_bytes=0) as journal:
            journal.append(entry(Phase.NOTE))
            limit = (terminal.state / "journal.db-wal").stat().st_size + 60_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                for _ in range(50):
                    say(journal.append(entry(Phase.INTENT, new_key())).record.seq)
            except StoreFailed as error:
                say(f"failed:{'disk' in str(error)}")
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            say(journal.append(entry(Phase.NOTE)).record.seq)

    words = fork(work).end()
    failed = words.index("failed:True")
    assert 0 < failed < 20, words
    assert int(words[-1]) == int(words[failed - 1]) + 1
    with terminal.journal() as journal:
        journal.verify()
        assert journal.head.seq - 1 == int(words[-1])


def test_a_ballast_too_large_for_the_disk_is_given_up_at_once(small_disk: Path) -> None:
    ballast = Ballast(small_disk / "x.db", 64 << 20)
    assert not ballast.hold()
    assert not ballast.held
    assert not ballast.release()
