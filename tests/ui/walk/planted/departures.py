"""Faults of refunds for departing travellers."""

from __future__ import annotations

from typing import Any

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import Story
from ui.walk.rules import departures

DEPARTING = "46990026101200000018"


def an_application(story: Story, **line: Any) -> None:
    """A traveller asked for the refund on a scarf of 1,000 yuan; ``line`` is held otherwise."""
    trip = {"arrived_on": "2026-09-28", "leaves_on": "2026-10-20", "port": "airport"}
    bought = [{"number": "2" * 20, "issued": "2026-10-08", "amount_fen": 100_000}]
    story.transaction = "t7"
    answer = {"state": "accepted", "application": DEPARTING}
    story.effect("departure.apply", "d7", {**trip, "invoices": bought}, answer)
    story.bureau["departure_refund"] = [{"key": "d7", "application": DEPARTING, **trip}]
    worked = {"at_13_fen": 100_000, "at_9_fen": 0, "refund_fen": 11_000, "fee_fen": 2_000}
    held = {"application": DEPARTING, "invoice": "2" * 20, "total_fen": 100_000, **worked}
    story.bureau["departure_line"] = [{**held, **line}]


@fault(departures.applications_are_entered_once, "departure.apply d7 was accepted and is held 0 times")
def an_application_is_lost(story: Story) -> None:
    an_application(story)
    story.bureau["departure_refund"] = []


@fault(departures.applications_are_entered_once, f"application {DEPARTING} was entered and never accepted")
def a_refused_application_is_entered(story: Story) -> None:
    an_application(story)
    story.effects["d7"] = "refused"


@fault(departures.applications_are_entered_once, f"application {DEPARTING} is of another trip than was told")
def an_application_is_of_another_trip(story: Story) -> None:
    an_application(story)
    story.bureau["departure_refund"][0]["leaves_on"] = "2026-10-21"


@fault(departures.applications_are_entered_once, "was not held before the reader, or for another sum")
def an_application_holds_anothers_invoice(story: Story) -> None:
    an_application(story, invoice="3" * 20)


@fault(departures.applications_are_entered_once, f"application {DEPARTING} holds no invoice")
def an_application_is_empty(story: Story) -> None:
    an_application(story)
    story.bureau["departure_line"] = []


@fault(departures.refunds_are_worked_out_by_law, "11000 less 1000, by law 11000 less 2000")
def an_application_is_charged_too_little(story: Story) -> None:
    an_application(story, fee_fen=1_000)
