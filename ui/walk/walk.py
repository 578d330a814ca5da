"""One walk: a stack of real programs, the screen in this process, a visitor, the evidence, the verdict."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.clock import SystemClock
from config.settings import load_terminal
from kiosk.session import Session
from kiosk.stack import Plan, Stack
from ui.audit import audit
from ui.bridge.start import Screen, start
from ui.core_thread import CoreThread
from ui.walk import checker
from ui.walk.album import Album
from ui.walk.evidence import read_cards, read_tables
from ui.walk.faults import DOUBT_S, FAULTS, Fault
from ui.walk.folder import make_ready
from ui.walk.gather import gather
from ui.walk.hands import Hands
from ui.walk.touch import NotThere, wait_until
from ui.walk.visitor import Seen, Visitor, Wish

START_WITHIN_S = 90.0
VISIT_WITHIN_S = 240.0
SETTLE_WITHIN_S = 60.0
PERSONAS = {
    "certificate.iit-record": "li-xiulan",
    "invoice.collect": "zhou-mingyuan",
    "declare.vat-small": "shen-zhizhou",
    "pay.due": "chen-jing",
}
"""Who of the city's cast comes for which service."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to walk and how."""

    service: str
    out: Path
    lang: str = "zh-CN"
    mode: str = "standard"
    orientation: str = "portrait"
    offline: bool = False
    fault: str = "none"
    as_of: datetime | None = None
    persona: str = ""
    seed: int = 7
    staff: bool = False
    card: str = ""


@dataclass
class Verdict:
    """What came of it."""

    ok: bool
    service: str
    transaction: str
    pages: int
    seconds: float
    problems: list[str]

    def write(self, folder: Path) -> None:
        """``verdict.json``."""
        (folder / "verdict.json").write_text(json.dumps(self.__dict__, ensure_ascii=False, indent=2) + "\n")


def walk(options: Options) -> Verdict:
    """Walk once, from nothing to the verdict; every program is ended again.

    Raises ``FolderInUse`` before anything is started or removed when the folder is not a walk's.
    """
    out = options.out
    make_ready(out)
    plan = Plan(out / "state", options.as_of, options.seed, options.orientation, speed=4.0)
    stack = Stack(plan)
    began = time.monotonic()
    problems: list[str] = []
    album: Album | None = None
    try:
        stack.prepare()
        stack.start()
        if options.offline:
            stack.kill("sync")
            stack.kill("bureau")
        album = _visit(options, stack, problems)
        if options.offline:
            problems += _deliver(stack)
        problems += _settled(stack)
        problems += _booked(stack)
        gather(stack, out)
    except NotThere as lost:
        problems.append(f"the visitor could not go on: {lost}")
        gather(stack, out)
    finally:
        stack.stop()
    pages = len(album.pages) if album else 0
    if album is not None:
        if not any("done" in page for page in album.pages):
            problems.append("the visitor did not come to the service's end page")
        problems += [f"{page}: {finding}" for page, found in album.findings.items() for finding in found]
        problems += _traces(options.fault, album.pages, out)
        album.close(sorted((out / "printed").glob("*.png")))
    problems += checker.check(out)
    transaction = _transaction(out, options.service)
    verdict = Verdict(
        not problems, options.service, transaction, pages, round(time.monotonic() - began, 1), problems
    )
    verdict.write(out)
    return verdict


def _traces(name: str, pages: list[str], out: Path) -> list[str]:
    """A fault that was asked for and did not happen makes the walk worth nothing."""
    trace = FAULTS[name].trace
    journal = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
    missing = trace.missing(pages, journal) if trace is not None else ""
    return [f"the fault {name} did not happen: {missing}"] if missing else []


