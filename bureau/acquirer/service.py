"""The acquirer's web service: orders for the bureau, a payment page for phones, books for the checker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from bureau.acquirer.errors import LedgerError, NoSuchOrderError
from bureau.acquirer.faults import Faults
from bureau.acquirer.ledger import Ledger, Order, Payment
from bureau.acquirer.models import (
    ChargeRequest,
    DailyFile,
    FaultSettings,
    LedgerAnswer,
    LedgerLine,
    OrderAnswer,
    OrderRequest,
    Problem,
    RefundAnswer,
    RefundRequest,
)
from bureau.acquirer.phone import phone_router
from bureau.acquirer.refunds import Refund, RefundBook
from bureau.treasury.book import Account, BankBook
from bureau.treasury.service import treasury_router

OrderPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{6,64}$")]


def create_app(
    ledger: Ledger,
    base_url: str,
    payee: dict[str, str],
    returns_to: str = "",
    accounts: Sequence[Account] = (),
) -> FastAPI:
    """The application over open books; ``base_url`` is what QR codes begin with, ``payee`` by language.

    ``returns_to``: the payee's site, to which alone the payment page leads back. ``accounts`` are opened at the
    simulated banks that it serves as well, unless they are there from an earlier run.

    The ledger is closed when the application ends.
    """
    faults, refunds = Faults(ledger.monotonic), RefundBook(ledger)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        faults.stop()
        ledger.close()

    app = FastAPI(title="Test acquirer", lifespan=life, docs_url=None, redoc_url=None)
    app.state.ledger, app.state.faults = ledger, faults
    app.state.base_url, app.state.payee = base_url.rstrip("/"), payee
    _orders(app, ledger, faults)
    _refunds(app, refunds, faults)
    _books(app, ledger, refunds, faults)
    app.include_router(phone_router(ledger, faults, payee, returns_to))
    app.include_router(treasury_router(ledger, _banks(ledger, accounts), faults))
    app.add_exception_handler(LedgerError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    return app


def _banks(ledger: Ledger, accounts: Sequence[Account]) -> BankBook:
    book = BankBook(ledger)
    known = {(one.bank, one.account) for one in book.accounts()}
    for account in accounts:
        if (account.bank, account.account) not in known:
            book.put(account)
    return book


def _orders(app: FastAPI, ledger: Ledger, faults: Faults) -> None:
    fault_line = partial(_fault_line, faults)

    @app.post("/orders", dependencies=[Depends(fault_line)])
    async def open_order(asked: OrderRequest) -> OrderAnswer:
        """Open an order; the same again is answered with the first."""
        life = timedelta(seconds=asked.expires_s)
        made = await run_in_threadpool(ledger.open, asked.order, asked.amount_fen, asked.subject, life)
        return _answer(app, made)

    @app.get("/orders/{order}", dependencies=[Depends(fault_line)])
    async def get_order(order: OrderPath) -> OrderAnswer:
        """The order now."""
        if faults.doubted(order):
            await _no_answer(faults)
        found = await run_in_threadpool(ledger.get, order)
        return _answer(app, found, unknown=faults.take("unknown"))

    @app.post("/orders/{order}/charge", dependencies=[Depends(fault_line)])
    async def charge_order(order: OrderPath, asked: ChargeRequest) -> OrderAnswer:
        """Charge a payer's code (付款码); at most once an order, whoever asks again."""
        if faults.doubted(order):
            await _no_answer(faults)
        if faults.take("decline"):
            await run_in_threadpool(ledger.decline, order)
        charged = await run_in_threadpool(ledger.charge, order, asked.code)
        if faults.take("doubtful"):
            faults.doubt(order)
            await _no_answer(faults)
        return _answer(app, charged, unknown=faults.take("unknown"))

    @app.post("/orders/{order}/close", dependencies=[Depends(fault_line)])
    async def close_order(order: OrderPath) -> OrderAnswer:
        """Close the order; a paid one stays paid."""
        if faults.doubted(order):
            await _no_answer(faults)
        found = await run_in_threadpool(ledger.get, order)
        if found.state == "created" and faults.take("doubtful"):
            await run_in_threadpool(ledger.pay, order, "")
            faults.doubt(order)
            await _no_answer(faults)
        if found.state == "created" and faults.take("paid_at_close"):
            await run_in_threadpool(ledger.pay, order, "")
        closed = await run_in_threadpool(ledger.close_order, order)
        return _answer(app, closed, unknown=faults.take("unknown"))


