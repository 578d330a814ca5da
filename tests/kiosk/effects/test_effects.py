from datetime import timedelta
from typing import Any, ClassVar

import pytest

from drivers.client.errors import DeviceCommandFailed
from drivers.ports import PrintOutcome, PrintResult
from kiosk.effects import REGISTRY
from kiosk.effects.base import StillInDoubt, UnprobedEffect, register
from kiosk.effects.dispense import settle
from sync.errors import BureauRejected
from sync.models import EffectKind
from tests.kiosk.effects.world import World, accepted, job, refused, silence, unplugged

ORDER = {
    "order": "O1",
    "qr": "http://127.0.0.1/p/O1",
    "expires_at": "2026-10-12T09:44:00+08:00",
    "amount_fen": 5,
}
PAY = {"dues": ["D1"], "amount_fen": 5, "channel": "qr-shown"}
RANGE = {
    "reservation": "R1",
    "code": "099002600104",
    "first": "00000001",
    "last": "00000005",
    "unit": "unit1",
}


def status(state: str) -> dict[str, Any]:
    return {"order": "O1", "state": state, "amount_fen": 5, "voucher": "V1", "paid_at": None}


def item(number: int, position: str = "tray", fault: str | None = None) -> dict[str, Any]:
    text = f"{number:08}"
    return {"number": text, "expected": text, "read": text, "position": position, "fault": fault}


async def act(world: World, kind: str, data: dict[str, Any]) -> tuple[dict[str, Any], list[Any], list[Any]]:
    told: list[Any] = []
    outcome, owed = await REGISTRY[kind].act(world.means(), job(kind, data), told.append)
    return dict(outcome), list(owed), told


def test_every_effect_of_the_wire_has_a_class_with_a_probe() -> None:
    assert {str(k) for k in EffectKind} <= set(REGISTRY)
    assert all(callable(cls.probe) for cls in REGISTRY.values())


def test_an_effect_without_a_probe_cannot_be_registered() -> None:
    class Hopeful:
        kinds: ClassVar[tuple[str, ...]] = ("hope",)

    with pytest.raises(UnprobedEffect):
        register(Hopeful)  # type: ignore[type-var]


async def test_a_short_silence_is_bridged_by_the_same_key() -> None:
    world = World(answers=[silence(), silence(), accepted({"declaration": "S1"})])
    outcome, _, _ = await act(world, "declaration.submit", {"total_fen": 1})
    assert outcome["state"] == "accepted"
    assert set(world.sent) == {"k0"}
    assert len(world.sent) == 3


async def test_a_long_silence_leaves_a_return_to_sync_and_drops_what_is_worth_nothing_later() -> None:
    world = World(answers=[silence()])
    outcome, _, _ = await act(world, "declaration.submit", {"total_fen": 1})
    assert outcome["queued"]
    outcome, _, _ = await act(world, "certificate.issue", {})
    assert outcome["fault"] == "unreachable"


async def test_a_refusal_keeps_its_words() -> None:
    outcome, _, _ = await act(World(answers=[refused()]), "declaration.submit", {})
    assert outcome["refusal"]["text"]["en-US"] == "no"


@pytest.mark.parametrize("wrong", [timedelta(minutes=-10), timedelta(minutes=10)])
async def test_a_clock_that_is_minutes_off_shows_the_code_as_long_as_any(wrong: timedelta) -> None:
    world = World(answers=[accepted(ORDER)], states=[status("created")] * 30 + [status("approved")])
    world.clock.at += wrong
    began = world.clock.at
    outcome, _, told = await act(world, "payment.create", PAY)
    assert outcome["state"] == "paid", "it was shown until it was paid"
    assert told[0]["seconds_left"] == 120
    world = World(answers=[accepted(ORDER), accepted({"state": "closed"})], states=[status("created")] * 500)
    world.clock.at = began
    await act(world, "payment.create", PAY)
    assert (world.clock.at - began).total_seconds() < 120 + 20


