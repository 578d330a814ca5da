"""An invented person's record, of any length."""

from __future__ import annotations

from datetime import date, datetime

from bureau.certificates import kinds
from bureau.certificates.data import CertificateData, Issuer, Words
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from kiosk.domain.people import DocumentKind
from sync.models import IitRow

ISSUER = Issuer(Words("云川市税务局", "Yunchuan Municipal Tax Bureau"), "自助业务专用章", "样章 07", True)
ISSUED_AT = datetime(2026, 10, 12, 9, 42, 30, tzinfo=CHINA)
NUMBER = make_number("21", "5301", ISSUED_AT.date(), 42)
CODE = "7K2M9QX4PD3A8HEW"
PUBLIC = "https://bureau.example"
HOLDER = kinds.Holder("沈知舟", DocumentKind.RESIDENT_ID, "990199199003070016")


def rows(count: int, offices: int = 1, remark: str = "") -> list[IitRow]:
    made = []
    for i in range(count):
        year, month = 2022 + i // 12, i % 12 + 1
        made.append(
            IitRow(
                month=f"{year}-{month:02d}",
                item="wages",
                item_name={"zh-CN": "工资、薪金", "en-US": "Wages and salaries"},
                income_fen=1_375_000 + i * 5_123,
                tax_fen=41_250 + i * 1_237,
                entry_date=date(year, month, 14),
                authority=f"云川市税务局第{'一二三'[i % offices]}税务分局",
                remark=remark if i == 1 else "",
            )
        )
    return made


def record(
    count: int = 9,
    lang: str = "zh-CN",
    holder: kinds.Holder = HOLDER,
    offices: int = 1,
    remark: str = "",
) -> CertificateData:
    made = rows(count, offices, remark)
    months = (made[0].month, made[-1].month) if made else ("2022-01", "2022-01")
    occasion = kinds.Occasion(ISSUER, Words("中心大厅 A-07", "Central hall A-07"), ISSUED_AT, lang)
    return kinds.iit_record(holder, made, *months, occasion)
