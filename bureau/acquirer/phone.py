"""A payer's phone: after scanning the payee, the amount, one button, no script; or a code of its own to show."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from bureau.acquirer.errors import LedgerError, NoSuchOrderError, PaymentDeclinedError
from bureau.acquirer.faults import Faults
from bureau.acquirer.ledger import Ledger, Order
from bureau.acquirer.models import PayRequest, Problem, WalletCode
from bureau.public import look
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

TEMPLATES = Path(__file__).parent / "templates"
BODY_BYTES = 4096
DEFAULT_PAYER = "演示付款人"
CodePath = Annotated[str, PathParameter(pattern=r"^[0-9]{16,24}$")]
OrderPath = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9_-]{6,64}$")]


def phone_router(ledger: Ledger, faults: Faults, payee: dict[str, str], returns_to: str = "") -> APIRouter:
    """The payment page, ``payee`` being the receiver's name by language.

    Scanned, or opened by the payee's own page on the same phone (H5), to which it leads ``back``: to no site but
    ``returns_to``, which the payee has registered.
    """
    router = APIRouter(include_in_schema=False)
    registered = returns_to.rstrip("/") + "/"

    def home(back: str) -> str:
        return back if returns_to and back.startswith(registered) else ""

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        return look.asset(name)

    @router.get("/p/{order}")
    async def payment_page(request: Request, order: OrderPath, note: str = "", back: str = "") -> Response:
        lang = look.language(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
        try:
            found = await run_in_threadpool(ledger.get, order)
        except NoSuchOrderError:
            return _page(None, "absent", payee, lang, "")
        state = "unknown" if faults.doubted(order) else found.state
        return _page(
            found, "declined" if note == "declined" and state == "created" else state, payee, lang, home(back)
        )

    @router.post("/p/{order}/pay")
    async def pay(request: Request, order: OrderPath) -> Response:
        browser = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        asked = _pay_request(await _body(request), browser)
        try:
            paid = await _move(ledger, faults, order, asked.payer or DEFAULT_PAYER)
        except LedgerError as refusal:
            return _refused(order, refusal, browser, home(asked.back))
        if browser:
            return RedirectResponse(_again(order, "", home(asked.back)), 303)
        if faults.doubted(order):  # the phone is left without a result, as in life
            return JSONResponse({"order": order, "state": "unknown"}, 202)
        return JSONResponse(
            {
                "order": order,
                "state": paid.state,
                "amount_fen": paid.amount_fen,
                "reference": paid.reference,
            }
        )

    @router.post("/wallet/codes")
    async def show_code(request: Request) -> WalletCode:
        """The phone shows its owner's code."""
        asked = _pay_request(await _body(request), browser=False)
        code, until = await run_in_threadpool(ledger.code_for, asked.payer or DEFAULT_PAYER)
        return WalletCode(code=code, expires_at=until)

    @router.post("/wallet/codes/{code}/{word}")
    async def answer(code: CodePath, word: Literal["confirm", "refuse"]) -> Response:
        """Its owner's word on a charge that asks for one."""
        try:
            order = await run_in_threadpool(partial(ledger.confirm, code, yes=word == "confirm"))
        except LedgerError as refusal:
            return JSONResponse(Problem(code=refusal.code, detail=str(refusal)).model_dump(), 409)
        return JSONResponse({"order": order.order, "state": order.state})

    return router


async def _move(ledger: Ledger, faults: Faults, order: str, payer: str) -> Order:
    open_now = (await run_in_threadpool(ledger.get, order)).state == "created"
    if open_now and faults.take("decline"):
        await run_in_threadpool(ledger.decline, order)
    doubtful = open_now and faults.take("doubtful")
    paid = await run_in_threadpool(ledger.pay, order, payer)
    if doubtful:
        faults.doubt(order)
    return paid


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_BYTES:
        raise HTTPException(413)
    return await request.body()


def _pay_request(body: bytes, browser: bool) -> PayRequest:
    try:
        if browser:
            fields = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=4))
            return PayRequest(payer=fields.get("payer", ""), back=fields.get("back", ""))
        return PayRequest.model_validate_json(body or b"{}")
    except (ValidationError, ValueError) as fault:
        raise HTTPException(422) from fault


def _refused(order: str, refusal: LedgerError, browser: bool, back: str) -> Response:
    if browser:
        note = "declined" if isinstance(refusal, PaymentDeclinedError) else ""
        return RedirectResponse(_again(order, note, back), 303)
    status = 404 if isinstance(refusal, NoSuchOrderError) else 409
    return JSONResponse(Problem(code=refusal.code, detail=str(refusal)).model_dump(), status)


def _again(order: str, note: str, back: str) -> str:
    """The page of the order, with what it was opened with."""
    query = urlencode({name: value for name, value in (("note", note), ("back", back)) if value})
    return f"/p/{order}{'?' if query else ''}{query}"


def _page(order: Order | None, state: str, payee: dict[str, str], lang: str, back: str) -> Response:
    values = {
        "lang": lang,
        "english": lang == "en-US",
        "payee": payee[lang],
        "state": state,
        "order": order,
        "back": back,
        "amount": format_yuan(Fen(order.amount_fen)) if order else "",
    }
    return look.page("phone.html", values, 404 if order is None else 200, TEMPLATES)
