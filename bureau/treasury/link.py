"""The centre's side of the link: the ``DebitNetwork`` port over messages in HTTP (docs/treasury.md).

Whatever is not a clear answer (no connection, no answer in time, nonsense, a result nobody knows) is
``AcquirerUnreachable``: the debit may have been made, and is asked about, never made again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import requests

from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import (
    AcquirerFile,
    AcquirerLine,
    AcquirerOrder,
    AcquirerRefund,
    DebitAsked,
    LineKind,
    RefundAsked,
)
from bureau.treasury import cfx
from bureau.treasury.results import DECLINED, DONE, NOT_THERE, REFUND_REFUSED, REVOKED
from config.clock import CHINA, Clock
from sync.models import PaymentStateName

P = ParamSpec("P")
T = TypeVar("T")
CONNECT_S = 3.05
BANKS: Final = {
    "icbc": "102", "abc": "103", "boc": "104", "ccb": "105", "bocom": "301", "psbc": "403", "rcc": "402",
}  # fmt: skip
"""Our words for the banks as the payment system knows them: the first three digits of a bank's number (行别代码)."""
_KINDS: dict[str, LineKind] = {cfx.DEBIT: "sale", cfx.CANCEL: "void", cfx.GIVE_BACK: "refund"}


def _clear(call: Callable[P, T]) -> Callable[P, T]:
    """An answer without what it must have is no answer."""

    @wraps(call)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except cfx.CfxError as error:
            raise AcquirerUnreachable(f"an answer that makes no sense: {error}") from error

    return asked


