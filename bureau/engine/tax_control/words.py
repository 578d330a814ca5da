"""What a device is due for, as the terminal shows it."""

from __future__ import annotations

from bureau.engine.names import day_name, kind_name, period_name, tax_name
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.tax_control.standing import Due, issues_until
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.tax_control import DeviceReport
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax_control import KindTotals, last_day, month_after
from sync.models import DeviceKind, DeviceReported, DeviceSaid, DeviceStanding, Texts


def shown(core: Core, due: Due, taxpayer: Taxpayer, said: DeviceSaid, rules: Rules) -> DeviceStanding:
    """The answer to ``device.status``."""
    kinds = [_kind(one) for one in due.kinds]
    reports = core.tax_control.reports(due.device.device)
    title, text = next_words(due, rules)
    return DeviceStanding(
        device=due.device.device,
        name=taxpayer.name,
        reported=reports[0].month if reports else None,
        issues_until=said.issues_until,
        month=due.month,
        figures=due.next != "wait",
        kinds=kinds,
        issued=sum(one.issued for one in kinds),
        voided=sum(one.voided for one in kinds),
        red=sum(one.red for one in kinds),
        net_fen=sum(one.net_fen for one in kinds),
        tax_fen=sum(one.tax_fen for one in kinds),
        next=due.next,
        next_title=title,
        next_text=text,
        invoiced_fen=due.compared.invoiced_fen if due.compared is not None else None,
        declared_fen=due.compared.declared_fen if due.compared is not None else None,
    )


def reported(due: Due, taken: DeviceReport, rules: Rules) -> DeviceReported:
    """The answer to ``device.report``."""
    title, text = next_words(due, rules)
    return DeviceReported(
        device=taken.device,
        month=taken.month,
        taken_at=taken.taken_at,
        issued=sum(one.issued for one in taken.kinds),
        net_fen=sum(one.net_fen for one in taken.kinds),
        tax_fen=sum(one.tax_fen for one in taken.kinds),
        next=due.next,
        next_title=title,
        next_text=text,
        invoiced_fen=due.compared.invoiced_fen if due.compared is not None else None,
        declared_fen=due.compared.declared_fen if due.compared is not None else None,
    )


def next_words(due: Due, rules: Rules) -> tuple[Texts, Texts]:
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
            return say("tax-device.unlock", month=month), say("tax-device.unlock.text", until=day_name(until))
    assert due.period is not None, "only a month that ends a period of filing waits for its return"
    period, tax = due.period.name, tax_name(due.tax)
    if due.next == "file":
        where = say("tax-device.file.here" if due.tax == VAT_SMALL else "tax-device.file.elsewhere")
        values = {"period": period, "tax": tax, "until": day_name(due.period.limit), "where": where}
        return say("tax-device.file"), say("tax-device.file.text", **values)
    assert due.compared is not None, "compared, and found too low"
    sums = {
        "invoiced": format_yuan(Fen(due.compared.invoiced_fen)),
        "declared": format_yuan(Fen(due.compared.declared_fen)),
    }
    return say("tax-device.compare"), say("tax-device.compare.text", period=period, **sums)


def _kind(one: KindTotals) -> DeviceKind:
    return DeviceKind(
        kind=one.kind,
        kind_name=kind_name(one.kind),
        issued=one.issued,
        voided=one.voided,
        red=one.red,
        net_fen=one.net_fen,
        tax_fen=one.tax_fen,
    )
