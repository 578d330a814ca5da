"""The console as one web application: the gate, the way in, and the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from nicegui import app as framework
from nicegui import ui
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from bureau.console.gate import Gate
from bureau.console.live import Watch
from bureau.console.pages import case, cases, officers, today, trail
from bureau.console.pages.cases import LISTED
from bureau.console.parts import Parts, words
from bureau.console.way_in import way_in


def create_console(parts: Parts) -> ASGIApp:
    """The console over ``parts``; one a process, as the framework has one application that pages are registered in."""
    watch = Watch({"cases": lambda: _cases(parts)})

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watch.start()
        yield
        await watch.stop()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(way_in(parts))
    app.include_router(case.install(parts))
    cases.install(parts, watch)
    today.install(parts, watch)
    officers.install(parts)
    trail.install(parts)
    framework.exception_handler(404)(_nothing)  # its own page for that would stay alive for whoever asks
    ui.run_with(app, title=words()["zh-CN"].get("console"), language="zh-CN", show_welcome_message=False)
    return Gate(app, parts.sessions, parts.url)


def _nothing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("there is no such page", 404)


def _cases(parts: Parts) -> Hashable:
    """Differs whenever a case came, was asked about, supplied or decided."""
    with parts.system.read() as work:
        waiting = [(case.case, case.wanted, case.due_on) for case in work.core.matters.listed("open", LISTED)]
        decided = [case.case for case in work.core.matters.listed("decided", 1)]
    return (tuple(waiting), tuple(decided))
