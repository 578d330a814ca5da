"""What the city's officers wrote for the terminals: notices that stand, one that was withdrawn, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from bureau.ports.knowledge import KnowledgeKind, KnowledgeState
from config.clock import CHINA
from sync.models import Texts

Row = dict[str, object]
PROPOSER, DECIDER = "段丽", "蒋明"


def _said(chinese: str, english: str) -> Texts:
    return {"zh-CN": chinese, "en-US": english}


@dataclass(frozen=True, slots=True)
class Written:
    """One entry; days count from the city's: when it was proposed, and between which it holds."""

    proposed: int
    since: int
    until: int | None
    state: KnowledgeState
    title: Texts
    text: Texts
    kind: KnowledgeKind = "notice"
    name: str = ""
    sources: tuple[tuple[str, int], ...] = ()
    also: dict[str, list[str]] = field(default_factory=dict)
    service: str = ""
    reason: Texts | None = None


WRITTEN: Final = (
    Written(
        -21,
        -21,
        9,
        "withdrawn",
        _said("城东办税厅搬迁", "The eastern hall moves"),
        _said(
            "城东办税厅本月底搬迁，期间请到中心大厅办理",
            "The eastern hall moves at the end of the month; please use the central hall meanwhile",
        ),
        reason=_said("搬迁推迟", "The move is put off"),
    ),
    Written(
        -3,
        -3,
        60,
        "published",
        _said("终端可以订阅信息", "Subscriptions at terminals"),
        _said(
            "自助终端新增“信息订阅”，征期和新规定可以发到手机",
            "Terminals offer subscriptions: filing days and new rules come to your phone",
        ),
    ),
    Written(
        -1,
        3,
        17,
        "proposed",
        _said("中心大厅午间延时服务", "The central hall stays open at noon"),
        _said(
            "征期最后一周，中心大厅 12:00—13:30 照常办理",
            "In the last week of the filing term the central hall serves from 12:00 to 13:30 as well",
        ),
    ),
    Written(
        -1,
        5,
        None,
        "proposed",
        _said("付款没结果，要再付一次吗？", "There is no result. Should I pay again?"),
        _said(
            "先不要再付。拿好回单，扫上面的码看结果，也会发短信。半小时后还没有结果，请打 12366。",
            "Do not pay again. Keep the slip: its code tells the result, and a message comes. "
            "No result after half an hour: call 12366.",
        ),
        kind="answer",
        name="pay-doubt",
        sources=(("pay-guide", 2),),
        also={
            "zh-CN": ["付款时断网", "钱扣了机器没反应"],
            "en-US": ["charged but the machine shows nothing"],
        },
        service="query.payments",
    ),
)


def entries(as_of: date) -> Iterator[Row]:
    """As they stand on that day."""
    nine = datetime.combine(as_of, time(9), CHINA)
    for number, one in enumerate(WRITTEN, 1):
        proposed = nine + timedelta(days=one.proposed)
        decided = one.state != "proposed"
        gone = one.state == "withdrawn"
        yield {
            "number": number,
            "kind": one.kind,
            "name": one.name,
            "title": one.title,
            "text": one.text,
            "also": one.also,
            "sources": [{"text": text, "clause": clause} for text, clause in one.sources],
            "service": one.service,
            "since": as_of + timedelta(days=one.since),
            "until": None if one.until is None else as_of + timedelta(days=one.until),
            "state": one.state,
            "proposed_by": PROPOSER,
            "proposed_at": proposed,
            "decided_by": DECIDER if decided else "",
            "decided_at": proposed + timedelta(hours=2) if decided else None,
            "withdrawn_by": DECIDER if gone else "",
            "withdrawn_at": proposed + timedelta(days=9) if gone else None,
            "reason": one.reason,
        }
