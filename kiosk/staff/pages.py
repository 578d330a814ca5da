"""Each of the staff's pages in one language, from what is known and what was touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from config.catalogue import Catalogue
from config.texts import Texts
from drivers import bench
from drivers.client import RoleStatus
from kiosk.staff import handover
from kiosk.staff.board import Board, Known, icon, unit_label
from kiosk.staff.care_pages import CarePages
from kiosk.staff.exchange_pages import ExchangePages
from kiosk.staff.guides import GUIDES
from kiosk.staff.loading import Loading
from kiosk.staff.settlement_pages import ROLE as CARDS
from kiosk.staff.settlement_pages import SettlementPages
from kiosk.staff.views import (
    GuideView,
    HandoverView,
    Key,
    LoadView,
    SignInView,
    StaffView,
    Trial,
    TrialsView,
    WhyView,
)

WITH_LAST_KEY = {
    "invoices": ("load", "bench.key.load", "box"),
    "bins": ("emptied", "bench.key.emptied", "check"),
    "tamper": ("pause", "bench.key.pause", "pause"),
}
"""Guides whose last step is done on another page."""


@dataclass(frozen=True, slots=True)
class Guiding:
    """Which guide is open, for which device, at which step (from 0)."""

    name: str = ""
    role: str = ""
    at: int = 0

    def turn(self, by: int) -> Guiding:
        """One step on or back, within the guide."""
        last = len(GUIDES[self.name].pictures) - 1 if self.name in GUIDES else 0
        return replace(self, at=min(max(self.at + by, 0), last))


class StaffPages:
    """Writes pages; asks nobody anything."""

    def __init__(self, texts: Texts, catalogue: Catalogue) -> None:
        self.texts = texts
        self._t: Callable[..., str] = texts.get
        self.board = Board(texts, catalogue)
        self.exchange = ExchangePages(texts.get, self.trouble)
        self.care = CarePages(texts.get, texts.lang, self.board.name)
        self.settlement = SettlementPages(texts.get, self.trouble)

    def sign_in(self, digits: int, *, locked: bool, nobody: bool) -> StaffView:
        """Who is it? ``nobody``: no code is set at this terminal."""
        lead = "bench.signIn.nobody" if nobody else "bench.signIn.lead"
        title = self._t("bench.signIn.title")
        return SignInView(title, self._t(lead), digits=digits, locked=locked or nobody)

    def overview(self, known: Known, paused: bool) -> StaffView:
        """Everything at a glance."""
        pause = self._key("resume", icon="check") if paused else self._key("pause", icon="pause")
        keys = (
            self._key("why", icon="warn"),
            self._key("load", icon="box"),
            self._key("trials", icon="wrench"),
            self._key("care", icon="clock"),
            self._key("handover", icon="list"),
            pause,
        )
        return replace(self.board.page(known, paused), title=self._t("bench.title"), keys=keys)

    def why(self, known: Known) -> StaffView:
        """Why the terminal is red, and what to bring."""
        reasons = self.board.reasons(known)
        lead = self._t("bench.why.lead" if reasons else "bench.why.none") + self.board.remain(known)
        return WhyView(self._t("bench.why.title"), lead, keys=(self._home(),), reasons=reasons)

    def guide(self, guiding: Guiding, status: RoleStatus) -> StaffView:
        """One step of mending."""
        name, role, at = guiding.name, guiding.role, guiding.at
        pictures = GUIDES[name].pictures
        keys = [self._home()]
        if at:
            keys.append(Key("turn", self._t("bench.key.back"), "back", "back"))
        keys += self._onward(guiding)
        return GuideView(
            self._t(f"bench.guide.{name}"),
            self._t("bench.guide.step", now=at + 1, of=len(pictures)) + self._brings(name, at),
            keys=tuple(keys),
            picture=pictures[at],
            text=self._t(f"bench.guide.{name}.{at + 1}"),
            at=at,
            of=len(pictures),
            state=self.board.tile(role, status) if role else None,
        )

    def trials(self, roles: Iterable[str], tried: Mapping[str, Trial]) -> StaffView:
        """Every device, tried or not yet."""
        trials = tuple(tried.get(role) or self.trial(role, "idle") for role in roles)
        keys = (self._home(), Key("trial", self._t("bench.key.tryAll"), icon="wrench"))
        return TrialsView(
            self._t("bench.trials.title"), self._t("bench.trials.lead"), keys=keys, trials=trials
        )

    def trial(self, role: str, state: str, checks: Iterable[bench.Check] = (), stands: str = "") -> Trial:
        """One device's row; ``stands`` is how the device is, in words."""
        lines = tuple(self._line(check, stands) for check in checks)
        key = Key("trial", self._t("bench.key.try"), role, "wrench")
        return Trial(role, self.board.name(role), icon(role), state, lines, key)

    def load(self, loading: Loading, units: Iterable[str]) -> StaffView:
        """Which invoices were put into which unit."""
        choices = tuple(
            Key("load", self._t("bench.supply.unit", unit=unit_label(unit)), unit, "issue") for unit in units
        )
        store = Key("store", self._t("bench.load.store"), icon="check", enabled=bool(loading.unit))
        lead = self._t("bench.load.lead" if choices else "bench.load.none")
        return LoadView(
            self._t("bench.load.title"),
            lead,
            keys=(self._home(), store),
            units=choices,
            unit=loading.unit,
            entries=loading.rows(self._t),
        )

    def handover(self, known: Known, staff: str, paused: bool) -> StaffView:
        """What the next person must know."""
        lines = handover.lines(self._t, self.board, known, staff, paused)
        keys = [
            self._home(),
            Key("print", self._t("bench.handover.print"), icon="slip"),
            Key("exchange", self._t("bench.exchange.title"), icon="box"),
        ]
        if any(held.count for held in known.bins.values()):
            keys.append(Key("guide", self._t("bench.guide.bins"), "bins:invoiceDispenser", "wrench"))
        if CARDS in known.statuses:
            keys.append(Key("settlement", self._t("bench.settle.title"), icon="pos"))
        return HandoverView(
            self._t("bench.handover.title"), self._t("bench.handover.lead"), keys=tuple(keys), lines=lines
        )

    def trouble(self, code: str) -> str:
        """A device's word for what went wrong, in the words of a person."""
        known = f"bench.code.{code}"
        return self._t(known) if known in self.texts.all() else self._t("bench.code.other", code=code)

    # --- pieces ----------------------------------------------------------------------------------------

    def _brings(self, name: str, at: int) -> str:
        """What the hands need, before they begin."""
        brings = GUIDES[name].brings
        return f"　{self._t(f'bench.bring.{brings}')}" if brings and not at else ""

    def _onward(self, guiding: Guiding) -> list[Key]:
        """The key that leads on: the next step, or what proves that it was mended."""
        guide = GUIDES[guiding.name]
        if guiding.at < len(guide.pictures) - 1:
            return [Key("turn", self._t("bench.key.next"), "next", "next")]
        if guiding.name in WITH_LAST_KEY:
            action, words, picture = WITH_LAST_KEY[guiding.name]
            return [Key(action, self._t(words), icon=picture)]
        if not guiding.role:
            return []
        if guide.resets:
            return [Key("reset", self._t("bench.key.reset"), guiding.role, "check")]
        return [Key("trial", self._t("bench.key.try"), guiding.role, "wrench")]

    def _line(self, check: bench.Check, stands: str) -> str:
        """What was tried and what came of it; a device's own data as it stands, its troubles in words."""
        detail = check.detail if check.ok else self.trouble(check.code)
        if check.name == bench.CONNECTED:
            detail = stands
        return self._t(
            "bench.check", name=self._t(f"bench.check.{check.name.replace(' ', '')}"), detail=detail
        )

    def _key(self, action: str, *, icon: str) -> Key:
        return Key(action, self._t(f"bench.key.{action}"), icon=icon)

    def _home(self) -> Key:
        return self._key("board", icon="home")
