"""What a device is due for, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bureau.engine.names import day_in_words, day_name, kind_name, period_name, tax_name
from bureau.engine.rules import Period, Rules
from bureau.engine.sheets.base import same
from bureau.engine.subjects import today
from bureau.engine.tax_control.standing import Due, issues_until
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.tax_control import DeviceReport
from bureau.texts import joined, say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax_control import KindTotals, last_day, month_after
from sync.models import DeviceReported, DeviceSaid, DeviceStanding, PreviewColumn, PreviewFact, Texts

COLUMNS: Final = (("kind", 25), ("issued", 12), ("voided", 10), ("red", 10), ("net", 24), ("tax", 19))
"""Of the sheet, with their shares of the line; all but the first are figures."""
NOT_YET: Final = ("file", "others", "compare")
"""What is due where a month that is reported cannot be unlocked."""


def shown(core: Core, due: Due, taxpayer: Taxpayer, said: DeviceSaid, rules: Rules) -> DeviceStanding:
    """The answer to ``device.status``."""
    reports = core.tax_control.reports(due.device.device)
    last = reports[0].month if reports else None
    title, text = next_words(due, taxpayer, today(core), rules)
    return DeviceStanding(
        title=say("tax-device.sheet", month=period_name(due.month, last_day(due.month))),
        facts=list(_facts(due, taxpayer, said, last)),
        columns=[
            PreviewColumn(label=say(f"tax-device.column.{name}"), width=width, figures=name != "kind")
            for name, width in (COLUMNS if due.kinds else ())
        ],
        rows=[_row(one) for one in due.kinds],
        total=list(_total(due)),
        statements=[*_none(due), text],
        device=due.device.device,
        reported=last,
        issues_until=said.issues_until,
        month=due.month,
        issued=None if due.next == "wait" else sum(one.issued for one in due.kinds),
        net_fen=None if due.next == "wait" else sum(one.net_fen for one in due.kinds),
        tax_fen=None if due.next == "wait" else sum(one.tax_fen for one in due.kinds),
        next=due.next,
        next_title=title,
        why=text if due.next in NOT_YET else None,
        invoiced_fen=due.compared.invoiced_fen if due.compared is not None else None,
        declared_fen=due.compared.declared_fen if due.compared is not None else None,
    )


def _facts(due: Due, taxpayer: Taxpayer, said: DeviceSaid, last: date | None) -> Iterator[PreviewFact]:
    yield _fact("device", same(due.device.device))
    yield _fact("taxpayer", same(taxpayer.name))
    yield _fact("reported", period_name(last, last_day(last)) if last is not None else say("tax-device.none"))
    yield _fact("until", day_in_words(said.issues_until))


def _none(due: Due) -> Iterator[Texts]:
    """Of a month in which nothing was issued, that it is so: in place of a table without lines."""
    if not due.kinds and due.next != "wait":
        yield say("tax-device.none-issued", month=period_name(due.month, last_day(due.month)))


def _total(due: Due) -> Iterator[PreviewFact]:
    if due.kinds:
        yield _fact("net", _yuan(sum(one.net_fen for one in due.kinds)))
        yield _fact("tax", _yuan(sum(one.tax_fen for one in due.kinds)))


def _row(one: KindTotals) -> list[Texts]:
    counts = (same(str(count)) for count in (one.issued, one.voided, one.red))
    return [kind_name(one.kind), *counts, _yuan(one.net_fen), _yuan(one.tax_fen)]


def _fact(name: str, value: Texts) -> PreviewFact:
    return PreviewFact(label=say(f"tax-device.fact.{name}"), value=value)


def _yuan(amount: int) -> Texts:
    return same(format_yuan(Fen(amount)))


def reported(core: Core, due: Due, taxpayer: Taxpayer, taken: DeviceReport, rules: Rules) -> DeviceReported:
    """The answer to ``device.report``."""
    _, text = next_words(due, taxpayer, today(core), rules)
    return DeviceReported(
        device=taken.device,
        month=taken.month,
        taken_at=taken.taken_at,
        next=due.next,
        why=text if due.next in NOT_YET else None,
        invoiced_fen=due.compared.invoiced_fen if due.compared is not None else None,
        declared_fen=due.compared.declared_fen if due.compared is not None else None,
    )


def next_words(due: Due, taxpayer: Taxpayer, day: date, rules: Rules) -> tuple[Texts, Texts]:
    """What comes next, in a few words and in a sentence that says what to do."""
    month = period_name(due.month, last_day(due.month))
    match due.next:
        case "report":
            return say("tax-device.report", month=month), say("tax-device.report.text", month=month)
        case "wait":
            opens = day_name(month_after(due.month))
            return say("tax-device.wait"), say("tax-device.wait.text", month=month, opens=opens)
        case "unlock":
            until = due.device.issues_until if due.pending else issues_until(rules, due.month)
            behind = last_day(month_after(due.month)) < day
            text = "tax-device.unlock.behind" if behind else "tax-device.unlock.text"
            following = period_name(month_after(due.month), last_day(month_after(due.month)))
            return say("tax-device.unlock", month=month), say(
                text, until=day_name(until), following=following
            )
        case "others":
            text = "tax-device.others.text"
            return say("tax-device.others"), say(
                text, month=month, devices=joined([same(one) for one in due.others])
            )
    assert due.period is not None, "only a month that ends a period of filing waits for its return"
    period = due.period.name
    if due.next == "file":
        text = "tax-device.file.text" if day <= due.period.limit else "tax-device.file.late"
        values = {"period": period, "tax": tax_name(due.tax), "until": day_name(due.period.limit)}
        return say("tax-device.file"), say(text, **values, where=_where(due.period, taxpayer, day, rules))
    assert due.compared is not None, "compared, and found too low"
    sums = {
        "invoiced": format_yuan(Fen(due.compared.invoiced_fen)),
        "declared": format_yuan(Fen(due.compared.declared_fen)),
    }
    return say("tax-device.compare"), say("tax-device.compare.text", period=period, **sums)


def _where(period: Period, taxpayer: Taxpayer, day: date, rules: Rules) -> Texts:
    """A terminal takes the last period's return of a small-scale taxpayer, and no other."""
    here = taxpayer.small_scale and period.last == rules.last_period(taxpayer, day).last
    return say("tax-device.file.here" if here else "tax-device.file.elsewhere")
