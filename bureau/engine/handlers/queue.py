"""``queue.take`` (排队取号): a number for a hall's windows."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.queue.rules import rules
from bureau.engine.queue.taking import shown, taken
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.queue.words import taken_sheet
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from sync.models import EffectKind, QueueTake


class TakeNumber(Simple[QueueTake]):
    """Whoever has one of this line that waits still is given the same again."""

    kind: ClassVar[EffectKind] = EffectKind.QUEUE_TAKE
    model = QueueTake

    def __init__(self, law: Rules, public_url: str) -> None:
        self._law, self._public_url = law, public_url

    def apply(self, core: Core, request: Request, data: QueueTake, prepared: None) -> Outcome:
        """Under the lock of the hall, so that no number is given twice. Raises ``Refused``."""
        visitor = visitor_of(core, request.body.subject)
        ticket, hall, again = taken(core, self._law, visitor, data.line, request.body.key)
        number = shown(ticket, rules())
        url = f"{self._public_url}/q/{ticket.key}"
        return accepted(taken_sheet(ticket, number, hall, rules(), again=again, url=url), number)
