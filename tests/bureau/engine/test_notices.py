"""Notices: who hears them, in which order, and when they have done their work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bureau.city.cast import HEMU, QINGHE
from bureau.engine.subjects import person_key
from bureau.ports.notices import Message
from bureau.store import tables
from sync.models import PersonClaim
from tests.bureau.conftest import Centre
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")
ALONE = subject("shen-zhizhou")


def notices(terminal: Terminal) -> list[dict[str, Any]]:
    return list(terminal.data("person.profile", ALONE)["notices"])


def kinds(terminal: Terminal) -> list[str]:
    return [notice["kind"] for notice in notices(terminal)]


def tell(centre: Centre, kind: str, deadline: date | None = None) -> None:
    words = {"zh-CN": "x", "en-US": "x"}
    with centre.system.write() as work:
        person = work.core.registration.person(person_key(PersonClaim.model_validate(ALONE["person"])))
        assert person is not None
        work.core.notices.tell(person, Message(kind, words, words, deadline=deadline))


def finish(centre: Centre) -> int:
    (chore,) = [c for c in centre.container.housekeeping.chores if c.name == "notices"]
    with centre.system.read() as work:
        t = tables.notice
        query = select(t.c.notice).where(t.c.done_at.is_(None))
        before = len(work.context.connection.execute(query).all())
    chore.work()
    with centre.system.read() as work:
        return before - len(work.context.connection.execute(query).all())


def refuse_one(terminal: Terminal) -> None:
    data = filled(terminal.data("vat.prefill", SHEN), total_fen=1)
    assert terminal.do("declaration.submit", data, SHEN, offline=True).state == "refused"


def test_a_refused_return_is_done_when_a_later_one_of_the_period_is_filed(
    terminal: Terminal, centre: Centre
) -> None:
    refuse_one(terminal)
    assert kinds(terminal) == ["return-refused"]
    other = subject("he-mulan", HEMU, "L")
    data = filled(terminal.data("vat.prefill", other))
    assert centre.terminal("B-01").do("declaration.submit", data, other).state == "accepted"
    assert kinds(terminal) == []


def test_a_refused_return_is_done_when_the_one_that_stands_is_found(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(terminal.data("vat.prefill", SHEN))
    terminal.do("declaration.submit", data, SHEN)
    stranger = subject("li-xiulan", HEMU)
    terminal.do("declaration.submit", data, stranger, offline=True)
    assert [n["kind"] for n in terminal.data("person.profile", subject("li-xiulan"))["notices"]] == [
        "return-refused"
    ]
    assert terminal.do("declaration.submit", data, SHEN).state == "duplicate"
    assert terminal.data("person.profile", subject("li-xiulan"))["notices"] == []


def test_another_enterprises_return_mends_nothing(terminal: Terminal, centre: Centre) -> None:
    refuse_one(terminal)
    other = subject("shen-zhizhou", QINGHE, "F")
    data = filled(terminal.data("vat.prefill", other))
    assert terminal.do("declaration.submit", data, other).state in ("accepted", "duplicate")
    assert kinds(terminal) == ["return-refused"]


def test_what_has_a_deadline_comes_first_then_the_newest(terminal: Terminal, centre: Centre) -> None:
    for kind, deadline in (
        ("old", None),
        ("late", date(2026, 11, 2)),
        ("soon", date(2026, 10, 26)),
        ("new", None),
    ):
        tell(centre, kind, deadline)
        centre.clock.forward(minutes=1)
    assert kinds(terminal) == ["soon", "late", "new", "old"]


def test_news_is_done_thirty_days_after_it_was_first_told(terminal: Terminal, centre: Centre) -> None:
    tell(centre, "news")
    centre.clock.forward(days=40)
    assert finish(centre) == 0, "nobody has seen it yet"
    assert kinds(terminal) == ["news"]
    centre.clock.forward(days=20)
    assert kinds(terminal) == ["news"]
    centre.clock.forward(days=9)
    assert finish(centre) == 0
    centre.clock.forward(days=2)
    assert finish(centre) == 1
    assert kinds(terminal) == []


def test_a_deadline_is_told_until_thirty_days_after_it(terminal: Terminal, centre: Centre) -> None:
    tell(centre, "due", date(2026, 12, 1))
    assert kinds(terminal) == ["due"]
    centre.clock.at = datetime(2026, 12, 31, 9, 0, tzinfo=centre.clock.at.tzinfo)
    assert finish(centre) == 0
    centre.clock.forward(days=1)
    assert finish(centre) == 1
    assert kinds(terminal) == []


def test_the_call_to_pay_is_done_when_the_last_due_of_the_return_is_paid(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(terminal.data("vat.prefill", SHEN), 3_400_000)
    dues = terminal.do("declaration.submit", data, SHEN, offline=True).result["dues"]
    for part in (dues[:1], dues[1:]):
        assert kinds(terminal) == ["return-accepted"]
        order = {
            "dues": [d["due"] for d in part],
            "amount_fen": sum(d["amount_fen"] + d["late_fee_fen"] for d in part),
            "channel": "qr-shown",
        }
        made = terminal.do("payment.create", order, SHEN).result["order"]
        centre.bank.pay(made)
        assert terminal.data("payment.status", {}, {"order": made})["state"] == "approved"
    assert kinds(terminal) == []
