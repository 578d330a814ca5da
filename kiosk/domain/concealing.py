"""Personal data in what somebody wrote in their own words, found and put out of sight before anybody else reads it.

What is taken out: addresses of mailboxes, numbers of documents (居民身份证, 外国人永久居留身份证, passports and
permits), of taxpayers and enterprises, of phones and landlines, of vehicles' plates, of bank cards and accounts, and
names on messengers. In their place stands what kind of thing it was (个人信息保护法 art. 6: no more than is needed).
Names of people are not found: officers read every text before it is published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.domain.errors import FieldError
from kiosk.domain.vehicles import check_plate

WORDS: Final = {
    "mailbox": {"zh-CN": "邮箱", "en-US": "mailbox"},
    "document": {"zh-CN": "证件号", "en-US": "document number"},
    "taxpayer": {"zh-CN": "税号", "en-US": "taxpayer number"},
    "phone": {"zh-CN": "电话", "en-US": "phone"},
    "plate": {"zh-CN": "车牌", "en-US": "plate"},
    "account": {"zh-CN": "账号", "en-US": "account"},
}
"""What stands in place of each kind, by language."""
_GAP: Final = r"[ \-.·—–]?"
"""What people put between the figures of a long number."""
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"


@dataclass(frozen=True, slots=True)
class Concealed:
    """The text as it may be shown, and which kinds of thing were taken out of it, each once and in their order."""

    text: str
    kinds: tuple[str, ...]


def _is_plate(found: str) -> bool:
    try:
        check_plate(re.sub(r"[\s·.\-]", "", found).upper())
    except FieldError:
        return False
    return True


def _always(_: str) -> bool:
    return True


_RULES: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("mailbox", re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"), _always),
    (
        "document",
        re.compile(rf"{_BEFORE}[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx]{_AFTER}"),
        _always,
    ),  # 居民身份证 and the foreigners' card of 2023, written with a mistake as well
    ("document", re.compile(rf"{_BEFORE}[1-9][0-9]{{14}}{_AFTER}"), _always),  # 15 figures of old
    (
        "document",
        re.compile(rf"{_BEFORE}(?:[EeGgDdSsPpKk][A-Za-z]?[0-9]{{7,8}}|[HhMmCcTt][0-9]{{8,10}}){_AFTER}"),
        _always,
    ),
    ("document", re.compile(rf"{_BEFORE}[A-Za-z]{{3}}[0-9]{{12}}{_AFTER}"), _always),  # 永久居留身份证 of old
    (
        "taxpayer",
        re.compile(rf"{_BEFORE}(?=[0-9]*[A-Za-z])[0-9A-Za-z]{{2}}[0-9]{{6}}[0-9A-Za-z]{{10}}{_AFTER}"),
        _always,
    ),
    (
        "phone",
        re.compile(rf"(?<![0-9A-Za-z])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}{_AFTER}"),
        _always,
    ),
    (
        "phone",
        re.compile(rf"{_BEFORE}[(（]?0[1-9][0-9]{{1,2}}[)）]?{_GAP}[2-9][0-9]{{6,7}}{_AFTER}"),
        _always,
    ),
    (
        "phone",
        re.compile(
            r"(?i:(?<=电话)|(?<=座机)|(?<=来电)|(?<=tel)|(?<=call))[是号:： ]{0,3}[2-9][0-9]{6,7}(?![0-9])"
        ),
        _always,
    ),
    (
        "account",
        re.compile(
            r"(?i)(?:微信号?|wechat|weixin|qq号?)(?:是|为|is)?[ :：]{0,2}[a-z0-9][a-z0-9_\-]{4,19}(?![a-z0-9])"
        ),
        _always,
    ),
    (
        "plate",
        re.compile(rf"[{_PROVINCES}]{_GAP}[A-Za-z]{_GAP}[A-Za-z0-9]{{4,6}}[挂学警港澳]?{_AFTER}"),
        _is_plate,
    ),
    ("account", re.compile(rf"{_BEFORE}[0-9]{{12,30}}{_AFTER}"), _always),
    (
        "account",
        re.compile(rf"{_BEFORE}[0-9]{{3,6}}(?:[ \-][0-9]{{3,6}}){{2,7}}{_AFTER}"),
        _always,
    ),  # in groups
)
"""Kind, what it looks like, and what else it has to be; an earlier rule's find is no later one's."""


def conceal(text: str, lang: str) -> Concealed:
    """The text without the personal data that can be told by their form; what replaces them is in ``lang``.

    Letters and figures of full width count as ordinary ones. What is concealed already is left as it is.
    """
    narrow = "".join(_narrow(character) for character in text)
    found: list[tuple[int, int, str]] = []
    for kind, pattern, also in _RULES:
        for match in pattern.finditer(narrow):
            begin, end = match.span()
            if also(match.group()) and not any(begin < b and a < end for a, b, _ in found):
                found.append((begin, end, kind))
    found.sort()
    parts = "".join(_parts(text, found, lang))
    return Concealed(parts, tuple(dict.fromkeys(kind for _, _, kind in found)))


def holds_concealed(text: str) -> bool:
    """Whether something in it was taken out, in whichever language it was."""
    return any(f"[{word}]" in text for words in WORDS.values() for word in words.values())


def _parts(text: str, found: list[tuple[int, int, str]], lang: str) -> Iterator[str]:
    at = 0
    for begin, end, kind in found:
        words = WORDS[kind]
        yield text[at:begin]
        yield f"[{words.get(lang, words['en-US'])}]"
        at = end
    yield text[at:]


def _narrow(character: str) -> str:
    """One character for one, so that places in the text stay what they are."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
