"""The pages of the navigator: one question with its answers; a service with who may come and what to bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from config.catalogue.models import IdentifyStep, NavigateStep, Service
from config.navigator import Question, WayOn
from kiosk.domain.people import Role
from kiosk.flow.consult_pages import ChoiceGroup, ConsultPage
from kiosk.flow.pages import Choice
from kiosk.flow.state import OWN, SELF, ServiceState
from kiosk.steps.base import Ctx

SERVICE: Final = "service"
PRINT: Final = "print"


def question_page(ctx: Ctx[NavigateStep], question: Question, number: int) -> ConsultPage:
    """The ``number``-th question; a touch is the answer."""
    return ConsultPage(
        title=ctx.say(question.ask),
        lead=ctx.t("navigate.lead"),
        note=ctx.t("navigate.number", number=number),
        state="question",
        groups=(ChoiceGroup("", tuple(_way_on(ctx, option) for option in question.options)),),
    )


def checklist_page(ctx: Ctx[NavigateStep], service: Service, printed: str) -> ConsultPage:
    """The service that does it; ``printed`` is what came of the last sheet, or empty."""
    prints = printer_there(ctx)
    return ConsultPage(
        title=ctx.say(service.title),
        lead=ctx.t("navigate.found"),
        action=ctx.t("navigate.later"),
        second=Choice(PRINT, ctx.t("navigate.print"), icon="printer") if prints else None,
        errors=(ctx.t("navigate.not-printed"),) if printed not in ("", "printed") else (),
        confirmed=ctx.t("consult.printed") if printed == "printed" else "",
        state="checklist",
        paragraphs=(ctx.say(service.summary), *(() if prints else (ctx.t("navigate.no-paper"),))),
        facts=tuple(facts(ctx, service)),
        groups=(ChoiceGroup(ctx.t("navigate.now"), (_opens(ctx, service),)),),
    )


def facts(ctx: Ctx[Any], service: Service) -> Iterator[tuple[str, str]]:
    """What to bring, one by one, who may come, and how they are recognised."""
    for thing in service.brings:
        yield ctx.t("navigate.bring"), ctx.say(thing)
    if not service.brings:
        yield ctx.t("navigate.bring"), ctx.t("navigate.bring.nothing")
    yield ctx.t("navigate.who"), who_may(ctx, service)
    yield ctx.t("navigate.sign-in"), ctx.t(f"navigate.sign-in.{_way_in(service)}")


def who_may(ctx: Ctx[Any], service: Service) -> str:
    """In words: anybody, the person themselves, or the roles of an enterprise; and whoever acts for another."""
    if service.audience == "enterprise":
        may = [ctx.t(f"role.{role}") for role in service.roles if role in set(Role)]
        may += [ctx.t("navigate.who.own")] if {OWN, SELF} & set(service.roles) else []
    else:
        may = [ctx.t(f"navigate.who.{service.audience}")]
    may += [ctx.t("navigate.who.behalf")] if service.behalf else []
    return ctx.t("roles.comma").join(may)


def printer_there(ctx: Ctx[Any]) -> bool:
    """Whether a sheet can be printed now."""
    return ctx.state.world.devices.get("receiptPrinter", False)


def _way_on(ctx: Ctx[NavigateStep], option: WayOn) -> Choice:
    """An answer in the visitor's words; where it leads to a service, its name below."""
    if not option.service:
        return Choice(option.to, ctx.say(option.title), ctx.say(option.note), option.icon)
    service = ctx.services[option.service].service
    icon = option.icon or service.icon
    return Choice(option.service, ctx.say(option.title), ctx.say(option.note or service.title), icon)


def _opens(ctx: Ctx[Any], service: Service) -> Choice:
    """The service, closed with its reason where it cannot be used now."""
    now = ctx.state.world.services.get(service.id, ServiceState(True))
    reason = "" if now.usable else ctx.t(f"closed.{now.reason}")
    title, note = ctx.t("navigate.open"), ctx.say(service.tile or service.title)
    return Choice(SERVICE, title, note, service.icon, (), now.usable, reason)


def _way_in(service: Service) -> str:
    """The level of its sign-in, or what it is signed in with where that is no identity card."""
    by_passport = any(isinstance(step, IdentifyStep) and step.reads == "passport" for step in service.steps)
    return "passport" if by_passport else service.sign_in
