"""A VAT preference is filed, given up, or taken up again: from which month on, and what speaks against it."""

from __future__ import annotations

from datetime import date

from bureau.engine import preferences
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter, PreferenceKind
from bureau.engine.names import period_name
from bureau.engine.period_forms import on_quota
from bureau.engine.preferences import Standing
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Taxpayer

BARRED_MONTHS = 36
"""For how long a general taxpayer does without what it gave up (增值税法 art. 27)."""
WAIVED = ("threshold-waived", "reduced-waived")


class FilePreference(Untouched):
    """Entered from its month on; the returns of that month and later take it (``bureau.engine.preferences``)."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The taxpayer may have it, and the month goes with what is on file."""
        taxpayer, name = actor.enterprise, str(fields["preference"])
        kind, wanted = matter.preferences[name], _wanted(fields)
        if kind.of == "small" and not taxpayer.small_scale:
            raise refuse("preferenceSmallOnly")
        if kind.of == "general" and taxpayer.small_scale:
            raise refuse("preferenceGeneralOnly")
        if wanted.in_force:
            _may_begin(core, taxpayer, kind, wanted, kept=fields.get("preference_kept") is True)
        else:
            _may_end(core, taxpayer, wanted)
        if kind.does in WAIVED:
            _whole_periods(core, taxpayer, wanted, rules)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """From the first day of its month on."""
        wanted = _wanted(case.fields)
        preferences.enter(core, enterprise(case), wanted, case.case)
        return wanted.since


def _wanted(fields: Fields) -> Standing:
    """What was asked for; a form of before it could also end (delivered late) lets it begin."""
    since = date.fromisoformat(f"{fields['preference_since']}-01")
    return Standing(str(fields["preference"]), fields.get("preference_way") != "end", since)


def _may_begin(core: Core, taxpayer: Taxpayer, kind: PreferenceKind, wanted: Standing, *, kept: bool) -> None:
    if kind.does not in WAIVED and not kept:
        raise refuse("preferencePapers")
    day = today(core)
    if kind.does == "freed" and on_quota(core, taxpayer, Period(day, day, day)):
        raise refuse("preferenceOnQuota")
    now = preferences.standing(core, taxpayer.taxpayer, wanted.preference, day)
    if now is not None and now.in_force and now.since <= wanted.since:
        raise refuse("nothingChanged")
    if now is not None and not now.in_force and now.since > wanted.since:
        raise refuse("preferenceMonths", since=_month(now.since))
    before = preferences.standing(core, taxpayer.taxpayer, wanted.preference, wanted.since)
    if before is None or before.in_force or taxpayer.small_scale:
        return
    again = _later(before.since, BARRED_MONTHS)
    if wanted.since < again:
        raise refuse("preferenceBarred", since=_month(before.since), again=_month(again))


def _may_end(core: Core, taxpayer: Taxpayer, wanted: Standing) -> None:
    now = preferences.standing(core, taxpayer.taxpayer, wanted.preference, today(core))
    if now is None or not now.in_force:
        raise refuse("preferenceNotHeld")
    if wanted.since < now.since:
        raise refuse("preferenceMonths", since=_month(now.since))


def _whole_periods(core: Core, taxpayer: Taxpayer, wanted: Standing, rules: Rules) -> None:
    """The threshold is one of the whole period: what is given up is given up for periods that are not filed yet."""
    if taxpayer.quarterly and wanted.since.month % 3 != 1:
        raise refuse("preferenceMidQuarter")
    for period in rules.taken(taxpayer, today(core)):
        filed = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
        if period.last >= wanted.since and filed is not None:
            raise refuse("preferenceFiled", period=period.name, declaration=filed.declaration)


def _month(first: date) -> dict[str, str]:
    return period_name(first, first)


def _later(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
