"""The filled form (离境退税申请单): what customs and the refund agency see, drawn from the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.sheets.base import in_capitals, same, title, yuan
from bureau.ports.core import Core
from bureau.ports.departures import Departure, DepartureState
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_number
from kiosk.domain.money import format_yuan
from sync.models import PersonClaim, Texts

DEPARTURE_FORM: Final = "departure-refund"
SERVICE: Final = "tools.departure-refund"
NOTHING: Final = same("")
Standing = Literal["open", "accepted", "refused"]
STANDING: Final[Mapping[DepartureState, Standing]] = {
    "filed": "open",
    "inspected": "open",
    "refunded": "accepted",
    "refused": "refused",
}
"""How an application stands in the words of every slip: taken in, carried out, or not."""


def own_application(core: Core, who: PersonClaim, application: str) -> Departure:
    """Only whose passport it was made with may have its form: raises ``Refused``, for another's as for none."""
    found = core.departures.find(application)
    if found is None or (found.person.kind, found.person.number) != (who.kind, who.number):
        raise refuse("departureUnknown")
    if found.state == "refused":
        raise refuse("departureEnded")
    return found


def sheet(found: Departure) -> Sheet:
    """In both languages whatever language the traveller was served in: officers read the one, they the other."""
    number = found.person.number
    return Sheet(
        kind=DEPARTURE_FORM,
        title=title(DEPARTURE_FORM),
        holder=found.name,
        facts=(
            SheetFact(say("certificate.fact.name"), same(found.name), strong=True),
            SheetFact(say("departure.fact.nationality"), same(found.nationality)),
            SheetFact(
                say("departure.fact.passport"), same(number), public=same(mask_number(number)), strong=True
            ),
            SheetFact(say("departure.fact.application"), same(found.application), strong=True, wide=True),
            SheetFact(say("departure.fact.arrived"), day_in_words(found.arrived_on)),
            SheetFact(say("departure.fact.leaves"), day_in_words(found.leaves_on)),
            SheetFact(say("departure.fact.port"), port_name(found.port)),
            SheetFact(say("departure.fact.way"), way_of(found)),
        ),
        columns=(
            SheetColumn(say("departure.column.invoice"), 26),
            SheetColumn(say("departure.column.shop"), 30),
            SheetColumn(say("departure.column.bought"), 14, figures=True),
            SheetColumn(say("departure.column.amount"), 15, figures=True),
            SheetColumn(say("departure.column.refund"), 15, figures=True),
        ),
        rows=tuple(
            (
                same(line.invoice),
                same(line.shop_name),
                same(line.issued_on.isoformat()),
                yuan(line.total_fen),
                yuan(line.refund_fen),
            )
            for line in found.lines
        ),
        totals=(
            say("certificate.total"),
            NOTHING,
            NOTHING,
            yuan(found.total_fen),
            yuan(found.refund_fen),
        ),
        emphasis=4,
        capital_label=say("departure.capital"),
        capital=in_capitals(found.paid_fen),
        statements=(
            say(
                "departure.statement.sum",
                refund=format_yuan(Fen(found.refund_fen)),
                fee=format_yuan(Fen(found.fee_fen)),
                paid=format_yuan(Fen(found.paid_fen)),
            ),
            say("departure.statement.customs"),
            say("certificate.basis", law=say(f"certificate.{DEPARTURE_FORM}.basis")),
        ),
        amount_fen=found.paid_fen,
        both=True,
    )


def port_name(port: str) -> Texts:
    """Where the traveller leaves."""
    return say(f"departure.port.{port}")


def way_of(found: Departure) -> Texts:
    """How it can be paid out, as the application was worked out."""
    return say("departure.way.any" if found.cash else "departure.way.transfer")


def how_far(core: Core, application: str) -> tuple[Standing, Texts] | None:
    """How far an application has come, for whoever holds its slip; None for one that there is not."""
    found = core.departures.find(application)
    if found is None:
        return None
    return STANDING[found.state], say(f"departure.state.{found.state}", reason=found.reason)
