"""``subscription.change``: what somebody follows from now on (个性化信息)."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.subscribing import changing
from bureau.ports.core import Core
from sync.models import EffectKind, SubscriptionChange


class ChangeSubscriptions(Simple[SubscriptionChange]):
    """Whoever proved a phone or laid a document down, for themselves."""

    kind: ClassVar[EffectKind] = EffectKind.SUBSCRIPTION_CHANGE
    model = SubscriptionChange

    def apply(self, core: Core, request: Request, data: SubscriptionChange, prepared: None) -> Outcome:
        """All at once, in place of what was followed before. Raises ``Refused``."""
        body = request.body
        visitor = visitor_of(core, body.subject, body.accepted_at)
        return accepted(changing.change(core, visitor, body.subject, data.topics, body.key))
