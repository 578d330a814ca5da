"""``payment.status``, ``.charge`` and ``.debit``: how an order stands, a payer's code for it, a debit by agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bureau.engine.handlers.payments import Asked, status_of, take_in
from bureau.engine.handlers.payments import query as ask_acquirer
from bureau.engine.queries.registry import Query, Question
from bureau.engine.refusals import refuse
from bureau.errors import AcquirerRefused, AcquirerUnreachable
from bureau.ports.acquirer import AcquirerOrder, Acquirers, DebitAsked
from bureau.ports.payments import Debited, Order
from bureau.ports.system import System
from sync.models import ChargeState, PaymentStateName, PaymentStatus, Wire

NOT_CHARGED: Mapping[str, ChargeState] = {"codeRefused": "codeRefused", "insufficientFunds": "declined"}
"""Words of the acquirer after which nothing was charged and the order is still open."""


class PaymentOrderParams(Wire):
    """Params of ``payment.status`` and ``payment.debit``."""

    order: Annotated[str, Field(max_length=32)]


class ChargeParams(PaymentOrderParams):
    """Params of ``payment.charge``. The code (付款码) is passed on and kept nowhere: it is as good as money."""

    code: Annotated[str, Field(pattern=r"^[0-9]{16,24}$", repr=False)]


def questions(system: System, acquirers: Acquirers) -> Mapping[str, Query]:
    """The queries of the payment orders; a terminal asks for its own alone, whoever stands there."""

    def open_order(question: Question, number: str) -> Order:
        with system.read(question.terminal) as work:
            order = work.core.payments.order(number)
        if order is None or order.terminal != question.terminal:
            raise refuse("orderUnknown")
        return order

    def taken_in(question: Question, order: Order, asked: Asked, source: str) -> PaymentStatus:
        heard = asked.heard
        if heard is not None and heard.state is PaymentStateName.CREATED:
            return _charging(order, heard.charge)
        with system.write(question.terminal) as work:
            return status_of(take_in(work.core, order, asked, source))

    def status(question: Question) -> PaymentStatus:
        wanted = question.params
        assert isinstance(wanted, PaymentOrderParams), "validated by the registry"
        order = open_order(question, wanted.order)
        acquirer = acquirers.of(order.channel)
        # of a card its own terminal tells, nobody else
        if order.settled or order.channel == "card" or acquirer is None:
            return status_of(order)
        asked = ask_acquirer(acquirer, order)
        if asked.heard is None:
            return status_of(order)  # silence while a code is shown is no doubt yet
        return taken_in(question, order, asked, "query")

    def charge(question: Question) -> PaymentStatus:
        """Paid, or what the payer has to do; no answer leaves it in doubt. An order is paid at most once."""
        wanted = question.params
        assert isinstance(wanted, ChargeParams), "validated by the registry"
        order = open_order(question, wanted.order)
        if order.channel != "qr-shown":
            raise refuse("orderUnknown")
        if order.settled:
            return status_of(order)
        try:
            heard: AcquirerOrder | None = acquirers.qr.charge(order.order, wanted.code)
            silent = ""
        except AcquirerRefused as error:
            if error.code in NOT_CHARGED:
                return _charging(order, NOT_CHARGED[error.code])
            return status(question)  # it is closed there, or was never opened: what it says of it counts
        except AcquirerUnreachable as error:
            heard, silent = None, type(error).__name__
        return taken_in(question, order, Asked(heard, silent), "charge")

    def debit(question: Question) -> PaymentStatus:
        """Debited, or why not; no answer leaves it in doubt. One in doubt, or past its time, is only asked about."""
        wanted = question.params
        assert isinstance(wanted, PaymentOrderParams), "validated by the registry"
        order = open_order(question, wanted.order)
        network = acquirers.debit
        if order.debit is None or network is None:
            raise refuse("orderUnknown")
        with system.read(question.terminal) as work:
            late = work.core.now >= order.expires_at
        if order.state is not PaymentStateName.CREATED or late:
            return status(question)
        try:
            asked = Asked(network.debit(_debit_of(order, order.debit)))
        except AcquirerUnreachable as error:
            asked = Asked(None, silent=type(error).__name__)
        return taken_in(question, order, asked, "debit")

    return {
        "payment.debit": Query(PaymentOrderParams, PaymentStatus, debit),
        "payment.status": Query(PaymentOrderParams, PaymentStatus, status),
        "payment.charge": Query(ChargeParams, PaymentStatus, charge),
    }


def _debit_of(order: Order, account: Debited) -> DebitAsked:
    return DebitAsked(
        order=order.order,
        amount_fen=order.amount_fen,
        agreement=account.agreement,
        bank=account.bank,
        account=account.account,
        holder=account.holder,
        taxpayer=order.taxpayer,
        subject=order.subject,
    )


def _charging(order: Order, charge: ChargeState) -> PaymentStatus:
    """The order as we have it, with how the payer's code was taken."""
    return status_of(order).model_copy(update={"charge": charge})
