"""A certificate of a tax that was given back since tells so when it is checked, and is had anew with what is left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bureau.certificates.office import Office
from bureau.engine.matters.deciding import approve
from bureau.engine.outdated import changes
from bureau.engine.refunds import ordering
from bureau.engine.sheets.kinds import FAMILY
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.refunds import Refund
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import CORRECT, listed, mended, send, taken_back
from tests.bureau.engine.returns import SHEN as PAYER
from tests.bureau.engine.returns import prefill as quarter
from tests.bureau.engine.test_booked import BACK, BUYER, EARNER, VIN, declared, pay
from tests.bureau.engine.test_certificates import SHEN
from tests.bureau.engine.test_payment_vouchers import printed as voucher
from tests.bureau.engine.test_refunds import CARD, LIN, RULES, allowed, ordered
from tests.bureau.engine.test_reissuing import again, held, issued
from tests.bureau.engine.test_returns import file
from tests.bureau.engine.test_returns import filled as own_filled
from tests.bureau.engine.test_returns import prefill as own_prefill
from tests.bureau.engine.test_sheets import issue, of, sheet
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal

NO_MORE = {"extra_fen": None, "social_fen": None}


def certified(terminal: Terminal, **wish: Any) -> str:
    """Of all that CHENXING paid in the last three years."""
    months = terminal.data("certificate.months", LIN, {}, "certificate.tax-payment")["with_record"]
    span = {"first": months[0], "last": months[-1]}
    answer = issue(terminal, "tax-payment", LIN, **span, **wish)
    assert answer.state == "accepted", answer.refusal
    return str(answer.result["number"])


def told(centre: Centre, number: str) -> list[CertificateChange]:
    with centre.system.read() as work:
        return changes(work.core, record(centre, number))


def record(centre: Centre, number: str) -> CertificateRecord:
    with centre.system.read() as work:
        one = work.core.certificates.record(number)
    assert one is not None
    return one


def paid_back(centre: Centre, terminal: Terminal) -> Refund:
    """Allowed, ordered and paid by the treasury two days from now."""
    refund = ordered(centre, allowed(centre, terminal).refund)
    centre.clock.at += timedelta(days=2)
    with centre.system.write() as work:
        return ordering.paid(work.core, refund.refund, centre.clock.now().date())


@pytest.mark.parametrize("form", ["list", "text"])
def test_it_holds_until_the_treasury_has_paid_and_is_had_anew_with_what_is_left(
    terminal: Terminal, centre: Centre, form: str
) -> None:
    number = certified(terminal, form=form)
    before = amount(centre, number)
    refund = ordered(centre, allowed(centre, terminal).refund)
    assert told(centre, number) == [], "nothing left the treasury yet"
    centre.clock.at += timedelta(days=2)
    day = centre.clock.now().date()
    with centre.system.write() as work:
        refund = ordering.paid(work.core, refund.refund, day)
    back = refund.tax_fen + refund.late_fee_fen
    assert back > 0
    assert told(centre, number) == [CertificateChange("refunded", day, refund.refund, back)]
    (mine,) = [one for one in held(terminal, LIN) if one["number"] == number]
    assert (mine["state"], mine["outdated"]) == ("valid", True)
    assert [way["enabled"] for way in mine["ways"]] == [False, True] and anew(centre, number)
    assert again(terminal, number, "reprint", LIN).refusal.code == "certificateOutdated"
    new = again(terminal, number, "replace", LIN)
    assert new.state == "accepted", new.refusal
    fresh = new.result["number"]
    assert amount(centre, fresh) == before - back
    assert told(centre, fresh) == [] and told(centre, number) == [], "one is true, the other is replaced"
    text = record(centre, fresh).frozen.decode()
    assert refund.refund in text and ("其中已退税" in text) == (form == "text")


def amount(centre: Centre, number: str) -> int:
    last = next(one for one in reversed(centre.office.sheets) if one.number == number)
    assert last.sheet.amount_fen is not None
    return last.sheet.amount_fen


def test_what_another_paid_and_what_entered_later_is_not_touched(terminal: Terminal, centre: Centre) -> None:
    other = of("xu-wen")
    months = terminal.data("certificate.months", other, {}, "certificate.tax-payment")["with_record"]
    theirs = issue(terminal, "tax-payment", other, first=months[0], last=months[-1], form="list").result
    mine = certified(terminal)
    refund = paid_back(centre, terminal)
    assert told(centre, theirs["number"]) == []
    assert [one.number for one in told(centre, mine)] == [refund.refund]
    after = certified(terminal)
    assert told(centre, after) == [], "it was issued later, and tells of the refund itself"


def test_the_refund_is_counted_once_where_its_month_is_certified_too(
    terminal: Terminal, centre: Centre
) -> None:
    before = amount(centre, certified(terminal))
    refund = paid_back(centre, terminal)
    after = sheet(
        terminal,
        "tax-payment",
        LIN,
        first=f"{date(2026, 1, 1):%Y-%m}",
        last=f"{centre.clock.now():%Y-%m}",
        form="list",
    )
    rows = [row for row in after["rows"] if row[-1]["zh-CN"].startswith("-")]
    assert len(rows) == sum(bool(part.amount_fen) + bool(part.late_fee_fen) for part in refund.parts)
    assert amount(centre, certified(terminal)) == before - refund.tax_fen - refund.late_fee_fen


def test_the_copy_of_a_return_that_was_corrected_since_names_the_day(
    terminal: Terminal, centre: Centre
) -> None:
    items = terminal.data("certificate.items", LIN, {}, "certificate.declaration-copy")["items"]
    listed = terminal.data("declarations.list", LIN, service=CORRECT)["returns"]
    fit = {one["declaration"] for one in listed if one["correctable"] and one["form"] == "vat-small"}
    item = next(one["id"] for one in items if one["id"] in fit)
    number = str(issue(terminal, "declaration-copy", LIN, item=item).result["number"])
    assert told(centre, number) == []
    centre.clock.at += timedelta(days=1)
    data = mended(terminal, item, LIN, uninvoiced=77_700)
    answer = send(terminal, data, who=LIN)
    assert answer.state == "accepted", answer.refusal
    (change,) = told(centre, number)
    assert (change.what, change.day) == ("corrected", centre.clock.now().date())
    assert (change.number, change.amount_fen) == (answer.result["declaration"], data["total_fen"])


def test_a_kind_that_certifies_nothing_paid_and_one_without_its_wish_stay_as_they_are(
    terminal: Terminal, centre: Centre
) -> None:
    number = issued(terminal)
    assert told(centre, number) == []
    assert [one["outdated"] for one in held(terminal, SHEN)] == [False]


# --- by the office that really draws, whose figures are read back ------------------------------------------


def paid_to(centre: Centre, terminal: Terminal, who: dict[str, Any]) -> Refund:
    """Applied for on the one return that has something too much, allowed, and paid two days later."""
    (row,) = terminal.data("refund.overpaid", who, service="refund.iit")["rows"]
    asked = {"declaration": row["declaration"], **CARD}
    answer = terminal.do("matter.submit", asked, who, service="refund.iit")
    assert answer.state == "accepted", answer.refusal
    with centre.system.write() as work:
        approve(work.core, answer.result["case"], "周审核")
        refund = work.core.refunds.of_case(answer.result["case"])
        assert refund is not None
        ordering.order(work.core, refund.refund, "吴批准", RULES)
    centre.clock.at += timedelta(days=2)
    with centre.system.write() as work:
        return ordering.paid(work.core, refund.refund, centre.clock.now().date())


def of_the_vehicle(terminal: Terminal) -> str:
    answer = issue(terminal, "vehicle-purchase", BUYER, item=VIN)
    assert answer.state == "accepted", answer.refusal
    return str(answer.result["number"])


def corrected(terminal: Terminal, who: dict[str, Any], form: str, **typed: Any) -> dict[str, Any]:
    (row,) = [one for one in listed(terminal, who) if one["form"] == form and one["correctable"]]
    answer = send(terminal, mended(terminal, row["declaration"], who, **typed), who=who)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def bought(centre: Centre, terminal: Terminal) -> str:
    """Declared and paid; its certificate, a minute after."""
    pay(centre, terminal, BUYER, declared(terminal, "vehicle-purchase", BUYER).result["dues"])
    number = of_the_vehicle(terminal)
    centre.clock.at += timedelta(minutes=1)
    return number


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_vehicle_whose_return_was_corrected_upward_had_nothing_given_back(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    number = bought(centre, terminal)
    assert told(centre, number) == []
    new = corrected(terminal, BUYER, "vehicle-purchase", gross_fen=22_600_000)
    day = centre.clock.now().date()
    expected = [CertificateChange("corrected", day, new["declaration"], 2_000_000)]
    assert told(centre, number) == expected
    pay(centre, terminal, BUYER, new["dues"])
    assert told(centre, number) == expected, "what was paid more is no refund either"
    assert told(centre, of_the_vehicle(terminal)) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_vehicle_corrected_downward_is_told_as_given_back_once_the_treasury_has_paid(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    number = bought(centre, terminal)
    new = corrected(terminal, BUYER, "vehicle-purchase", gross_fen=9_040_000)
    assert [one.what for one in told(centre, number)] == ["corrected"]
    centre.clock.at += timedelta(minutes=1)
    fresh = of_the_vehicle(terminal)
    refund = paid_to(centre, terminal, BUYER)
    day = centre.clock.now().date()
    (first, second) = told(centre, number)
    assert (first.what, first.number) == ("corrected", new["declaration"])
    assert second == CertificateChange("refunded", day, refund.refund, 200_000)
    assert told(centre, fresh) == [], "it says the lower tax, which stays in the treasury"


def without_tax(terminal: Terminal, centre: Centre) -> str:
    """A vehicle is declared at a price of which no tax is due, and certified a minute later."""
    declared(terminal, "vehicle-purchase", BUYER, gross_fen=1)
    centre.clock.at += timedelta(minutes=1)
    number = of_the_vehicle(terminal)
    centre.clock.at += timedelta(minutes=1)
    return number


def withdrawn(terminal: Terminal, who: dict[str, Any], form: str) -> None:
    (row,) = [one for one in listed(terminal, who) if one["form"] == form and one["correctable"]]
    gone = send(terminal, taken_back(terminal, row["declaration"], who), who=who)
    assert gone.state == "accepted", gone.refusal


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_vehicle_without_tax_that_was_taken_back_and_declared_with_tax_is_not_without_it_any_more(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    number = without_tax(terminal, centre)
    assert told(centre, number) == []
    withdrawn(terminal, BUYER, "vehicle-purchase")
    assert [one.what for one in told(centre, number)] == ["withdrawn"]
    new = declared(terminal, "vehicle-purchase", BUYER).result
    day = centre.clock.now().date()
    expected = [CertificateChange("corrected", day, new["declaration"], 1_000_000)]
    assert told(centre, number) == expected
    pay(centre, terminal, BUYER, new["dues"])
    assert told(centre, number) == expected
    assert told(centre, of_the_vehicle(terminal)) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_return_of_the_vehicle_that_another_terminal_took_before_and_delivers_after_is_told_as_well(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    """Its time of filing is that of its acceptance, before the certificate; what it says is another tax."""
    terminal, _ = sealing
    taken = centre.clock.now().isoformat()
    facts = own_filled("vehicle-purchase", own_prefill(terminal, "vehicle-purchase", BUYER))
    centre.clock.at += timedelta(minutes=1)
    number = without_tax(terminal, centre)
    withdrawn(terminal, BUYER, "vehicle-purchase")
    late = file(terminal, "vehicle-purchase", facts, BUYER, offline=True, accepted_at=taken)
    assert late.state == "accepted", late.refusal
    (change,) = told(centre, number)
    assert (change.what, change.number) == ("corrected", late.result["declaration"])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_vehicle_whose_return_was_corrected_before_and_taken_back_after_has_none(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    without_tax(terminal, centre)
    corrected(terminal, BUYER, "vehicle-purchase", gross_fen=2)
    centre.clock.at += timedelta(minutes=1)
    number = of_the_vehicle(terminal)
    assert told(centre, number) == []
    withdrawn(terminal, BUYER, "vehicle-purchase")
    assert [one.what for one in told(centre, number)] == ["withdrawn"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_months_whose_settlement_was_corrected_upward_had_nothing_given_back(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    pay(centre, terminal, EARNER, declared(terminal, "iit-annual", EARNER, **NO_MORE).result["dues"])
    number = of_the_months(terminal, EARNER)
    centre.clock.at += timedelta(minutes=1)
    assert told(centre, number) == []
    new = corrected(terminal, EARNER, "iit-annual", labour_fen=9_000_000)
    expected = [(centre.clock.now().date(), new["declaration"])]
    found = told(centre, number)
    assert [one.what for one in found] == ["corrected"], "the rest is owed, and nothing left the treasury"
    assert [(one.day, one.number) for one in found] == expected


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_months_of_which_a_settlement_gave_back_are_told_so_once_it_is_paid(
    centre: Centre, sealing: tuple[Terminal, Office]
) -> None:
    terminal, _ = sealing
    number = of_the_months(terminal, BACK)
    refund = paid_to(centre, terminal, BACK)
    day = centre.clock.now().date()
    assert told(centre, number) == [CertificateChange("refunded", day, "", refund.tax_fen)]
    assert told(centre, of_the_months(terminal, BACK)) == [], "it has the refund in a line of its own"


def of_the_months(terminal: Terminal, who: dict[str, Any]) -> str:
    months = {"first": "2025-01", "last": "2025-12"}
    shown = terminal.data("iit.record", who, months, FAMILY + "iit-record")
    data = {"certificate": "iit-record", **months, "content_sha256": shown["content_sha256"]}
    answer = terminal.do("certificate.issue", data, who, service=FAMILY + "iit-record")
    assert answer.state == "accepted", answer.refusal
    return str(answer.result["number"])


# --- the voucher of a payment ------------------------------------------------------------------------------


def paid_quarter(centre: Centre, terminal: Terminal) -> tuple[str, str]:
    """A quarter that SHEN declared and paid: the return and the payment's order."""
    data = filled({**quarter(terminal)}, uninvoiced_fen=200_000_000)
    answer = terminal.do("declaration.submit", data, PAYER)
    assert answer.state == "accepted", answer.refusal
    dues = answer.result["dues"]
    data = {
        "dues": [one["due"] for one in dues],
        "amount_fen": sum(one["amount_fen"] + one["late_fee_fen"] for one in dues),
        "channel": "qr-shown",
        "part": False,
    }
    opened = terminal.do("payment.create", data, PAYER, service="pay.due")
    assert opened.state == "accepted", opened.refusal
    centre.bank.pay(opened.result["order"])
    terminal.data("payment.status", {}, {"order": opened.result["order"]})
    return answer.result["declaration"], opened.result["order"]


