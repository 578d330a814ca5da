"""现场: the page of a visit for the phone of an officer on the spot. Plain HTML and one script, for a weak network.

What is filled in goes to the centre field by field and waits on the phone until it got there; pictures go one by one,
each under a key of its own, so that what is sent twice is there once.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response

from bureau.console.desk import Desk, desk_of
from bureau.console.parts import Parts
from bureau.console.shell import problem
from bureau.console.way_in import shown
from bureau.console.worklists.pattern import OWN_NUMBER
from bureau.engine.inspecting import form as forms
from bureau.engine.inspecting import issuing, pictures, recording
from bureau.engine.inspecting.form import LONGEST, Entered, Form, Run
from bureau.engine.inspecting.recording import Met
from bureau.engine.inspecting.rules import Kind, rules
from bureau.errors import (
    ActForbidden,
    ActRefused,
    BureauError,
    InspectionRefused,
    SignInRefused,
    StoreConflict,
)
from bureau.officers.roles import Act
from bureau.ports.inspections import Inspection, Picture
from bureau.ports.system import Work
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.people import is_household
from kiosk.domain.signing import Stroke, strokes_of

PATH: Final = "/inspections/{number}"
KEY: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""A phone's own name of a picture (RFC 9562)."""
MOST_POINTS: Final = 7_000
SIDE_MOST: Final = 30_000
"""Hundredths of a millimetre of the surface that is signed on."""


class Sent(BaseModel):
    """Root of what the script sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Saved(Sent):
    """What is filled in so far, and the revision of the form that it was made of."""

    revision: int = Field(ge=0)
    entered: Entered


class Hand(Sent):
    """Who was met, and the ink: of each stroke x and y in hundredths of a millimetre and the milliseconds."""

    content: str = Field(pattern=r"[0-9a-f]{64}")
    name: str = Field(max_length=LONGEST["name"])
    capacity: str = Field(max_length=LONGEST["capacity"])
    refusal: str = Field(default="", max_length=LONGEST["refusal"])
    width: int = Field(ge=0, le=SIDE_MOST)
    height: int = Field(ge=0, le=SIDE_MOST)
    strokes: list[list[tuple[int, int, int]]] = Field(default_factory=list, max_length=MOST_POINTS)


class Word(Sent):
    """What an officer stands for."""

    whole: str = Field(pattern=r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as its page shows it."""

    inspection: Inspection
    kind: Kind
    form: Form
    pictures: tuple[Picture, ...]

    @property
    def content(self) -> str:
        """What a person signs."""
        return forms.digest(self.inspection, self.form, self.pictures)

    @property
    def whole(self) -> str:
        """What an officer confirms."""
        return forms.whole(self.inspection, self.form, self.pictures)


