"""代开发票: who may have which invoice issued, tax paid first, one invoice a payment, whatever happens between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.certificates.errors import RenderingError
from bureau.city.cast import FIRMS, HEMU, QINGHE, SHIGUANG
from bureau.engine.agency.after import ApplicationsLeft
from bureau.engine.agency.goods import goods
from bureau.engine.matters.deciding import approve
from bureau.ports.einvoices import InvoiceFiles, IssuedInvoice
from bureau.store import tables
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import status
from tests.bureau.phones import prove
from tests.bureau.terminals import Terminal, subject

SERVICE = "invoice.issue"
HEMU_NAME = next(firm.name for firm in FIRMS if firm.taxpayer == HEMU)
GENERAL = next(firm for firm in FIRMS if not firm.small_scale)
ABNORMAL = next(firm for firm in FIRMS if firm.state == "abnormal")
LI = subject("li-xiulan")
CAFE = subject("shen-zhizhou", SHIGUANG, "L")
STUDIO = subject("shen-zhizhou", QINGHE, "F")
SALE = {
    "kind": "ordinary", "buyer": HEMU_NAME, "buyer_number": HEMU, "goods": "3070500000000000000", "name": "保洁",
    "unit": "次", "quantity": 2, "gross_fen": 1_010_000,
}  # fmt: skip


def taxed(terminal: Terminal, who: dict[str, Any] = LI, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("agency.tax", who, {**SALE, **changed}, SERVICE)
    return found


def refused(terminal: Terminal, who: dict[str, Any] = LI, **changed: Any) -> str:
    """The code by which the sale is refused: when asked for its tax, and in the same way when applied for."""
    answer = terminal.ask("agency.tax", who, {**SALE, **changed}, SERVICE)
    assert answer.refusal is not None, answer.data
    data = {**SALE, **changed, "total_fen": 0, "parameters_hash": _hash(terminal)}
    assert code(terminal.do("invoice.apply", data, who)) == answer.refusal.code
    return answer.refusal.code


def _hash(terminal: Terminal) -> str:
    return str(terminal.data("vat.prefill", CAFE)["parameters_hash"])


def code(answer: EffectAnswer) -> str:
    assert answer.state == "refused" and answer.refusal is not None, answer
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return answer.refusal.code


def applied(terminal: Terminal, who: dict[str, Any] = LI, **changed: Any) -> dict[str, Any]:
    tax = taxed(terminal, who, **changed)
    data = {**SALE, **changed, "total_fen": tax["total_fen"], "parameters_hash": tax["parameters_hash"]}
    answer = terminal.do("invoice.apply", data, who)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def order(terminal: Terminal, application: dict[str, Any], who: dict[str, Any] = LI) -> str:
    dues = application["dues"]
    data = {
        "dues": [due["due"] for due in dues],
        "amount_fen": sum(due["amount_fen"] for due in dues),
        "channel": "qr-shown",
    }
    answer = terminal.do("payment.create", data, who, service=SERVICE)
    assert answer.state == "accepted", answer.refusal
    return str(answer.result["order"])


def pay(centre: Centre, terminal: Terminal, application: dict[str, Any], who: dict[str, Any] = LI) -> None:
    number = order(terminal, application, who)
    centre.bank.pay(number)
    assert status(terminal, number)["state"] == "approved"


def issue(terminal: Terminal, application: dict[str, Any], who: dict[str, Any] = LI) -> EffectAnswer:
    return terminal.do("invoice.issue", {"application": application["application"]}, who)


def issued(centre: Centre, terminal: Terminal, who: dict[str, Any] = LI, **changed: Any) -> dict[str, Any]:
    """Applied for, paid, issued."""
    application = applied(terminal, who, **changed)
    if application["dues"]:
        pay(centre, terminal, application, who)
    answer = issue(terminal, application, who)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def sales(centre: Centre, taxpayer: str) -> list[Any]:
    with centre.database.read() as connection:
        t = tables.sale
        return list(connection.execute(select(t).where(t.c.taxpayer == taxpayer, t.c.remark != "")))


def number_of(who: dict[str, Any]) -> str:
    return str(who["person"]["number"])


def notices(terminal: Terminal, persona: str) -> list[str]:
    return [n["kind"] for n in terminal.data("person.profile", subject(persona))["notices"]]


def test_a_persons_labour_is_taxed_paid_and_invoiced_once(centre: Centre, terminal: Terminal) -> None:
    tax = taxed(terminal)
    assert (tax["net_fen"], tax["vat_fen"], tax["city_fen"], tax["total_fen"]) == (
        1_000_000,
        10_000,
        350,
        10_350,
    )
    assert "2023年第19号" in tax["vat_basis"]["zh-CN"] and tax["city_basis"]["en-US"].startswith("Halved")
    made = issued(centre, terminal)
    (row,) = sales(centre, number_of(LI))
    assert (row.number, row.buyer, row.buyer_number) == (made["number"], HEMU_NAME, HEMU)
    assert (row.net_fen, row.tax_fen, row.lines[0]["name"]) == (1_000_000, 10_000, "*居民日常服务*保洁")
    assert "个人所得税由支付人依法扣缴" in row.remark
    told = {"number": made["number"], "issued": "2026-10-12", "amount_fen": 1_010_000}
    verdict = terminal.do("invoice.check", told).result
    assert verdict["finding"] == "valid" and number_of(LI) not in str(verdict)
    assert {fact["label"]["en-US"]: fact["value"]["zh-CN"] for fact in verdict["facts"]}[
        "Remark"
    ] == row.remark


def test_what_is_not_paid_is_not_issued_and_what_is_paid_is_issued_once_however_often_it_is_asked(
    centre: Centre, terminal: Terminal
) -> None:
    application = applied(terminal)
    assert code(issue(terminal, application)) == "issueUnpaid"
    number = order(terminal, application)
    assert code(issue(terminal, application)) == "issueUnpaid"
    centre.bank.pay(number)
    status(terminal, number)
    signed = terminal.intent("invoice.issue", {"application": application["application"]}, LI)
    first, again = terminal.send(signed), terminal.send(signed)
    assert first == again and first.state == "accepted"
    elsewhere = issue(centre.terminal("B-01"), application).result
    assert elsewhere["number"] == first.result["number"] and elsewhere["document"] != first.result["document"]
    assert len(sales(centre, number_of(LI))) == 1


def test_a_drawing_that_fails_leaves_the_invoice_issued_and_is_made_up_for(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = applied(terminal)
    pay(centre, terminal, application)

    def broken(*_: object) -> None:
        raise RuntimeError("no fonts")

    signed = terminal.intent("invoice.issue", {"application": application["application"]}, LI)
    with monkeypatch.context() as patch:
        patch.setattr(centre.office, "invoice_files", broken)
        with pytest.raises(RuntimeError):
            terminal.send(signed)
    (row,) = sales(centre, number_of(LI))
    assert terminal.send(signed).result["number"] == row.number
    assert len(sales(centre, number_of(LI))) == 1


def test_below_the_threshold_nothing_is_paid_and_the_invoice_says_exempt(
    centre: Centre, terminal: Terminal
) -> None:
    tax = taxed(terminal, gross_fen=50_000)
    assert tax["total_fen"] == 0 and tax["rate_text"]["zh-CN"] == "免税"
    application = applied(terminal, gross_fen=50_000)
    assert application["dues"] == []
    made = issue(terminal, application).result
    assert (made["net_fen"], made["tax_fen"]) == (50_000, 0)
    (row,) = sales(centre, number_of(LI))
    assert row.lines[0]["rate"] == ""


def test_a_days_sales_are_not_split_to_stay_below_the_threshold(centre: Centre, terminal: Terminal) -> None:
    made = issued(centre, terminal, gross_fen=60_000)
    assert refused(terminal, gross_fen=60_000) == "issueDaySplit"
    red = {"invoice": made["id"], "reason": "mistake", "amount_fen": 60_000}
    assert terminal.do("invoice.red", red, LI).state == "accepted"
    assert taxed(terminal, gross_fen=120_000)["vat_fen"] == 1188
    centre.clock.forward(days=1)
    assert taxed(terminal, gross_fen=60_000)["total_fen"] == 0


def test_each_legal_reason_has_its_own_refusal(centre: Centre, terminal: Terminal) -> None:
    chen, general = subject("chen-mo", HEMU, "T"), subject("he-mulan", GENERAL.taxpayer, "F")
    other = {"buyer": "云川拾光咖啡店（个体）", "buyer_number": SHIGUANG}
    assert refused(terminal, kind="special") == "issueSpecialPerson"
    assert refused(terminal, general, **other) == "issueGeneral"
    assert refused(terminal, chen, **other) == "issueOwnOrdinary"
    assert refused(terminal, chen, kind="special", **other) == "issueOwnSpecial"
    assert refused(terminal, STUDIO) == "issueOwnOrdinary"
    assert refused(terminal, subject("qian-sheng", ABNORMAL.taxpayer, "L")) == "taxpayerAbnormal"
    assert refused(terminal, buyer="云川木禾文具有限公司") == "issueBuyerName"
    assert refused(terminal, buyer=" \u200b") == "issueBuyerName"
    assert refused(terminal, buyer_number="91990199MA607F0M7Y") == "issueBuyerNumber"
    assert refused(terminal, buyer_number="91") == "issueBuyerNumber"
    assert refused(terminal, buyer_number="110105194912310021") == "issueBuyerPerson"
    assert refused(terminal, CAFE, kind="special", buyer_number=None) == "issueBuyerNumber"
    assert refused(terminal, CAFE, **other) == "issueBuyerSelf"
    assert refused(terminal, goods="9999999999999999999") == "issueGoods"
    assert refused(terminal, gross_fen=10_000_001) == "issueOverLimit"
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(state="cancelled"))
    assert refused(terminal) == "issueBuyerCancelled"


def test_a_buyer_of_elsewhere_is_taken_by_its_form_and_brackets_of_either_width_are_the_same(
    terminal: Terminal,
) -> None:
    elsewhere = {"kind": "ordinary", "buyer": "外地公司", "buyer_number": "91110108MA01K1050C"}
    assert terminal.data("agency.terms", LI, elsewhere, SERVICE)["buyer"] == "外地公司"
    told = {"kind": "ordinary", "buyer": "云川拾光咖啡店(个体)", "buyer_number": SHIGUANG}
    assert terminal.data("agency.terms", LI, told, SERVICE)["buyer"] == "云川拾光咖啡店（个体）"
    private = terminal.data("agency.terms", LI, {"kind": "ordinary", "buyer": "王小明"}, SERVICE)
    assert [one["id"] for one in private["goods"]] == list(goods()) and private["most_fen"] == 10_000_000


def test_what_no_printer_writes_is_refused_before_it_is_paid(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tax = taxed(terminal)
    data = {**SALE, "total_fen": tax["total_fen"], "parameters_hash": tax["parameters_hash"]}

    def missing(invoice: IssuedInvoice, at: datetime) -> InvoiceFiles:
        assert invoice.buyer == HEMU_NAME and invoice.lines[0].tax_fen == 10_000
        raise RenderingError("U+E000 is of private use")

    with monkeypatch.context() as patch:
        patch.setattr(centre.office, "invoice_files", missing)
        assert code(terminal.do("invoice.apply", data, LI)) == "issueUnprintable"
    assert terminal.data("dues.list", CAFE)["dues"] == []
    assert terminal.do("invoice.apply", data, LI).state == "accepted"


def test_another_sum_or_other_tables_than_those_shown_are_refused(terminal: Terminal) -> None:
    tax = taxed(terminal)
    data = {**SALE, "total_fen": tax["total_fen"] - 1, "parameters_hash": tax["parameters_hash"]}
    assert code(terminal.do("invoice.apply", data, LI)) == "figuresDiffer"
    data = {**SALE, "total_fen": tax["total_fen"], "parameters_hash": "0" * 64}
    assert code(terminal.do("invoice.apply", data, LI)) == "rulesUnknown"


def test_nobody_else_issues_or_is_told_of_an_application(terminal: Terminal) -> None:
    application = applied(terminal)
    assert code(issue(terminal, application, subject("tang-yue"))) == "issueUnknown"
    assert code(issue(terminal, application, CAFE)) == "issueUnknown"
    assert code(issue(terminal, {"application": "31990026101299999998"})) == "issueUnknown"


def test_a_second_application_takes_the_place_of_an_unpaid_one_and_waits_for_one_being_paid(
    centre: Centre, terminal: Terminal
) -> None:
    first = applied(terminal)
    second = applied(terminal, gross_fen=2_020_000)
    assert code(issue(terminal, first)) == "issueLapsed"
    assert [due["due"] for due in terminal.data("dues.list", LI)["dues"]] == [
        d["due"] for d in second["dues"]
    ]
    number = order(terminal, second)
    tax = taxed(terminal)
    data = {**SALE, "total_fen": tax["total_fen"], "parameters_hash": tax["parameters_hash"]}
    assert code(terminal.do("invoice.apply", data, LI)) == "issueBeingPaid"
    centre.bank.pay(number)
    status(terminal, number)
    assert code(terminal.do("invoice.apply", data, LI)) == "issueBeingPaid"
    assert issue(terminal, second).state == "accepted"
    assert applied(terminal)["dues"]


def test_what_is_paid_later_is_issued_by_itself_and_told(centre: Centre, terminal: Terminal) -> None:
    """In doubt at the terminal, or paid another hour under ``pay.due``."""
    application, left = applied(terminal), ApplicationsLeft(centre.system)
    pay(centre, terminal, application)
    left.run_once()
    assert sales(centre, number_of(LI)) == []  # who stands there gets it themselves
    centre.clock.forward(minutes=11)
    left.run_once()
    left.run_once()
    (row,) = sales(centre, number_of(LI))
    assert "agency-issued" in notices(terminal, "li-xiulan")
    assert issue(terminal, application).result["number"] == row.number


def test_what_nobody_paid_ends_with_the_day_and_is_no_arrear(centre: Centre, terminal: Terminal) -> None:
    application, left = applied(terminal), ApplicationsLeft(centre.system)
    centre.clock.forward(hours=3)
    left.run_once()
    assert terminal.data("dues.list", LI)["dues"]
    centre.clock.forward(hours=12)
    left.run_once()
    assert terminal.data("dues.list", LI)["dues"] == []
    assert code(issue(terminal, application)) == "issueLapsed"
    assert terminal.data("declarations.list", LI, service="query.declarations")["returns"] == []


def test_one_being_paid_does_not_end_with_the_day(centre: Centre, terminal: Terminal) -> None:
    application, left = applied(terminal), ApplicationsLeft(centre.system)
    number = order(terminal, application)
    centre.bank.silent = True
    terminal.do("payment.close", {"order": number}, service=SERVICE)
    centre.clock.forward(hours=15)
    left.run_once()
    centre.bank.silent = False
    centre.bank.pay(number)
    status(terminal, number)
    left.run_once()
    assert len(sales(centre, number_of(LI))) == 1 and issue(terminal, application).state == "accepted"


def test_one_that_costs_nothing_is_issued_to_who_waits_and_to_nobody_else(
    centre: Centre, terminal: Terminal
) -> None:
    applied(terminal, gross_fen=50_000)
    left = ApplicationsLeft(centre.system)
    centre.clock.forward(minutes=30)
    left.run_once()
    assert sales(centre, number_of(LI)) == []


def test_who_went_without_the_answer_is_told(centre: Centre, terminal: Terminal) -> None:
    application = applied(terminal)
    data = {"application": application["application"]}
    assert code(terminal.send(terminal.intent("invoice.issue", data, LI), queued=True)) == "issueUnpaid"
    assert "agency-refused" in notices(terminal, "li-xiulan")
    pay(centre, terminal, application)
    assert terminal.send(terminal.intent("invoice.issue", data, LI), queued=True).state == "accepted"
    assert "agency-issued" in notices(terminal, "li-xiulan")


def test_the_link_leads_to_the_files_and_the_document_to_the_printer(
    centre: Centre, terminal: Terminal
) -> None:
    made = issued(centre, terminal)
    assert made["verify_url"].startswith("http") and made["verify_url"].split("/")[-2] == "e"
    with centre.system.read() as work:
        assert work.core.einvoices.document(made["document"], terminal.name)
        assert work.core.einvoices.document(made["document"], "B-01") is None
    rows = terminal.data("einvoices.list", LI, service="einvoice.print")["invoices"]
    assert [row["number"] for row in rows] == [made["number"]]


def test_a_firms_quarter_is_free_up_to_the_threshold_with_ordinary_invoices_alone(
    centre: Centre, terminal: Terminal
) -> None:
    assert taxed(terminal, CAFE, gross_fen=9_000_000)["total_fen"] == 0
    assert taxed(terminal, CAFE, kind="special")["vat_fen"] == 10_000
    for _ in range(3):
        issued(centre, terminal, CAFE, gross_fen=9_900_000)
    tax = taxed(terminal, CAFE, gross_fen=1_010_000)
    assert (tax["vat_fen"], tax["education_fen"]) == (10_000, 150)


def test_what_was_paid_before_is_taken_off_the_return_and_given_back_beyond_it(
    centre: Centre, terminal: Terminal
) -> None:
    made = issued(centre, terminal, CAFE, kind="special")
    assert (made["net_fen"], made["tax_fen"]) == (1_000_000, 10_000)
    centre.clock.forward(days=85)  # the quarter is over
    facts = terminal.data("vat.prefill", CAFE)
    assert facts["special_sales_fen"] == 1_000_000
    figures = {
        "period_first": facts["period_first"], "period_last": facts["period_last"], "vat_fen": 10_000,
        "city_fen": 350, "education_fen": 0, "local_education_fen": 0,
    }  # fmt: skip
    late = terminal.data("vat.surcharge", CAFE, figures)
    assert (late["total_fen"], late["prepaid_fen"]) == (0, 10_350)
    data = {
        **figures, "tax": "vat-small", "ordinary_sales_fen": 0, "special_sales_fen": 1_000_000,
        "uninvoiced_sales_fen": 0, "levy_rate": facts["levy_rate"], "city_rate": facts["city_rate"],
        "half_six_taxes": True, "total_fen": 10_350, "parameters_hash": facts["parameters_hash"],
    }  # fmt: skip
    filed = terminal.do("declaration.submit", data, CAFE)
    assert filed.state == "accepted" and filed.result["dues"] == [], filed
    assert terminal.data("refund.overpaid", CAFE, service="refund.overpaid")["rows"] == []


def test_a_person_takes_it_back_and_the_tax_is_paid_back_once(centre: Centre, terminal: Terminal) -> None:
    made = issued(centre, terminal)
    mine = {"service": "refund.iit"}
    assert terminal.data("refund.overpaid", LI, **mine)["rows"] == []
    red = {"invoice": made["id"], "reason": "discount", "amount_fen": 505_000}
    assert terminal.do("invoice.red", red, LI).state == "accepted"
    (row,) = terminal.data("refund.overpaid", LI, **mine)["rows"]
    assert (row["tax"], row["tax_fen"]) == ("vat-agency", 5_000 + 175)
    data = {"declaration": row["declaration"], "bank": "icbc", "account": "6217000000000001234"}
    case = terminal.do("matter.submit", data, LI, service="refund.iit").result["case"]
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
    assert terminal.data("refund.overpaid", LI, **mine)["rows"] == []
    red = {"invoice": made["id"], "reason": "returned", "amount_fen": 505_000}
    assert terminal.do("invoice.red", red, LI).state == "accepted"
    (rest,) = terminal.data("refund.overpaid", LI, **mine)["rows"]
    assert rest["tax_fen"] == 10_350 - row["tax_fen"]


def test_a_red_letter_for_another_days_invoice_makes_no_room_below_todays_threshold(
    centre: Centre, terminal: Terminal
) -> None:
    """The tax of that one is given back (``refund.iit``): taken off today's sales as well it would count twice."""
    made = issued(centre, terminal)
    centre.clock.forward(days=1)
    red = {"invoice": made["id"], "reason": "returned", "amount_fen": 1_010_000}
    assert terminal.do("invoice.red", red, LI).state == "accepted"
    issued(centre, terminal, gross_fen=90_000)
    assert refused(terminal, gross_fen=90_000) == "issueDaySplit"


def test_what_was_taken_back_of_todays_invoices_is_not_sold(centre: Centre, terminal: Terminal) -> None:
    made = issued(centre, terminal, gross_fen=90_000)
    red = {"invoice": made["id"], "reason": "returned", "amount_fen": 90_000}
    assert terminal.do("invoice.red", red, LI).state == "accepted"
    assert taxed(terminal, gross_fen=90_000)["total_fen"] == 0


def test_nobody_has_invoices_issued_for_the_draws_alone(centre: Centre, terminal: Terminal) -> None:
    """Below the threshold they cost nothing, and every draw may win."""
    made = issued(centre, terminal, gross_fen=10_000, buyer="个人", buyer_number=None)
    told = {"number": made["number"], "issued": made["issued"], "amount_fen": made["total_fen"]}
    who = {"person": None, "phone": prove(terminal, centre), "taxpayer": None, "role": None}
    assert code(terminal.do("lottery.draw", told, who, service="lottery.draw")) == "lotteryAgency"


def test_goods_have_codes_of_19_digits_and_words_in_each_language() -> None:
    for one in goods().values():
        assert len(one.code) == 19 and one.title["en-US"] and one.note["zh-CN"] and one.short
