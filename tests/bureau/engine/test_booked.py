"""What is declared at a terminal and paid stands on the certificates, once, and anybody may check them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from bureau.certificates.office import Office
from bureau.engine.matters.deciding import approve
from bureau.engine.refunds import ordering
from bureau.engine.rules import Rules
from bureau.engine.sheets.kinds import FAMILY
from bureau.store import tables
from kiosk.domain.tax.parameters import built_in
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_refunds import CARD
from tests.bureau.engine.test_returns import code, file, filled, prefill
from tests.bureau.engine.test_sheets import issue, offered, refused, sheet
from tests.bureau.terminals import Terminal, subject

BUYER, FLEXIBLE, EARNER, BACK = (subject(n) for n in ("xu-wen", "tang-yue", "li-xiulan", "he-jiaxin"))
VIN = "LSVAU0334E2123456"
MONTHS = {"first": "2026-01", "last": "2026-10"}
SETTLED = {"first": "2025-12", "last": "2025-12"}


def declared(terminal: Terminal, kind: str, who: dict[str, Any], **typed: Any) -> EffectAnswer:
    answer = file(terminal, kind, filled(kind, prefill(terminal, kind, who), **typed), who)
    assert answer.state == "accepted", answer.refusal
    return answer


def pay(
    centre: Centre, terminal: Terminal, who: dict[str, Any], dues: list[dict[str, Any]], part: int = 0
) -> None:
    """By phone, all of it or so many fen of the tax, and heard of."""
    amount = part or sum(due["amount_fen"] + due["late_fee_fen"] for due in dues)
    data = {
        "dues": [due["due"] for due in dues],
        "amount_fen": amount,
        "channel": "qr-shown",
        "part": bool(part),
    }
    answer = terminal.do("payment.create", data, who, service="pay.due")
    assert answer.state == "accepted", answer.refusal
    centre.bank.pay(answer.result["order"])
    assert terminal.data("payment.status", {}, {"order": answer.result["order"]})["state"] == "approved"


def record(terminal: Terminal, who: dict[str, Any], **months: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("iit.record", who, months, FAMILY + "iit-record")
    return found


# --- vehicles ---------------------------------------------------------------------------------------------


def test_a_vehicle_is_certified_once_its_tax_is_booked_with_what_was_declared(
    terminal: Terminal, centre: Centre
) -> None:
    answer = declared(terminal, "vehicle-purchase", BUYER)
    assert refused(terminal, "vehicle-purchase", BUYER, "items").code == "noVehicleTax"
    pay(centre, terminal, BUYER, answer.result["dues"])
    (item,) = offered(terminal, "vehicle-purchase", BUYER)
    assert (item["id"], item["title"]["zh-CN"]) == (VIN, "上汽大众牌SVW71810BU")
    assert issue(terminal, "vehicle-purchase", BUYER, item=VIN).state == "accepted"
    made = centre.office.sheets[-1].sheet
    said = [fact.value["zh-CN"] for fact in made.facts]
    assert {VIN, "上汽大众牌SVW71810BU", "EA211304519", "云川市税务局"} <= set(said)
    assert made.rows[0][1]["zh-CN"] == "100,000.00"
    assert (made.amount_fen, made.capital) == (1_000_000, "人民币壹万元整")
    assert "2026年10月12日入库" in made.statements[0]["zh-CN"]


def test_a_part_of_the_tax_certifies_nothing_and_the_rest_of_it_does(
    terminal: Terminal, centre: Centre
) -> None:
    (due,) = declared(terminal, "vehicle-purchase", BUYER).result["dues"]
    pay(centre, terminal, BUYER, [due], part=400_000)
    assert refused(terminal, "vehicle-purchase", BUYER, "items").code == "noVehicleTax"
    pay(centre, terminal, BUYER, [{**due, "amount_fen": 600_000}])
    assert sheet(terminal, "vehicle-purchase", BUYER, item=VIN)["total"][0]["value"]["zh-CN"] == "10,000.00"


def test_an_exempt_vehicle_is_certified_as_soon_as_it_is_declared(terminal: Terminal, centre: Centre) -> None:
    typed = {"bought_on": "2025-12-30", "new_energy": True}
    assert declared(terminal, "vehicle-purchase", BUYER, **typed).result["dues"] == []
    assert issue(terminal, "vehicle-purchase", BUYER, item=VIN).state == "accepted"
    made = centre.office.sheets[-1].sheet
    assert made.amount_fen == 0 and "免税" in made.statements[0]["zh-CN"]


def test_two_vehicles_of_one_day_are_told_apart(terminal: Terminal, centre: Centre) -> None:
    known = prefill(terminal, "vehicle-purchase", BUYER)["sources"][0]["facts"]
    first = declared(terminal, "vehicle-purchase", BUYER)
    declared(terminal, "vehicle-purchase", BUYER, **{**known, "vin": "LSVAU0334E2123457"})
    pay(centre, terminal, BUYER, first.result["dues"])
    assert [one["id"] for one in offered(terminal, "vehicle-purchase", BUYER)] == [VIN]


def test_a_vehicle_is_taxed_once_whatever_day_is_said(terminal: Terminal, centre: Centre) -> None:
    answer = declared(terminal, "vehicle-purchase", BUYER)
    facts = filled("vehicle-purchase", {}, vin=VIN, make="牌", engine="E1", gross_fen=100, new_energy=False,
                   bought_on="2026-10-01")  # fmt: skip
    assert code(file(terminal, "vehicle-purchase", facts, BUYER)) == "alreadyFiled"
    pay(centre, terminal, BUYER, answer.result["dues"])
    assert code(file(terminal, "vehicle-purchase", facts, BUYER)) == "vehicleTaxed"
    on_file = filled("vehicle-purchase", {}, **{**facts["facts"], "vin": "LSVAU033XE2123456"})
    assert code(file(terminal, "vehicle-purchase", on_file, EARNER)) == "vehicleTaxed"


def test_a_return_that_was_taken_without_the_particulars_is_filed_and_certified(
    terminal: Terminal, centre: Centre
) -> None:
    before = filled(
        "vehicle-purchase", {}, vin=VIN, gross_fen=11_300_000, new_energy=False, bought_on="2026-10-01"
    )
    answer = file(terminal, "vehicle-purchase", before, BUYER)
    assert answer.state == "accepted", answer.refusal
    pay(centre, terminal, BUYER, answer.result["dues"])
    assert offered(terminal, "vehicle-purchase", BUYER)[0]["title"]["zh-CN"] == VIN
    assert "—" in [
        one["value"]["zh-CN"] for one in sheet(terminal, "vehicle-purchase", BUYER, item=VIN)["facts"]
    ]


def test_what_the_archives_came_to_hold_of_it_is_not_counted_twice(
    terminal: Terminal, centre: Centre
) -> None:
    pay(centre, terminal, BUYER, declared(terminal, "vehicle-purchase", BUYER).result["dues"])
    held = {"person_kind": "resident-id", "person_number": BUYER["person"]["number"]}
    with centre.database.write() as connection:
        connection.execute(
            insert(tables.vehicle_tax).values(
                **held, vin=VIN, make="上汽大众牌", engine="E", price_fen=10_000_000, tax_fen=1_000_000, exempt=False,
                entry_date=date(2026, 10, 12), authority="云川市税务局",
            )
        )  # fmt: skip
    assert [one["title"]["zh-CN"] for one in offered(terminal, "vehicle-purchase", BUYER)] == ["上汽大众牌"]


# --- social insurance -------------------------------------------------------------------------------------


def test_contributions_are_certified_month_by_month_as_each_insurance_is_paid(
    terminal: Terminal, centre: Centre
) -> None:
    told = {"level": "level-60", "first": "2026-07", "months": 3, "pension": True, "medical": True}
    dues = declared(terminal, "social-insurance", FLEXIBLE, **told).result["dues"]
    pension, medical = (next(due for due in dues if due["tax"] == name) for name in ("pension", "medical"))
    assert refused(terminal, "social-insurance", FLEXIBLE, "months").code == "noSocialAtAll"
    pay(centre, terminal, FLEXIBLE, [pension])
    months = terminal.data("certificate.months", FLEXIBLE, {}, FAMILY + "social-insurance")
    assert months["with_record"] == ["2026-07", "2026-08", "2026-09"]
    shown = sheet(terminal, "social-insurance", FLEXIBLE, first="2026-08", last="2026-10")
    assert [(row[0]["zh-CN"], row[1]["zh-CN"]) for row in shown["rows"]] == [
        ("2026-08", "基本养老保险"), ("2026-09", "基本养老保险"),
    ]  # fmt: skip
    assert shown["total"][0]["value"]["zh-CN"] == "1,728.00"
    pay(centre, terminal, FLEXIBLE, [medical])
    assert issue(terminal, "social-insurance", FLEXIBLE, **MONTHS).state == "accepted"
    made = centre.office.sheets[-1].sheet
    assert len(made.rows) == 6 and made.amount_fen == 259_200 + 103_680
    assert made.totals[4]["zh-CN"] == "0.00", "nobody else pays a part"
    assert "灵活就业，本人缴费" in [fact.value["zh-CN"] for fact in made.facts]


# --- income -----------------------------------------------------------------------------------------------


def test_the_record_shows_what_a_settlement_paid_and_counts_no_income_again(
    terminal: Terminal, centre: Centre
) -> None:
    before = record(terminal, EARNER, first="2025-01", last="2025-12")
    dues = declared(terminal, "iit-annual", EARNER, extra_fen=None, social_fen=None).result["dues"]
    assert record(terminal, EARNER, first="2025-01", last="2025-12") == before
    pay(centre, terminal, EARNER, dues)
    after = record(terminal, EARNER, first="2025-01", last="2025-12")
    (line,) = after["rows"][len(before["rows"]) :]
    assert (line["month"], line["item"], line["income_fen"]) == ("2025-12", "annual", 0)
    assert (line["tax_fen"], line["entry_date"]) == (dues[0]["amount_fen"], "2026-10-12")
    assert after["total_income_fen"] == before["total_income_fen"]
    assert after["total_tax_fen"] == before["total_tax_fen"] + dues[0]["amount_fen"]
    months = terminal.data("iit.months", EARNER, {}, FAMILY + "iit-record")["with_income"]
    assert months.count("2025-12") == 1


def test_the_record_shows_what_a_settlement_gave_back_once_it_is_paid(
    terminal: Terminal, centre: Centre
) -> None:
    (row,) = terminal.data("refund.overpaid", BACK, service="refund.iit")["rows"]
    before = record(terminal, BACK, first="2025-01", last="2025-12")
    data = {"declaration": row["declaration"], **CARD}
    case = terminal.do("matter.submit", data, BACK, service="refund.iit").result["case"]
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
        refund = work.core.refunds.of_case(case)
        assert refund is not None
        ordered = ordering.order(work.core, refund.refund, "吴批准", Rules(built_in()))
    assert record(terminal, BACK, first="2025-01", last="2025-12") == before, "the treasury has not paid yet"
    with centre.system.write() as work:
        work.core.refunds.settle(ordered, date(2026, 10, 12))
    after = record(terminal, BACK, first="2025-01", last="2025-12")
    assert after["rows"][-1]["tax_fen"] == -row["tax_fen"] < 0
    assert after["total_tax_fen"] == before["total_tax_fen"] - row["tax_fen"]
    less = terminal.ask("iit.record", BACK, SETTLED, FAMILY + "iit-record").refusal
    assert less is not None and less.code == "incomeGivenBack"


# --- and anybody may check it -----------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_from_the_return_to_the_publics_verification(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    """With the real office: the sealed file, and what the register tells anybody of it."""
    terminal, _ = sealing
    pay(centre, terminal, BUYER, declared(terminal, "vehicle-purchase", BUYER).result["dues"])
    issued = issue(terminal, "vehicle-purchase", BUYER, item=VIN).result
    asked = {"number": issued["number"], "code": issued["code"]}
    verdict = terminal.data("certificate.verify", {}, asked, "certificate.verify")
    assert verdict["finding"] == "valid"
    assert verdict["total"][0]["value"]["zh-CN"] == "10,000.00"
    assert VIN in [fact["value"]["zh-CN"] for fact in verdict["facts"]]
