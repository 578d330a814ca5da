"""The pages of mutual help: a list, a question and its answers, an idea and its votes, an entry of the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from config.catalogue.consulting import MutualStep
from config.catalogue.models import Format
from kiosk.flow.consult_pages import ChoiceGroup, ConsultPage
from kiosk.flow.pages import Choice
from kiosk.flow.state import ServiceState
from kiosk.steps.base import Ctx
from kiosk.steps.consult.drawing import in_force, source_words
from kiosk.steps.mutual.local import LIBRARY, Local, Row

HELPED: Final = "helped"
SOLVED: Final = "solved"
VOTE: Final = "vote"
LEADS_TO: Final[Mapping[str, str]] = {
    "answer": "help.answer",
    "ask": "help.ask",
    VOTE: "ideas.vote",
    "report": "feedback.report",
}
"""Services that may be gone to from here; one that is not offered has no row."""
SNIPPET: Final = 60
"""Characters of the first answer in a list."""


def page_of(ctx: Ctx[MutualStep], local: Local) -> ConsultPage:
    """What is open."""
    if local.entry is not None:
        return _entry(ctx, local, local.entry)
    if local.row is not None:
        read = _idea if ctx.step.does == "similar" else _question
        return read(ctx, local, local.row)
    return _list(ctx, local)


def usable(ctx: Ctx[Any], service: str) -> bool:
    """Whether somebody can go there now."""
    return service in ctx.services and ctx.state.world.services.get(service, ServiceState(True)).usable


def said(ctx: Ctx[Any], texts: Mapping[str, str]) -> str:
    """What somebody wrote: in the reader's language, else as it was written."""
    return texts.get(ctx.state.lang) or next(iter(texts.values()), "")


def _list(ctx: Ctx[MutualStep], local: Local) -> ConsultPage:
    does = ctx.step.does
    rows = tuple(_row(ctx, row) for row in local.rows)
    entries = tuple(_library(ctx, one) for one in local.entries)
    count = len(rows) + len(entries)
    return ConsultPage(
        title=ctx.t(f"mutual.{does}.title", count=count) if count else ctx.t(f"mutual.{does}.none"),
        lead=_kept(ctx) or (ctx.t(f"mutual.{does}.lead") if count else ""),
        action=ctx.t(f"mutual.{does}.action"),
        note=_as_of(ctx, local),
        state="found" if rows or entries else "unsure",
        paragraphs=tuple(_paragraphs(ctx, local, count)),
        groups=tuple(
            group
            for group in (
                ChoiceGroup(
                    ctx.t("mutual.report.way") if local.reports else "", _way(ctx, "report", local.reports)
                ),
                ChoiceGroup(ctx.t("mutual.from-library") if entries else "", entries),
                ChoiceGroup(ctx.t("mutual.from-others") if entries else "", rows),
                ChoiceGroup(ctx.t("mutual.own"), _way(ctx, "ask", does == "browse")),
            )
            if group.choices
        ),
    )


def _paragraphs(ctx: Ctx[MutualStep], local: Local, count: int) -> Iterator[str]:
    if local.reports:
        yield ctx.t("mutual.report")
    if not count and ctx.step.does == "browse":
        yield ctx.t("mutual.browse.none.body")


def _question(ctx: Ctx[MutualStep], local: Local, row: Row) -> ConsultPage:
    browse, thanked = ctx.step.does == "browse", local.opened in local.thanked
    if browse:
        second = Choice(HELPED, ctx.t("mutual.helped"), icon="check") if local.may_thank("browse") else None
    else:
        second = Choice(SOLVED, ctx.t("mutual.solves"), icon="check")
    helped = int(row["helped"]) + thanked
    return ConsultPage(
        title=said(ctx, row["text"]),
        lead=ctx.t(
            "mutual.asked", topic=ctx.say(row["topic_text"]), day=ctx.show_as(Format.DATE, row["asked_on"])
        ),
        action=ctx.t("mutual.enough") if browse else ctx.t("mutual.nearby.action"),
        second=second,
        note=_as_of(ctx, local),
        confirmed=ctx.t("mutual.thanked") if thanked else "",
        paragraphs=tuple(_answers(ctx, row)) or (ctx.t("mutual.unanswered"),),
        facts=(
            *(((ctx.t("mutual.helped.count"), ctx.t("mutual.people", count=helped)),) if helped else ()),
            (ctx.t("mutual.number"), str(row["number"])),
        ),
        groups=tuple(
            group
            for group in (ChoiceGroup(ctx.t("mutual.you"), _way(ctx, "answer", browse)),)
            if group.choices
        ),
    )


