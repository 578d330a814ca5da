"""What stands around the steps: attract, home, messages and farewell, progress line, and which ways are open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from config.catalogue import Catalogue, Published
from config.catalogue.models import BaseStep, DoneStep, Group
from kiosk.domain.people import DocumentKind
from kiosk.flow.frame_words import take_choices, things_to_take, ukey_inside, ukey_read
from kiosk.flow.pages import (
    AttractPage,
    Choice,
    FarewellPage,
    HomePage,
    Mark,
    MessagePage,
    OutOfServicePage,
    Page,
    PagesPage,
    Screen,
    ServicesPage,
    StepMark,
)
from kiosk.flow.power_words import power_notice
from kiosk.flow.state import After, Answers, FlowState, Person, Phase, ServiceState
from kiosk.flow.talk_words import strip
from kiosk.steps.base import STEP_KINDS, Ctx, IdleTimes, Surroundings

POINT_OF_NO_RETURN = (
    "submit",
    "pay",
    "print",
    "dispense",
    "slip",
    "done",
    "rate",
    "continue",
    "collect",
    "officer",
)
"""From the first of these steps on nothing can be taken back, so there is no way back either."""
GROUP = "group:"
"""Before the id of a group that a tile leads to; the others lead to a service."""
BUSY = ("submit", "print", "dispense")
"""While one of these works the visit cannot be left: something is moving."""


def screen(catalogue: Catalogue, around: Surroundings, state: FlowState, ctx: Ctx[Any]) -> Screen:
    """The page of this moment with everything around it."""
    page = _page(catalogue, ctx)
    after, warning = _idle(around.idle, state)
    working = state.phase is Phase.SERVICE and state.message is None and state.step.kind in BUSY
    standing = state.phase in (Phase.ATTRACT, Phase.OUT_OF_SERVICE)
    stopped = working or standing or _reading(page) or _waits_for_officer(ctx)
    talk_text, talk_tone, talk_keys = strip(ctx, page)
    notice_title, notice_text = power_notice(ctx)
    return Screen(
        page=page,
        service=ctx.say(state.service.service.title) if state.service else "",
        steps=_marks(ctx) if state.service else (),
        can_back=can_back(state),
        can_leave=can_leave(state),
        online=state.world.online,
        network_text=ctx.t("status.online" if state.world.online else "status.offline"),
        status_note=ctx.t("status.staff")
        if state.staff_called
        else _status_note(ctx, stopped, standing, after),
        terminal=around.terminal,
        hall=ctx.say(around.hall),
        bureau=ctx.say(around.bureau),
        lang=state.lang,
        mode=state.mode,
        idle_after_s=0 if stopped else after,
        idle_warning_s=warning,
        card_taken=state.card_taken and not working and _may_turn_back(state),
        serial=state.serial,
        ready=bool(state.world.services),
        notice_title=notice_title,
        notice_text=notice_text,
        talk_text=talk_text,
        talk_tone=talk_tone,
        talk_keys=talk_keys,
    )


def _waits_for_officer(ctx: Ctx[Any]) -> bool:
    """Whether somebody waits for an officer, which is bounded: they touch nothing meanwhile."""
    talk, state = ctx.state.talk, ctx.state
    here = state.phase is Phase.SERVICE and state.step.kind == "officer"
    return here and talk is not None and talk.state == "waiting" and not talk.late(ctx.around.now())


def _idle(times: IdleTimes, state: FlowState) -> tuple[int, int]:
    """Shortest where nobody has signed in, longest for who needs time and while a phone is being taken out."""
    elder = state.mode == "elder"
    paying = state.phase is Phase.SERVICE and state.step.kind in ("pay", "officer")
    normal = times.payment if paying else times.form if state.signed_in else times.public
    return (max(normal, times.elder), times.elder_warning) if elder else (normal, times.warning)


def _reading(page: Page) -> bool:
    """Whether the terminal looks at a paper: who waits touches nothing, and ``kiosk.page_reader`` bounds how long."""
    return isinstance(page, PagesPage) and page.state == "reading"


def _may_turn_back(state: FlowState) -> bool:
    """Whether nothing final has begun: only then is a card taken away a sign that somebody leaves."""
    return state.phase is not Phase.SERVICE or state.step.kind not in POINT_OF_NO_RETURN


def _status_note(ctx: Ctx[Any], stopped: bool, standing: bool, seconds: int) -> str:
    if ctx.state.world.power and not standing:
        return ctx.t(f"status.power.{ctx.state.world.power}")
    if stopped:
        return ""
    return ctx.t("status.idle", minutes=round(seconds / 60, 1) if seconds % 60 else seconds // 60)


def can_back(state: FlowState) -> bool:
    """Whether there is a way back from here."""
    if state.phase is not Phase.SERVICE or state.service is None:
        return state.phase is Phase.HOME and (not state.signed_in or state.group != "")
    if state.message is not None:
        return False
    done = state.service.service.steps[: state.index + 1]
    return not any(step.kind in POINT_OF_NO_RETURN for step in done)


def can_leave(state: FlowState) -> bool:
    """Whether the person may sign out now; not while something moves or money is under way."""
    if state.phase is Phase.SERVICE and state.message is None and state.step.kind in BUSY:
        return False
    return state.phase is Phase.SERVICE or (state.phase is Phase.HOME and state.signed_in)


def belongings(state: FlowState) -> Answers:
    """What the farewell page reminds of: what the service says, once its paper came out."""
    take: list[str] = [shown_document(state.person)] if state.person else []
    if state.service is not None:
        done = next((s for s in state.service.service.steps if isinstance(s, DoneStep)), None)
        if done is not None and state.index >= state.service.service.steps.index(done):
            take = things_to_take(state.service.service, done.take, state.data)
    if "id" not in take and card_of_nobody(state):
        take.insert(0, "id")
    if ukey_left(state) and "ukey" not in take:
        take.append("ukey")
    return {"farewell": {"take": take}}


def shown_document(person: Person) -> str:
    """What they signed in with."""
    return "passport" if person.claim["kind"] == DocumentKind.PASSPORT.value else "id"


def card_of_nobody(state: FlowState) -> bool:
    """Whether a card lies there of who signed in before, in a service that does not know of them."""
    unnamed = state.service is not None and state.service.service.unnamed
    return unnamed and state.world.card is True


def ukey_left(state: FlowState) -> bool:
    """Whether a tax UKey is in the reader for all that is known, of this service or of one that was left early."""
    if state.service is None or not ukey_read(state.service.service, state.data):
        return state.ukey_left
    return ukey_inside(state.service.service, state.data)


def _page(catalogue: Catalogue, ctx: Ctx[Any]) -> Page:
    state = ctx.state
    match state.phase:
        case Phase.ATTRACT:
            marks = tuple(_group(ctx, catalogue, group) for group in catalogue.groups)
            return AttractPage(title=ctx.t("attract.title"), lead=ctx.t("attract.lead"), marks=marks[:4])
        case Phase.HOME:
            return _services(catalogue, ctx) if state.group else _home(catalogue, ctx)
        case Phase.FAREWELL:
            take = state.data.get("farewell", {}).get("take", [])
            assert isinstance(take, list), "belongings are a list"
            return FarewellPage(
                title=ctx.t("farewell.title" if take else "farewell.title.nothing"),
                lead=ctx.t("farewell.lead"),
                action=ctx.t("farewell.action"),
                take=take_choices(ctx, take),
            )
        case Phase.OUT_OF_SERVICE:
            body = (ctx.t(f"outOfService.{state.world.out_of_service}"), ctx.t("outOfService.else"))
            return OutOfServicePage(title=ctx.t("outOfService.title"), body=body)
    if state.message is not None:
        return _message(ctx)
    return STEP_KINDS[state.step.kind].page(ctx)


def _home(catalogue: Catalogue, ctx: Ctx[Any]) -> HomePage:
    world = ctx.state.world
    closed = [world.services.get(i, ServiceState(True)) for i in catalogue if catalogue[i].service.group]
    trouble = [c.reason or c.degraded for c in closed if not c.usable or c.degraded]
    trouble = [reason for reason in trouble if reason != "notHere"]
    tiles = [(group.place, _group(ctx, catalogue, group)) for group in catalogue.groups]
    page = HomePage(
        title=ctx.t("home.title"),
        marks=tuple(Mark(ctx.t(f"home.mark.{name}"), ok) for name, ok in _marks_of_home(ctx)),
        large=tuple(tile for place, tile in tiles if place == "large"),
        tiles=tuple(tile for place, tile in tiles if place == "tile"),
        wide=next((tile for place, tile in tiles if place == "wide"), None),
        note=ctx.t("home.help"),
    )
    if trouble:
        reason = trouble[0]
        page = replace(page, banner=ctx.t(f"banner.{reason}"), banner_text=ctx.t(f"banner.{reason}.text"))
    return page


def _services(catalogue: Catalogue, ctx: Ctx[Any]) -> ServicesPage:
    group = catalogue.group(ctx.state.group)
    assert group is not None, "a page of a group that is not held"
    inner = [(one.order, _group(ctx, catalogue, one)) for one in catalogue.within(group.id)]
    own = [(one.service.order, _tile(ctx, one)) for one in catalogue.of_group(group.id)]
    return ServicesPage(
        title=ctx.say(group.title),
        lead=ctx.t("services.lead"),
        services=tuple(tile for _, tile in sorted(own + inner, key=lambda pair: pair[0])),
        note=ctx.t("home.help"),
    )


def _marks_of_home(ctx: Ctx[Any]) -> list[tuple[str, bool]]:
    world = ctx.state.world
    have = world.devices.get
    return [
        ("network", world.online),
        ("print", have("documentPrinter", False)),
        ("dispense", have("invoiceDispenser", False)),
        ("pay", world.online),
    ]


def _group(ctx: Ctx[Any], catalogue: Catalogue, group: Group) -> Choice:
    """The tile of a group; it is closed when each of its services is, for the first one's reason."""
    inside = [_tile(ctx, published) for published in catalogue.behind(group.id)]
    if len(inside) == 1:
        return inside[0]
    usable = any(service.enabled for service in inside)
    return Choice(
        id=GROUP + group.id,
        title=ctx.say(group.title),
        note=ctx.say(group.summary),
        icon=group.icon,
        enabled=usable,
        reason="" if usable else inside[0].reason,
    )


