"""``/v1/queries``, ``/v1/effects``, ``/v1/documents``: what people came for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bureau.api.container import Container
from bureau.api.examples import DECLARED, cbor_body, json_body, query_examples
from bureau.api.fleet_routes import cbor_only, parsed
from bureau.api.problems import RESPONSES, ApiProblem, documented
from bureau.api.signed import Gate, Signed, reply
from bureau.errors import KeyReused
from sync.effects import QUEUED, open_effect
from sync.models import EffectAnswer, QueryAnswer, QueryRequest

JOB_KEY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def work_router(container: Container, gate: Gate) -> APIRouter:
    """Routes by which services are carried out."""
    router = APIRouter(prefix="/v1", tags=["services"])

    @router.post(
        "/queries/{name}",
        response_model=QueryAnswer,
        openapi_extra=json_body(QueryRequest, query_examples()),
        responses=RESPONSES | documented({404: "There is no such query"}),
    )
    async def ask(name: str, request: Request) -> Response:
        """Ask one question; nothing is left behind. A refusal is a good answer (200)."""

        def work(signed: Signed) -> Response:
            question = parsed(QueryRequest, signed.body)
            return reply(container.queries.ask(name, question, signed.terminal))

        return await gate.serve(request, work)

    @router.post(
        "/effects",
        response_model=EffectAnswer,
        openapi_extra=cbor_body("The signed and sealed journal record (docs/record-format.md)"),
        responses={
            **RESPONSES,
            **documented({409: "The same key is being worked on; see Retry-After"}, 415),
            200: {"content": {"application/json": {"examples": {"filed": {"value": DECLARED}}}}},
        },
    )
    async def submit(request: Request) -> Response:
        """Carry out one effect. The same key gets the same answer for ever; another body is a 422.

        ``Delivery: queued`` says that nobody waits for the answer: the person is told by notice, once.
        """

        def work(signed: Signed) -> Response:
            cbor_only(signed)
            opened = open_effect(signed.body, container.terminals.record_key, container.keys.sealing)
            if opened.record.terminal != signed.terminal:
                raise ApiProblem(422, "record-other-terminal", "a terminal sends its own effects")
            named = request.headers.get("idempotency-key")
            if named is not None and named.strip('"') != opened.body.key:
                raise ApiProblem(422, "key-reused", "Idempotency-Key names another effect")
            queued = request.headers.get("delivery") == QUEUED
            return reply(container.submission.submit(opened, queued=queued))

        return await gate.serve(request, work)

    @router.get(
        "/effects/{key}",
        response_model=EffectAnswer,
        responses=RESPONSES | documented({404: "No effect with this key has arrived"}),
    )
    async def answer(key: str, request: Request) -> Response:
        """The first answer to a key of this terminal."""

        def work(signed: Signed) -> Response:
            try:
                found = container.submission.answer(key, signed.terminal)
            except KeyReused:
                found = None  # another terminal's: nothing of it is told, not even that it exists
            if found is None:
                raise ApiProblem(404, "effect-unknown", "no effect with this key has arrived")
            return reply(found)

        return await gate.serve(request, work)

    @router.get(
        "/documents/{number}",
        response_class=Response,
        responses={
            **RESPONSES,
            **documented(
                {
                    404: "No such document was issued at this terminal",
                    422: "It was printed as often as it may be, or the job's key is none",
                }
            ),
            200: {"content": {"application/pdf": {}}, "description": "The sealed PDF"},
        },
    )
    async def document(
        number: str,
        request: Request,
        job: Annotated[str | None, Query(pattern=JOB_KEY, description="Key of the print job")] = None,
    ) -> Response:
        """A certificate issued at this terminal, byte for byte.

        With ``job`` it is the file for that print job: the first one as it was issued, a later one marked as
        the n-th print under the same number and code. The same job gets the same file again.
        """

        def work(signed: Signed) -> Response:
            copies, terminal = container.copies, signed.terminal
            pdf = copies.first(number, terminal) if job is None else copies.for_job(number, job, terminal)
            if pdf is None:
                raise ApiProblem(404, "document-unknown", "no such document was issued at this terminal")
            headers = {"Cache-Control": "no-store"}
            return Response(pdf, media_type="application/pdf", headers=headers)

        return await gate.serve(request, work)

    return router
