"""A payment voucher (缴款凭证) as an officer hands it out: one A4 sheet with its code, without seal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bureau.certificates import seal
from bureau.certificates.renderer import Typesetter, qr_svg
from bureau.engine.names import day_in_words, period_name, tax_name
from bureau.engine.sheets.base import in_capitals
from bureau.ports.bills import Bill
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

TEMPLATE: Final = Path(__file__).parent / "assets" / "bill.typ"
ZH: Final = "zh-CN"
NOTES: Final = (
    "在任何一台自助办税终端点“凭证缴款”，扫右上角的码，用手机或银行卡缴款；也可以到窗口缴款。",
    "逾期缴纳的，从滞纳之日起按日加收滞纳税款万分之五的滞纳金，缴款当天计算（税收征收管理法第三十二条）。",
    "整张凭证一次缴清。谁持有凭证谁就可以缴，税款记在上面的纳税人名下。",
    "过了有效期不能再凭它缴款，请到窗口重新开具。",
)


def draw(bill: Bill, name: str, bureau: str) -> bytes:
    """The PDF; ``name`` is whose voucher it is, ``bureau`` who issues it.

    Raises:
        bureau.certificates.errors.CertificateError: a font or a character is missing.
    """
    tax = sum(due.amount_fen for due in bill.dues)
    issued = day_in_words(bill.issued_at.astimezone(CHINA).date())[ZH]
    model = {
        "title": "税务缴款凭证",
        "bureau": bureau,
        "number": bill.bill,
        "lead": f"请在{day_in_words(bill.valid_until)[ZH]}前（含当日）缴纳",
        "facts": [
            ("纳税人", name),
            ("纳税人识别号", bill.taxpayer),
            ("开具日期", issued),
            ("开具人", bill.issued_by),
        ],
        "columns": ["税种", "所属期", "缴款期限", "税额（元）"],
        "rows": [
            [
                tax_name(due.tax)[ZH],
                period_name(due.period_first, due.period_last)[ZH],
                day_in_words(due.limit_date)[ZH],
                format_yuan(Fen(due.amount_fen)),
            ]
            for due in bill.dues
        ],
        "sum": ["税额合计（不含滞纳金）", format_yuan(Fen(tax)), in_capitals(tax)],
        "notes": NOTES,
    }
    pictures = {"mark": seal.square_mark(), "qr": qr_svg(bill.bill)}
    return Typesetter(TEMPLATE).set(model, pictures, bill.issued_at)
