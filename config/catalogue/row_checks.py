"""What no single field of a form, a list or a choice of rows can see of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import get_args

from config.catalogue.basics import Format
from config.catalogue.forms import FormRowModel, FormStep, Input, OptionModel, ReturnKind
from config.catalogue.mistakes import Mistake
from config.catalogue.rows import Column, ListStep, RowsModel, Shown
from config.errors import did_you_mean

COUNTED = (Input.MONEY, Input.COUNT)
MEASURED = (Input.DIGITS, Input.ACCOUNT, Input.LETTERS, Input.TEXT)
DATED = (Input.DATE, Input.MONTH)
LIMITS = {
    "min": COUNTED,
    "max": COUNTED,
    "min_of": COUNTED,
    "max_of": COUNTED,
    "min_length": MEASURED,
    "max_length": MEASURED,
    "earliest": DATED,
    "latest": DATED,
}
"""Which inputs a limit means something for."""
FORMS = ("vat-small", *get_args(ReturnKind))
"""The forms that one step may be."""
KEPT = ("known", "typed", "asked")
"""What a form leaves beside its rows."""


def form_mistakes(key: str, step: FormStep) -> Iterator[Mistake]:
    """Everything wrong with the rows of a form."""
    yield from _no_way_on(key, step)
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(step.rows):
        place = f"{key}.rows.{index}"
        names = {(form, row.id) for form in row.forms or FORMS}
        if row.forms and step.form_of is None:
            yield Mistake(
                f"{place}.forms", "means nothing here", "say in form_of which form it is, or leave it out"
            )
        if names & seen:
            yield Mistake(
                f"{place}.id", f"{row.id!r} is the name of a row above", "give each row a name of its own"
            )
        if row.id in KEPT:
            yield Mistake(
                f"{place}.id", f"{row.id!r} is taken by the form itself", "give the row another name"
            )
        seen |= names
        yield from _row(place, row)


def _row(place: str, row: FormRowModel) -> Iterator[Mistake]:
    if row.editable == "no":
        if row.value is None:
            yield Mistake(
                f"{place}.value", "is missing", 'say where the value stands, or write editable: "yes"'
            )
        if row.input is not None:
            yield Mistake(
                f"{place}.input",
                "means nothing where nothing can be changed",
                'write editable: "yes", or take it away',
            )
        return
    if row.seldom:
        yield Mistake(f"{place}.seldom", "means nothing where somebody may type", "take it away")
    if row.input is None:
        yield Mistake(f"{place}.input", "is missing", f"write one of {', '.join(Input)}")
        return
    for name, inputs in LIMITS.items():
        if getattr(row, name) is not None and row.input not in inputs:
            fix = f"take it away, or write input: {' or '.join(inputs)}"
            yield Mistake(f"{place}.{name}", f"is no limit of {row.input}", fix)
    yield from _turned_round(place, row)
    for name in ("earliest", "latest"):
        yield from _day(f"{place}.{name}", getattr(row, name))
    yield from _offered(place, row)


def _turned_round(place: str, row: FormRowModel) -> Iterator[Mistake]:
    for low, high in (("min", "max"), ("min_length", "max_length")):
        least, most = getattr(row, low), getattr(row, high)
        if least is not None and most is not None and least > most:
            yield Mistake(f"{place}.{high}", f"is less than {low}", f"write {least} or more")


def _day(place: str, day: str | None) -> Iterator[Mistake]:
    if day is None or not day[:1].isdigit():
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        yield Mistake(place, f"{day!r} is no day", "write today, or a day such as 2020-01-31")


def _offered(place: str, row: FormRowModel) -> Iterator[Mistake]:
    offers = bool(row.options) + (row.options_of is not None)
    if row.input is not Input.OPTION and offers:
        yield Mistake(f"{place}.input", f"is {row.input}, which has no options", "write input: option")
    if row.input is Input.OPTION and not offers:
        yield Mistake(
            f"{place}.options", "is missing", "name the options, or options_of for those of an answer"
        )
    if offers > 1:
        yield Mistake(f"{place}.options_of", "stands beside options", "keep one of the two")
    if row.endings and row.input is not Input.EMAIL:
        yield Mistake(f"{place}.endings", f"is nothing of {row.input}", "write input: email, or take it away")
    yield from option_mistakes(f"{place}.options", row.options)
    if row.options_of is not None:
        yield from offer_mistakes(f"{place}.options_of", row.options_of)


def option_mistakes(place: str, options: Sequence[OptionModel]) -> Iterator[Mistake]:
    """Two options under one name."""
    ids = [option.id for option in options]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            yield Mistake(
                f"{place}.{index}.id", f"{name!r} stands there twice", "give each option its own name"
            )


def offer_mistakes(place: str, offer: RowsModel) -> Iterator[Mistake]:
    """Fields of rows that do not fit together."""
    yield from _shown(f"{place}.title", offer.title)
    for name in ("note", "tags"):
        for index, shown in enumerate(getattr(offer, name)):
            yield from _shown(f"{place}.{name}.{index}", shown)
    yield from _closed(place, offer)


def list_mistakes(key: str, step: ListStep) -> Iterator[Mistake]:
    """Columns, total and choice of a list that do not fit together."""
    yield from _no_way_on(key, step)
    if (step.pick in ("may", "set")) != bool(step.action_picked):
        fix = "write the words of the main button once a row is touched, where pick is may or set and nowhere else"
        yield Mistake(f"{key}.action_picked", f"does not go with pick: {step.pick}", fix)
    if (step.pick == "set") != bool(step.marked):
        fix = "name the field that says which rows are chosen at first, where pick is set and nowhere else"
        yield Mistake(f"{key}.marked", f"does not go with pick: {step.pick}", fix)
    if step.pick in ("may", "set") and step.id != "found":
        yield Mistake(
            f"{key}.id", f"is {step.id!r}", "call this step 'found': the steps for a row look there"
        )
    titles = [index for index, column in enumerate(step.columns) if column.place == "title"]
    if not titles:
        yield Mistake(f"{key}.columns", "has no title", "write place: title at the column that names the row")
    for index in titles[1:]:
        yield Mistake(f"{key}.columns.{index}.place", "is a second title", "write place: line")
    amounts = [index for index, column in enumerate(step.columns) if column.place == "amount"]
    for index in amounts[1:]:
        yield Mistake(f"{key}.columns.{index}.place", "is a second amount", "write place: line")
    for index, column in enumerate(step.columns):
        yield from _shown(f"{key}.columns.{index}", column)
    yield from _closed(key, step)
    yield from _total(key, step)


def _no_way_on(key: str, step: FormStep | ListStep) -> Iterator[Mistake]:
    if not step.action:
        yield Mistake(
            f"{key}.action", "is missing", "write the words of the main button: without it nobody gets on"
        )


def _total(key: str, step: ListStep) -> Iterator[Mistake]:
    total = step.total
    if total is None:
        return
    if (total.value is None) == (total.field == ""):
        fix = "write value: where the centre's sum stands, or field: what is added up"
        yield Mistake(f"{key}.total", "has to be the centre's or added up, one of the two", fix)
    fields = [column.field for column in step.columns]
    if total.field and total.field not in fields:
        yield Mistake(
            f"{key}.total.field", f"{total.field!r} is no column", did_you_mean(total.field, fields)
        )


def _shown(place: str, shown: Shown) -> Iterator[Mistake]:
    if (shown.format is Format.STATE) != bool(shown.states):
        if shown.states:
            yield Mistake(f"{place}.format", f"is {shown.format}, which has no states", "write format: state")
        else:
            yield Mistake(f"{place}.states", "is missing", "name the words of each state")
    if shown.until_field and shown.format is not Format.PERIOD:
        yield Mistake(f"{place}.until_field", "ends no period", "write format: period, or take it away")
    if isinstance(shown, Column) and shown.place == "tag" and shown.format is Format.PERIOD:
        yield Mistake(f"{place}.place", "is a tag, which is one short word", "write place: line")


def _closed(place: str, rows: RowsModel | ListStep) -> Iterator[Mistake]:
    if rows.reason and not rows.enabled:
        yield Mistake(f"{place}.enabled", "is missing", "name the field that says whether a row may be taken")
