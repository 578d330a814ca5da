"""Travellers from abroad, the refund stores of the city, and what the ones bought in the others this month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final, Literal

from bureau.city.numbers import credit_code
from bureau.city.places import DIGITAL_AREA
from bureau.city.population import Citizen
from bureau.city.returns import Row
from bureau.ports.einvoices import InvoiceLine
from kiosk.domain.checkdigits import mrz_check
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.people import Role

CHANNEL: Final = "5"
"""Of the stores' invoices: no other of the city's has it, so their numbers shift nobody's."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody with a passport, in no register of the bureau's. Names as the passport has them."""

    id: str
    surname: str
    given: str
    nationality: str
    passport: str
    birth: date
    sex: Literal["M", "F"]
    note: str

    @property
    def name(self) -> str:
        """As the reader tells it."""
        return f"{self.surname} {self.given}"

    def zone(self, day: date) -> tuple[str, str]:
        """The two lines of the passport in use on ``day`` (ICAO Doc 9303-4, 4.2)."""
        expiry = f"{(day.year + 6) % 100:02d}0615"
        fields = (self.passport.ljust(9, "<"), f"{self.birth:%y%m%d}", expiry)
        number, birth, ends = (field + mrz_check(field) for field in fields)
        personal = "<" * 14 + "<"
        whole = mrz_check(number + birth + ends + personal)
        names = f"{self.surname}<<{self.given}".replace(" ", "<")
        nation = self.nationality.ljust(3, "<")
        return (
            f"P<{nation}{names}".ljust(44, "<"),
            f"{number}{nation}{birth}{self.sex}{ends}{personal}{whole}",
        )


TRAVELLERS: Final = (
    Traveller(
        "maja-lindqvale", "LINDQVALE", "MAJA", "SWE", "X48213027", date(1991, 8, 23), "F",
        "瑞典游客，在三家退税商店买了东西，有一张不够 200 元 · Swedish visitor: invoices of three refund stores, one "
        "of them too small.",
    ),
    Traveller(
        "kenji-morinaga", "MORINAGA", "KENJI", "JPN", "TK5530918", date(1984, 2, 11), "M",
        "日本游客，同一天在同一家店两张小票，加起来够 200 元 · Japanese visitor: two small invoices of one store and "
        "day that reach the minimum together.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Store:
    """A general taxpayer that opened lately (``opened_on``) and came on record as a refund store the same day."""

    name: str
    industry: str
    address: str
    seed: str

    @property
    def taxpayer(self) -> str:
        """Its credit code, the same ever."""
        return credit_code(Random(f"refund-store/{self.seed}"), "91")


SILK: Final = Store("云川翠屏丝绸有限公司", "服装零售", "云川市书院区文庙街88号", "silk")
BOOKS: Final = Store("云川书城有限公司", "图书零售", "云川市江畔区滨江路120号", "books")
CAMERAS: Final = Store("云川远景数码有限公司", "家用电器零售", "云川市湖东区翠湖路36号", "cameras")
STORES: Final = (SILK, BOOKS, CAMERAS)


@dataclass(frozen=True, slots=True)
class Bought:
    """One invoice: so many days ago, by whom, where; goods, unit, how many, price with tax in fen, rate in per cent."""

    traveller: str
    store: Store
    days_ago: int
    goods: tuple[tuple[str, str, int, int, int], ...]


PURCHASES: Final = (
    Bought("maja-lindqvale", SILK, 4, (("*丝织品*真丝围巾", "条", 2, 118_000, 13),)),
    Bought(
        "maja-lindqvale", BOOKS, 4, (("*印刷品*画册", "册", 2, 32_000, 9), ("*文具*书签", "套", 1, 4_800, 13))
    ),
    Bought("maja-lindqvale", CAMERAS, 3, (("*电子元件*存储卡", "张", 1, 8_900, 13),)),
    Bought("maja-lindqvale", CAMERAS, 2, (("*影像设备*照相机", "台", 1, 899_900, 13),)),
    Bought("kenji-morinaga", SILK, 2, (("*服装*真丝睡衣", "件", 1, 12_900, 13),)),
    Bought("kenji-morinaga", SILK, 2, (("*丝织品*手帕", "条", 3, 8_700, 13),)),
)
"""In the order of their numbers."""


def opened_on(as_of: date) -> date:
    """The first of yesterday's month: whatever they sold lies before ``as_of``, and no return of theirs is late."""
    return (as_of - timedelta(days=1)).replace(day=1)


def stores(as_of: date) -> Iterator[Row]:
    """As registered."""
    for store in STORES:
        yield {
            "taxpayer": store.taxpayer,
            "name": store.name,
            "state": "normal",
            "small_scale": False,
            "quarterly": False,
            "levy_rate": "0.13",
            "city_rate": "0.07",
            "half_six_taxes": False,
            "risk": "low",
            "industry": store.industry,
            "address": store.address,
            "registered_on": opened_on(as_of),
            "used_verified_to": opened_on(as_of),
        }


def heads(random: Random, people: Sequence[Citizen], as_of: date) -> Iterator[Row]:
    """Who is their legal representative."""
    for store in STORES:
        head = random.choice(people)
        yield {
            "person_kind": head.kind.value,
            "person_number": head.number,
            "taxpayer": store.taxpayer,
            "role": Role.LEGAL_REPRESENTATIVE.value,
            "valid_from": opened_on(as_of),
            "valid_to": None,
        }


def on_record(as_of: date) -> Iterator[Row]:
    """The stores among those whose sales are refunded."""
    for store in STORES:
        yield {
            "taxpayer": store.taxpayer,
            "since": opened_on(as_of),
            "until": None,
            "enlisted_by": "demo",
            "struck_by": "",
        }


def sales(as_of: date) -> Iterator[Row]:
    """Their invoices to the travellers, each with the passport's number in the buyer's place."""
    people = {traveller.id: traveller for traveller in TRAVELLERS}
    for serial, bought in enumerate(PURCHASES, 1):
        day = max(opened_on(as_of), as_of - timedelta(days=bought.days_ago))
        lines = [_line(*goods) for goods in bought.goods]
        gross = sum(price for _, _, _, price, _ in bought.goods)
        net = sum(line.net_fen for line in lines)
        buyer = people[bought.traveller]
        yield {
            "code": "",
            "number": f"{day:%y}{DIGITAL_AREA}{CHANNEL}{serial:015d}",
            "taxpayer": bought.store.taxpayer,
            "kind": "ordinary",
            "issued_on": day,
            "buyer": buyer.name,
            "net_fen": net,
            "tax_fen": gross - net,
            "state": "valid",
            "check_code": "",
            "buyer_number": buyer.passport,
            "red_of": "",
            "lines": [asdict(line) for line in lines],
        }


def persona(traveller: Traveller, as_of: date) -> dict[str, object]:
    """What a demonstration needs of them, in the shape of the city's other people; they have a passport for a card."""
    return {
        "id": traveller.id,
        "name": traveller.name,
        "card": None,
        "passport": list(traveller.zone(as_of)),
        "faceSeed": 0,
        "mobile": "",
        "roles": [],
        "ukeys": [],
        "plays": ["traveller"],
        "note": traveller.note,
    }


def _line(name: str, unit: str, quantity: int, gross_fen: int, percent: int) -> InvoiceLine:
    """The tax is what the price with tax holds of it."""
    rate = Decimal(percent) / 100
    net = int(round_fen(yuan(Fen(gross_fen)) / (1 + rate)))
    return InvoiceLine(name, unit, str(quantity), net, str(rate), gross_fen - net)
