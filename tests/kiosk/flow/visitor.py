"""A visitor of the pure engine: touches, and answers what the flow asks as the world would."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.clock import CHINA
from config.texts import all_texts
from kiosk import availability
from kiosk.flow.effects import Effect, Issued, StopWaiting
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Page, Screen
from kiosk.flow.state import FlowState, WorldChanged
from kiosk.steps.base import IdleTimes, Surroundings
from tests.shipped import CATALOGUE

NOW = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)
DEVICES = dict.fromkeys(
    ("idReader", "faceCamera", "documentPrinter", "receiptPrinter", "invoiceDispenser", "barcodeReader"), True
)
UNITS = (
    {
        "unit": "unit1",
        "code": "099002600104",
        "next_number": "00004801",
        "last_number": "00004900",
        "count": 100,
    },
)
CARD: dict[str, Any] = {
    "layout": "resident",
    "number": "11010519491231002X",
    "name": "李秀兰",
    "latinName": None,
    "birth": "1949-12-31",
    "validFrom": "2016-01-01",
    "validTo": "2036-01-01",
    "photo": "V1BEMQ==",
}
PASSED = {"passed": True, "matcher": "reference", "score": 0.93}
ROLE = {
    "taxpayer": "91110108MA01K1050C",
    "name": "云川禾木文具有限公司",
    "role": "T",
    "small_scale": True,
    "state": "normal",
}
PROFILE = {"known": True, "roles": [ROLE], "notices": []}


def surroundings() -> Surroundings:
    """A terminal in a hall, on the day of the mockups."""
    ids = itertools.count(1)
    return Surroundings(
        words=dict(all_texts()),
        now=lambda: NOW,
        mint=lambda: f"id-{next(ids)}",
        public_url="https://bureau.example",
        terminal="A-07",
        hall={"zh-CN": "中心大厅", "en-US": "Central hall"},
        bureau={"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Service"},
        city_rate="0.07",
        idle=IdleTimes(),
        offline_max_fen=5_000_000,
    )


@dataclass
class Visitor:
    """Holds the state, collects the effects."""

    engine: Engine = field(default_factory=lambda: Engine(CATALOGUE, surroundings()))
    state: FlowState = field(default_factory=FlowState)
    issued: list[Issued] = field(default_factory=list)

    def world(self, *, online: bool = True, **changed: bool) -> Visitor:
        """Set the surroundings."""
        world = availability.world(CATALOGUE, online, {**DEVICES, **changed}, UNITS)
        self._step(WorldChanged(world))
        return self

    def touch(self, action: Action, value: str = "", text: str = "") -> Page:
        """Do something on the page as it is now."""
        self._step(Intent(action, value, text, self.state.serial))
        return self.page

    def answer(self, data: dict[str, Any] | None = None, fault: str = "", partial: bool = False) -> Page:
        """Answer the last effect that waits for an answer."""
        waiting = [i for i in self.issued if i.id in self.state.waiting]
        return self.tell(Outcome(waiting[-1].id, data or {}, fault, partial))

    def tell(self, outcome: Outcome) -> Page:
        """Answer one effect by its name."""
        self._step(outcome)
        return self.page

    def sign_in(self, service: str) -> Page:
        """From the attract page through card, consent and face into the first step behind them."""
        self.touch(Action.BEGIN)
        self.touch(Action.OPEN, service)
        self.answer(CARD)
        self.touch(Action.PROCEED)
        self.answer(PASSED)
        return self.answer(PROFILE)

    @property
    def screen(self) -> Screen:
        return self.engine.screen(self.state)

    @property
    def page(self) -> Page:
        return self.screen.page

    @property
    def asked(self) -> Effect:
        """The last thing the flow asked of the world."""
        return [i.effect for i in self.issued if not isinstance(i.effect, StopWaiting)][-1]

    def _step(self, event: Any) -> None:
        self.state, issued = self.engine.step(self.state, event)
        self.issued += issued
        self.engine.screen(self.state)
