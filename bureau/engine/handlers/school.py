"""``school.enrol`` (课程报名), ``school.cancel`` and ``school.evaluate``: a seat, given back, and what they thought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.queue.visitors import Visitor, visitor_of
from bureau.engine.refusals import Refused, refuse
from bureau.engine.school import seats
from bureau.engine.school.seat_sheet import enrolled_sheet
from bureau.engine.school.words import course_title, told_queued
from bureau.ports.core import Core
from bureau.texts import say
from sync.models import (
    EffectAnswer,
    EffectKind,
    Refusal,
    SchoolCancel,
    SchoolCancelled,
    SchoolEnrol,
    SchoolEnrolled,
    SchoolEvaluate,
    SchoolEvaluated,
)


class EnrolInCourse(Simple[SchoolEnrol]):
    """A seat, or a place on the waiting list; of two who come at once one gets the last seat."""

    kind: ClassVar[EffectKind] = EffectKind.SCHOOL_ENROL
    model = SchoolEnrol

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def apply(self, core: Core, request: Request, data: SchoolEnrol, prepared: None) -> Outcome:
        """With the school locked. Raises ``Refused``."""
        number = data.session or data.number
        if number is None:
            raise refuse("courseUnknown")
        made, session = seats.enrol(core, visitor_of(core, request.body.subject), number)
        sheet = enrolled_sheet(core, made, session, f"{self._public_url}/t/{made.token}")
        return accepted(sheet, seats.shown(made))

    def tell(self, core: Core, request: Request, data: SchoolEnrol, answer: EffectAnswer) -> None:
        """By message, as far as a phone is known: whoever enrolled without the network has gone."""
        if answer.refusal is not None:
            _told_refused(core, request, answer.refusal)
            return
        done = SchoolEnrolled.model_validate(answer.result)
        made = core.school.by_token(done.verify_url.rsplit("/", 1)[1])
        session = core.school.session(made.session) if made is not None else None
        if made is not None and session is not None and made.mobile:
            words = told_queued(core, session, seated=made.state == "seated", url=done.verify_url)
            core.phones.tell(made.mobile, words)


class CancelSeat(Simple[SchoolCancel]):
    """Only one's own."""

    kind: ClassVar[EffectKind] = EffectKind.SCHOOL_CANCEL
    model = SchoolCancel

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def apply(self, core: Core, request: Request, data: SchoolCancel, prepared: None) -> Outcome:
        """Who waits first has the seat at once. Raises ``Refused``."""
        visitor = visitor_of(core, request.body.subject)
        core.school.lock()
        done = seats.cancel(core, seats.of_visitor(core, visitor), data.token, self._public_url)
        return accepted(SchoolCancelled(number=seats.shown(done)), seats.shown(done))


class EvaluateCourse(Simple[SchoolEvaluate]):
    """Once, by who had a seat, when the course is over."""

    kind: ClassVar[EffectKind] = EffectKind.SCHOOL_EVALUATE
    levels: ClassVar[Mapping[str, int]] = {"very-good": 5, "good": 4, "fair": 3, "bad": 2, "very-bad": 1}
    model = SchoolEvaluate

    def apply(self, core: Core, request: Request, data: SchoolEvaluate, prepared: None) -> Outcome:
        """With the school locked. Raises ``Refused``."""
        number = data.enrolment or data.number
        if number is None:
            raise refuse("enrolmentUnknown")
        visitor = visitor_of(core, request.body.subject)
        _, session = seats.evaluate(
            core, visitor, number, self.levels[data.level], (data.words or "").strip()
        )
        return accepted(SchoolEvaluated(number=number, course_title=course_title(session)), number)

    def tell(self, core: Core, request: Request, data: SchoolEvaluate, answer: EffectAnswer) -> None:
        """Only of a no: that it was taken, nobody has to know."""
        if answer.refusal is not None:
            _told_refused(core, request, answer.refusal)


def _told_refused(core: Core, request: Request, refusal: Refusal) -> None:
    try:
        visitor: Visitor = visitor_of(core, request.body.subject)
    except Refused:
        return  # whose phone it is was not proven
    for mobile in sorted(visitor.mobiles):
        words = say("school.sms.refused", why=refusal.text, next=refusal.next_step)
        core.phones.tell(mobile, words["zh-CN"])
