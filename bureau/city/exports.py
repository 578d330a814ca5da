"""What the foreign-trade firm of the cast exported: ready to be given back, or with what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bureau.city.enterprises import HENGTAI
from bureau.city.returns import Row

CUSTOMS = "8699"
"""The customs office (关区代码) of the invented city."""
BOUGHT_IN = "982"
"""Area and channel of the sellers' digital invoices: another invented province's."""
RATE_PERCENT = 13
ON_BOARD_PERCENT = 112
"""The price on board, of what was paid for the goods without tax."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One item exported so many months ago; how it was bought: quantity, net amount, whether confirmed (用途确认)."""

    months_ago: int
    hs: str
    goods: str
    unit: str
    quantity: int
    bought: tuple[tuple[int, int, bool], ...]
    exchange: bool = True


SHIPMENTS = (
    Shipment(0, "8483409000", "减速机", "台", 24, ((24, 9_360_000, True),), exchange=False),
    Shipment(2, "8413709990", "离心泵", "台", 60, ((40, 12_480_000, True), (20, 6_180_000, True))),
    Shipment(2, "8507600090", "锂离子蓄电池组", "组", 30, ((30, 16_200_000, True),), exchange=False),
    Shipment(3, "8481804090", "阀门", "套", 150, ((100, 8_850_000, True), (50, 4_500_000, False))),
    Shipment(4, "7606122000", "铝合金板", "吨", 8, ((8, 17_600_000, True),)),
    Shipment(5, "8483409000", "减速机", "台", 36, ((36, 14_220_000, True),)),
    Shipment(13, "8413709990", "离心泵", "台", 25, ((25, 7_750_000, True),), exchange=False),
    Shipment(14, "8481804090", "阀门", "套", 80, ((80, 7_120_000, True),)),
)
"""In the order of their days; of the second last no money has come from abroad to this day."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows of one customs declaration."""

    line: Row
    purchases: Sequence[Row]


def of_cast(random: Random, as_of: date) -> Iterator[Exported]:
    """Their customs declarations, with the special invoices by which the goods were bought."""
    for shipment in SHIPMENTS:
        day = _months_before(as_of, shipment.months_ago)
        customs_no = f"{CUSTOMS}{day.year}0{random.randrange(10**9):09d}"
        bought = [_purchase(random, customs_no, day, part) for part in shipment.bought]
        net = sum(part[1] for part in shipment.bought)
        yield Exported(
            {
                "customs_no": customs_no,
                "item": 1,
                "taxpayer": HENGTAI,
                "exported_on": day,
                "hs": shipment.hs,
                "goods": shipment.goods,
                "quantity": shipment.quantity,
                "unit": shipment.unit,
                "fob_fen": net * ON_BOARD_PERCENT // 100,
                "exchange_on": day + timedelta(days=1) if shipment.exchange else None,
                "state": "free",
                "case_no": None,
                "refund_fen": None,
            },
            bought,
        )


def _purchase(random: Random, customs_no: str, exported_on: date, part: tuple[int, int, bool]) -> Row:
    quantity, net, confirmed = part
    issued = exported_on - timedelta(days=random.randrange(6, 30))
    return {
        "customs_no": customs_no,
        "item": 1,
        "invoice": f"{issued:%y}{BOUGHT_IN}{random.randrange(10**15):015d}",
        "seller": "云川锦程机械有限公司",
        "issued_on": issued,
        "quantity": quantity,
        "net_fen": net,
        "tax_fen": net * RATE_PERCENT // 100,
        "confirmed_on": exported_on if confirmed else None,
    }


def _months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before that of ``day``."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
