"""A certificate's file goes to the person's own phone: the code of a link that works once, while it is good."""

from __future__ import annotations

from collections.abc import Mapping

from config.catalogue.models import CollectStep
from kiosk.flow.effects import Submit
from kiosk.flow.events import Outcome
from kiosk.flow.pages import CollectPage
from kiosk.flow.state import After
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from kiosk.steps.continuing import ShownCode
from sync.models import EffectKind


@step_kind("collect")
class CollectOnPhone(ShownCode[CollectStep]):
    """The certificate is issued already: without a link the visit goes on, and it can be sent another day.

    The link is in the state of the visit alone, and the wipe takes it.
    """

    texts = "collect"
    page_type = CollectPage
    go = Go.NEXT

    def effect(self, ctx: Ctx[CollectStep]) -> Submit:
        """The link to the certificate that was issued in this visit."""
        return Submit(EffectKind.CERTIFICATE_DELIVER, {"number": str(ctx.look(ctx.step.document))})

    def failed(self, ctx: Ctx[CollectStep], outcome: Outcome) -> Move | None:
        """Say why, and go on."""
        nothing = {"shown": False}
        if outcome.fault:
            return Move(answer=nothing, message=fault_message(ctx, outcome.fault, After.NEXT))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(answer=nothing, message=refusal_message(ctx, refusal, After.NEXT))
        return None
