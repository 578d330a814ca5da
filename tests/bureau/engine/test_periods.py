"""Returns of older periods: offered, prefilled from that period's invoices, computed and late as of that period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bureau.city.cast import HEMU, SHIGUANG
from bureau.city.sources import FLOWERS, QUOTA_FEN
from bureau.engine import messages
from bureau.engine.reference.returns import COMPLETE_SINCE
from bureau.engine.reminding.matters import ANSWER
from bureau.ports.notices import Message
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.tax.limits import vat_limit_date
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_returns import COFFEE, SHOP, TODAY, code, file
from tests.bureau.engine.test_returns import filled as facts_filled
from tests.bureau.engine.test_unfiled import FARAWAY, GAO, certified, forget, late
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

OLDER = {"period_first": "2026-04-01", "period_last": "2026-06-30"}
NEWEST = {"period_first": "2026-07-01", "period_last": "2026-09-30"}
Q2 = (date(2026, 4, 1), date(2026, 6, 30))
SEED_ZERO = ("vat-small", "stamp", "iit-business")


def offered(terminal: Terminal, who: dict[str, Any], kind: str = "vat-small") -> list[dict[str, Any]]:
    found = terminal.data("return.periods", who, service=f"declare.{kind}")["periods"]
    return [dict(one) for one in found]


def figures(known: dict[str, Any]) -> dict[str, Any]:
    """What ``vat.surcharge`` is asked with."""
    data = filled(known)
    names = ("period_first", "period_last", "vat_fen", "city_fen", "education_fen", "local_education_fen")
    return {name: data[name] for name in names}


def test_the_open_periods_are_offered_oldest_first_with_limit_and_lateness(terminal: Terminal) -> None:
    older, newest = offered(terminal, GAO)
    assert {name: older[name] for name in OLDER} == OLDER
    assert (older["limit_date"], older["overdue"], older["taken"]) == ("2026-07-15", True, True)
    assert older["late"] == {"zh-CN": "已逾期 89 天", "en-US": "89 days late"}
    assert (newest["period_first"], newest["overdue"], newest["late"]) == ("2026-07-01", False, {})


def test_who_has_filed_everything_is_led_to_the_return_that_stands(terminal: Terminal) -> None:
    (only,) = offered(terminal, subject("shen-zhizhou", SHIGUANG, "L"))
    known = terminal.data("vat.prefill", COFFEE, {name: only[name] for name in OLDER})
    assert known["declared_already"]


def test_an_older_period_is_filed_from_its_invoices_and_costs_since_its_own_limit(
    terminal: Terminal, centre: Centre
) -> None:
    known = terminal.data("vat.prefill", GAO, OLDER)
    with centre.system.read() as work:
        sales = work.core.returns.sales(FARAWAY, *Q2)
        other = work.core.returns.sales(FARAWAY, date(2026, 7, 1), date(2026, 9, 30))
    assert known["ordinary_sales_fen"] == sales.ordinary_fen != other.ordinary_fen
    assert "首违不罚" in known["late_law"]["zh-CN"] and "62" in known["late_law"]["en-US"]
    more = filled(known, 40_000_000)
    told = terminal.data(
        "vat.surcharge", GAO, {**figures(known), **{n: more[n] for n in figures(known) if n.endswith("_fen")}}
    )
    days = (TODAY - date(2026, 7, 15)).days
    assert (told["limit_date"], told["days"]) == ("2026-07-15", days)
    answer = terminal.do("declaration.submit", more, GAO)
    assert answer.state == "accepted", answer.refusal
    assert {due["limit_date"] for due in answer.result["dues"]} == {"2026-07-15"}
    assert sum(due["late_fee_fen"] for due in answer.result["dues"]) == told["late_fee_fen"] > 0
    assert {due["period_first"] for due in answer.result["dues"]} == {"2026-04-01"}
    assert late(terminal, GAO) == []
    assert [one["period_first"] for one in offered(terminal, GAO)] == ["2026-07-01"]
    assert certified(terminal, GAO).code == "arrearsForCertificate", "filed, and still to be paid"


def test_a_period_is_computed_by_the_rates_of_its_own_days(terminal: Terminal, centre: Centre) -> None:
    """The reduced rate ends with 2027 (财政部 税务总局公告2023年第19号): what was sold before keeps it."""
    centre.clock.at = datetime(2028, 4, 10, 9, tzinfo=CHINA)
    before = terminal.data("vat.prefill", GAO, {"period_first": "2027-10-01", "period_last": "2027-12-31"})
    assert (before["levy_rate"], terminal.data("vat.prefill", GAO)["levy_rate"]) == ("0.01", "0.03")
    answer = terminal.do("declaration.submit", filled(before, 40_000_000), GAO)
    assert answer.state == "accepted", answer.refusal
    vat = next(due["amount_fen"] for due in answer.result["dues"] if due["tax"] == "vat")
    assert vat == 400_000


def test_what_is_not_open_is_no_period_to_file(terminal: Terminal, centre: Centre) -> None:
    for days, why in (
        ({"period_first": "2026-04-01", "period_last": "2026-09-30"}, "periodNotOpen"),
        ({"period_first": "2026-10-01", "period_last": "2026-12-31"}, "periodNotOpen"),
        ({"period_first": "2025-07-01", "period_last": "2025-09-30"}, "periodOfOtherBooks"),
    ):
        asked = terminal.ask("vat.prefill", GAO, days)
        assert asked.refusal is not None and asked.refusal.code == why
    t = tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == FARAWAY).values(registered_on=date(2026, 7, 2)))
    asked = terminal.ask("vat.prefill", GAO, OLDER)
    assert asked.refusal is not None and asked.refusal.code == "notYetToFile"


def test_what_is_too_old_for_a_terminal_is_told_and_not_taken(terminal: Terminal, centre: Centre) -> None:
    meta, t = tables.meta, tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(delete(meta).where(meta.c.name == COMPLETE_SINCE))
        connection.execute(update(t).where(t.c.taxpayer == FARAWAY).values(registered_on=date(2023, 1, 1)))
    rows = offered(terminal, GAO)
    assert [row["taken"] for row in rows][:4] == [False, False, False, True]
    assert rows[0]["period_first"] == "2023-01-01" and "窗口" in rows[0]["why_not"]["zh-CN"]
    assert len(rows) == 3 + 12 - 2, "of the last twelve two are filed"
    days = {name: rows[0][name] for name in OLDER}
    asked = terminal.ask("vat.prefill", GAO, days)
    assert asked.refusal is not None and asked.refusal.code == "periodNotOpen"


def test_an_older_period_of_a_fixed_quota_is_taxed_by_the_quota_of_then(
    terminal: Terminal, centre: Centre
) -> None:
    forget(centre, FLOWERS, Q2[0])
    duty = tables.tax_duty
    with centre.database.write() as connection:
        mine = (duty.c.taxpayer == FLOWERS) & (duty.c.tax == "vat-small")
        connection.execute(update(duty).where(mine).values(valid_to=date(2026, 6, 30)))
        connection.execute(
            insert(duty).values(
                taxpayer=FLOWERS, tax="vat-small", cycle="quarter", quota_fen=2 * QUOTA_FEN,
                valid_from=date(2026, 7, 1), valid_to=None,
            )
        )  # fmt: skip
    assert [one["period_first"] for one in offered(terminal, SHOP, "fixed-quota")] == [
        "2026-04-01",
        "2026-07-01",
    ]
    known = terminal.data("return.prefill", SHOP, OLDER, "declare.fixed-quota")
    assert known["facts"]["quota_fen"] == QUOTA_FEN
    assert known["late_days"] == 89
    answer = file(terminal, "fixed-quota", facts_filled("fixed-quota", known), SHOP)
    assert answer.state == "accepted", answer.refusal
    assert {due["limit_date"] for due in answer.result["dues"]} == {"2026-07-15"}
    newest = terminal.data("return.prefill", SHOP, NEWEST, "declare.fixed-quota")
    assert newest["facts"]["quota_fen"] == 2 * QUOTA_FEN


def test_a_period_without_a_quota_is_not_offered_for_a_return_on_one(
    terminal: Terminal, centre: Centre
) -> None:
    forget(centre, FLOWERS, Q2[0])
    duty = tables.tax_duty
    with centre.database.write() as connection:
        mine = (duty.c.taxpayer == FLOWERS) & (duty.c.tax == "vat-small")
        connection.execute(update(duty).where(mine).values(valid_from=date(2026, 7, 1)))
    assert [one["period_first"] for one in offered(terminal, SHOP, "fixed-quota")] == ["2026-07-01"]
    assert [one["period_first"] for one in offered(terminal, SHOP)] == ["2026-04-01", "2026-07-01"]


# --- nothing at all -------------------------------------------------------------------------------------------


def nil(centre: Centre) -> None:
    """The coffee shop has filed nothing since March, and declares stamp tax since then."""
    forget(centre, SHIGUANG, Q2[0], date(2026, 7, 1))
    t = tables.tax_duty
    with centre.database.write() as connection:
        connection.execute(
            update(t).where(t.c.taxpayer == SHIGUANG, t.c.tax == "stamp").values(valid_from=date(2026, 4, 1))
        )


def sell(centre: Centre, taxpayer: str, day: date) -> None:
    """An invoice of that day."""
    t = tables.sale
    with centre.database.write() as connection:
        row = connection.execute(select(t).where(t.c.taxpayer == HEMU, t.c.state == "valid")).first()
        assert row is not None
        made = dict(row._mapping) | {"number": "X" + row.number[1:], "taxpayer": taxpayer, "issued_on": day}
        connection.execute(t.insert().values(**made))


def zero(terminal: Terminal) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("return.prefill", COFFEE, service="declare.zero")
    return found


def test_a_nil_return_files_older_periods_of_every_tax_as_well(terminal: Terminal, centre: Centre) -> None:
    nil(centre)
    known = zero(terminal)
    assert known["facts"] == {**NEWEST, "since": "2026-04-01"}
    assert known["taxes"]["zh-CN"] == (
        "增值税及附加税费（小规模） 2026年4–9月；印花税 2026年4–9月；个人所得税（经营所得） 2026年7–9月"
    )
    assert known["late_days"] == 89
    answer = file(terminal, "zero", facts_filled("zero", known), COFFEE)
    assert answer.state == "accepted", answer.refusal
    assert len(answer.result["others"]) == 4
    t = tables.declaration
    with centre.database.read() as connection:
        rows = connection.execute(
            select(t.c.tax, t.c.period_first, t.c.limit_date).where(t.c.key.startswith(answer.key))
        ).all()
    assert {(r.tax, r.period_first.isoformat()) for r in rows} == {
        ("vat-small", "2026-04-01"), ("vat-small", "2026-07-01"), ("iit-business", "2026-07-01"),
        ("stamp", "2026-04-01"), ("stamp", "2026-07-01"),
    }  # fmt: skip
    assert {r.limit_date for r in rows} == {
        vat_limit_date(last, built_in()) for last in (Q2[1], date(2026, 9, 30))
    }
    assert certified(terminal, COFFEE) is None
    again = file(terminal, "zero", facts_filled("zero", known), COFFEE)
    assert (again.state, again.result["declaration"]) == ("duplicate", answer.result["declaration"])


def test_a_period_with_income_is_left_out_of_a_nil_return_and_named(
    terminal: Terminal, centre: Centre
) -> None:
    nil(centre)
    sell(centre, SHIGUANG, date(2026, 5, 5))
    known = zero(terminal)
    assert known["facts"] == {**NEWEST, "since": "2026-07-01"}
    assert known["sold"]["zh-CN"] == "2026年4–6月"
    assert file(terminal, "zero", facts_filled("zero", known), COFFEE).state == "accepted"
    assert ("vat-small", "2026-04-01") in late(terminal, COFFEE)
    assert code(file(terminal, "zero", facts_filled("zero", {"facts": OLDER}), COFFEE)) == "notNil"


def test_a_nil_return_of_an_older_period_alone_is_filed_when_the_newest_has_income(
    terminal: Terminal, centre: Centre
) -> None:
    nil(centre)
    sell(centre, SHIGUANG, date(2026, 8, 8))
    known = zero(terminal)
    assert known["facts"] == {**OLDER, "since": "2026-04-01"}
    answer = file(terminal, "zero", facts_filled("zero", known), COFFEE)
    assert answer.state == "accepted", answer.refusal
    assert set(answer.result["others"]) == {"stamp"}
    assert [one["period_first"] for one in offered(terminal, COFFEE)] == ["2026-07-01"]


@pytest.mark.parametrize(
    ("since", "filed"),
    [("2026-07-01", {"2026-07-01"}), (None, {"2026-07-01"}), ("2026-04-01", {"2026-04-01", "2026-07-01"})],
)
def test_a_nil_return_files_no_period_that_it_did_not_name(
    terminal: Terminal, centre: Centre, since: str | None, filed: set[str]
) -> None:
    """Offline a person names one quarter; nothing is declared of another."""
    nil(centre)
    data = facts_filled("zero", {"facts": {**NEWEST, **({"since": since} if since else {})}})
    assert file(terminal, "zero", data, COFFEE).state == "accepted"
    listed = terminal.data("declarations.list", COFFEE, service="query.declarations")["returns"]
    new = [row for row in listed if row["tax"] in SEED_ZERO and row["filed_at"].startswith("2026-10-12")]
    assert {row["period_first"] for row in new} == filed


def test_reminders_of_every_period_that_is_filed_end_at_once(terminal: Terminal, centre: Centre) -> None:
    nil(centre)
    words = {"zh-CN": "补报", "en-US": "File"}
    matters = [messages.to_file(tax, SHIGUANG, *Q2) for tax in ("vat-small", "stamp")]
    with centre.system.write() as work:
        person = work.core.registration.staff(SHIGUANG, ANSWER, TODAY)[0]
        for matter in matters:
            work.core.notices.tell(person, Message("file-overdue", words, words, matter=matter))
    assert [n["kind"] for n in terminal.data("person.profile", COFFEE)["notices"]] == ["file-overdue"] * 2
    assert file(terminal, "zero", facts_filled("zero", zero(terminal)), COFFEE).state == "accepted"
    assert terminal.data("person.profile", COFFEE)["notices"] == []


def test_an_offline_return_of_an_older_quarter_is_filed_as_that(terminal: Terminal, centre: Centre) -> None:
    data = filled(terminal.data("vat.prefill", GAO, OLDER), 100)
    taken = centre.clock.now()
    signed = terminal.intent("declaration.submit", data, subject("gao-wei", FARAWAY), offline=True)
    centre.clock.forward(hours=5)
    assert terminal.send(signed).state == "accepted"
    t = tables.declaration
    with centre.database.read() as connection:
        row = connection.execute(
            select(t).where(t.c.taxpayer == FARAWAY, t.c.period_first == Q2[0], t.c.state == "filed")
        ).one()
    assert row.filed_at == taken and row.limit_date == date(2026, 7, 15)
