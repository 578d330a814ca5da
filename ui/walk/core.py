"""Another core system behind the walk's centre: started, or only named; asked over its documented wire alone."""

from __future__ import annotations

import json
import os
import select
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bureau.adapters.http_core import HttpSystem, Link
from bureau.city.cast import PERSONAS
from bureau.errors import CoreUnavailable
from bureau.ports.einvoices import IssuedInvoice
from bureau.ports.registration import PersonKey
from config.clock import SystemClock
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.stack import Blanks, Plan, Stack, StackError
from ui.walk.told import told
from ui.walk.touch import NotThere

ANSWERS_WITHIN_S = 30.0
MESSAGES = "WALK_MESSAGES"
"""The variable that names the file in which visitors read what comes to their phones."""
BROUGHT_WITHIN, MOST = timedelta(days=60), 60
"""How old an invoice may be that a visitor brings, and among how many it is looked for."""
UNIT = "unit1"
"""The dispenser's unit that a walk loads."""


class AnotherCore:
    """One core for one walk. ``named`` is the address of one that runs, or the command line of one to be started.

    A command says where it listens by one line of JSON, ``{"url": …}``, the first that it writes. What it sends
    to phones it may write to the file that ``MESSAGES`` names, a line of JSON each, ``{"mobile": …, "text": …}``.
    """

    def __init__(self, named: str, log: Path) -> None:
        """Raises ``StackError`` when the command cannot be run or does not say where it listens."""
        self._process: subprocess.Popen[bytes] | None = None
        self._messages = log.with_name("messages.jsonl")
        self.url = named if named.startswith(("http://", "https://")) else self._start(named, log)
        self._link = Link(self.url, ANSWERS_WITHIN_S)
        self._at(timedelta())

    def _start(self, command: str, log: Path) -> str:
        try:
            with log.open("ab") as errors:
                self._process = subprocess.Popen(
                    shlex.split(command),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env={**os.environ, MESSAGES: str(self._messages.resolve())},
                )
        except (OSError, ValueError) as error:
            raise StackError(f"the core cannot be started: {error}") from error
        said = self._process.stdout
        assert said is not None
        line = said.readline() if select.select([said], [], [], ANSWERS_WITHIN_S)[0] else b""
        try:
            return str(json.loads(line)["url"])
        except (ValueError, KeyError, TypeError) as error:
            self.close()
            raise StackError(f'the core did not say {{"url": …}} in its first line; see {log}') from error

    def _at(self, offset: timedelta) -> None:
        """Ask at this business time; who only asks needs to know no hall and no place."""
        self._clock = SystemClock(offset)
        self._system = HttpSystem(self._link, self._clock, lambda _: "", lambda _: {})

    def plan(self, plan: Plan) -> Plan:
        """The plan, with the sheets that the core's ledger has in front of this terminal's unit; none: no sheets."""
        try:
            with self._system.read() as work:
                slot = work.core.invoices.slot(plan.terminal, UNIT)
        except CoreUnavailable as error:
            raise StackError(str(error)) from error
        if slot is None or not (slot.code and slot.kind and slot.next_number):
            return replace(plan, sheets=0)
        return replace(plan, sheets=slot.on_hand, blanks=Blanks(UNIT, slot.code, slot.kind, slot.next_number))

    def stand_behind(self, stack: Stack) -> None:
        """The stack's centre is started over this core, which is asked at the stack's business time from now on."""
        stack.extra_env["bureau"] = {
            "BUREAU_CORE__URL": self.url,
            "BUREAU_CORE__TIMEOUT_S": str(ANSWERS_WITHIN_S),
        }
        self._at(timedelta(seconds=stack.offset_s))

    def comes(self, wanted: str, firm: str) -> tuple[str, str]:
        """Who comes, and for which enterprise: ``wanted``, else the first of the cast whom the core has on file.

        ``firm`` empty: the first in which the person has a role; none: in their own name.
        """
        with self._system.read() as work:
            for one in PERSONAS:
                key = PersonKey(one.kind, one.number)
                if wanted not in ("", one.id) or work.core.registration.person(key) is None:
                    continue
                roles = work.core.registration.roles(key, self._clock.now().date())
                return one.id, firm or (roles[0].taxpayer.taxpayer if roles else "")
        raise NotThere(f"the core has no {wanted or 'person of the cast'} on file")

    def messages_to(self, mobile: str) -> list[str]:
        """What it sent to a phone, the latest last; nothing of a core that only is named."""
        if not self._messages.exists():
            return []
        sent = [json.loads(line) for line in self._messages.read_text(encoding="utf-8").splitlines()]
        return [str(one["text"]) for one in sent if one["mobile"] == mobile]

    def invoice(self, taxpayer: str) -> IssuedInvoice:
        """The last that the enterprise issued to somebody who is no enterprise, as a visitor brings it."""
        day = self._clock.now().date()
        with self._system.read() as work:
            issued = work.core.einvoices.issued(taxpayer, day - BROUGHT_WITHIN, day, MOST)
        for one in issued:
            if (one.code, one.kind, one.buyer_number, one.state) == ("", "ordinary", "", "valid"):
                return one
        raise NotThere(f"the core has no invoice of {taxpayer} to somebody who is no enterprise")

    def invoiced(self, taxpayer: str) -> str:
        """What the enterprise issued ordinary invoices for in the last quarter that is over, in yuan."""
        day = self._clock.now().date()
        last = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
        with self._system.read() as work:
            sales = work.core.returns.sales(taxpayer, last.replace(month=last.month - 2, day=1), last)
        return format_yuan(Fen(sales.ordinary_fen)).replace(",", "").removesuffix(".00")

    def tables(self, journal: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        """What it holds of the visits of this journal, in the shape of the reference engine's tables."""
        with self._system.read() as work:
            return told(work, journal)

    def booked(self, orders: Iterable[str]) -> set[str]:
        """Those of the orders that it has booked."""
        with self._system.read() as work:
            found = {order: work.core.payments.order(order) for order in orders}
        return {order for order, known in found.items() if known is not None and known.voucher}

    def close(self) -> None:
        """End what was started here."""
        if hasattr(self, "_link"):
            self._link.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
