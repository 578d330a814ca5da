"""One terminal of a tour, in a process of its own: visits as they are asked for, a line of JSON in and out each.

    python -m ui.walk.lane     asked: {"service": …, "folder": …, "lang": …, "mode": …}; told: the verdict

The stack's programs run already; the first line names its plan.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.stack import Plan, Stack
from ui.bridge.start import keep_loaded
from ui.walk.folder import make_ready
from ui.walk.gather import gather
from ui.walk.settling import booked, carried, settled_by_core
from ui.walk.since import mark
from ui.walk.terminal import Terminal
from ui.walk.visit import Verdict, judge, visit, wish_of


def plan_of(told: dict[str, Any]) -> Plan:
    """A plan that came as a line."""
    as_of = datetime.fromisoformat(told["as_of"]) if told["as_of"] else None
    centre = Path(told["centre"]) if told["centre"] else None
    return Plan(**{**told, "root": Path(told["root"]), "as_of": as_of, "centre": centre})


def told_of(plan: Plan) -> dict[str, Any]:
    """A plan as a line."""
    as_of = plan.as_of.isoformat() if plan.as_of else None
    return {**asdict(plan), "root": str(plan.root), "as_of": as_of, "centre": str(plan.centre or "")}


def one(terminal: Terminal, asked: dict[str, Any]) -> Verdict:
    """One visit of a row of them, judged by what happened since the one before."""
    stack, folder = terminal.stack, Path(asked["folder"])
    make_ready(folder)
    since, began = mark(stack), time.monotonic()
    wish = replace(
        wish_of(stack, asked["service"]), lang=asked["lang"], mode=asked["mode"], face=not asked["staff"]
    )
    problems: list[str] = []
    album = visit(terminal, wish, folder, problems)
    problems += settled_by_core(stack)
    problems += booked(stack)
    problems += carried(stack)
    gather(stack, folder, since)
    return judge(folder, asked["service"], album, time.monotonic() - began, problems)


def main() -> None:
    """Serve until the input ends."""
    stack = Stack(plan_of(json.loads(sys.stdin.readline())))
    stack.prepare()
    terminal = Terminal(stack)
    try:
        terminal.open()
        keep_loaded()
        for line in sys.stdin:
            print(json.dumps(asdict(one(terminal, json.loads(line))), ensure_ascii=False), flush=True)
    finally:
        terminal.close()


if __name__ == "__main__":
    main()
