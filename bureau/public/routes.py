"""The public pages: ``/``, ``/v``, ``/i``, ``/r``, ``/b``, ``/open``; by a code ``/a/`` and its like."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bureau.public import (
    appointments,
    drafts,
    fetching,
    going_on,
    invoices,
    look,
    lottery,
    mutual,
    opendata,
    queue,
    school,
)
from bureau.public.asked import changed_words, lead
from bureau.public.checking import Asked, Comparison, Finding, Outcome, check, compare, signed
from bureau.public.site import PublicSite, Visit, address_of
from bureau.public.upload import add_file_pages
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_registered

FORM_BYTES = 8 * 1024
MOST_FIELDS, MOST_ROWS = 12, 40
"""Of a form of ours, and of one that asks the rows of a service."""
STATUS = {Finding.MALFORMED: 422, Finding.MISMATCH: 404, Finding.UNREGISTERED: 409}
"""Everything else is 200: the certificate is shown."""
READ = ["GET", "HEAD"]
"""What catalogues of others ask for."""
log = logging.getLogger("kiosk.public")


def create_router(site: PublicSite) -> APIRouter:
    """All public pages over ``site``; no page needs a session, a cookie or a script."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front(request: Request) -> Response:
        return front_page(Visit.of(site, request))

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        return look.asset(name)

    @router.get("/v")
    async def verify(request: Request) -> Response:
        visit = Visit.of(site, request)
        if not visit.fields:
            return front_page(visit)
        return await _looked_up(visit, request, lambda: _certificate(visit))

    @router.post("/v")
    async def verify_typed(request: Request) -> Response:
        return await posted(request, comparing=False)

    @router.post("/v/compare")
    async def compare_paper(request: Request) -> Response:
        return await posted(request, comparing=True)

    async def posted(request: Request, *, comparing: bool) -> Response:
        try:
            form = await _form(request)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        visit = Visit.of(site, request, form)
        return await _looked_up(visit, request, lambda: _certificate(visit, comparing=comparing))

    @router.get("/r")
    async def registration(request: Request) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: _registration(visit))

    @router.post("/r")
    async def registration_typed(request: Request) -> Response:
        try:
            form = await _form(request)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        visit = Visit.of(site, request, form)
        return await _looked_up(visit, request, lambda: _registration(visit))

    @router.get("/i")
    async def invoice(request: Request) -> Response:
        return invoices.form(Visit.of(site, request))

    @router.post("/i")
    async def invoice_typed(request: Request) -> Response:
        try:
            given = await _form(request)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        visit = Visit.of(site, request, given)
        return await _looked_up(visit, request, lambda: invoices.checked(visit))

    @router.get("/e/{link}")
    async def delivered(request: Request, link: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: invoices.offered(visit, link))

    @router.post("/e/{link}")
    async def fetched(request: Request, link: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: invoices.fetched(visit, link))

    @router.get("/k/{link}")
    async def certificate_offered(request: Request, link: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: fetching.offered(visit, link))

    @router.post("/k/{link}")
    async def certificate_fetched(request: Request, link: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: fetching.fetched(visit, link))

    @router.api_route("/open", methods=READ)
    async def open_sets(request: Request) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: opendata.listed(visit))

    @router.api_route("/open/{dataset}/{period}", methods=READ)
    async def open_release(request: Request, dataset: str, period: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: opendata.shown(visit, dataset, period))

    @router.api_route("/open/{dataset}/{period}/data.csv", methods=READ)
    async def open_table(request: Request, dataset: str, period: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: opendata.table(visit, dataset, period))

    @router.api_route("/open/{dataset}/{period}/datapackage.json", methods=READ)
    async def open_described(request: Request, dataset: str, period: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: opendata.described(visit, dataset, period))

    @router.get("/l/{number}")
    async def draw(request: Request, number: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: lottery.ticket(visit, number))

    @router.get("/q/{key}")
    async def queued(request: Request, key: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: queue.place(visit, key))

    @router.get("/h/{name}")
    async def contributed(request: Request, name: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: mutual.followed(visit, name))

    @router.get("/a/{token}")
    async def booked(request: Request, token: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: appointments.booking(visit, token))

    @router.post("/a/{token}")
    async def rebooked(request: Request, token: str) -> Response:
        try:
            given = await _form(request)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        # The other language shows the page again: it must not change anything a second time.
        visit = replace(Visit.of(site, request, given), method="get", fields={})
        return await _looked_up(visit, request, lambda: appointments.changed(visit, token, given))

    @router.get("/t/{token}")
    async def seat(request: Request, token: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: school.seat(visit, token))

    @router.post("/t/{token}")
    async def seat_given_back(request: Request, token: str) -> Response:
        try:
            given = await _form(request)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        # The other language shows the page again: it must not change anything a second time.
        visit = replace(Visit.of(site, request, given), method="get", fields={})
        return await _looked_up(visit, request, lambda: school.changed(visit, token, given))

    @router.get("/w/{course}")
    async def courseware(request: Request, course: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: school.courseware(visit, course))

    @router.get("/b/{service}")
    async def begin(request: Request, service: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: drafts.form(visit, service))

    @router.post("/b/{service}")
    async def begun(request: Request, service: str) -> Response:
        try:
            given = await _form(request, MOST_ROWS)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        visit, asker = Visit.of(site, request, given, given.get("to", "")), address_of(request)
        return await _looked_up(visit, request, lambda: drafts.filled(visit, service, given, asker))

    @router.get("/d/{text}")
    async def draft(request: Request, text: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: drafts.code(visit, text))

    @router.get("/c/{link}")
    async def continued(request: Request, link: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: going_on.opened(visit, request, link))

    @router.post("/c/{link}")
    async def go_on(request: Request, link: str) -> Response:
        try:
            given = await _form(request, MOST_ROWS)
        except HTTPException as refused:
            return told(site, request, refused.status_code)
        visit = Visit.of(site, request, given, given.get("to", ""))
        return await _looked_up(visit, request, lambda: going_on.acted(visit, request, link, given))

    @router.get("/s/{key}")
    async def slip(request: Request, key: str) -> Response:
        visit = Visit.of(site, request)
        return await _looked_up(visit, request, lambda: _slip(visit, key))

    add_file_pages(router, site)
    return router


