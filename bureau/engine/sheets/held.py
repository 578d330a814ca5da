"""个人信息查询结果: a sealed copy of what the bureau holds of a person (个人信息保护法, art. 45)."""

from __future__ import annotations

from bureau.engine import own_data
from bureau.engine.sheets.base import Case, person_facts, same, title
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import say
from kiosk.domain.masking import mask_mobile

PERSONAL_DATA = "personal-data"
OF_ITSELF = frozenset({"access"})
"""What asking for the copy adds to, so that no copy could say how much there is: it is listed at the terminal."""


def personal_data(case: Case) -> Sheet:
    """Who the person is, and every kind of data with since when, until when and why it is kept."""
    person = case.actor.person
    rows = [own_data.row(one) for one in case.core.privacy.held(person.key) if one.kind not in OF_ITSELF]
    phone = (
        [
            SheetFact(
                say("held.phone"), same(person.mobile), public=same(mask_mobile(person.mobile)), wide=True
            )
        ]
        if person.mobile
        else []
    )
    return Sheet(
        kind=PERSONAL_DATA,
        title=title(PERSONAL_DATA),
        holder=person.name,
        facts=(*person_facts(case), *phone),
        columns=(
            SheetColumn(say("certificate.personal-data.kind"), 21),
            SheetColumn(say("certificate.personal-data.count"), 9, figures=True),
            SheetColumn(say("certificate.personal-data.since"), 14),
            SheetColumn(say("certificate.personal-data.until"), 18),
            SheetColumn(say("certificate.personal-data.why"), 38, screen=False),
        ),
        rows=tuple(
            (row.title, same(str(row.count)), same(row.since.isoformat()), row.until, row.basis)
            for row in rows
        ),
        statements=(say("certificate.personal-data.statement"),),
    )
