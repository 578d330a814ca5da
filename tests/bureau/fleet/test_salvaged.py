"""What was saved from a dead terminal's disk, taken in by hand: on both stores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cbor2
import pytest
from sqlalchemy import func, select

from bureau.city.cases import KEY as HANDED_IN
from bureau.errors import FleetError
from bureau.fleet.salvaged import TakenIn, take_in
from bureau.store import tables
from sync.errors import RecordError
from sync.records import Entry, Phase, SignedRecord
from sync.salvage import read_salvaged
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

RATING = {"item": "wait", "level": 5, "reasons": []}


def after(terminal: Terminal, intent: SignedRecord, phase: Phase) -> SignedRecord:
    """A later record of the same effect."""
    record = intent.record
    entry = Entry(
        transaction="t-1", visit="v-1", step="submit", kind=record.kind, phase=phase, key=record.key, body={}
    )
    return terminal.record(entry)


def rated(terminal: Terminal, *phases: Phase) -> SignedRecord:
    """One rating, as far as those phases."""
    intent = terminal.intent("feedback.rate", RATING, subject("li-xiulan"), offline=True)
    for phase in phases:
        after(terminal, intent, phase)
    return intent


def taking(centre: Centre, records: list[SignedRecord]) -> TakenIn:
    c = centre.container
    return take_in(records, c.terminals, c.audit, c.submission, c.keys.sealing)


@pytest.fixture
def dead(terminal: Terminal, centre: Centre) -> Terminal:
    """It has sent nothing yet, and will not any more."""
    centre.container.terminals.set_state(terminal.name, "suspended", "struck by lightning")
    return terminal


def kept(centre: Centre) -> int:
    with centre.database.read() as connection:
        query = select(func.count()).select_from(tables.effect).where(tables.effect.c.key != HANDED_IN)
        return int(connection.execute(query).scalar_one())


def test_what_was_handed_over_is_carried_out_once_however_often_the_stick_comes(
    dead: Terminal, centre: Centre
) -> None:
    waiting = [rated(dead, Phase.HANDOVER) for _ in range(3)]
    dead.note("good bye")
    taken = taking(centre, dead.chain)
    assert taken.done
    assert [m.key for m in taken.carried_out] == [one.record.key for one in waiting]
    assert taken.carried_out[0].state == "accepted", "the others are refused: a visit is rated once"
    assert taken.held == {dead.identity.epoch: len(dead.chain)}
    again = taking(centre, dead.chain)
    assert again.carried_out == taken.carried_out
    assert kept(centre) == 3


def test_what_was_begun_and_never_decided_is_left_to_a_person(dead: Terminal, centre: Centre) -> None:
    rated(dead, Phase.HANDOVER)
    open_matter = rated(dead)
    rated(dead, Phase.OUTCOME, Phase.SETTLED)
    taken = taking(centre, dead.chain)
    assert not taken.done
    assert [m.key for m in taken.undecided] == [open_matter.record.key]
    assert len(taken.carried_out) == kept(centre) == 1


def test_a_gap_costs_the_chain_behind_it_and_no_matter_that_can_be_read(
    dead: Terminal, centre: Centre
) -> None:
    for _ in range(4):
        rated(dead, Phase.HANDOVER)
    readable = [signed for signed in dead.chain if signed.record.seq != 4]
    taken = taking(centre, readable)
    assert (taken.missing, taken.held[dead.identity.epoch]) == (1, 3)
    lost = dead.chain[2].record.key  # its handover was the record that cannot be read
    assert lost in {m.key for m in taken.undecided} | {m.key for m in taken.carried_out}
    assert len(taken.carried_out) == 3


def test_what_the_network_brought_before_is_not_done_again(dead: Terminal, centre: Centre) -> None:
    first = rated(dead, Phase.HANDOVER)
    answer = dead.send(first, queued=True)
    rated(dead, Phase.HANDOVER)
    taken = taking(centre, dead.chain)
    assert taken.carried_out[0].state == str(answer.state)
    assert len(taken.carried_out) == 2
    assert kept(centre) == 2


def test_a_terminal_that_still_works_is_to_be_suspended_first(terminal: Terminal, centre: Centre) -> None:
    rated(terminal, Phase.HANDOVER)
    with pytest.raises(FleetError, match="bureau terminal suspend"):
        taking(centre, terminal.chain)
    assert kept(centre) == 0


def test_records_of_two_terminals_or_of_none_are_refused(dead: Terminal, centre: Centre) -> None:
    other = centre.terminal("A-08")
    with pytest.raises(FleetError, match="of one terminal"):
        taking(centre, [dead.note(), other.note()])
    with pytest.raises(FleetError, match="of one terminal"):
        taking(centre, [])


def test_a_record_that_the_terminal_did_not_sign_is_left_out_and_told(dead: Terminal, centre: Centre) -> None:
    rated(dead, Phase.HANDOVER)
    genuine = dead.chain[0]
    forged = SignedRecord(genuine.payload, genuine.algorithm, bytes(64))
    taken = taking(centre, [forged, *dead.chain[1:]])
    assert (taken.spoilt, taken.missing, taken.done) == (1, 1, False)
    assert taken.carried_out == [] and kept(centre) == 0


@pytest.mark.parametrize("where", ["in the text", "in the seal"])
def test_a_byte_that_turned_on_the_disk_costs_its_own_record_and_no_other(
    dead: Terminal, centre: Centre, where: str
) -> None:
    waiting = [rated(dead, Phase.HANDOVER) for _ in range(3)]
    dead.note("good bye")
    note = dead.chain[-1].envelope
    at = note.index(b"A-07") if where == "in the text" else len(note) - 200
    turned = SignedRecord.parse(note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :])
    taken = taking(centre, [turned, *dead.chain[:-1]])
    assert [m.key for m in taken.carried_out] == [one.record.key for one in waiting]
    assert (taken.spoilt, taken.done) == (1, False), "somebody is told to look"


@pytest.mark.parametrize("forged_first", [True, False])
def test_of_two_records_with_one_number_the_signed_one_counts_in_whichever_order_they_come(
    dead: Terminal, centre: Centre, forged_first: bool
) -> None:
    rated(dead, Phase.HANDOVER)
    genuine = dead.chain[0]
    forged = SignedRecord(genuine.payload, genuine.algorithm, bytes(64))
    records = [forged, *dead.chain] if forged_first else [*dead.chain, forged]
    taken = taking(centre, records)
    assert (taken.spoilt, taken.missing, len(taken.carried_out)) == (1, 0, 1)
    assert taking(centre, [*dead.chain, *dead.chain]).done, "the same one twice is one"


def test_a_number_under_which_the_terminal_signed_two_records_spoils_the_file(
    dead: Terminal, centre: Centre
) -> None:
    rated(dead, Phase.HANDOVER)
    twin = replace(dead, chain=dead.chain[:1])
    twin.note("another life")
    assert twin.chain[1].record.seq == dead.chain[1].record.seq
    with pytest.raises(RecordError, match="copied"):
        taking(centre, [*dead.chain, twin.chain[1]])
    assert kept(centre) == 0


def test_records_of_an_epoch_that_nobody_knows_are_left_out(dead: Terminal, centre: Centre) -> None:
    rated(dead, Phase.HANDOVER)
    dead.identity = replace(dead.identity, epoch="of-nobody")
    stranger = dead.note()
    taken = taking(centre, dead.chain)
    assert (len(taken.carried_out), taken.spoilt) == (1, 1)
    with pytest.raises(FleetError, match="none of the 1 records"):
        taking(centre, [stranger])


def test_a_long_chain_is_held_in_batches(dead: Terminal, centre: Centre) -> None:
    for n in range(230):
        dead.note(str(n))
    assert taking(centre, dead.chain).held == {dead.identity.epoch: 230}


def test_a_machine_enrolled_under_the_name_since_works_on(dead: Terminal, centre: Centre) -> None:
    waiting = rated(dead, Phase.HANDOVER)
    centre.container.terminals.set_state(dead.name, "active", "")
    new = centre.terminal(dead.name)
    assert new.identity.epoch != dead.identity.epoch
    assert centre.container.terminals.state(dead.name) == "active"
    assert [m.key for m in taking(centre, dead.chain).carried_out] == [waiting.record.key]
    assert centre.container.terminals.state(dead.name) == "active"
    with pytest.raises(FleetError, match="bureau terminal suspend"):
        taking(centre, [*dead.chain, new.note()])


@pytest.fixture
def stick(dead: Terminal, tmp_path: Path) -> Path:
    """A file as the terminal's salvage writes it, of three ratings that wait."""
    for _ in range(3):
        rated(dead, Phase.HANDOVER)
    file = tmp_path / "A-07.salvaged"
    file.write_bytes(b"".join(cbor2.dumps(signed.envelope) for signed in dead.chain) + b"\x40")
    return file


