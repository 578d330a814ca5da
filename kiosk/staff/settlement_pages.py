"""The page of the card terminal's settlements, and of payments that nobody knows the end of, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from config.clock import CHINA
from drivers.payment import ClosingReason, SettlementState
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.staff.faults import BAD, LOW, OK, UNKNOWN
from kiosk.staff.views import BatchCard, Key, SettlementView, SumRow

KINDS: Final = ("sale", "void", "refund")
ROLE: Final = "paymentTerminal"
CHARGED, NOT_CHARGED = "charged", "notCharged"


@dataclass(frozen=True, slots=True)
class Stand:
    """What terminal and book told when they were asked last; ``trouble`` is why the terminal could not be asked.

    ``last`` is ``GetLastSettlement`` and ``totals`` is ``GetTotals``; ``closed``: no batch is open; ``doubts`` are the
    payments of ``GetUnresolved``.
    """

    last: Mapping[str, Any] = field(default_factory=lambda: {"known": False})
    totals: Mapping[str, Any] | None = None
    trouble: str = ""
    closed: bool = False
    doubts: Sequence[Mapping[str, Any]] = ()


class SettlementPages:
    """Writes the page; asks nobody anything. ``trouble`` puts a device's code into words."""

    def __init__(self, t: Callable[..., str], trouble: Callable[[str], str]) -> None:
        self._t, self._trouble = t, trouble

    def page(self, stand: Stand | None, asked: str) -> SettlementView:
        """``asked`` is the touch that waits for its second one; ``stand`` None while the terminal is being asked."""
        t = self._t
        home = Key("board", t("bench.key.board"), icon="home")
        columns = ("", t("bench.settle.terminal"), t("bench.settle.book"))
        view = SettlementView(t("bench.settle.title"), t("bench.settle.lead"), keys=(home,), columns=columns)
        if stand is None:
            return view
        last = stand.last
        unresolved = last.get("unresolved") or []
        cards = [self._doubt(one, asked) for one in stand.doubts]
        cards += [self._unresolved(one, asked) for one in unresolved]
        if last.get("key") not in [one["key"] for one in unresolved]:
            cards.append(self._last(last))
        return replace(view, batches=(*cards, self._now(stand, asked)))

    # --- cards -----------------------------------------------------------------------------------------

    def _doubt(self, one: Mapping[str, Any], asked: str) -> BatchCard:
        """A payment: asked again, or entered by what the acquirer's statement says, where no terminal can tell."""
        t, key = self._t, one["key"]
        amount = format_yuan(Fen(one["amount"]))
        state = t("bench.settle.doubt.state", kind=t(f"bench.settle.{one['operation']}"), amount=amount)
        facts = [t("bench.settle.doubt.order", order=one["reference"]), *self._from(one)]
        card = BatchCard(
            t("bench.settle.doubt"),
            LOW,
            state,
            t("bench.settle.doubt.wait"),
            t("bench.care.join").join(facts),
        )
        if asked != f"resolve:{key}":
            ask = Key("settle", t("bench.settle.key.again"), f"query:{key}", "progress")
            enter = Key("settle", t("bench.settle.key.resolve"), f"resolve:{key}", "edit")
            return replace(card, keys=(ask, enter))
        said = tuple(
            Key("settle", t(f"bench.settle.key.{word}"), f"{word}:{key}", icon)
            for word, icon in ((CHARGED, "check"), (NOT_CHARGED, "minus"))
        )
        return replace(card, note=t("bench.settle.doubt.sure"), keys=(*said, self._not()))

    def _unresolved(self, one: Mapping[str, Any], asked: str) -> BatchCard:
        t, key = self._t, one["key"]
        card = self._card("unresolved", LOW, t("bench.settle.stands.open"), t("bench.settle.open"), one)
        if asked != f"close:{key}":
            return replace(
                card,
                keys=(
                    Key("settle", t("bench.settle.key.again"), f"again:{key}", "progress"),
                    Key("settle", t("bench.settle.key.close"), f"close:{key}", "x"),
                ),
            )
        reasons = tuple(
            Key("settle", t(f"bench.settle.key.{reason}"), f"{reason}:{key}", "check")
            for reason in ClosingReason
        )
        return replace(card, note=t("bench.settle.closing"), keys=(*reasons, self._not()))

    def _last(self, last: Mapping[str, Any]) -> BatchCard:
        t = self._t
        match last.get("state"):
            case None:
                return BatchCard(t("bench.settle.last"), UNKNOWN, t("bench.settle.never"))
            case SettlementState.NOT_SETTLED:
                why = self._trouble(str(last.get("errorCode", "")))
                return self._card(
                    "last", LOW, t("bench.settle.failed", why=why), t("bench.settle.retry"), last
                )
            case SettlementState.CLOSED_BY_STAFF:
                said = t(f"bench.settle.reason.{last.get('reason')}", by=last.get("by", ""))
                return self._card("last", LOW, said, t("bench.settle.statement"), last)
        if not last.get("balanced"):
            return self._card("last", BAD, t("bench.settle.unbalanced"), t("bench.settle.compare"), last)
        if not last.get("agrees"):
            return self._card("last", BAD, t("bench.settle.differs"), t("bench.settle.compare"), last)
        return self._card("last", OK, t("bench.settle.agreed"), "", last)

    def _now(self, stand: Stand, asked: str) -> BatchCard:
        """The batch that is open, with the key that closes it: the second touch comes where the first was not."""
        t = self._t
        if stand.totals is None:
            away = t("bench.settle.away", why=self._trouble(stand.trouble))
            return BatchCard(t("bench.settle.now"), UNKNOWN, away)
        card = self._card("now", OK, t("bench.settle.ready"), "", stand.totals)
        if stand.closed:
            start = Key("settle", t("bench.settle.key.start"), "start", "next")
            return replace(card, tone=LOW, state=t("bench.settle.closed"), rows=(), keys=(start,))
        if asked != "ask":
            return replace(card, keys=(Key("settle", t("bench.settle.key.ask"), "ask", "pos"),))
        sure = Key("settle", t("bench.settle.key.sure"), "sure", "check")
        return replace(
            card,
            tone=LOW,
            state=t("bench.settle.asked"),
            note=t("bench.settle.final"),
            keys=(sure, self._not()),
        )

    def _not(self) -> Key:
        return Key("settle", self._t("bench.settle.key.not"), "not", "x")

    # --- pieces ----------------------------------------------------------------------------------------

    def _card(self, title: str, tone: str, state: str, note: str, told: Mapping[str, Any]) -> BatchCard:
        return BatchCard(
            self._t(f"bench.settle.{title}"), tone, state, note, self._facts(told), self._rows(told)
        )

    def _facts(self, told: Mapping[str, Any]) -> str:
        batch = self._t("bench.settle.batch", batch=told.get("batch", ""))
        return self._t("bench.care.join").join([batch, *self._from(told)])

    def _from(self, told: Mapping[str, Any]) -> list[str]:
        """The terminal that it was given to, and when."""
        serial, at = told.get("serial"), told.get("begunAt")
        parts = [self._t("bench.settle.serial", serial=serial)] if serial else []
        return [*parts, f"{datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"] if at else parts

    def _rows(self, told: Mapping[str, Any]) -> tuple[SumRow, ...]:
        sides = [told.get("terminal"), told.get("book")]
        rows = []
        for kind in KINDS:
            terminal, book = (self._sum(side, kind) for side in sides)
            tone = BAD if all(sides) and terminal != book else OK
            rows.append(SumRow(self._t(f"bench.settle.{kind}"), terminal, book, tone))
        return tuple(rows)

    def _sum(self, side: Mapping[str, int] | None, kind: str) -> str:
        if side is None:
            return self._t("bench.settle.unknown")
        amount = format_yuan(Fen(side[f"{kind}Amount"]))
        return self._t("bench.settle.sum", n=side[f"{kind}Count"], amount=amount)


def settlement_word(details: Mapping[str, Any]) -> str:
    """``settled``, ``differs``, ``open``, ``notSettled`` or ``closedByStaff``; empty before the first one."""
    told = details.get(ROLE)
    if not isinstance(told, Mapping):
        return ""
    state = str(told.get("settlement", ""))
    if state == SettlementState.SETTLED and told.get("settlementAgrees") is False:
        return "differs"
    return state if state in [*SettlementState] else ""