def front_page(visit: Visit) -> Response:
    """What can be checked, and what can be begun."""
    desk = visit.site.drafts
    return visit.page("front.html", wide=True, begins=desk.begins() if desk is not None else ())


def told(site: PublicSite, request: Request, status: int) -> Response:
    """The page for what no other page answers: no such address, a form that was not read, trouble of ours."""
    key = "absent" if status in (404, 405) else "slow" if status >= 500 else "unread"
    # The address is a stranger's and may be no path of ours: the other language begins at the start page.
    visit = replace(Visit.of(site, request), method="get", path="/", fields={})
    return visit.message(key, status)


async def _form(request: Request, most: int = MOST_FIELDS) -> dict[str, str]:
    """A small form, read to its bound and no further; 411 and 413 for others."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise HTTPException(411)
    if int(length) > FORM_BYTES:
        raise HTTPException(413)
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=most))
    except ValueError as fault:
        raise HTTPException(400) from fault


async def _looked_up(visit: Visit, request: Request, answer: Callable[[], Response]) -> Response:
    """The answer from a worker thread; a page of its own when asked too often or the register is away."""
    if wait := visit.site.looks.take(address_of(request)):
        return visit.limited(wait)
    try:
        return await run_in_threadpool(answer)
    except Exception as fault:
        log.exception("public page: the register gave %s", type(fault).__name__)
        return visit.message("slow", 503)


def _certificate(visit: Visit, *, comparing: bool = False) -> Response:
    fields, site = visit.fields, visit.site
    asked = Asked.read(fields.get("n", ""), fields.get("c", ""), fields.get("s", ""))
    guarded = not asked.errors and signed(asked, site.trust.code_keys) is None
    # Only who lacks a genuine QR code can be guessing; whoever holds one is never kept out by guessers.
    if guarded and (wait := site.guesses.wait_s(asked.number)):
        return visit.limited(wait)
    outcome = check(asked, site.records, site.trust.code_keys)
    if outcome.finding is Finding.MISMATCH:
        site.guesses.take(asked.number)
    if outcome.finding is Finding.UNREGISTERED:
        log.error("certificate %s: signed by this bureau, but the register disagrees", asked.number)
    return _result(visit, outcome, _compared(visit, outcome) if comparing else None)


def _compared(visit: Visit, outcome: Outcome) -> Comparison | None:
    if outcome.data is None:
        return None
    return compare(outcome, visit.fields.get("paper_number", ""), visit.fields.get("paper_amount", ""))


def _result(visit: Visit, outcome: Outcome, comparison: Comparison | None) -> Response:
    ended = outcome.record.ended if outcome.record is not None else None
    return visit.page(
        "result.html",
        STATUS.get(outcome.finding, 200),
        wide=outcome.data is not None,
        finding=outcome.finding,
        lead=lead(outcome),
        asked=outcome.asked,
        errors=outcome.asked.errors,
        record=outcome.record,
        data=outcome.data,
        scanned=outcome.scanned,
        changes=outcome.changes,
        changed=changed_words,
        comparison=comparison,
        why=say(f"certificate.why.{ended.reason}") if ended is not None else {},
        paper_number=visit.fields.get("paper_number", ""),
        paper_amount=visit.fields.get("paper_amount", ""),
    )


def _registration(visit: Visit) -> Response:
    """An enterprise's registration by its number; without a number the form alone."""
    typed = visit.fields.get("n", "").strip()
    if not typed:
        return visit.page("registration.html", found=None, number="", wrong=False, absent=False)
    try:
        number = check_registered(typed).code
    except FieldError:
        return visit.page("registration.html", 422, found=None, number=typed, wrong=True, absent=False)
    found = visit.site.records.registration(number)
    status = 404 if found is None else 200
    return visit.page(
        "registration.html", status, found=found, number=number, wrong=False, absent=found is None
    )


def _slip(visit: Visit, key: str) -> Response:
    try:
        key = str(uuid.UUID(key))
    except ValueError:
        return visit.message("absent", 404)
    desk = visit.site.feedback
    found = desk.shown(key) if desk is not None else None
    if found is not None:
        return visit.page("feedback.html", facts=found.facts, answer=found.answer, desk=found.case.desk)
    slip = visit.site.records.slip(key)
    written = visit.site.records.contribution(key) if slip.kind in mutual.KINDS else None
    if written is not None:  # of who had no network when they wrote it: what became of it
        return mutual.page(visit, written)
    return visit.page("slip.html", slip=slip)
