"""How much of a personal datum is shown on screens and slips, and what stands for it in logs.

Rules: domain note, section 10 (PIPL data minimum). Certificates that are legal proof are not masked.
"""

from __future__ import annotations

import hashlib
import hmac
import re

STAR = "*"
KEPT_OF_LONG = (3, 4)
"""Of numbers of 11 characters and more (resident ID 18, foreign 15, permit 11): first 3 and last 4."""
KEPT_OF_SHORT = (1, 2)
"""Of shorter ones (passports have 8 or 9): three and four would leave next to nothing hidden."""

DISTRICT = re.compile(
    r"(.{2,8}?(省|自治区))?([^路街道镇乡村号]{1,10}?(市|州|盟|地区))?"
    r"[^路街道镇乡村号]{1,10}?((?<![小社园校])区|县|旗|市)"
)
"""An address up to its district; a 小区 or 社区 is where somebody lives, not a district."""


def mask_name(name: str) -> str:
    """Keep the first character of a Chinese name (``张*``); of a Latin name, that of each word."""
    words = name.split()
    return " ".join(word[0] + STAR * max(1, len(word) - 1) for word in words)


def mask_number(number: str) -> str:
    """Keep first 3 and last 4 of a document's number: ``110***********002X``; less of a short one."""
    first, last = KEPT_OF_LONG if len(number) >= 11 else KEPT_OF_SHORT
    return _mask(number, first, last)


def mask_mobile(mobile: str) -> str:
    """``138****1234``."""
    return _mask(mobile, 3, 4) if len(mobile) == 11 else STAR * len(mobile)


def mask_card(card: str) -> str:
    """The last 4 digits of a bank card: ``**** 0123``."""
    digits = re.sub(r"\s", "", card)
    return f"{STAR * 4} {digits[-4:]}" if len(digits) >= 8 else STAR * 4


def mask_mailbox(address: str) -> str:
    """``z***@qq.com``: the first character and the provider; all of it hidden where that is no address."""
    local, at, host = address.rpartition("@")
    return f"{local[:1]}{STAR * 3}@{host}" if at and local and host else STAR * 4


def mask_taxpayer(taxpayer: str) -> str:
    """``9199****0M7X`` for a slip; a natural person's number is masked as one."""
    if len(taxpayer) == 18 and taxpayer[:2] in ("91", "92", "93", "51", "52", "53", "11", "12"):
        enterprise = not re.fullmatch(r"[0-9]{6}(18|19|20)[0-9]{9}[0-9X]", taxpayer)
        if enterprise:
            return f"{taxpayer[:4]}{STAR * 4}{taxpayer[-4:]}"
    return mask_number(taxpayer)


def mask_address(address: str) -> str:
    """The address down to its district (区, 县, 旗, else 市); all of it hidden when none is named."""
    match = DISTRICT.match(address)
    return f"{match.group()}{STAR * 4}" if match else STAR * 4


def pseudonym(value: str, key: bytes) -> str:
    """What logs say instead of a number: a keyed hash (HMAC-SHA-256, 48 bits) and the last 4 characters.

    The same value under the same key reads the same, so that entries can be joined and not reversed.
    """
    digest = hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
    return f"hmac-sha256:{digest[:12]}:{value[-4:] if len(value) >= 11 else ''}"


def _mask(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    if hidden < 1:
        return STAR * len(text)
    return text[:first] + STAR * hidden + text[-last:]
