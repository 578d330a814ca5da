"""What the end page, its stamp and the slip say of how it ended: one word for each of received, taken up and done."""

from __future__ import annotations

from itertools import chain

import pytest

from bureau.engine.matters.kinds import matters
from config.catalogue.models import DoneStep, SlipStep, SubmitStep
from kiosk.domain.formatting import group_number
from tests.shipped import CATALOGUE

TAKEN_UP, RECEIVED = "已受理", "已收到"
NOTICES = ("受理通知", "通知书", "通知")
FILED = sorted(
    id
    for id in CATALOGUE
    if any(isinstance(s, SubmitStep) and s.effect == "matter.submit" for s in CATALOGUE[id].service.steps)
)


def done_of(service: str) -> DoneStep:
    (done,) = [step for step in CATALOGUE[service].service.steps if isinstance(step, DoneStep)]
    return done


def slips_of(service: str) -> list[SlipStep]:
    return [step for step in CATALOGUE[service].service.steps if isinstance(step, SlipStep)]


def test_no_page_calls_accepted_what_nobody_has_decided() -> None:
    for id in CATALOGUE:
        for step in CATALOGUE[id].service.steps:
            if isinstance(step, DoneStep):
                said = [step.title, step.stamp, step.title_offline, step.stamp_offline]
                said += list(chain.from_iterable((e.title, e.stamp) for e in step.endings))
                assert not any("accept" in texts.get("en-US", "").lower() for texts in said), id


@pytest.mark.parametrize("service", FILED)
def test_title_stamp_and_slip_say_the_same_of_a_matter(service: str) -> None:
    matter, done = matters()[service], done_of(service)
    settled = [ending for ending in done.endings if ending.when == "settled"]
    waits = matter.decision == "officer"
    either = bool(matter.officer_for or matter.officer_when)
    words = [heading["zh-CN"] for slip in slips_of(service) for heading in [slip.heading]]
    if waits or either:
        assert "受理" in done.title["zh-CN"] and done.stamp == {"zh-CN": TAKEN_UP, "en-US": "RECEIVED"}
    else:
        assert "受理" not in done.title["zh-CN"] and done.stamp["zh-CN"] != TAKEN_UP
        assert not any("受理" in word for word in words)
    assert bool(settled) == (either and not waits)
    for ending in settled:
        assert "受理" not in ending.title["zh-CN"] + ending.stamp["zh-CN"]
        assert not any("受理" in word for word in words), "the slip is printed either way"


@pytest.mark.parametrize(
    "service", [id for id in sorted(CATALOGUE) if CATALOGUE[id].service.offline == "queue"]
)
def test_a_slip_without_the_centre_is_no_notice_of_it(service: str) -> None:
    for slip in slips_of(service):
        if any(word in slip.heading["zh-CN"] for word in NOTICES):
            assert "收件回单" in slip.heading_offline["zh-CN"]
            assert "received" in slip.heading_offline["en-US"]


def test_the_number_of_the_end_page_is_called_as_on_the_slip() -> None:
    for id in CATALOGUE:
        done = [step for step in CATALOGUE[id].service.steps if isinstance(step, DoneStep)]
        for step in done:
            beside = [row.label for slip in slips_of(id) for row in slip.rows if row.value == step.reference]
            if step.reference is not None:
                assert beside or step.reference_label, f"{id}: what is its number called?"
                assert not (beside and step.reference_label), f"{id}: called twice"


def test_a_certificates_number_stands_in_groups_and_any_other_as_it_is() -> None:
    assert group_number("21530126101200000427") == "215301 261012 0000 0427"
    assert group_number("1234") == "1234"