async def test_paid_while_the_code_is_shown() -> None:
    world = World(answers=[accepted(ORDER)], states=[status("created"), status("approved")])
    outcome, _, told = await act(world, "payment.create", PAY)
    assert outcome["state"] == "paid"
    assert outcome["voucher"] == "V1"
    assert told[0]["qr"] == ORDER["qr"]
    assert not world.begun


async def test_a_lapsed_code_is_closed_and_only_then_called_expired() -> None:
    world = World(
        answers=[accepted(ORDER), accepted({}, "k1")], states=[status("created")] * 120 + [status("closed")]
    )
    outcome, _, _ = await act(world, "payment.create", PAY)
    assert outcome["state"] == "expired"
    assert [kind for kind, _ in world.begun] == ["payment.close"]


async def test_paid_in_the_moment_of_closing_is_paid() -> None:
    world = World(
        answers=[accepted(ORDER), accepted({}, "k1")], states=[status("created"), status("approved")]
    )
    world.gives_up = True
    outcome, _, _ = await act(world, "payment.create", PAY)
    assert outcome["state"] == "paid"


async def test_a_silent_bank_is_doubt_and_never_a_second_order() -> None:
    world = World(
        answers=[accepted(ORDER), accepted({}, "k1")], states=[status("created"), status("unknown")]
    )
    world.gives_up = True
    outcome, _, _ = await act(world, "payment.create", PAY)
    assert outcome["state"] == "doubt"
    with pytest.raises(StillInDoubt):
        await REGISTRY["payment.create"].probe(World(
            answers=[accepted(ORDER)], states=[status("unknown")]).means(), job("payment.create", PAY))  # fmt: skip


async def test_after_a_crash_a_payment_is_found_by_its_key() -> None:
    world = World(answers=[accepted(ORDER)], states=[status("approved")])
    outcome, _ = await REGISTRY["payment.create"].probe(world.means(), job("payment.create", PAY))
    assert outcome["state"] == "paid"
    assert world.sent[0] == "k0"


async def test_a_print_owes_the_centre_its_outcome() -> None:
    outcome, owed, _ = await act(World(), "print", {"number": "N1", "pages": 1})
    assert outcome["outcome"] == "printed"
    assert (owed[0].kind, owed[0].data["outcome"], owed[0].queue) == ("certificate.printed", "printed", True)


async def test_a_print_fetches_its_own_copy_or_the_one_that_stayed_in_the_machine() -> None:
    world = World()
    _, fresh, _ = await act(world, "print", {"number": "N1", "pages": 1})
    _, again, _ = await act(world, "print", {"number": "N1", "pages": 1, "copy": "k-before"})
    assert world.fetched == [("N1", "k0"), ("N1", "k-before")]
    assert [owed[0].data["job"] for owed in (fresh, again)] == ["k0", "k-before"]


async def test_a_printer_that_vanished_is_asked_for_the_job_and_never_sent_it_again() -> None:
    world = World(paper=unplugged(), known_paper=PrintResult(PrintOutcome.PRINTED, sheets=1))
    outcome, _, _ = await act(world, "print", {"number": "N1", "pages": 1})
    assert outcome["outcome"] == "printed"
    assert world.motions == ["print"]


async def test_a_job_the_device_program_never_began_was_not_printed() -> None:
    outcome, owed = await REGISTRY["print"].probe(World().means(), job("print", {"number": "N1", "pages": 1}))
    assert outcome["outcome"] == "notPrinted"
    assert owed


async def test_a_silent_device_program_leaves_the_print_in_doubt() -> None:
    world = World(known_paper=unplugged())
    with pytest.raises(StillInDoubt):
        await REGISTRY["print"].probe(world.means(), job("print", {"number": "N1", "pages": 1}))


async def test_all_taken_is_all_delivered() -> None:
    world = World(dispensed={"state": "taken", "items": [item(n) for n in range(1, 6)]})
    outcome, owed, told = await act(world, "dispense", RANGE)
    assert (outcome["delivered"], outcome["missing"], outcome["cause"]) == (5, 0, None)
    assert owed[0].data["delivered"] == [{"first": "00000001", "last": "00000005"}]
    assert len(told) == 6
    assert world.motions == ["dispense", "present"]


