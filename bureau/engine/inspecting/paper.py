"""The record of a visit (检查笔录) as a sheet: order, what was known, what was found, who signed, which pictures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from bureau.engine.inspecting import form as forms
from bureau.engine.inspecting.form import Form, Known, Run, Signed
from bureau.engine.inspecting.rules import Kind, Outcome, rules
from bureau.engine.messages import Values
from bureau.engine.names import day_in_words
from bureau.engine.sheets.base import same, yuan
from bureau.ports.inspections import Inspection, Picture
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import joined, say
from config.clock import CHINA
from kiosk.domain.people import is_household
from sync.models import Texts

KIND: Final = "inspection-record"
DIGEST_SHOWN: Final = 8
PARAGRAPH: Final = 80
"""Characters of a paragraph of the copy that is served (``serving.documents.MOST_PARAGRAPH``)."""


def sheet(inspection: Inspection, form: Form, pictures: Sequence[Picture]) -> Sheet:
    """All that the sealed paper says; pictures and ink stay at the centre and are named by their digests."""
    kind = forms.kind_of(inspection)
    outcome = kind.outcomes[form.entered.outcome]
    return Sheet(
        kind=KIND,
        title=say(f"certificate.{KIND}.title"),
        holder=form.known.name,
        facts=tuple(_facts(inspection, form, kind)),
        columns=(
            SheetColumn(say("inspection.column.item"), 38),
            SheetColumn(say("inspection.column.answer"), 62),
        ),
        rows=tuple(_rows(form, kind)),
        statements=(
            say("inspection.outcome", outcome=outcome.title),
            _signature(outcome, form.signed),
            _pictures(pictures),
            say(
                "inspection.confirmed",
                first=inspection.first_name,
                second=inspection.second_name,
                digest=inspection.content_sha256[:DIGEST_SHOWN].upper(),
            ),
            say("certificate.basis", law=say(f"certificate.{KIND}.basis")),
        ),
    )


def paragraphs(paper: Sheet) -> tuple[Texts, ...]:
    """The same as paragraphs of an official document, none too long for a terminal."""
    lines = [_line(fact.label, fact.value) for fact in paper.facts]
    lines += [_line(*row) for row in paper.rows]
    return tuple(part for line in (*lines, *paper.statements) for part in _parted(line))


def _line(label: Texts, value: Texts) -> Texts:
    return say("inspection.line", label=label, value=value)


def _parted(line: Texts) -> list[Texts]:
    """English has twice the room; a part that a language does not need is left out with the others' last."""
    room = {lang: PARAGRAPH if lang == "zh-CN" else 2 * PARAGRAPH for lang in line}
    count = max(-(-len(text) // room[lang]) for lang, text in line.items())
    cut = {lang: _cut(text, count) for lang, text in line.items()}
    return [{lang: parts[number] for lang, parts in cut.items()} for number in range(count)]


def _cut(text: str, count: int) -> list[str]:
    step = -(-len(text) // count)
    return [text[at : at + step] or "…" for at in range(0, step * count, step)]


def _facts(inspection: Inspection, form: Form, kind: Kind) -> list[SheetFact]:
    known, entered = form.known, form.entered
    facts = [
        SheetFact(say("certificate.fact.taxpayer"), same(known.name), strong=True, wide=True),
        SheetFact(say("certificate.fact.taxpayer-number"), same(inspection.taxpayer), wide=True),
        SheetFact(say("inspection.fact.address"), same(known.address or "—"), wide=True),
        SheetFact(
            say("inspection.fact.operator" if is_household(inspection.taxpayer) else "inspection.fact.head"),
            same(known.head or "—"),
        ),
        SheetFact(say("inspection.fact.day"), _begun(known)),
        SheetFact(say("inspection.fact.kind"), kind.title),
        SheetFact(
            say("inspection.fact.officers"),
            same(f"{inspection.first_name}、{inspection.second_name}"),
            strong=True,
        ),
        SheetFact(say("inspection.fact.reason"), same(inspection.reason), wide=True),
        SheetFact(
            say("inspection.fact.basis"),
            rules().bases.get(inspection.basis, same(inspection.basis)),
            wide=True,
        ),
    ]
    if entered.notice:
        facts.append(SheetFact(say("inspection.fact.notice"), same(entered.notice), wide=True))
    return facts


def _begun(known: Known) -> Texts:
    """When the first of it was kept on the spot; it may have been ordered for an earlier day."""
    at = known.read_at.astimezone(CHINA)
    return say("inspection.begun", day=day_in_words(at.date()), time=f"{at:%H:%M}")


def _rows(form: Form, kind: Kind) -> list[tuple[Texts, Texts]]:
    known, entered = form.known, form.entered
    shown = "inspection.row.cards-shown" if entered.cards else "inspection.row.cards-nobody"
    rows = [(say("inspection.row.cards"), say(shown))]
    if kind.outcomes[entered.outcome].signed:
        rows.append((say("inspection.row.rights"), say("inspection.rights")))
    rows += [
        (question.ask, question.answers[value].title if question.answers else same(value))
        for key, question in kind.questions.items()
        if (value := entered.answers.get(key, "").strip())
    ]
    if kind.counts:
        rows += [_counted(run, entered.counted[run.key]) for run in known.runs]
        if not known.runs:
            rows.append((say("inspection.row.runs"), say("inspection.row.none")))
    rows.append((say("inspection.row.unfiled"), _several([one.what for one in known.unfiled])))
    owed = [
        say("inspection.owed", what=o.what, limit=day_in_words(o.limit), amount=yuan(o.amount_fen))
        for o in known.owed
    ]
    rows.append((say("inspection.row.owed"), _several(owed)))
    if entered.findings.strip():
        rows.append((say("inspection.row.findings"), same(" ".join(entered.findings.split()))))
    return rows


def _counted(run: Run, there: int) -> tuple[Texts, Texts]:
    what = say("inspection.run", kind=run.kind, code=run.code, first=run.first, last=run.last)
    key = "inspection.counted" if there == run.count else "inspection.counted-otherwise"
    return what, say(key, ledger=str(run.count), there=str(there))


def _several(found: list[Texts]) -> Texts:
    return joined(found, "semicolon") if found else say("inspection.row.none")


def _signature(outcome: Outcome, signed: Signed | None) -> Texts:
    if not outcome.signed or signed is None:
        return say("inspection.nobody")
    at = signed.at.astimezone(CHINA)
    values: Values = {
        "name": signed.name,
        "capacity": signed.capacity,
        "day": day_in_words(at.date()),
        "time": f"{at:%H:%M}",
    }
    if signed.refusal:
        return say("inspection.refused", reason=signed.refusal, **values)
    ink = hashlib.sha256(base64.b64decode(signed.ink)).hexdigest()
    return say("inspection.signed", digest=ink[:DIGEST_SHOWN].upper(), **values)


def _pictures(pictures: Sequence[Picture]) -> Texts:
    if not pictures:
        return say("inspection.pictures.none")
    digests = " ".join(picture.sha256[:DIGEST_SHOWN].upper() for picture in pictures)
    return say("inspection.pictures", count=str(len(pictures)), digests=digests)
