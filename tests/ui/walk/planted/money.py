"""Faults of money: orders, returns, vouchers."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.planted.scenes import NOTICE, a_notice
from tests.ui.walk.story import ORDER, Story
from ui.walk.rules import money


@fault(money.money_moves_once, f"order {ORDER} was charged and is not booked")
def money_came_and_is_not_booked(story: Story) -> None:
    story.bureau["booking"].clear()


@fault(money.money_moves_once, f"order {ORDER} is booked and was never charged")
def money_is_booked_that_never_came(story: Story) -> None:
    story.acquirer["payments"].clear()
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(money.money_moves_once, f"order {ORDER} was charged 2 times")
def one_order_was_charged_twice(story: Story) -> None:
    story.acquirer["payments"].append({"order_no": ORDER, "amount_fen": 409_584})


@fault(money.money_moves_once, "order O3 was charged and is not booked")
def an_account_was_debited_and_nobody_knows(story: Story) -> None:
    story.acquirer["debits"] = [{"order_no": "O3", "amount_fen": 409_584}]


@fault(money.money_moves_once, f"order {ORDER} was charged 2 times")
def a_paid_order_was_debited_as_well(story: Story) -> None:
    story.acquirer["debits"] = [{"order_no": ORDER, "amount_fen": 409_584}]


@fault(money.money_moves_once, "charged 409584, booked 409583")
def another_amount_is_booked(story: Story) -> None:
    story.bureau["booking"][0]["amount_fen"] = 409_583


@fault(money.money_moves_once, "ordered None, charged 409584")
def an_order_that_the_centre_lost_is_booked(story: Story) -> None:
    story.bureau["payment_order"].clear()


@fault(money.money_moves_once, "the slip says 5, charged 409584")
def the_slip_says_another_amount(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["amount_fen"] = 5


@fault(money.money_moves_once, "due S1 was paid 2 times")
def one_due_was_paid_by_two_orders(story: Story) -> None:
    story.bureau["payment_order"].append({"order_no": "O2", "amount_fen": 1, "state": "approved"})
    story.bureau["payment_due"].append({"order_no": "O2", "due": "S1"})
    story.bureau["booking"].append({"order_no": "O2", "amount_fen": 1})
    story.acquirer["payments"].append({"order_no": "O2", "amount_fen": 1})


@fault(money.notices_are_paid_once, f"notice {NOTICE} was paid 2 times")
def one_notice_was_paid_by_two_orders(story: Story) -> None:
    again = {**a_notice(story), "order_no": "O2", "amount_fen": 1}
    story.bureau["nontax_payment"].append(again)
    story.bureau["booking"].append({"order_no": "O2", "amount_fen": 1})


@fault(money.notices_are_paid_once, f"order {ORDER}: the notice is of 409589, booked 409584")
def a_late_fee_was_not_collected(story: Story) -> None:
    a_notice(story, late_fee_fen=5)


@fault(money.notices_are_paid_once, f"order {ORDER} paid notice {NOTICE} and has no receipt")
def a_paid_notice_has_no_receipt(story: Story) -> None:
    a_notice(story, receipt_number=None)


@fault(money.money_moves_once, f"order {ORDER}: the terminal holds expired, the acquirer paid")
def the_terminal_says_unpaid_and_the_money_is_gone(story: Story) -> None:
    story.journalled("payment.create", "outcome")["body"]["state"] = "expired"


@fault(money.money_moves_once, "order O2: the terminal holds paid, the acquirer unpaid")
def the_terminal_says_paid_and_no_money_came(story: Story) -> None:
    story.effect("payment.create", "m2", {}, {"state": "paid", "order": "O2", "amount_fen": 1})


@fault(money.declarations_are_filed_once, "is filed 2 times")
def a_period_is_filed_twice(story: Story) -> None:
    story.bureau["declaration"].append({**story.bureau["declaration"][0], "key": None})


@fault(money.declarations_are_filed_once, "was to withdraw, and is filed")
def a_return_that_was_taken_back_stands(story: Story) -> None:
    wrong = {**story.bureau["declaration"][0], "key": "r0", "declaration": "R0", "period_first": "2026-01-01"}
    story.bureau["declaration"].append(wrong)
    data = {"way": "withdraw", "corrects": "R0", "total_fen": None}
    story.effect("declaration.submit", "r9", data, {"state": "accepted", "declaration": "R0"})


@fault(money.declarations_are_filed_once, "declaration r2 was accepted and is not filed")
def an_accepted_return_is_not_filed(story: Story) -> None:
    story.bureau["declaration"].pop()


@fault(money.declarations_are_filed_once, "declaration r1: confirmed 409584, filed 409583")
def another_figure_is_filed(story: Story) -> None:
    story.bureau["declaration"][0]["total_fen"] = 409_583
