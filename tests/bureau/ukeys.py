"""The cast's tax UKeys in a centre of a test, and one in somebody's hand: the simulated cabinet's own application."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bureau.city import tax_devices
from bureau.city.cast import CHENXING, FIRMS, HEMU
from bureau.engine.rules import Rules
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from drivers.protocols.ber_tlv import Item, by_tag
from drivers.simulators.chip_tax import TaxApplication, TaxDevice
from kiosk.domain.tax.parameters import built_in
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

SERVICE = "invoice.device"
QIMING = next(firm.taxpayer for firm in FIRMS if "启明" in firm.name)
LIN, HE = subject("lin-tao", CHENXING, "L"), subject("he-mulan", HEMU, "L")
DONG = subject("dong-hao", QIMING, "T")
SEPTEMBER = "2026-09-01"
RULES = Rules(built_in())
REPORT, ORDER = bytes.fromhex("5C035FDF22"), bytes.fromhex("5C035FDF23")


def plant(centre: Centre) -> None:
    """Give the cast their devices, as the city is made with them."""
    with centre.database.write() as connection:
        vault = SealingVault(centre.container.keys.sealing)
        tax_devices.plant(connection, stores.SEED, stores.DAY, RULES, vault)


@dataclass
class Ukey:
    """A device in a hand, and what it says to a terminal."""

    inside: TaxApplication

    @classmethod
    def of(cls, centre: Centre, taxpayer: str, **changed: Any) -> Ukey:
        with centre.database.read() as connection:
            facts = tax_devices.of_cast(connection, stores.SEED, centre.clock.now().date())[taxpayer]
        return cls(TaxApplication(TaxDevice.model_validate({**facts, **changed})))

    @property
    def number(self) -> str:
        return self.inside.device.number

    def said(self, **changed: Any) -> dict[str, Any]:
        """What a terminal reads of it."""
        held = [] if self.inside.locked else sorted(self.inside.months)
        return {
            "device": self.number,
            "taxpayer": self.inside.device.taxpayer,
            "counter": self.inside.counter,
            "cleared": f"{self.inside.cleared}-01",
            "issues_until": self.inside.issues_until,
            "locked": self.inside.locked,
            "reports": [self._report(month) for month in held if month != self.inside.device.running],
            **changed,
        }

    def _report(self, month: str) -> dict[str, str]:
        wanted = REPORT + Item(b"\x80", bytes.fromhex(month.replace("-", ""))).encode()
        found = by_tag(by_tag(self.inside.get(wanted))[b"\x53"])
        text, mac = (base64.b64encode(found[tag]).decode() for tag in (b"\x90", b"\x8e"))
        return {"month": f"{month}-01", "text": text, "mac": mac}

    def obey(self, answer: dict[str, Any]) -> None:
        """Write the order of an answer into it; raises ``Refused`` of the chip."""
        text, mac = (base64.b64decode(answer[name]) for name in ("order", "mac"))
        content = Item(b"\x90", text).encode() + Item(b"\x8e", mac).encode()
        self.inside.put(ORDER + Item(b"\x53", content).encode())


def status(terminal: Terminal, ukey: Ukey, who: dict[str, Any] = LIN, **changed: Any) -> Any:
    """What the device is due for, told to the person."""
    return terminal.data("device.status", who, ukey.said(**changed), SERVICE)


def refusal(terminal: Terminal, ukey: Ukey, who: dict[str, Any] = LIN, **changed: Any) -> str:
    """Why they are not told."""
    return code_of(terminal.ask("device.status", who, ukey.said(**changed), SERVICE))


def do(terminal: Terminal, what: str, ukey: Ukey, who: dict[str, Any] = LIN, month: str = SEPTEMBER) -> Any:
    """``report`` or ``unlock``, with what the device says now."""
    return terminal.do(f"device.{what}", {"month": month, "said": ukey.said()}, who)


def code_of(answer: Any) -> str:
    """The code of a no, which says in both languages what is wrong and what to do."""
    assert answer.refusal is not None, getattr(answer, "result", answer)
    assert all(answer.refusal.text[lang] and answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return str(answer.refusal.code)


def orders(centre: Centre, ukey: Ukey) -> list[Any]:
    """Every order that was made for it."""
    with centre.database.read() as connection:
        t = tables.device_order
        return list(connection.execute(select(t).where(t.c.device == ukey.number).order_by(t.c.counter)))
