"""The staff's first page and the page of reasons, computed from what is known at one moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from config.catalogue import Catalogue
from config.clock import CHINA
from config.texts import Texts
from drivers.client import RoleStatus
from drivers.client.facades import Bin
from kiosk.availability import NOT_HERE, stops_with_doors
from kiosk.flow.state import World
from kiosk.staff import faults
from kiosk.staff.faults import BAD, LOW, OK, UNKNOWN, Fault
from kiosk.staff.guides import GUIDES
from kiosk.staff.settlement_pages import ROLE as CARDS
from kiosk.staff.settlement_pages import settlement_word
from kiosk.staff.views import BoardView, Figure, Key, Reason, Supply, Tile, Todo

_ICONS: Final[Mapping[str, str]] = {
    "idReader": "id",
    "faceCamera": "camera",
    "barcodeReader": "qr",
    "documentPrinter": "printer",
    "receiptPrinter": "slip",
    "invoiceDispenser": "issue",
    "smartCardReader": "lock",
    "signaturePad": "edit",
    "pinPad": "lock",
    "paymentTerminal": "pos",
    "invoicePrinter": "printer",
    "auxiliaries": "box",
    "ups": "progress",
    "stampUnit": "cert",
    "watchdog": "shield",
    "documentScanner": "scan",
    "documentCamera": "camera",
    "mrzReader": "passport",
}
LEVELS: Final = {"full": 1.0, "low": 0.15, "out": 0.0, "jammed": 0.0}
"""How much a bar shows when a device knows a word and no count."""
LOW_SHARE: Final = 0.15
STOPS_ALL: Final = ("power", "storage")
"""Why the terminal offers nothing at all; that staff have closed it themselves is no fault."""
TILES: Final = 9
"""As many devices as the page has room for."""
_TONES: Final = {"full": OK, "low": LOW, "out": BAD, "jammed": BAD}
AT_SETTLEMENT: Final = ("batchClosed", "unresolvedPayment")
"""Faults of the card terminal that are mended at the page of its settlements."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that the pages are made of."""

    statuses: Mapping[str, RoleStatus]
    units: Mapping[str, Mapping[str, Any]]
    world: World
    queue: Mapping[str, Any]
    today: Mapping[str, int]
    now: datetime
    since: Mapping[str, datetime] = field(default_factory=dict)
    due: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bins: Mapping[str, Bin] = field(default_factory=dict)


