"""Whole visits, with the real executor and journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.errors import BureauUnreachable
from tests.kiosk.flow.visitor import CARD, ROLE
from tests.kiosk.program import Program, World, world
from tests.kiosk.sessions import SECRET, Visit
from tests.kiosk.test_recovery import disagreements, until_settled


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.mark.parametrize(
    ("service", "tail"),
    [
        ("certificate.iit-record", ["review", "choose", "working", "print", "done", "rate"]),
        ("invoice.collect", ["review", "working", "dispense", "print", "done", "rate"]),
        ("declare.vat-small", ["review", "working", "pay", "print", "done", "rate"]),
        ("pay.due", ["choose", "pay", "print", "done", "rate"]),
    ],
)
async def test_a_whole_visit_leaves_everybody_agreed_and_nothing_of_the_person(
    w: World, service: str, tail: list[str]
) -> None:
    with Program(w) as program:
        visit = Visit(program)
        await visit.play(service)
        assert visit.pages[-len(tail) - 2 :] == [*tail, "farewell", "attract"]
        assert all(record.body is None for record in program.records()), "shredded at once"
        assert not any(secret in repr(visit.session._state) for secret in SECRET)
        await until_settled(program)
        assert disagreements(program) == []
        assert w.bureau.of("feedback.rate")


async def test_a_return_filed_without_the_network_is_received_numbered_and_delivered_later(w: World) -> None:
    w.bureau.away = BureauUnreachable("nobody there")
    with Program(w) as program:
        visit = Visit(program, online=False)
        await visit.play("declare.vat-small")
        done = next(s.page for s in visit.seen if s.page.kind == "done")
        assert done.stamp == "已收到"  # type: ignore[attr-defined]
        assert w.bureau.bodies == {}
        w.bureau.away = None
        await until_settled(program)
        assert disagreements(program) == []
        (body,) = w.bureau.of("declaration.submit")
        assert (body.offline, body.subject.role, body.data["total_fen"]) == (True, None, 409_584)
        assert body.subject.taxpayer == ROLE["taxpayer"]


async def test_two_people_one_after_the_other_are_two_visits_under_two_keys(w: World) -> None:
    with Program(w) as program:
        for _ in range(2):
            await Visit(program).play("pay.due")
        visits = {record.record.visit for record in program.records("visit.begun")}
        assert len(visits) == 2
        payers = {body.subject.person.number for body in w.bureau.of("payment.create") if body.subject.person}
        assert payers == {CARD["number"]}
        await until_settled(program)
        assert program.journal.visits_with_key() == set()
