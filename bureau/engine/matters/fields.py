"""What was given in the rows of a matter, judged by the very service file that the terminal drew them from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from bureau.engine.refusals import refuse
from bureau.ports.matters import FactValue
from config.catalogue.models import FormRowModel, FormStep, Input, Service, SubmitStep
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_mobile, check_registered, check_resident_id
from kiosk.domain.mailboxes import check_mailbox
from kiosk.domain.money import fen
from kiosk.domain.notice_codes import check_code
from sync.models import EffectKind, SignedByHand
from sync.models.matters import Given

Check = Callable[[FormRowModel, Given, date], bool]
"""Whether a value can stand in the row; may raise ``FieldError``."""
MOST_TEXT = 100


def checked(service: Service, given: Mapping[str, Given], day: date) -> Mapping[str, FactValue]:
    """The values that were given, without empty ones; raises ``Refused`` for the first that cannot be.

    ``day`` is the business day by which documents are judged.
    """
    rows = dict(_rows(service))
    if strange := given.keys() - rows.keys():
        raise refuse("fieldUnknown", field=", ".join(sorted(strange)))
    found: dict[str, FactValue] = {}
    for name, row in rows.items():
        value = given.get(name)
        if value is None or value == "":
            if row is None:
                raise refuse("fieldMissing", field=name)
            if row.editable == "yes" and not row.optional:
                raise refuse("fieldMissing", field=row.label)
            continue
        if row is not None and not _fits(row, value, day):
            raise refuse("fieldWrong", field=row.label)
        found[name] = value.strip() if isinstance(value, str) else value
    return found


def _rows(service: Service) -> Iterator[tuple[str, FormRowModel | None]]:
    """What the service submits, by name, with the row it comes from; None: from a step without rows."""
    forms = {step.id: step for step in service.steps if isinstance(step, FormStep)}
    for step in service.steps:
        if not isinstance(step, SubmitStep) or step.effect != EffectKind.MATTER_SUBMIT.value:
            continue
        for name, source in step.data.items():
            if name in SignedByHand.model_fields:
                continue  # the statement, which is looked at by itself (``matters/signed.py``)
            head, _, rest = source.partition(".") if isinstance(source, str) else ("", "", "")
            form = forms.get(head)
            yield name, next((row for row in form.rows if row.id == rest), None) if form else None


def _fits(row: FormRowModel, value: Given, day: date) -> bool:
    try:
        return CHECKS[row.input or Input.TEXT](row, value, day)
    except FieldError:
        return False


def _number(row: FormRowModel, value: Given, day: date) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    whole = row.input is not Input.MONEY
    least = row.min if whole or row.min is None else int(fen(Decimal(row.min)))
    most = row.max if whole or row.max is None else int(fen(Decimal(row.max)))
    return value >= (least or 0) and (most is None or value <= most)


def _text(row: FormRowModel, value: Given, day: date) -> bool:
    if not isinstance(value, str) or not value.strip().isprintable():
        return False
    return (row.min_length or 1) <= len(value.strip()) <= (row.max_length or MOST_TEXT)


def _digits(row: FormRowModel, value: Given, day: date) -> bool:
    return _text(row, value, day) and isinstance(value, str) and value.isascii() and value.isdigit()


def _letters(row: FormRowModel, value: Given, day: date) -> bool:
    return _text(row, value, day) and isinstance(value, str) and value.isascii() and value.isalnum()


def _option(row: FormRowModel, value: Given, day: date) -> bool:
    """One of the file's; those of an answer are the handler's to judge."""
    return isinstance(value, str) and (not row.options or value in {option.id for option in row.options})


def _day(row: FormRowModel, value: Given, day: date) -> bool:
    if not isinstance(value, str):
        return False
    try:
        given = date.fromisoformat(value if row.input is Input.DATE else f"{value}-01")
    except ValueError:
        return False
    return not (row.latest == "today" and given > day or row.earliest == "today" and given < day)


def _checked_by(check: Callable[[str], object]) -> Check:
    def fits(row: FormRowModel, value: Given, day: date) -> bool:
        return isinstance(value, str) and check(value) is not None

    return fits


CHECKS: Mapping[Input, Check] = {
    Input.MONEY: _number,
    Input.COUNT: _number,
    Input.DIGITS: _digits,
    Input.ACCOUNT: _digits,
    Input.NOTICE_CODE: _checked_by(check_code),
    Input.LETTERS: _letters,
    Input.PLATE: _text,
    Input.VIN: _letters,
    Input.TEXT: _text,
    Input.PHONE: _checked_by(check_mobile),
    Input.EMAIL: _checked_by(check_mailbox),
    Input.USCC: _checked_by(check_registered),
    Input.ID: lambda row, value, day: isinstance(value, str) and bool(check_resident_id(value, day).number),
    Input.DATE: _day,
    Input.MONTH: _day,
    Input.YES_NO: lambda row, value, day: isinstance(value, bool),
    Input.OPTION: _option,
}
