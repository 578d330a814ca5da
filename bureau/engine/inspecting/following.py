"""What follows a visit for the taxpayer: demands for what is open, and the abnormal state, by two officers each way.

税务登记管理办法 art. 38: who did not file though it was demanded, and is not to be found on the spot, is an abnormal
taxpayer (非正常户), and issues no invoices. 国家税务总局公告2019年第48号, section 3: who has filed and paid the fine is
none any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

from bureau.engine.duties import unfiled
from bureau.engine.inspecting.form import kind_of
from bureau.engine.inspecting.recording import at, noted
from bureau.engine.proposals import by_another
from bureau.engine.reminding.matters import Open, open_matters
from bureau.engine.reminding.plan import plan
from bureau.engine.reminding.round import Step, remind
from bureau.engine.reminding.rungs import DEMAND, FINAL, Rung
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import InspectionRefused
from bureau.ports.core import Core
from bureau.ports.inspections import Inspection, Measure
from bureau.ports.registration import Taxpayer
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar

Ground = Literal["filed", "mistaken"]
GROUNDS: Final[Sequence[Ground]] = ("filed", "mistaken")
"""Why somebody is no abnormal taxpayer any more: all was filed and fined, or it should not have been entered."""


def to_demand(core: Core, law: Rules, inspection: Inspection) -> list[Open]:
    """What is past its limit and was not demanded yet."""
    taxpayer = _taxpayer(core, inspection)
    demanded = {
        one.matter for one in core.reminders.standing(taxpayer.taxpayer) if one.rung in (DEMAND, FINAL)
    }
    day = today(core)
    return [
        one
        for one in open_matters(core, taxpayer, law, day)
        if one.limit < day and one.matter not in demanded
    ]


def demand(core: Core, law: Rules, number: str, officer: str) -> int:
    """Demand all of it now, as the daily round would later (责令限期); how much. Raises ``InspectionRefused``."""
    inspection = at(core, number, "issued")
    taxpayer = _taxpayer(core, inspection, lock=True)
    late = to_demand(core, law, inspection)
    if not late:
        raise InspectionRefused("nothing", "nothing is open that was not demanded already")
    last = {one.matter: one for one in core.reminders.standing(taxpayer.taxpayer)}
    term = timedelta(days=plan().levels[taxpayer.risk].demand_days)
    until = WorkingCalendar(law.current).on_or_after(today(core) + term)
    for one in late:
        remind(core, taxpayer, Step(one, Rung(DEMAND, until), last.get(one.matter)))
    noted(core, inspection, officer, "demanded", {"count": str(len(late))})
    return len(late)


def against(core: Core, law: Rules, inspection: Inspection) -> InspectionRefused | None:
    """What stands against the abnormal state; None: nothing does."""
    taxpayer, day = _taxpayer(core, inspection), today(core)
    if inspection.state != "issued" or not kind_of(inspection).outcomes[inspection.outcome].absent:
        return InspectionRefused("met-there", "the visit did not end with nobody to be found")
    if taxpayer.state != "normal":
        return InspectionRefused("not-normal", f"{taxpayer.taxpayer} is {taxpayer.state} already")
    if unfiled(core, taxpayer, law, day) is None:
        return InspectionRefused("all-filed", "every return is filed (税务登记管理办法 art. 38)")
    if not _demand_over(core, law, taxpayer, day):
        return InspectionRefused(
            "undemanded",
            "the returns that are missing were not demanded, or the days of the demand are not over (art. 38)",
        )
    if not _demand_over(core, law, taxpayer, _visited(inspection)):
        return InspectionRefused(
            "before-demand",
            "the visit was before the days of the demand were over: go there again after them (art. 38)",
        )
    return None


def ask(core: Core, law: Rules, number: str, officer: str) -> Inspection:
    """Ask for the abnormal state, for another officer to enter it; raises ``InspectionRefused``.

    A visit is the ground of one such state: after its end somebody goes there again.
    """
    inspection = _measured(core, number, "")
    _taxpayer(
        core, inspection, lock=True
    )  # before the look at other visits, after which it is asked for as well
    if any(one.number != number for one in core.inspections.marked(inspection.taxpayer)):
        raise InspectionRefused("asked", "it was asked for after another visit")
    _abnormal(core, law, inspection)
    asked = replace(inspection, measure="asked", asked_by=officer, decided_by="", ground="")
    return _changed(core, asked, officer, "asked")


def enter(core: Core, law: Rules, number: str, officer: str) -> Inspection:
    """Enter it: from now on the enterprise is an abnormal one. Raises ``InspectionRefused``, also for who asked."""
    inspection = _measured(core, number, "asked")
    _another(officer, inspection)
    _abnormal(core, law, inspection)
    core.registration.stands(inspection.taxpayer, "abnormal")
    return _changed(core, replace(inspection, measure="abnormal", decided_by=officer), officer, "abnormal")


def decline(core: Core, number: str, officer: str) -> Inspection:
    """Leave it normal; raises ``InspectionRefused``, also for who asked."""
    inspection = _measured(core, number, "asked")
    _another(officer, inspection)
    return _changed(core, replace(inspection, measure="", asked_by="", decided_by=""), officer, "declined")


def ask_return(core: Core, law: Rules, number: str, officer: str, ground: str) -> Inspection:
    """Ask for its end, for another officer to enter it; raises ``InspectionRefused``."""
    inspection = _measured(core, number, "abnormal")
    if ground not in GROUNDS:
        raise InspectionRefused("ground", f"ground: one of {', '.join(GROUNDS)}")
    asked = replace(inspection, measure="return-asked", asked_by=officer, decided_by="", ground=ground)
    _returns(core, law, asked)
    return _changed(core, asked, officer, "return-asked")


def restore(core: Core, law: Rules, number: str, officer: str) -> Inspection:
    """The enterprise is a normal one again; raises ``InspectionRefused``, also for who asked."""
    inspection = _measured(core, number, "return-asked")
    _another(officer, inspection)
    _returns(core, law, inspection)
    core.registration.stands(inspection.taxpayer, "normal")
    return _changed(core, replace(inspection, measure="returned", decided_by=officer), officer, "returned")


def keep(core: Core, number: str, officer: str) -> Inspection:
    """It stays an abnormal one though the end was asked for; raises ``InspectionRefused``, also for who asked."""
    inspection = _measured(core, number, "return-asked")
    _another(officer, inspection)
    kept = replace(inspection, measure="abnormal", asked_by="", decided_by=officer, ground="")
    return _changed(core, kept, officer, "kept")


def _abnormal(core: Core, law: Rules, inspection: Inspection) -> None:
    _taxpayer(core, inspection, lock=True)
    if (refused := against(core, law, inspection)) is not None:
        raise refused


def _returns(core: Core, law: Rules, inspection: Inspection) -> None:
    taxpayer = _taxpayer(core, inspection, lock=True)
    if taxpayer.state != "abnormal":
        raise InspectionRefused("not-abnormal", f"{taxpayer.taxpayer} is no abnormal taxpayer")
    if inspection.ground == "filed" and unfiled(core, taxpayer, law, today(core)) is not None:
        raise InspectionRefused("still-unfiled", "some return is not filed yet (公告2019年第48号, section 3)")


def _visited(inspection: Inspection) -> date:
    """The day on which the first of the two confirmed what was found."""
    words = [at for at in (inspection.confirmed_first, inspection.confirmed_second) if at is not None]
    return min(words).astimezone(CHINA).date()


def _demand_over(core: Core, law: Rules, taxpayer: Taxpayer, day: date) -> bool:
    """Whether a return that is not filed was demanded, and the days that the demand gave were over on ``day``."""
    late = {
        one.matter for one in open_matters(core, taxpayer, law, day) if one.what == "file" and one.limit < day
    }
    return any(
        (one.rung == FINAL and one.on <= day)
        or (one.rung == DEMAND and one.until is not None and one.until < day)
        for one in core.reminders.standing(taxpayer.taxpayer)
        if one.matter in late
    )


def _measured(core: Core, number: str, *measures: Measure) -> Inspection:
    inspection = at(core, number, "issued")
    if inspection.measure not in measures:
        raise InspectionRefused("state", f"{number}: what is asked for is {inspection.measure or 'nothing'}")
    return inspection


def _another(officer: str, inspection: Inspection) -> None:
    by_another(officer, inspection.asked_by, "asked for it")


def _taxpayer(core: Core, inspection: Inspection, *, lock: bool = False) -> Taxpayer:
    found = core.registration.taxpayer(inspection.taxpayer, lock=lock)
    assert found is not None, "a visit is ordered to who is registered, and nobody leaves the register"
    return found


def _changed(core: Core, inspection: Inspection, officer: str, did: str) -> Inspection:
    core.inspections.change(inspection)
    said = {"ground": inspection.ground} if inspection.ground else {}
    return noted(core, inspection, officer, did, said)