def half_back(centre: Centre, terminal: Terminal, declaration: str) -> Refund:
    """The return is corrected to half of its sales, and the treasury pays back what was too much."""
    answer = send(terminal, mended(terminal, declaration, PAYER, uninvoiced=100_000_000), who=PAYER)
    assert answer.state == "accepted", answer.refusal
    rows = terminal.data("refund.overpaid", PAYER, service="refund.overpaid")["rows"]
    row = next(one for one in rows if one["declaration"] == answer.result["declaration"])
    asked = {name: row[name] for name in ("declaration", "bank", "account")}
    case = terminal.do("matter.submit", {**asked, "reason": "corrected"}, PAYER, service="refund.overpaid")
    with centre.system.write() as work:
        approve(work.core, case.result["case"], "周审核")
        refund = work.core.refunds.of_case(case.result["case"])
        assert refund is not None
        ordering.order(work.core, refund.refund, "吴批准", RULES)
    with centre.system.write() as work:
        return ordering.paid(work.core, refund.refund, centre.clock.now().date())


def test_a_voucher_issued_after_a_refund_names_it_and_holds(terminal: Terminal, centre: Centre) -> None:
    declaration, order = paid_quarter(centre, terminal)
    centre.clock.at += timedelta(days=1)
    refund = half_back(centre, terminal, declaration)
    same_day = str(voucher(terminal, order, PAYER).result["number"])
    assert told(centre, same_day) == [], "of that day, and it names the refund"
    assert refund.refund in record(centre, same_day).frozen.decode()
    centre.clock.at += timedelta(days=30)
    assert told(centre, same_day) == []