def _tile(ctx: Ctx[Any], published: Published) -> Choice:
    service = published.service
    now = ctx.state.world.services.get(service.id, ServiceState(True))
    reason = "" if now.usable and not now.degraded else ctx.t(f"closed.{now.reason or now.degraded}")
    return Choice(
        id=service.id,
        title=ctx.say(service.tile or service.title),
        note=ctx.say(service.summary),
        icon=service.icon,
        enabled=now.usable,
        reason=reason,
    )


def _message(ctx: Ctx[Any]) -> MessagePage:
    message = ctx.state.message
    assert message is not None, "no message to show"
    words = {
        After.RETRY: "message.retry",
        After.NEXT: "message.next",
        After.HOME: "message.home",
        After.LEAVE: "message.leave",
    }
    second = Choice("home", ctx.t("message.home")) if message.after in (After.RETRY, After.NEXT) else None
    return MessagePage(
        title=message.title,
        action=ctx.t(words[message.after]),
        second=second if message.after is After.RETRY else None,
        tone=message.tone,
        body=message.body,
        incident=message.incident,
        facts=message.facts,
    )


def _marks(ctx: Ctx[Any]) -> tuple[StepMark, ...]:
    """One station a mark; a step without a mark belongs to the station before it."""
    state = ctx.state
    steps = ctx.service.steps
    starts = [i for i, step in enumerate(steps) if step.mark and not _absent(state, step)]
    now = max((i for i in starts if i <= state.index), default=starts[0])
    finished = any(step.kind in ("done", "rate") for step in steps[: state.index + 1])
    marks = []
    for i in starts:
        reached = "done" if i < now or finished else "now" if i == now else "later"
        marks.append(StepMark(ctx.say(steps[i].mark), reached))
    return tuple(marks)


def _absent(state: FlowState, step: BaseStep) -> bool:
    return ("offline" if state.offline else "online") in step.unless
