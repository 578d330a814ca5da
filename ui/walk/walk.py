"""Walks: a stack of real programs, the screen in this process, a visitor, the evidence, the verdict.

One walk has a stack of its own; those of a row have one between them, each judged by what happened since the one
before.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bureau.city.cases import FIRM
from bureau.engine.services import kept_of
from config.catalogue import shipped
from kiosk.stack import Plan, Stack
from ui.walk.album import Album
from ui.walk.faults import FAULTS, Fault
from ui.walk.folder import make_ready
from ui.walk.gather import gather
from ui.walk.officer import ANSWERED, Officer
from ui.walk.phone import Phone
from ui.walk.settling import booked, carried, delivered, settled_by_command, settled_here
from ui.walk.since import Mark, mark
from ui.walk.terminal import Terminal
from ui.walk.torn import Torn, away, back, torn, unlike
from ui.walk.touch import NotThere
from ui.walk.visit import (
    AFTER,
    ANSWERS,
    MOBILE,
    PERSONAS,
    Verdict,
    code_of_sale,
    for_another,
    judge,
    visit,
    wish_of,
    with_phone,
)
from ui.walk.wish import Wish

if TYPE_CHECKING:
    from ui.walk.core import AnotherCore

PART = "part"
"""What is touched to pay a part of one tax; the second visit pays the rest."""
RELIEF, OFFICERS = "preference.apply", ("周审核", "吴批准")
"""What two officers decide on before the same person comes again."""
WAITS_FOR_PAPERS = FIRM.taxpayer
"""Whose relief the city leaves undecided."""
WITH_INVOICE = ("lottery.draw", "invoice.verify")
"""For what visitors bring an invoice; over another core it is one of that core's."""
TROUBLE = "-problem"
"""How a page that says what is wrong is named: another core may lack what is behind it, and the visitor moves on."""
SPEED = 4.0
"""The simulated mechanics run so many times as fast."""


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
    debit: bool = False
    phone: str = "scans"
    parts: bool = False
    behalf: bool = False
    begun: str = ""
    after: str = ""
    form: bool = False
    goes_on: bool = False
    choose: tuple[str, ...] = ()
    core: str = ""
    firm: str = ""
    torn: str = ""
    by_card: bool = False


def walk(options: Options) -> Verdict:
    """Walk once, from nothing to the verdict; every program is ended again.

    Raises ``FolderInUse`` before anything is started or removed when the folder is not a walk's, ``StackError`` when
    the core that is to stand behind the centre does not answer.
    """
    options = _with_before(options)
    out = options.out
    make_ready(out)
    plan = Plan(out / "state", options.as_of, options.seed, options.orientation, speed=SPEED)
    if not options.core:
        return _alone(options, plan, None)
    from ui.walk.core import (
        AnotherCore,
    )  # loads the centre's side of a core's wire, which other walks do not need

    core = AnotherCore(options.core, out / "core.log")
    try:
        return _alone(options, core.plan(plan), core)
    finally:
        core.close()


def walk_in_a_row(
    out: Path, row: Sequence[Options], told: Callable[[Verdict], None] = lambda _verdict: None
) -> list[Verdict]:
    """Walk one after the other on one stack below ``out``, of the first one's seed and day; ``told`` hears of each.

    What one leaves, the next finds, as in a hall: so none may strike a fault, tear a sheet, or have another core
    behind the centre. Raises ``FolderInUse`` before anything is started when a folder is not a walk's.
    """
    row = [_with_before(options) for options in row]
    make_ready(out)
    for options in row:
        make_ready(options.out)
    first = row[0]
    stack = Stack(Plan(out / "state", first.as_of, first.seed, first.orientation, speed=SPEED))
    found: list[Verdict] = []
    try:
        stack.prepare()
        for options in row:
            stack.start()  # what does not run: all at first, then what the walk before may have left ended
            stack.extra_env[""] = {"KIOSK_DISPLAY__ORIENTATION": options.orientation}
            since, began, problems = mark(stack), time.monotonic(), list[str]()
            album, sheet = _walked(options, stack, None, problems, settled_here)
            found.append(
                _judged(options, stack, None, (album, sheet), time.monotonic() - began, problems, since)
            )
            told(found[-1])
    finally:
        stack.stop()
    return found


def _with_before(options: Options) -> Options:
    """With the visit that has to come before, and by the person who came then."""
    if not options.after and options.service in AFTER:
        options = replace(options, after=AFTER[options.service])
    if options.after and not options.core:
        options = replace(options, persona=options.persona or PERSONAS[options.after])
    return options


def _alone(options: Options, plan: Plan, core: AnotherCore | None) -> Verdict:
    """On a stack of its own, which is ended before its evidence is gathered."""
    stack, began = Stack(plan), time.monotonic()
    problems: list[str] = []
    came: tuple[Album | None, Torn | None] = (None, None)
    try:
        stack.prepare()
        if core is not None:
            core.stand_behind(stack)
            persona, firm = core.comes(options.persona, options.firm)
            options = replace(options, persona=persona, firm=firm)
        stack.start()
        came = _walked(options, stack, core, problems, settled_by_command)
    except NotThere as lost:
        problems.append(f"the visitor could not go on: {lost}")
    finally:
        stack.stop()
    return _judged(options, stack, core, came, time.monotonic() - began, problems)


