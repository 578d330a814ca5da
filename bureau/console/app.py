"""The console as one web application: the gate, the way in, and the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from nicegui import app as framework
from nicegui import ui
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from bureau.console.gate import Gate
from bureau.console.live import Watch
from bureau.console.pages import analytics, case, cases, centres, officers, opendata, today, trail, visit
from bureau.console.parts import Parts, words
from bureau.console.way_in import way_in
from bureau.console.worklists import WORKLISTS
from bureau.console.worklists import pages as worklists
from bureau.console.worklists.pattern import LISTED, Worklist


def create_console(parts: Parts) -> ASGIApp:
    """The console over ``parts``; one a process, as the framework has one application that pages are registered in."""
    marks: dict[str, Callable[[], Hashable]] = {
        "cases": partial(_cases, parts),
        "alerts": lambda: parts.alarm.now().mark,
    }
    for worklist in WORKLISTS:
        marks[worklist.key] = partial(_marked, parts, worklist)
    watch = Watch(marks)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watch.start()
        yield
        await watch.stop()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(way_in(parts))
    app.include_router(case.install(parts))
    app.include_router(analytics.install(parts))
    app.include_router(centres.install(parts))
    app.include_router(visit.install(parts))
    cases.install(parts, watch)
    today.install(parts, watch)
    for worklist in WORKLISTS:
        worklists.install(parts, watch, worklist)
    opendata.install(parts)
    officers.install(parts)
    trail.install(parts)
    framework.exception_handler(404)(_nothing)  # its own page for that would stay alive for whoever asks
    ui.run_with(app, title=words()["zh-CN"].get("console"), language="zh-CN", show_welcome_message=False)
    return Gate(app, parts.sessions, parts.url)


def _nothing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("there is no such page", 404)


def _marked(parts: Parts, worklist: Worklist[Any, Any]) -> Hashable:
    with parts.system.read() as work:
        return worklist.mark(work)


def _cases(parts: Parts) -> Hashable:
    """Differs whenever a case came, was asked about, supplied or decided."""
    with parts.system.read() as work:
        waiting = [(case.case, case.wanted, case.due_on) for case in work.core.matters.listed("open", LISTED)]
        decided = [case.case for case in work.core.matters.listed("decided", 1)]
    return (tuple(waiting), tuple(decided))
