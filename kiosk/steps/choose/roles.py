"""For whom the person acts, and in which role; offline an enterprise is claimed by its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep, Service
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import TEMPORARY, RegisteredNumber, check_registered
from kiosk.domain.people import Ground, Role, Scope
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import Choice, ChoosePage, FormPage, FormRow, Page
from kiosk.flow.state import MANDATE, OWN, SELF, After, Message, Person
from kiosk.steps.base import Ctx, Move, role_text
from kiosk.steps.choose.source import Local


class Roles:
    """The enterprises the person is bound to, the person in their own name, who gave them a mandate, and their wards.

    Offline a firm is claimed by its number.
    """

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Nothing bound is a page that says what to do; one usable binding is chosen already."""
        if self._claims(ctx):
            return Move(local=Local({}))
        options = self._options(ctx)
        usable = [o for o in options if o.enabled]
        if not options:
            none = "roles.none.for" if acts_for_others(ctx.state.person, ctx.service) else "roles.none"
            title, body = ctx.t(f"{none}.title"), (ctx.t(f"{none}.body"),)
            return Move(local=Local({}), message=Message("refused", title, body, After.HOME))
        return Move(local=Local({}, chosen=(usable[0].id,) if len(usable) == 1 else ()))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One enterprise and role, or the number typed."""
        if self._claims(ctx):
            if intent.action is not Action.FILL:
                return local
            kept = "".join(c for c in intent.text.upper() if c.isalnum())
            return replace(local, typed=kept[: _length(kept)])
        options = {o.id for o in self._options(ctx) if o.enabled}
        return replace(local, chosen=(intent.value,)) if intent.value in options else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """Taxpayer, name and role; a claim has no role yet."""
        if self._claims(ctx):
            claimed = _registered(local.typed)
            return {"taxpayer": claimed.code, "name": claimed.code, "role": None} if claimed else None
        if not local.chosen:
            return None
        role = self._bindings(ctx)[int(local.chosen[0])]
        if role["role"] == OWN:
            return {"taxpayer": None, "name": ctx.t("role.own"), "role": None}
        if role["role"] == MANDATE:
            acted = {"mandate": role["mandate"], "principal": role["name"]}
            return {"taxpayer": None, "name": _for(ctx, role), "role": None, **acted}
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
        complete = len(local.typed) == _length(local.typed)
        claimed = _registered(local.typed)
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
        held = person.roles or () if person else ()
        others = principals(person, ctx.service)
        if ctx.service.audience != "enterprise":
            return ({"role": OWN}, *others)
        wanted = set(ctx.service.roles)
        shown = [
            b for b in held if b["role"] not in (OWN, MANDATE) or (b["role"] == OWN and wanted & {OWN, SELF})
        ]
        if SELF in wanted and not any(b["role"] == OWN for b in shown):
            shown.append({"role": OWN})
        return (*shown, *others)

    def _options(self, ctx: Ctx[ChooseStep]) -> tuple[Choice, ...]:
        options = []
        for number, binding in enumerate(self._bindings(ctx)):
            if binding["role"] == OWN:
                options.append(Choice(id=str(number), title=ctx.t("role.own"), icon="user"))
                continue
            if binding["role"] == MANDATE:
                options.append(Choice(str(number), _for(ctx, binding), binding["number"], icon="user"))
                continue
            allowed = binding["role"] in ctx.service.roles
            normal = binding["state"] == "normal"
            reason = "" if allowed else ctx.t("roles.not-allowed", who=_who_may(ctx))
            if not normal:
                reason = ctx.t(f"roles.state.{binding['state']}")
            options.append(
                Choice(
                    id=str(number),
                    title=binding["name"],
                    note=binding["taxpayer"],
                    icon="reg",
                    tags=(ctx.t(_title(binding)),),
                    enabled=allowed and normal,
                    reason=reason,
                )
            )
        return tuple(options)


def acts_for_others(person: Person | None, service: Service) -> bool:
    """Whether the person holds a mandate, whatever its scope, and the service may be used for others."""
    held = person.roles or () if person else ()
    return bool(service.behalf) and any(binding["role"] == MANDATE for binding in held)


def principals(person: Person | None, service: Service) -> tuple[Mapping[str, Any], ...]:
    """The mandates by which the person may use the service for others: of taxpayers alone, where it is for those."""
    held = person.roles or () if person else ()
    covering = (b for b in held if b["role"] == MANDATE and Scope(str(b["scope"])).covers(service.behalf))
    return tuple(b for b in covering if b["own"] or service.audience != "enterprise")


def _for(ctx: Ctx[ChooseStep], held: Mapping[str, Any]) -> str:
    """Whom the person acts for, and whether as their guardian; a centre of an earlier release knows none."""
    ward = held.get("ground") == Ground.GUARDIAN
    return ctx.t("role.ward" if ward else "role.for", name=held["name"])


def _who_may(ctx: Ctx[ChooseStep]) -> str:
    """The roles that allow the service, in words: who has another has to let one of those come."""
    may = [ctx.t(f"role.{role}") for role in ctx.service.roles if role in set(Role)]
    return ctx.t("roles.comma").join(may)


def _title(binding: Mapping[str, Any]) -> str:
    """The text of the role; who is registered for a time heads the business and represents no company."""
    if binding["role"] == "L" and binding.get("temporary"):
        return "role.head"
    return role_text(str(binding["role"]), str(binding["taxpayer"]))


def _length(typed: str) -> int:
    """Of a credit code, or of the number of a temporary registration."""
    return 20 if typed.startswith(TEMPORARY) else 18


def _registered(typed: str) -> RegisteredNumber | None:
    """The number, also with a wrong check character: old ones have it, so it only warns (domain note, 2.2)."""
    try:
        return check_registered(typed)
    except FieldError:
        return None
