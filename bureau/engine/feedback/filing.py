"""A complaint or a tip-off comes in: numbered, its words sealed, its terms counted from today."""

from __future__ import annotations

from bureau.engine.feedback import codes
from bureau.engine.feedback.rules import TIP_OFF, rules
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.feedback import Desk, FeedbackCase
from bureau.ports.materials import Vault
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import FeedbackComplain, FeedbackReport


def filed(
    core: Core, law: Rules, vault: Vault, key: str, said: FeedbackComplain | FeedbackReport, code: str
) -> FeedbackCase:
    """Enter what was said. Its terms run from the day on which the bureau has it, whenever a terminal took it.

    A tip-off's phone, name and target are in the seal alone.
    """
    desk: Desk = "complaint" if isinstance(said, FeedbackComplain) else "report"
    kind = said.kind if isinstance(said, FeedbackComplain) else TIP_OFF
    procedure, days, day = rules().of(desk), WorkingCalendar(law.current), today(core)
    number = core.feedback.number_for(key, desk)
    accept_by = procedure.accept.after(day, days)
    case = FeedbackCase(
        number=number,
        key=key,
        desk=desk,
        kind=kind,
        named=bool(said.name),
        mobile=(said.mobile or "") if desk == "complaint" else "",
        terminal=core.terminal,
        hall=core.hall,
        received_at=core.now,
        accept_by=accept_by,
        # Who hears nothing is accepted by the end of the first term: the second is counted from there until then.
        answer_by=procedure.kinds[kind].after(accept_by, days),
        state="received",
        code_sha256=codes.code_sha256(number, code),
        sealed=vault.seal(codes.bound(number), said.model_dump_json().encode()),
    )
    core.feedback.add(case)
    return case
