"""Payer's codes (付款码): what a phone shows to be scanned by the payee.

Each wallet publishes its own figures for merchants: WeChat Pay 18 digits that begin with 10 to 15, Alipay 16 to 24 that
begin with 25 to 30, UnionPay QuickPass (云闪付) 19 that begin with 62. A code is good once and for about a minute.
"""

from __future__ import annotations

import re

_CODES = re.compile(r"1[0-5][0-9]{16}|(?:2[5-9]|30)[0-9]{14,22}|62[0-9]{17}")


def payer_code(scanned: bytes) -> str | None:
    """The code, or None when what was scanned is something else."""
    text = scanned.decode("ascii", "replace").strip()
    return text if _CODES.fullmatch(text) else None
