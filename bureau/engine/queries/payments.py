"""``payment.status``: how an order of this terminal stands at the acquirer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bureau.engine.handlers.payments import query as ask_acquirer
from bureau.engine.handlers.payments import status_of, take_in
from bureau.engine.queries.registry import Query, Question
from bureau.engine.refusals import refuse
from bureau.ports.acquirer import Acquirers
from bureau.ports.system import System
from sync.models import PaymentStateName, PaymentStatus, Wire


class OrderParams(Wire):
    """Params of ``payment.status``."""

    order: Annotated[str, Field(max_length=32)]


def questions(system: System, acquirers: Acquirers) -> Mapping[str, Query]:
    """The queries of the payment orders; a terminal asks for its own alone, whoever stands there."""

    def status(question: Question) -> PaymentStatus:
        wanted = question.params
        assert isinstance(wanted, OrderParams), "validated by the registry"
        with system.read(question.terminal) as work:
            order = work.core.payments.order(wanted.order)
        if order is None or order.terminal != question.terminal:
            raise refuse("orderUnknown")
        if order.settled or order.channel == "card":  # of a card its own terminal tells, nobody else
            return status_of(order)
        asked = ask_acquirer(acquirers.qr, order)
        if asked.heard is None or asked.heard.state is PaymentStateName.CREATED:
            return status_of(order)  # no news; silence while a code is shown is no doubt yet
        with system.write(question.terminal) as work:
            return status_of(take_in(work.core, order, asked, "query"))

    return {"payment.status": Query(OrderParams, PaymentStatus, status)}
