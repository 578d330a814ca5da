"""What every step kind is made of: a context to look at, a move to answer with, and a registry by kind."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypedDict, TypeVar, runtime_checkable

from config.catalogue import Published
from config.catalogue.models import BaseStep, Format, Service, Value
from config.clock import CHINA
from config.faults import load_faults
from kiosk.domain.formatting import format_value
from kiosk.domain.ids import Fen
from kiosk.domain.money import capital
from kiosk.domain.paths import look
from kiosk.domain.people import is_household
from kiosk.flow.effects import Effect
from kiosk.flow.events import Intent, Outcome
from kiosk.flow.frame_words import ukey_inside
from kiosk.flow.pages import Page
from kiosk.flow.state import After, FlowState, Message, Person, Phone
from kiosk.flow.talk import Talk

S = TypeVar("S", bound=BaseStep)
ALONE = "alone"
"""In what a step leaves: nobody saw it, for there was nothing to choose; the way back leads past it."""
AREAS: Mapping[str, str] = {
    "identify.fault": "idReader",
    "passport.fault": "mrzReader",
    "face": "faceCamera",
    "scan.fault": "barcodeReader",
    "pages.camera": "documentCamera",
    "pages.scanner": "documentScanner",
    "sign.fault": "signaturePad",
    "ukey.fault": "smartCardReader",
    "printer": "documentPrinter",
    "dispense.cause": "invoiceDispenser",
    "pay.why": "paymentTerminal",
}
"""Whose codes the texts of an area put into words."""


class Words(Protocol):
    """The texts of one language (``config.texts``)."""

    def get(self, text_id: str, **values: object) -> str:
        """The text with its values filled in."""
        ...

    def all(self) -> Mapping[str, str]:
        """Every text there is."""
        ...


@dataclass(frozen=True, slots=True)
class IdleTimes:
    """Seconds without a touch until the person is asked, by what is on the screen; and how long it is asked."""

    public: int = 60
    form: int = 120
    payment: int = 180
    elder: int = 180
    warning: int = 30
    elder_warning: int = 45


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the pure core may look at besides its state: texts, business time, and facts of this terminal."""

    words: Mapping[str, Words]
    now: Callable[[], datetime]
    mint: Callable[[], str]
    public_url: str
    terminal: str
    hall: Mapping[str, str]
    bureau: Mapping[str, str]
    city_rate: str
    idle: IdleTimes
    offline_max_fen: int


class Titles(TypedDict):
    """The words every page has."""

    title: str
    lead: str
    action: str


class Owner(TypedDict, total=False):
    """For whom the person acts."""

    owner: str
    owner_tag: str


class Go(enum.Enum):
    """Where the flow goes after a move."""

    STAY = enum.auto()
    NEXT = enum.auto()
    BACK = enum.auto()
    HOME = enum.auto()
    PHONE = enum.auto()
    """To the step that hands the visit over to the person's own phone."""
    LEAVE = enum.auto()
    OPEN = enum.auto()
    """To another service, ``Move.opens``; of this one nothing is kept."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step's answer: its new local state, effects, where to go, and what it leaves (``answer``)."""

    local: object = None
    effects: tuple[Effect, ...] = ()
    go: Go = Go.STAY
    answer: Mapping[str, object] | None = None
    message: Message | None = None
    person: Person | None = None
    phone: Phone | None = None
    offline: bool | None = None
    done_once: frozenset[str] = frozenset()
    opens: str = ""
    talk: Talk | None = None
    hangs_up: bool = False  # nothing of the conversation stays; the centre is told that it is over
    lang: str = ""
    redraw: bool = False  # a new page within the step: late touches of the old one no longer count


