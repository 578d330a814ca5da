"""``/v1/centres/…``: the centres below this one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from bureau.api.container import Container
from bureau.api.examples import json_body
from bureau.api.fleet_routes import ENROL_RATE, parsed
from bureau.api.problems import RESPONSES, TooManyRequests, documented
from bureau.api.signed import Gate, Signed, reply
from bureau.levels.centres import centre_of
from bureau.levels.handing import handed
from bureau.levels.wire import DayReport, DaysTaken, Handed, JoinCentre, Joined
from bureau.limits import Limiter
from bureau.public.site import address_of


def centre_router(container: Container, gate: Gate) -> APIRouter:
    """Routes by which centres below join, tell of their days, and get what is published for all."""
    router = APIRouter(prefix="/v1/centres", tags=["centres"])
    codes = Limiter(ENROL_RATE)

    @router.post(
        "/join",
        response_model=Joined,
        openapi_extra=json_body(JoinCentre, {"city": {"value": JOINING}}),
        responses=documented(
            {403: "The code is not good, or the centre is suspended"}, 413, 422, 429, 500, 503
        ),
    )
    async def join(request: Request) -> Response:
        """Exchange a one-time code for a place below. The one call of a centre that is not signed."""
        if wait := codes.take(address_of(request)):
            raise TooManyRequests(wait)
        wanted = parsed(JoinCentre, await request.body())
        return reply(await run_in_threadpool(container.centres.join, wanted))

    @router.post(
        "/days",
        response_model=DaysTaken,
        openapi_extra=json_body(DayReport, {"a day": {"value": REPORT}}),
        responses=RESPONSES,
    )
    async def days(request: Request) -> Response:
        """Tell the sums of days, of nobody; a day that is told again takes the place of what was told before."""

        def work(signed: Signed) -> Response:
            report = parsed(DayReport, signed.body)
            return reply(DaysTaken(taken=container.centres.take(centre_of(signed.terminal), report)))

        return await gate.serve(request, work)

    @router.get("/knowledge", response_model=Handed, responses=RESPONSES)
    async def knowledge(request: Request, version: str = "") -> Response:
        """What is published for all; nothing where it is still what was got before."""

        def work(_signed: Signed) -> Response:
            with container.system.read() as reading:
                return reply(handed(reading.core, version))

        return await gate.serve(request, work)

    return router


JOINING = {"code": "7KMN-2QRT-9WXA", "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}
REPORT = {
    "centres": [
        {"centre": "15301000000", "name": {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Service"}}
    ],
    "days": [
        {
            "centre": "15301000000",
            "day": "2026-10-12",
            "figures": {"visits": 412, "uses": 530, "done": 488, "trouble": 9, "terminals": 11},
        }
    ],
}
