"""Official documents of the city: one that waits to be served on a firm that is behind with its returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bureau.city.cast import FIRMS
from bureau.city.returns import Row
from bureau.engine.reference.context import REGION, Type
from bureau.texts import LANGUAGES
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

OFFICER = "征管 于岚"
RECEIVES = "zhao-min"
"""Whose firm it is served on."""
ISSUED_BEFORE_DAYS, DAYS = 2, 15
TITLE = "税务事项通知书"
BODY = (
    "事由：报送财务会计资料。",
    "依据：《中华人民共和国税收征收管理法》第二十五条、第五十六条。",
    "通知内容：请你单位自收到本通知书之日起十五日内，向我局报送2026年第二季度、第三季度的财务会计报表和说明材料。",
    "报送方式：可以通过电子税务局报送，也可以到办税服务厅窗口报送；材料应当加盖单位公章，并注明联系人和联系电话。",
    "逾期不报送的，税务机关将依照《中华人民共和国税收征收管理法》第六十二条的规定处理。",
    "对本通知书不服的，可以自收到之日起六十日内依法申请行政复议，或者自收到之日起六个月内依法提起行政诉讼。",
)


def of_cast(as_of: date) -> Iterator[Row]:
    """The document, which nobody has signed for yet."""
    firm = next(f for f in FIRMS if any(who == RECEIVES for who, _ in f.people))
    day = as_of - timedelta(days=ISSUED_BEFORE_DAYS)
    yield {
        "document": make_number(Type.DOCUMENT, REGION, day, 1),
        "taxpayer": firm.taxpayer,
        "title": dict.fromkeys(LANGUAGES, TITLE),
        "body": [dict.fromkeys(LANGUAGES, paragraph) for paragraph in BODY],
        "issued_at": datetime.combine(day, time(10, 20), CHINA),
        "issued_by": OFFICER,
        "days": DAYS,
        "state": "issued",
    }