async def test_not_taken_is_drawn_back_and_quarantined() -> None:
    world = World(dispensed={"state": "retracted", "items": [item(n) for n in range(1, 6)]}, takes=False)
    outcome, owed, _ = await act(world, "dispense", RANGE)
    assert (outcome["delivered"], outcome["cause"]) == (0, "notTaken")
    assert owed[0].data["quarantined"] == [{"first": "00000001", "last": "00000005"}]
    assert world.motions[-1] == "retract"


async def test_what_cannot_be_drawn_back_is_not_handed_out_once_more() -> None:
    """The person's time is over: nobody is asked to take it, and what the staff take out is nobody's."""

    class Full(World):
        async def retract(self, key: str) -> None:
            await super().retract(key)
            raise DeviceCommandFailed("invoiceDispenser", "commandErrorCode", "retractBinFull")

    world = Full(dispensed={"state": "presented", "items": [item(1), item(2)]}, takes=False)
    with pytest.raises(StillInDoubt):
        await act(world, "dispense", RANGE)
    assert world.motions == ["dispense", "present", "retract"]
    gone = {"state": "reconcile", "error": "notTaken", "items": [item(1, "unknown"), item(2, "unknown")]}
    outcome = settle(RANGE, gone)
    assert (outcome["delivered"], outcome["cause"]) == (0, "notTaken")
    assert outcome["quarantined_ranges"] == [{"first": "00000001", "last": "00000002"}]


@pytest.mark.parametrize("completion", ["deviceNotReady", "hardwareError", "timeOut"])
async def test_a_driver_that_dies_while_the_sheets_lie_there_hands_them_out_when_it_is_back(
    completion: str,
) -> None:
    """Its watch over the tray ends like the person's minute does, and drawing back fails without a word of the machine."""

    class Dying(World):
        async def retract(self, key: str) -> None:
            await super().retract(key)
            self.takes = True  # it is back by the next time, and the person still stands there
            raise DeviceCommandFailed("invoiceDispenser", completion)

        async def taken(self, key: str, within_s: float) -> bool:
            self.dispensed = {"state": "taken" if self.takes else "presented", "items": items}
            return await super().taken(key, within_s)

    items = [item(n) for n in range(1, 6)]
    world = Dying(dispensed={"state": "presented", "items": items}, takes=False)
    outcome, _, _ = await act(world, "dispense", RANGE)
    assert world.motions == ["dispense", "present", "retract", "present"]
    assert (outcome["delivered"], outcome["cause"]) == (5, None)


@pytest.mark.parametrize(
    ("state", "hands_out"),
    [("dispensing", True), ("partial", True), ("presented", True), ("taken", False), ("reconcile", False)],
)
async def test_while_the_person_stands_there_a_device_program_that_starts_again_hands_out_what_lies_there(
    state: str, hands_out: bool
) -> None:
    known: dict[str, Any] = {"state": state, "outcome": "complete", "items": [item(n) for n in range(1, 6)]}
    back_at = World().clock.at + timedelta(seconds=3)

    class Restarting(World):
        def _told(self) -> Any:
            if self.clock.at < back_at:
                raise unplugged()
            return known

        async def present(self, key: str) -> None:
            await super().present(key)
            known["state"] = "taken"

    world = Restarting()
    outcome, _, told = await act(world, "dispense", RANGE)
    assert world.motions == ["dispense", *["present"] * hands_out], "nothing is fed again"
    assert [t for t in told if t.get("state") == "take"] == [{"state": "take"}] * hands_out
    assert outcome["delivered"] == (0 if state == "reconcile" else 5)


async def test_a_probe_after_a_power_cut_moves_nothing() -> None:
    world = World(dispensed={"state": "reconcile", "items": [item(1), item(2)]})
    outcome, owed = await REGISTRY["dispense"].probe(world.means(), job("dispense", RANGE))
    assert world.motions == []
    assert outcome["cause"] == "powerLoss"
    assert owed[0].data["quarantined"] == [{"first": "00000001", "last": "00000002"}]
    assert owed[0].data["released"] == [{"first": "00000003", "last": "00000005"}]


