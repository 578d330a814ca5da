"""Returns that reach the centre later: filed when they were accepted, refused with a deadline, and told once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.store import tables
from config.clock import CHINA
from tests.bureau.conftest import Centre
from tests.bureau.engine.returns import SHEN, prefill, told
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject


def test_an_offline_return_is_filed_at_the_time_the_terminal_took_it(
    terminal: Terminal, centre: Centre
) -> None:
    taken = centre.clock.now()
    data = filled(prefill(terminal), 3_400_000)
    claim = subject("shen-zhizhou", HEMU, None)
    signed = terminal.intent("declaration.submit", data, claim, offline=True, accepted_at=taken.isoformat())
    centre.clock.forward(hours=20)
    assert terminal.send(signed).state == "accepted"
    with centre.database.read() as connection:
        row = connection.execute(
            select(tables.declaration).where(tables.declaration.c.taxpayer == HEMU)
        ).all()
        sms = connection.execute(select(tables.sms)).all()
    latest = max(row, key=lambda r: r.period_last)
    assert latest.filed_at == taken
    assert latest.role == "T"
    assert [(m.mobile, "已受理" in m.text) for m in sms] == [("19900001001", True)]


def test_an_offline_return_delivered_too_late_is_filed_when_it_arrives(
    terminal: Terminal, centre: Centre
) -> None:
    taken, data = centre.clock.now(), filled(prefill(terminal))
    signed = terminal.intent(
        "declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True, accepted_at=taken.isoformat()
    )
    centre.clock.forward(hours=73)
    assert terminal.send(signed).state == "accepted"
    with centre.database.read() as connection:
        t = tables.declaration
        filed_at = connection.execute(select(t.c.filed_at).where(t.c.taxpayer == HEMU)).scalars().all()
    assert max(filed_at) == centre.clock.now()


def test_an_offline_return_of_the_quarter_before_may_arrive_in_the_next_one(
    terminal: Terminal, centre: Centre
) -> None:
    centre.clock.at = datetime(2026, 10, 26, 17, 0, tzinfo=CHINA)
    data = filled(prefill(terminal))
    signed = terminal.intent("declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True)
    centre.clock.forward(hours=30)
    assert terminal.send(signed).state == "accepted"


def test_an_offline_return_that_is_refused_comes_back_with_a_deadline(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal), total_fen=1)
    answer = terminal.do("declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True)
    assert answer.refusal is not None and answer.refusal.code == "figuresDiffer"
    assert answer.refusal.deadline is not None
    assert answer.refusal.deadline.isoformat() == "2026-10-26"
    notices = terminal.data("person.profile", subject("shen-zhizhou"))["notices"]
    assert [(n["kind"], n["reference"], n["deadline"]) for n in notices] == [
        ("return-refused", answer.key, "2026-10-26")
    ]


def test_a_refusal_after_the_limit_gives_working_days_to_mend_it(terminal: Terminal, centre: Centre) -> None:
    data = filled(prefill(terminal), total_fen=1)
    signed = terminal.intent("declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True)
    centre.clock.at = datetime(2026, 10, 29, 9, 0, tzinfo=CHINA)
    answer = terminal.send(signed)
    assert answer.refusal is not None and answer.refusal.deadline is not None
    assert answer.refusal.deadline.isoformat() == "2026-11-05"


def test_somebody_without_a_role_is_found_out_when_an_offline_return_is_delivered(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal))
    answer = terminal.do("declaration.submit", data, subject("li-xiulan", HEMU), offline=True)
    assert answer.refusal is not None and answer.refusal.code == "roleMissing"
    with centre.database.read() as connection:
        told = connection.execute(select(tables.notice.c.person_number)).scalars().all()
    assert told == [subject("li-xiulan")["person"]["number"]]


def test_somebody_unknown_gets_a_refusal_that_the_slip_can_show(terminal: Terminal, centre: Centre) -> None:
    data = filled(prefill(terminal))
    answer = terminal.do("declaration.submit", data, subject("sun-li", HEMU), offline=True)
    assert answer.refusal is not None and answer.refusal.code == "personUnknown"
    status = centre.container.site.records.slip(answer.key)
    assert status.state == "refused"
    assert "实名" in status.text["zh-CN"]
    assert status.deadline == answer.refusal.deadline


def test_an_offline_duplicate_is_told_and_books_nothing(terminal: Terminal, centre: Centre) -> None:
    data = filled(prefill(terminal))
    offline = terminal.intent("declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True)
    first = centre.terminal("B-01").do("declaration.submit", data, subject("he-mulan", HEMU, "L"))
    answer = terminal.send(offline)
    assert answer.state == "duplicate"
    assert answer.result["declaration"] == first.result["declaration"]
    kinds = [n["kind"] for n in terminal.data("person.profile", subject("shen-zhizhou"))["notices"]]
    assert kinds == ["return-duplicate"]


def filed_at(centre: Centre) -> datetime:
    t = tables.declaration
    with centre.database.read() as connection:
        found = connection.execute(
            select(t.c.filed_at).where(t.c.taxpayer == HEMU, t.c.period_last >= date(2026, 9, 30))
        )
        return found.scalars().one()


def test_a_return_that_lost_the_network_at_the_submit_is_filed_when_it_was_accepted_and_told(
    terminal: Terminal, centre: Centre
) -> None:
    taken = centre.clock.at = datetime(2026, 10, 26, 23, 50, tzinfo=CHINA)
    signed = terminal.intent("declaration.submit", filled(prefill(terminal), 3_400_000), SHEN)
    centre.clock.forward(hours=2)
    assert terminal.send(signed).state == "accepted"
    assert filed_at(centre) == taken
    assert told(terminal) == ["return-accepted"]


def test_a_refusal_of_a_return_that_lost_the_network_comes_back_with_a_deadline(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("declaration.submit", filled(prefill(terminal), total_fen=1), SHEN)
    centre.clock.forward(seconds=61)
    answer = terminal.send(signed)
    assert answer.refusal is not None and answer.refusal.deadline is not None
    assert told(terminal) == ["return-refused"]


def test_a_duplicate_that_lost_the_network_is_told(terminal: Terminal, centre: Centre) -> None:
    data = filled(prefill(terminal))
    signed = terminal.intent("declaration.submit", data, SHEN)
    centre.terminal("B-01").do("declaration.submit", data, subject("he-mulan", HEMU, "L"))
    centre.clock.forward(seconds=61)
    assert terminal.send(signed).state == "duplicate"
    assert told(terminal) == ["return-duplicate"]


def test_whoever_stands_at_the_terminal_is_told_by_it_alone(terminal: Terminal, centre: Centre) -> None:
    data = filled(prefill(terminal))
    signed = terminal.intent("declaration.submit", {**data, "total_fen": 1}, SHEN)
    centre.clock.forward(seconds=59)
    answer = terminal.send(signed)
    assert answer.refusal is not None and answer.refusal.deadline is None
    taken = terminal.intent("declaration.submit", data, SHEN)
    centre.clock.forward(seconds=59)
    assert terminal.send(taken).state == "accepted"
    assert filed_at(centre) == centre.clock.now()
    assert told(terminal) == []


def test_what_sync_delivers_at_once_is_told_all_the_same(terminal: Terminal, centre: Centre) -> None:
    taken = centre.clock.now()
    signed = terminal.intent("declaration.submit", filled(prefill(terminal)), SHEN)
    centre.clock.forward(seconds=20)
    assert terminal.send(signed, queued=True).state == "accepted"
    assert filed_at(centre) == taken
    assert told(terminal) == ["return-accepted"]


def test_a_refusal_whose_first_answer_was_lost_is_told_once_when_sync_asks_again(
    terminal: Terminal, centre: Centre
) -> None:
    signed = terminal.intent("declaration.submit", filled(prefill(terminal), total_fen=1), SHEN)
    lost = terminal.send(signed)
    assert terminal.send(signed) == lost and told(terminal) == []
    centre.clock.forward(seconds=20)
    assert terminal.send(signed, queued=True) == lost
    assert told(terminal) == ["return-refused"]
    centre.clock.forward(hours=1)
    assert terminal.send(signed, queued=True) == terminal.send(signed) == lost
    assert told(terminal) == ["return-refused"]
    (notice,) = terminal.data("person.profile", subject("shen-zhizhou"))["notices"]
    assert (notice["reference"], notice["deadline"]) == (lost.key, "2026-10-26")


def test_a_duplicate_and_a_return_filed_whose_first_answers_were_lost_are_told_once(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal))
    first = terminal.intent("declaration.submit", data, SHEN)
    second = terminal.intent("declaration.submit", data, SHEN)
    terminal.send(first), terminal.send(second)
    centre.clock.forward(minutes=5)
    for _ in range(2):
        assert terminal.send(second, queued=True).state == "duplicate"
        assert terminal.send(first, queued=True).state == "accepted"
    assert sorted(told(terminal)) == ["return-accepted", "return-duplicate"]


def test_an_offline_refusal_is_told_with_the_first_answer_and_never_again(
    terminal: Terminal, centre: Centre
) -> None:
    data = filled(prefill(terminal), total_fen=1)
    signed = terminal.intent("declaration.submit", data, subject("shen-zhizhou", HEMU), offline=True)
    assert terminal.send(signed, queued=True) == terminal.send(signed, queued=True)
    assert told(terminal) == ["return-refused"]
