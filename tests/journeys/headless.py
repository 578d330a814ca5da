"""A visitor without a screen: the real core, real programs and real wires, intents instead of touches.

Chaos kills this process at a named commit; the walk proper goes by touch. ``python -m tests.journeys.headless
ROOT SERVICE`` plays one visit against a running stack and prints how it ended.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.settings import load_terminal
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import (
    CapturePage,
    ChoosePage,
    DispensePage,
    DonePage,
    FormPage,
    IdentifyPage,
    MessagePage,
    PayPage,
    PrintPage,
    RatePage,
    Screen,
)
from kiosk.session import Session
from kiosk.stack import STAFF_CODE, Plan, Stack
from kiosk.wiring import run_core
from ui.walk.hands import Hands

VISIT_WITHIN_S = 120.0
LOOK_EVERY_S = 0.05
TRIED_AGAIN = "home"
"""A terminal that has just started opens a service as soon as its devices have said how they are; people wait a little."""


@dataclass
class Headless:
    """Answers each page once, the way the scripted visitor does."""

    session: Session
    hands: Hands
    persona: dict[str, Any]
    service: str
    taxpayer: str
    count: int = 3
    pays: bool = True
    takes: bool = True
    face: bool = True
    screen: Screen | None = None
    trail: list[str] = field(default_factory=list)
    ended: str = ""
    _done: set[tuple[str, int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.session.on_screen(self._show)

    def _show(self, screen: Screen) -> None:
        self.screen = screen

    async def visit(self) -> str:
        """Until wiped; how it ended."""
        async with asyncio.timeout(VISIT_WITHIN_S):
            while not self.ended:
                await asyncio.sleep(LOOK_EVERY_S)
                if self.screen is not None and self.screen.ready:
                    await self._once(self.screen)
        return self.ended

    async def _once(self, screen: Screen) -> None:
        page = screen.page
        key = (page.kind, screen.serial, str(getattr(page, "state", "")))
        if key in self._done and page.kind != TRIED_AGAIN:
            return
        if key not in self._done:
            self._done.add(key)
            self.trail.append(":".join(map(str, key)))
        await asyncio.to_thread(self._act, screen)

    def _send(self, action: Action, value: str = "", text: str = "") -> None:
        serial = self.screen.serial if self.screen else None
        self.session.send(Intent(action, value, text, serial))

    def _act(self, screen: Screen) -> None:
        match screen.page:
            case IdentifyPage(state="waiting" | "again"):
                self.hands.do("idReader", "present", card=self.persona["card"])
            case IdentifyPage(state="failed", message=message):
                self.ended = f"identify: {message}"
            case CapturePage(state="consent") if not self.face:
                self._send(Action.SECOND, "staff")
            case CapturePage(state="consent"):
                self.hands.do("idReader", "remove")
                self.hands.do("camera", "person", faceSeed=self.persona["faceSeed"], alive=True)
                self._send(Action.PROCEED)
            case CapturePage(state="again"):
                self._send(Action.PROCEED)
            case CapturePage(state="refused"):
                self._send(Action.SECOND, "staff")
            case ChoosePage(shape="list", selected=(), options=options):
                wanted = [o.id for o in options if o.enabled and self.taxpayer in (o.note, "")]
                usable = [o.id for o in options if o.enabled]
                self._send(Action.CHOOSE, (wanted or usable)[0])
                self._send(Action.PROCEED)
            case ChoosePage(shape="count"):
                self._send(Action.COUNT, str(self.count))
                self._send(Action.PROCEED)
            case FormPage(rows=rows):
                for row in rows:
                    if row.editable:
                        self._send(Action.FILL, row.id, self._typed(row.id))
                self._send(Action.PROCEED)
            case PayPage(state="waiting", qr=qr) if self.pays:
                self.hands.do("phone", "pay", qr=qr, payer="138****1234")
            case PayPage(state="waiting" | "expired" | "declined" | "closed"):
                self._send(Action.SECOND, "later")
            case PayPage(state="doubt" | "refused"):
                self._send(Action.PROCEED)
            case PrintPage(state="take", illustration=device):
                self.hands.do(device, "take")
                self._send(Action.PROCEED)
            case PrintPage(state="problem", second=second):
                self._send(Action.SECOND, second.id if second else "later")
            case DispensePage(state="take") if self.takes:
                self.hands.do("dispenser", "take")
            case DispensePage(state="problem") | DonePage() | MessagePage():
                self._send(Action.PROCEED)
            case RatePage():
                self._send(Action.CHOOSE, "5")
                self._send(Action.PROCEED)
            case page:
                self._plain(page.kind)

    def _plain(self, kind: str) -> None:
        match kind:
            case "attract" if any("farewell" in step for step in self.trail):
                self.ended = "wiped"
            case "attract":
                self._send(Action.BEGIN)
            case "home" if any(step.startswith(("message", "done")) for step in self.trail):
                self._send(Action.LEAVE)
            case "home":
                self._send(Action.OPEN, self.service)
            case "choose" | "review" | "farewell":
                self._send(Action.PROCEED)

    def _typed(self, row: str) -> str:
        return {"uscc": self.taxpayer, "ordinary": "352400", "pin": STAFF_CODE}.get(row, "34000")


async def play(stack: Stack, service: str, persona_id: str, **wishes: Any) -> Headless:
    """One visit against a running stack; the core is stopped again."""
    settings = load_terminal(stack.terminal_file, stack.env())
    session = Session(settings.display.lang)
    stop = asyncio.Event()
    core = asyncio.create_task(run_core(settings, session, stop))
    cabinet = stack.cabinet()
    hands = Hands(cabinet["control"], cabinet["token"])
    persona = next(p for p in stack.personas() if p["id"] == persona_id)
    taxpayer = persona["roles"][0]["taxpayer"] if persona["roles"] else ""
    visitor = Headless(session, hands, persona, service, taxpayer, **wishes)
    visiting = asyncio.create_task(visitor.visit())
    try:
        await asyncio.wait({core, visiting}, return_when=asyncio.FIRST_COMPLETED)
        if core.done():
            visiting.cancel()
            core.result()
        visiting.result()
    except TimeoutError:
        visitor.ended = f"stuck at {visitor.trail[-1] if visitor.trail else 'nothing'}"
    finally:
        stop.set()
        if not core.done():
            await core
        hands.close()
    return visitor


def main() -> int:
    """One visit; prints a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("service")
    parser.add_argument("--persona", default="")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--staff", action="store_true", help="a member of staff checks instead of the camera")
    parser.add_argument("--leave-sheets", action="store_true", help="nobody takes what lies in the tray")
    parser.add_argument("--no-pay", action="store_true", help="pay later")
    options = parser.parse_args()
    stack = Stack(Plan(options.root))
    stack.prepare()
    from ui.walk.visit import PERSONAS

    persona = options.persona or PERSONAS[options.service]
    wishes = {
        "count": options.count,
        "face": not options.staff,
        "takes": not options.leave_sheets,
        "pays": not options.no_pay,
    }
    visitor = asyncio.run(play(stack, options.service, persona, **wishes))
    print(json.dumps({"ended": visitor.ended, "trail": visitor.trail}, ensure_ascii=False))
    return 0 if visitor.ended == "wiped" else 1


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
