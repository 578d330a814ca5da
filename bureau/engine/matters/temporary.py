"""A person who runs a business without a licence is registered for a time (临时税务登记)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bureau.engine.matters.base import Fields, Untouched
from bureau.engine.matters.kinds import Matter
from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.errors import TemporaryRefused
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.registration import NewTemporary, Person, PersonKey, Taxpayer
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import Registrar, check_resident_id
from kiosk.domain.people import Role

LONGEST: Final = "common.temporary-registration-days"
"""For how many days one counts at most, and how long ago the business may have begun, for a terminal."""
ADULT: Final = 18
"""Of age (民法典第十七条). Who lives on their own work at 16 counts as such (第十八条): a counter sees the proof."""
OWN_TRADE: Final = "own"
"""Without a licence, in one's own name; the other grounds stand on a contract that an officer sees."""
FIGURES_IN_NAME: Final = 6
"""So many figures in the name of a business, which anybody may look up, are the number of a document or a phone."""
ENTERED: Final = ("phone", "bank", "account", "grounds", "starts_on", "ends_on")


class RegisterTemporary(Untouched):
    """The person is a taxpayer with a number of the bureau's own, and its head: the other services work from then on.

    税收征收管理法第十五条; 税务登记管理办法; 税务总局公告2019年第48号第二条.
    """

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The person is of age and has none, and the days hang together."""
        person, day = actor.person, today(core)
        may_register(core, person, day, lock=True)
        starts, ends = (
            date.fromisoformat(str(fields["starts_on"])),
            date.fromisoformat(str(fields["ends_on"])),
        )
        most = longest(rules, day)
        if starts < day - timedelta(most):
            raise refuse("temporaryLongAgo", day=day_in_words(day - timedelta(most)))
        if ends > day + timedelta(most):
            raise refuse("temporaryTooLong", day=day_in_words(day + timedelta(most)))
        name = str(fields["name"])
        if sum(c.isdecimal() for c in name) >= FIGURES_IN_NAME:
            raise refuse("temporaryNameTells")
        if ("bank" in fields) != ("account" in fields):
            raise refuse("factsTogether")
        if (firm := _licensed(core, person.key, name, str(fields["grounds"]), day)) is not None:
            raise refuse("temporaryLicensed", name=firm.name, number=firm.taxpayer)
        rates = rules.current.at(day)
        return {
            **fields,
            "age_seen": _birth(person.key, day) is not None,
            "levy_rate": str(rates.rate("vat-small.levy-rate")),
            "city_rate": str(rates.rate(f"surcharges.city-rate-{fields['district']}")),
        }

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Register, and enter what was told; raises ``TemporaryRefused`` when the person has one by now."""
        told = {name: str(value) for name, value in case.fields.items()}
        held = core.registration.temporary(case.person, lock=True)
        if held is not None and not held.ended(day):
            raise TemporaryRefused(f"{held.taxpayer} is in force: refuse the case with that reason")
        made = core.registration.register_temporary(
            NewTemporary(
                person=case.person,
                name=told["name"],
                industry=say(f"activity.{told['activity']}")["zh-CN"],
                address=told["address"],
                starts_on=date.fromisoformat(told["starts_on"]),
                ends_on=date.fromisoformat(told["ends_on"]),
                levy_rate=told["levy_rate"],
                city_rate=told["city_rate"],
            )
        )
        for fact in ENTERED:
            if fact in case.fields:
                core.registration.enter(made.taxpayer, fact, case.fields[fact], day, case.case)
        return day


def longest(rules: Rules, day: date) -> int:
    """The most days of a registration that a terminal makes on ``day``."""
    return rules.current.at(day).number(LONGEST)


def may_register(core: Core, person: Person, day: date, *, lock: bool = False) -> None:
    """Whether the person can be registered for a time on ``day``; raises ``Refused``."""
    held = core.registration.temporary(person.key, lock=lock)
    if held is not None and not held.ended(day):
        assert held.ends_on is not None, "it is a temporary one"
        raise refuse("temporaryHeld", name=held.name, number=held.taxpayer, day=day_in_words(held.ends_on))
    birth = _birth(person.key, day)
    if birth is not None and (birth.year + ADULT, birth.month, birth.day) > (day.year, day.month, day.day):
        raise refuse("temporaryMinor")


def _birth(key: PersonKey, day: date) -> date | None:
    """The day of birth that a document's number tells; a passport's tells none, an old permit's not its century."""
    try:
        return check_resident_id(key.number, day).birth
    except FieldError:
        return None


def _licensed(core: Core, key: PersonKey, name: str, grounds: str, day: date) -> Taxpayer | None:
    """The person's own licensed business: an individual one (个体工商户), or an enterprise of the very name."""
    for held in core.registration.roles(key, day):
        firm = held.taxpayer
        if held.role is not Role.LEGAL_REPRESENTATIVE or firm.state == "cancelled" or firm.temporary:
            continue
        individual = firm.taxpayer.startswith(Registrar.INDIVIDUAL_BUSINESS)
        if "".join(firm.name.split()) == "".join(name.split()) or (individual and grounds == OWN_TRADE):
            return firm
    return None