def install(parts: Parts) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get(f"{PATH}/visit")
    async def visit(request: Request, number: str) -> Response:
        desk = desk_of(parts, request)
        seen = await _answered(
            desk, lambda: desk.look(Act.INSPECTION_RECORD, _number(number), _seen(desk, number))
        )
        return seen if isinstance(seen, Response) else _page(desk, seen)

    @routes.put(f"{PATH}/form")
    async def save(request: Request, number: str) -> Response:
        async def work(desk: Desk) -> Seen:
            said = await _said(request, Saved)

            def do(work: Work, officer: str) -> Seen:
                law, vault = parts.rules, parts.vault
                recording.save(work.core, vault, law, number, officer, said.revision, said.entered)
                return _seen(desk, number)(work, officer)

            return await desk.act(Act.INSPECTION_RECORD, _number(number), do)

        return await _told(parts, request, work)

    @routes.put(f"{PATH}/pictures/{{key}}")
    async def picture(request: Request, number: str, key: str) -> Response:
        async def work(desk: Desk) -> Seen:
            _known(key)
            raw = await request.body()
            jpeg = await asyncio.to_thread(pictures.encoded_anew, raw)

            def do(work: Work, officer: str) -> Seen:
                recording.add_picture(work.core, parts.vault, parts.rules, number, officer, key, jpeg)
                return _seen(desk, number)(work, officer)

            return await desk.act(Act.INSPECTION_PICTURE, _number(number), do)

        return await _told(parts, request, work)

    @routes.post(f"{PATH}/pictures/{{key}}/drop")
    async def drop(request: Request, number: str, key: str) -> Response:
        async def work(desk: Desk) -> Seen:
            def do(work: Work, officer: str) -> Seen:
                recording.drop_picture(work.core, parts.vault, parts.rules, number, officer, _known(key))
                return _seen(desk, number)(work, officer)

            return await desk.act(Act.INSPECTION_PICTURE, _number(number), do, {"did": "dropped"})

        return await _told(parts, request, work)

    @routes.get(f"{PATH}/pictures/{{key}}")
    async def look(request: Request, number: str, key: str) -> Response:
        desk = desk_of(parts, request)

        def read(work: Work, _officer: str) -> bytes:
            return recording.shown_picture(work.core, parts.vault, number, _known(key))

        jpeg = await _answered(desk, lambda: desk.look(Act.INSPECTION_PICTURE, _number(number), read))
        return jpeg if isinstance(jpeg, Response) else Response(jpeg, media_type="image/jpeg")

    @routes.post(f"{PATH}/sign")
    async def sign(request: Request, number: str) -> Response:
        async def work(desk: Desk) -> Seen:
            said = await _said(request, Hand)
            strokes = [Stroke(tuple(points)) for points in said.strokes]
            met = Met(said.name, said.capacity, (said.width, said.height), strokes, said.refusal)

            def do(work: Work, officer: str) -> Seen:
                recording.sign(work.core, parts.vault, parts.rules, number, officer, said.content, met)
                return _seen(desk, number)(work, officer)

            await asyncio.to_thread(issuing.tried, parts.system, parts.office, parts.vault, number, met)
            return await desk.act(Act.INSPECTION_SIGN, _number(number), do)

        return await _told(parts, request, work)

    @routes.post(f"{PATH}/confirm")
    async def confirm(request: Request, number: str) -> Response:
        async def work(desk: Desk) -> Seen:
            said = await _said(request, Word)

            def do(work: Work, officer: str) -> Seen:
                recording.confirm(work.core, parts.vault, number, officer, said.whole)
                return _seen(desk, number)(work, officer)

            await asyncio.to_thread(issuing.tried, parts.system, parts.office, parts.vault, number)
            seen = await desk.act(Act.INSPECTION_CONFIRM, _number(number), do)
            return await _issued(desk, number) if seen.inspection.state == "confirmed" else seen

        return await _told(parts, request, work)

    @routes.post(f"{PATH}/issue")
    async def issue(request: Request, number: str) -> Response:
        return await _told(parts, request, lambda desk: _issued(desk, number))

    @routes.get(f"{PATH}/paper")
    async def paper(request: Request, number: str) -> Response:
        desk = desk_of(parts, request)

        def read(work: Work, _officer: str) -> bytes:
            recording.at(work.core, number, "issued")
            pdf = work.core.certificates.pdf(number, "")
            assert pdf is not None, "it was entered when it was issued"
            return pdf

        pdf = await _answered(desk, lambda: desk.look(Act.INSPECTION_PAPER, _number(number), read))
        if isinstance(pdf, Response):
            return pdf
        name = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=name)

    @routes.get(f"{PATH}/copy")
    async def offer(request: Request, number: str) -> Response:
        desk = desk_of(parts, request)
        seen = await _answered(
            desk,
            lambda: desk.watch(
                Act.INSPECTION_COPY, lambda work, _: recording.at(work.core, _number(number), "issued")
            ),
        )
        return (
            seen
            if isinstance(seen, Response)
            else shown("visit_copy.html", desk.lang, number=number, link=None)
        )

    @routes.post(f"{PATH}/copy")
    async def copy(request: Request, number: str) -> Response:
        desk = desk_of(parts, request)

        def make(work: Work, _officer: str) -> issuing.Link:
            return issuing.link(work.core, parts.public_url, number)

        link = await _answered(desk, lambda: desk.act(Act.INSPECTION_COPY, _number(number), make))
        if isinstance(link, Response):
            return link
        code = Markup(segno.make(link.url, error="m").svg_inline(border=4, light="#fff", omitsize=True))
        return shown(
            "visit_copy.html",
            desk.lang,
            number=number,
            link=link.url,
            code=code,
            until=desk.moment(link.until),
        )

    return routes


async def _issued(desk: Desk, number: str) -> Seen:
    """The paper is drawn outside of any transaction; where that fails the visit stays confirmed, to be issued later."""
    parts = desk.parts
    await desk.manage(
        Act.INSPECTION_ISSUE,
        _number(number),
        lambda officer: issuing.issue(parts.system, parts.office, parts.vault, number, officer),
    )
    return await desk.watch(Act.INSPECTION_RECORD, _seen(desk, number))


# --- what is asked, and what is answered ----------------------------------------------------------------------


def _number(number: str) -> str:
    """As the trail has it; what is no number of ours is not kept, as it may be anybody's."""
    return number if re.fullmatch(OWN_NUMBER, number, re.ASCII) else ""


def _known(key: str) -> str:
    if not re.fullmatch(KEY, key):
        raise InspectionRefused("picture-none", "there is no such picture")
    return key


