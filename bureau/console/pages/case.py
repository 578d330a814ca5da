"""一件: a case with all that its officer needs to decide it, and the acts by which it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from markupsafe import Markup
from nicegui import ui
from starlette.responses import Response

from bureau.console.case_words import decided_by, due_badge, fields_in_words, state_badge
from bureau.console.desk import Desk, desk_of
from bureau.console.html import facts, show, timeline
from bureau.console.parts import Parts
from bureau.console.shell import button, console_page, doing, frame, heading, problem
from bureau.engine import looks
from bureau.engine.matters.deciding import approve, ask_for, grant, refuse_case
from bureau.engine.matters.kinds import matters
from bureau.engine.matters.relief import Terms
from bureau.engine.matters.words import MOST_REASON, how_it_stands
from bureau.engine.names import matter_name
from bureau.errors import BureauError, CaseChanged, CaseUnknown
from bureau.officers.roles import Act
from bureau.ports.core import Core
from bureau.ports.materials import HeldPage
from bureau.ports.matters import MatterCase
from bureau.ports.reliefs import Relief
from bureau.ports.system import Work
from kiosk.domain.errors import FieldError
from kiosk.domain.masking import mask_mobile, mask_number
from kiosk.domain.money import parse_typed

WHOLE: Final = Terms()
"""What was applied for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case and what belongs to it, as its officer sees it."""

    case: MatterCase
    enterprise: str
    person: str
    number: str
    mobile: str
    relief: Relief | None
    pages: Sequence[HeldPage]
    stands: str


def install(parts: Parts) -> APIRouter:
    """Add the page; the route for its scanned pages is what is returned."""

    @console_page("/cases/{number}")
    async def case(request: Request, number: str) -> None:
        await _case(desk_of(parts, request), number if number.isdecimal() else "0")

    routes = APIRouter()

    @routes.get("/cases/{number}/pages/{page}")
    async def scanned(request: Request, number: str, page: int) -> Response:
        desk = desk_of(parts, request)
        if not number.isdecimal():
            return Response(status_code=404)
        try:
            picture = await desk.look(
                Act.CASE_PAGES, number, lambda work, officer: _page(parts, work, officer, number, page)
            )
        except BureauError:
            return Response(status_code=404)
        return Response(picture, media_type="image/jpeg")

    return routes


async def _case(desk: Desk, number: str) -> None:
    try:
        opened = await desk.look(
            Act.CASES_SEE, number, lambda work, officer: _opened(desk, work, officer, number)
        )
    except BureauError as error:
        with frame(desk, "cases", desk.say("place.cases")):
            heading(desk, problem(desk, error), above=(desk.say("place.cases"), "/cases"))
        return
    case = opened.case
    title = desk.told(matter_name(case.matter))
    with frame(desk, "cases", title):
        heading(
            desk, title, above=(desk.say("place.cases"), "/cases"), lead=opened.enterprise or opened.person
        )
        with ui.element("div").classes("two"):
            with ui.element("div"):
                _about(desk, opened)
                _pages(desk, opened)
            with ui.element("div"):
                _history(desk, opened)
                if case.state == "open":
                    _decide(desk, opened)


def _about(desk: Desk, opened: Opened) -> None:
    case, matter = opened.case, matters()[opened.case.matter]
    with ui.element("section").classes("card"):
        show(Markup("<h2>{}</h2>").format(desk.say("case.about")))
        service = desk.parts.services.current.get(case.matter)
        told = fields_in_words(service.service if service else None, case.fields, desk.lang)
        lines: list[tuple[str, object]] = [
            (desk.say("case.number"), case.case),
            (desk.say("case.state"), state_badge(desk, case)),
        ]
        if case.state == "open":
            lines.append(
                (
                    desk.say("case.due"),
                    Markup("{} {}").format(desk.day(case.due_on), due_badge(desk, case.due_on)),
                )
            )
        lines += [
            (desk.say("case.enterprise"), opened.enterprise),
            (desk.say("case.person"), opened.person),
            (desk.say("case.document"), opened.number),
            (desk.say("case.mobile"), opened.mobile),
            *told,
            (desk.say("case.basis"), desk.told(matter.basis)),
        ]
        show(facts((name, value) for name, value in lines if value))


def _pages(desk: Desk, opened: Opened) -> None:
    if not opened.pages or not desk.may(Act.CASE_PAGES):
        return
    with ui.element("section").classes("card"):
        show(Markup("<h2>{}</h2>").format(desk.say("case.pages", count=len(opened.pages))))
        show(
            Markup('<ul class="sheets">{}</ul>').format(
                Markup("").join(
                    Markup('<li><a href="{0}" target="_blank" rel="noopener">{1}</a></li>').format(
                        f"/cases/{opened.case.case}/pages/{page.number}",
                        desk.say("case.page", number=page.number, kilobytes=max(1, page.size // 1024)),
                    )
                    for page in opened.pages
                )
            )
        )


def _history(desk: Desk, opened: Opened) -> None:
    case = opened.case
    happened = [(desk.moment(case.accepted_at), desk.say("case.was-accepted"))]
    if opened.relief is not None:
        by = decided_by(desk, opened.relief.examined_by)
        happened.append(("", desk.say("case.was-examined", officer=by)))
    if case.wanted:
        happened.append(("", desk.say("case.was-asked", what=case.wanted)))
    if case.decided_at is not None:
        said = desk.say(f"case.was-{case.state}", officer=decided_by(desk, case.decided_by))
        happened.append((desk.moment(case.decided_at), said + (f" {case.reason}" if case.reason else "")))
    happened.append((desk.say("case.next"), opened.stands))
    with ui.element("section").classes("card"):
        show(Markup("<h2>{}</h2>").format(desk.say("case.history")))
        show(timeline(happened))


def _decide(desk: Desk, opened: Opened) -> None:
    """What this officer may do with an open case, each act with its own field and button."""
    acts = (Act.CASE_ASK, Act.CASE_APPROVE, Act.CASE_GRANT, Act.CASE_REFUSE)
    if not any(desk.may(act) for act in acts):
        return
    relief = bool(matters()[opened.case.matter].reliefs)
    with ui.element("section").classes("card decide"):
        show(Markup("<h2>{}</h2>").format(desk.say("case.decide")))
        if relief and desk.may(Act.CASE_GRANT):
            _grant(desk, opened)
        elif not relief and desk.may(Act.CASE_APPROVE):
            show(Markup("<p>{}</p>").format(desk.say("case.approve-lead")))
            button(
                desk, "case.approve", lambda: _done(desk, opened, Act.CASE_APPROVE), sure="case.approve-sure"
            )
        if desk.may(Act.CASE_ASK):
            _worded(desk, opened, Act.CASE_ASK, "case.ask")
        if desk.may(Act.CASE_REFUSE):
            _worded(desk, opened, Act.CASE_REFUSE, "case.refuse")


def _grant(desk: Desk, opened: Opened) -> None:
    """The first officer examines, on terms of their own where they say so; another grants what was examined."""
    examined = opened.relief
    if examined is None:
        show(Markup("<p>{}</p>").format(desk.say("case.examine-lead")))
        amount = ui.input(desk.say("case.amount")).props("outlined inputmode=decimal")
        percent = ui.input(desk.say("case.percent")).props("outlined inputmode=numeric")

        def typed() -> Terms:
            return terms_of(str(amount.value or ""), str(percent.value or ""))

        def wrong() -> str:
            try:
                typed()
            except ValueError:
                return desk.say("case.terms-wrong")
            return ""

        async def pressed() -> None:
            await _done(desk, opened, Act.CASE_GRANT, terms=typed())

        button(desk, "case.examine", pressed, sure="case.examine-sure", unless=wrong)
        return
    own = examined.examined_by == desk.officer.login
    lead = desk.say("case.own-examined" if own else "case.grant-lead", officer=examined.examined_by)
    show(Markup("<p>{}</p>").format(lead))
    if not own:
        button(desk, "case.grant", lambda: _done(desk, opened, Act.CASE_GRANT), sure="case.grant-sure")


def terms_of(amount: str, percent: str) -> Terms:
    """What an officer would grant, as typed: yuan, or a share from 1 to 100, or neither. Raises ``ValueError``."""
    if amount.strip() and percent.strip():
        raise ValueError("one of the two")
    if amount.strip():
        try:
            return Terms(amount_fen=int(parse_typed(amount)))
        except FieldError as error:
            raise ValueError("no amount") from error
    if not percent.strip():
        return Terms()
    share = int(percent)
    if not 1 <= share <= 100:
        raise ValueError("no share")
    return Terms(percent=share)


def _worded(desk: Desk, opened: Opened, act: Act, label: str) -> None:
    """An act whose words the owner is told."""
    words = ui.textarea(desk.say(f"{label}-words")).props(
        f"outlined autogrow maxlength={MOST_REASON} counter"
    )

    async def pressed() -> None:
        text = str(words.value or "").strip()
        if not text:
            words.props(f'error error-message="{desk.say("case.words-missing")}"')
            return
        await _done(desk, opened, act, text)

    button(desk, label, pressed, "quiet" if act is Act.CASE_ASK else "danger")


async def _done(desk: Desk, opened: Opened, act: Act, text: str = "", terms: Terms = WHOLE) -> None:
    rules, number = desk.parts.rules, opened.case.case

    def work(open_work: Work, officer: str) -> MatterCase:
        core = open_work.core
        _unless_changed(core, opened)
        done = {
            Act.CASE_APPROVE: lambda: approve(core, number, officer),
            Act.CASE_GRANT: lambda: grant(core, number, officer, terms, rules),
            Act.CASE_REFUSE: lambda: refuse_case(core, number, officer, text),
            Act.CASE_ASK: lambda: ask_for(core, number, text),
        }[act]()
        looks.by_officer(core, done.person, "case", officer, act.value)
        return done

    if await doing(desk, lambda: desk.act(act, number, work), desk.say(f"{act.value}.done")):
        ui.navigate.reload()


def _unless_changed(core: Core, opened: Opened) -> None:
    """Raises ``CaseChanged`` where an open case is not as the page shows it: nobody says yes to what they never saw."""
    now = core.matters.case(opened.case.case, lock=True)
    if now is None or now.state != "open":
        return  # the engine says so in its own words
    if (now, core.reliefs.relief(now.case, lock=True)) != (opened.case, opened.relief):
        raise CaseChanged(now.case)


def _opened(desk: Desk, work: Work, officer: str, number: str) -> Opened:
    """The case, once the person is told that an officer looked (个人信息保护法, art. 44)."""
    core = work.core
    case = core.matters.case(number)
    if case is None:
        raise CaseUnknown(number)
    looks.by_officer(core, case.person, "case", officer, "case.show")
    person = core.registration.person(case.person)
    firm = core.registration.taxpayer(case.taxpayer) if case.taxpayer else None
    return Opened(
        case=case,
        enterprise=f"{firm.name}（{firm.taxpayer}）" if firm is not None else "",
        person=person.name if person is not None else "",
        number=mask_number(case.person.number),
        mobile=mask_mobile(person.mobile) if person is not None and person.mobile else "",
        relief=core.reliefs.relief(number),
        pages=core.materials.of(number),
        stands=desk.told(how_it_stands(core, case)),
    )


def _page(parts: Parts, work: Work, officer: str, number: str, page: int) -> bytes:
    core = work.core
    case = core.matters.case(number)
    held = next((one for one in core.materials.of(number) if one.number == page), None)
    if case is None or held is None:
        raise CaseUnknown(number)
    looks.by_officer(core, case.person, "case", officer, "case.pages")
    return parts.vault.open(held.key, core.materials.sealed(held.key))