def test_a_voucher_issued_before_a_refund_tells_of_it(terminal: Terminal, centre: Centre) -> None:
    declaration, order = paid_quarter(centre, terminal)
    number = str(voucher(terminal, order, PAYER).result["number"])
    assert told(centre, number) == []
    centre.clock.at += timedelta(days=1)
    refund = half_back(centre, terminal, declaration)
    back = refund.tax_fen + refund.late_fee_fen
    day = centre.clock.now().date()
    assert told(centre, number) == [CertificateChange("refunded", day, refund.refund, back)]


# --- and what its holder can do about it -------------------------------------------------------------------


def ways(terminal: Terminal, who: dict[str, Any], number: str) -> dict[str, dict[str, Any]]:
    (mine,) = [one for one in held(terminal, who) if one["number"] == number]
    assert mine["outdated"]
    return {way["id"]: way for way in mine["ways"]}


def test_the_copy_of_a_corrected_return_is_replaced_by_one_of_the_return_that_stands(
    terminal: Terminal, centre: Centre
) -> None:
    item = correctable_copy(terminal)
    number = str(issue(terminal, "declaration-copy", LIN, item=item).result["number"])
    centre.clock.at += timedelta(days=1)
    first = send(terminal, mended(terminal, item, LIN, uninvoiced=77_700), who=LIN).result["declaration"]
    second = send(terminal, mended(terminal, first, LIN, uninvoiced=88_800), who=LIN).result["declaration"]
    assert [way["enabled"] for way in ways(terminal, LIN, number).values()] == [False, True]
    assert again(terminal, number, "reprint", LIN).refusal.code == "certificateOutdated"
    new = again(terminal, number, "replace", LIN)
    assert new.state == "accepted", new.refusal
    fresh = record(centre, new.result["number"])
    assert fresh.asked is not None and fresh.asked["item"] == second
    assert second in [fact.value["zh-CN"] for fact in centre.office.sheets[-1].sheet.facts]
    assert told(centre, fresh.number) == []