def _visit(options: Options, stack: Stack, problems: list[str]) -> Album:
    cabinet = stack.cabinet()
    hands = Hands(cabinet["control"], cabinet["token"])
    fault = FAULTS[options.fault]
    fault.strike(hands, stack)
    session = Session(options.lang if options.lang == stack.plan.lang else stack.plan.lang)
    settings = load_terminal(stack.terminal_file, stack.env())
    core = CoreThread(settings, session)
    core.start()
    if not core.wait_ready(START_WITHIN_S):
        raise NotThere("the core did not come up")
    clock = SystemClock(timedelta(seconds=stack.offset_s))
    screen = start(session, orientation=options.orientation, clock=clock)
    album = Album(options.out, screen.window, audit, lambda: _page_now(screen))
    try:
        wish = _wish(options, stack, fault)
        _until_open(screen, wish.service)
        visitor = Visitor(wish, screen.window, hands, album, lambda: _seen(screen), takes=fault.sheets_taken)
        try:
            visitor.walk(VISIT_WITHIN_S)
        except NotThere as lost:
            album.take("lost")
            problems.append(f"the visitor could not go on: {lost}")
    finally:
        core.stop()
        screen.close()
        fault.mend(hands, stack)
        hands.close()
    return album


def _wish(options: Options, stack: Stack, fault: Fault) -> Wish:
    personas = stack.personas()
    wanted = options.persona or PERSONAS[options.service]
    persona = next((p for p in personas if p["id"] == wanted), None)
    if persona is None:
        raise NotThere(f"nobody of the cast is {wanted!r}")
    taxpayer = persona["roles"][0]["taxpayer"] if persona["roles"] else ""
    return Wish(
        service=options.service,
        persona=persona,
        lang=options.lang,
        mode=options.mode,
        offline=options.offline,
        taxpayer=taxpayer,
        face=not options.staff,
        pay=fault.pay,
        card=options.card or fault.card,
        patience_s=fault.patience_s,
    )


def _seen(screen: Screen) -> Seen:
    """What the screen was told to show; read only."""
    flow = screen.session.flow
    page: dict[str, Any] = {**flow.shown, **_frame(flow.around)}
    return Seen(str(page["kind"]), int(flow.property("serial")), str(page.get("state", "")), page)


def _page_now(screen: Screen) -> tuple[str, int]:
    """Which page it is; a picture is taken only while it stands."""
    seen = _seen(screen)
    return seen.kind, seen.serial


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    return {"lang": frame["lang"], "mode": frame["mode"], "online": frame["online"]}


def _until_open(screen: Screen, service: str) -> None:
    """The attract page is there and the terminal has looked at its devices once."""
    wait_until(lambda: _seen(screen).kind == "attract", START_WITHIN_S, "the attract page")
    wait_until(lambda: screen.session.flow.around["ready"], START_WITHIN_S, "the first look around")


def _deliver(stack: Stack) -> list[str]:
    """The network is back: sync is killed in mid-send once, then delivers."""
    stack.start("bureau")
    stack.start("sync")
    time.sleep(0.3)
    stack.kill("sync")
    stack.start("sync")
    return []


def _settled(stack: Stack) -> list[str]:
    """Wait until sync has delivered everything, then let the core take the receipts."""
    deadline = time.monotonic() + SETTLE_WITHIN_S
    while not stack.delivered():
        if time.monotonic() > deadline:
            return [f"sync has not delivered everything after {SETTLE_WITHIN_S:.0f} s"]
        time.sleep(0.3)
    done = stack.run("kiosk", "settle")
    if done.returncode == 0:
        deadline = time.monotonic() + SETTLE_WITHIN_S
        while not stack.delivered() and time.monotonic() < deadline:
            time.sleep(0.3)
        return []
    return [f"settling failed: {(done.stdout + done.stderr).strip()[-300:]}"]


def _booked(stack: Stack) -> list[str]:
    """Wait until the centre knows of every payment: after a silence of the bank it asks again by itself."""
    folder = stack.plan.root / "bureau"
    deadline = time.monotonic() + DOUBT_S + SETTLE_WITHIN_S
    while True:
        charged = read_tables(folder / "acquirer.db", ("payments",)).get("payments", [])
        charged += read_cards(stack.cabinet_dir / "pos-bank.json")
        booked = read_tables(folder / "bureau.db", ("booking",))["booking"]
        open_ones = {row["order_no"] for row in charged} - {row["order_no"] for row in booked}
        if not open_ones:
            return []
        if time.monotonic() > deadline:
            return [f"the centre has not booked {', '.join(sorted(open_ones))}"]
        time.sleep(0.5)


def _transaction(out: Path, service: str) -> str:
    for line in (out / "journal.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["kind"] == "service.opened" and record["body"].get("service") == service:
            return str(record["transaction"])
    return ""
