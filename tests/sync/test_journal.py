"""The journal: append-only, gapless, chained, one writer, and readable by others as ciphertext."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

import sync.outbox.sender
from config import crashpoints
from sync.chain import ChainWalk
from sync.errors import (
    ChainBroken,
    EffectOrder,
    RecordError,
    StoreCorrupt,
    StoreLocked,
    StoreMissing,
    StoreOutdated,
    VisitStillOpen,
)
from sync.journal import Journal, JournalReader, Phase, commit_points
from sync.models import EffectKind
from sync.records import SignedRecord
from sync.sqlite import WRITER_PRAGMAS
from tests.sync.support import BUREAU_SEALING, CLOCK, NAME, NUMBER, Terminal, entry, make_terminal, new_key


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return make_terminal(tmp_path)


def raw(terminal: Terminal) -> sqlite.Connection:
    return sqlite.connect(str(terminal.journal_path), isolation_level=None)


def files_of(terminal: Terminal) -> bytes:
    """Every byte of the database and its WAL."""
    found = sorted(terminal.state.glob("journal.db*"))
    return b"".join(p.read_bytes() for p in found if p.suffix not in (".ballast", ".lock"))


def test_what_was_recorded_is_read_back_after_a_restart(terminal: Terminal) -> None:
    key = new_key()
    with terminal.journal() as journal:
        first = journal.append(entry(Phase.INTENT, key))
        journal.append_all(
            [entry(Phase.OUTCOME, key, body={"case": "C-1"}), entry(Phase.SETTLED, key, body={})]
        )
    with terminal.journal() as journal:
        records = list(journal.read())
        assert [r.record.seq for r in records] == [1, 2, 3]
        assert records[0].envelope == first.envelope
        assert records[1].body == {"case": "C-1"}
        assert journal.append(entry(Phase.NOTE)).record.seq == 4
        journal.verify()


def test_each_record_is_chained_signed_and_sealed_for_the_bureau(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        for _ in range(3):
            journal.append(entry(Phase.INTENT, new_key()))
    walk = ChainWalk(terminal.identity.terminal, terminal.identity.epoch, terminal.identity.verifier)
    for signed in JournalReader(terminal.journal_path).chain(terminal.identity.epoch, 0, 10, 1 << 20):
        walk.follow(signed)
        assert signed.record.open(BUREAU_SEALING)["subject"]["person"]["name"] == NAME
    assert walk.seq == 3


def test_nothing_personal_is_in_any_file(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        journal.append(entry(Phase.INTENT, new_key(), taxpayer="91530102MA6K0XXX3Q"))
        journal.append(entry(Phase.NOTE))
        everything = b"".join(p.read_bytes() for p in terminal.state.rglob("*") if p.is_file())
    for canary in (NAME.encode(), NUMBER.encode(), b"91530102MA6K0XXX3Q"):
        assert canary not in everything


def test_every_pragma_is_set_and_the_file_is_for_owner_and_group(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        connection = journal._file.connection
        for name, (_, expected) in WRITER_PRAGMAS.items():
            with connection.begin():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == expected, name
        assert terminal.journal_path.stat().st_mode & 0o777 == 0o640


def test_records_are_never_changed_or_deleted_and_have_no_gaps(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        journal.append(entry(Phase.NOTE))
        other = raw(terminal)
        for statement in (
            "UPDATE record SET kind = 'x'",
            "DELETE FROM record",
            "INSERT INTO record SELECT 3, epoch, 2, '', '', '', 'note', NULL, '', x'' FROM record",
            "INSERT INTO record SELECT 2, epoch, 3, '', '', '', 'note', NULL, '', x'' FROM record",
            "INSERT OR REPLACE INTO record SELECT 1, epoch, 1, '', '', '', 'note', NULL, '', x'' FROM record",
            "INSERT INTO record SELECT 2, epoch, 2, '', '', '', 'later', NULL, '', x'' FROM record",
        ):
            with pytest.raises(sqlite.IntegrityError):
                other.execute(statement)
        other.close()
        journal.verify()


def test_a_second_writer_is_refused_with_words_and_the_first_goes_on(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        with pytest.raises(StoreLocked, match="another program writes"):
            terminal.journal()
        journal.append(entry(Phase.NOTE))
    terminal.journal().close()


def test_several_entries_are_one_commit_or_none(terminal: Terminal) -> None:
    key = new_key()
    with terminal.journal() as journal:
        with pytest.raises(EffectOrder):
            journal.append_all([entry(Phase.INTENT, key), entry(Phase.NOTE), entry(Phase.INTENT, key)])
        assert list(journal.read()) == []
        assert journal.append(entry(Phase.NOTE)).record.seq == 1
        with pytest.raises(RecordError):
            journal.append_all([entry(Phase.NOTE), entry(Phase.NOTE, body={"amount": 1 << 70})])
        assert journal.append(entry(Phase.NOTE)).record.seq == 2
        journal.verify()


def test_an_effect_begins_with_its_intent_and_ends_when_settled(terminal: Terminal) -> None:
    key = new_key()
    with terminal.journal() as journal:
        for phase in (Phase.OUTCOME, Phase.HANDOVER, Phase.SETTLED):
            with pytest.raises(EffectOrder, match="without an intent"):
                journal.append(entry(phase, key))
        journal.append(entry(Phase.INTENT, key))
        with pytest.raises(EffectOrder, match="make a new key"):
            journal.append(entry(Phase.INTENT, key))
        journal.append(entry(Phase.HANDOVER, key))
        with pytest.raises(EffectOrder, match="handed over already"):
            journal.append(entry(Phase.HANDOVER, key))
        journal.append(entry(Phase.OUTCOME, key))
        journal.append(entry(Phase.OUTCOME, key))  # a later, better word about what came of it
        journal.append(entry(Phase.SETTLED, key))
        for phase in (Phase.OUTCOME, Phase.SETTLED, Phase.HANDOVER):
            with pytest.raises(EffectOrder, match="settled"):
                journal.append(entry(phase, key))
        journal.append(entry(Phase.NOTE, key))


def test_open_effects_tell_what_must_be_probed_and_what_is_under_way(terminal: Terminal) -> None:
    undecided, handed, decided, settled = (new_key() for _ in range(4))
    with terminal.journal() as journal:
        for key in (undecided, handed, decided, settled):
            journal.append(entry(Phase.INTENT, key))
        journal.append(entry(Phase.HANDOVER, handed))
        journal.append(entry(Phase.OUTCOME, decided))
        journal.append_all([entry(Phase.OUTCOME, settled), entry(Phase.SETTLED, settled)])
    with terminal.journal() as journal:
        found = {e.key: e for e in journal.open_effects()}
        assert list(found) == [undecided, handed, decided]
        assert [found[k].undecided for k in (undecided, handed, decided)] == [True, False, False]
        assert found[handed].handed_over
        assert found[handed].phase is Phase.HANDOVER
        assert found[undecided].intent.body is not None
        assert found[undecided].intent.body["key"] == undecided
        history = journal.effect(settled)
        assert history is not None
        assert history.settled
        assert history.outcome is not None
        assert history.kind == "declaration.submit"
        assert journal.effect(new_key()) is None


def test_one_transactions_records_can_be_read_alone(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        for number in range(450):
            journal.append(entry(Phase.NOTE, transaction=f"t-{number % 2}", body={"n": number}))
        assert [r.body["n"] for r in journal.read("t-1") if r.body] == list(range(1, 450, 2))
        assert len(list(journal.read())) == 450


def test_shredding_leaves_the_record_to_the_bureau_alone(terminal: Terminal) -> None:
    key = new_key()
    with terminal.journal() as journal:
        journal.append(entry(Phase.INTENT, key))
        journal.append(entry(Phase.NOTE, visit="v-2"))
        wrapped = raw(terminal).execute("SELECT wrapped FROM visit_key WHERE visit = 'v-1'").fetchone()[0]
        with pytest.raises(VisitStillOpen, match=key):
            journal.shred("v-1")
        journal.append(entry(Phase.HANDOVER, key))
        assert wrapped in files_of(terminal)
        journal.shred("v-1")
        assert wrapped not in files_of(terminal)
        bodies = [r.body for r in journal.read()]
        assert bodies[0] is None
        assert bodies[1] == {"said": NAME}
        assert journal.visits_with_key() == {"v-2"}
        history = journal.effect(key)
        assert history is not None
        assert history.intent.signed.record.open(BUREAU_SEALING)["key"] == key
        # life goes on in a shredded visit, under a new key
        journal.append(entry(Phase.SETTLED, key, body={"state": "accepted"}))
        assert [r.body for r in journal.read()][-1] == {"state": "accepted"}
        journal.verify()
    with terminal.journal() as journal:
        assert next(iter(journal.read())).body is None


def test_a_new_enrolment_begins_a_new_chain_in_the_same_file(terminal: Terminal, tmp_path: Path) -> None:
    with terminal.journal() as journal:
        journal.append(entry(Phase.NOTE))
    again = make_terminal(tmp_path / "again", epoch="e2")
    with Journal.open(terminal.journal_path, again.identity, terminal.keystore, CLOCK) as journal:
        assert journal.append(entry(Phase.NOTE, visit="v-9")).record.seq == 1
        journal.verify()
        assert [(r.record.epoch, r.record.seq, r.position) for r in journal.read()] == [
            ("e1f00000000000a1", 1, 1),
            ("e2", 1, 2),
        ]
    reader = JournalReader(terminal.journal_path)
    assert reader.epochs() == ["e1f00000000000a1", "e2"]


def test_threads_may_share_it(terminal: Terminal) -> None:
    with terminal.journal() as journal:

        def work() -> None:
            for _ in range(20):
                journal.append(entry(Phase.INTENT, new_key()))
                journal.open_effects("nobody")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [r.record.seq for r in journal.read()] == list(range(1, 81))
        journal.verify()


def test_the_clock_bound_and_boot_are_recorded(terminal: Terminal) -> None:
    bounds = iter([None, 250])
    with terminal.journal(clock_error_ms=lambda: next(bounds)) as journal:
        first, second = journal.append(entry(Phase.NOTE)), journal.append(entry(Phase.NOTE))
    assert (first.record.moment.error_ms, second.record.moment.error_ms) == (None, 250)
    assert second.record.moment.mono_ms >= first.record.moment.mono_ms
    assert CLOCK.now() - timedelta(minutes=1) < first.record.moment.wall <= CLOCK.now(), "business time"
    assert first.record.moment.boot_id == Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def test_a_file_that_is_none_or_of_another_layout_is_named(terminal: Terminal, tmp_path: Path) -> None:
    terminal.journal_path.write_bytes(b"this is not a database " * 400)
    with pytest.raises(StoreCorrupt, match="salvage"):
        terminal.journal()
    terminal.journal_path.unlink()
    other = sqlite.connect(str(terminal.journal_path))
    other.execute("CREATE TABLE something (x)")
    other.commit()
    other.close()
    with pytest.raises(StoreCorrupt, match="other program"):
        terminal.journal()
    terminal.journal_path.unlink()
    terminal.journal().close()
    other = raw(terminal)
    other.execute("PRAGMA user_version = 7")
    other.close()
    with pytest.raises(StoreOutdated, match="layout 7"):
        terminal.journal()


def tampered(terminal: Terminal, change: str) -> None:
    """Change the file as only somebody with the disk in hand can: without its triggers."""
    other = raw(terminal)
    triggers = other.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        other.execute(f"DROP TRIGGER {name}")
    other.execute(change)
    for _, sql in triggers:
        other.execute(sql)
    other.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("DELETE FROM record WHERE position = 3", "missing"),
        ("UPDATE record SET kind = 'nothing' WHERE position = 2", "does not agree"),
        (
            "UPDATE record SET envelope = (SELECT envelope FROM record WHERE position = 1) WHERE position = 2",
            ".",
        ),
        ("UPDATE record SET envelope = x'00' WHERE position = 2", "cannot be read"),
        ("UPDATE record SET key = 'k' WHERE position = 2", "does not agree"),
    ],
)
def test_tampering_is_found_at_the_next_start(terminal: Terminal, change: str, why: str) -> None:
    with terminal.journal() as journal:
        for _ in range(5):
            journal.append(entry(Phase.NOTE))
    tampered(terminal, change)
    with pytest.raises(ChainBroken, match=why):
        terminal.journal()


def test_tampering_far_back_is_found_by_the_whole_check(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        for _ in range(80):
            journal.append(entry(Phase.NOTE))
    tampered(terminal, "UPDATE record SET visit = 'v-0' WHERE position = 5")
    with terminal.journal() as journal, pytest.raises(ChainBroken) as caught:
        journal.verify()
    assert caught.value.seq == 5


def test_readers_follow_a_living_writer_and_see_no_plain_text(terminal: Terminal) -> None:
    reader = JournalReader(terminal.journal_path)
    with pytest.raises(StoreMissing):
        reader.end()
    key = new_key()
    with terminal.journal() as journal:
        made = journal.append(entry(Phase.INTENT, key, taxpayer="T1"))
        assert reader.end() == 1
        journal.append(entry(Phase.HANDOVER, key))
        journal.append(entry(Phase.INTENT, new_key(), taxpayer="T1"))
        journal.append(entry(Phase.INTENT, new_key(), taxpayer="T2"))
        rows = reader.rows(0)
        assert [row.phase for row in rows[:2]] == [Phase.INTENT, Phase.HANDOVER]
        tags = [row.order_tag for row in rows]
        assert tags[0] == tags[1] == tags[2] != tags[3]
        assert "T1" not in tags[0]
        found = reader.intent(key)
        assert isinstance(found, SignedRecord)
        assert found.envelope == made.envelope
        assert reader.at(terminal.identity.epoch, 2) is not None
        assert reader.at(terminal.identity.epoch, 9) is None
        assert len(reader.chain(terminal.identity.epoch, 0, 3, 1 << 20)) == 3
        assert len(reader.chain(terminal.identity.epoch, 0, 3, 1)) == 1
    assert reader.end() == 4  # the writer has gone
    reader.close()
    with terminal.journal() as journal:
        journal.append(entry(Phase.NOTE))
        assert reader.end() == 5
    reader.close()


def test_a_reader_finds_a_file_that_was_replaced(terminal: Terminal, tmp_path: Path) -> None:
    reader = JournalReader(terminal.journal_path)
    with terminal.journal() as journal:
        journal.append_all([entry(Phase.NOTE), entry(Phase.NOTE)])
        assert reader.end() == 2
    for file in terminal.state.glob("journal.db*"):
        file.unlink()
    with terminal.journal() as journal:
        journal.append(entry(Phase.NOTE))
        assert reader.end() == 1
    reader.close()


def test_every_commit_point_of_every_effect_can_be_named() -> None:
    names = commit_points.names()
    for kind in EffectKind:
        for phase in ("intent", "handover", "outcome", "settled"):
            assert f"{kind}.{phase}" in names
    assert "journal:before:payment.create.intent" in crashpoints.names("journal")
    assert sync.outbox.sender.SLEEP_S <= 1.0
    assert "sync:after:receipt" in crashpoints.names("sync")
    commit_points.register("print", Phase.INTENT, Phase.OUTCOME)
    assert "journal:after:print.outcome" in crashpoints.names("journal")