def _walked(
    options: Options,
    stack: Stack,
    core: AnotherCore | None,
    problems: list[str],
    settled: Callable[[Stack], list[str]],
) -> tuple[Album | None, Torn | None]:
    """The visits of one walk on a running stack, until every party has heard of everything; what went wrong is told.

    ``settled``: how the terminal, which is shut by then, takes the centre's receipts.
    """
    album: Album | None = None
    sheet: Torn | None = None
    try:
        if options.parts:
            _visit_before(options, stack, core, problems, share=PART)
        if options.after:
            _visit_before(replace(options, service=options.after, form=False), stack, core, problems)
        if options.offline:
            if kept_of(service := shipped()[options.service].service):
                options = replace(
                    options, by_card=service.sign_in == "1"
                )  # whom no code can be sent to later
                _visit_before(options, stack, core, problems)
            stack.kill("sync")
            stack.kill("bureau")
        sheet = torn(stack, options.torn, options.out / "torn") if options.torn else None
        album = _visit(options, stack, core, problems, sheet=sheet)
        if options.offline:
            _back_on_line(stack)
        problems += delivered(stack) or settled(stack)
        problems += booked(stack, core.booked if core is not None else None)
        problems += carried(stack)
    except NotThere as lost:
        problems.append(f"the visitor could not go on: {lost}")
    return album, sheet


def _judged(
    options: Options,
    stack: Stack,
    core: AnotherCore | None,
    came: tuple[Album | None, Torn | None],
    seconds: float,
    problems: list[str],
    since: Mark | None = None,
) -> Verdict:
    """The evidence of one walk and the verdict on it; of a row, what happened ``since``."""
    album, sheet = came
    gather(stack, options.out, since, core)
    if sheet is not None:
        problems += unlike(stack, sheet)
    if album is not None:
        problems += _traces(options.fault, album.pages, options.out)
        if core is not None and options.fault == "none":
            problems += [f"nobody asked for the trouble on {page}" for page in album.pages if TROUBLE in page]
    end = "continue" if options.goes_on else "done"
    return judge(options.out, options.service, album, seconds, problems, end)


def _visit_before(
    options: Options, stack: Stack, core: AnotherCore | None, problems: list[str], share: str = ""
) -> None:
    """The same person at this terminal some time before: for what is kept, a part (``share``), another service."""
    folder = options.out / "before"
    make_ready(folder)
    _visit(replace(options, offline=False, out=folder, choose=()), stack, core, problems, share)
    problems += delivered(stack)
    if options.service == RELIEF:
        problems += _granted(stack)


def _granted(stack: Stack) -> list[str]:
    """Two officers grant the relief that was applied for, not the city's own; what went wrong."""
    found = json.loads(stack.run("bureau", "case", "list", "--json").stdout)
    asked = [c["case_no"] for c in found if c["matter"] == RELIEF and c["taxpayer"] != WAITS_FOR_PAPERS]
    if not asked:
        return ["no relief was applied for"]
    done = [stack.run("bureau", "case", "grant", asked[0], "--officer", who) for who in OFFICERS]
    return [f"the relief was not granted: {one.stderr}" for one in done if one.returncode != 0]


def _visit(
    options: Options,
    stack: Stack,
    core: AnotherCore | None,
    problems: list[str],
    share: str = "",
    sheet: Torn | None = None,
) -> Album:
    terminal = Terminal(stack)
    hidden = (MOBILE, *ANSWERS.get(options.service, {}).values())
    officer = Officer(stack, hidden) if ANSWERED in options.choose else None
    fault = FAULTS[options.fault]
    fault.strike(terminal.hands, stack)
    try:
        away(options.torn, terminal.hands)
        terminal.open()
        wish = replace(_wish(options, stack, fault), options=(*options.choose, *((share,) if share else ())))
        wish = replace(wish, torn=sheet)
        if core is not None and options.service in WITH_INVOICE:
            wish = replace(wish, code=code_of_sale(asdict(core.invoice(options.firm))))
        if core is not None and options.offline:  # nobody prefills what they sold
            wish = replace(wish, invoiced=core.invoiced(options.firm))
        messages = core.messages_to if core is not None else None
        if officer is not None:
            officer.begin()
        return visit(terminal, wish, options.out, problems, takes=fault.sheets_taken, messages=messages)
    finally:
        if officer is not None:
            problems += officer.finish()
        terminal.shut()
        fault.mend(terminal.hands, stack)
        back(options.torn, terminal.hands)
        terminal.hands.close()


def _wish(options: Options, stack: Stack, fault: Fault) -> Wish:
    wished = wish_of(stack, options.service, options.persona)
    if options.firm:
        wished = replace(wished, taxpayer=options.firm)
    if options.begun:
        wished = with_phone(wished, Phone(stack), options.begun)
    if {"phone", "both"} & set(options.choose):
        wished = replace(wished, fetches=lambda code: Phone(stack).fetch(code, options.out / "fetched"))
    if options.goes_on:
        wished = replace(wished, goes_on=Phone(stack).go_on)
    return replace(
        for_another(wished) if options.behalf else wished,
        lang=options.lang,
        mode=options.mode,
        offline=options.offline,
        face=not options.staff,
        by_card=options.by_card,
        pay=fault.pay,
        pulls_ukey=fault.pulls_ukey,
        card=options.card or fault.card,
        debit=options.debit or fault.debit,
        phone=options.phone,
        patience_s=fault.patience_s,
        form=options.form,
    )


def _back_on_line(stack: Stack) -> None:
    """The network is back: sync is killed in mid-send once, then delivers."""
    stack.start("bureau")
    stack.start("sync")
    time.sleep(0.3)
    stack.kill("sync")
    stack.start("sync")


def _traces(name: str, pages: list[str], out: Path) -> list[str]:
    """A fault that was asked for and did not happen makes the walk worth nothing."""
    trace = FAULTS[name].trace
    journal = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
    missing = trace.missing(pages, journal) if trace is not None else ""
    return [f"the fault {name} did not happen: {missing}"] if missing else []
