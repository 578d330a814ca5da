"""A service with a form of every kind of row, lists and choices, and a visitor at its steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from config.catalogue import Catalogue, read_service
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action
from kiosk.flow.pages import Page
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor, surroundings


def t(chinese: str, english: str = "") -> dict[str, str]:
    return {"zh-CN": chinese, "en-US": english or f"<{chinese}>"}


SAY = t("文字", "words")
KINDS = [
    {"id": "car", "title": t("小型轿车", "Small car"), "note": t("9 座以下", "Up to 9 seats"), "icon": "box"},
    {"id": "lorry", "title": t("货车", "Lorry")},
]
ACCOUNTS = {
    "rows": "details.accounts",
    "row_id": "number",
    "title": {"field": "bank"},
    "note": [{"field": "number", "format": "card", "label": t("尾号", "ends in")}],
    "tags": [
        {
            "field": "state",
            "format": "state",
            "states": [{"when": "open", "title": t("正常", "Open"), "tone": "done"}],
        }
    ],
    "enabled": "usable",
    "reason": "why",
}


def row(row_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": row_id, "label": t(row_id), "editable": "yes", "input": kind, **more}


ROWS = [
    {"id": "name", "label": t("姓名"), "value": "sign-in.name", "format": "name", "source": t("身份证")},
    row("phone", "phone", value="details.phone", source=t("登记信息")),
    row("plate", "plate"),
    row("bought", "date", earliest="2020-03-05", latest="today"),
    row("new", "yes-no"),
    row("kind", "option", value="details.kind", options=KINDS),
    row("account", "option", options_of=ACCOUNTS),
    row("refund", "money", max_of="details.most_fen", min=1),
    row("sheets", "count", max=10, optional=True),
    row("code", "digits", min_length=6, max_length=6, optional=True),
    row("month", "month", optional=True),
    row("remark", "text", max_length=10, optional=True, note=t("没有就不填")),
]
KNOWN: dict[str, Any] = {
    "phone": "13800001234",
    "kind": "car",
    "most_fen": 500_000,
    "accounts": [
        {"number": "6222000011112222", "bank": "云川银行", "state": "open", "usable": True},
        {
            "number": "6222000011113333",
            "bank": "禾木银行",
            "state": "frozen",
            "usable": False,
            "why": t("已冻结"),
        },
    ],
}
FORM = {
    "id": "details",
    "kind": "form",
    "title": SAY,
    "action": t("去核对"),
    "ask": {"query": "details"},
    "rows": ROWS,
}
REVIEW = {
    "id": "check",
    "kind": "review",
    "title": SAY,
    "action": SAY,
    "sections": [
        {
            "title": SAY,
            "rows": [
                {"label": t("手机号"), "value": "details.phone", "change": "details.phone"},
                {
                    "label": t("类型"),
                    "value": "details.kind_title",
                    "format": "texts",
                    "change": "details.kind",
                },
                {"label": t("新能源"), "value": "details.new", "format": "yes-no", "change": "details.new"},
                {
                    "label": t("退税"),
                    "value": "details.refund",
                    "format": "money",
                    "change": "details.refund",
                },
                {"label": t("开户行"), "value": "details.account_title", "change": "details.account"},
            ],
        }
    ],
}
DONE = {"id": "done", "kind": "done", "stamp": SAY, "title": SAY}


def visiting(*steps: dict[str, Any], mode: str = "standard") -> Visitor:
    """A visitor signed in, at the first of ``steps``."""
    data = {
        "format": 1, "id": "test.made", "action": 5, "title": SAY, "summary": SAY, "icon": "cert",
        "audience": "person", "sign_in": "1", "offline": "online",
        "steps": [{"id": "sign-in", "kind": "identify", "mark": SAY, "title": SAY}, *steps, DONE],
    }  # fmt: skip
    raw = yaml.safe_dump(data, allow_unicode=True).encode()
    published = read_service(raw, Path("test.made.yaml"))
    visitor = Visitor(Engine(Catalogue({"test.made": published}), surroundings())).world()
    if mode != "standard":
        visitor.touch(Action.MODE, mode)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "test.made")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(PROFILE)
    return visitor


def one_row(kind: str, **more: Any) -> dict[str, Any]:
    """A form of one row, ``it``."""
    return {"id": "form", "kind": "form", "action": SAY, "rows": [row("it", kind, **more)]}


def at_the_form(mode: str = "standard", **known: Any) -> Visitor:
    """At the form, with what the centre knows."""
    visitor = visiting(FORM, REVIEW, mode=mode)
    visitor.answer({**KNOWN, **known})
    return visitor


def fill_first_page(visitor: Visitor) -> Page:
    """Rows one to four: name, phone, plate, day."""
    visitor.touch(Action.FILL, "plate", "京A12345")
    visitor.touch(Action.EDIT, "bought")
    for touched in ("2026", "2026-10", "2026-10-08"):
        visitor.touch(Action.CHOOSE, touched)
    return visitor.touch(Action.PROCEED)


def fill_second_page(visitor: Visitor) -> Page:
    """Rows five to eight: yes or no, kind, account, refund."""
    visitor.touch(Action.FILL, "new", "yes")
    visitor.touch(Action.EDIT, "account")
    visitor.touch(Action.CHOOSE, "6222000011112222")
    visitor.touch(Action.FILL, "refund", "1234.5")
    return visitor.touch(Action.PROCEED)
