"""Walks refusals: one after the other at one terminal, on one stack for all of the same day, each with its verdict."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from kiosk.stack import Plan, Stack, StackError
from ui.bridge.start import keep_loaded
from ui.walk.album import Album
from ui.walk.folder import make_ready
from ui.walk.gather import gather
from ui.walk.index import write_index
from ui.walk.refused.books import accepted, books, changed
from ui.walk.refused.page import met
from ui.walk.refused.reason import Reason
from ui.walk.refused.table import REASONS
from ui.walk.settling import booked, settled_by_core
from ui.walk.since import mark
from ui.walk.terminal import Terminal
from ui.walk.touch import NotThere
from ui.walk.visit import PERSONAS, Verdict, judge, visit, wish_of
from ui.walk.walk import SPEED
from ui.walk.wish import Wish

Told = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True)
class Refusing:
    """Where the evidence goes, which refusals are walked, and how; ``as_of`` is the day of those that need none."""

    out: Path
    codes: tuple[str, ...]
    lang: str = "zh-CN"
    mode: str = "standard"
    orientation: str = "portrait"
    as_of: datetime | None = None
    seed: int = 7
    staff: bool = False


def walk_refused(asked: Refusing, told: Told = lambda _verdict: None) -> list[Verdict]:
    """Walk them; ``told`` hears of each. Leaves a folder a refusal and ``index.html``.

    Raises ``FolderInUse`` before anything is started when the folder is not a walk's.
    """
    make_ready(asked.out)
    found: list[Verdict] = []

    def heard(verdict: Verdict) -> None:
        found.append(verdict)
        told(verdict)

    by_day = sorted(asked.codes, key=lambda code: REASONS[code].as_of)
    for number, (day, codes) in enumerate(groupby(by_day, key=lambda code: REASONS[code].as_of)):
        moment = datetime.fromisoformat(day) if day else asked.as_of
        _day(asked, Plan(asked.out / "state" / str(number), moment, asked.seed), list(codes), heard)
    write_index(asked.out, found, lambda code: REASONS[code].how)
    return found


def _day(asked: Refusing, plan: Plan, codes: Sequence[str], told: Told) -> None:
    """Those of one day, on a stack of that day."""
    stack = Stack(replace(plan, orientation=asked.orientation, speed=SPEED))
    try:
        stack.prepare()
        stack.start()
        terminal = Terminal(stack)
        try:
            terminal.open()
            keep_loaded()
            for code in codes:
                told(_refused(terminal, asked, code, REASONS[code]))
        finally:
            terminal.close()
    finally:
        stack.stop()


def _refused(terminal: Terminal, asked: Refusing, code: str, reason: Reason) -> Verdict:
    """One refusal: what has to come before, the visit, and what was looked at from its first touch on."""
    stack, folder = terminal.stack, asked.out / code
    make_ready(folder)
    began, problems = time.monotonic(), list[str]()
    for number, service in enumerate(reason.after):
        before = folder / "before" / str(number)
        make_ready(before)
        _visit(terminal, _wish(stack, asked, reason, service), before, problems)
    since, held = mark(stack), books(stack)
    album: Album | None = None
    pages: list[Mapping[str, Any]] = []
    try:
        wish = _wish(stack, asked, reason, reason.service)
        wish = replace(wish, refused=code, **_wanted(wish, reason))
        if reason.prepared is not None:
            wish = reason.prepared(stack, wish)
            held = books(stack)
        album = _visit(terminal, wish, folder, problems, pages.append)
    except (NotThere, StackError) as lost:
        problems.append(f"the situation did not come about: {lost}")
    gather(stack, folder, since)
    problems += met(code, reason, asked.lang, pages)
    problems += changed(held, books(stack))
    problems += accepted(json.loads((folder / "bureau.json").read_text())["effect"])
    verdict = judge(folder, reason.service, album, time.monotonic() - began, problems, "refused")
    named = replace(verdict, service=code)
    named.write(folder)
    return named


def _visit(
    terminal: Terminal,
    wish: Wish,
    folder: Path,
    problems: list[str],
    refused: Callable[[Mapping[str, Any]], None] = lambda _page: None,
) -> Album:
    album = visit(terminal, wish, folder, problems, refused=refused)
    problems += settled_by_core(terminal.stack)
    problems += booked(terminal.stack)
    return album


def _wish(stack: Stack, asked: Refusing, reason: Reason, service: str) -> Wish:
    """The person of the reason, for one of the services that they come for."""
    wish = wish_of(stack, service, reason.persona or PERSONAS[reason.service])
    roles = wish.persona["roles"]
    firms = [role["taxpayer"] for role in roles if reason.firm and reason.firm in role["name"]]
    return replace(
        wish,
        taxpayer=firms[0] if firms else wish.taxpayer,
        lang=asked.lang,
        mode=asked.mode,
        face=not asked.staff,
    )


def _wanted(wish: Wish, reason: Reason) -> dict[str, Any]:
    """What the reason wants otherwise; its answers come on top of the usual ones."""
    wanted = dict(reason.wishes)
    if "answers" in wanted:
        wanted["answers"] = {**wish.answers, **wanted["answers"]}  # type: ignore[dict-item]
    return wanted
