"""The card terminal's settlements at the maintenance pages: seen, begun by two touches, asked again, closed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from config.texts import Texts, languages
from drivers.client import DeviceHub, RoleStatus
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable
from kiosk.staff.front import Front
from kiosk.staff.handover import lines
from kiosk.staff.pages import StaffPages
from kiosk.staff.settlement_pages import Stand, settlement_word
from kiosk.staff.settling import Settling
from kiosk.staff.signing import Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import SettlementView
from tests.shipped import CATALOGUE
from ui.samples.staff import DOUBT, WELL, counts, known, settlement

TOTALS = {"batch": "000018", "terminal": counts(5, 930_000), "book": counts(5, 930_000), "agrees": True}
SETTLED = {"batch": "000018", "terminal": counts(5, 930_000), "book": counts(5, 930_000), "agrees": True,
           "balanced": True}  # fmt: skip


class Desk:
    """The page, the person, the tasks and the device program, as far as settling needs them."""

    def __init__(self) -> None:
        self.pages = StaffPages(Texts("zh-CN"), CATALOGUE)
        self.noted: list[tuple[str, Mapping[str, Any]]] = []
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.said: list[str] = []
        self.signed = type("Signed", (), {"name": "007"})()
        self.answers: dict[str, Any] = {"GetLastSettlement": {"known": False}, "GetTotals": TOTALS}
        self.batch = "open"

    def draw(self) -> None:
        pass

    def say(self, text_id: str, tone: str = "ok") -> None:
        self.said.append(text_id)

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        self.noted.append((kind, data))

    async def ask(self, act: Any, done: str) -> bool:
        try:
            await act()
        except (DeviceCommandFailed, DeviceUnavailable):
            return False
        return True

    def status(self, role: str) -> RoleStatus:
        return RoleStatus("online", {"paymentTerminal": {"batch": self.batch}}, 0.0)

    async def request(
        self, role: str, name: str, payload: Mapping[str, Any], timeout_s: float, on_event: Any = None
    ) -> Mapping[str, Any]:
        command = name.removeprefix("PaymentTerminal.")
        self.asked.append((command, payload))
        answer = self.answers.get(command, {})
        if isinstance(answer, Exception):
            raise answer
        return cast(Mapping[str, Any], answer)

    def did(self, command: str) -> list[Mapping[str, Any]]:
        return [payload for name, payload in self.asked if name == command]


async def settling(desk: Desk) -> Settling:
    steps = Settling(cast(Front, desk), cast(Signing, desk), cast(Tasks, desk), cast(DeviceHub, desk))
    await steps.look()
    return steps


def shown(steps: Settling) -> SettlementView:
    page = steps.page()
    assert isinstance(page, SettlementView)
    return page


def values(steps: Settling, at: int = -1) -> list[str]:
    return [key.value for key in shown(steps).batches[at].keys]


async def test_a_batch_is_settled_only_when_the_person_says_so_twice() -> None:
    desk = Desk()
    desk.answers["Settle"] = SETTLED
    steps = await settling(desk)
    assert values(steps) == ["ask"]
    await steps.step("sure")
    assert desk.did("Settle") == [], "nobody has asked"
    await steps.step("ask")
    assert values(steps) == ["sure", "not"], "what takes it back lies where the first touch was"
    await steps.step("not")
    await steps.step("ask")
    await steps.step("sure")
    (settle,) = desk.did("Settle")
    assert [kind for kind, _ in desk.noted] == ["staff.settling", "staff.settled"]
    assert {data["key"] for _, data in desk.noted} == {settle["key"]}, "noted before, under the same key"
    assert desk.noted[1][1]["terminal"] == counts(5, 930_000)


async def test_sums_that_differ_are_said_at_once() -> None:
    desk = Desk()
    desk.answers["Settle"] = {**SETTLED, "balanced": False}
    steps = await settling(desk)
    await steps.step("ask")
    await steps.step("sure")
    assert desk.said == ["bench.settle.doneDiffers"]


async def test_an_unanswered_one_is_asked_under_its_own_key() -> None:
    desk = Desk()
    open_ = settlement("settle-0001", "open")
    desk.answers["GetLastSettlement"] = {"known": True, **open_, "unresolved": [open_]}
    steps = await settling(desk)
    assert values(steps, 0) == ["again:settle-0001", "close:settle-0001"]
    assert len(shown(steps).batches) == 2, "it is told once"
    desk.answers["Settle"] = DeviceCommandFailed("paymentTerminal", "commandErrorCode", "notSettled")
    await steps.step("again:settle-0001")
    assert desk.did("Settle") == [{"key": "settle-0001"}]
    assert desk.noted == [("staff.settlementAsked", {"key": "settle-0001"})], "not closed: an answer, too"
    desk.answers["Settle"] = DeviceUnavailable("paymentTerminal", "no connection")
    await steps.step("again:settle-0001")
    assert len(desk.noted) == 1


async def test_one_that_nobody_can_tell_of_is_closed_with_a_reason() -> None:
    desk = Desk()
    open_ = settlement("settle-0001", "open")
    desk.answers["GetLastSettlement"] = {"known": True, **open_, "unresolved": [open_]}
    steps = await settling(desk)
    await steps.step("exchanged:settle-0001")
    assert desk.did("CloseSettlement") == [], "nobody has asked"
    await steps.step("close:settle-0001")
    assert values(steps, 0) == ["exchanged:settle-0001", "cleared:settle-0001", "not"]
    await steps.step("exchanged:settle-0002")
    assert desk.did("CloseSettlement") == [], "another one was asked about"
    await steps.step("close:settle-0001")
    await steps.step("exchanged:settle-0001")
    assert desk.did("CloseSettlement") == [{"key": "settle-0001", "reason": "exchanged", "by": "007"}]
    assert desk.noted == [("staff.settlementClosed", {"key": "settle-0001", "reason": "exchanged"})]


async def test_a_payment_in_doubt_is_asked_about_and_charges_nothing() -> None:
    desk = Desk()
    desk.answers |= {"GetUnresolved": {"payments": [DOUBT]}, "QueryLast": {"known": False}}
    steps = await settling(desk)
    key = DOUBT["key"]
    assert values(steps, 0) == [f"query:{key}", f"resolve:{key}"]
    assert "4,147.04" in shown(steps).batches[0].state
    await steps.step(f"query:{key}")
    assert desk.did("QueryLast") == [{"key": key}]
    assert desk.noted == [("staff.paymentAsked", {"key": key})]
    assert desk.did("Purchase") == desk.did("Resolve") == []


@pytest.mark.parametrize(("word", "charged"), [("charged", True), ("notCharged", False)])
async def test_what_the_statement_says_of_a_payment_is_entered_by_two_touches_with_who_looked(
    word: str, charged: bool
) -> None:
    desk = Desk()
    outcome = "approve" if charged else "decline"
    desk.answers |= {
        "GetUnresolved": {"payments": [DOUBT]},
        "Resolve": {"outcome": outcome, "errorCode": "byStaff"},
    }
    steps = await settling(desk)
    key = DOUBT["key"]
    await steps.step(f"{word}:{key}")
    assert desk.did("Resolve") == [], "nobody has asked"
    await steps.step(f"resolve:{key}")
    assert values(steps, 0) == [f"charged:{key}", f"notCharged:{key}", "not"]
    await steps.step(f"{word}:another-one")
    await steps.step(f"resolve:{key}")
    await steps.step(f"{word}:{key}")
    assert desk.did("Resolve") == [{"key": key, "charged": charged, "by": "007"}]
    assert desk.noted == [("staff.paymentResolved", {"key": key, "charged": charged, "outcome": outcome})]
    assert desk.said == []


async def test_the_terminals_own_word_is_told_when_it_has_one_after_all() -> None:
    desk = Desk()
    desk.answers |= {"GetUnresolved": {"payments": [DOUBT]}, "Resolve": {"outcome": "approve"}}
    steps = await settling(desk)
    await steps.step(f"resolve:{DOUBT['key']}")
    await steps.step(f"notCharged:{DOUBT['key']}")
    assert desk.said == ["bench.settle.told"]
    assert desk.noted[0][1]["outcome"] == "approve"


async def test_without_an_open_batch_one_is_opened_first() -> None:
    desk = Desk()
    desk.batch, desk.answers["Start"] = "closed", {"batch": "000019"}
    steps = await settling(desk)
    assert values(steps) == ["start"]
    await steps.step("start")
    assert len(desk.did("Start")) == 1
    assert [kind for kind, _ in desk.noted] == ["staff.batchOpened"]


async def test_a_terminal_that_is_away_shows_what_the_book_knows() -> None:
    desk = Desk()
    desk.answers["GetLastSettlement"] = {"known": True, **settlement("day-1", "open")}
    desk.answers["GetTotals"] = DeviceUnavailable("paymentTerminal", "no connection")
    last, now = shown(await settling(desk)).batches
    assert "000017" in last.facts
    assert (now.tone, now.keys) == ("unknown", ())


@pytest.mark.parametrize("lang", languages())
def test_differences_stand_out(lang: str) -> None:
    pages = StaffPages(Texts(lang), CATALOGUE)
    told = settlement("day-1", "settled", terminal=counts(13, 1), balanced=True, agrees=False)
    last, _ = pages.settlement.page(Stand({"known": True, **told}, TOTALS), "").batches
    assert (last.tone, [row.tone for row in last.rows]) == ("bad", ["bad", "ok", "ok"])
    assert "28,413.06" in last.rows[0].book


@pytest.mark.parametrize(
    ("told", "word", "reasons"),
    [
        ({}, "", 0),
        ({"settlement": "settled", "settlementAgrees": True}, "settled", 0),
        ({"settlement": "settled", "settlementAgrees": False}, "differs", 1),
        ({"settlement": "open"}, "open", 1),
        ({"settlement": "notSettled"}, "notSettled", 1),
        ({"settlement": "closedByStaff"}, "closedByStaff", 0),
        ({"settlement": "someday"}, "", 0),
    ],
)
def test_the_overview_and_the_handover_tell_how_the_last_one_stands(
    told: Mapping[str, object], word: str, reasons: int
) -> None:
    details = {"paymentTerminal": {**told, "paper": "full"}}
    assert settlement_word(details) == word
    well = known(False)
    units = {"unit1": {"count": 3, "loaded": 5, "next": "00000003", "status": "ok"}}
    here = replace(
        well, units=units, statuses={**well.statuses, "paymentTerminal": replace(WELL, details=details)}
    )
    pages = StaffPages(Texts("zh-CN"), CATALOGUE)
    found = pages.board.reasons(here)
    assert [reason.key.action for reason in found if reason.key] == ["settlement"] * reasons
    labels = [label for label, _ in lines(pages.texts.get, pages.board, here, "007", False)]
    assert ("刷卡结算" in labels) is bool(word)
    assert "settlement" in [key.action for key in pages.handover(here, "007", False).keys]
    assert "settlement" not in [key.action for key in pages.handover(well, "007", False).keys]


@pytest.mark.parametrize(
    ("told", "action"),
    [({"unresolved": 1}, "settlement"), ({"batch": "closed"}, "settlement"), ({"link": "offline"}, "guide")],
)
def test_why_no_card_is_taken_stands_on_the_overview_with_the_way_to_mend_it(
    told: Mapping[str, object], action: str
) -> None:
    well = known(False)
    units = {"unit1": {"count": 3, "loaded": 5, "next": "00000003", "status": "ok"}}
    status = replace(WELL, details={"paymentTerminal": {"paper": "full", **told}})
    here = replace(well, units=units, statuses={**well.statuses, "paymentTerminal": status})
    (reason,) = StaffPages(Texts("zh-CN"), CATALOGUE).board.reasons(here)
    assert reason.key is not None and reason.key.action == action
