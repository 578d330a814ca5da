"""Signing in and taking up an account: plain HTML forms, so that cookies are set by answers and no script is needed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import segno
from fastapi import APIRouter, Form, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import AfterValidator
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bureau.console.parts import Parts, words
from bureau.errors import OfficerError, PasswordWeak, SignInRefused
from bureau.limits import Limiter, Rate, network_of
from bureau.officers.sessions import LONGEST, SECOND_WITHIN
from bureau.officers.trail import Phase, Who
from bureau.public.look import language

HERE: Final = Path(__file__).parent
COOKIE: Final = "__Host-console"
STEP_COOKIE: Final = "__Host-console-step"
"""``__Host-``: a browser takes such a cookie over HTTPS alone, for this host alone (RFC 6265bis, 4.1.3.2)."""
ASSETS: Final[Mapping[str, str]] = {
    "console.css": "text/css; charset=utf-8",
    "mark.svg": "image/svg+xml",
    "visit.js": "text/javascript; charset=utf-8",
}
_SHARED: Final = HERE.parent / "public" / "assets"
"""The bureau's mark is that of the public pages."""

SIGN_IN: Final = "session.begin"
SIGN_OUT: Final = "session.end"
TAKE_UP: Final = "officer.take-up"
"""What stands on the trail of the way in."""

Text = Annotated[str, Form(max_length=256), AfterValidator(lambda text: text.replace("\0", ""))]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def shown(name: str, lang: str, status: int = 200, **values: object) -> HTMLResponse:
    """One of the plain pages."""
    say = words()[lang].get
    html = _environment().get_template(name).render(say=say, lang=lang, **values)
    return HTMLResponse(html, status)


def forbidden(lang: str) -> Response:
    """What an officer reads whose roles do not open a page."""
    return shown("forbidden.html", lang, 403)


