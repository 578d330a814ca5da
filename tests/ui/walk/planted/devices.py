"""Faults of tax-control devices."""

from __future__ import annotations

from tests.ui.walk.planted.planting import fault
from tests.ui.walk.story import Story
from ui.walk.rules import devices


def a_device(story: Story, *, counter: int = 7) -> None:
    """A UKey that reported its month and was unlocked; the order that was written is ``counter``."""
    data = {"month": "2026-09-01", "said": {"device": "661600000017"}}
    story.transaction = "t11"
    story.effect("device.report", "r1", data, {"state": "accepted", "device": "661600000017"})
    story.effect(
        "device.unlock", "r2", data, {"state": "accepted", "device": "661600000017", "counter": 7}
    )  # fmt: skip
    story.record("device.unlocked", "note", "", {"device": "661600000017", "counter": counter})
    held = {"device": "661600000017", "month": "2026-09-01"}
    story.bureau["device_report"] = [held]
    story.bureau["device_order"] = [{**held, "counter": 7}]


@fault(devices.devices_report_once, "is held 2 times")
def a_month_that_was_taken_twice(story: Story) -> None:
    a_device(story)
    story.bureau["device_report"] *= 2


@fault(devices.devices_report_once, "is held 0 times")
def a_month_that_was_never_taken(story: Story) -> None:
    a_device(story)
    story.bureau["device_report"].clear()


@fault(devices.devices_obey_their_orders, "order 7 is not in the books for 2026-09")
def an_order_for_another_month(story: Story) -> None:
    a_device(story)
    story.bureau["device_order"][0]["month"] = "2026-08-01"


@fault(devices.devices_obey_their_orders, "order 7 was never written")
def an_order_that_was_never_written(story: Story) -> None:
    a_device(story, counter=6)
