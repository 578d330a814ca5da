"""Every kind of certificate: what it says, of whom, and each reason why it cannot be had."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.archives import RATES
from bureau.city.cast import FIRMS
from bureau.city.own_taxes import CAR_OWNER
from bureau.engine.sheets.kinds import FAMILY, IIT_RECORD, KINDS, certificate_of
from bureau.engine.sheets.served import SERVED_DOCUMENT
from bureau.engine.sheets.taxes import OWN_TAX_PAYMENT
from bureau.engine.sheets.vouchers import PAYMENT_VOUCHER
from bureau.store import tables
from bureau.texts import ids
from config.catalogue.models import Service
from tests.bureau.conftest import Centre
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

PAYER, DEBTOR, BEHIND = "xu-wen", "chen-jing", "gao-wei"
YEAR = {"first": "2026-01", "last": "2026-09"}


def of(persona: str) -> dict[str, Any]:
    """The persona, acting for the first enterprise of theirs."""
    firm = next(firm for firm in FIRMS if firm.roles_of(persona))
    return subject(persona, firm.taxpayer, firm.roles_of(persona)[0].value)


def sheet(terminal: Terminal, kind: str, who: dict[str, Any], **wish: Any) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("certificate.preview", who, wish, FAMILY + kind)
    return found


def offered(terminal: Terminal, kind: str, who: dict[str, Any]) -> list[dict[str, Any]]:
    """What may be chosen, where one thing is certified."""
    found: list[dict[str, Any]] = terminal.data("certificate.items", who, {}, FAMILY + kind)["items"]
    return found


def refused(terminal: Terminal, kind: str, who: dict[str, Any], query: str = "preview", **wish: Any) -> Any:
    refusal = terminal.ask(f"certificate.{query}", who, wish, FAMILY + kind).refusal
    assert refusal is not None
    assert all(refusal.text[lang] and refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return refusal


def issue(terminal: Terminal, kind: str, who: dict[str, Any], **wish: Any) -> Any:
    """Issued as the terminal does: what was shown, by its name."""
    shown = sheet(terminal, kind, who, **wish)
    data = {"certificate": kind, **wish, "content_sha256": shown["content_sha256"]}
    return terminal.do("certificate.issue", data, who, service=FAMILY + kind)


def paid(centre: Centre, who: dict[str, Any], first: date, last: date) -> list[Any]:
    with centre.system.read() as work:
        return list(work.core.returns.entered(who["taxpayer"], first, last))


def services() -> dict[str, Service]:
    """By the certificate that each is for; what ends with the copy of a return is for declaring it."""
    known = [CATALOGUE[name].service for name in CATALOGUE if not name.startswith("declare.")]
    found = {certificate_of(service): service for service in known}
    return {
        certificate: service
        for certificate, service in found.items()
        if certificate in KINDS.keys() | {IIT_RECORD}
    }


# --- the family -------------------------------------------------------------------------------------------


def test_every_kind_has_a_service_for_those_who_may_ask_for_it() -> None:
    found = services()
    assert set(KINDS) | {IIT_RECORD} == set(found)
    for name, kind in KINDS.items():
        assert found[name].audience == kind.audience
        assert found[name].sign_in == ("R" if kind.audience == "enterprise" else "3")


def test_a_service_gives_the_certificate_that_it_is_for_and_no_other(terminal: Terminal) -> None:
    who = of(PAYER)
    shown = sheet(terminal, "no-arrears", who)
    data = {"certificate": "no-arrears", "content_sha256": shown["content_sha256"]}
    answer = terminal.do("certificate.issue", data, who, service="certificate.tax-payment")
    assert answer.refusal is not None and answer.refusal.code == "notOfThisService"
    no = terminal.ask("certificate.preview", who, {}, "certificate.iit-record").refusal
    assert no is not None and no.code == "notOfThisService"


@pytest.mark.parametrize(("persona", "code"), [("ma-yuan", "roleNotAllowed"), ("tang-yue", "roleMissing")])
def test_who_holds_no_role_that_may_ask_is_refused(terminal: Terminal, persona: str, code: str) -> None:
    firm = next(firm for firm in FIRMS if firm.roles_of("ma-yuan"))
    # A document is served, and a voucher printed from the list of payments: neither has a service of its own.
    asked_for = KINDS.keys() - {SERVED_DOCUMENT, PAYMENT_VOUCHER}
    for kind in (name for name in asked_for if KINDS[name].audience == "enterprise"):
        assert refused(terminal, kind, subject(persona, firm.taxpayer), **YEAR).code == code


def test_a_face_is_needed(terminal: Terminal) -> None:
    weak = {**of(PAYER), "person": {**of(PAYER)["person"], "evidence": "document", "face": None}}
    assert refused(terminal, "no-arrears", weak).code == "identityWeak"


def test_the_same_key_never_makes_a_second_one(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)
    shown = sheet(terminal, "no-arrears", who)
    data = {"certificate": "no-arrears", "content_sha256": shown["content_sha256"]}
    signed = terminal.intent("certificate.issue", data, who, service="certificate.no-arrears")
    assert terminal.send(signed) == terminal.send(signed)
    assert len(centre.office.sheets) == 1


# --- taxes paid -------------------------------------------------------------------------------------------


def test_the_months_of_payment_are_those_in_which_something_entered(
    terminal: Terminal, centre: Centre
) -> None:
    who = of(PAYER)
    months = terminal.data("certificate.months", who, {}, "certificate.tax-payment")
    entered = paid(centre, who, date(2023, 11, 1), date(2026, 10, 12))
    assert months["with_record"] == sorted({f"{one.entry_date:%Y-%m}" for one in entered})
    assert (months["first"], months["last"]) == ("2023-11", "2026-10")
    assert months["tag"]["zh-CN"] == "有缴税"


@pytest.mark.parametrize("form", ["list", "text"])
def test_both_forms_certify_the_same_sum(terminal: Terminal, centre: Centre, form: str) -> None:
    who = of(PAYER)
    entered = paid(centre, who, date(2026, 1, 1), date(2026, 9, 30))
    total = sum(one.amount_fen + one.late_fee_fen for one in entered)
    shown = sheet(terminal, "tax-payment", who, **YEAR, form=form)
    (sum_shown,) = shown["total"]
    assert total > 0
    assert sum_shown["value"]["zh-CN"] == f"{total / 100:,.2f}"
    assert len(shown["rows"]) == (len(entered) if form == "list" else len({one.tax for one in entered}))
    answer = issue(terminal, "tax-payment", who, **YEAR, form=form)
    assert answer.state == "accepted"
    asked = centre.office.sheets[-1].sheet
    assert (asked.amount_fen, asked.holder) == (total, "云川松间茶舍有限公司")
    vouchers = {cell["zh-CN"] for row in asked.rows for cell in row}
    assert {one.voucher for one in entered} <= vouchers or form == "text"


def test_what_was_paid_late_stands_in_a_line_of_its_own(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)
    with centre.database.write() as connection:
        t = tables.treasury_entry
        mine = select(tables.due.c.due).where(tables.due.c.taxpayer == who["taxpayer"])
        connection.execute(update(t).where(t.c.due.in_(mine)).values(late_fee_fen=7))
    count = len(paid(centre, who, date(2026, 1, 1), date(2026, 9, 30)))
    issue(terminal, "tax-payment", who, **YEAR, form="list")
    rows = centre.office.sheets[-1].sheet.rows
    assert [row[2]["zh-CN"] for row in rows] == ["税款", "滞纳金"] * count
    issue(terminal, "tax-payment", who, **YEAR, form="text")
    assert centre.office.sheets[-1].sheet.totals[2]["zh-CN"] == f"0.{7 * count:02}"


def test_a_payment_of_this_centre_is_certified_with_its_voucher(terminal: Terminal, centre: Centre) -> None:
    who = of(DEBTOR)
    dues = terminal.data("dues.list", who)["dues"]
    wanted = {
        "dues": [due["due"] for due in dues],
        "amount_fen": sum(d["amount_fen"] + d["late_fee_fen"] for d in dues),
    }
    order = terminal.do("payment.create", {**wanted, "channel": "qr-shown"}, who).result["order"]
    centre.bank.pay(order)
    terminal.ask("payment.status", who, {"order": order})
    shown = sheet(terminal, "tax-payment", who, first="2026-10", last="2026-10", form="text")
    assert shown["total"][0]["value"]["zh-CN"] == f"{wanted['amount_fen'] / 100:,.2f}"
    entered = paid(centre, who, date(2026, 10, 1), date(2026, 10, 31))
    assert len({one.voucher for one in entered}) == 1
    assert {one.due for one in entered} == set(wanted["dues"])


@pytest.mark.parametrize("form", ["list", "text"])
def test_a_person_has_what_they_paid_in_their_own_name_certified(
    terminal: Terminal, centre: Centre, form: str
) -> None:
    own = subject(CAR_OWNER.id)
    (entered,) = paid(centre, {"taxpayer": CAR_OWNER.number}, date(2026, 1, 1), date(2026, 9, 30))
    assert terminal.data("certificate.months", own, {}, "certificate.tax-payment")["with_record"] == [
        f"{entered.entry_date:%Y-%m}"
    ]
    shown = sheet(terminal, "tax-payment", own, **YEAR, form=form)
    assert CAR_OWNER.number not in json.dumps(shown, ensure_ascii=False)
    assert shown["total"][0]["value"]["zh-CN"] == f"{entered.amount_fen / 100:,.2f}"
    assert issue(terminal, "tax-payment", own, **YEAR, form=form).state == "accepted"
    drawn = centre.office.sheets[-1].sheet
    assert (drawn.kind, drawn.holder, drawn.amount_fen) == (
        OWN_TAX_PAYMENT,
        CAR_OWNER.name,
        entered.amount_fen,
    )
    assert CAR_OWNER.number in {fact.value["zh-CN"] for fact in drawn.facts}


def test_who_never_declared_anything_in_their_own_name_paid_nothing(terminal: Terminal) -> None:
    assert (
        refused(terminal, "tax-payment", subject("li-xiulan"), **YEAR, form="list").code == "taxpayerMissing"
    )


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"first": "2026-09", "last": "2026-01"}, "periodWrong"),
        ({"first": "2019-01", "last": "2026-01"}, "periodWrong"),
        ({"first": "2026-01", "last": "2026-11"}, "periodWrong"),
        ({"first": "2026-01"}, "periodWrong"),
        ({"first": "2024-01", "last": "2024-02"}, "noTaxPaid"),
    ],
)
def test_a_period_without_payments_cannot_be_certified(
    terminal: Terminal, wish: dict[str, str], code: str
) -> None:
    assert refused(terminal, "tax-payment", of(PAYER), **wish).code == code


def test_who_never_paid_is_told_so(terminal: Terminal) -> None:
    assert refused(terminal, "tax-payment", of("qian-sheng"), "months").code == "noTaxPaidAtAll"


def test_what_changed_meanwhile_is_not_certified(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)

    def change() -> None:
        with centre.database.write() as connection:
            connection.execute(update(tables.treasury_entry).values(amount_fen=1))

    centre.office.before = change
    answer = issue(terminal, "tax-payment", who, **YEAR, form="text")
    assert answer.refusal is not None and answer.refusal.code == "changedMeanwhile"
    with centre.database.read() as connection:
        assert connection.execute(select(tables.certificate)).all() == []


# --- no arrears -------------------------------------------------------------------------------------------


def test_who_owes_nothing_overdue_gets_it_although_something_is_due(
    terminal: Terminal, centre: Centre
) -> None:
    who = of(PAYER)
    assert terminal.data("dues.list", who)["dues"]
    assert issue(terminal, "no-arrears", who).state == "accepted"
    made = centre.office.sheets[-1].sheet
    assert "截至2026年10月12日" in made.statements[0]["zh-CN"]
    assert who["taxpayer"] in made.statements[0]["en-US"]
    assert "2019年第47号" in made.statements[-1]["zh-CN"]
    assert made.amount_fen is None


def test_who_owes_is_told_how_much_and_where_to_pay(terminal: Terminal) -> None:
    who = of(DEBTOR)
    dues = [due for due in terminal.data("dues.list", who)["dues"] if due["limit_date"] < "2026-10-12"]
    refusal = refused(terminal, "no-arrears", who)
    late = sum(due["late_fee_fen"] for due in dues)
    total = sum(due["amount_fen"] for due in dues) + late
    assert refusal.code == "arrearsForCertificate"
    assert f"{total / 100:,.2f}" in refusal.text["zh-CN"] and f"{late / 100:,.2f}" in refusal.text["en-US"]
    assert "缴纳税款" in refusal.next_step["zh-CN"]


def test_who_has_paid_gets_it_and_while_a_payment_is_under_way_nobody_pays_twice(
    terminal: Terminal, centre: Centre
) -> None:
    who = of(DEBTOR)
    dues = terminal.data("dues.list", who)["dues"]
    wanted = {
        "dues": [due["due"] for due in dues],
        "amount_fen": sum(d["amount_fen"] + d["late_fee_fen"] for d in dues),
    }
    order = terminal.do("payment.create", {**wanted, "channel": "qr-shown"}, who).result["order"]
    assert refused(terminal, "no-arrears", who).code == "arrearsBeingPaid"
    centre.bank.pay(order)
    terminal.ask("payment.status", who, {"order": order})
    assert issue(terminal, "no-arrears", who).state == "accepted"


def test_who_has_not_filed_is_told_which_period(terminal: Terminal) -> None:
    refusal = refused(terminal, "no-arrears", of(BEHIND))
    assert refusal.code == "unfiledForCertificate"
    assert "2026年4–6月" in refusal.text["zh-CN"]


@pytest.mark.parametrize(
    ("state", "code"), [("abnormal", "taxpayerAbnormal"), ("cancelled", "taxpayerCancelled")]
)
def test_an_enterprise_that_is_not_in_order_gets_none(
    terminal: Terminal, centre: Centre, state: str, code: str
) -> None:
    who = of(PAYER)
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == who["taxpayer"]).values(state=state))
    assert refused(terminal, "no-arrears", who).code == code


# --- residence --------------------------------------------------------------------------------------------

LI = subject("li-xiulan")


def test_who_lives_here_is_certified_for_the_year_and_partner_that_were_chosen(
    terminal: Terminal, centre: Centre
) -> None:
    assert [one["id"] for one in offered(terminal, "residence", LI)] == ["2026", "2025", "2024", "2023"]
    assert issue(terminal, "residence", LI, item="2025", partner="de").state == "accepted"
    made = centre.office.sheets[-1].sheet
    assert made.both
    assert made.statements[0]["zh-CN"] == "兹证明李秀兰在2025公历年度为中国税收居民。"
    assert "Germany" in made.statements[1]["en-US"]


@pytest.mark.parametrize(
    ("persona", "wish", "code"),
    [
        ("anna-schmidt", {"item": "2025", "partner": "de"}, "residenceByDays"),
        ("he-jiaxin", {"item": "2025", "partner": "hk"}, "residenceByDays"),
        ("li-xiulan", {"item": "2022", "partner": "de"}, "yearNotOffered"),
        ("li-xiulan", {"item": "2027", "partner": "de"}, "yearNotOffered"),
        ("li-xiulan", {"partner": "de"}, "yearNotOffered"),
        ("li-xiulan", {"item": "2025", "partner": "zz"}, "partnerUnknown"),
        ("li-xiulan", {"item": "2025"}, "partnerUnknown"),
    ],
)
def test_residence_is_certified_of_whom_and_for_what_the_bureau_can(
    terminal: Terminal, persona: str, wish: dict[str, str], code: str
) -> None:
    assert refused(terminal, "residence", subject(persona), **wish).code == code


def test_a_stay_that_counts_by_days_is_told_before_anything_is_chosen(terminal: Terminal) -> None:
    assert refused(terminal, "residence", subject("anna-schmidt"), "items").code == "residenceByDays"


# --- credit -----------------------------------------------------------------------------------------------


def test_the_latest_published_grade_is_certified(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)
    shown = sheet(terminal, "credit", who)
    with centre.system.read() as work:
        latest = work.core.archives.credit(who["taxpayer"])[0]
    assert latest.year == 2025
    assert [row[0]["zh-CN"] for row in shown["rows"]] == ["2025", "2024", "2023"]
    assert f"2025年度纳税缴费信用评价结果为{latest.grade}级" in shown["statements"][0]["zh-CN"]
    assert issue(terminal, "credit", who).state == "accepted"


def test_a_grade_that_is_not_published_yet_is_not_told(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)
    with centre.database.write() as connection:
        connection.execute(update(tables.credit_rating).values(published_on=date(2026, 10, 13)))
    refusal = refused(terminal, "credit", who)
    assert refusal.code == "noCreditYet"
    assert "2027年5月" in refusal.next_step["zh-CN"]


def test_an_enterprise_in_abnormal_state_is_of_the_lowest_grade(terminal: Terminal) -> None:
    shown = sheet(terminal, "credit", of("qian-sheng"))
    assert shown["rows"][0][1]["zh-CN"] == "D级"
    assert shown["rows"][0][2]["zh-CN"] == "直接判级"


# --- returns on file --------------------------------------------------------------------------------------


def test_a_return_is_copied_line_by_line(terminal: Terminal, centre: Centre) -> None:
    who = of(PAYER)
    first = offered(terminal, "declaration-copy", who)[0]
    with centre.system.read() as work:
        (filed,) = (
            one
            for one in work.core.archives.returns(who["taxpayer"], date(2024, 1, 1))
            if one.declaration == first["id"]
        )
    shown = sheet(terminal, "declaration-copy", who, item=first["id"])
    assert shown["total"][0]["value"]["zh-CN"] == f"{filed.total_fen / 100:,.2f}"
    lines = {row[0]["en-US"]: row[1]["zh-CN"] for row in shown["rows"]}
    assert lines["VAT"] == f"{filed.figures['vat_fen'] / 100:,.2f}"  # type: ignore[operator]
    assert len(lines) == 7
    assert issue(terminal, "declaration-copy", who, item=first["id"]).state == "accepted"


def test_every_amount_of_a_return_has_a_name(centre: Centre) -> None:
    with centre.database.read() as connection:
        kept = connection.execute(select(tables.declaration.c.figures)).scalars()
        names = {name for figures in kept for name in figures if name.endswith("_fen")}
    assert names - {"total_fen"} == set(ids("figure")) - {"relieved_fen"}, "the city was granted no relief"


@pytest.mark.parametrize("item", ["", "21990026101200000017"])
def test_a_return_of_somebody_else_is_not_copied(terminal: Terminal, item: str) -> None:
    others = offered(terminal, "declaration-copy", of("lin-tao"))[0]["id"]
    for wanted in (item, others):
        assert refused(terminal, "declaration-copy", of(PAYER), item=wanted).code == "returnNotOnFile"


def test_who_never_filed_is_told_so(terminal: Terminal, centre: Centre) -> None:
    with centre.database.write() as connection:
        connection.execute(update(tables.declaration).values(state="replaced"))
    assert refused(terminal, "declaration-copy", of(PAYER), "items").code == "noReturnOnFile"


# --- vehicles ---------------------------------------------------------------------------------------------


def test_the_tax_of_a_vehicle_is_certified_to_its_owner(terminal: Terminal, centre: Centre) -> None:
    assert [one["id"] for one in offered(terminal, "vehicle-purchase", LI)] == [
        "LSVAU033XE2123456",
        "LGXC16DF3M0004421",
    ]
    shown = sheet(terminal, "vehicle-purchase", LI, item="LSVAU033XE2123456")
    assert shown["rows"][0][1]["zh-CN"] == "118,584.07"
    assert shown["total"][0]["value"]["zh-CN"] == "11,858.41"
    assert CAST["li-xiulan"].number not in str(shown)
    assert issue(terminal, "vehicle-purchase", LI, item="LGXC16DF3M0004421").state == "accepted"
    made = centre.office.sheets[-1].sheet
    assert (made.amount_fen, made.capital) == (0, "人民币零元整")
    assert "免税" in made.statements[0]["zh-CN"]


def test_nobody_is_given_the_papers_of_another_persons_vehicle(terminal: Terminal) -> None:
    other = offered(terminal, "vehicle-purchase", subject("luo-ping"))[0]["id"]
    assert refused(terminal, "vehicle-purchase", LI, item=other).code == "vehicleNotTheirs"
    assert refused(terminal, "vehicle-purchase", LI).code == "vehicleNotTheirs"
    assert refused(terminal, "vehicle-purchase", subject("tang-yue"), "items").code == "noVehicleTax"


# --- social insurance -------------------------------------------------------------------------------------


def test_contributions_are_certified_month_by_month(terminal: Terminal, centre: Centre) -> None:
    months = terminal.data("certificate.months", LI, {}, "certificate.social-insurance")
    assert months["with_record"][-1] == "2026-09"
    shown = sheet(terminal, "social-insurance", LI, first="2026-08", last="2026-09")
    assert len(shown["rows"]) == 8
    own = round(1_860_000 * 0.08) + round(1_860_000 * 0.02) + round(1_860_000 * 0.005)
    assert shown["total"][0]["value"]["zh-CN"] == f"{2 * own / 100:,.2f}"
    assert issue(terminal, "social-insurance", LI, first="2026-08", last="2026-09").state == "accepted"
    assert centre.office.sheets[-1].sheet.amount_fen == 2 * own


@pytest.mark.parametrize(
    ("persona", "query", "wish", "code"),
    [
        ("tang-yue", "months", {}, "noSocialAtAll"),
        ("li-xiulan", "preview", {"first": "2023-11", "last": "2023-12"}, "noSocial"),
        ("li-xiulan", "preview", {"first": "2026-09", "last": "2026-01"}, "periodWrong"),
        ("li-xiulan", "preview", {}, "periodWrong"),
    ],
)
def test_without_contributions_there_is_nothing_to_certify(
    terminal: Terminal, persona: str, query: str, wish: dict[str, str], code: str
) -> None:
    assert refused(terminal, "social-insurance", subject(persona), query, **wish).code == code


# --- an enterprise's vehicles and contributions -------------------------------------------------------------

QIMING_TAX = "dong-hao"


def test_an_enterprise_has_the_vehicles_that_stand_in_its_name(terminal: Terminal) -> None:
    lorry, van = sorted(offered(terminal, "vehicle-purchase", of(QIMING_TAX)), key=lambda one: one["id"])[
        ::-1
    ]
    shown = sheet(terminal, "vehicle-purchase", of(QIMING_TAX), item=lorry["id"])
    facts = {fact["label"]["zh-CN"]: fact["value"]["zh-CN"] for fact in shown["facts"]}
    assert "启明机电" in facts["纳税人名称"] and facts["车辆识别代号"] == lorry["id"]
    # 154,800.00 with VAT at 13 % is 136,991.15 without, and 10 % of that is the tax (车辆购置税法 art. 4)
    assert shown["rows"][0][1]["zh-CN"] == "136,991.15"
    assert shown["total"][0]["value"]["zh-CN"] == "13,699.12"
    assert issue(terminal, "vehicle-purchase", of(QIMING_TAX), item=van["id"]).state == "accepted"
    assert refused(terminal, "vehicle-purchase", of(PAYER), item=lorry["id"]).code == "vehicleNotTheirs"
    assert refused(terminal, "vehicle-purchase", of(PAYER), "items").code == "noFirmVehicle"


def test_the_tax_on_its_vehicles_is_among_the_taxes_it_paid(terminal: Terminal, centre: Centre) -> None:
    number = of(QIMING_TAX)["taxpayer"]
    t = tables.firm_vehicle
    with centre.database.read() as connection:
        bought = connection.execute(select(t).where(t.c.taxpayer == number, t.c.tax_fen > 0)).all()
    with centre.system.read() as work:
        found = work.core.returns.entered(number, date(2024, 1, 1), date(2026, 10, 12))
    paid = [(one.entry_date, one.amount_fen) for one in found if one.tax == "vehicle-purchase"]
    assert sorted(paid) == sorted((one.entry_date, one.tax_fen) for one in bought)


def test_an_enterprise_has_what_it_paid_for_its_employees_and_nobody_is_named(
    terminal: Terminal, centre: Centre
) -> None:
    who = of(QIMING_TAX)
    shown = sheet(terminal, "social-insurance", who, first="2026-08", last="2026-09")
    t = tables.unit_payment
    with centre.database.read() as connection:
        query = select(t).where(
            t.c.taxpayer == who["taxpayer"], t.c.month >= "2026-08", t.c.month <= "2026-09"
        )
        rows = connection.execute(query).all()
    assert len(shown["rows"]) == len(rows) == 8
    own, unit = (sum(getattr(row, name) for row in rows) for name in ("own_fen", "unit_fen"))
    assert f"{(own + unit) / 100:,.2f}" in shown["statements"][0]["zh-CN"]
    assert shown["total"][0]["value"]["zh-CN"] == f"{(own + unit) / 100:,.2f}"
    assert "姓名" not in json.dumps(shown["facts"], ensure_ascii=False)
    months = terminal.data("certificate.months", who, {}, FAMILY + "social-insurance")["with_record"]
    assert months[-1] == "2026-09" and len(months) == 18
    assert issue(terminal, "social-insurance", who, first="2026-08", last="2026-09").state == "accepted"
    assert refused(terminal, "social-insurance", of(PAYER), "months").code == "noFirmSocial"
    assert (
        refused(terminal, "social-insurance", of(PAYER), first="2026-08", last="2026-09").code == "noSocial"
    )


@pytest.mark.parametrize("kind", ["social-insurance", "vehicle-purchase"])
def test_who_collects_invoices_alone_does_not_have_them(terminal: Terminal, kind: str) -> None:
    assert refused(terminal, kind, of("ma-yuan"), "preview").code == "roleNotAllowed"


@pytest.mark.parametrize("insurance", ["pension", "medical", "unemployment", "injury"])
def test_each_sum_of_a_unit_is_what_its_people_come_to(centre: Centre, insurance: str) -> None:
    t = tables.unit_payment
    with centre.database.read() as connection:
        rows = connection.execute(select(t).where(t.c.insurance == insurance)).all()
    assert rows
    for row in rows:
        assert row.people <= 14 and row.entry_date.isoformat() > row.month
        for name, rate in zip(("own_fen", "unit_fen"), RATES[insurance], strict=True):
            assert abs(getattr(row, name) - row.base_fen * Decimal(rate)) <= row.people
