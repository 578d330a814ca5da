"""The centre's side of the acquirer's wire: the ``Acquirer`` port over HTTP.

Whatever is not a clear answer (no connection, no answer in time, nonsense, a server error) is
``AcquirerUnreachable``: the state is unknown and is asked again, never charged again.
"""

from __future__ import annotations

import threading
from datetime import date
from typing import TypeVar

import requests
from pydantic import BaseModel, ValidationError

from bureau.acquirer.models import (
    ChargeRequest,
    DailyFile,
    LedgerLine,
    OrderAnswer,
    OrderRequest,
    Problem,
    RefundAnswer,
    RefundRequest,
)
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import AcquirerFile, AcquirerLine, AcquirerOrder, AcquirerRefund, RefundAsked
from sync.models import PaymentStateName

_STATES = {
    "created": PaymentStateName.CREATED,
    "paid": PaymentStateName.APPROVED,
    "closed": PaymentStateName.CLOSED,
    "unknown": PaymentStateName.UNKNOWN,
}
CONNECT_S = 3.05
"""Just above TCP's first retransmission, as the library's manual advises."""
Model = TypeVar("Model", bound=BaseModel)


class AcquirerClient:
    """Calls the acquirer at ``base_url``; safe from any thread. ``timeout_s`` bounds each answer."""

    def __init__(self, base_url: str, timeout_s: float = 5.0) -> None:
        self._base = base_url.rstrip("/")
        self._timeout = (min(CONNECT_S, timeout_s), timeout_s)
        self._local = threading.local()

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        """Open an order; the same number and amount again gives the first one.

        Raises:
            AcquirerUnreachable: no clear answer.
            AcquirerRefused: the number is taken with another amount.
        """
        asked = OrderRequest(order=order, amount_fen=amount_fen, subject=subject, expires_s=expires_s)
        answer = self._order("POST", "/orders", order, asked)
        if answer.amount_fen != amount_fen:
            raise AcquirerRefused("amountDiffers", f"order {order} was opened with another amount")
        return answer

    def charge(self, order: str, code: str) -> AcquirerOrder:
        """Charge a payer's code to an open order.

        Raises:
            AcquirerUnreachable: no clear answer; it may have been charged.
            AcquirerRefused: nothing was charged; ``codeRefused``, ``insufficientFunds`` or ``orderClosed``.
        """
        return self._order("POST", f"/orders/{order}/charge", order, ChargeRequest(code=code))

    def query(self, order: str) -> AcquirerOrder:
        """The order now.

        Raises:
            AcquirerUnreachable: no clear answer.
            OrderUnknown: it never got there.
        """
        return self._order("GET", f"/orders/{order}", order)

    def close(self, order: str) -> AcquirerOrder:
        """Close the order; one that is paid stays paid (``APPROVED``).

        Raises:
            AcquirerUnreachable: no clear answer; it may be open, closed or paid.
            OrderUnknown: it never got there.
        """
        return self._order("POST", f"/orders/{order}/close", order)

    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        """Give a charge back, or part of it; the same key again gives the first answer.

        Raises:
            AcquirerUnreachable: no clear answer; it may have been given back.
            AcquirerRefused: it is not and will not be given back under this key.
        """
        body = RefundRequest(
            refund=asked.key, order=asked.order, amount_fen=asked.amount_fen, reason=asked.reason[:128]
        )
        answer = self._call("POST", "/refunds", asked.order, RefundAnswer, body)
        if (answer.order, answer.amount_fen) != (asked.order, asked.amount_fen):
            raise AcquirerUnreachable("the answer is about another refund")
        return _refund_answer(asked.key, answer)

    def refund_state(self, key: str) -> AcquirerRefund:
        """What became of it.

        Raises:
            AcquirerUnreachable: no clear answer.
            OrderUnknown: it never got there.
        """
        return _refund_answer(key, self._call("GET", f"/refunds/{key}", key, RefundAnswer))

    def daily(self, day: date) -> AcquirerFile:
        """Payments and refunds of one business day.

        Raises:
            AcquirerUnreachable: no clear answer, or a file whose lines do not add up to its totals.
        """
        file = self._call("GET", f"/daily/{day.isoformat()}", "", DailyFile)
        sums = (len(file.lines), sum(line.amount_fen for line in file.lines))
        if file.day != day or sums != (file.count, file.total_fen):
            raise AcquirerUnreachable("the daily file is incomplete")
        if any((line.amount_fen < 0) != (line.kind == "refund") for line in file.lines):
            raise AcquirerUnreachable("a line of the daily file has the wrong sign")
        return AcquirerFile(tuple(_line(line) for line in file.lines), file.final)

    def _order(self, method: str, path: str, order: str, body: BaseModel | None = None) -> AcquirerOrder:
        answer = self._call(method, path, order, OrderAnswer, body)
        if answer.order != order:
            raise AcquirerUnreachable("the answer is about another order")
        return AcquirerOrder(
            order=order,
            amount_fen=answer.amount_fen,
            state=_STATES[answer.state],
            qr=answer.qr,
            reference=answer.reference or "",
            paid_at=answer.paid_at,
            payer_masked=answer.payer_masked,
            charge=answer.charge,
        )

    def _call(
        self, method: str, path: str, order: str, model: type[Model], body: BaseModel | None = None
    ) -> Model:
        try:
            response = self._session().request(
                method,
                self._base + path,
                data=None if body is None else body.model_dump_json().encode(),
                headers={"Content-Type": "application/json"} if body else None,
                timeout=self._timeout,
                allow_redirects=False,
            )
            content = response.content
        except requests.RequestException as fault:
            raise AcquirerUnreachable(type(fault).__name__) from fault
        if response.status_code >= 400:
            raise _refusal(response.status_code, content, order)
        try:
            return model.model_validate_json(content)
        except ValidationError as fault:
            raise AcquirerUnreachable("an answer that makes no sense") from fault

    def _session(self) -> requests.Session:
        session = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False  # a proxy from the environment must not see payments
            self._local.session = session
        return session


def _line(line: LedgerLine) -> AcquirerLine:
    return AcquirerLine(line.order, line.amount_fen, line.reference, line.paid_at, line.kind, line.refund)


def _refund_answer(key: str, answer: RefundAnswer) -> AcquirerRefund:
    if answer.refund != key:
        raise AcquirerUnreachable("the answer is about another refund")
    return AcquirerRefund(key, answer.state, answer.word)


def _refusal(status: int, content: bytes, order: str) -> Exception:
    if status >= 500 or status in (408, 425, 429):
        return AcquirerUnreachable(f"status {status}")
    try:
        problem = Problem.model_validate_json(content)
    except ValidationError:
        return AcquirerUnreachable(f"status {status} without a reason")
    if problem.code in ("orderUnknown", "refundUnknown"):
        return OrderUnknown(order)
    return AcquirerRefused(problem.code, problem.detail)
