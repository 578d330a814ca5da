"""Paper documents, page by page: laid down, seen, looked at by the person, kept, read once more or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from config.catalogue.models import PagesStep
from kiosk.flow.effects import ReadPage, StopWaiting
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, Page, PagesPage
from kiosk.steps.base import Ctx, Go, Move, step_kind

CAMERA, SCANNER = "documentCamera", "documentScanner"
FLAWS = ("dark", "empty", "blur")
"""What our own look at a page finds (``kiosk.legible``); the person may know better and keep it."""
DIGEST_SHOWN = 8
"""Of a page's SHA-256, on slips: enough to find the page again."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One page; ``jpeg`` is base64. The digest names it everywhere."""

    sha256: str
    size: int
    jpeg: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Local:
    """``state``: ready, reading, shown, again, list. ``seen`` is looked at, ``place`` where it goes (None: the end)."""

    state: str = "ready"
    papers: tuple[Paper, ...] = ()
    seen: Paper | None = None
    place: int | None = None
    message: str = ""
    flawed: bool = False


@step_kind("pages")
class Pages:
    """Leaves ``pages`` (each with ``sha256``, ``size``, ``jpeg``) and their ``count``."""

    def enter(self, ctx: Ctx[PagesStep]) -> Move:
        """Begin, or show again what was kept before."""
        papers = papers_of(ctx.look(f"{ctx.step.id}.pages"))
        return Move(local=Local("list" if papers else "ready", papers))

    def on_intent(self, ctx: Ctx[PagesStep], intent: Intent) -> Move:
        """A key of the state the page is in."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case "ready" | "again", Action.PROCEED, _:
                return self._read(ctx, local)
            case "reading", Action.SECOND, "stop":
                return _turned(_resting(local), StopWaiting())
            case "again", Action.SECOND, "keep" if local.flawed:
                return _turned(_kept(local))
            case "shown", Action.PROCEED, _:
                return _turned(_kept(local))
            case "shown", Action.SECOND, "again":
                return _turned(replace(local, state="ready", seen=None))
            case "shown", Action.SECOND, "remove" if local.place is not None:
                return _turned(_without(local, local.place))
            case "ready" | "again", Action.SECOND, "list" if local.papers:
                return _turned(_resting(local))
            case "list", Action.CHOOSE, value if value.isdigit() and int(value) < len(local.papers):
                place = int(value)
                return _turned(replace(local, state="shown", seen=local.papers[place], place=place))
            case "list", Action.SECOND, "more" if len(local.papers) < ctx.step.most:
                return _turned(replace(local, state="ready", seen=None, place=None))
            case "list", Action.PROCEED, _:
                return Move(go=Go.NEXT, answer=_left(local.papers))
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[PagesStep], outcome: Outcome) -> Move:
        """The page, or why it cannot be read."""
        local = _local(ctx)
        paper = papers_of([outcome.data])
        if outcome.fault in FLAWS and paper:
            flawed = replace(local, state="again", seen=paper[0], flawed=True)
            return _turned(replace(flawed, message=ctx.t(f"pages.flaw.{outcome.fault}")))
        if outcome.fault or not paper:
            code = outcome.fault or "device"
            seen_by_camera = _device(ctx) == CAMERA
            message = (
                ctx.told("pages.camera", code, "device")
                if seen_by_camera
                else ctx.told("pages.scanner", code, "device")
            )
            return _turned(replace(local, state="again", seen=None, flawed=False, message=message))
        return _turned(replace(local, state="shown", seen=paper[0], message=""))

    def back(self, ctx: Ctx[PagesStep]) -> Move | None:
        """From a page to the list of those kept, then to the step before."""
        local = _local(ctx)
        if local.state == "list" or not local.papers:
            return None
        return _turned(_resting(local), *((StopWaiting(),) if local.state == "reading" else ()))

    def page(self, ctx: Ctx[PagesStep]) -> Page:
        """Where to lay it, the page as it was seen, or all of them."""
        local, device = _local(ctx), _device(ctx)
        number = len(local.papers) + 1 if local.place is None else local.place + 1
        listed = local.state == "list"
        return PagesPage(
            **ctx.owner(),
            title=self._title(ctx, local, number),
            lead=ctx.say(ctx.step.lead) if local.state == "ready" and number == 1 else "",
            action=ctx.t(f"pages.action.{local.state}", count=len(local.papers))
            if local.state != "reading"
            else "",
            second=self._second(ctx, local),
            quiet=self._quiet(ctx, local),
            state=local.state,
            message=local.message,
            preview=local.state == "reading" and device == CAMERA,
            illustration=device,
            where=ctx.t(f"pages.where.{device}"),
            tips=tuple(ctx.t(f"pages.tip.{device}.{n}") for n in (1, 2, 3)),
            picture=local.seen.sha256 if local.seen else "",
            choices=tuple(
                Choice(str(place), ctx.t("pages.number", number=place + 1), icon=paper.sha256)
                for place, paper in enumerate(local.papers)
            )
            if listed
            else (),
            papers=_pictures(local),
        )

    def _title(self, ctx: Ctx[PagesStep], local: Local, number: int) -> str:
        if local.state == "ready" and number == 1:
            return ctx.say(ctx.step.title)
        return ctx.t(f"pages.title.{local.state}", number=number, count=len(local.papers))

    def _second(self, ctx: Ctx[PagesStep], local: Local) -> Choice | None:
        match local.state:
            case "reading":
                return Choice("stop", ctx.t("pages.stop"))
            case "shown":
                return Choice("again", ctx.t("pages.again"))
            case "again" if local.flawed:
                return Choice("keep", ctx.t("pages.keep"))
            case "ready" | "again" if local.papers:
                return Choice("list", ctx.t("pages.list"))
            case "list" if len(local.papers) < ctx.step.most:
                return Choice("more", ctx.t("pages.more"))
        return None

    def _quiet(self, ctx: Ctx[PagesStep], local: Local) -> tuple[Choice, ...]:
        if local.state == "shown" and local.place is not None:
            return (Choice("remove", ctx.t("pages.remove"), icon="x"),)
        return ()

    def _read(self, ctx: Ctx[PagesStep], local: Local) -> Move:
        reading = replace(local, state="reading", message="", seen=None, flawed=False)
        return _turned(reading, ReadPage(_device(ctx)))


def papers_of(value: object) -> tuple[Paper, ...]:
    """What a step of this kind left under ``pages``, or what a reader read; empty for anything else."""
    rows = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(
        Paper(str(row["sha256"]), int(row["bytes"]), str(row["jpeg"]))
        for row in rows
        if isinstance(row, Mapping) and row.get("jpeg")
    )


def _left(papers: Sequence[Paper]) -> Mapping[str, object]:
    rows = [{"sha256": p.sha256, "bytes": p.size, "jpeg": p.jpeg} for p in papers]
    return {"pages": rows, "count": len(papers)}


def _kept(local: Local) -> Local:
    """The page that is looked at is one of those kept."""
    assert local.seen is not None, "nothing is looked at"
    place = len(local.papers) if local.place is None else local.place
    papers = (*local.papers[:place], local.seen, *local.papers[place + 1 :])
    return Local("list", papers)


def _without(local: Local, place: int) -> Local:
    papers = (*local.papers[:place], *local.papers[place + 1 :])
    return Local("list" if papers else "ready", papers)


def _resting(local: Local) -> Local:
    """Nothing is read and nothing looked at."""
    return Local("list" if local.papers else "ready", local.papers)


def _turned(local: Local, *effects: ReadPage | StopWaiting) -> Move:
    return Move(local=local, effects=effects, redraw=True)


def _pictures(local: Local) -> Mapping[str, str]:
    """What is drawn now, by digest."""
    shown = local.papers if local.state == "list" else (local.seen,) if local.seen else ()
    return {paper.sha256: paper.jpeg for paper in shown}


def _device(ctx: Ctx[Any]) -> str:
    """The overhead camera where it works: nothing is drawn in and nothing can jam."""
    have = ctx.state.world.devices.get
    return CAMERA if have(CAMERA) or not have(SCANNER) else SCANNER


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
