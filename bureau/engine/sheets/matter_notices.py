"""税务事项通知书: the formal document for the slip (回单) of something that a terminal accepted, often off line.

Whoever holds the slip may have it, so it says of a person no more than the slip does: name and number stay masked on
the paper too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.services import Services
from bureau.engine.sheets.base import same
from bureau.ports.core import Core
from bureau.ports.office import Sheet, SheetFact
from bureau.ports.public import PublicRecords, SlipStatus
from bureau.ports.registration import PersonKey
from bureau.ports.system import AnsweredEffect, System
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.masking import mask_name, mask_number
from sync.models import EffectKind, Texts

MATTER_NOTICE: Final = "matter-notice"
SERVICE: Final = "slip.exchange"
FILED: Final = frozenset(
    {
        EffectKind.DECLARATION_SUBMIT,
        EffectKind.MATTER_SUBMIT,
        EffectKind.MATERIALS_SUPPLY,
        EffectKind.DEPARTURE_APPLY,
    }
)
"""What a terminal takes in for the bureau. Other effects leave a document of their own: a certificate, invoices."""
TAKEN: Final = "taken"
"""A matter that was taken in is one thing, whether an officer has decided it by now or not."""
_WORDED: Final = {"open": TAKEN, "inDoubt": TAKEN, "duplicate": "accepted"}


@dataclass(frozen=True, slots=True)
class MatterNotice:
    """The sheet, and the person who was at the terminal."""

    sheet: Sheet
    person: PersonKey


class MatterNotices:
    """Draws the notice of a slip, as its matter stands now. Thread-safe if ``system`` is."""

    def __init__(self, system: System, records: PublicRecords, services: Services) -> None:
        self._system, self._records, self._services = system, records, services

    def of(self, key: str, terminal: str) -> MatterNotice:
        """The notice for the slip of this key; raises ``Refused`` where there is none to be had (yet)."""
        with self._system.read(terminal) as work:
            effect = work.answers.effect(key)
            if effect is None:
                raise refuse("slipNotHereYet")
            if effect.person is None or not self._waits(effect):
                raise refuse("slipHasItsDocument")
            addressee = tuple(_addressee(work.core, effect))
        return MatterNotice(_sheet(effect, self._records.slip(key), addressee), effect.person)

    def _waits(self, effect: AnsweredEffect) -> bool:
        """Whether it is of a service that takes things in where the centre cannot be reached."""
        found = self._services.current.get(effect.service)
        return effect.kind in FILED and found is not None and found.service.offline == "queue"


def _addressee(core: Core, effect: AnsweredEffect) -> Iterator[SheetFact]:
    assert effect.person is not None, "asked before"
    taxpayer = core.registration.taxpayer(effect.taxpayer) if effect.taxpayer else None
    if taxpayer is not None and taxpayer != core.registration.own(effect.person):
        yield SheetFact(say("certificate.fact.taxpayer"), same(taxpayer.name), strong=True, wide=True)
        yield SheetFact(say("certificate.fact.taxpayer-number"), same(taxpayer.taxpayer), wide=True)
        return
    person = core.registration.person(effect.person)
    if person is not None:
        yield SheetFact(say("certificate.fact.name"), same(mask_name(person.name)), strong=True)
    yield SheetFact(
        say("certificate.fact.document-number"), same(mask_number(effect.person.number)), wide=True
    )


def _sheet(effect: AnsweredEffect, slip: SlipStatus, addressee: tuple[SheetFact, ...]) -> Sheet:
    worded = _WORDED.get(slip.state, slip.state)
    facts = [
        *addressee,
        SheetFact(say("certificate.fact.matter"), slip.title, strong=True, wide=True),
        SheetFact(say("certificate.fact.taken"), _moment(effect.accepted_at)),
        SheetFact(say("certificate.fact.at-terminal"), same(effect.kept.terminal)),
        SheetFact(say("certificate.fact.arrived"), _moment(effect.received_at)),
    ]
    if slip.reference:
        facts.append(
            SheetFact(say("certificate.fact.reference"), same(slip.reference), strong=True, wide=True)
        )
    if slip.deadline is not None:
        facts.append(SheetFact(say("certificate.fact.act-by"), day_in_words(slip.deadline), strong=True))
    facts += [SheetFact(label, same(value)) for label, value in slip.facts]
    return Sheet(
        kind=MATTER_NOTICE,
        title=say(f"certificate.matter-notice.{worded}.title"),
        holder=addressee[0].value["zh-CN"],
        facts=tuple(facts),
        statements=(
            say(f"certificate.matter-notice.{worded}.statement", matter=slip.title),
            slip.text,
            say("certificate.basis", law=say("certificate.matter-notice.basis")),
        ),
    )


def _moment(at: datetime) -> Texts:
    there = at.astimezone(CHINA)
    return say("certificate.moment", day=day_in_words(there.date()), time=f"{there:%H:%M}")
