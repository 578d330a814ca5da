"""A notice of non-tax revenue (非税收入缴款通知书) as an officer hands it out: one A4 sheet, without seal."""

from __future__ import annotations

from typing import Final

from bureau.certificates import seal
from bureau.certificates.bill_sheet import TEMPLATE, ZH
from bureau.certificates.renderer import Typesetter, qr_svg
from bureau.engine.names import day_in_words
from bureau.engine.nontax import item_name
from bureau.engine.sheets.base import in_capitals
from bureau.ports.nontax import NontaxNotice
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

NOTES: Final = (
    "在任何一台自助办税终端点“非税收入缴款”，扫右上角的码或输入缴款码，用手机或银行卡缴款；不用登录。",
    "过了缴款期限的，按该项目的规定加收滞纳金或违约金，缴款当天计算。",
    "一次缴清。谁持有通知书谁就可以缴，款项记在上面的缴款人名下；缴款后取得电子票据的代码、号码和校验码。",
    "过了缴款码有效期不能再凭它缴款，请找执收单位重新开具。",
)


def draw(notice: NontaxNotice, name: str, bureau: str) -> bytes:
    """The PDF; ``name`` is who is to pay, ``bureau`` who issues it.

    Raises:
        bureau.certificates.errors.CertificateError: a font or a character is missing.
    """
    issued = day_in_words(notice.issued_at.astimezone(CHINA).date())[ZH]
    limit, until = (day_in_words(day)[ZH] for day in (notice.limit_date, notice.valid_until))
    amount = format_yuan(Fen(notice.amount_fen))
    model = {
        "title": "缴款通知书",
        "bureau": bureau,
        "number": notice.code,
        "lead": f"非税收入 · 请在{limit}前（含当日）缴纳",
        "facts": [
            ("缴款人", name),
            ("识别号", notice.payer),
            ("开具日期", issued),
            ("开具人", notice.issued_by),
        ],
        "columns": ["收入项目", "执收单位", "缴款码有效期至", "金额（元）"],
        "rows": [[item_name(notice.item)[ZH], notice.authority, until, amount]],
        "sum": ["应缴金额（不含滞纳金）", amount, in_capitals(notice.amount_fen)],
        "notes": NOTES,
    }
    pictures = {"mark": seal.square_mark(), "qr": qr_svg(notice.code)}
    return Typesetter(TEMPLATE).set(model, pictures, notice.issued_at)