@dataclass(frozen=True, slots=True)
class Ctx(Generic[S]):
    """One step within one flow: its model, the state, and helpers to read and write values."""

    step: S
    state: FlowState
    around: Surroundings
    extra: Mapping[str, object] = field(default_factory=dict)
    services: Mapping[str, Published] = field(default_factory=dict)
    """The catalogue, for a step that leads to another service."""

    @property
    def service(self) -> Service:
        """The service under way."""
        assert self.state.service is not None, "no service under way"
        return self.state.service.service

    def t(self, text_id: str, **values: object) -> str:
        """A text of the visitor's language."""
        return self.around.words[self.state.lang].get(text_id, **values)

    def told(self, area: str, code: str, otherwise: str) -> str:
        """The words for a code that a device or the centre gave.

        One without words of its own is told by whose hand is needed (``config.faults``), one that nobody has foreseen
        by ``otherwise``.
        """
        known = self.around.words[self.state.lang].all()
        if f"{area}.{code}" in known:
            return self.t(f"{area}.{code}")
        row = load_faults().row(AREAS[area], code) if area in AREAS else None
        return self.t(f"{area}.ask.{row.ask}") if row is not None else self.t(f"{area}.{otherwise}")

    def say(self, texts: Mapping[str, str]) -> str:
        """One of a service file's or the centre's texts in the visitor's language."""
        return texts.get(self.state.lang) or texts.get("zh-CN", "")

    def look(self, path: str) -> Any:
        """The value at ``path`` in the visit's data, or None."""
        return look(self.state.data, path)

    def show(self, value: Value) -> str:
        """The value written for the person."""
        until = self.look(value.until) if value.until else None
        return format_value(value.format, self.look(value.value), until, self.state.lang)

    def show_as(self, how: Format, raw: object, until: object = None) -> str:
        """A raw value written for the person."""
        return format_value(how, raw, until, self.state.lang)

    def in_capitals(self, fen: object) -> str:
        """An amount in the capitals that make it hard to change (大写金额), which Chinese alone has; else nothing."""
        return (
            f"人民币{capital(Fen(fen))}" if isinstance(fen, int) and self.state.lang.startswith("zh") else ""
        )

    def titles(self) -> Titles:
        """Title, lead and main-button words of the step's file; of what is kept, the moment instead of the lead."""
        kept = self.state.kept_at
        return {
            "title": self.say(self.step.title),
            "lead": self.t("kept.lead", moment=self.show_as(Format.MOMENT, kept))
            if kept
            else self.say(self.step.lead),
            "action": self.say(self.step.action),
        }

    def owner(self) -> Owner:
        """The enterprise acted for, shown above the title."""
        name = self.look("enterprise.name")
        if not name:
            return {}
        if self.look("enterprise.taxpayer") is None:
            return {"owner": str(name)}
        role = self.look("enterprise.role")
        tag = role_text(str(role), str(self.look("enterprise.taxpayer"))) if role else "role.claimed"
        return {"owner": str(name), "owner_tag": self.t(tag)}


def role_text(role: str, taxpayer: str) -> str:
    """The text of a role: a household has an operator (经营者) in place of a legal representative."""
    return "role.operator" if role == "L" and is_household(taxpayer) else f"role.{role}"


class StepKind(Protocol):
    """One class a step kind; stateless, so one instance serves all visits."""

    def enter(self, ctx: Ctx[Any]) -> Move:
        """Begin the step (also when coming back to it)."""
        ...

    def on_intent(self, ctx: Ctx[Any], intent: Intent) -> Move:
        """The person did something."""
        ...

    def on_outcome(self, ctx: Ctx[Any], outcome: Outcome) -> Move:
        """An effect of this step came to something."""
        ...

    def page(self, ctx: Ctx[Any]) -> Page:
        """What to show now."""
        ...


@runtime_checkable
class TurnsBack(Protocol):
    """A step kind with pages of its own: the way back leads through them first."""

    def back(self, ctx: Ctx[Any]) -> Move | None:
        """The move within the step or out of it; None: nothing to do before the step before."""
        ...


STEP_KINDS: dict[str, StepKind] = {}
"""Filled by the modules of this package; ``kiosk.steps`` imports them all."""


def step_kind(kind: str) -> Callable[[type[StepKind]], type[StepKind]]:
    """Register a class for the steps of ``kind``."""

    def register(cls: type[StepKind]) -> type[StepKind]:
        STEP_KINDS[kind] = cls()
        return cls

    return register


def refusal_message(ctx: Ctx[Any], refusal: Mapping[str, Any], after: After = After.HOME) -> Message:
    """The centre's no, in the person's language, with what to do next and by when."""
    facts: list[tuple[str, str]] = []
    if refusal.get("deadline"):
        over = date.fromisoformat(str(refusal["deadline"])) < ctx.around.now().astimezone(CHINA).date()
        facts.append(
            (ctx.t("message.was-by" if over else "message.by"), ctx.show_as(Format.DATE, refusal["deadline"]))
        )
    body = [ctx.say(refusal["text"])]
    if refusal.get("next_step"):
        body.append(ctx.say(refusal["next_step"]))
    if ukey_inside(ctx.service, ctx.state.data):
        body.append(ctx.t("ukey.take-along"))
    return Message("refused", ctx.t("message.refused"), tuple(body), after, tuple(facts))


def fault_message(ctx: Ctx[Any], fault: str, after: After = After.RETRY) -> Message:
    """A problem of ours, with its id and what to do next."""
    known = f"fault.{fault}.title" in ctx.around.words[ctx.state.lang].all()
    name = fault if known else "internal"
    return Message("problem", ctx.t(f"fault.{name}.title"), (ctx.t(f"fault.{name}.body"),), after)
