"""Sessions of the tests, up to whole visits with the real executor and journal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from kiosk import availability
from kiosk.domain.ids import uuid7
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import ChoosePage, FormPage, Screen
from kiosk.session import Session
from tests.kiosk.doubles import CODE
from tests.kiosk.flow.test_certificate import MONTHS, RECORD
from tests.kiosk.flow.test_declare import DUE, ONE_OPEN, PREFILL
from tests.kiosk.flow.test_visit import KIND
from tests.kiosk.flow.visitor import CARD, DEVICES, PASSED, PROFILE, ROLE, UNITS, surroundings
from tests.kiosk.program import Program
from tests.shipped import CATALOGUE

SECRET = ("李秀兰", CARD["number"])


def outside(*, online: bool = True, out_of_service: str = "", **devices: bool) -> Any:
    return availability.world(CATALOGUE, online, {**DEVICES, **devices}, UNITS, out_of_service=out_of_service)


# --- whole visits, with the real executor and journal ---------------------------------------------------------


class Visit:
    """Goes through one service as a person would; what the readers and the centre say is known beforehand."""

    def __init__(self, program: Program, *, online: bool = True) -> None:
        self.program, self.session, self.seen = program, Session("zh-CN"), []
        self.pages: list[str] = []
        program.executor._tell = self.session.told
        program.people.answers = [("", CARD), ("", PASSED)]
        program.world.bureau.data = {
            "person.profile": PROFILE,
            "iit.months": MONTHS,
            "iit.record": RECORD,
            "return.periods": ONE_OPEN,
            "vat.prefill": PREFILL,
            "dues.list": {"dues": [DUE], "total_fen": 409_584},
            "invoice.entitlement": {
                "kinds": [{**KIND, "kind": "04", "code": CODE, "allowed": 3}],
                "blocked": None,
            },
        }
        self.session.on_screen(self._show)
        self.session.begin(Engine(CATALOGUE, replace(surroundings(), mint=uuid7)), program.executor)
        self.session.world(outside(online=online))

    def _show(self, screen: Screen) -> None:
        self.seen.append(screen)
        if self.pages[-1:] != [screen.page.kind]:
            self.pages.append(screen.page.kind)

    async def play(self, service: str) -> None:
        for _ in range(60):
            for action, value, text in self._wishes(service):
                self.session.send(Intent(action, value, text, self.seen[-1].serial))
                await asyncio.sleep(0)
            await self.program.idle()
            if self.pages[-1] == "attract":
                return
        raise AssertionError(f"stuck at {self.pages[-1]}: {self.seen[-1].page}")

    def _wishes(self, service: str) -> list[tuple[Action, str, str]]:
        page = self.seen[-1].page
        match page.kind:
            case "attract":
                return [(Action.BEGIN, "", "")]
            case "home":
                return [(Action.OPEN, service, "")]
            case "rate":
                return [(Action.CHOOSE, "5", ""), (Action.PROCEED, "", "")]
        if isinstance(page, ChoosePage) and page.shape == "count":
            return [(Action.COUNT, "3", ""), (Action.PROCEED, "", "")]
        if isinstance(page, ChoosePage) and page.shape == "list" and not page.selected:
            return [(Action.CHOOSE, page.options[0].id, ""), (Action.PROCEED, "", "")]
        if isinstance(page, FormPage):
            typed = {"uscc": ROLE["taxpayer"], "ordinary": "352400", "uninvoiced": "34000"}
            fills = [(Action.FILL, row.id, str(typed[row.id])) for row in page.rows if row.id in typed]
            return [*fills, (Action.PROCEED, "", "")]
        return [(Action.PROCEED, "", "")]