def correctable_copy(terminal: Terminal) -> str:
    items = terminal.data("certificate.items", LIN, {}, "certificate.declaration-copy")["items"]
    fit = {one["declaration"] for one in listed(terminal, LIN) if one["correctable"]}
    vat = {one["declaration"] for one in listed(terminal, LIN) if one["form"] == "vat-small"}
    return next(str(one["id"]) for one in items if one["id"] in fit & vat)


def anew(centre: Centre, number: str) -> bool:
    """Whether the public page sends whoever holds it for another."""
    return centre.container.site.records.anew(record(centre, number))


def test_where_the_return_was_taken_back_nobody_is_told_to_have_it_replaced(
    terminal: Terminal, centre: Centre
) -> None:
    answer = terminal.do("declaration.submit", filled(quarter(terminal), uninvoiced_fen=200_000_000), PAYER)
    item = answer.result["declaration"]
    number = str(issue(terminal, "declaration-copy", PAYER, item=item).result["number"])
    gone = send(terminal, taken_back(terminal, item, PAYER), who=PAYER)
    assert gone.state == "accepted", gone.refusal
    assert [one.what for one in told(centre, number)] == ["withdrawn"]
    found = ways(terminal, PAYER, number)
    assert (found["reprint"]["enabled"], found["replace"]["enabled"]) == (True, False)
    assert not anew(centre, number)
    assert "没有该企业的这份申报表" in found["replace"]["why_not"]["zh-CN"]
    assert again(terminal, number, "replace", PAYER).refusal.code == "returnNotOnFile"
    assert again(terminal, number, "reprint", PAYER).state == "accepted"


