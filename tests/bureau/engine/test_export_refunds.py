"""Export refunds: what may be asked for and why not, applied for by years, allowed without interest, asked for once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from bureau.city.enterprises import HEMU, HENGTAI
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.refunds import ordering
from bureau.engine.refunds.exports import EXPORT
from bureau.engine.rules import Rules
from bureau.ports.exports import ExportLine
from bureau.store import tables
from kiosk.domain.tax.parameters import built_in
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

FINANCE = subject("he-mulan", HENGTAI, "F")
SERVICE = "refund.export"
RULES = Rules(built_in())
PUMPS, BATTERIES, GEARS = 18_660_000, 16_200_000, 14_220_000
"""Net amounts of the purchases that are ready, in fen: taxed and refunded at 13 %, batteries at 6 %."""
READY_2026 = PUMPS * 13 // 100 + BATTERIES * 6 // 100 + GEARS * 13 // 100
READY_2025 = 7_120_000 * 13 // 100


def exported(terminal: Terminal) -> dict[str, Any]:
    return terminal.data("refund.exports", FINANCE, service=SERVICE)


def year(terminal: Terminal, wanted: str) -> dict[str, Any]:
    return next(one for one in exported(terminal)["years"] if one["year"] == wanted)


def apply(terminal: Terminal, wanted: str = "2026", **changed: str) -> EffectAnswer:
    known = year(terminal, wanted)
    data = {"year": wanted, "bank": known["bank"], "account": known["account"], **changed}
    return terminal.do("matter.submit", data, FINANCE, service=SERVICE)


def code(answer: EffectAnswer) -> str:
    assert answer.refusal is not None, answer
    return answer.refusal.code


def lines(centre: Centre) -> list[ExportLine]:
    with centre.system.read() as work:
        return list(work.core.exports.lines(HENGTAI, date(2020, 1, 1)))


def test_each_line_says_what_it_gives_back_or_what_stands_against_it(terminal: Terminal) -> None:
    found = exported(terminal)
    assert sorted((row["exported_on"][:4], row["goods"].split()[0], row["state"], row["rate"]) for row in found["lines"]) == [
        ("2025", "离心泵", "exchange", "0.13"), ("2025", "阀门", "ready", "0.13"), ("2026", "减速机", "month", "0.13"),
        ("2026", "减速机", "ready", "0.13"), ("2026", "离心泵", "ready", "0.13"), ("2026", "铝合金板", "rate", "0"),
        ("2026", "锂离子蓄电池组", "ready", "0.06"), ("2026", "阀门", "invoice", "0.13"),
    ]  # fmt: skip
    assert all((row["why_not"] is None) == row["ready"] for row in found["lines"])
    assert found["ready_fen"] == READY_2026 + READY_2025


def test_a_year_is_asked_for_once_and_given_back_without_interest(centre: Centre, terminal: Terminal) -> None:
    before = year(terminal, "2026")
    assert (before["lines"], before["waiting"], before["refund_fen"]) == (3, 3, READY_2026)
    case = apply(terminal).result["case"]
    asked = year(terminal, "2026")
    assert (asked["payable"], asked["lines"], asked["waiting"]) == (False, 0, 6)
    assert sum(row["state"] == "asked" for row in exported(terminal)["lines"]) == 3
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
        refund = work.core.refunds.of_case(case)
        assert refund is not None
        done = ordering.order(work.core, refund.refund, "吴批准", RULES)
    assert (done.tax_fen, done.interest_fen, done.to_account_fen) == (READY_2026, 0, READY_2026)
    assert year(terminal, "2026")["waiting"] == 3, "what was given back is gone from the list"
    data = {"year": "2026", "bank": before["bank"], "account": before["account"]}
    assert code(terminal.do("matter.submit", data, FINANCE, service=SERVICE)) == "exportNothing"
    (row,) = terminal.data("refund.list", FINANCE, service="refund.track")["rows"]
    assert (row["state"], row["tax_fen"]) == ("ordered", READY_2026)


def test_the_application_is_a_return_that_stands_until_it_is_refused(
    centre: Centre, terminal: Terminal
) -> None:
    case = apply(terminal).result["case"]
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    with centre.system.read() as work:
        filed = work.core.returns.filed(HENGTAI, EXPORT, first, last, case)
    assert filed is not None and filed.total_fen == 0
    shown = terminal.data("declarations.list", FINANCE, service="query.declarations")["returns"]
    assert filed.declaration in str(shown)
    with centre.system.write() as work:
        refuse_case(work.core, case, "周审核", "发票与报关单不符")
    with centre.system.read() as work:
        assert work.core.returns.filed(HENGTAI, EXPORT, first, last, case) is None
    assert year(terminal, "2026")["refund_fen"] == READY_2026, "it may be asked for again"
    assert apply(terminal).result["state"] == "open"


def test_the_same_key_again_and_another_case_beside_it(terminal: Terminal) -> None:
    known = year(terminal, "2026")
    data = {"year": "2026", "bank": known["bank"], "account": known["account"]}
    signed = terminal.intent("matter.submit", data, FINANCE, service=SERVICE)
    first, again = terminal.send(signed), terminal.send(signed)
    assert first.result["case"] == again.result["case"]
    other = terminal.do("matter.submit", {**data, "year": "2025"}, FINANCE, service=SERVICE)
    assert code(other) == "caseOpen"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"year": "2019"}, "exportNothing"),
        ({"year": "0000"}, "exportNothing"),
        ({"year": "20X6"}, "fieldWrong"),
        ({"account": "6217000000000001234"}, "refundOtherAccount"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_asked_for(
    centre: Centre, terminal: Terminal, changed: dict[str, str], said: str
) -> None:
    assert code(apply(terminal, **changed)) == said
    assert all(line.state == "free" for line in lines(centre))


def test_money_from_abroad_makes_a_late_export_ready(centre: Centre, terminal: Terminal) -> None:
    t = tables.export_line
    (late,) = [row for row in exported(terminal)["lines"] if row["state"] == "exchange"]
    with centre.database.write() as connection:
        mine = t.c.customs_no == late["customs_no"]
        connection.execute(update(t).where(mine).values(exchange_on=date(2026, 10, 1)))
    assert year(terminal, "2025")["refund_fen"] == READY_2025 + 7_750_000 * 13 // 100


def test_a_small_scale_taxpayer_exports_exempt(terminal: Terminal) -> None:
    hemu = subject("he-mulan", HEMU, "L")
    answer = terminal.ask("refund.exports", hemu, service=SERVICE)
    assert answer.refusal is not None and answer.refusal.code == "exportSmallScale"
    data = {"year": "2026", "bank": "icbc", "account": "6217000000000001234"}
    assert code(terminal.do("matter.submit", data, hemu, service=SERVICE)) == "exportSmallScale"
