"""Check before it happens: the total, how it came about, every fact with a way to change it, or the sheet itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.catalogue.models import (
    Format,
    FormRowModel,
    FormStep,
    Input,
    LabelledValue,
    PaperModel,
    ReviewedValue,
    ReviewStep,
    SectionModel,
    SheetModel,
)
from kiosk.domain.concealing import holds_concealed
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Bar, Choice, Page, ReviewPage, ReviewRow, ReviewSection, Sheet
from kiosk.flow.state import ServiceState
from kiosk.steps.asking import ask, failed, working
from kiosk.steps.base import Ctx, Go, Move, Titles, step_kind
from kiosk.steps.continuing import chosen, offered
from kiosk.steps.form.inputs import KINDS

FIGURES = (Format.MONEY, Format.COUNT, Format.PERCENT)
OPENS = "opens"
"""The second button, which leads to another service."""
GROUPED = (Input.ACCOUNT, Input.PHONE)
MOST_BESIDE_SENTENCES = {"standard": 10, "elder": 6}
"""Facts and rows of a page that leave room for a sheet's sentences, by the size of its words."""


@dataclass(frozen=True, slots=True)
class Local:
    """What the centre answered (None: nothing was asked) and the page of the sheet that is open."""

    answer: Mapping[str, Any] | None = None
    page: int = 1


