"""A certificate of a tax that was given back since tells so when it is checked, and is had anew with what is left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bureau.engine.outdated import changes
from bureau.engine.refunds import ordering
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.refunds import Refund
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import CORRECT, mended, send
from tests.bureau.engine.test_certificates import SHEN
from tests.bureau.engine.test_refunds import LIN, allowed, ordered
from tests.bureau.engine.test_reissuing import again, held, issued
from tests.bureau.engine.test_sheets import issue, of, sheet
from tests.bureau.terminals import Terminal


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
    assert [way["enabled"] for way in mine["ways"]] == [False, True]
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
