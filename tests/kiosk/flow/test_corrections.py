"""A return that was wrong at the terminal: the form of its own kind to correct it, or no form to take it back."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, Page, ReviewPage
from tests.kiosk.flow.visitor import Visitor

TAX = {"zh-CN": "印花税", "en-US": "Stamp tax"}
FILED = {
    "declaration": "R1",
    "tax": "stamp",
    "tax_name": TAX,
    "form": "stamp",
    "period_first": "2026-09-20",
    "period_last": "2026-09-20",
    "total_fen": 25_000,
    "filed_at": "2026-10-01T09:00:00+08:00",
    "state": "unpaid",
    "correctable": True,
    "why_not": {},
}
WAYS = {
    "ways": [
        {"way": way, "title": TAX, "note": TAX, "usable": usable, "why_not": {} if usable else TAX}
        for way, usable in (("correct", True), ("withdraw", True))
    ]
}
STAMP = {"item": "equity-transfer", "contract": "GQ1", "amount_fen": 100_000_000, "signed_on": "2026-09-20"}
VAT = {
    "taxpayer": "T1",
    "quarterly": True,
    "ordinary_sales_fen": 40_000_000,
    "special_sales_fen": 0,
    "uninvoiced_sales_fen": 0,
    "city_rate": "0.07",
    "half_six_taxes": True,
    "period_first": "2026-07-01",
    "period_last": "2026-09-30",
}


def at_the_ways(**changed: Any) -> Visitor:
    """The return is chosen."""
    visitor = Visitor().world()
    page = visitor.sign_in("declare.correct")
    if isinstance(page, ChoosePage):
        visitor.touch(Action.PROCEED)
    listed = visitor.answer({"returns": [{**FILED, **changed}], "as_of": "2026-10-12T09:42:00+08:00"})
    assert isinstance(listed, ListPage)
    visitor.touch(Action.CHOOSE, "R1")
    visitor.touch(Action.PROCEED)
    ways = visitor.answer(WAYS)
    assert isinstance(ways, ChoosePage)
    return visitor


def chosen(visitor: Visitor, way: str) -> Page:
    visitor.touch(Action.CHOOSE, way)
    return visitor.touch(Action.PROCEED)


def known(form: str, **told: Any) -> dict[str, Any]:
    return {
        "form": form,
        "period_first": "2026-07-01",
        "period_last": "2026-09-30",
        "declared_fen": 25_000,
        "replaces": "R1",
        "vat": None,
        **told,
    }


def rows(visitor: Visitor) -> dict[str, bool]:
    """The rows of the page that is shown, and which of them can be changed."""
    assert isinstance(visitor.page, FormPage)
    return {row.id: row.editable for row in visitor.page.rows}


def test_the_form_is_that_of_the_return_prefilled_and_what_it_is_about_is_fixed() -> None:
    visitor = at_the_ways()
    chosen(visitor, "correct")
    visitor.answer(known("stamp", facts=STAMP))
    assert rows(visitor) == {
        "period": False,
        "contract": False,
        "amount_fen": True,
        "declared": False,
        "sum": False,
    }
    visitor.touch(Action.EDIT, "amount_fen")
    visitor.touch(Action.FILL, "amount_fen", "4000000")
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    facts = {**STAMP, "amount_fen": 400_000_000}
    assert isinstance(asked, Ask) and asked.params == {"declaration": "R1", "facts": facts}
    visitor.answer({"total_fen": 75_000, "late_fee_fen": 0, "declared_fen": 25_000, "overpaid_fen": 0})
    assert isinstance(visitor.page, ReviewPage) and visitor.page.total == "750.00"
    visitor.touch(Action.PROCEED)
    sent = visitor.asked
    assert isinstance(sent, Submit)
    data = dict(sent.data)
    assert (data["way"], data["corrects"], data["facts"], data["total_fen"]) == (
        "correct",
        "R1",
        facts,
        100_000,
    )


def test_of_the_vat_return_the_lines_are_sent() -> None:
    visitor = at_the_ways(form="vat-small", tax="vat-small")
    chosen(visitor, "correct")
    visitor.answer(known("vat-small", facts={}, vat=VAT))
    assert rows(visitor).keys() >= {"period", "ordinary", "uninvoiced"}
    while isinstance(visitor.page, FormPage):
        visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Ask)
    lines = asked.params["facts"]
    assert isinstance(lines, dict)
    assert (lines["ordinary_sales_fen"], lines["uninvoiced_sales_fen"]) == (40_000_000, 0)
    assert {"vat_fen", "city_fen", "education_fen", "local_education_fen", "levy_rate"} <= lines.keys()


def test_who_takes_it_back_sees_no_form_pays_nothing_and_may_file_again() -> None:
    visitor = at_the_ways()
    page = chosen(visitor, "withdraw")
    assert isinstance(page, ReviewPage) and page.total == "250.00"
    visitor.touch(Action.PROCEED)
    sent = visitor.asked
    assert isinstance(sent, Submit)
    data = dict(sent.data)
    assert (data["way"], data["corrects"], data["facts"], data["total_fen"]) == ("withdraw", "R1", None, None)
    visitor.answer({"state": "accepted", "declaration": "R1", "total_fen": 0, "dues": [], "overpaid_fen": 0})
    visitor.answer({"outcome": "printed"})
    done = visitor.page
    assert isinstance(done, DonePage) and done.title == "申报已作废"
    assert [step.title for step in done.next_steps] == ["申报期内请重新申报"]
    assert "form" not in {choice.id for choice in done.quiet}, "there is no return to print"
