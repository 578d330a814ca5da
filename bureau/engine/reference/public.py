"""What anybody holding a paper may see, from the store: certificates, and what became of a slip's matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.departing.form import how_far
from bureau.engine.matters.words import how_it_stands
from bureau.engine.public_records import PortRecords
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.rules import Rules
from bureau.ports.einvoices import InvoiceOffice
from bureau.ports.matters import MatterCase
from bureau.ports.payments import Order
from bureau.ports.public import SlipStatus
from bureau.ports.registration import Taxpayer
from bureau.store import tables
from bureau.texts import LANGUAGES, say
from config.catalogue import Catalogue
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import EffectAnswer, EffectKind, PaymentStateName, Texts

Facts = tuple[tuple[Texts, str], ...]


class ReferencePublicRecords(PortRecords):
    """Implements ``PublicRecords``. Thread-safe."""

    def __init__(
        self, system: ReferenceSystem, catalogue: Catalogue, office: InvoiceOffice, law: Rules
    ) -> None:
        super().__init__(system, office, law)
        self._store, self._catalogue = system, catalogue

    def slip(self, key: str) -> SlipStatus:
        """The state of the effect with this key; ``unknown`` when it has not arrived (yet)."""
        t = tables.effect
        with self._store.read() as work:
            row = work.context.connection.execute(select(t).where(t.c.key == key)).one_or_none()
            if row is None:
                nothing = dict.fromkeys(LANGUAGES, "")
                return SlipStatus(key, "unknown", "", nothing, say("slip.state.unknown"), "", None, None)
            order, case, made, stands, departs = None, None, None, None, None
            if row.kind == EffectKind.DEPARTURE_APPLY and row.reference:
                departs = how_far(work.core, row.reference)
            if row.kind in (EffectKind.PAYMENT_CREATE, EffectKind.PAYMENT_CLOSE) and row.reference:
                order = work.core.payments.order(row.reference)
            if row.kind in (EffectKind.MATTER_SUBMIT, EffectKind.MATERIALS_SUPPLY) and row.reference:
                case = work.core.matters.case(row.reference)
                made = work.core.registration.registered_by(row.reference)
                stands = how_it_stands(work.core, case) if case is not None else None
        status = self._status(row, EffectAnswer.model_validate(row.answer), order, case, stands, made)
        return replace(status, state=departs[0], text=departs[1]) if departs is not None else status

    def _status(
        self,
        row: Row[Any],
        answer: EffectAnswer,
        order: Order | None,
        case: MatterCase | None,
        stands: Texts | None,
        made: Taxpayer | None,
    ) -> SlipStatus:
        service = self._catalogue.get(row.service)
        title = service.service.title if service is not None else say(f"slip.title.{row.kind}")
        deadline = answer.refusal.deadline if answer.refusal is not None else None
        state, text = _words(answer)
        facts = (*_facts(answer, order), *_registered(made))
        if order is not None and state == "accepted":
            text = say(f"slip.payment.{order.state.value}")
            state = "inDoubt" if order.state is PaymentStateName.UNKNOWN else state
        if case is not None and stands is not None:
            text, state = stands, "accepted" if case.state == "approved" else case.state
        return SlipStatus(
            row.key, state, row.kind, title, text, row.reference, row.received_at, deadline, facts
        )


def _words(answer: EffectAnswer) -> tuple[Any, Texts]:
    no = answer.refusal
    if answer.state == "refused" and no is not None:
        return "refused", say("slip.state.refused", why=no.text, next=no.next_step)
    return answer.state.value, say(f"slip.state.{answer.state.value}")


def _registered(made: Taxpayer | None) -> Facts:
    """A registration that the matter made: as public as that of any enterprise."""
    if made is None or made.ends_on is None:
        return ()
    return (
        (say("slip.fact.business"), made.name),
        (say("slip.fact.taxpayer"), made.taxpayer),
        (say("slip.fact.until"), made.ends_on.isoformat()),
    )


def _facts(answer: EffectAnswer, order: Order | None) -> Facts:
    """What the slip shows too: numbers and sums, no person."""
    found: list[tuple[Texts, str]] = []
    total = answer.result.get("total_fen")
    if isinstance(total, int):
        found.append((say("slip.fact.total"), format_yuan(Fen(total))))
    delivered = answer.result.get("delivered")
    if isinstance(delivered, int):
        found.append((say("slip.fact.delivered"), str(delivered)))
    if order is not None:
        found.append((say("slip.fact.amount"), format_yuan(Fen(order.amount_fen))))
        if order.voucher:
            found.append((say("slip.fact.voucher"), order.voucher))
        if order.receipt is not None:
            found.append((say("slip.fact.receipt-code"), order.receipt.code))
            found.append((say("slip.fact.receipt-number"), order.receipt.number))
            found.append((say("slip.fact.receipt-check"), order.receipt.check))
    return tuple(found)
