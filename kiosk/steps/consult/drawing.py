"""The pages of a consultation: a list, one answer with its source and date, an honest *I do not know*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from config.catalogue.models import ConsultStep, Format
from kiosk.flow.consult_pages import ChoiceGroup, ConsultPage
from kiosk.flow.pages import Choice
from kiosk.flow.state import ServiceState
from kiosk.steps.base import Ctx
from kiosk.steps.consult.local import Entry, Local

FOLLOW: Final = "follow:"
SERVICE: Final = "service"
PRINT: Final = "print"
OFFICER: Final = "consult.person"
"""The service in which an officer is asked: the way on from *I do not know*."""


def page_of(ctx: Ctx[ConsultStep], local: Local) -> ConsultPage:
    """What is open."""
    if local.entry is not None:
        return _answer(ctx, local, local.entry)
    return _unsure(ctx, local) if local.told["state"] in ("unsure", "none") else _found(ctx, local)


def usable(ctx: Ctx[Any], local: Local) -> bool:
    """Whether there is something to print, and a printer for it."""
    return local.entry is not None and ctx.state.world.devices.get("receiptPrinter", False)


def source_words(ctx: Ctx[Any], source: Mapping[str, Any]) -> str:
    """Title and clause, as they are cited."""
    return ctx.t(f"consult.source.{source['unit']}", title=ctx.say(source["title"]), at=source["at"])


def in_force(ctx: Ctx[Any], told: Mapping[str, Any], since: str = "since") -> str:
    """From which day on, and until when."""
    first = ctx.show_as(Format.DATE, told[since])
    if not told["until"]:
        return ctx.t("consult.since", day=first)
    return ctx.t("consult.between", first=first, last=ctx.show_as(Format.DATE, told["until"]))


def lies_here(ctx: Ctx[Any], local: Local) -> str:
    """That all of it lies on this terminal, and how new it is."""
    as_of = local.told["as_of"]
    return ctx.t("consult.as-of", day=ctx.show_as(Format.DATE, as_of)) if as_of else ctx.t("consult.empty")


def _found(ctx: Ctx[ConsultStep], local: Local) -> ConsultPage:
    entries = local.told["entries"]
    day = ctx.show_as(Format.DATE, local.told["day"])
    return ConsultPage(
        title=ctx.t("consult.found", count=len(entries)),
        lead=ctx.t("consult.found.lead", day=day),
        action=ctx.t("consult.enough"),
        note=lies_here(ctx, local),
        state="found",
        paragraphs=_read_as(ctx, local),
        groups=(ChoiceGroup("", tuple(_row(ctx, entry, told=True) for entry in entries)),),
    )


def _answer(ctx: Ctx[ConsultStep], local: Local, entry: Entry) -> ConsultPage:
    prints = usable(ctx, local)
    wrong = local.printed not in ("", "printed")
    return ConsultPage(
        title=ctx.say(entry["title"]),
        lead=ctx.t("consult.official"),
        action=ctx.t("consult.enough"),
        second=Choice(PRINT, ctx.t("consult.print"), icon="printer") if prints else None,
        note=lies_here(ctx, local),
        errors=(ctx.t("consult.not-printed"),) if wrong else (),
        confirmed=ctx.t("consult.printed") if local.printed == "printed" else "",
        state="answer",
        paragraphs=(
            ctx.say(entry["text"]),
            *_read_as(ctx, local),
            *(() if prints else (ctx.t("consult.no-paper"),)),
        ),
        facts=tuple(_facts(ctx, entry)),
        groups=tuple(filter(lambda group: group.choices, _ways(ctx, local, entry))),
    )


def _unsure(ctx: Ctx[ConsultStep], local: Local) -> ConsultPage:
    why = str(local.told.get("why", "none"))
    where = local.told.get("where") or {}
    near = tuple(_row(ctx, entry) for entry in local.told["entries"])
    return ConsultPage(
        title=ctx.t(f"consult.{why}.title"),
        action=ctx.t("consult.enough"),
        note=lies_here(ctx, local),
        state="unsure",
        paragraphs=(ctx.t(f"consult.{why}.body"), *filter(None, [ctx.say(where)])),
        facts=((ctx.t("consult.person.call"), ctx.t("consult.person.call.how")), *_people(ctx)),
        groups=tuple(
            group
            for group in (
                ChoiceGroup(ctx.t("consult.service"), _service(ctx, local.service, SERVICE)),
                ChoiceGroup(ctx.t("consult.officer"), _officer(ctx, local)),
                ChoiceGroup(ctx.t("consult.near"), near),
            )
            if group.choices
        ),
    )


def _officer(ctx: Ctx[Any], local: Local) -> tuple[Choice, ...]:
    """The way to an officer for a question; a search that found nothing asked nobody anything."""
    return _service(ctx, OFFICER, OFFICER) if local.told["state"] == "unsure" else ()


def _people(ctx: Ctx[Any]) -> Iterator[tuple[str, str]]:
    yield ctx.t("consult.person.counter"), ctx.t("consult.person.counter.where")
    yield ctx.t("consult.person.phone"), "12366"


def _ways(ctx: Ctx[ConsultStep], local: Local, entry: Entry) -> Iterator[ChoiceGroup]:
    """The service that does it, what people ask next, and what else was found for the question."""
    yield ChoiceGroup(ctx.t("consult.service"), _service(ctx, local.service, SERVICE))
    follow = (Choice(f"{FOLLOW}{number}", ctx.say(more)) for number, more in enumerate(entry["more"]))
    yield ChoiceGroup(ctx.t("consult.follow"), tuple(follow))
    others = [one for one in local.told["entries"] if one["id"] != entry["id"]]
    if local.told["state"] == "answered":
        yield ChoiceGroup(ctx.t("consult.also"), tuple(_row(ctx, one) for one in others))


def _service(ctx: Ctx[Any], name: str, id_: str) -> tuple[Choice, ...]:
    """The tile of the service, closed with its reason where it cannot be used now."""
    published = ctx.services.get(name)
    if published is None:
        return ()
    service = published.service
    now = ctx.state.world.services.get(service.id, ServiceState(True))
    reason = "" if now.usable else ctx.t(f"closed.{now.reason}")
    return (
        Choice(id_, ctx.say(service.title), ctx.say(service.summary), service.icon, (), now.usable, reason),
    )


def _row(ctx: Ctx[Any], entry: Entry, *, told: bool = False) -> Choice:
    """An entry to open: what it is about, where it stands; ``told``: with the sentence that says most."""
    source = source_words(ctx, entry["sources"][0])
    said = entry["snippet"].get(ctx.state.lang) or ctx.say(entry["text"])
    return Choice(
        id=str(entry["id"]),
        title=ctx.say(entry["title"]),
        note=f"{said}\n{source}" if told else source,
        tags=(ctx.t(f"consult.kind.{entry['kind']}"), in_force(ctx, entry)) if told else (),
    )


def _facts(ctx: Ctx[Any], entry: Entry) -> Iterator[tuple[str, str]]:
    for source in entry["sources"]:
        yield ctx.t("consult.source"), source_words(ctx, source)
    yield ctx.t("consult.right"), in_force(ctx, entry)


def _read_as(ctx: Ctx[Any], local: Local) -> tuple[str, ...]:
    """What initials were read as, so that nobody wonders why this was found."""
    words = local.told.get("read_as") or ()
    return (ctx.t("consult.read-as", words="、".join(words)),) if words else ()