async def _said(request: Request, model: type[Any]) -> Any:
    """What the script sent; raises ``InspectionRefused`` for what it never sends."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise InspectionRefused("answer", "what was sent is nothing that the form has") from error


async def _told(parts: Parts, request: Request, work: Callable[[Desk], Awaitable[Seen]]) -> Response:
    """What the script is told: how the visit stands now, or in words why it was not done."""
    desk = desk_of(parts, request)
    try:
        return JSONResponse(_stands(desk, await work(desk)))
    except SignInRefused:
        return JSONResponse({"told": desk.say("visit.signed-out"), "code": "over"}, 401)
    except StoreConflict as error:
        return JSONResponse(
            {"told": problem(desk, error), "code": ""}, 503
        )  # the phone tries it again by itself
    except BureauError as error:
        code = error.code if isinstance(error, ActRefused) else ""
        status = 403 if isinstance(error, ActForbidden) else 409
        now = await _now(desk, request) if code == "revised" else None
        return JSONResponse({"told": problem(desk, error), "code": code, "stands": now}, status)


async def _now(desk: Desk, request: Request) -> Mapping[str, object] | None:
    """How the visit stands, for a page that was drawn of what was changed since; None: nobody sees it any more."""
    try:
        seen = await desk.watch(Act.INSPECTION_RECORD, _seen(desk, request.path_params["number"]))
    except BureauError:
        return None
    return _stands(desk, seen)


async def _answered(desk: Desk, work: Callable[[], Awaitable[Any]]) -> Any:
    """The result, or the page that says why there is none."""
    try:
        return await work()
    except SignInRefused:
        return RedirectResponse("/sign-in", 303)
    except BureauError as error:
        status = 403 if isinstance(error, ActForbidden) else 404
        return shown("visit_none.html", desk.lang, status, told=problem(desk, error))


def _seen(desk: Desk, number: str) -> Callable[[Work, str], Seen]:
    def read(work: Work, _officer: str) -> Seen:
        core, parts = work.core, desk.parts
        one = recording.there(core, number)
        if one.state == "cancelled":
            raise InspectionRefused("state", f"{number} is cancelled")
        form = recording.opened(core, parts.vault, parts.rules, one)
        return Seen(one, forms.kind_of(one), form, tuple(core.inspections.pictures(number)))

    return read


def _stands(desk: Desk, seen: Seen) -> Mapping[str, object]:
    one, form = seen.inspection, seen.form
    lacking = forms.missing(seen.kind, form, len(seen.pictures))
    return {
        "revision": one.revision,
        "content": seen.content,
        "whole": seen.whole,
        "missing": [_lacks(desk, seen, key) for key in lacking],
        "entered": form.entered.model_dump(mode="json"),
        "known": _of_known(form),
        "signed": form.signed is not None,
        "hand": form.signed.at.isoformat() if form.signed is not None else "",
        "needed": _needs_signature(seen),
        "state": one.state,
        "confirmed": [one.confirmed_first is not None, one.confirmed_second is not None],
        "pictures": [picture.key for picture in seen.pictures],
    }


def _of_known(form: Form) -> str:
    """A digest of what the centre knew, but for the moment: until something is kept it is read anew each time."""
    known = form.known.model_dump_json(exclude={"read_at"})
    return hashlib.sha256(known.encode()).hexdigest()


def _needs_signature(seen: Seen) -> bool:
    outcome = seen.kind.outcomes.get(seen.form.entered.outcome)
    return outcome is not None and outcome.signed


def _lacks(desk: Desk, seen: Seen, key: str) -> str:
    """What is missing, as the form calls it."""
    what, _, name = key.partition(":")
    if what == "question":
        return desk.told(seen.kind.questions[name].ask)
    if what == "run":
        return _run(desk, next(run for run in seen.form.known.runs if run.key == name))
    return desk.say(f"visit.{what}")


def _run(desk: Desk, run: Run) -> str:
    return desk.say("inspections.run", kind=desk.told(run.kind), first=run.first, last=run.last)


# --- the page -------------------------------------------------------------------------------------------------


def _page(desk: Desk, seen: Seen) -> Response:
    one, known, me = seen.inspection, seen.form.known, desk.officer.login
    mine = me in (one.first, one.second)
    early = desk.today() < one.day
    return shown(
        "visit.html",
        desk.lang,
        one=one,
        kind=seen.kind,
        known=known,
        household=is_household(one.taxpayer),
        entered=seen.form.entered,
        signed=seen.form.signed,
        ink=_drawn(seen.form),
        pictures=seen.pictures,
        told=desk.told,
        day=desk.day,
        moment=desk.moment,
        money=lambda fen: format_yuan(Fen(fen)),
        run=lambda run: _run(desk, run),
        rights=desk.told(say("inspection.rights")),
        basis=desk.told(rules().bases.get(one.basis, {"": one.basis})),
        longest=LONGEST,
        most=rules().pictures.most,
        open=one.state == "ordered" and mine and not early,
        early=early,
        mine=mine,
        said=one.confirmed_first is not None if me == one.first else one.confirmed_second is not None,
        stands=Markup(json.dumps(_stands(desk, seen), ensure_ascii=False).replace("<", "\\u003c")),
        side=rules().pictures.longest_side,
        megabytes=rules().pictures.megabytes,
    )


def _drawn(form: Form) -> Markup | None:
    """The signature as it was drawn; None where there is none."""
    if form.signed is None or not form.signed.ink:
        return None
    (width, height), strokes = strokes_of(base64.b64decode(form.signed.ink))
    paths = Markup("").join(
        Markup('<polyline points="{}"/>').format(" ".join(f"{x},{y}" for x, y, _ in stroke.points))
        for stroke in strokes
    )
    return Markup('<svg class="ink" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        width, height, form.signed.name, paths
    )
