"""``device.report`` (抄报税) takes a month's report once; ``device.unlock`` (清卡) gives its order."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine import messages
from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.names import period_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, authorise
from bureau.engine.tax_control import seals, standing, words
from bureau.engine.tax_control.standing import Due
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.tax_control import DeviceReport, UnlockOrder
from bureau.texts import say
from kiosk.domain.tax_control import last_day, order_text
from sync.models import DeviceDone, DeviceUnlocked, EffectAnswer, EffectKind


class _AtDevice(Simple[DeviceDone]):
    """Something done about the device that is in the reader, which is judged anew before."""

    model = DeviceDone

    def __init__(self, vault: Vault, rules: Rules) -> None:
        self._vault, self._rules = vault, rules

    def _judged(self, core: Core, request: Request, data: DeviceDone) -> tuple[Actor, Due]:
        """Raises ``Refused``, also when another month is due than the person saw."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        due = standing.due(core, actor, data.said, self._vault, self._rules, lock=True)
        if due.month != data.month:
            raise refuse("deviceChanged")
        return actor, due


class ReportDevice(_AtDevice):
    """The report that was shown is in the books, or nothing is. One that is there already is not taken twice."""

    kind: ClassVar[EffectKind] = EffectKind.DEVICE_REPORT

    def apply(self, core: Core, request: Request, data: DeviceDone, prepared: None) -> Outcome:
        """Take the month's report. Raises ``Refused``."""
        actor, due = self._judged(core, request, data)
        if due.next == "wait":
            raise refuse("deviceChanged")
        taken = due.taken
        if taken is None:
            assert due.report is not None, "what is to be reported was read"
            taken = DeviceReport(
                device=due.device.device,
                month=due.month,
                taxpayer=due.device.taxpayer,
                counter=due.device.counter,
                kinds=due.report.kinds,
                taken_at=core.now,
                terminal=request.terminal,
                key=request.body.key,
            )
            core.tax_control.take(taken)
            due = standing.after_report(core, actor, due.device, taken, self._rules)
        told = words.reported(core, due, actor.enterprise, taken, self._rules)
        return accepted(told, due.device.device)

    def message(
        self, core: Core, request: Request, person: Person, data: DeviceDone, answer: EffectAnswer
    ) -> Message:
        """For who went away before the answer came."""
        if answer.refusal is not None:
            return messages.matter_refused(answer.refusal, answer.key, say("matter.device.report"))
        return messages.device_reported(data.said.device, period_name(data.month, last_day(data.month)))


class UnlockDevice(_AtDevice):
    """An order for the very device and month, counted; the same again until the device has obeyed it."""

    kind: ClassVar[EffectKind] = EffectKind.DEVICE_UNLOCK

    def apply(self, core: Core, request: Request, data: DeviceDone, prepared: None) -> Outcome:
        """Make the order, or give the one that the device has not obeyed. Raises ``Refused``."""
        _, due = self._judged(core, request, data)
        if due.next != "unlock":
            raise refuse("deviceChanged")
        if due.pending:
            order = core.tax_control.order(due.device.device, due.device.counter)
            assert order is not None, "the device's counter is that of its latest order"
        else:
            order = self._made(core, request, due)
        return accepted(self._told(due, order), order.device)

    def _made(self, core: Core, request: Request, due: Due) -> UnlockOrder:
        order = UnlockOrder(
            device=due.device.device,
            counter=due.device.counter + 1,
            month=due.month,
            issues_until=standing.issues_until(self._rules, due.month),
            declaration=due.kept.filed.declaration if due.kept is not None else None,
            made_at=core.now,
            key=request.body.key,
        )
        core.tax_control.unlock(order)
        return order

    def _told(self, due: Due, order: UnlockOrder) -> DeviceUnlocked:
        text = order_text(order.device, order.month, order.issues_until, order.counter)
        return DeviceUnlocked(
            device=order.device,
            month=order.month,
            issues_until=order.issues_until,
            counter=order.counter,
            order=seals.written(text),
            mac=seals.written(seals.seal(self._vault, due.device, text)),
            declaration=order.declaration,
            basis=say("tax-device.basis"),
        )
