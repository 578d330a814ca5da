"""Announcements that the city's officers have made: one that holds, one that was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from config.clock import CHINA

Row = dict[str, object]
OFFICER, OTHER = "段丽", "蒋明"


def announcements(as_of: date) -> Iterator[Row]:
    """As they stand on that day."""
    nine = datetime.combine(as_of, time(9), CHINA)
    yield {
        "number": 1,
        "text": {
            "zh-CN": "城东办税厅本月底搬迁，期间请到中心大厅办理",
            "en-US": "The eastern hall moves at the end of the month; please use the central hall meanwhile",
        },
        "officer": OFFICER,
        "published_at": nine - timedelta(days=21),
        "withdrawn_at": nine - timedelta(days=12),
        "withdrawn_by": OTHER,
    }
    yield {
        "number": 2,
        "text": {
            "zh-CN": "自助终端新增“信息订阅”，征期和新规定可以发到手机",
            "en-US": "Terminals offer subscriptions: filing days and new rules come to your phone",
        },
        "officer": OFFICER,
        "published_at": nine - timedelta(days=3),
        "withdrawn_at": None,
        "withdrawn_by": "",
    }