class Board:
    """Writes the pages in one language; asks nobody anything."""

    def __init__(self, texts: Texts, catalogue: Catalogue) -> None:
        self._t: Callable[..., str] = texts.get
        self._all = texts.all()
        self._lang = texts.lang
        self._catalogue = catalogue

    def page(self, known: Known, paused: bool) -> BoardView:
        """Everything at a glance."""
        return BoardView(
            todo=self._todo(known, paused),
            tiles=self._tiles(known),
            supplies=self._supplies(known),
            figures=self._figures(known),
            paused=paused,
        )

    def reasons(self, known: Known) -> tuple[Reason, ...]:
        """Why the terminal is not green, the worst first; empty when it is."""
        found = [self._reason(role, fault, known) for role, fault in _faults(known)]
        found += self._stock_reasons(known) + self._bin_reasons(known) + self._surroundings(known)
        found += self._settlement(known) + self._care(known)
        return tuple(sorted(found, key=lambda reason: faults.ORDER.index(reason.tone)))

    def tile(self, role: str, status: RoleStatus) -> Tile:
        """One device."""
        fault = faults.fault(role, status.device, status.details)
        words = self._t(f"bench.fault.{fault.word}")
        return Tile(role, self.name(role), icon(role), fault.tone, words)

    def _tiles(self, known: Known) -> tuple[Tile, ...]:
        """Every device where it always stands; when they are too many, those that are well are told as one."""
        tiles = [self.tile(role, status) for role, status in known.statuses.items()]
        if len(tiles) <= TILES:
            return tuple(tiles)
        shown = sorted(tiles, key=lambda tile: faults.ORDER.index(tile.tone))[: TILES - 1]
        rest = len(tiles) - len(shown)
        more = Tile("", self._t("bench.more", n=rest), "more", OK, self._t("bench.fault.none"))
        return (*(tile for tile in tiles if tile in shown), more)

    def name(self, role: str) -> str:
        """What a person calls the device."""
        known = f"bench.device.{role}"
        return self._t(known) if known in self._all else role

    # --- what to do first ------------------------------------------------------------------------------

    def _todo(self, known: Known, paused: bool) -> Todo | None:
        reasons = self.reasons(known)
        if reasons:
            first = reasons[0]
            text = "".join(part for part in (first.since, first.services) if part)
            more = self._t("bench.todo.more", n=len(reasons) - 1) if len(reasons) > 1 else ""
            return Todo(self._t("bench.todo.first", what=first.title), text + more, first.tone, first.key)
        if paused:
            key = Key("resume", self._t("bench.key.resume"), icon="check")
            return Todo(self._t("bench.todo.paused"), self._t("bench.todo.pausedText"), LOW, key)
        return Todo(self._t("bench.todo.none"), self._t("bench.todo.noneText"), OK)

    def remain(self, known: Known) -> str:
        """How many of the services that this terminal has are still offered; empty while all are."""
        here = [state for state in known.world.services.values() if state.reason != NOT_HERE]
        shut = known.world.out_of_service in STOPS_ALL
        still = 0 if shut else sum(state.usable for state in here)
        return self._t("bench.why.remain", n=still, of=len(here)) if still < len(here) else ""

    def _reason(self, role: str, fault: Fault, known: Known) -> Reason:
        since = known.since.get(role)
        guide = GUIDES.get(fault.guide)
        if guide:
            key = Key("guide", self._t(f"bench.guide.{fault.guide}"), f"{fault.guide}:{role}", "wrench")
        elif fault.word in AT_SETTLEMENT:
            key = self._settling()
        elif fault.word == "exchangeActive":  # entering what lies in a unit ends it
            key = Key("load", self._t("bench.key.load"), icon="box")
        else:
            key = Key("trial", self._t("bench.key.try"), role, "wrench")
        title = self._t("bench.reason", device=self.name(role), fault=self._t(f"bench.fault.{fault.word}"))
        return Reason(
            title,
            self._t("bench.since", time=since.astimezone(CHINA).strftime("%H:%M")) if since else "",
            fault.tone,
            self._out(_roles_out(role, fault), known.world),
            self._t(f"bench.bring.{guide.brings}") if guide and guide.brings else "",
            key,
        )

    def _out(self, reasons: Collection[str], world: World) -> str:
        """Which services are out, or poorer, for one of these reasons."""
        out = [s for s, state in world.services.items() if not state.usable and state.reason in reasons]
        if out:
            return self._t("bench.out", services=self._services(out))
        poorer = [s for s, state in world.services.items() if state.usable and state.degraded in reasons]
        return self._t("bench.poorer", services=self._services(poorer)) if poorer else ""

    def _services(self, services: Sequence[str]) -> str:
        titles = [self._catalogue[s].service.title for s in services]
        words = [title.get(self._lang) or title["zh-CN"] for title in titles]
        return self._t("bench.list.comma").join(words)

    def _stock_reasons(self, known: Known) -> list[Reason]:
        """Units that hold nothing or may not dispense."""
        found = []
        for name, unit in sorted(known.units.items()):
            if unit.get("status") not in (None, "ok"):
                # A unit that is not there has nothing to unlock: it is pushed in.
                unlock = Key("unlock", self._t("bench.key.unlock"), name, "lock")
                key = None if unit["status"] == "missing" else unlock
                title = self._t(f"bench.unit.{unit['status']}", unit=unit_label(name))
                found.append(Reason(title, "", BAD, self._out(("stock",), known.world), "", key))
            elif not unit.get("count"):
                key = Key("load", self._t("bench.key.load"), name, "box")
                bring = self._t("bench.bring.invoices")
                title = self._t("bench.unit.empty", unit=unit_label(name))
                found.append(Reason(title, "", LOW, self._out(("stock",), known.world), bring, key))
        return found

    def _bin_reasons(self, known: Known) -> list[Reason]:
        """Bins of which the machine says that they are full, or nearly."""
        found = []
        for name, held in sorted(known.bins.items()):
            if held.full or held.nearly_full:
                word = "full" if held.full else "soon"
                title = self._t(f"bench.bin.{word}", bin=self.bin_name(name), n=held.count)
                key = Key("guide", self._t("bench.guide.bins"), "bins:invoiceDispenser", "wrench")
                bring = self._t(f"bench.bring.{GUIDES['bins'].brings}")
                found.append(Reason(title, "", BAD if held.full else LOW, "", bring, key))
        return found

    def bin_name(self, name: str) -> str:
        """What a person calls a bin of the dispenser."""
        known = f"bench.bin.{name}"
        return self._t(known) if known in self._all else name

    def _surroundings(self, known: Known) -> list[Reason]:
        """What is wrong, but with no device."""
        found = []
        if not known.world.online:
            text = (self._out(("network",), known.world) + self._t("bench.network.check")).strip()
            found.append(Reason(self._t("bench.network.down"), "", BAD, text, ""))
        if known.queue.get("parked"):
            title = self._t("bench.parked", n=known.queue["parked"])
            found.append(Reason(title, "", BAD, self._t("bench.parked.text"), ""))
        if known.world.out_of_service == "storage":
            found.append(Reason(self._t("bench.storage"), "", BAD, self._t("bench.storage.text"), ""))
        return found

    def _settlement(self, known: Known) -> list[Reason]:
        """A batch of the card terminal that is not known to be settled well."""
        status = known.statuses.get(CARDS)
        word = settlement_word(status.details) if status else ""
        if word not in ("open", "notSettled", "differs"):
            return []
        title = self._t("bench.reason", device=self.name(CARDS), fault=self._t(f"bench.settle.stands.{word}"))
        return [Reason(title, "", LOW, "", "", self._settling())]

    def _settling(self) -> Key:
        return Key("settlement", self._t("bench.settle.title"), icon="pos")

    def _care(self, known: Known) -> list[Reason]:
        """What is to be changed or cleaned: told once, for all devices."""
        if not known.due:
            return []
        names = self._t("bench.list.comma").join(self.name(role) for role in known.due)
        key = Key("care", self._t("bench.key.care"), icon="wrench")
        return [Reason(self._t("bench.care.reason", devices=names), "", LOW, "", "", key)]

    # --- supplies and figures --------------------------------------------------------------------------

    def _supplies(self, known: Known) -> tuple[Supply, ...]:
        found = [
            *self._levels("documentPrinter", "a4", "paper", known),
            *self._levels("receiptPrinter", "roll", "slip", known),
        ]
        return tuple(found + [self._unit(name, unit) for name, unit in sorted(known.units.items())])

    def _levels(self, role: str, name: str, icon: str, known: Known) -> list[Supply]:
        status = known.statuses.get(role)
        printer = status.details.get("printer") if status else None
        if status is None or status.device == UNKNOWN or not isinstance(printer, Mapping):
            return [self._word(name, icon, "unknown")]
        paper = printer.get("paper")
        level = str(paper.get("upper", "unknown")) if isinstance(paper, Mapping) else "unknown"
        found = [self._word(name, icon, level)]
        toner = printer.get("toner")
        return [*found, self._word("toner", "printer", str(toner))] if toner else found

    def _word(self, name: str, icon: str, level: str) -> Supply:
        text = self._t(f"bench.level.{level if level in LEVELS else 'unknown'}")
        tone = _TONES.get(level, UNKNOWN)
        return Supply(name, self._t(f"bench.supply.{name}"), icon, tone, LEVELS.get(level, -1.0), "", text)

    def _unit(self, name: str, unit: Mapping[str, Any]) -> Supply:
        count, loaded = int(unit.get("count") or 0), int(unit.get("loaded") or 0)
        share = count / loaded if loaded else 0.0
        tone = BAD if unit.get("status") not in (None, "ok") else LOW if share <= LOW_SHARE else OK
        amount = (
            self._t("bench.amount.of", n=count, of=loaded) if loaded else self._t("bench.amount", n=count)
        )
        text = self._t("bench.unit.next", number=unit["next"]) if unit.get("next") and count else ""
        if not count:
            text = self._t("bench.level.out")
        if tone == BAD:
            text = self._t(f"bench.unit.{unit['status']}", unit=unit_label(name))
        return Supply(
            name, self._t("bench.supply.unit", unit=unit_label(name)), "issue", tone, share, amount, text
        )

    def _figures(self, known: Known) -> tuple[Figure, ...]:
        online = "bench.network.up" if known.world.online else "bench.network.down"
        audit = int(known.queue.get("audit_waiting") or 0)
        oldest = float(known.queue.get("oldest_s") or 0.0)
        age = self._t("bench.queue.oldest", time=_span(oldest)) if oldest >= 60 else ""
        parked = self._t("bench.queue.parked", n=int(known.queue.get("parked") or 0))
        done = [self._t(f"bench.today.{name}", n=n) for name, n in sorted(known.today.items())]
        return (
            Figure(self._t("bench.network"), self._t(online), self._t("bench.audit", n=audit)),
            Figure(
                self._t("bench.queue"),
                self._t("bench.queue.n", n=int(known.queue.get("queue") or 0)),
                _side_by_side(parked, age),
            ),
            Figure(
                self._t("bench.today"),
                self._t("bench.today.n", n=sum(known.today.values())),
                _side_by_side(*done),
            ),
        )


def _roles_out(role: str, fault: Fault) -> tuple[str, ...]:
    """The roles that are closed by that fault: an open door closes whatever moves behind it."""
    return tuple(filter(stops_with_doors, _ICONS)) if fault.word == "doorOpen" else (role,)


def icon(role: str) -> str:
    """The device's picture of ``ui/icons``."""
    return _ICONS.get(role, "info")


def unit_label(unit: str) -> str:
    """``unit1`` is unit 1 to a person."""
    return unit.removeprefix("unit") or unit


def _faults(known: Known) -> list[tuple[str, Fault]]:
    """Every device that is not well, the worst first."""
    found = [(role, faults.fault(role, s.device, s.details)) for role, s in known.statuses.items()]
    ill = [(role, fault) for role, fault in found if fault.tone != OK]
    return sorted(ill, key=lambda pair: faults.ORDER.index(pair[1].tone))


def _side_by_side(*parts: str) -> str:
    """On one line, or each on a line of its own; none is broken in two."""
    return "  ".join(part.replace(" ", "\u00a0") for part in parts if part)


def _span(seconds: float) -> str:
    """Hours and minutes, as ``3:07``."""
    minutes = int(timedelta(seconds=seconds).total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"