def test_a_jam_after_two_commits_two_and_releases_the_untouched() -> None:
    told = {"state": "taken", "items": [item(1), item(2), item(3, "transport", "mediaJammed")]}
    outcome = settle(RANGE, told)
    assert outcome["delivered_ranges"] == [{"first": "00000001", "last": "00000002"}]
    assert outcome["quarantined_ranges"] == [{"first": "00000003", "last": "00000003"}]
    assert outcome["released_ranges"] == [{"first": "00000004", "last": "00000005"}]
    assert outcome["cause"] == "mediaJammed"


def test_a_foreign_number_quarantines_the_expected_one() -> None:
    wrong = {"number": "99999999", "expected": "00000002", "position": "reject", "fault": "numberMismatch"}
    outcome = settle(RANGE, {"state": "taken", "items": [item(1), wrong]})
    assert outcome["quarantined_ranges"] == [{"first": "00000002", "last": "00000002"}]


def test_a_sheet_out_of_its_order_is_quarantined_with_the_one_that_was_expected() -> None:
    """What was read lies in the reject bin for certain; it may not go back to the stock."""
    wrong = item(2, "reject", "numberMismatch") | {"read": "00000004"}
    outcome = settle(RANGE, {"state": "taken", "items": [item(1), wrong]})
    assert outcome["quarantined_ranges"] == [
        {"first": "00000002", "last": "00000002"}, {"first": "00000004", "last": "00000004"}
    ]  # fmt: skip
    assert outcome["released_ranges"] == [
        {"first": "00000003", "last": "00000003"}, {"first": "00000005", "last": "00000005"}
    ]  # fmt: skip
    assert outcome["beyond_ranges"] == []


async def test_the_second_sheet_of_a_double_feed_behind_the_last_reserved_one_is_told_to_the_centre() -> None:
    second = item(6, "reject", "doubleFeed") | {"read": None}
    items = [*(item(n) for n in range(1, 5)), item(5, "reject", "doubleFeed"), second]
    outcome, owed, _ = await act(World(dispensed={"state": "taken", "items": items}), "dispense", RANGE)
    assert owed[0].data["beyond"] == [{"first": "00000006", "last": "00000006"}]
    assert owed[0].data["quarantined"] == [{"first": "00000005", "last": "00000005"}]
    assert (outcome["delivered"], outcome["missing"], outcome["released_ranges"]) == (4, 1, [])
    _, owed, _ = await act(World(dispensed={"state": "taken", "items": items[:4]}), "dispense", RANGE)
    assert "beyond" not in owed[0].data


def test_a_job_never_begun_releases_everything() -> None:
    outcome = settle(RANGE, None)
    assert outcome["released_ranges"] == [{"first": "00000001", "last": "00000005"}]
    assert outcome["cause"] == "uncertain"


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ({"state": "taken", "items": [item(1, "reject", "unreadable")]}, "numberMismatch"),
        ({"state": "partial", "items": [], "error": "jammed"}, "mediaJammed"),
        ({"state": "partial", "items": [], "error": "empty"}, "empty"),
        ({"state": "reconcile", "items": [item(1)], "error": "countUncertain"}, "powerLoss"),
    ],
)
def test_the_ledger_hears_its_own_words_for_what_the_machine_found(told: dict[str, Any], cause: str) -> None:
    assert settle(RANGE, told)["cause"] == cause


async def test_a_certificate_that_may_not_be_printed_once_more_says_so_in_each_language() -> None:
    texts = {"zh-CN": "最多打印 3 份", "en-US": "3 times at most"}
    spent = BureauRejected(422, {"code": "copies-spent", "texts": texts})
    world = World(file=spent)
    outcome, owed, _ = await act(world, "print", {"number": "YC1", "pages": 1})
    assert (outcome["outcome"], outcome["error"], outcome["texts"]) == ("notPrinted", "copiesSpent", texts)
    assert [o.kind for o in owed] == ["certificate.printed"]
    assert world.motions == []
    other = await act(
        World(file=BureauRejected(404, {"code": "document-unknown"})), "print", {"number": "YC1"}
    )
    assert other[0]["error"] == "unreachable"
