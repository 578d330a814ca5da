"""A return that was not filed is not forgotten, however old and of whichever tax: it blocks invoices and certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bureau.city.cast import FIRMS
from bureau.city.enterprises import HENGTAI
from bureau.engine.duties import obligations
from bureau.engine.reference.returns import COMPLETE_SINCE
from bureau.engine.rules import Rules
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_registrations import general
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

FARAWAY = next(firm.taxpayer for firm in FIRMS if "远山" in firm.name)
GAO = subject("gao-wei", FARAWAY, "T")
"""Has not filed for the last quarter, which is in time, nor for the one before, which is late."""
GENERAL = subject("he-mulan", HENGTAI, "F")
NO_ARREARS = "certificate.no-arrears"


def certified(terminal: Terminal, who: dict[str, Any]) -> Any:
    """Why the certificate of no arrears is refused; None when it is not."""
    return terminal.ask("certificate.preview", who, {}, NO_ARREARS).refusal


def collecting(terminal: Terminal, who: dict[str, Any]) -> dict[str, Any]:
    """Why no paper invoices may be collected."""
    blocked: dict[str, Any] = terminal.data("invoice.entitlement", who, {"units": []})["blocked"]
    return blocked


def late(terminal: Terminal, who: dict[str, Any]) -> list[tuple[str, str]]:
    rows = terminal.data("obligations.list", who, service="query.due")["obligations"]
    return [(r["tax"], r["period_first"]) for r in rows if r["what"] == "file" and r["overdue"]]


def forget(centre: Centre, taxpayer: str, *firsts: date) -> None:
    """The returns of the periods that began then were never filed."""
    t, due, entry = tables.declaration, tables.due, tables.treasury_entry
    of = select(t.c.declaration).where(t.c.taxpayer == taxpayer, t.c.period_first.in_(firsts))
    with centre.database.write() as connection:
        dues = select(due.c.due).where(due.c.declaration.in_(of))
        connection.execute(delete(entry).where(entry.c.due.in_(dues)))
        connection.execute(delete(due).where(due.c.declaration.in_(of)))
        connection.execute(delete(t).where(t.c.taxpayer == taxpayer, t.c.period_first.in_(firsts)))


def test_filing_the_newest_period_does_not_make_up_for_an_older_one(
    terminal: Terminal, centre: Centre
) -> None:
    """The older one is late whatever was filed since."""
    centre.clock.at = datetime(2026, 11, 5, 9, tzinfo=CHINA)  # the last quarter is late now as well
    newest = filled(terminal.data("vat.prefill", GAO))
    assert (newest["period_first"], terminal.do("declaration.submit", newest, GAO).state) == (
        "2026-07-01",
        "accepted",
    )
    assert late(terminal, GAO) == [("vat-small", "2026-04-01")]
    blocked = collecting(terminal, GAO)
    assert (blocked["code"], blocked["deadline"]) == ("unfiledPeriod", "2026-07-15")
    assert "2026年4–6月" in blocked["text"]["zh-CN"] and "补报" in blocked["next_step"]["zh-CN"]
    why = certified(terminal, GAO)
    assert why.code == "unfiledForCertificate" and "2026-04 to 2026-06" in why.text["en-US"]


def test_a_period_does_not_lapse_with_the_years(terminal: Terminal, centre: Centre) -> None:
    """From the first period of the duty on, as far as the books are complete."""
    meta, t = tables.meta, tables.taxpayer
    who = subject("xu-wen", next(firm.taxpayer for firm in FIRMS if "松间" in firm.name), "F")
    assert late(terminal, who) == []
    with centre.database.write() as connection:
        connection.execute(update(meta).where(meta.c.name == COMPLETE_SINCE).values(value="2025-07-01"))
        connection.execute(
            update(t).where(t.c.taxpayer == who["taxpayer"]).values(registered_on=date(2020, 1, 1))
        )
    assert late(terminal, who) == [("vat-small", "2025-07-01")], "the fifth period back"
    assert certified(terminal, who).code == "unfiledForCertificate"
    with centre.database.write() as connection:
        connection.execute(
            update(t).where(t.c.taxpayer == who["taxpayer"]).values(registered_on=date(2025, 11, 3))
        )
    assert late(terminal, who) == [], "before it was registered it had nothing to file"
    with centre.database.write() as connection:
        connection.execute(delete(meta).where(meta.c.name == COMPLETE_SINCE))
        connection.execute(
            update(t).where(t.c.taxpayer == who["taxpayer"]).values(registered_on=date(1996, 5, 1))
        )
    missing = late(terminal, who)
    assert missing[-1] == ("vat-small", "2025-07-01")
    assert missing[0][1] < "2002", "no further back than the tables of rules reach"
    why = certified(terminal, who)
    assert "电子税务局" in why.next_step["zh-CN"], "too old for a terminal"


def test_a_general_taxpayer_is_held_to_every_month_and_sent_to_where_it_files(
    terminal: Terminal, centre: Centre
) -> None:
    assert late(terminal, GENERAL) == [], "the seeded past is whole"
    forget(centre, HENGTAI, date(2025, 12, 1))
    assert late(terminal, GENERAL) == [("vat-general", "2025-12-01")]
    blocked = collecting(terminal, GENERAL)
    assert blocked["code"] == "unfiledPeriod" and "电子税务局" in blocked["next_step"]["zh-CN"]
    why = certified(terminal, GENERAL)
    assert why.code == "unfiledForCertificate" and "online or at a counter" in why.next_step["en-US"]


def test_another_tax_blocks_as_vat_does_also_after_its_duty_has_ended(
    terminal: Terminal, centre: Centre
) -> None:
    t = tables.tax_duty
    with centre.database.write() as connection:
        connection.execute(
            insert(t).values(
                taxpayer=FARAWAY, tax="stamp", cycle="quarter", valid_from=date(2025, 1, 1),
                valid_to=date(2026, 2, 11),
            )
        )  # fmt: skip
    quarters = ["2025-10-01", "2026-01-01"]
    assert [first for tax, first in late(terminal, GAO) if tax == "stamp"] == quarters
    blocked = collecting(terminal, GAO)
    assert "印花税" in blocked["text"]["zh-CN"] and "零申报" in blocked["next_step"]["zh-CN"]
    assert certified(terminal, GAO).text["zh-CN"].startswith("2025年10–12月的印花税")


def test_an_old_gap_keeps_a_small_scale_taxpayer_from_becoming_a_general_one(
    terminal: Terminal, centre: Centre
) -> None:
    newest = filled(terminal.data("vat.prefill", GAO))
    assert terminal.do("declaration.submit", newest, GAO).state == "accepted"
    answer = general(terminal, subject("zhao-min", FARAWAY, "L"))
    assert answer.refusal is not None and answer.refusal.code == "unfiledBeforeGeneral"
    assert "2026年4–6月" in answer.refusal.text["zh-CN"]


def test_who_filed_everything_is_blocked_by_nothing(terminal: Terminal) -> None:
    who = subject("ma-yuan", next(firm.taxpayer for firm in FIRMS if "新篁" in firm.name), "B")
    answer = terminal.data("invoice.entitlement", who, {"units": []})["blocked"]
    assert answer["code"] == "noStockOfKind"


def test_nobody_of_the_cast_has_a_gap_that_their_story_does_not_tell(centre: Centre) -> None:
    rules, day = Rules(built_in()), date(2026, 10, 12)
    with centre.system.read() as work:
        for firm in FIRMS:
            taxpayer = work.core.registration.taxpayer(firm.taxpayer)
            assert taxpayer is not None
            found = obligations(work.core, taxpayer, rules, day)
            assert sum(one.late(day) for one in found) == (not firm.filed_before), firm.name
