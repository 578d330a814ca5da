"""Choose one of a few: enterprise and role, months, invoice kind, count, dues; each source is a small class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from config.catalogue.models import ChooseStep, Format
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import Uscc, check_uscc
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, ChoosePage, FormPage, FormRow, Page
from kiosk.flow.state import After, Message
from kiosk.steps.asking import Asking, ask, failed, working
from kiosk.steps.base import Ctx, Go, Move, refusal_message, step_kind

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Local:
    """What was offered (the query's answer) and what is chosen so far; ``typed`` only for a claim offline."""

    answer: Mapping[str, Any]
    chosen: tuple[str, ...] = ()
    count: int = 0
    typed: str = ""
    error: str = ""


class Source(Protocol):
    """Where the options come from and what a choice leaves."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """The first local state, or a way past the step when there is nothing to choose."""
        ...

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The person touched something."""
        ...

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """What the choice leaves, or None while it is not complete."""
        ...

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """The options."""
        ...


@step_kind("choose")
class Choose:
    """Ask when the step says so, then offer."""

    def enter(self, ctx: Ctx[ChooseStep]) -> Move:
        """Ask first, or offer at once."""
        if ctx.step.ask is None:
            return SOURCES[ctx.step.source].begin(ctx, {})
        more = {"units": list(ctx.state.world.units)} if ctx.step.source == "entitlement" else {}
        return ask(ctx, ctx.step.ask, more)

    def on_outcome(self, ctx: Ctx[ChooseStep], outcome: Outcome) -> Move:
        """The answer is here."""
        return failed(ctx, outcome) or SOURCES[ctx.step.source].begin(ctx, outcome.data)

    def on_intent(self, ctx: Ctx[ChooseStep], intent: Intent) -> Move:
        """A choice, or the main button."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        source = SOURCES[ctx.step.source]
        if intent.action is Action.PROCEED:
            result = source.result(ctx, local)
            if result is None:
                return Move(local=replace(local, error=ctx.t("choose.first")))
            return Move(go=Go.NEXT, answer=result)
        return Move(local=replace(source.choose(ctx, local, intent), error=""))

    def page(self, ctx: Ctx[ChooseStep]) -> Page:
        """The options, or a moment's wait."""
        local = ctx.state.local
        return SOURCES[ctx.step.source].page(ctx, local) if isinstance(local, Local) else working(ctx)


class Roles:
    """The enterprises the person is bound to; offline the enterprise is claimed by its number."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Nothing bound is a page that says what to do; one usable binding is chosen already."""
        if self._claims(ctx):
            return Move(local=Local({}))
        options = self._options(ctx)
        usable = [o for o in options if o.enabled]
        if not options:
            title, body = ctx.t("roles.none.title"), (ctx.t("roles.none.body"),)
            return Move(local=Local({}), message=Message("refused", title, body, After.HOME))
        return Move(local=Local({}, chosen=(usable[0].id,) if len(usable) == 1 else ()))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One enterprise and role, or the number typed."""
        if self._claims(ctx):
            if intent.action is not Action.FILL:
                return local
            kept = "".join(c for c in intent.text.upper() if c.isalnum())[:18]
            return replace(local, typed=kept)
        options = {o.id for o in self._options(ctx) if o.enabled}
        return replace(local, chosen=(intent.value,)) if intent.value in options else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """Taxpayer, name and role; a claim has no role yet."""
        if self._claims(ctx):
            claimed = _uscc(local.typed)
            return {"taxpayer": claimed.code, "name": claimed.code, "role": None} if claimed else None
        if not local.chosen:
            return None
        role = self._bindings(ctx)[int(local.chosen[0])]
        return {"taxpayer": role["taxpayer"], "name": role["name"], "role": role["role"]}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """Option rows, or the keypad for the claimed number."""
        if self._claims(ctx):
            return self._claim_page(ctx, local)
        complete = bool(local.chosen)
        return ChoosePage(
            **ctx.titles(),
            options=self._options(ctx),
            selected=local.chosen,
            action_enabled=complete,
            errors=(local.error,) if local.error else (),
        )

    def _claim_page(self, ctx: Ctx[ChooseStep], local: Local) -> FormPage:
        complete = len(local.typed) == 18
        claimed = _uscc(local.typed)
        wrong = complete and claimed is None
        doubtful = claimed is not None and not claimed.check_ok
        error = ctx.t("claim.wrong") if wrong or local.error else ctx.t("claim.doubtful") if doubtful else ""
        row = FormRow("uscc", ctx.t("claim.label"), local.typed, editable=True, keypad="uscc", error=error)
        return FormPage(
            title=ctx.t("claim.title"),
            lead=ctx.t("claim.lead"),
            action=ctx.say(ctx.step.action),
            action_enabled=complete and not wrong,
            rows=(row,),
            focused="uscc",
            errors=(error,) if error else (),
        )

    def _claims(self, ctx: Ctx[ChooseStep]) -> bool:
        return ctx.state.person is None or ctx.state.person.roles is None

    def _bindings(self, ctx: Ctx[ChooseStep]) -> tuple[Mapping[str, Any], ...]:
        person = ctx.state.person
        return person.roles or () if person else ()

    def _options(self, ctx: Ctx[ChooseStep]) -> tuple[Choice, ...]:
        options = []
        for number, binding in enumerate(self._bindings(ctx)):
            allowed = binding["role"] in ctx.service.roles
            normal = binding["state"] == "normal"
            reason = "" if allowed else ctx.t("roles.not-allowed")
            if not normal:
                reason = ctx.t(f"roles.state.{binding['state']}")
            options.append(
                Choice(
                    id=str(number),
                    title=binding["name"],
                    note=binding["taxpayer"],
                    icon="reg",
                    tags=(ctx.t(f"role.{binding['role']}"),),
                    enabled=allowed and normal,
                    reason=reason,
                )
            )
        return tuple(options)


def _uscc(typed: str) -> Uscc | None:
    """The number, also with a wrong check character: old ones have it, so it only warns (domain note, 2.2)."""
    try:
        return check_uscc(typed)
    except FieldError:
        return None


class Months:
    """The first and the last month of a record; the last twelve with the whole of them chosen."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Offer the months up to the last; the year of the last income is chosen to begin with."""
        months = _months(answer)
        last = max((m for m in answer["with_income"] if m in months), default=months[-1])
        first = next(m for m in months if m >= max(f"{last[:4]}-01", months[0]))
        return Move(local=Local(answer, chosen=(min(first, last), last)))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The first touch sets the first month, the second the last; a third begins anew."""
        months = _months(local.answer)
        if intent.action is Action.SECOND and intent.value == "all":
            return replace(local, chosen=(months[0], months[-1]))
        if intent.value not in months:
            return local
        if len(local.chosen) == 1:
            first, last = sorted((local.chosen[0], intent.value))
            return replace(local, chosen=(first, last))
        return replace(local, chosen=(intent.value,))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """First and last month; one touch alone is that month."""
        return {"first": local.chosen[0], "last": local.chosen[-1]} if local.chosen else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """A grid of months; those with income are tagged."""
        income = set(local.answer["with_income"])
        options = tuple(
            Choice(m, ctx.show_as(Format.MONTH, m), tags=(ctx.t("months.income"),) if m in income else ())
            for m in _months(local.answer)
        )
        first, last = local.chosen[0], local.chosen[-1]
        return ChoosePage(
            **ctx.titles(),
            shape="months",
            options=options,
            selected=local.chosen,
            facts=((ctx.t("months.chosen"), ctx.show_as(Format.PERIOD, first, last)),),
            quiet=(Choice("all", ctx.t("months.all", count=len(options)), icon="clock"),),
        )


def _months(answer: Mapping[str, Any]) -> list[str]:
    """The last ``MONTHS_SHOWN`` months up to the last with a record."""
    year, month = int(answer["last"][:4]), int(answer["last"][5:])
    months: list[str] = []
    while len(months) < MONTHS_SHOWN:
        months.append(f"{year:04}-{month:02}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return [m for m in reversed(months) if m >= answer["first"]]


class Entitlement:
    """The invoice kinds that may be collected, each with how many and what binds."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """A refusal for all kinds is a page of its own."""
        if answer.get("blocked"):
            return Move(local=Local(answer), message=refusal_message(ctx, answer["blocked"]))
        usable = [k["kind"] for k in _kinds(answer) if k["allowed"] > 0]
        if not answer["kinds"]:
            title, body = ctx.t("entitlement.none.title"), (ctx.t("entitlement.none.body"),)
            return Move(local=Local(answer), message=Message("refused", title, body, After.HOME))
        return Move(local=Local(answer, chosen=(usable[0],) if len(usable) == 1 else ()))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One kind with something left to collect."""
        usable = {k["kind"] for k in _kinds(local.answer) if k["allowed"] > 0}
        return replace(local, chosen=(intent.value,)) if intent.value in usable else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The kind as the centre told it, with the next number of the unit it lies in."""
        if not local.chosen:
            return None
        kind = next(k for k in _kinds(local.answer) if k["kind"] == local.chosen[0])
        unit = next((u for u in ctx.state.world.units if u["unit"] == kind["unit"]), None)
        return None if unit is None else {**kind, "next_number": unit["next_number"]}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """Rows with the number allowed, or why none."""
        options = tuple(
            Choice(
                k["kind"],
                ctx.say(k["kind_name"]),
                note=ctx.t("entitlement.note", held=k["unused_held"], month=k["collected_this_month"]),
                icon="collect",
                tags=(ctx.t("entitlement.allowed", count=k["allowed"]),),
                enabled=k["allowed"] > 0,
                reason=ctx.say(k["binding_text"]) if k["allowed"] == 0 else "",
            )
            for k in _kinds(local.answer)
        )
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            options=options,
            selected=local.chosen,
            action_enabled=bool(local.chosen),
        )


def _kinds(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each kind once, from the unit that can give most of it: to the person units do not matter."""
    best: dict[str, Mapping[str, Any]] = {}
    for told in answer["kinds"]:
        known = best.get(told["kind"])
        if known is None or told["allowed"] > known["allowed"]:
            best[told["kind"]] = told
    return list(best.values())


class Count:
    """How many sheets, up to what is allowed."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Begin with one sheet: nobody carries away more than they meant to."""
        return Move(local=Local(ctx.look(ctx.step.of or ""), count=1))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The stepper's number, kept within 1 and what is allowed."""
        if intent.action is not Action.COUNT or not intent.value.isdigit():
            return local
        return replace(local, count=max(1, min(int(intent.value), local.answer["allowed"])))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The count."""
        return {"count": local.count}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """A stepper with the limits that led to the highest number."""
        kind = local.answer
        facts = (
            (ctx.t("count.allowed"), ctx.t("count.sheets", count=kind["allowed"])),
            (ctx.t("count.binding"), ctx.say(kind["binding_text"])),
            (ctx.t("count.held"), ctx.t("count.sheets", count=kind["unused_held"])),
            (ctx.t("count.month"), f"{kind['collected_this_month']} / {kind['monthly_max']}"),
        )
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            shape="count",
            count=local.count,
            count_max=kind["allowed"],
            count_unit=ctx.t("count.unit"),
            facts=facts,
        )


class DuesToPay:
    """The amounts due; all that can be paid are chosen to begin with."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Nothing due is good news, on a page of its own."""
        if not answer["dues"]:
            message = Message("info", ctx.t("dues.none.title"), (ctx.t("dues.none.body"),), After.HOME)
            return Move(local=Local(answer), message=message)
        return Move(local=Local(answer, chosen=_payable(answer)))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """A touch takes one out or puts it back; not one whose payment is being confirmed."""
        if intent.value not in _payable(local.answer):
            return local
        if intent.value in local.chosen:
            return replace(local, chosen=tuple(c for c in local.chosen if c != intent.value))
        return replace(local, chosen=(*local.chosen, intent.value))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The chosen dues and their sum with late payment surcharge (滞纳金)."""
        chosen = [d for d in local.answer["dues"] if d["due"] in local.chosen]
        total = sum(d["amount_fen"] + d["late_fee_fen"] for d in chosen)
        return {"chosen": chosen, "total_fen": total} if chosen else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """One row a due with period and limit date; the sum below."""
        options = tuple(
            Choice(
                d["due"],
                ctx.say(d["tax_name"]),
                note=ctx.t(
                    "dues.note.late" if d["late_fee_fen"] else "dues.note",
                    period=ctx.show_as(Format.PERIOD, d["period_first"], d["period_last"]),
                    limit=ctx.show_as(Format.DATE, d["limit_date"]),
                    late=ctx.show_as(Format.MONEY, d["late_fee_fen"]),
                ),
                icon="declare",
                tags=(f"¥{ctx.show_as(Format.MONEY, d['amount_fen'] + d['late_fee_fen'])}",),
                enabled=d["payable"],
                reason=ctx.say(d["held_text"]),
            )
            for d in local.answer["dues"]
        )
        result = self.result(ctx, local)
        total = result["total_fen"] if result else 0
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            shape="many",
            options=options,
            selected=local.chosen,
            facts=((ctx.t("dues.total"), f"¥{ctx.show_as(Format.MONEY, total)}"),),
            action_enabled=result is not None,
        )


def _payable(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(d["due"] for d in answer["dues"] if d["payable"])


SOURCES: dict[str, Source] = {
    "roles": Roles(),
    "months": Months(),
    "entitlement": Entitlement(),
    "count": Count(),
    "dues": DuesToPay(),
}

__all__ = ["Asking", "Choose", "Local", "SOURCES"]
