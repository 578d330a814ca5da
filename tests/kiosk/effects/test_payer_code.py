"""A payer's code before the reader: charged to the order that is open, and never a second order beside it."""

from __future__ import annotations

from typing import Any

import pytest

from drivers.client.errors import DeviceUnavailable
from kiosk.effects import REGISTRY
from sync.errors import BureauUnreachable
from tests.kiosk.effects.test_effects import ORDER, PAY, act, status
from tests.kiosk.effects.world import World, accepted, job

CODE = "28" + "7" * 16
OPEN = status("created")


def charged(charge: str = "", state: str = "created") -> dict[str, Any]:
    return {**status(state), "charge": charge}


def world(*scans: bytes | Exception | None, states: list[Any], codes: list[Any] | None = None) -> World:
    return World(
        answers=[accepted(ORDER)],
        states=states,
        scans=list(scans),
        charged_codes=codes or [charged(state="approved")],
    )


async def states_told(world: World) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    outcome, owed, told = await act(world, "payment.create", PAY)
    assert not owed
    steps = [(str(t["state"]), str(t.get("code", ""))) for t in told]
    return outcome, [step for at, step in enumerate(steps) if at == 0 or steps[at - 1] != step]


def charges(world: World) -> list[object]:
    return [params for name, params in world.asked if name == "payment.charge"]


async def test_a_code_pays_the_order_that_is_shown() -> None:
    paying = world(CODE.encode() + b"\r", states=[OPEN, OPEN, status("approved")])
    outcome, told = await states_told(paying)
    assert (outcome["state"], outcome["order"]) == ("paid", "O1")
    assert told == [("waiting", ""), ("charging", "charging")]
    assert charges(paying) == [{"order": "O1", "code": CODE}]
    assert not paying.begun


async def test_the_owner_is_asked_on_the_phone() -> None:
    waiting = [OPEN, charged("confirming"), charged("confirming"), status("approved")]
    outcome, told = await states_told(world(CODE.encode(), states=waiting, codes=[charged("confirming")]))
    assert outcome["state"] == "paid"
    assert told == [("waiting", ""), ("confirming", "confirming")]


async def test_what_was_refused_on_the_phone_is_said_and_another_code_is_taken() -> None:
    states = [OPEN, charged("confirming"), charged("declined"), OPEN, status("approved")]
    paying = world(CODE.encode(), states=states, codes=[charged("confirming")])
    outcome, told = await states_told(paying)
    assert outcome["state"] == "paid"
    assert told == [("waiting", ""), ("confirming", "confirming"), ("waiting", "declined")]


@pytest.mark.parametrize("why", ["codeRefused", "declined"])
async def test_a_code_that_was_not_taken_leaves_the_code_on_the_screen(why: str) -> None:
    states = [OPEN, OPEN, OPEN, status("approved")]
    outcome, told = await states_told(world(CODE.encode(), states=states, codes=[charged(why)]))
    assert outcome["state"] == "paid"
    assert told == [("waiting", ""), ("waiting", why)]


async def test_another_code_is_told_apart_and_never_sent() -> None:
    states = [OPEN, OPEN, status("approved")]
    paying = world(b"http://example.test/x", states=states)
    _, told = await states_told(paying)
    assert told == [("waiting", ""), ("waiting", "notPayment")]
    assert charges(paying) == []


async def test_a_charge_without_an_answer_is_found_by_the_order_and_not_sent_again() -> None:
    states = [OPEN, OPEN, OPEN, status("approved")]
    paying = world(CODE.encode(), states=states, codes=[BureauUnreachable("nobody there")])
    outcome, told = await states_told(paying)
    assert outcome["state"] == "paid"
    assert told == [("waiting", ""), ("charging", "charging")]
    assert len(charges(paying)) == 1


async def test_a_silent_bank_behind_a_code_is_doubt() -> None:
    paying = World(
        answers=[accepted(ORDER), accepted({}, "k1")],
        states=[OPEN] * 3 + [status("unknown")],
        scans=[CODE.encode()],
        charged_codes=[charged(state="unknown")],
    )
    outcome, _, _ = await act(paying, "payment.create", PAY)
    assert outcome["state"] == "doubt"
    assert [kind for kind, _ in paying.begun] == ["payment.close"]


async def test_without_a_reader_the_code_on_the_screen_is_paid_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gone = [DeviceUnavailable("barcodeReader", "unplugged")] * 3
    outcome, told = await states_told(world(*gone, states=[OPEN] * 4 + [status("approved")]))
    assert outcome["state"] == "paid"
    assert told == [("waiting", "")]
    assert "payers' codes were not looked for" not in caplog.text


async def test_a_reader_that_breaks_in_a_way_nobody_foresaw_costs_no_payment(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome, _ = await states_told(world(ZeroDivisionError(), states=[OPEN, OPEN, status("approved")]))
    assert outcome["state"] == "paid"
    assert "payers' codes were not looked for" in caplog.text


async def test_after_a_crash_the_order_tells_whether_the_code_was_charged() -> None:
    crashed = World(answers=[accepted(ORDER)], states=[status("approved")])
    outcome, _ = await REGISTRY["payment.create"].probe(crashed.means(), job("payment.create", PAY))
    assert outcome["state"] == "paid"
    assert charges(crashed) == []