def way_in(parts: Parts) -> APIRouter:
    """The routes that are open to everybody; one address may try passwords and codes no more often than is set."""
    routes = APIRouter()
    limiter = Limiter(Rate(parts.tries_per_minute, 60))

    def wait_of(request: Request) -> float:
        return limiter.take(network_of(request.client.host if request.client else ""))

    @routes.get("/assets/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        folder = HERE / "assets" if (HERE / "assets" / name).exists() else _SHARED
        headers = {"Cache-Control": "public, max-age=3600"}
        return FileResponse(folder / name, media_type=ASSETS[name], headers=headers)

    @routes.get("/sign-in")
    def sign_in(request: Request, next: str = "/") -> Response:
        return shown("sign_in.html", _lang(request), next=_own_path(next), problem="", login="")

    @routes.post("/sign-in")
    async def password(request: Request, login: Text = "", password: Text = "", next: Text = "/") -> Response:
        lang = _lang(request)
        try:
            _unless_often(wait_of(request))
            address = request.client.host if request.client else ""
            token = await asyncio.to_thread(parts.sessions.password, login, password, address)
        except SignInRefused as refused:
            who = await asyncio.to_thread(_known, parts, login)
            await _refused(parts, who, "password", refused)
            problem = _refusal(lang, refused, "password")
            return shown("sign_in.html", lang, 403, next=_own_path(next), problem=problem, login=login)
        answer = shown("second.html", lang, next=_own_path(next), problem="")
        _set(answer, STEP_COOKIE, token, int(SECOND_WITHIN.total_seconds()))
        return answer

    @routes.post("/sign-in/code")
    async def second(request: Request, code: Text = "", next: Text = "/") -> Response:
        lang, step = _lang(request), request.cookies.get(STEP_COOKIE, "")
        try:
            _unless_often(wait_of(request))
            address = request.client.host if request.client else ""
            token = await asyncio.to_thread(parts.sessions.second, step, code, address)
        except SignInRefused as refused:
            who = await asyncio.to_thread(parts.sessions.begun, step)
            await _refused(parts, who, "code", refused)
            problem = _refusal(lang, refused, "code")
            if refused.code != "wrong":
                return shown("sign_in.html", lang, 403, next=_own_path(next), problem=problem, login="")
            return shown("second.html", lang, 403, next=_own_path(next), problem=problem)
        await asyncio.to_thread(parts.sessions.end, request.cookies.get(COOKIE, ""))
        session = await asyncio.to_thread(parts.sessions.of, token)
        if session is not None:
            await _noted(parts, Who(session.officer.login, session.id), SIGN_IN, "done")
        answer = RedirectResponse(_own_path(next), 303)
        _set(answer, COOKIE, token, int(LONGEST.total_seconds()))
        answer.delete_cookie(STEP_COOKIE, secure=True, httponly=True, samesite="strict")
        return answer

    @routes.post("/sign-in/out")
    async def sign_out(request: Request) -> Response:
        token = request.cookies.get(COOKIE, "")
        session = await asyncio.to_thread(parts.sessions.of, token)
        await asyncio.to_thread(parts.sessions.end, token)
        if session is not None:
            await _noted(parts, Who(session.officer.login, session.id), SIGN_OUT, "done")
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
        return answer

    @routes.get("/enrol")
    def begin(request: Request) -> Response:
        return shown("enrol.html", _lang(request), problem="", code="")

    @routes.post("/enrol")
    async def invited(request: Request, code: Text = "") -> Response:
        lang = _lang(request)
        try:
            _unless_often(wait_of(request))
            invitation = await asyncio.to_thread(parts.accounts.invitation, code)
        except OfficerError as error:
            problem = _problem(lang, error)
            return shown("enrol.html", lang, 403, problem=problem, code=code)
        return shown(
            "take_up.html", lang, problem="", code=code, picture=_scanned(invitation.address), of=invitation
        )

    @routes.post("/enrol/take-up")
    async def take_up(
        request: Request, code: Text = "", password: Text = "", again: Text = "", figures: Text = ""
    ) -> Response:
        lang = _lang(request)
        try:
            _unless_often(wait_of(request))
            invitation = await asyncio.to_thread(parts.accounts.invitation, code)
        except OfficerError as error:
            return shown("enrol.html", lang, 403, problem=_problem(lang, error), code=code)
        try:
            if password != again:
                raise PasswordWeak("differs")
            spare = await asyncio.to_thread(parts.accounts.take_up, code, password, figures)
        except OfficerError as error:
            problem = _problem(lang, error)
            seen = _scanned(invitation.address)
            return shown("take_up.html", lang, 403, problem=problem, code=code, picture=seen, of=invitation)
        await _noted(parts, Who(invitation.login), TAKE_UP, "done")
        return shown("taken_up.html", lang, codes=spare, of=invitation)

    return routes


async def _noted(
    parts: Parts, who: Who, act: str, phase: Phase, details: Mapping[str, str] | None = None
) -> None:
    await asyncio.to_thread(parts.trail.note, who, act, who.officer, phase, details)


async def _refused(parts: Parts, who: Who, step: str, refused: SignInRefused) -> None:
    """Note what was tried on somebody's account, and nothing else: nobody outside fills the trail for ever."""
    if who.officer and refused.code != "often":
        await _noted(parts, who, SIGN_IN, "refused", {"step": step, "why": refused.code})


def _known(parts: Parts, login: str) -> Who:
    """Whose account was tried; nobody's where the name, which may be anything, is that of none."""
    try:
        return Who(parts.accounts.officer(login.strip().lower()).login)
    except OfficerError:
        return Who("")


def _lang(request: Request) -> str:
    """As the form before said, else as the browser asks."""
    return language(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))


def _own_path(path: str) -> str:
    """A page of this console to go on to; nothing that leads elsewhere."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"


def _unless_often(wait_s: float) -> None:
    if wait_s:
        raise SignInRefused("often", wait_s)


def _refusal(lang: str, refused: SignInRefused, what: str) -> str:
    code = f"wrong.{what}" if refused.code == "wrong" else refused.code
    return words()[lang].get(f"sign-in.{code}", minutes=max(1, math.ceil(refused.wait_s / 60)))


def _problem(lang: str, error: OfficerError) -> str:
    if isinstance(error, SignInRefused):
        return _refusal(lang, error, "code")
    return words()[lang].get(f"officer.{error.code}")


def _scanned(address: str) -> Markup:
    """The code that an authenticator scans, drawn here: no other program ever sees the secret."""
    drawn = segno.make(address, error="m").svg_inline(border=4, light="#fff", omitsize=True)
    return Markup(drawn)


def _set(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")
