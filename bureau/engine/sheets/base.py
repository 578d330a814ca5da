"""What every kind of certificate is made of: the case it is asked in, its words, the name of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bureau.engine.names import day_in_words
from bureau.engine.records import MONTHS_BACK, back
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.office import Sheet, SheetFact
from bureau.ports.registration import Person
from bureau.texts import LANGUAGES, say
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_number
from kiosk.domain.money import capital, format_yuan
from sync.cbor import encode
from sync.models import (
    CertificateItem,
    CertificatePreview,
    CertificateWish,
    PreviewColumn,
    PreviewFact,
    Texts,
)


@dataclass(frozen=True, slots=True)
class Case:
    """Who asks for what, over one view of the core."""

    core: Core
    actor: Actor
    wish: CertificateWish
    rules: Rules

    @property
    def day(self) -> date:
        """The business day, in China."""
        return today(self.core)

    @property
    def window_months(self) -> tuple[str, str]:
        """The months that may be asked for: the last 36 with the one that is running."""
        newest = f"{self.day:%Y-%m}"
        return back(newest, MONTHS_BACK - 1), newest


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of certificate.

    ``draw`` gathers it and raises ``Refused`` for each reason in law why it cannot be had. ``audience`` is who
    may ask for it (its service says which roles). Title and legal basis are the texts ``certificate.<kind>.title``
    and ``.basis``. ``months`` tells which months may be chosen, where it is of a period, and ``items`` what may be
    where it is of one thing. ``single``: of one thing there is one valid certificate at most; who asks once more gets
    that one, its copy marked.
    """

    certificate: str
    audience: Literal["person", "enterprise"]
    draw: Callable[[Case], Sheet]
    months: Callable[[Case], list[str]] | None = None
    items: Callable[[Case], list[CertificateItem]] | None = None
    single: bool = False

    def sheet(self, case: Case) -> Sheet:
        """The sheet with the law that it stands on; raises ``Refused``."""
        drawn = self.draw(case)
        law = say("certificate.basis", law=say(f"certificate.{self.certificate}.basis"))
        return replace(drawn, statements=(*drawn.statements, law))


def title(certificate: str) -> Texts:
    """What stands above the sheet."""
    return say(f"certificate.{certificate}.title")


def same(text: str) -> Texts:
    """A figure or a name, which is the same in every language."""
    return dict.fromkeys(LANGUAGES, text)


def yuan(fen: int) -> Texts:
    """An amount, to be read by anybody."""
    return same(format_yuan(Fen(fen)))


def in_capitals(fen: int) -> str:
    """The amount in Chinese capitals (大写)."""
    return "人民币" + capital(Fen(fen))


def span(first: date, last: date) -> Texts:
    """From one day to another."""
    return say("certificate.span", first=day_in_words(first), last=day_in_words(last))


def month_span(first: date, last: date) -> Texts:
    """``2026-07`` or ``2026-07 – 2026-09``: the months of a tax period, where there is little room."""
    one, two = f"{first:%Y-%m}", f"{last:%Y-%m}"
    return same(one if one == two else f"{one} – {two}")


def unit_fact() -> SheetFact:
    """金额单位: on every sheet with amounts in columns, as the forms of the tax vouchers have it."""
    return SheetFact(say("certificate.fact.unit"), say("certificate.unit"), screen=False)


def enterprise_facts(case: Case) -> tuple[SheetFact, ...]:
    """Name and number of the enterprise: public, so nothing is masked."""
    taxpayer = case.actor.enterprise
    return (
        SheetFact(say("certificate.fact.taxpayer"), same(taxpayer.name), strong=True, wide=True),
        SheetFact(say("certificate.fact.taxpayer-number"), same(taxpayer.taxpayer), wide=True),
    )


def name_of(person: Person) -> Texts:
    """As the document has it, in Latin letters where it has those too."""
    return {"zh-CN": person.name, "en-US": person.latin_name or person.name}


def person_facts(case: Case) -> tuple[SheetFact, ...]:
    """Name and document of the person, its number in full on the paper and masked everywhere else."""
    person = case.actor.person
    number = person.key.number
    return (
        SheetFact(say("certificate.fact.name"), name_of(person), strong=True),
        SheetFact(say("certificate.fact.document"), say(f"document.{person.key.kind.value}")),
        SheetFact(
            say("certificate.fact.document-number"), same(number), public=same(mask_number(number)), wide=True
        ),
    )


def wished_months(case: Case) -> tuple[str, str]:
    """First and last month that were asked for; raises ``Refused``."""
    first, last = case.wish.first, case.wish.last
    oldest, newest = case.window_months
    if first is None or last is None or not oldest <= first <= last <= newest:
        raise refuse("periodWrong")
    return first, last


def period(case: Case) -> tuple[date, date]:
    """First and last day of the months that were asked for, today at the latest; raises ``Refused``."""
    first, last = wished_months(case)
    end = date.fromisoformat(f"{back(last, -1)}-01") - timedelta(days=1)
    return date.fromisoformat(f"{first}-01"), min(end, case.day)


def window(case: Case) -> tuple[date, date]:
    """The days that may be asked for."""
    return date.fromisoformat(f"{case.window_months[0]}-01"), case.day


def content_sha256(sheet: Sheet) -> str:
    """Names exactly what this sheet says of exactly this holder: SHA-256 over deterministic CBOR."""
    canonical = [
        sheet.kind,
        sheet.holder,
        [[dict(fact.label), dict(fact.value)] for fact in sheet.facts],
        [dict(column.label) for column in sheet.columns],
        [[dict(cell) for cell in row] for row in sheet.rows],
        [dict(cell) for cell in sheet.totals],
        [dict(statement) for statement in sheet.statements],
        sheet.amount_fen,
    ]
    return hashlib.sha256(encode(["sheet", 1, canonical])).hexdigest()


def preview(sheet: Sheet) -> CertificatePreview:
    """The sheet as the screen shows it: numbers of persons masked, fewer columns, the total below."""
    shown = [index for index, column in enumerate(sheet.columns) if column.screen]
    columns = [sheet.columns[index] for index in shown]
    total = []
    if sheet.totals and sheet.emphasis >= 0:
        label = sheet.totals[0]
        total = [PreviewFact(label=label, value=sheet.totals[sheet.emphasis])]
    return CertificatePreview(
        title=sheet.title,
        facts=[PreviewFact(label=fact.label, value=fact.shown) for fact in sheet.facts if fact.screen],
        columns=[PreviewColumn(label=c.label, width=c.width, figures=c.figures) for c in columns],
        rows=[[row[index] for index in shown] for row in sheet.rows],
        total=total,
        statements=list(sheet.statements),
        content_sha256=content_sha256(sheet),
    )
