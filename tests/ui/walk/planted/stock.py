"""Faults of paper invoices and their stock."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import CODE, Story
from ui.walk.rules import stock


@fault(stock.invoices_carry_the_numbers_they_are_counted_under, f"its bar code says {CODE}00004809")
def a_sheet_carries_another_number(story: Story) -> None:
    story.items = [i for i in story.items if i.get("number") != "00004802"]
    story.invoice("4802-invoice.png", 4802, shown=4809)


@fault(stock.invoices_move_once, f"invoice {CODE} 00004802 came out 2 times")
def an_invoice_came_out_twice(story: Story) -> None:
    story.invoice("again.png", 4802)


@fault(stock.invoices_move_once, f"invoice {CODE} 00004804 is in somebody's hands but in nobody's name")
def an_invoice_is_in_nobody_s_name(story: Story) -> None:
    story.invoice("more.png", 4804)


@fault(stock.invoices_move_once, f"the ledger issues {CODE} 00004803, which nobody took")
def an_invoice_was_drawn_back_and_booked_all_the_same(story: Story) -> None:
    next(i for i in story.items if i.get("number") == "00004803")["place"] = "retracted"


@fault(stock.invoices_move_once, f"the ledger issues {CODE} 00004801 2 times")
def the_ledger_issues_a_number_twice(story: Story) -> None:
    row = {"type": "ISSUE", "code": CODE, "first": 4801, "last": 4801, "reservation": "R2"}
    story.bureau["stock_movement"].append(row)


@fault(stock.invoices_move_once, "reservations still open: R3")
def a_reservation_is_left_open(story: Story) -> None:
    story.bureau["reservation"].append({"reservation": "R3", "state": "open"})
