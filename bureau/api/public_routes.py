"""``/v1/public``: what anybody may check of a paper or an enterprise, for programs of third parties.

The same look into the registers as the public pages and the terminals have, under the same limits: by address for
every question, by number for wrong codes. Nobody has to sign in and nothing of a question is kept. One function a
thing that can be verified; each asks ``looked_up`` first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field

from bureau.api.examples import CERTIFICATE, INVOICE, json_body
from bureau.api.fleet_routes import parsed
from bureau.api.problems import ApiProblem, TooManyRequests, documented
from bureau.api.signed import reply
from bureau.engine.einvoices.checking import CheckedOften
from bureau.engine.refusals import Refused
from bureau.public import asked
from bureau.public.site import PublicSite, address_of
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_registered
from sync.models import (
    CertificateCode,
    CertificateVerdict,
    InvoiceCheck,
    InvoiceVerdict,
    LotteryRound,
    Verified,
    Wire,
)

T = TypeVar("T")
PROBLEMS = documented(413, 422, 429, 500, 503)


class CertificateQuestion(Wire):
    """Number and verification code as they stand on the paper; ``signature`` is that of its QR code (``s``)."""

    number: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)]
    signature: Annotated[str, Field(max_length=200)] = ""


def public_router(site: PublicSite) -> APIRouter:
    """Routes that anybody may call."""
    router = APIRouter(prefix="/v1/public", tags=["public"])
    _certificates(router, site)
    _invoices(router, site)
    _registrations(router, site)
    _lottery(router, site)
    return router


def _certificates(router: APIRouter, site: PublicSite) -> None:
    @router.post(
        "/certificates/check",
        response_model=CertificateVerdict,
        openapi_extra=json_body(CertificateQuestion, {"typed": {"value": CERTIFICATE}}),
        responses=PROBLEMS,
    )
    async def check(request: Request) -> Response:
        """Whether a certificate is genuine, and what it certifies, numbers of persons masked.

        ``finding``: ``valid``, ``replaced``, ``void``; ``outdated`` when it is valid and ``changes`` say why it is not
        true any more as it stands; ``mismatch`` when number and code are no pair (whether the number exists is not
        told); ``forgedQr`` when both are genuine and the QR code that carried them is not;
        ``unregistered`` when it is signed here and the register disagrees. Many wrong codes for one number are a 429.
        """
        body = await request.body()

        def look() -> CertificateVerdict:
            given = parsed(CertificateQuestion, body)
            scanned = {"scanned_number": given.number, "scanned_code": given.code} if given.signature else {}
            code = CertificateCode(
                number=given.number, code=given.code, signature=given.signature or None, **scanned
            )
            try:
                return asked.verify(site, code)
            except Refused as no:
                if wait := asked.guessing(site, code):
                    raise TooManyRequests(wait) from no
                raise ApiProblem(422, "number-invalid", no.refusal.text["en-US"]) from no

        return reply(await looked_up(site, request, look))


def _invoices(router: APIRouter, site: PublicSite) -> None:
    @router.post(
        "/invoices/check",
        response_model=InvoiceVerdict,
        openapi_extra=json_body(InvoiceCheck, {"typed": {"value": INVOICE}}),
        responses=PROBLEMS,
    )
    async def check(request: Request) -> Response:
        """What the register says of an invoice by what stands on it (发票查验); counts as one check of the day.

        More checks of one invoice in a day than are taken are a 429, whoever asks.
        """
        body = await request.body()

        def look() -> InvoiceVerdict:
            try:
                return site.records.invoice(parsed(InvoiceCheck, body))
            except CheckedOften as no:
                raise TooManyRequests(no.wait_s) from no
            except Refused as no:
                raise ApiProblem(422, "number-invalid", no.refusal.text["en-US"]) from no

        return reply(await looked_up(site, request, look))


def _registrations(router: APIRouter, site: PublicSite) -> None:
    @router.get(
        "/registrations/{taxpayer}",
        response_model=Verified,
        responses=PROBLEMS | documented({404: "No enterprise has this number"}),
    )
    async def registration(
        taxpayer: Annotated[
            str,
            Path(
                description="统一社会信用代码, 18 characters (GB 32100-2015), or the 20 digits of a "
                "temporary registration (临时税务登记)"
            ),
        ],
        request: Request,
    ) -> Response:
        """Name, state, kind of taxpayer and day of registration of an enterprise, as they are now."""

        def look() -> Verified:
            try:
                number = check_registered(taxpayer).code
            except FieldError as error:
                raise ApiProblem(422, "number-invalid", f"taxpayer: {error.code}") from error
            found = site.records.registration(number)
            if found is None:
                raise ApiProblem(404, "registration-unknown", "no enterprise has this number")
            return found

        return reply(await looked_up(site, request, look))


def _lottery(router: APIRouter, site: PublicSite) -> None:
    @router.get(
        "/lottery/rounds/{day}",
        response_model=LotteryRound,
        responses=PROBLEMS | documented({404: "There is no round of this day"}),
    )
    async def lottery_round(
        day: Annotated[date, Path(description="The business day")], request: Request
    ) -> Response:
        """Commitment and odds of a day of the invoice lottery, published before its first draw; its seed afterwards."""

        def look() -> LotteryRound:
            found = site.records.lottery_round(day)
            if found is None:
                raise ApiProblem(404, "round-unknown", "there is no round of this day")
            return found

        return reply(await looked_up(site, request, look))


async def looked_up(site: PublicSite, request: Request, look: Callable[[], T]) -> T:
    """What ``look`` finds, on a worker thread; raises ``TooManyRequests`` for who asks too often."""
    if wait := site.looks.take(address_of(request)):
        raise TooManyRequests(wait)
    return await run_in_threadpool(look)
