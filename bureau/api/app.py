"""The centre's web application: terminals under ``/v1``, the public's pages beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import chain
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from bureau.api.body_limit import BodyLimit
from bureau.api.centre_routes import centre_router
from bureau.api.container import Container
from bureau.api.fleet_routes import fleet_router
from bureau.api.open_routes import open_router
from bureau.api.problems import CentreBlocked, Problem, TerminalBlocked, add_handlers
from bureau.api.public_routes import CertificateQuestion, public_router
from bureau.api.signed import Gate
from bureau.api.work_routes import work_router
from bureau.errors import BureauError
from bureau.levels.wire import DayReport, JoinCentre
from bureau.public.routes import create_router, told
from sync import models
from sync.models import EffectKind, Wire

VERSION = "1"
DESCRIPTION = """
The interface between tax terminals, third parties and the centre. `/v1/public` is open to anybody, within limits
by address. Every other request but `/v1/enrol`, `/v1/time` and `/v1/centres/join` is a terminal's, or below
`/v1/centres` a centre's, and signed (RFC 9421 over TLS, label `tax-kiosk`, components `@method @authority @path @query
content-digest`, `created` within five minutes, a fresh `nonce`, `keyid` = the terminal, or `centre:` and the centre's
code). Answers to signed requests are signed by the centre. Effects are signed, sealed records in `application/cbor`;
amounts are whole fen; errors are RFC 9457 problem documents with texts in Chinese and English.
"""
TAGS = [
    {"name": "terminals", "description": "The terminal as a machine: enrolment, health, audit chain."},
    {"name": "services", "description": "What people came for: questions, effects, documents."},
    {
        "name": "centres",
        "description": "Centres below: sums of their days up, what is published for all down.",
    },
    {
        "name": "public",
        "description": "What anybody may verify: certificates, registrations. Not signed, rate limited.",
    },
]


def create_app(container: Container) -> FastAPI:
    """The application over ``container``; housekeeping runs while it serves."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        container.housekeeping.start()
        container.mailing.start()
        try:
            yield
        finally:
            await run_in_threadpool(container.mailing.stop)
            await run_in_threadpool(container.housekeeping.stop)
            container.close()

    app = FastAPI(title="Tax kiosk centre", version=VERSION, description=DESCRIPTION, lifespan=lifespan,
                  openapi_tags=TAGS, docs_url=None, redoc_url=None)  # fmt: skip
    gate = Gate(container, container.terminals.request_key, TerminalBlocked)
    below = Gate(container, container.centres.request_key, CentreBlocked)
    app.include_router(fleet_router(container, gate))
    app.include_router(work_router(container, gate))
    app.include_router(centre_router(container, below))
    app.include_router(public_router(container.site))
    app.include_router(open_router(container.site))
    app.include_router(create_router(container.site))
    app.add_middleware(BodyLimit, limit=container.limits.body_bytes, prefix="/v1/")
    add_handlers(app, partial(told, container.site))
    app.openapi = lambda: _openapi(app, container)  # type: ignore[method-assign]

    @app.get("/healthz", include_in_schema=False)
    async def health() -> JSONResponse:
        """The program runs; asked by whoever starts it again where it does not."""
        return JSONResponse({"ok": True})

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> JSONResponse:
        """Calls can be answered; asked by whoever shares them out among several processes."""
        try:
            await run_in_threadpool(container.ready)
        except BureauError:
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True})

    return app


def _openapi(app: FastAPI, container: Container) -> dict[str, Any]:
    """The description with every model of the wire in it, also those inside sealed records.

    ``x-questions`` says by each question's name what it is asked with and what answers it, ``x-effects`` what each
    kind of effect may hold.
    """
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        questions = [(query.params, query.result) for query in container.queries.registry.values()]
        effects = [container.submission.models(kind) for kind in EffectKind]
        named: list[type[BaseModel]] = [
            *_wire_models(),
            *chain(*questions, *effects),
            CertificateQuestion,
            JoinCentre,
            DayReport,
            Problem,
        ]
        described: list[tuple[type[BaseModel], JsonSchemaMode]] = [(m, "serialization") for m in named]
        _, extra = models_json_schema(described, ref_template="#/components/schemas/{model}")
        known = schema.setdefault("components", {}).setdefault("schemas", {})
        for name, definition in extra.get("$defs", {}).items():
            known.setdefault(name, definition)
        schema["x-questions"] = {
            name: {"params": _ref(query.params), "result": _ref(query.result)}
            for name, query in sorted(container.queries.registry.items())
        }
        schema["x-effects"] = {
            kind.value: [_ref(model) for model in container.submission.models(kind)] for kind in EffectKind
        }
        app.openapi_schema = schema
    return app.openapi_schema


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _wire_models() -> list[type[Wire]]:
    found = (m for m in vars(models).values() if isinstance(m, type) and issubclass(m, Wire))
    return [m for m in found if m is not Wire]
