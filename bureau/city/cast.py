"""The people a demonstration is played with: fixed, whatever the seed; figures as in the mock-ups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from bureau.city.numbers import credit_code, permanent_number, resident_number
from kiosk.domain.people import DocumentKind, Role

HEMU = "91530199MA603N0M7X"
QINGHE = "91530199MA60RA1K2M"
SHIGUANG = "92530199MA606G8B5K"
CHENXING = "91530199MA603P2C3T"


def _code(name: str) -> str:
    """A code that goes with the name, whatever the seed."""
    return credit_code(Random(name))


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the cast. ``wages`` are the newest months, oldest first: income and tax in fen."""

    id: str
    name: str
    sex: str
    birth: date
    sequence: int
    mobile: str
    address: str
    note: str
    nation: str = "01"
    latin_name: str = ""
    nationality: str = ""
    enrolled: bool = True
    item: str = "wages"
    wages: tuple[tuple[int, int], ...] = ()
    months: int = 0

    @property
    def foreign(self) -> bool:
        """Whether they hold a permanent resident card."""
        return bool(self.nationality)

    @property
    def kind(self) -> DocumentKind:
        """Their document."""
        return DocumentKind.FOREIGN_PERMANENT if self.foreign else DocumentKind.RESIDENT_ID

    @property
    def number(self) -> str:
        """Its number."""
        if self.foreign:
            return permanent_number(self.nationality, self.birth, self.sequence)
        return resident_number(self.birth, self.sequence)


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise of the cast: what is special about it, and who acts for it."""

    taxpayer: str
    name: str
    industry: str
    note: str
    people: dict[str, Role]
    small_scale: bool = True
    state: str = "normal"
    risk: str = "low"
    sales: tuple[int, int] = (0, 0)
    """Invoices of the last quarter: how many, and their sum without tax in fen."""
    filed_last: bool = True
    filed_before: bool = True
    paid_last: bool = True
    overdue: bool = False
    approved: bool = True
    held: int = 0
    verified: bool = True
    per_time: int = 25
    monthly: int = 50
    hold: int = 60
    city_rate: str = "0.07"
    kinds: tuple[str, ...] = field(default=("04",))


PERSONAS = (
    Persona(
        "shen-zhizhou", "沈知舟", "1", date(1986, 4, 18), 17, "19900001001", "云川市书院区文庙街18号3单元402室",
        "办税员 of 云川禾木文具有限公司 (quarter to be filed), 财务负责人 of 云川青禾图文设计工作室 "
        "(filed, to be paid), 经营者 of 云川拾光咖啡店. Also has an income tax record.",
        wages=(
            (1_375_000, 41_250), (1_327_300, 39_820), (1_375_000, 41_250), (1_434_700, 43_040),
            (1_434_700, 43_040), (2_183_300, 65_500), (1_434_700, 43_040), (1_434_700, 43_040),
            (1_560_700, 46_820),
        ),
        months=24,
    ),
    Persona(
        "li-xiulan", "李秀兰", "2", date(1985, 7, 9), 24, "19900001002", "云川市江畔区滨江路66号1幢1101室",
        "Employee with wages each month and an annual bonus: prints an income tax record.", months=30,
    ),
    Persona(
        "zhou-mingyuan", "周明远", "1", date(1993, 11, 2), 33, "19900001003", "云川市云岭区学府路201号",
        "购票员 of 云川禾木文具有限公司: collects paper invoices and nothing else.", months=14,
    ),
    Persona(
        "he-mulan", "何木兰", "2", date(1979, 2, 26), 48, "19900001004", "云川市湖东区翠湖路9号",
        "法定代表人 of 云川禾木文具有限公司.", nation="03", months=12,
    ),
    Persona(
        "gao-wei", "高巍", "1", date(1975, 9, 30), 51, "19900001005", "云川市江畔区解放路155号2单元201室",
        "办税员 of 云川远山建材有限公司, which did not file the quarter before last: may not collect invoices.",
    ),
    Persona(
        "lin-tao", "林涛", "1", date(1990, 6, 15), 65, "19900001006", "云川市云岭区金马巷7号",
        "法定代表人 of 云川晨星茶叶有限公司, which holds as many invoices as it may: none can be collected.",
    ),
    Persona(
        "chen-jing", "陈静", "2", date(1982, 12, 8), 72, "19900001007", "云川市书院区青年路88号",
        "办税员 of 云川北斗餐饮管理有限公司, which owes overdue tax: pays it with the late charge.", months=9,
    ),
    Persona(
        "qian-sheng", "钱胜", "1", date(1968, 3, 3), 89, "19900001008", "云川市湖东区关上路31号",
        "法定代表人 of 云川旧梦服饰有限公司, which is in abnormal state.",
    ),
    Persona(
        "wang-guifen", "王桂芬", "2", date(1948, 10, 21), 96, "19900001009", "云川市书院区书院街12号",
        "Elder, author's remuneration in some months: large text, staff help, an income tax record.",
        item="royalties", months=6,
    ),
    Persona(
        "anna-schmidt", "安娜·施密特", "2", date(1988, 5, 14), 102, "19900001010", "",
        "German with a permanent resident card of 2023 (layout Y), served in English: an income tax record.",
        latin_name="SCHMIDT ANNA", nationality="DEU", months=18,
    ),
    Persona(
        "sun-li", "孙立", "1", date(1999, 1, 27), 119, "19900001011", "云川市江畔区东风路5号",
        "Not enrolled at the bureau: is told so and sent to a counter.", enrolled=False,
    ),
)  # fmt: skip

FIRMS = (
    Firm(
        HEMU, "云川禾木文具有限公司", "文具用品零售",
        "small-scale, 128 invoices of 352 400.00 yuan in the last quarter, not filed yet",
        {"he-mulan": Role.LEGAL_REPRESENTATIVE, "shen-zhizhou": Role.TAX_HANDLER,
         "zhou-mingyuan": Role.INVOICE_COLLECTOR},
        sales=(128, 35_240_000), filed_last=False, held=12, kinds=("04", "01"),
    ),
    Firm(
        QINGHE, "云川青禾图文设计工作室", "专业设计服务", "filed for the last quarter, not paid yet",
        {"shen-zhizhou": Role.FINANCE_OFFICER}, sales=(64, 41_260_000), paid_last=False, held=4,
    ),
    Firm(
        SHIGUANG, "云川拾光咖啡店（个体）", "餐饮服务", "nothing to file or to pay",
        {"shen-zhizhou": Role.LEGAL_REPRESENTATIVE}, approved=False,
    ),
    Firm(
        _code("云川远山建材有限公司"), "云川远山建材有限公司", "建筑材料批发", "the quarter before last is not filed",
        {"gao-wei": Role.TAX_HANDLER}, sales=(41, 28_870_000), filed_last=False, filed_before=False,
    ),
    Firm(
        CHENXING, "云川晨星茶叶有限公司", "茶叶销售", "holds all the invoices it may",
        {"lin-tao": Role.LEGAL_REPRESENTATIVE}, sales=(37, 19_430_000), filed_last=False, held=30, hold=30,
    ),
    Firm(
        _code("云川北斗餐饮管理有限公司"), "云川北斗餐饮管理有限公司", "餐饮服务", "owes the quarter before last",
        {"chen-jing": Role.TAX_HANDLER}, sales=(88, 47_720_000), filed_last=False, overdue=True,
    ),
    Firm(
        _code("云川旧梦服饰有限公司"), "云川旧梦服饰有限公司", "服装零售", "in abnormal state",
        {"qian-sheng": Role.LEGAL_REPRESENTATIVE}, state="abnormal", filed_last=False, filed_before=False,
    ),
    Firm(
        _code("云川恒泰机械制造有限公司"), "云川恒泰机械制造有限公司", "通用机械制造", "general taxpayer",
        {"he-mulan": Role.FINANCE_OFFICER}, small_scale=False, sales=(52, 268_300_000), kinds=("01",),
    ),
)  # fmt: skip


def card(persona: Persona) -> dict[str, object]:
    """What the chip of the persona's card holds, as the simulated reader takes it."""
    issued = max(date(2017, 6, 1), persona.birth.replace(year=persona.birth.year + 16))
    years = 10 if persona.foreign else 20
    end = date(issued.year + years, issued.month, min(issued.day, 28))
    found: dict[str, object] = {
        "layout": "foreign-2023" if persona.foreign else "resident",
        "name": persona.name,
        "number": persona.number,
        "sex": persona.sex,
        "birth": persona.birth.isoformat(),
        "validFrom": issued.isoformat(),
        "validTo": "长期" if issued.year - persona.birth.year >= 46 else end.isoformat(),
    }
    if persona.foreign:
        return {
            **found,
            "latinName": persona.latin_name,
            "nationality": persona.nationality,
            "issueCount": "00",
        }
    return {
        **found,
        "nation": persona.nation,
        "address": persona.address,
        "authority": "云川市公安局书院分局",
    }
