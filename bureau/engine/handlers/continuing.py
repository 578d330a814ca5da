"""``visit.continue``: what was answered at a terminal goes on on the person's own phone."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.phone.visits import LIFE, Visit, begin
from bureau.engine.refusals import refuse
from bureau.engine.subjects import authorise
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from config.catalogue.models import ContinueStep
from sync.models import EffectKind, VisitContinue, VisitContinued


class ContinueVisit(Simple[VisitContinue]):
    """Keeps it for one phone. Nothing is done by it: each effect of the phone is judged by itself, as at a terminal."""

    kind: ClassVar[EffectKind] = EffectKind.VISIT_CONTINUE
    model = VisitContinue

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._vault = vault
        self._public_url = public_url.rstrip("/")

    def apply(self, core: Core, request: Request, data: VisitContinue, prepared: None) -> Outcome:
        """The link, for who may use the service."""
        authorise(core, request.body.subject, request.service)
        step = next((one for one in request.service.steps if isinstance(one, ContinueStep)), None)
        if step is None:
            raise refuse("notOfThisService")
        body = request.body
        visit = Visit(
            subject=body.subject,
            service=body.service,
            service_hash=body.service_hash,
            lang=body.lang,
            visit=request.visit,
            transaction=request.transaction,
            data={name: left for name, left in data.answers.items() if name in step.keeps},
        )
        new, secret = begin(core, self._vault, body.key, visit)
        url = f"{self._public_url}/c/{body.key}.{secret}"
        seconds = int(LIFE.total_seconds())
        return accepted(VisitContinued(url=url, seconds=seconds, expires_at=new.expires_at))
