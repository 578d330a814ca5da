"""``consult.call-back``: who found no officer free is called."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.names import day_name
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.remote import calling
from bureau.engine.remote.sealing import Office
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.texts import say
from sync.models import CallBack, EffectAnswer, EffectKind, EffectState


class AskForCall(Simple[CallBack]):
    """Whoever proved a phone or laid a document on the reader (sign-in 1); the phone may be another one."""

    kind: ClassVar[EffectKind] = EffectKind.CONSULT_CALL_BACK
    model = CallBack

    def __init__(self, vault: Vault, law: Rules) -> None:
        self._vault, self._law = vault, law

    def apply(self, core: Core, request: Request, data: CallBack, prepared: None) -> Outcome:
        """Enter it. Raises ``Refused``."""
        body = request.body
        visitor_of(core, body.subject, body.accepted_at)
        by = calling.Asked(body.key, request.visit, body.lang)
        call = calling.asked(Office(core, self._vault), self._law, by, data)
        return accepted(calling.told(call), call.number)

    def tell(self, core: Core, request: Request, data: CallBack, answer: EffectAnswer) -> None:
        """One that waited at a terminal is here: its phone gets number and day."""
        if answer.state is EffectState.ACCEPTED:
            call = core.remote.call(str(answer.result["case"]))
            assert call is not None, "entered with its answer"
            words = say("remote.sms", number=call.number, day=day_name(call.call_by))
            core.phones.tell(data.mobile, words[call.lang if call.lang in words else "zh-CN"])
