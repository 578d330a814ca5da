"""The pages of an exchange in one language: the forms of loading, handover and signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from config.clock import CHINA
from kiosk.staff.board import Known, unit_label
from kiosk.staff.exchange import A4
from kiosk.staff.exchanging import State
from kiosk.staff.handover import Lines
from kiosk.staff.views import HandoverView, Key, LoadView, SignInView, StaffView
from sync.models import TakenRange
from sync.stock_note import NoteItem, Span, StockNote


class ExchangePages:
    """Writes the page of each step; asks nobody anything."""

    def __init__(self, t: Callable[..., str], trouble: Callable[[str], str]) -> None:
        self._t, self._trouble = t, trouble

    def page(self, state: State, known: Known, digits: int, *, paper: bool) -> StaffView:
        """The page of the step; ``paper``: one was made here and can be printed again."""
        match state.step:
            case "count":
                return self._count(state)
            case "check":
                return self._check(state)
            case "witness":
                title = self._t("bench.exchange.witness")
                return SignInView(
                    title, self._t("bench.exchange.witnessLead"), keys=(self._home(),), digits=digits
                )
            case "done":
                return self._done(state)
            case _:
                return self._start(state, known, paper=paper)

    def slip(self, note: StockNote, text: str) -> Sequence[Mapping[str, Any]]:
        """The paper that goes with the stock, as blocks of a receipt."""
        t = self._t
        rows = [{"type": "row", "label": label, "value": value} for label, value in self.note_lines(note)]
        return (
            {"type": "title", "text": t("bench.exchange.paper")},
            {"type": "text", "text": note.terminal, "align": "center"},
            {"type": "rule"},
            *rows,
            {"type": "rule"},
            {"type": "qr", "data": text},
            {"type": "text", "text": t("bench.exchange.paperLead"), "align": "center"},
            {"type": "row", "label": note.operator, "value": "____________"},
            {"type": "row", "label": note.witness, "value": "____________"},
        )

    def note_lines(self, note: StockNote) -> Lines:
        """Label and value of each line of a paper."""
        t = self._t
        return (
            (t("bench.handover.time"), note.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")),
            (t("bench.exchange.where"), t(f"bench.exchange.{note.fate}")),
            *(line for item in note.items for line in self._item(item)),
            (t("bench.exchange.sheets"), str(note.sheets)),
            (t("bench.exchange.number"), note.id),
        )

    def _start(self, state: State, known: Known, *, paper: bool) -> StaffView:
        t = self._t
        scanning = state.step == "scan"
        waits = int(known.queue.get("queue") or 0) + int(known.queue.get("audit_waiting") or 0)
        keys = [
            self._home(),
            Key("exchange", t("bench.exchange.out"), "out", "box", enabled=not scanning),
            Key("exchange", t("bench.exchange.in"), "in", "qr", enabled=not scanning),
        ]
        if paper:
            keys.append(Key("exchange", t("bench.exchange.again"), "print", "slip", enabled=not scanning))
        lines = (
            (t("bench.exchange.out"), t("bench.exchange.outText")),
            (t("bench.exchange.in"), t("bench.exchange.inText")),
            (
                t("bench.exchange.unsent"),
                t("bench.exchange.unsentText", n=waits) if waits else t("bench.exchange.sent"),
            ),
        )
        lead = t("bench.exchange.scan" if scanning else "bench.exchange.lead")
        return HandoverView(t("bench.exchange.title"), lead, keys=tuple(keys), lines=lines)

    def _count(self, state: State) -> StaffView:
        count = state.count
        tabs = tuple(
            Key("exchange", self._tab(tab), f"tab:{tab}", "printer" if tab == A4 else "issue")
            for tab in count.tabs
        )
        title = self._t(f"bench.exchange.{state.way}")
        lead = self._t(f"bench.exchange.count.{state.way}")
        keys = (self._home(), Key("exchange", self._t("bench.exchange.compare"), "check", "check"))
        return LoadView(
            title, lead, keys=keys, units=tabs, unit=f"tab:{count.tab}", entries=count.rows(self._t)
        )

    def _check(self, state: State) -> StaffView:
        t = self._t
        back = Key("exchange", t("bench.exchange.recount"), "recount", "back")
        if state.way == "out":
            lines = tuple(line for item in state.items for line in self._item(item))
            lines += ((t("bench.exchange.sheets"), str(state.count.sheets())),)
            hall = Key("exchange", t("bench.exchange.hall"), "hall", "shield")
            keys = [back, hall, Key("exchange", t("bench.exchange.move"), "move", "box")]
            differs = any(item.differs for item in state.items)
        else:
            lines, differs = self._taken(state), bool(state.taken and state.taken.short)
            keys = [back, Key("exchange", t("bench.exchange.takeUp"), "move", "check")]
        lead = t("bench.exchange.differs" if differs else "bench.exchange.agrees")
        return HandoverView(t("bench.exchange.check"), lead, keys=tuple(keys), lines=lines)

    def _done(self, state: State) -> StaffView:
        t, keys = self._t, [self._home()]
        if state.way == "out" and state.note is not None:
            keys.append(Key("exchange", t("bench.exchange.again"), "print", "slip"))
            lead = t("bench.exchange.outDone." + state.fate)
            return HandoverView(
                t("bench.exchange.paper"), lead, keys=tuple(keys), lines=self.note_lines(state.note)
            )
        refused = state.refused or {}
        lines = self._taken(state, refused)
        if refused:
            keys.append(Key("exchange", t("bench.exchange.in"), "in", "qr"))
        lead = t("bench.exchange.inPart" if refused else "bench.exchange.inDone")
        return HandoverView(t("bench.exchange.in"), lead, keys=tuple(keys), lines=lines)

    def _taken(self, state: State, refused: Mapping[str, str] | None = None) -> Lines:
        """Unit by unit: what lies in it now, or why it was refused, then what is missing of it."""
        refused = refused or {}
        taken, short = (state.taken.taken, state.taken.short) if state.taken is not None else ((), ())
        lines = [(unit, 0, self._tab(unit), self._trouble(code)) for unit, code in refused.items()]
        lines += [
            (one.unit, 0, self._tab(one.unit), self._range(one)) for one in taken if one.unit not in refused
        ]
        lines += [(one.unit, 1, self._t("bench.exchange.missing"), self._range(one)) for one in short]
        return tuple((label, value) for _, _, label, value in sorted(lines, key=lambda line: line[:2]))

    def _item(self, item: NoteItem) -> Lines:
        lines = [(self._tab(item.unit), self._span(item.code, item.found))]
        if item.differs:
            lines.append((self._t("bench.exchange.book"), self._span(item.code, item.expected)))
        return tuple(lines)

    def _range(self, one: TakenRange) -> str:
        return self._span(one.code, (int(one.first), int(one.last)))

    def _span(self, code: str, span: Span | None) -> str:
        if span is None:
            return self._t("bench.handover.none")
        first, last = span
        return self._t(
            "bench.handover.range", code=code, first=f"{first:08d}", last=f"{last:08d}", n=last - first + 1
        )

    def _tab(self, tab: str) -> str:
        return "A4" if tab == A4 else self._t("bench.supply.unit", unit=unit_label(tab))

    def _home(self) -> Key:
        return Key("board", self._t("bench.key.board"), icon="home")