def test_the_file_is_what_the_terminal_s_salvage_writes(dead: Terminal, centre: Centre, stick: Path) -> None:
    read = read_salvaged(stick)
    assert (read.unreadable, read.broken) == (0, "")
    assert taking(centre, [*read.records]).done


def test_a_record_that_turned_on_the_stick_beyond_its_form_costs_no_other(
    dead: Terminal, stick: Path
) -> None:
    whole = bytearray(stick.read_bytes())
    place = whole.index(dead.chain[1].envelope)
    whole[place] ^= 0x20
    stick.write_bytes(whole)
    read = read_salvaged(stick)
    assert (read.unreadable, read.broken) == (1, "")
    assert [*read.records] == [dead.chain[0], *dead.chain[2:]]


@pytest.mark.parametrize("zeros", [0, 4096])
def test_a_file_cut_anywhere_is_told_to_be_and_gives_what_stands_before(
    dead: Terminal, stick: Path, zeros: int
) -> None:
    whole = stick.read_bytes()
    ends = [whole.index(signed.envelope) + len(signed.envelope) for signed in dead.chain]
    for cut in {*range(1, len(whole), 211), *ends}:
        stick.write_bytes(whole[:cut] + bytes(zeros))
        before = [signed for signed, end in zip(dead.chain, ends, strict=True) if end <= cut]
        if not before:
            with pytest.raises(RecordError, match="salvage the disk again"):
                read_salvaged(stick)
            continue
        read = read_salvaged(stick)
        assert read.broken
        assert [*read.records][: len(before)] == before
    stick.write_bytes(whole + b"\x00")
    assert "follows on the end" in read_salvaged(stick).broken
