"""Amounts: exact between yuan and fen, and in the words that certificates carry.

Computed as ``Decimal`` yuan, stored and sent as whole ``Fen``; a float is refused.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from kiosk.domain.errors import FieldError, MoneyError
from kiosk.domain.ids import Fen

CENT = Decimal("0.01")
LIMIT = 10**16
"""Amounts stay below this many fen in words: one hundred million million yuan (一百万亿)."""
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1))
TYPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{0,2})?|[0-9]{1,11}(\.[0-9]{0,2})?")


def fen(amount: Decimal | str) -> Fen:
    """Whole fen of an amount in yuan; raise ``MoneyError`` when it is not a whole number of them."""
    if isinstance(amount, str):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", amount):
            raise MoneyError("an amount is written as digits with a point, such as 4095.84")
        amount = Decimal(amount)
    if not isinstance(amount, Decimal):
        raise MoneyError(f"an amount is a Decimal or a string, not {type(amount).__name__}")
    if not amount.is_finite() or amount != amount.quantize(CENT, ROUND_HALF_UP):
        raise MoneyError("an amount must be a whole number of fen; round it first with round_fen")
    return Fen(int(amount.scaleb(2)))


def round_fen(amount: Decimal) -> Fen:
    """Fen of a computed amount in yuan, half a fen up (away from zero), as taxes are rounded."""
    if not amount.is_finite():
        raise MoneyError("an amount must be finite")
    return fen(amount.quantize(CENT, ROUND_HALF_UP))


def yuan(amount: Fen) -> Decimal:
    """The amount in yuan, with two places."""
    return Decimal(amount).scaleb(-2).quantize(CENT)


def format_yuan(amount: Fen) -> str:
    """``4,095.84``: yuan with thousands and two places."""
    return f"{yuan(amount):,.2f}"


def parse_typed(text: str) -> Fen:
    """The amount a person typed on the keypad, thousands or not; raise ``FieldError`` with code ``form``."""
    cleaned = text.strip().removeprefix("¥").removeprefix("￥").strip()
    if not TYPED.fullmatch(cleaned):
        raise FieldError("form", "field.money.form")
    return fen(Decimal(cleaned.replace(",", "")))


def capital(amount: Fen) -> str:
    """The amount in capitals (中文大写金额) by the payment rules (《支付结算办法》 annex 1).

    Where the rules leave a choice: the zero before 角 is written when the yuan end in 0, 整 is written
    after 角, never after 分. Negative amounts begin with 负. Raises ``MoneyError`` beyond ``LIMIT``.
    """
    if abs(amount) >= LIMIT:
        raise MoneyError("the amount is too large to be written in words")
    sign, value = ("负", -amount) if amount < 0 else ("", int(amount))
    whole, jiao, cents = value // 100, value // 10 % 10, value % 10
    text = f"{_read(whole)}元" if whole else ""
    if not jiao and not cents:
        return f"{sign}{text or '零元'}整"
    if text and (not jiao or whole % 10 == 0):
        text += DIGITS[0]
    if jiao:
        text += f"{DIGITS[jiao]}角"
    return f"{sign}{text}{DIGITS[cents]}分" if cents else f"{sign}{text}整"


def _read(number: int) -> str:
    """A whole number above zero in capital digits, in groups of 亿 and 万."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            gap = DIGITS[0] if 0 < low < size // 10 else ""
            return _read(high) + name + gap + (_read(low) if low else "")
    text, skipped = "", False
    for unit, size in UNITS:
        digit, number = divmod(number, size)
        if digit:
            text += (DIGITS[0] if skipped and text else "") + DIGITS[digit] + unit
        skipped = not digit
    return text