class TreasuryLink:
    """Implements ``DebitNetwork``; safe from any thread. ``node`` is the tax office's number (征收机关代码)."""

    def __init__(self, url: str, node: str, clock: Clock, timeout_s: float = 8.0) -> None:
        self._base, self._node, self._clock = url.rstrip("/"), node, clock
        self._timeout = (min(CONNECT_S, timeout_s), timeout_s)
        self._local = threading.local()

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        """Nothing is opened beforehand; the order waits for ``debit``."""
        return AcquirerOrder(order, amount_fen, PaymentStateName.CREATED)

    def charge(self, order: str, code: str) -> AcquirerOrder:
        """Raises ``AcquirerRefused``: an account is debited by its agreement."""
        raise AcquirerRefused("codeRefused", "an order to be debited takes no payer's code")

    @_clear
    def debit(self, asked: DebitAsked) -> AcquirerOrder:
        """1001: debit the account. The bank does an order once, whatever is sent again.

        Raises ``AcquirerUnreachable``.
        """
        bank = BANKS.get(asked.bank, "")
        amount = cfx.yuan(asked.amount_fen)
        blocks = (
            ("RealHead1001", self._head(asked.order)),
            ("TurnAccount1001", {"HandleType": "1", "PayeeOrgCode": self._node}),
            (
                "Payment1001",
                {
                    "PayBkCode": bank,
                    "PayAcct": asked.account,
                    "HandOrgName": asked.holder,
                    "TraAmt": amount,
                    "TaxVouNo": asked.order,
                    "BillDate": cfx.written(self._today()),
                    "TaxPayCode": asked.taxpayer,
                    "TaxPayName": asked.holder,
                    "ProtocolNo": asked.agreement,
                    "Remark": asked.subject[:60],
                },
            ),
        )
        answer = self._asked(cfx.DEBIT, blocks, cfx.DEBITED).block("SingleReturn2001")
        return self._order(asked.order, asked.amount_fen, answer, "Result")

    @_clear
    def query(self, order: str) -> AcquirerOrder:
        """9003: the order now; ``CREATED`` with no amount while it is not there, for it may still arrive.

        Raises ``AcquirerUnreachable``.
        """
        return self._state(order, cfx.DEBIT)

    def _state(self, number: str, message: str) -> AcquirerOrder:
        answer = self._told(number, message)
        if cfx.field(answer, "OpStat") == NOT_THERE:
            return AcquirerOrder(number, 0, PaymentStateName.CREATED)
        return self._order(number, _amount(answer), answer, "OpStat")

    @_clear
    def close(self, order: str) -> AcquirerOrder:
        """1021: end one that was not debited; it is not debited afterwards either. What was debited stays.

        Raises ``AcquirerUnreachable``.
        """
        day = cfx.written(self._today())
        apply = {
            "TaxOrgCode": self._node,
            "EntrustDate": day,
            "CancelNo": order,
            "OriEntrustDate": _entrusted(order),
            "OriTraNo": order,
            "CancelReason": "缴款人放弃",
        }
        answer = self._asked(cfx.CANCEL, (("RushApply1021", apply),), cfx.CANCELLED).block("RushReturn2021")
        if answer.get("OriTraNo") != order:
            raise AcquirerUnreachable("the answer is about another order")
        match answer.get("CancelAnswer"):
            case "1":
                return AcquirerOrder(order, 0, PaymentStateName.CLOSED)
            case "2":  # 冲正失败，已经扣税; or it was declined
                return self.query(order)
        raise AcquirerUnreachable("an answer that makes no sense")

    @_clear
    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        """1104: give a debit back (退库), or part of it; the same key again gives the first answer.

        Raises ``AcquirerUnreachable``.
        """
        amount = cfx.yuan(asked.amount_fen)
        head = self._head(asked.key, "PackNo") | {"AllNum": "1", "AllAmt": amount}
        bill = {
            "TraNo": asked.key,
            "DrawBackVouNo": asked.key,
            "OriTaxVouNo": asked.order,
            "TraAmt": amount,
            "DrawBackVou": asked.reason[:60],
        }
        blocks = (("BatchHead1104", head), ("Bill1104", bill))
        answer = self._asked(cfx.GIVE_BACK, blocks, cfx.TAKEN).block("MsgReturn9120")
        return _refund(asked.key, answer.get("Result", ""))

    @_clear
    def refund_state(self, key: str) -> AcquirerRefund:
        """9003 about a refund.

        Raises:
            AcquirerUnreachable: no clear answer.
            OrderUnknown: it never got there.
        """
        state = cfx.field(self._told(key, cfx.GIVE_BACK), "OpStat")
        if state == NOT_THERE:
            raise OrderUnknown(key)
        return _refund(key, state)

    def daily(self, day: date) -> AcquirerFile:
        """The day's movements (入库明细): debits, and what was cancelled or given back below zero.

        Raises:
            AcquirerUnreachable: it is not there, or its lines do not add up to its head.
        """
        message = self._read("GET", f"/tips/days/{cfx.written(day)}", None, cfx.DAY)
        try:
            head = message.block("BatchHead3129")
            lines = tuple(_line(fields) for fields in message.all("TaxVou3129"))
            told = (cfx.day_of(cfx.field(head, "ChkDate")), int(head["AllNum"]), cfx.fen(head["AllAmt"]))
        except (ValueError, KeyError) as error:
            raise AcquirerUnreachable(f"the day's file makes no sense: {error}") from error
        if told != (day, len(lines), sum(line.amount_fen for line in lines)):
            raise AcquirerUnreachable("the day's file is not whole")
        return AcquirerFile(lines, head.get("ChkAcctType") == "1")

    def _head(self, number: str, name: str = "TraNo") -> dict[str, str]:
        return {"TaxOrgCode": self._node, "EntrustDate": _entrusted(number), name: number}

    def _told(self, number: str, message: str) -> cfx.Fields:
        asked = {"SendOrgCode": self._node, "SearchType": "1", "OriMsgNo": message,
                 "OriEntrustDate": _entrusted(number), "OriTraNo": number}  # fmt: skip
        answer = self._asked(cfx.ASK, (("TraStatusCheck9003", asked),), cfx.TOLD).block("TraStatusReturn9004")
        if (answer.get("OriMsgNo"), answer.get("OriTraNo")) != (message, number):
            raise AcquirerUnreachable("the answer is about another order")
        return answer

    def _order(self, order: str, amount_fen: int, answer: cfx.Fields, result: str) -> AcquirerOrder:
        if answer.get("OriTraNo") != order:
            raise AcquirerUnreachable("the answer is about another order")
        told = answer.get(result, "")
        if told == DONE:
            paid_at = self._debited_at(cfx.day_of(cfx.field(answer, "TaxDate")))
            return AcquirerOrder(order, amount_fen, PaymentStateName.APPROVED, paid_at=paid_at)
        if told == REVOKED:
            return AcquirerOrder(order, amount_fen, PaymentStateName.CLOSED)
        if told in DECLINED:
            return AcquirerOrder(order, amount_fen, PaymentStateName.DECLINED, word=DECLINED[told])
        raise AcquirerUnreachable(f"result {told or 'missing'}")

    def _debited_at(self, day: date) -> datetime:
        """The link tells the day alone: on that day itself it was just now."""
        now = self._clock.now().astimezone(CHINA)
        return now if now.date() == day else datetime.combine(day, time(23, 59, 59), CHINA)

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()

    def _asked(self, number: str, blocks: tuple[tuple[str, cfx.Fields], ...], reply: str) -> cfx.Message:
        day = self._today()
        message = cfx.Message(number, day, blocks, self._node, id=cfx.new_id(day))
        answer = self._read("POST", "/tips", cfx.write(message), reply)
        if answer.reply_to != message.id:
            raise AcquirerUnreachable("the answer is to another message")
        return answer

    def _read(self, method: str, path: str, body: bytes | None, number: str) -> cfx.Message:
        headers = {"Content-Type": "application/xml; charset=GBK"} if body else None
        try:
            response = self._session().request(
                method,
                self._base + path,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
            content = response.content
        except requests.RequestException as fault:
            raise AcquirerUnreachable(type(fault).__name__) from fault
        if response.status_code != 200:
            raise AcquirerUnreachable(f"status {response.status_code}")
        try:
            answer = cfx.read(content)
        except cfx.CfxError as fault:
            raise AcquirerUnreachable(f"an answer that makes no sense: {fault}") from fault
        if answer.number != number:
            raise AcquirerUnreachable(f"message {answer.number} in place of {number}")
        return answer

    def _session(self) -> requests.Session:
        session = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False  # a proxy from the environment must not see accounts
            self._local.session = session
        return session


def _entrusted(number: str) -> str:
    """The day in a number of ours (委托日期), by which and the number the link knows an order."""
    return f"20{number[6:12]}"


def _amount(answer: cfx.Fields) -> int:
    return cfx.fen(cfx.field(answer, "TraAmt"))


def _refund(key: str, result: str) -> AcquirerRefund:
    if result == DONE:
        return AcquirerRefund(key, "given")
    if result in REFUND_REFUSED:
        return AcquirerRefund(key, "refused", REFUND_REFUSED[result])
    raise AcquirerUnreachable(f"result {result or 'missing'}")


def _line(fields: cfx.Fields) -> AcquirerLine:
    kind, amount = _KINDS[cfx.field(fields, "OriMsgNo")], cfx.fen(cfx.field(fields, "TraAmt"))
    if (amount < 0) != (kind != "sale") or amount == 0:
        raise cfx.CfxError("a line has the wrong sign")
    moment = datetime.strptime(cfx.field(fields, "BankTraDate"), "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    return AcquirerLine(
        order=cfx.field(fields, "TaxVouNo"),
        amount_fen=amount,
        reference=cfx.field(fields, "BankTraNo"),
        paid_at=moment,
        kind=kind,
        refund=fields.get("DrawBackVouNo", ""),
    )