def _answers(ctx: Ctx[MutualStep], row: Row) -> Iterator[str]:
    """Each with who says it; what officers confirmed says so first, what became knowledge since when."""
    for one in row["answers"]:
        mark = "mutual.official" if one["official"] else "mutual.others"
        day = ctx.show_as(Format.DATE, one["written_on"])
        by = ctx.t(mark, author=ctx.say(one["author_text"]), day=day)
        known = one["knowledge_on"]
        since = ctx.t("mutual.knowledge", day=ctx.show_as(Format.DATE, known)) if known else ""
        yield "\n".join(filter(None, (by, said(ctx, one["text"]), since)))


def _idea(ctx: Ctx[MutualStep], local: Local, row: Row) -> ConsultPage:
    reply = said(ctx, row["reply"])
    votes = row["open"] and usable(ctx, LEADS_TO[VOTE])
    vote = Choice(VOTE, ctx.t("mutual.vote"), icon="check") if votes else None
    return ConsultPage(
        title=said(ctx, row["text"]),
        lead=ctx.t(
            "mutual.asked", topic=ctx.say(row["topic_text"]), day=ctx.show_as(Format.DATE, row["proposed_on"])
        ),
        action=ctx.t("mutual.similar.action"),
        second=vote,
        paragraphs=(ctx.t("mutual.reply", text=reply) if reply else ctx.t("mutual.no-reply"),),
        facts=(
            (ctx.t("mutual.stage"), ctx.say(row["stage_text"])),
            (ctx.t("mutual.votes"), ctx.say(row["votes_text"])),
            (ctx.t("mutual.number"), str(row["number"])),
        ),
    )


def _entry(ctx: Ctx[MutualStep], local: Local, entry: Row) -> ConsultPage:
    return ConsultPage(
        title=ctx.say(entry["title"]),
        lead=ctx.t("consult.official"),
        action=ctx.t("mutual.nearby.action"),
        second=Choice(SOLVED, ctx.t("mutual.solves"), icon="check"),
        paragraphs=(ctx.say(entry["text"]),),
        facts=(
            *((ctx.t("consult.source"), source_words(ctx, source)) for source in entry["sources"]),
            (ctx.t("consult.right"), in_force(ctx, entry)),
        ),
    )


def _row(ctx: Ctx[MutualStep], row: Row) -> Choice:
    """One of a list: the words, what was answered or how the votes stand, and the marks."""
    if "answers" not in row:
        of_idea = (ctx.say(row["stage_text"]), ctx.say(row["topic_text"]))
        return Choice(str(row["number"]), said(ctx, row["text"]), ctx.say(row["votes_text"]), tags=of_idea)
    answers = row["answers"]
    first = said(ctx, answers[0]["text"]) if answers else ctx.t("mutual.unanswered")
    short = first if len(first) <= SNIPPET else f"{first[:SNIPPET].rstrip()}…"
    official = any(one["official"] for one in answers)
    tags = [ctx.t("mutual.tag.official")] if official else []
    tags.append(ctx.t("mutual.tag.answers", count=len(answers)) if answers else ctx.t("mutual.tag.open"))
    if row["helped"]:
        tags.append(ctx.t("mutual.tag.helped", count=row["helped"]))
    return Choice(str(row["number"]), said(ctx, row["text"]), short, tags=tuple(tags))


def _library(ctx: Ctx[MutualStep], entry: Row) -> Choice:
    return Choice(f"{LIBRARY}{entry['id']}", ctx.say(entry["title"]), source_words(ctx, entry["sources"][0]))


def _way(ctx: Ctx[MutualStep], name: str, shown: bool) -> tuple[Choice, ...]:
    """The row that leads to another service, closed with its reason where it cannot be used now."""
    published = ctx.services.get(LEADS_TO[name]) if shown else None
    if published is None:
        return ()
    service = published.service
    now = ctx.state.world.services.get(service.id, ServiceState(True))
    reason = "" if now.usable else ctx.t(f"closed.{now.reason}")
    title, note = ctx.say(service.title), ctx.say(service.summary)
    return (Choice(service.id, title, note, service.icon, (), now.usable, reason),)


def _kept(ctx: Ctx[MutualStep]) -> str:
    kept = ctx.state.kept_at
    return ctx.t("kept.lead", moment=ctx.show_as(Format.MOMENT, kept)) if kept else ""


def _as_of(ctx: Ctx[MutualStep], local: Local) -> str:
    """The day of what is held."""
    as_of = local.told.get("as_of")
    return ctx.t("mutual.as-of", moment=ctx.show_as(Format.MOMENT, as_of)) if as_of else ""
