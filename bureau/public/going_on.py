"""Where one phone goes on with a visit that a terminal handed over, ``/c/…``: corrects, confirms, pays, has it issued.

The link's secret lets one phone in, once; from then on a secret of its own, in a cookie that no script reads and that
no other site's form sends, is what the phone is known by.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from bureau.engine.phone.going_on import GoingOn, Seen
from bureau.engine.phone.visits import LIFE
from bureau.public.look import HEADERS
from bureau.public.site import Visit
from config.clock import CHINA

COOKIE = "visit"
AGAIN_S = {"paying": 5, "doubt": 5, "busy": 2}
"""Pages that look again by themselves, after so many seconds."""


def opened(visit: Visit, request: Request, link: str) -> Response:
    """The link before any phone took it; to the phone that did, where the visit stands."""
    desk = visit.site.going_on
    key, _, secret = link.partition(".")
    if desk is None or not _is_key(key):
        return visit.message("absent", 404)
    own = request.cookies.get(f"{COOKIE}-{key}", "")
    if own and (seen := desk.now(key, own, visit.lang)) is not None:
        return _page(visit, key, seen)
    if not secret:
        return _gone(visit, "continue.over")
    state = desk.offered(key, secret)
    if state != "waiting":
        return _gone(visit, f"continue.{state}")
    return visit.page("continue_take.html", link=link)


def acted(visit: Visit, request: Request, link: str, given: Mapping[str, str]) -> Response:
    """Taken by this phone, or what its owner asked for (``do``). Sent twice it is done once."""
    desk = visit.site.going_on
    key, _, secret = link.partition(".")
    if desk is None or not _is_key(key):
        return visit.message("absent", 404)
    if secret:
        return _taken(visit, request, desk, key, secret)
    own = request.cookies.get(f"{COOKIE}-{key}", "")
    seen = _done(desk, key, own, given, visit.lang)
    if seen is None:
        return _gone(visit, "continue.over")
    if seen.why is None and seen.where not in ("fill", "review"):
        return RedirectResponse(f"/c/{key}?lang={visit.lang}", 303, HEADERS)
    return _page(visit, key, seen, again=given)


def _done(desk: GoingOn, key: str, own: str, given: Mapping[str, str], lang: str) -> Seen | None:
    do = given.get("do") or given.get("was", "")
    match do:
        case "look":
            return desk.fill(key, own, given, lang)
        case "apply":
            return desk.fill(key, own, given, lang, given.get("seen", ""))
        case "edit":
            return desk.edit(key, own, given, lang)
        case "pay":
            return desk.pay(key, own, lang)
        case "cancel":
            return desk.cancel(key, own, lang)
        case "leave":
            return desk.leave(key, own, lang)
    return desk.now(key, own, lang)


def _taken(visit: Visit, request: Request, desk: GoingOn, key: str, secret: str) -> Response:
    own = desk.take(key, secret)
    if own is None:
        return _gone(visit, f"continue.{desk.offered(key, secret)}")
    response = RedirectResponse(f"/c/{key}?lang={visit.lang}", 303, HEADERS)
    response.set_cookie(
        f"{COOKIE}-{key}",
        own,
        max_age=int(LIFE.total_seconds()),
        path="/c",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",  # it comes back from the cashier's page by a link, and is sent by no other site's form
    )
    return response


def _cashier(visit: Visit, key: str, seen: Seen) -> str:
    """The acquirer's own page for phones, which leads back here; empty while no order is open."""
    if not seen.cashier:
        return ""
    back = f"{visit.origin}/c/{key}?lang={visit.lang}"
    joint = "&" if "?" in seen.cashier else "?"
    return f"{seen.cashier}{joint}lang={visit.lang}&back={quote(back, safe='')}"


def _page(visit: Visit, key: str, seen: Seen, again: Mapping[str, str] | None = None) -> Response:
    bad = seen.why is not None or (seen.read is not None and not seen.read.good)
    return visit.page(
        "continue.html",
        422 if bad and again is not None else 200,
        key=key,
        seen=seen,
        until=f"{seen.expires_at.astimezone(CHINA):%H:%M}",
        wrong=[row.error for row in seen.read.rows if row.error] if seen.read is not None else [],
        rows=seen.read.rows if seen.read is not None else (),
        cashier=_cashier(visit, key, seen),
        refresh=AGAIN_S.get(seen.where, 0),
        switch={"method": "get", "action": f"/c/{key}", "fields": {}},
    )


def _gone(visit: Visit, key: str) -> Response:
    return visit.page("continue_gone.html", 410, key=key)


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
