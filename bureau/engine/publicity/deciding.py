"""What officers do with a case: entered by one, published by another; taken off by one and another, on a ground.

重大税收违法失信主体信息公布管理办法（国家税务总局令第54号）: whom (art. 6), told before (art. 8), when (art. 11). That
two officers do each is house practice, where the rules ask for the head's leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from bureau.engine import proposals
from bureau.engine.proposals import Draft
from bureau.engine.publicity.rules import months_after, rules
from bureau.engine.subjects import today
from bureau.errors import PublicityRefused
from bureau.ports.core import Core
from bureau.ports.publicity import CaseEvent, CaseState, OffenderCase, OffenderKind, Sex, Standing
from kiosk.domain.errors import FieldError
from kiosk.domain.resident_ids import check_resident_id
from kiosk.domain.taxpayer_ids import check_registered
from sync.models import Texts

LONGEST: Final = {"facts": 90, "decision": 90, "authority": 20, "said": 60}
"""Characters of Chinese; English has three times as many."""
LEAST: Final = 2
"""Characters of any of them."""
BORN: Final = "*" * 8
"""In place of year, month and day of birth in a number that is published."""
REORGANISED, REVOKED = "reorganised", "revoked"


class ResponsibleDraft(Draft):
    """Who answered for an organisation; of ``number`` what may be published is kept."""

    name: Annotated[str, Field(min_length=2, max_length=20)]
    standing: Standing
    sex: Sex
    number: str


class CaseDraft(Draft):
    """What an officer enters: a YAML file."""

    kind: OffenderKind
    name: Annotated[str, Field(min_length=2, max_length=40)]
    code: str
    address: Annotated[str, Field(max_length=60)] = ""
    sex: Sex | None = None
    responsible: ResponsibleDraft | None = None
    reason: str
    facts: Texts
    decision: Texts
    authority: Texts
    document: Annotated[str, Field(min_length=4, max_length=40)]
    served_on: date


def draft(raw: str) -> CaseDraft:
    """The case in a file; raises ``DecisionRefused`` with what has to be mended."""
    return checked(proposals.of_yaml(CaseDraft, raw))


def checked(made: CaseDraft) -> CaseDraft:
    """The case, if it says what the rules have and fits the screen; raises ``DecisionRefused``."""
    if made.reason not in rules().reasons:
        raise PublicityRefused("reason", f"reason: one of {', '.join(rules().reasons)}")
    for field in ("facts", "decision", "authority"):
        proposals.said(field, getattr(made, field), LONGEST[field], LEAST)
    for text in (made.name, made.address, made.document):
        if not text.isprintable():
            raise PublicityRefused("line", "name, address, document: on one line, without control characters")
    return made


def responsible(said: tuple[str, ...]) -> ResponsibleDraft | None:
    """Name, standing, sex and number of who answered for an organisation; nothing where nothing was said.

    Raises ``DecisionRefused`` for what is said in part, or what cannot be so.
    """
    if not any(said):
        return None
    if not all(said):
        raise PublicityRefused(
            "answering", "responsible: give name, standing, sex and number, or none of them"
        )
    values = dict(zip(("name", "standing", "sex", "number"), said, strict=True))
    return proposals.made(lambda: ResponsibleDraft.model_validate(values))


def enter(core: Core, officer: str, wanted: CaseDraft) -> OffenderCase:
    """Enter a case whose decision was served; raises ``DecisionRefused``."""
    core.publicity.lock()
    day = today(core)
    if wanted.served_on > day:
        raise PublicityRefused("served", "served_on: a case is entered once its decision was served")
    number = core.publicity.number_for(wanted.document)
    if core.publicity.find(number) is not None:
        raise PublicityRefused("there", f"{wanted.document} was entered before, as {number}", number=number)
    answered = wanted.responsible
    case = OffenderCase(
        case_no=number,
        kind=wanted.kind,
        name=wanted.name,
        code=_code(wanted, day),
        address=wanted.address,
        sex=wanted.sex if wanted.kind == "person" else None,
        responsible=answered.name if answered else "",
        responsible_as=answered.standing if answered else None,
        responsible_sex=answered.sex if answered else None,
        responsible_number=_published(answered.number, day, "responsible.number") if answered else "",
        reason=wanted.reason,
        facts=wanted.facts,
        decision=wanted.decision,
        authority=wanted.authority,
        document=wanted.document,
        served_on=wanted.served_on,
        state="entered",
        entered_by=officer,
        entered_at=core.now,
    )
    core.publicity.add(case)
    return _noted(core, case, officer, "entered", {})


def publish(core: Core, number: str, officer: str) -> OffenderCase:
    """Show it to everybody from today until its last day; raises ``DecisionRefused``, also for who entered it."""
    case = _at(core, number, "entered")
    proposals.by_another(officer, case.entered_by, "entered it")
    day = today(core)
    done = replace(case, state="published", decided_by=officer, published_on=day, until=rules().until(day))
    late = (
        {"late": rules().due_by(case.served_on).isoformat()} if day > rules().due_by(case.served_on) else {}
    )
    return _changed(core, done, officer, "published", late)


def refuse(core: Core, number: str, officer: str, said: Texts, *, settled: bool = False) -> OffenderCase:
    """Do not publish it: it is not so, or (``settled``) all was paid before. Raises ``DecisionRefused``."""
    case = _at(core, number, "entered")
    proposals.by_another(officer, case.entered_by, "entered it")
    proposals.said("said", said, LONGEST["said"], LEAST)
    if settled and not rules().reasons[case.reason].settles:
        raise PublicityRefused("settles", f"{case.reason} is published whether or not it was paid for")
    done = replace(case, state="refused", decided_by=officer, said=said, ground="paid" if settled else "")
    return _changed(core, done, officer, "refused", said)


def withdraw(core: Core, number: str, officer: str, ground: str) -> OffenderCase:
    """Ask for its end before its time; it stays until another officer agrees. Raises ``DecisionRefused``."""
    case = _at(core, number, "published")
    _ends(core, case, ground)
    done = replace(case, state="removal-asked", asked_by=officer, ground=ground)
    return _changed(core, done, officer, "removal-asked", {"ground": ground})


def confirm(core: Core, number: str, officer: str) -> OffenderCase:
    """Take it off, for everybody and at once; raises ``DecisionRefused``, also for who asked for it."""
    case = _at(core, number, "removal-asked")
    proposals.by_another(officer, case.asked_by, "asked for its end")
    _ends(core, case, case.ground)
    done = replace(case, state="removed", ended_by=officer, ended_on=today(core))
    return _changed(core, done, officer, "removed", {"ground": case.ground})


def keep(core: Core, number: str, officer: str, said: Texts) -> OffenderCase:
    """Leave it published although its end was asked for; raises ``DecisionRefused``, also for who asked."""
    case = _at(core, number, "removal-asked")
    proposals.by_another(officer, case.asked_by, "asked for its end")
    proposals.said("said", said, LONGEST["said"], LEAST)
    done = replace(case, state="published", asked_by="", ground="")
    return _changed(core, done, officer, "kept", said)


def history(core: Core, number: str) -> Sequence[CaseEvent]:
    """What officers did with it; raises ``DecisionRefused``."""
    there(core, number)
    return core.publicity.history(number)


def there(core: Core, number: str) -> OffenderCase:
    """The case of this number; raises ``DecisionRefused``."""
    case = core.publicity.find(number)
    if case is None:
        raise PublicityRefused("unknown", f"there is no case {number!r}; see: bureau publicity list --all")
    return case


def _ends(core: Core, case: OffenderCase, ground: str) -> None:
    """Whether this ground ends it today."""
    book, day = rules(), today(core)
    if ground not in book.grounds:
        raise PublicityRefused("ground", f"ground: one of {', '.join(book.grounds)}")
    assert case.published_on is not None and case.until is not None, "only what is published ends"
    if day > case.until:
        raise PublicityRefused("ended", f"it ended on {case.until} by itself")
    if ground in (REORGANISED, REVOKED):
        return
    since = months_after(day, -12 * book.twice_within_years)
    others = [
        other
        for other in core.publicity.entries()
        if (other.name, other.code) == (case.name, case.code)
        and other.case_no != case.case_no
        and other.state not in ("entered", "refused")
        and other.ground != REVOKED
        and other.published_on is not None
        and other.published_on >= since
    ]
    if others:
        raise PublicityRefused(
            "again",
            f"{case.name} was published twice within {book.twice_within_years} years: only a reorganisation ends it",
            years=book.twice_within_years,
        )
    if ground == "paid" and day < (first := months_after(case.published_on, book.paid_after_months)):
        raise PublicityRefused("early", f"who has paid may be taken off from {first} on", day=first)


def _at(core: Core, number: str, state: CaseState) -> OffenderCase:
    return proposals.held(core.publicity, lambda: there(core, number), number, state)


def _changed(core: Core, case: OffenderCase, officer: str, did: str, said: Mapping[str, str]) -> OffenderCase:
    core.publicity.change(case)
    return _noted(core, case, officer, did, said)


def _noted(core: Core, case: OffenderCase, officer: str, did: str, said: Mapping[str, str]) -> OffenderCase:
    core.publicity.note(CaseEvent(0, case.case_no, core.now, officer, did, said))  # type: ignore[arg-type]
    return case


def _code(wanted: CaseDraft, day: date) -> str:
    """The number under which it is published."""
    if wanted.kind == "person":
        if wanted.sex is None or wanted.responsible is not None or wanted.address:
            raise PublicityRefused("person", "of a person give sex, and no address or responsible")
        return _published(wanted.code, day, "code")
    if wanted.responsible is None or not wanted.address or wanted.sex is not None:
        raise PublicityRefused("organisation", "of an organisation give address and responsible, and no sex")
    try:
        return check_registered(wanted.code).code
    except FieldError as error:
        raise PublicityRefused(
            "code", f"code: {wanted.code} is no taxpayer's number ({error.code})"
        ) from error


def _published(number: str, day: date, field: str) -> str:
    """A person's number without year, month and day of birth; nothing else of it is kept."""
    try:
        whole = check_resident_id(number, day).number
    except FieldError as error:
        raise PublicityRefused("number", f"{field}: it is no ID number ({error.code})") from error
    return f"{whole[:6]}{BORN}{whole[14:]}"
