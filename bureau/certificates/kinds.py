"""From the records of one kind to the data of a certificate: which facts, which columns, which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bureau.certificates.data import CertificateData, Column, Fact, Issuer, Words
from bureau.ports.office import Sheet, SheetFact
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_number
from kiosk.domain.money import capital, format_yuan
from kiosk.domain.people import DocumentKind
from sync.models import IitRow, Texts

DOCUMENTS = {
    DocumentKind.RESIDENT_ID: Words("居民身份证", "Resident ID card"),
    DocumentKind.HMT_RESIDENCE: Words("港澳台居民居住证", "HK, Macao, Taiwan residence permit"),
    DocumentKind.FOREIGN_PERMANENT: Words("外国人永久居留身份证", "Foreign permanent resident card"),
    DocumentKind.PASSPORT: Words("护照", "Passport"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNIT = Fact(Words("金额单位", "Unit"), Words("元（人民币）", "CNY"))


@dataclass(frozen=True, slots=True)
class Holder:
    """The person who is certified; the full document number, because the paper is legal proof."""

    name: str
    document: DocumentKind
    number: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who certifies, where and when, in which language the person was served."""

    issuer: Issuer
    place: Words
    issued_at: datetime
    lang: str


def day_words(day: date) -> Words:
    """``2026年10月12日`` and ``12 Oct 2026``."""
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def period_words(first: str, last: str) -> Words:
    """The words of two months ``YYYY-MM``, both included; the year once when it is the same."""
    (y1, m1), (y2, m2) = (tuple(map(int, month.split("-"))) for month in (first, last))
    one, two = MONTHS[m1 - 1], MONTHS[m2 - 1]
    if (y1, m1) == (y2, m2):
        return Words(f"{y1}年{m1}月", f"{one} {y1}")
    if y1 == y2:
        return Words(f"{y1}年{m1}月 – {m2}月", f"{one} – {two} {y1}")
    return Words(f"{y1}年{m1}月 – {y2}年{m2}月", f"{one} {y1} – {two} {y2}")


def of_sheet(sheet: Sheet, occasion: Occasion) -> CertificateData:
    """Any sheet of the centre's as certificate data; the English is left out where it is the same."""
    return CertificateData(
        kind=sheet.kind,
        title=_words(sheet.title),
        issuer=occasion.issuer,
        holder=sheet.holder,
        issued_at=occasion.issued_at,
        place=occasion.place,
        lang="en-US" if sheet.both else occasion.lang,
        facts=tuple(_sheet_fact(fact) for fact in sheet.facts),
        columns=tuple(
            Column(_words(column.label), column.width, "right" if column.figures else "left")
            for column in sheet.columns
        ),
        rows=tuple(tuple(_words(cell) for cell in row) for row in sheet.rows),
        totals=tuple(_words(cell) for cell in sheet.totals),
        emphasis=sheet.emphasis,
        capital_label=Words("") if sheet.capital_label is None else _words(sheet.capital_label),
        capital=sheet.capital,
        statements=tuple(_words(statement) for statement in sheet.statements),
        amount_fen=sheet.amount_fen,
    )


def _sheet_fact(fact: SheetFact) -> Fact:
    public = None if fact.public is None else fact.public["zh-CN"]
    return Fact(_words(fact.label), _words(fact.value), fact.strong, fact.wide, public)


def _words(texts: Texts) -> Words:
    zh, en = texts["zh-CN"], texts.get("en-US", "")
    return Words(zh, "" if en == zh else en)


def iit_record(
    holder: Holder,
    rows: Sequence[IitRow],
    first: str,
    last: str,
    occasion: Occasion,
    more: Sequence[SheetFact] = (),
) -> CertificateData:
    """个人所得税纳税记录 (domain note, section 5, C03) over ``first`` to ``last`` (``YYYY-MM``).

    The tax office stands in the heading when it is the same for every row, else in a column of its own;
    remarks get a column only when there are any.
    """
    offices = {row.authority for row in rows}
    shown = [
        column
        for column, wanted in (
            (_AUTHORITY, len(offices) > 1),
            (_REMARK, any(row.remark for row in rows)),
        )
        if wanted
    ]
    income, tax = sum(row.income_fen for row in rows), sum(row.tax_fen for row in rows)
    return CertificateData(
        kind="iit-record",
        title=Words("个人所得税纳税记录", "Individual Income Tax Record"),
        issuer=occasion.issuer,
        holder=holder.name,
        issued_at=occasion.issued_at,
        place=occasion.place,
        lang=occasion.lang,
        facts=(
            *_iit_facts(holder, offices, period_words(first, last)),
            *(_sheet_fact(fact) for fact in more),
        ),
        columns=(*_IIT_COLUMNS, *shown),
        rows=tuple(_iit_cells(row, shown) for row in rows),
        totals=(
            Words("合计", "Total"),
            Words(""),
            Words(format_yuan(Fen(income))),
            Words(format_yuan(Fen(tax))),
            Words(""),
            *(Words("") for _ in shown),
        ),
        emphasis=3,
        capital_label=Words("已缴税额合计（大写）", "Tax paid, in words"),
        capital="人民币" + capital(Fen(tax)),
        amount_fen=tax,
    )


_IIT_COLUMNS = (
    Column(Words("所属期", "Month"), 11),
    Column(Words("所得项目", "Income item"), 24),
    Column(Words("收入", "Income"), 15, "right"),
    Column(Words("已缴税额", "Tax paid"), 15, "right"),
    Column(Words("入库日期", "Paid on"), 14, "right"),
)
_AUTHORITY = Column(Words("税务机关", "Authority"), 20)
_REMARK = Column(Words("备注", "Remark"), 12)


def _iit_facts(holder: Holder, offices: set[str], period: Words) -> tuple[Fact, ...]:
    facts = [
        Fact(Words("姓名", "Name"), Words(holder.name), strong=True),
        Fact(Words("记录期间", "Period"), period),
        Fact(Words("证件类型", "ID type"), DOCUMENTS[holder.document]),
        Fact(Words("证件号码", "ID no."), Words(holder.number), public=mask_number(holder.number)),
    ]
    if len(offices) == 1:
        facts.append(Fact(Words("税务机关", "Authority"), Words(*offices)))
    return (*facts, _UNIT)


def _iit_cells(row: IitRow, shown: Sequence[Column]) -> tuple[Words, ...]:
    name = row.item_name
    last = {_AUTHORITY: row.authority, _REMARK: row.remark}
    return (
        Words(row.month),
        Words(name.get("zh-CN", row.item), name.get("en-US", "")),
        Words(format_yuan(Fen(row.income_fen))),
        Words(format_yuan(Fen(row.tax_fen))),
        Words(row.entry_date.isoformat()),
        *(Words(last[column]) for column in shown),
    )