def test_a_vehicle_whose_tax_is_open_again_has_no_new_one_until_it_is_paid(
    terminal: Terminal, centre: Centre
) -> None:
    number = bought(centre, terminal)
    new = corrected(terminal, BUYER, "vehicle-purchase", gross_fen=22_600_000)
    found = ways(terminal, BUYER, number)
    assert (found["reprint"]["enabled"], found["replace"]["enabled"]) == (True, False)
    assert "没有缴清" in found["replace"]["why_not"]["zh-CN"]
    assert not anew(centre, number), "whoever holds the paper is not sent for what there is not"
    pay(centre, terminal, BUYER, new["dues"])
    assert [way["enabled"] for way in ways(terminal, BUYER, number).values()] == [False, True]
    assert anew(centre, number)
    assert again(terminal, number, "replace", BUYER).state == "accepted"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("days", [0, 1], ids=["of the day of issue", "of the day before"])
def test_a_text_form_of_an_earlier_release_has_the_refunds_of_its_months_in_its_sums(
    centre: Centre, sealing: tuple[Terminal, Office], days: int
) -> None:
    terminal, _ = sealing
    before = certified(terminal, form="text")
    refund = paid_back(centre, terminal)
    centre.clock.at += timedelta(days=days)
    after = certified(terminal, form="text")
    t = tables.certificate
    with centre.database.write() as connection:
        frozen = record(centre, after).frozen
        unnamed = frozen.replace(refund.refund.encode(), b"")
        assert unnamed != frozen, "this release names it"
        connection.execute(t.update().where(t.c.number == after).values(frozen=unnamed))
    assert told(centre, after) == []
    assert [one.number for one in told(centre, before)] == [refund.refund]
