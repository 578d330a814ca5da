"""The officers' trail: what stands in it, and that whatever is done to it afterwards is found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select, update

from bureau.engine.refusals import refuse
from bureau.errors import CaseUnknown, TrailBroken
from bureau.officers.trail import Who
from bureau.store import tables
from tests.bureau.officers.conftest import Desk

LI, ZHOU = Who("li-mei", "a1b2c3"), Who("zhou-tao", "d4e5f6")
T, HEAD = tables.officer_trail, tables.officer_trail_head


def _some(desk: Desk) -> None:
    desk.trail.note(LI, "cases.see", "", "seen")
    with desk.trail.act(LI, "case.approve", "C1", {"note": "x"}):
        pass
    desk.trail.note(ZHOU, "trail.see", "", "seen")


def test_an_act_is_written_down_before_it_happens_and_after(desk: Desk) -> None:
    with desk.trail.act(LI, "case.approve", "C1", {"note": "x"}):
        assert [one.phase for one in desk.trail.latest()] == ["begun"]
    assert [(one.phase, one.act, one.subject) for one in desk.trail.latest()] == [
        ("done", "case.approve", "C1"),
        ("begun", "case.approve", "C1"),
    ]
    assert desk.trail.latest()[1].details == {"note": "x"}


@pytest.mark.parametrize(
    ("error", "phase", "why"),
    [
        (CaseUnknown("C1"), "refused", "CaseUnknown"),
        (refuse("roleMissing"), "refused", "roleMissing"),
        (ZeroDivisionError(), "failed", "ZeroDivisionError"),
    ],
)
def test_an_act_that_was_not_done_says_how_it_ended(
    desk: Desk, error: Exception, phase: str, why: str
) -> None:
    with pytest.raises(type(error)), desk.trail.act(LI, "case.approve", "C1"):
        raise error
    last = desk.trail.latest()[0]
    assert (last.phase, last.details) == (phase, {"why": why})


def test_what_is_written_while_the_trail_is_checked_is_no_alarm(desk: Desk) -> None:
    _some(desk)

    class Slow:
        """Checks signatures, and is overtaken by another officer's act."""

        algorithm, public_key = desk.verifier.algorithm, desk.verifier.public_key

        def verify(self, signature: bytes, message: bytes) -> None:
            desk.trail.note(ZHOU, "cases.see", "", "seen")
            desk.verifier.verify(signature, message)

    assert desk.trail.verify(Slow()) == 4
    assert desk.trail.verify(desk.verifier) == 8


def test_a_number_beyond_all_numbers_finds_the_newest(desk: Desk) -> None:
    _some(desk)
    assert desk.trail.latest(before=10**25)[0].seq == 4


def test_entries_are_found_by_officer_and_subject_and_page_by_page(desk: Desk) -> None:
    _some(desk)
    assert [one.seq for one in desk.trail.latest()] == [4, 3, 2, 1]
    assert [one.seq for one in desk.trail.latest(officer="zhou-tao")] == [4]
    assert [one.seq for one in desk.trail.latest(subject="C1")] == [3, 2]
    assert [one.seq for one in desk.trail.latest(limit=2, before=4)] == [3, 2]


def test_a_whole_trail_is_told_so_from_the_empty_one_on(desk: Desk) -> None:
    assert desk.trail.verify(desk.verifier) == 0
    _some(desk)
    assert desk.trail.verify(desk.verifier) == 4
    assert desk.trail.verify(desk.verifier, desk.trail.head()) == 4


def test_entries_of_several_at_once_are_one_chain(desk: Desk) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: desk.trail.note(LI, "cases.see", str(n), "seen"), range(30)))
    assert desk.trail.verify(desk.verifier) == 30


def _other_body(connection: Connection) -> None:
    body = connection.execute(select(T.c.body).where(T.c.seq == 2)).scalar_one()
    connection.execute(update(T).where(T.c.seq == 2).values(body=body.replace(b"li-mei", b"li-mai")))


def _cut_off(connection: Connection) -> None:
    connection.execute(T.delete().where(T.c.seq == 4))
    third = connection.execute(select(T.c.hash).where(T.c.seq == 3)).scalar_one()
    connection.execute(update(HEAD).values(seq=3, hash=third))


TAMPERED: dict[str, tuple[int, Callable[[Connection], object]]] = {
    "another officer is shown": (2, lambda c: c.execute(update(T).where(T.c.seq == 2).values(officer="x"))),
    "another act is shown": (3, lambda c: c.execute(update(T).where(T.c.seq == 3).values(act="x"))),
    "another body": (2, _other_body),
    "taken out": (2, lambda c: c.execute(T.delete().where(T.c.seq == 2))),
    "the first taken out": (1, lambda c: c.execute(T.delete().where(T.c.seq == 1))),
    "the last taken out": (4, lambda c: c.execute(T.delete().where(T.c.seq == 4))),
    "another signature": (3, lambda c: c.execute(update(T).where(T.c.seq == 3).values(signature=b"x" * 64))),
    "another hash": (3, lambda c: c.execute(update(T).where(T.c.seq == 3).values(hash="sha256:00"))),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_was_done_to_an_entry_is_found(desk: Desk, what: str) -> None:
    _some(desk)
    seq, tamper = TAMPERED[what]
    with desk.database.write() as connection:
        tamper(connection)
    with pytest.raises(TrailBroken) as broken:
        desk.trail.verify(desk.verifier)
    assert broken.value.seq == seq


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_written_down(desk: Desk) -> None:
    _some(desk)
    known = desk.trail.head()
    with desk.database.write() as connection:
        _cut_off(connection)
    assert desk.trail.verify(desk.verifier) == 3
    with pytest.raises(TrailBroken, match="written down"):
        desk.trail.verify(desk.verifier, known)


def test_a_trail_that_was_signed_anew_is_found_by_a_head_that_was_written_down(desk: Desk) -> None:
    _some(desk)
    known = desk.trail.head()
    with desk.database.write() as connection:
        connection.execute(T.delete())
        connection.execute(HEAD.delete())
    for _ in range(4):
        desk.trail.note(ZHOU, "cases.see", "", "seen")
    assert desk.trail.verify(desk.verifier) == 4
    with pytest.raises(TrailBroken, match="written down"):
        desk.trail.verify(desk.verifier, known)
