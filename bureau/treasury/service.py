"""Simulated banks behind the link, over HTTP: messages at ``/tips``, accounts and faults for who plays them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field

from bureau.acquirer.faults import Faults
from bureau.acquirer.ledger import Ledger
from bureau.acquirer.models import Wire
from bureau.treasury import cfx
from bureau.treasury.book import Account, AccountState, Answer, BankBook, Movement, Order
from bureau.treasury.results import DONE, WORDED
from config.clock import CHINA

OFFICE = "25399000000"
"""Whose messages are answered: the tax office of the demonstration."""


class AccountLine(Wire):
    """``PUT /treasury/accounts``: an account as it is from now on."""

    bank: str = Field(pattern=r"^[0-9]{3}$")
    account: str = Field(pattern=r"^[0-9]{9,28}$")
    holder: str = Field(min_length=1, max_length=100)
    taxpayer: str = Field(min_length=8, max_length=20)
    agreement: str = Field(min_length=1, max_length=60)
    balance_fen: int = Field(ge=0, le=10**15)
    state: AccountState = "open"

    def kept(self) -> Account:
        """As the book has it."""
        return Account(**self.model_dump())


def treasury_router(ledger: Ledger, book: BankBook, faults: Faults) -> APIRouter:
    """The banks over an open book."""
    router = APIRouter()
    handlers: Mapping[str, Callable[[BankBook, cfx.Message], tuple[str, tuple[str, cfx.Fields]]]] = {
        cfx.DEBIT: _debited,
        cfx.CANCEL: _cancelled,
        cfx.GIVE_BACK: _given_back,
        cfx.ASK: _told,
    }

    @router.post("/tips")
    async def message(request: Request) -> Response:
        """One message and its answer."""
        try:
            asked = cfx.read(await request.body())
            handler = handlers.get(asked.number)
            if handler is None:
                raise cfx.CfxError(f"message {asked.number} is not answered here")
            if faults.take("debit_silent"):
                await _no_answer(faults)
            about = _about(asked)
            if asked.number != cfx.DEBIT and faults.doubted(about):
                await _no_answer(faults)
            number, block = await run_in_threadpool(handler, book, asked)
        except cfx.CfxError as error:
            raise HTTPException(422, str(error)) from error
        if asked.number == cfx.DEBIT and faults.take("debit_doubtful"):
            faults.doubt(about)
            await _no_answer(faults)
        return _message(ledger, number, (block,), asked.id)

    @router.get("/tips/days/{day}")
    async def one_day(day: Annotated[str, Path(pattern=r"^[0-9]{8}$")]) -> Response:
        """What moved on a day; final once it is over."""
        try:
            wanted = cfx.day_of(day)
        except cfx.CfxError as error:
            raise HTTPException(422, str(error)) from error
        moved = await run_in_threadpool(book.day, wanted)
        return _message(ledger, cfx.DAY, _day_blocks(ledger, wanted, moved), "")

    @router.get("/treasury/accounts")
    async def accounts() -> list[AccountLine]:
        """Every account."""
        found = await run_in_threadpool(book.accounts)
        return [AccountLine.model_validate(one, from_attributes=True) for one in found]

    @router.put("/treasury/accounts")
    async def put(account: AccountLine) -> AccountLine:
        """Open an account, or set what it holds, whose it is and whether it is closed."""
        await run_in_threadpool(book.put, account.kept())
        return account

    return router


def _debited(book: BankBook, asked: cfx.Message) -> tuple[str, tuple[str, cfx.Fields]]:
    head, payment = asked.block("RealHead1001"), asked.block("Payment1001")
    amount = cfx.fen(cfx.field(payment, "TraAmt"))
    if amount <= 0:
        raise cfx.CfxError("TraAmt is not above zero")
    order = Order(
        order=cfx.field(head, "TraNo"),
        amount_fen=amount,
        bank=cfx.field(payment, "PayBkCode"),
        account=cfx.field(payment, "PayAcct"),
        holder=cfx.field(payment, "HandOrgName"),
        taxpayer=cfx.field(payment, "TaxPayCode"),
        agreement=cfx.field(payment, "ProtocolNo"),
    )
    answer = book.debit(order)
    told = {
        "OriTaxOrgCode": cfx.field(head, "TaxOrgCode"),
        "OriTraNo": order.order,
        "OriEntrustDate": cfx.field(head, "EntrustDate"),
        "TaxVouNo": cfx.field(payment, "TaxVouNo"),
        **_result(answer, "Result"),
    }
    return cfx.DEBITED, ("SingleReturn2001", told)


def _cancelled(book: BankBook, asked: cfx.Message) -> tuple[str, tuple[str, cfx.Fields]]:
    apply = asked.block("RushApply1021")
    order = cfx.field(apply, "OriTraNo")
    ended = book.cancel(order)
    told = {
        "TaxOrgCode": cfx.field(apply, "TaxOrgCode"),
        "OriCancelNo": cfx.field(apply, "CancelNo"),
        "OriCancelDate": cfx.field(apply, "EntrustDate"),
        "OriEntrustDate": cfx.field(apply, "OriEntrustDate"),
        "OriTraNo": order,
        "CancelAnswer": "1" if ended else "2",
        "AddWord": "冲正成功" if ended else "冲正失败，业务已处理",
    }
    return cfx.CANCELLED, ("RushReturn2021", told)


def _given_back(book: BankBook, asked: cfx.Message) -> tuple[str, tuple[str, cfx.Fields]]:
    bill = asked.block("Bill1104")
    amount = cfx.fen(cfx.field(bill, "TraAmt"))
    if amount <= 0:
        raise cfx.CfxError("TraAmt is not above zero")
    answer = book.give_back(cfx.field(bill, "DrawBackVouNo"), cfx.field(bill, "OriTaxVouNo"), amount)
    told = {"OriMsgNo": cfx.GIVE_BACK, "Result": answer.result, "AddWord": WORDED[answer.result]}
    return cfx.TAKEN, ("MsgReturn9120", told)


def _told(book: BankBook, asked: cfx.Message) -> tuple[str, tuple[str, cfx.Fields]]:
    check = asked.block("TraStatusCheck9003")
    number, message = cfx.field(check, "OriTraNo"), cfx.field(check, "OriMsgNo")
    answer = book.refund(number) if message == cfx.GIVE_BACK else book.state(number)
    told = {
        "SendOrgCode": cfx.field(check, "SendOrgCode"),
        "OriMsgNo": message,
        "OriEntrustDate": cfx.field(check, "OriEntrustDate"),
        "OriTraNo": number,
        "TraAmt": cfx.yuan(answer.amount_fen),
        **_result(answer, "OpStat"),
    }
    return cfx.TOLD, ("TraStatusReturn9004", told)


def _about(asked: cfx.Message) -> str:
    """The order that a message is about, for the faults."""
    for name, key in (
        ("RealHead1001", "TraNo"),
        ("RushApply1021", "OriTraNo"),
        ("TraStatusCheck9003", "OriTraNo"),
    ):
        for fields in asked.all(name):
            return fields.get(key, "")
    return ""


def _result(answer: Answer, name: str) -> dict[str, str]:
    day = answer.at.astimezone(CHINA).date()
    dated = {"TaxDate": cfx.written(day)} if answer.result == DONE else {}
    return {name: answer.result, "AddWord": WORDED[answer.result], **dated}


def _day_blocks(ledger: Ledger, day: date, moved: list[Movement]) -> tuple[tuple[str, cfx.Fields], ...]:
    total = sum(one.amount_fen for one in moved)
    over = ledger.now().astimezone(CHINA).date() > day
    head = {
        "ChkDate": cfx.written(day),
        "ChkAcctType": "1" if over else "0",
        "AllNum": str(len(moved)),
        "AllAmt": cfx.yuan(total),
    }
    lines = [("TaxVou3129", _line(one)) for one in moved]
    return (("BatchHead3129", head), *lines)


def _line(one: Movement) -> dict[str, str]:
    number = cfx.GIVE_BACK if one.refund else cfx.DEBIT
    told = {
        "TaxOrgCode": OFFICE,
        "TraNo": one.refund or one.order,
        "OriMsgNo": number,
        "TraAmt": cfx.yuan(one.amount_fen),
        "TaxVouNo": one.order,
        "BankTraNo": one.reference,
        "BankTraDate": f"{one.at.astimezone(CHINA):%Y%m%d%H%M%S}",
    }
    return told | ({"DrawBackVouNo": one.refund} if one.refund else {})


def _message(
    ledger: Ledger, number: str, blocks: tuple[tuple[str, cfx.Fields], ...], reply_to: str
) -> Response:
    day = ledger.now().astimezone(CHINA).date()
    made = cfx.Message(number, day, blocks, cfx.TIPS, OFFICE, reply_to=reply_to)
    return Response(cfx.write(made), media_type="application/xml; charset=GBK")


async def _no_answer(faults: Faults) -> None:
    await faults.hold(faults.settings.silent_s)
    raise HTTPException(504, "silence")
