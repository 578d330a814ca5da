"""``/v1/enrol``, ``/v1/time``, ``/v1/heartbeat``, ``/v1/audit``, ``/v1/use``: the terminal as a machine."""

from __future__ import annotations

from typing import TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from bureau.api.container import Container
from bureau.api.examples import ENROLMENT, HEARTBEAT, USE, cbor_body, json_body
from bureau.api.problems import RESPONSES, ApiProblem, TooManyRequests, documented
from bureau.api.signed import Gate, Signed, reply
from bureau.limits import Limiter, Rate
from bureau.public.site import address_of
from sync.audit import AuditBatch
from sync.models import AuditReceipt, Enrolled, Enrolment, Heartbeat, ServerTime, UseReport, UseTaken

ENROL_RATE = Rate(20, 60)
"""Tries at a one-time code from one address."""
M = TypeVar("M", bound=BaseModel)


def parsed(model: type[M], body: bytes) -> M:
    """The body as a model; raises ``ApiProblem`` (422)."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors(include_input=False)})
        raise ApiProblem(422, "request-invalid", f"{model.__name__}: {', '.join(fields[:5])}") from error


def fleet_router(container: Container, gate: Gate) -> APIRouter:
    """Routes by which terminals are managed."""
    router = APIRouter(prefix="/v1", tags=["terminals"])
    codes = Limiter(ENROL_RATE)

    @router.post(
        "/enrol",
        response_model=Enrolled,
        openapi_extra=json_body(Enrolment, {"cabinet": {"value": ENROLMENT}}),
        responses=documented(
            {403: "The code is not good, or the terminal is suspended"}, 413, 422, 429, 500, 503
        ),
    )
    async def enrol(request: Request) -> Response:
        """Exchange a one-time code for an identity. The one call that is not signed."""
        if wait := codes.take(address_of(request)):
            raise TooManyRequests(wait)
        enrolment = parsed(Enrolment, await request.body())
        return reply(await run_in_threadpool(container.terminals.enrol, enrolment))

    @router.get("/time", response_model=ServerTime, responses=documented(413, 500))
    async def time() -> Response:
        """Business time, and the store's incarnation. Signed or not."""
        return reply(now())

    @router.post(
        "/heartbeat",
        response_model=ServerTime,
        openapi_extra=json_body(Heartbeat, {"healthy": {"value": HEARTBEAT}}),
        responses=RESPONSES,
    )
    async def heartbeat(request: Request) -> Response:
        """Report health; also taken from suspended and quarantined terminals."""

        def work(signed: Signed) -> Response:
            beat = parsed(Heartbeat, signed.body)
            if beat.terminal != signed.terminal:
                raise ApiProblem(422, "record-other-terminal", "a terminal reports for itself")
            container.terminals.heartbeat(beat)
            return reply(now())

        return await gate.serve(request, work, blocked_too=True)

    @router.post(
        "/audit",
        response_model=AuditReceipt,
        openapi_extra=cbor_body("`sync/audit.py`: {1: version, 2: terminal, 3: epoch, 4: [envelope, …]}"),
        responses=RESPONSES | documented({409: "`chain-fork`: the terminal is quarantined"}, 415),
    )
    async def audit(request: Request) -> Response:
        """Take the audit chain in order; the receipt says how far it is held."""

        def work(signed: Signed) -> Response:
            cbor_only(signed)
            batch = AuditBatch.from_bytes(signed.body)
            if batch.terminal != signed.terminal:
                raise ApiProblem(422, "record-other-terminal", "a terminal uploads its own chain")
            return reply(container.audit.take(batch))

        return await gate.serve(request, work)

    @router.post(
        "/use",
        response_model=UseTaken,
        openapi_extra=json_body(UseReport, {"visit": {"value": USE}}),
        responses=RESPONSES,
    )
    async def use(request: Request) -> Response:
        """Tell how visits went, of nobody; a visit that is told twice is counted once."""

        def work(signed: Signed) -> Response:
            report = parsed(UseReport, signed.body)
            return reply(UseTaken(new=container.use.take(signed.terminal, report.visits)))

        return await gate.serve(request, work)

    def now() -> ServerTime:
        return ServerTime(server_time=container.clock.now(), incarnation=container.incarnation)

    return router


def cbor_only(signed: Signed) -> None:
    """Refuse any other content type (415)."""
    if signed.content_type != "application/cbor":
        raise ApiProblem(415, "media-type", "send application/cbor")
