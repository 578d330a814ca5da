"""The messages of the link (横联报文): a ``CFX`` document with a head and blocks of fields; docs/treasury.md.

Read strictly: no document type, no other encoding, no block without fields. Amounts are yuan with two decimals.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as Xml

TIPS: Final = "100000000000"
"""The node of the treasury's system itself (国库信息处理系统)."""
DEBIT, DEBITED = "1001", "2001"
CANCEL, CANCELLED = "1021", "2021"
GIVE_BACK, TAKEN = "1104", "9120"
ASK, TOLD = "9003", "9004"
DAY = "3129"
"""Numbers of the messages: 实时扣税请求/回执, 实时冲正请求/回执, 退库请求/通用应答, 状态查询/应答, 入库明细."""
MOST_BYTES = 32 << 20
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding=["']([A-Za-z0-9-]+)["'][^>]*\?>""")
_ENCODINGS = {"GBK": "gb18030", "GB18030": "gb18030", "GB2312": "gb18030", "UTF-8": "utf-8"}
"""GB 18030 reads whatever GBK writes."""
_HEAD = ("VER", "SRC", "DES", "APP", "MsgNo", "MsgID", "MsgRef", "WorkDate")

Fields = Mapping[str, str]


class CfxError(ValueError):
    """Bytes that are no message of the link."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``reply_to``: the number of the one it answers (``MsgRef``); ``day``: the sender's work date."""

    number: str
    day: date
    blocks: tuple[tuple[str, Fields], ...]
    source: str
    target: str = TIPS
    id: str = ""
    reply_to: str = ""

    def block(self, name: str) -> Fields:
        """The first block of that name; raises ``CfxError``."""
        for known, fields in self.blocks:
            if known == name:
                return fields
        raise CfxError(f"message {self.number} has no {name}")

    def all(self, name: str) -> list[Fields]:
        """Every block of that name."""
        return [fields for known, fields in self.blocks if known == name]


def field(fields: Fields, name: str) -> str:
    """One field that must be there; raises ``CfxError``."""
    if name not in fields:
        raise CfxError(f"{name} is missing")
    return fields[name]


def yuan(fen: int) -> str:
    """An amount as the link writes it: ``4147.04``."""
    return f"{Decimal(fen).scaleb(-2):.2f}"


def fen(text: str) -> int:
    """An amount as the link writes it, in fen; raises ``CfxError``."""
    if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,2})?", text):
        raise CfxError(f"{text!r} is no amount")
    return int(Decimal(text).scaleb(2))


def day_of(text: str) -> date:
    """``20261012``; raises ``CfxError``."""
    if not re.fullmatch(r"[0-9]{8}", text):
        raise CfxError(f"{text!r} is no day")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise CfxError(f"{text!r} is no day") from error


def written(day: date) -> str:
    """``20261012``."""
    return f"{day:%Y%m%d}"


def new_id(day: date) -> str:
    """A number of a message that no other has (报文标识号): 20 digits."""
    return written(day) + f"{secrets.randbelow(10**12):012d}"


def write(message: Message) -> bytes:
    """The message in GBK; signs that GBK does not have are written as their numbers."""
    root = Xml.Element("CFX")
    head, body = Xml.SubElement(root, "HEAD"), Xml.SubElement(root, "MSG")
    values = (
        "1.0", message.source, message.target, "TIPS", message.number, message.id or new_id(message.day),
        message.reply_to, written(message.day),
    )  # fmt: skip
    _fill(head, zip(_HEAD, values, strict=True))
    for name, fields in message.blocks:
        _fill(Xml.SubElement(body, name), fields.items())
    text = Xml.tostring(root, encoding="unicode")
    return b'<?xml version="1.0" encoding="GBK"?>' + text.encode("gbk", "xmlcharrefreplace")


def read(content: bytes) -> Message:
    """The message in these bytes.

    Raises:
        CfxError: it is none, or too long.
    """
    root = _parse(content)
    head, body = root.find("HEAD"), root.find("MSG")
    if root.tag != "CFX" or head is None or body is None:
        raise CfxError("no CFX with HEAD and MSG")
    known = {child.tag: (child.text or "").strip() for child in head}
    if known.get("APP") != "TIPS":
        raise CfxError("not for TIPS")
    blocks = tuple((child.tag, {one.tag: (one.text or "").strip() for one in child}) for child in body)
    return Message(
        number=field(known, "MsgNo"),
        day=day_of(field(known, "WorkDate")),
        blocks=blocks,
        source=field(known, "SRC"),
        target=field(known, "DES"),
        id=field(known, "MsgID"),
        reply_to=known.get("MsgRef", ""),
    )


def _parse(content: bytes) -> Xml.Element:
    if len(content) > MOST_BYTES:
        raise CfxError("too long")
    declared = _DECLARED.match(content)
    encoding = _ENCODINGS.get((declared[1].decode() if declared else "UTF-8").upper())
    if encoding is None:
        raise CfxError("an encoding that is not GBK")
    try:
        text = content[declared.end() if declared else 0 :].decode(encoding)
    except UnicodeDecodeError as error:
        raise CfxError("not in its encoding") from error
    if "<!" in text:  # no document type, so no entities that grow
        raise CfxError("a declaration inside")
    try:
        return Xml.fromstring(text)
    except Xml.ParseError as error:
        raise CfxError("no XML") from error


def _fill(element: Xml.Element, fields: Iterable[tuple[str, str]]) -> None:
    for name, value in fields:
        Xml.SubElement(element, name).text = value
