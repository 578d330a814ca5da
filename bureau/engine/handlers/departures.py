"""``departure.apply``: a traveller's application for the tax on what they bought and take home (离境退税)."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.departing.assessing import Assessment, assess
from bureau.engine.departing.form import sheet
from bureau.engine.departing.travellers import traveller
from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sheets.base import content_sha256
from bureau.engine.subjects import person_key
from bureau.ports.core import Core
from bureau.ports.departures import Departure
from bureau.texts import has, say
from sync.models import DepartureApplied, DepartureApply, EffectKind, PersonClaim


class ApplyForDeparture(Simple[DepartureApply]):
    """What can be refunded is entered, and its invoices are asked for once; what cannot is left out and counted."""

    kind: ClassVar[EffectKind] = EffectKind.DEPARTURE_APPLY
    model = DepartureApply

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def apply(self, core: Core, request: Request, data: DepartureApply, prepared: None) -> Outcome:
        """Who it is, what they bought, what comes back; then enter it. Raises ``Refused``."""
        who = traveller(core, request.body.subject, request.service)
        if not has(f"departure.port.{data.port}"):
            raise refuse("departurePort")
        core.departures.lock([one.number for one in data.invoices])
        found = assess(core, who, data, self._rules.current)
        if not found.lines:
            raise refuse("departureNothing", why=found.judged[0].why or "")
        made = self._made(core, request, who, data, found)
        core.departures.add(made)
        result = DepartureApplied(
            application=made.application,
            accepted_at=made.accepted_at,
            count=len(made.lines),
            left_out=len(found.judged) - len(made.lines),
            total_fen=made.total_fen,
            refund_fen=made.refund_fen,
            fee_fen=made.fee_fen,
            paid_fen=made.paid_fen,
            way=found.way,
            state_text=say("departure.state.filed"),
            basis=say("certificate.departure-refund.basis"),
            content_sha256=content_sha256(sheet(made)),
        )
        return accepted(result, made.application)

    def _made(
        self, core: Core, request: Request, who: PersonClaim, data: DepartureApply, found: Assessment
    ) -> Departure:
        assert who.nationality is not None, "a passport without one is refused"
        return Departure(
            application=core.departures.number_for(request.body.key),
            key=request.body.key,
            person=person_key(who),
            name=who.name,
            nationality=who.nationality,
            arrived_on=data.arrived_on,
            leaves_on=data.leaves_on,
            port=data.port,
            cash=found.cash,
            state="filed",
            accepted_at=core.now,
            terminal=request.terminal,
            parameters_hash=self._rules.current.hash,
            lines=tuple(sorted(found.lines, key=lambda line: (line.issued_on, line.invoice))),
        )
