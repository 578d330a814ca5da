"""What the scripted visitor gives in the rows of a form: their wish, else what any person might."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
ANYBODY = {
    "money": "100",
    "count": "1",
    "digits": "123456",
    "account": "6222020000001234567",
    "phone": "13800001234",
    "id": "11010519491231002X",
    "uscc": "91110108MA01K1050C",
    "notice-code": "99019926000100042174",
    "plate": "京A12345",
    "vin": "LSVAU0334E2123456",
    "email": "yunchuan@qq.com",
    "letters": "HT2026001",
    "text": "yunchuan",
    "yes-no": "yes",
}
"""By input; dates and options are taken from what the page offers."""


def next_row(rows: Sequence[Row], given: Mapping[str, str], done: set[str]) -> Row | None:
    """The first row that the visitor has something for: prefilled ones are corrected by wish alone, never copied.

    A wish for nothing leaves the row as it is.
    """
    for row in rows:
        wish = given.get(row["id"])
        if not row["editable"] or row["id"] in done or wish == "":
            continue
        if wish is not None or not (row["value"] or row.get("chosen")):
            return row
    return None


def text_for(row: Row, given: Mapping[str, str]) -> str:
    """What goes into the row; empty: whatever the page that it opens offers first."""
    if row["id"] in given:
        return given[row["id"]]
    most = row.get("most") or None
    return ANYBODY.get(row.get("input", ""), "")[:most]


def option_for(page: Mapping[str, Any], wanted: str) -> str:
    """What to touch on a page that one row has opened: the wish or the part of it, the way to it, else the first."""
    usable = [option["id"] for option in page["options"] if option["enabled"]]
    for option in usable:
        if wanted and wanted.startswith(option):
            return f"option:{option}"
    if wanted and page["pages"] > 1:
        return "grid:previous" if wanted[:4] < page["options"][0]["id"] else "grid:next"
    chosen = [option for option in usable if option in page["selected"]]
    return f"option:{(chosen or usable or [''])[0]}"