def _refunds(app: FastAPI, refunds: RefundBook, faults: Faults) -> None:
    fault_line = partial(_fault_line, faults)

    @app.post("/refunds", dependencies=[Depends(fault_line)])
    async def give_back(asked: RefundRequest) -> RefundAnswer:
        """Give a charge back, or part of it; the same again is answered with the first."""
        if faults.doubted(asked.refund):
            await _no_answer(faults)
        funds = not faults.take("refuse_refund")
        made = await run_in_threadpool(
            partial(refunds.give, asked.refund, asked.order, asked.amount_fen, funds=funds)
        )
        if faults.take("doubtful"):
            faults.doubt(asked.refund)
            await _no_answer(faults)
        return _refund_answer(made)

    @app.get("/refunds/{refund}", dependencies=[Depends(fault_line)])
    async def get_refund(refund: OrderPath) -> RefundAnswer:
        """The refund now."""
        if faults.doubted(refund):
            await _no_answer(faults)
        return _refund_answer(await run_in_threadpool(refunds.get, refund))


def _books(app: FastAPI, ledger: Ledger, refunds: RefundBook, faults: Faults) -> None:
    @app.get("/ledger")
    async def whole_ledger() -> LedgerAnswer:
        """Every payment, and what was given back."""
        lines = [_line(one) for one in await run_in_threadpool(ledger.payments)]
        attempts = await run_in_threadpool(ledger.attempts)
        total = sum(line.amount_fen for line in lines)
        back = [_back(one) for one in await run_in_threadpool(refunds.given)]
        return LedgerAnswer(lines=lines, refunds=back, count=len(lines), total_fen=total, attempts=attempts)

    @app.get("/daily/{day}")
    async def daily(day: date) -> DailyFile:
        """The daily file (对账文件)."""
        lines = [_line(one) for one in await run_in_threadpool(ledger.payments, day)]
        lines += [_back(one) for one in await run_in_threadpool(refunds.given, day)]
        total = sum(line.amount_fen for line in lines)
        final = ledger.now().date() > day
        return DailyFile(day=day, final=final, count=len(lines), total_fen=total, lines=lines)

    @app.get("/faults")
    async def show_faults() -> FaultSettings:
        """What is still to go wrong."""
        return faults.settings

    @app.post("/faults")
    async def set_faults(settings: FaultSettings) -> FaultSettings:
        """Order faults; a counter left out is zero."""
        faults.set(settings)
        return faults.settings


def _answer(app: FastAPI, order: Order, *, unknown: bool = False) -> OrderAnswer:
    qr = f"{app.state.base_url}/p/{order.order}"
    if unknown:
        return OrderAnswer(
            order=order.order,
            amount_fen=order.amount_fen,
            state="unknown",
            qr=qr,
            expires_at=order.expires_at,
        )
    return OrderAnswer(
        order=order.order,
        amount_fen=order.amount_fen,
        state=order.state,
        qr=qr,
        expires_at=order.expires_at,
        charge=order.charge,
        reason=order.reason,
        reference=order.reference,
        paid_at=order.paid_at,
        payer_masked=order.payer_masked,
    )


def _line(payment: Payment) -> LedgerLine:
    return LedgerLine(
        order=payment.order,
        amount_fen=payment.amount_fen,
        reference=payment.reference,
        paid_at=payment.paid_at,
        payer_masked=payment.payer_masked,
    )


def _back(refund: Refund) -> LedgerLine:
    return LedgerLine(
        order=refund.order,
        amount_fen=-refund.amount_fen,
        reference=refund.reference,
        paid_at=refund.made_at,
        kind="refund",
        refund=refund.refund,
    )


def _refund_answer(refund: Refund) -> RefundAnswer:
    return RefundAnswer(
        refund=refund.refund,
        order=refund.order,
        amount_fen=refund.amount_fen,
        state=refund.state,
        word=refund.word,
    )


async def _fault_line(faults: Faults) -> None:
    """Silent and slow requests, before anything is done."""
    if faults.take("silent"):
        await _no_answer(faults)
    if faults.take("slow"):
        await faults.hold(faults.settings.slow_s)


async def _no_answer(faults: Faults) -> None:
    """Hold the line until the other side gives up; then fail, in case it did not."""
    await faults.hold(faults.settings.silent_s)
    raise HTTPException(504, "silence")


async def _refused(request: Request, fault: Exception) -> Response:
    code = fault.code if isinstance(fault, LedgerError) else "refused"
    status = 404 if isinstance(fault, NoSuchOrderError) else 409
    return JSONResponse(Problem(code=code, detail=str(fault)).model_dump(), status)


async def _malformed(request: Request, fault: Exception) -> Response:
    where = fault.errors()[0]["loc"] if isinstance(fault, RequestValidationError) else ()
    problem = Problem(code="malformed", detail="check " + ".".join(map(str, where)))
    return JSONResponse(problem.model_dump(), 422)
