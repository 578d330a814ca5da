"""Where anybody begins a service on their phone, ``/b/…``, and finds the code to go on with at a terminal, ``/d/…``."""

from __future__ import annotations

import io
from collections.abc import Mapping

import segno
from fastapi.responses import RedirectResponse, Response

from bureau.engine.phone.drafts import DraftDesk, Filled
from bureau.public.look import HEADERS
from bureau.public.site import Visit, moment
from config.catalogue.models import Service
from kiosk.domain.draft_codes import check_draft_code, grouped
from kiosk.domain.errors import FieldError


def form(visit: Visit, service: str) -> Response:
    """The empty forms of a service."""
    desk, found = _named(visit, service)
    if desk is None or found is None:
        return visit.message("absent", 404)
    return _forms(visit, desk.blank(found, visit.lang))


def filled(visit: Visit, service: str, given: Mapping[str, str], asker: str) -> Response:
    """What was filled in: to be mended, to be looked through, or kept under a code.

    ``do`` is ``look``, ``edit`` or ``keep``. The button of the other language sends the page as it is, ``was`` that it
    is. ``asker``: whose address it is; only so many are kept for one.
    """
    desk, found = _named(visit, service)
    if desk is None or found is None:
        return visit.message("absent", 404)
    do = given.get("do") or given.get("was", "")
    done = desk.fill(found, given, visit.lang, checked=do in ("look", "keep"))
    if done.review is None:
        return _forms(visit, done)
    if do != "keep":
        return _page(visit, done, 200)
    if wait := visit.site.kept.take(asker):
        page = visit.message("begin.limited", 429, minutes=int(wait / 60) + 1)
        return visit.later(page, wait)
    kept = desk.keep(done)
    return RedirectResponse(f"/d/{kept.code}?lang={visit.lang}", 303, HEADERS)


def code(visit: Visit, text: str) -> Response:
    """The code as a picture and in letters, until it was used or its time is over. What it says stands nowhere."""
    desk = visit.site.drafts
    try:
        kept = desk.kept(check_draft_code(text)) if desk is not None else None
    except FieldError:
        kept = None
    if desk is None:
        return visit.message("absent", 404)
    if kept is None:
        return visit.page("gone.html", 404, key="draft.unknown", begins=desk.begins())
    if kept.state != "open":
        return visit.page("gone.html", 410, key=f"draft.{kept.state}", begins=[kept.service])
    return visit.page(
        "draft.html",
        service=kept.service,
        code=grouped(kept.code),
        qr=picture(kept.url),
        until=moment(kept.expires_at),
    )


def picture(words: str) -> str:
    """A QR code as drawn in a page; black on the white of its frame, which is its quiet zone."""
    out = io.BytesIO()
    drawn = segno.make(words, error="m", micro=False, boost_error=False)
    drawn.save(out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return out.getvalue().decode()


def _named(visit: Visit, service: str) -> tuple[DraftDesk | None, Service | None]:
    desk = visit.site.drafts
    return desk, desk.named(service) if desk is not None else None


def _forms(visit: Visit, done: Filled) -> Response:
    bad = done.refusal is not None or not done.read.good
    return _page(visit, done, 422 if bad else 200)


def _page(visit: Visit, done: Filled, status: int) -> Response:
    return visit.page(
        "begin.html",
        status,
        service=done.service,
        rows=done.read.rows,
        wrong=[row.error for row in done.read.rows if row.error],
        refusal=done.refusal,
        review=done.review,
        worked_out_for=done.worked_out_for,
    )