@step_kind("review")
class Review:
    """Ask when the step says so, then show it all."""

    def enter(self, ctx: Ctx[ReviewStep]) -> Move:
        """Ask, or show what the visit holds."""
        model = ctx.step.ask
        if model is None or (model.tolerant and ctx.state.offline):
            return Move(local=Local())
        return ask(ctx, model)

    def on_outcome(self, ctx: Ctx[ReviewStep], outcome: Outcome) -> Move:
        """The record is here, or what the page can do without is not."""
        if outcome.fault and ctx.step.ask is not None and ctx.step.ask.tolerant:
            return Move(local=Local(), answer={}, redraw=True)
        return failed(ctx, outcome) or Move(local=Local(outcome.data), answer=outcome.data, redraw=True)

    def on_intent(self, ctx: Ctx[ReviewStep], intent: Intent) -> Move:
        """Confirm, or turn the sheet's page; Change is the engine's."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        if intent.action is Action.PROCEED:
            return Move(go=Go.NEXT, answer=local.answer or {})
        if intent.action is Action.SECOND and intent.value == OPENS and (opens := _opens(ctx)):
            return Move(local=local, go=Go.OPEN, opens=opens)
        if chosen(ctx, intent):
            return Move(go=Go.PHONE, answer=local.answer or {})
        if intent.action is Action.PAGE and intent.value.isdigit() and (pages := self._count(ctx)):
            return Move(local=Local(local.answer, max(1, min(int(intent.value), pages))))
        return Move(local=local)

    def page(self, ctx: Ctx[ReviewStep]) -> Page:
        """Total, sections or sheet."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return working(ctx)
        step = ctx.step
        total, raw = _total(ctx)
        return ReviewPage(
            **_titles(ctx),
            **ctx.owner(),
            note=ctx.say(step.declares),
            quiet=offered(ctx),
            second=_leads_on(ctx),
            total_label=ctx.say(total.label) if total else "",
            total=ctx.show(total) if total else "",
            total_words=ctx.in_capitals(raw),
            sections=tuple(self._section(ctx, section) for section in step.sections),
            sheet=self._drawn(ctx, local.page),
        )

    def _count(self, ctx: Ctx[ReviewStep]) -> int:
        """Pages of the sheet; none without one."""
        step = ctx.step
        if step.sheet is not None:
            return _pages(step.sheet, self._rows(ctx, step.sheet))
        return len(_leaves(ctx, step.paper)) + _apart(ctx, step.paper) if step.paper is not None else 0

    def _drawn(self, ctx: Ctx[ReviewStep], page: int) -> Sheet | None:
        step = ctx.step
        if step.sheet is not None:
            return self._sheet(ctx, step.sheet, page)
        return _paper(ctx, step.paper, page) if step.paper is not None else None

    def _section(self, ctx: Ctx[ReviewStep], section: SectionModel) -> ReviewSection:
        changes = any(_change(ctx, row) for row in section.rows)
        shown = [row for row in section.rows if not _empty(ctx, row)]
        rows = tuple(self._row(ctx, row, changes) for row in shown)
        figures = not changes and all(row.format in FIGURES for row in shown)
        return ReviewSection(ctx.say(section.title), rows, figures)

    def _row(self, ctx: Ctx[ReviewStep], row: ReviewedValue, changes: bool) -> ReviewRow:
        change = _change(ctx, row)
        fixed = ctx.t("review.fixed") if changes and not change else ""
        basis = ctx.look(row.basis) if row.basis else None
        note = ctx.say(basis) if isinstance(basis, Mapping) else ctx.say(row.note)
        if row.note_concealed and holds_concealed(str(ctx.look(row.value))):
            note = ctx.say(row.note_concealed)
        if row.missing and ctx.look(row.value) is None:
            return ReviewRow(ctx.say(row.label), "", ctx.say(row.missing), change, fixed)
        return ReviewRow(ctx.say(row.label), _shown(ctx, row), note, change, fixed)

    def _rows(self, ctx: Ctx[ReviewStep], sheet: SheetModel) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = ctx.look(sheet.rows) or ()
        return rows

    def _sheet(self, ctx: Ctx[ReviewStep], sheet: SheetModel, page: int) -> Sheet:
        rows = self._rows(ctx, sheet)
        pages = _pages(sheet, rows)
        begin = (page - 1) * sheet.rows_per_page
        shown = rows[begin : begin + sheet.rows_per_page]
        return Sheet(
            title=ctx.say(sheet.title),
            subtitle=ctx.say(sheet.subtitle),
            corner=(ctx.t("sheet.unit"),),
            facts=tuple((ctx.say(f.label), ctx.show(f)) for f in sheet.facts),
            bars=self._bars(ctx, sheet, rows) if page == 1 else (),
            columns=tuple(ctx.say(c.label) for c in sheet.columns),
            rows=tuple(
                tuple(ctx.show_as(c.format, row.get(c.field)) for c in sheet.columns) for row in shown
            ),
            total=tuple((ctx.say(t.label), ctx.show(t)) for t in sheet.total),
            note=ctx.say(sheet.note),
            page=page,
            pages=pages,
            page_text=ctx.t("sheet.page", page=page, pages=pages),
        )

    def _bars(
        self, ctx: Ctx[ReviewStep], sheet: SheetModel, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[Bar, ...]:
        """One bar a month: rows of the same month are added."""
        if not sheet.bars:
            return ()
        sums: dict[str, int] = {}
        for row in rows:
            sums[row[sheet.bars_by]] = sums.get(row[sheet.bars_by], 0) + row[sheet.bars]
        highest = max(sums.values(), default=0)
        if highest <= 0:
            return ()
        column = next(c for c in sheet.columns if c.field == sheet.bars)
        top = max(sums, key=lambda name: sums[name])
        return tuple(
            Bar(
                label=ctx.t("sheet.month", month=int(name[5:])),
                share=value / highest,
                value=ctx.show_as(column.format, value),
                highest=name == top,
            )
            for name, value in sums.items()
        )


def _titles(ctx: Ctx[ReviewStep]) -> Titles:
    """The file's words, or the centre's own where the file names their place."""
    words = ctx.titles()
    if ctx.step.title_of is not None:
        words["title"] = ctx.say(ctx.look(ctx.step.title_of))
    return words


def _opens(ctx: Ctx[ReviewStep]) -> str:
    """The service that the page leads to, as far as it is one here and can be used now; empty: none."""
    wanted = str(ctx.look(ctx.step.opens) or "") if ctx.step.opens is not None else ""
    there = wanted in ctx.services and ctx.state.world.services.get(wanted, ServiceState(True)).usable
    return wanted if there else ""


def _leads_on(ctx: Ctx[ReviewStep]) -> Choice | None:
    opens = _opens(ctx)
    if not opens:
        return None
    service = ctx.services[opens].service
    return Choice(OPENS, ctx.t("review.opens", service=ctx.say(service.tile or service.title)))


def _empty(ctx: Ctx[ReviewStep], row: ReviewedValue) -> bool:
    """Whether the row is left out: a zero that has words for not being known, or nothing that is seldom anything."""
    value = ctx.look(row.value)
    return bool(row.missing and value == 0) or (row.seldom and not value)


def _form_row(ctx: Ctx[ReviewStep], row: ReviewedValue) -> FormRowModel | None:
    """The row of a form in which the value was given."""
    head, _, name = row.change.partition(".")
    rows = (
        r for step in ctx.service.steps if isinstance(step, FormStep) and step.id == head for r in step.rows
    )
    return next((r for r in rows if r.id == name), None)


def _change(ctx: Ctx[ReviewStep], row: ReviewedValue) -> str:
    """Where the value can be changed; nowhere, when its row is one that is given without the network alone."""
    found = _form_row(ctx, row)
    given = found is None or found.editable != "offline" or ctx.state.offline
    return row.change if given else ""


def _shown(ctx: Ctx[ReviewStep], row: ReviewedValue) -> str:
    """The value; the number of an account or a phone in the groups in which it was typed."""
    found, shown = _form_row(ctx, row), ctx.show(row)
    if found is None or row.format is not Format.TEXT or found.input not in GROUPED:
        return shown
    return KINDS[found.input].shown(shown, ctx.state.lang)


def _total(ctx: Ctx[ReviewStep]) -> tuple[LabelledValue | None, Any]:
    """The sum on top: the centre's when it has told one, else what the visit holds."""
    asked = ctx.step.total_asked
    total = asked if asked is not None and ctx.look(asked.value) is not None else ctx.step.total
    return total, ctx.look(total.value) if total is not None else None


def _told(ctx: Ctx[ReviewStep], paper: PaperModel) -> Mapping[str, Any]:
    """The centre's sheet (``sync.models.CertificatePreview``)."""
    told: Mapping[str, Any] = ctx.look(paper.of)
    return told


def _leaves(ctx: Ctx[ReviewStep], paper: PaperModel) -> Sequence[Sequence[Sequence[Mapping[str, str]]]]:
    """The rows page by page, of which there is always one; half as many a page where words are large."""
    rows = _told(ctx, paper)["rows"]
    most = max(1, paper.rows_per_page // 2) if ctx.state.mode == "elder" else paper.rows_per_page
    return [rows[begin : begin + most] for begin in range(0, max(1, len(rows)), most)]


def _apart(ctx: Ctx[ReviewStep], paper: PaperModel) -> bool:
    """Whether the sentences stand on a page of their own: where too much stands beside them."""
    told, leaves = _told(ctx, paper), _leaves(ctx, paper)
    beside = len(told["facts"]) + len(leaves[0 if _finding(told) else -1])
    return beside > MOST_BESIDE_SENTENCES[ctx.state.mode] and bool(told["statements"])


def _finding(told: Mapping[str, Any]) -> bool:
    """Whether it tells what a check found: its sentences are the answer, and come before what was looked at."""
    return "finding" in told


def _headed(ctx: Ctx[ReviewStep], paper: PaperModel) -> tuple[str, str]:
    """Title and the line below: of what will be printed as it will be, of a finding in the person's language."""
    title = _told(ctx, paper)["title"]
    chinese, here = title["zh-CN"], ctx.say(title)
    if here == chinese:
        return chinese, ctx.t("sheet.preview") if paper.preview else ""
    return (chinese, here) if paper.preview else (here, chinese)


def _paper(ctx: Ctx[ReviewStep], paper: PaperModel, page: int) -> Sheet:
    """The sheet in the words in which it will be printed; its sentences come last, as they do on paper.

    Those of a finding come first.
    """
    told, leaves, apart = _told(ctx, paper), _leaves(ctx, paper), _apart(ctx, paper)
    pages, first = len(leaves) + apart, _finding(told)
    said = page == (1 if first else pages)
    alone = apart and said
    shown = () if alone else leaves[page - 1 - (apart and first)]
    title, subtitle = _headed(ctx, paper)

    def pairs(name: str) -> tuple[tuple[str, str], ...]:
        return tuple((ctx.say(one["label"]), ctx.say(one["value"])) for one in told[name])

    return Sheet(
        title=title,
        subtitle=subtitle,
        corner=(),
        facts=() if alone else pairs("facts"),
        bars=(),
        columns=() if alone else tuple(ctx.say(column["label"]) for column in told["columns"]),
        rows=tuple(tuple(ctx.say(cell) for cell in row) for row in shown),
        total=() if alone else pairs("total"),
        note=ctx.say(paper.note),
        page=page,
        pages=pages,
        page_text=ctx.t("sheet.page", page=page, pages=pages),
        statements=tuple(ctx.say(words) for words in told["statements"]) if said else (),
        told_first=first,
        widths=tuple(column["width"] for column in told["columns"]),
        figures=tuple(column["figures"] for column in told["columns"]),
    )


def _pages(sheet: SheetModel, rows: Sequence[object]) -> int:
    return max(1, -(-len(rows) // sheet.rows_per_page))
