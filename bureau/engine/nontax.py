"""Non-tax revenue (非税收入): officers issue and withdraw notices, whoever holds one pays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from bureau.engine.names import day_in_words
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import NontaxRefused
from bureau.ports.core import Core
from bureau.ports.nontax import NewNontax, NontaxNotice
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.notice_codes import check_code
from kiosk.domain.tax import late_fee
from sync.models import Texts
from sync.models.base import MOST_FEN

MOST_DAYS: Final = 366
"""A notice's code is of one year, and none holds for longer."""
NoticeState = Literal["open", "held", "paid", "withdrawn", "expired"]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of non-tax revenue that tax authorities collect, and the authority (执收单位) that it is usually for.

    ``by_contract``: what lateness costs is agreed in a contract; else it never comes to more than the amount itself
    (行政强制法 art. 45). Code and rate are rows of the table ``nontax`` (``code-…``, ``late-…``): an item without a
    code on a day is not collected on that day, one without a rate costs nothing for lateness.
    """

    authority: str
    by_contract: bool = False


ITEMS: Final[Mapping[str, Item]] = {
    "water-soil": Item("云川市水务局"),
    "disability-fund": Item("云川市残疾人联合会"),
    "land-transfer": Item("云川市自然资源和规划局", by_contract=True),
    "civil-defence": Item("云川市国防动员办公室"),
    "household-waste": Item("云川市城市管理局"),
}
"""By the last word of their rows and of their names (``nontax-item.…``)."""


def item_name(item: str) -> Texts:
    """The item's name (项目名称)."""
    return say(f"nontax-item.{item}")


def item_code(item: str, day: date, rules: Rules) -> str:
    """Its code (项目编码) on ``day``; empty when it is not collected then."""
    parameters = rules.current.at(day)
    return (
        "" if parameters.row(f"nontax.code-{item}") is None else str(parameters.number(f"nontax.code-{item}"))
    )


def issue(core: Core, new: NewNontax, rules: Rules) -> NontaxNotice:
    """A notice to somebody in the register; raises ``NontaxRefused``."""
    day = today(core)
    if core.registration.taxpayer(new.payer) is None:
        raise NontaxRefused(f"no taxpayer {new.payer}: look it up in the register")
    if new.item not in ITEMS or not item_code(new.item, day, rules):
        raise NontaxRefused(f"no item {new.item} on {day}: one of {', '.join(ITEMS)}")
    if not 1 <= new.amount_fen <= MOST_FEN:
        raise NontaxRefused("the amount is at least 0.01 yuan and as much as an order may be of")
    if not day <= new.limit_date <= new.valid_until <= day + timedelta(days=MOST_DAYS):
        raise NontaxRefused(f"the limit lies before its end, and both within {MOST_DAYS} days from today")
    return core.nontax.issue(new)


def withdraw(core: Core, code: str, by: str) -> NontaxNotice:
    """Nobody pays it any more; raises ``NontaxRefused`` for one that is not there, paid, being paid or withdrawn."""
    notice = core.nontax.notice(code)
    if notice is None or not core.nontax.withdraw(code, by):
        raise NontaxRefused(
            f"notice {code} is not there, paid, being paid or withdrawn: see `bureau nontax list`"
        )
    return replace(notice, withdrawn_on=today(core))


def state_of(core: Core, notice: NontaxNotice) -> NoticeState:
    """How it stands on the business day."""
    if notice.paid_on is not None:
        return "paid"
    if notice.withdrawn_on is not None:
        return "withdrawn"
    if notice.held_by is not None:
        return "held"
    return "expired" if notice.valid_until < today(core) else "open"


def payable(core: Core, code: str) -> NontaxNotice:
    """The notice of this code, when it can be paid now; raises ``Refused``."""
    try:
        found = core.nontax.notice(check_code(code).code)
    except FieldError:
        raise refuse("nontaxCodeWrong") from None
    if found is None:
        raise _unknown(core, code)
    match state_of(core, found):
        case "paid":
            assert found.paid_on is not None
            raise refuse("nontaxPaid", day=day_in_words(found.paid_on))
        case "withdrawn":
            assert found.withdrawn_on is not None
            raise refuse("nontaxWithdrawn", day=day_in_words(found.withdrawn_on), authority=found.authority)
        case "held":
            raise refuse("nontaxHeld")
        case "expired":
            raise refuse("nontaxExpired", day=day_in_words(found.valid_until), authority=found.authority)
    return found


def _unknown(core: Core, code: str) -> Refused:
    """Why there is no notice of a code that is one by its check digit, as a voucher's number is as well."""
    if core.bills.bill(code) is not None:
        return refuse("nontaxVoucher")
    if core.nontax.elsewhere(code):
        return refuse("nontaxElsewhere")
    return refuse("nontaxUnknown")


def late_fee_of(notice: NontaxNotice, day: date, rules: Rules) -> int:
    """What lateness costs if it were paid on ``day``, in fen: from the day after the limit, by the rate of the item."""
    name = f"nontax.late-{notice.item}"
    if rules.current.at(day).row(name) is None:
        return 0
    amount = Fen(notice.amount_fen)
    fee = int(late_fee.compute(amount, notice.limit_date, day, rules.current, name).fee_fen)
    by_contract = notice.item in ITEMS and ITEMS[notice.item].by_contract
    return fee if by_contract else min(fee, notice.amount_fen)


def basis(notice: NontaxNotice, day: date, rules: Rules) -> Texts:
    """The law and the count of what lateness costs on ``day``, in words; empty when it costs nothing."""
    fee, row = late_fee_of(notice, day, rules), rules.current.at(day).row(f"nontax.late-{notice.item}")
    if not fee or row is None or row.rate is None:
        return {}
    return say(
        f"nontax.late.{notice.item}",
        law=row.legal_basis,
        days=str((day - notice.limit_date).days),
        percent=f"{(row.rate * 100).normalize():f}",
    )
