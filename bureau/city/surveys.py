"""The city's surveys: two that run, with what some answered, one that is over, and one that is only proposed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bureau.ports.surveys import SurveyState
from config.clock import CHINA
from sync.models import Texts

Row = dict[str, object]
PROPOSER, PUBLISHER = "段丽", "蒋明"
HALLS: Final = ("H-01", "H-01", "H-02", "H-02", "H-03", "H-04")
"""Where people answered; the first two are asked more often."""
WORDS: Final = ("字再大一点就好了", "排队时间短了", "希望多几台终端", "")


def _said(chinese: str, english: str) -> Texts:
    return {"zh-CN": chinese, "en-US": english}


def _asked(
    name: str, kind: str, ask: Texts, *options: tuple[str, Texts], most: int = 0, optional: bool = False
) -> Row:
    named = [{"option": option, "title": title} for option, title in options]
    return {"question": name, "kind": kind, "ask": ask, "options": named, "most": most, "optional": optional}


LEVELS: Final = (
    ("very-good", _said("非常好", "Very good")),
    ("good", _said("好", "Good")),
    ("fair", _said("一般", "Fair")),
    ("bad", _said("不好", "Bad")),
)


@dataclass(frozen=True, slots=True)
class Held:
    """One survey; ``since`` and ``until`` in days from the city's day, ``answers`` of so many visitors."""

    name: str
    title: Texts
    about: Texts
    since: int
    until: int
    questions: Sequence[Row]
    state: SurveyState = "published"
    answers: int = 0


HELD: Final = (
    Held(
        "hall-service",
        _said("办税大厅服务", "Service in the hall"),
        _said("改进窗口和自助区的服务", "To improve counters and terminals"),
        -12,
        30,
        (
            _asked("waiting", "one", _said("今天等了多久？", "How long did you wait today?"),
                   ("none", _said("没有等", "Not at all")), ("short", _said("15 分钟以内", "Up to 15 minutes")),
                   ("long", _said("15 到 30 分钟", "15 to 30 minutes")),
                   ("longer", _said("30 分钟以上", "Over 30 minutes"))),
            _asked("signs", "one", _said("大厅的指引清楚吗？", "Is it clear where to go?"), *LEVELS),
            _asked("better", "many", _said("哪些最需要改进？", "What should become better first?"),
                   ("time", _said("等候时间", "Waiting time")), ("papers", _said("要带的材料", "Papers to bring")),
                   ("words", _said("页面上的说明", "Words on the screen")),
                   ("seats", _said("座位和环境", "Seats and surroundings")),
                   ("staff", _said("人员的帮助", "Help by staff")), most=2),
            _asked("more", "words", _said("还想对我们说什么？", "Anything else you would like to say?"), optional=True),
        ),
        answers=64,
    ),
    Held(
        "e-invoice-use",
        _said("数电发票使用情况", "Using e-invoices"),
        _said("了解大家在哪里用、卡在哪里", "Where they are used, and what is hard"),
        -5,
        60,
        (
            _asked("issues", "one", _said("您自己开过数电发票吗？", "Have you issued e-invoices?"),
                   ("often", _said("经常开", "Often")), ("seldom", _said("偶尔开", "Seldom")),
                   ("never", _said("没有开过", "Never"))),
            _asked("where", "many", _said("在哪里开？", "Where?"),
                   ("phone", _said("手机", "On a phone")), ("computer", _said("电脑", "On a computer")),
                   ("terminal", _said("自助终端", "At a terminal")),
                   ("counter", _said("窗口代开", "At a counter")), optional=True),
        ),
        answers=23,
    ),
    Held(
        "tax-month",
        _said("税收宣传月活动", "The month of tax publicity"),
        _said("评价宣传月的活动", "What was thought of it"),
        -190,
        -160,
        (_asked("liked", "one", _said("活动办得怎么样？", "How was it?"), *LEVELS),),
        answers=31,
    ),
    Held(
        "opening-hours",
        _said("大厅开门时间", "Opening hours"),
        _said("考虑周六上午开门", "Whether to open on Saturday mornings"),
        3,
        33,
        (
            _asked("saturday", "one", _said("周六上午您会来吗？", "Would you come on Saturday mornings?"),
                   ("yes", _said("会", "Yes")), ("perhaps", _said("可能", "Perhaps")), ("no", _said("不会", "No"))),
        ),
        "proposed",
    ),
)  # fmt: skip


def rows(random: Random, as_of: date) -> Iterator[tuple[str, list[Row]]]:
    """Table by table, as they refer to each other."""
    yield "survey", [_survey(one, as_of) for one in HELD]
    yield "survey_answer", [row for one in HELD for row in _answers(random, one, as_of)]
    yield "survey_event", list(_events(as_of))


def _survey(one: Held, as_of: date) -> Row:
    decided = one.state != "proposed"
    return {
        "survey": one.name,
        "title": one.title,
        "about": one.about,
        "since": as_of + timedelta(days=one.since),
        "until": as_of + timedelta(days=one.until),
        "questions": list(one.questions),
        "state": one.state,
        "proposed_by": PROPOSER,
        "proposed_at": _proposed(one, as_of),
        "decided_by": PUBLISHER if decided else "",
        "decided_at": _proposed(one, as_of) + timedelta(days=1) if decided else None,
        "closed_at": None,
        "reason": None,
    }


def _proposed(one: Held, as_of: date) -> datetime:
    """Three days before it begins; what is not decided yet was proposed yesterday."""
    days = min(one.since - 3, -1)
    return datetime.combine(as_of + timedelta(days=days), time(10, 40), CHINA)


def _answers(random: Random, one: Held, as_of: date) -> Iterator[Row]:
    last = min(one.until, -1)
    for _ in range(one.answers):
        replies = [reply for asked in one.questions if (reply := _reply(random, asked))]
        yield {
            "token": str(uuid.UUID(bytes=random.randbytes(16), version=4)),
            "survey": one.name,
            "hall": random.choice(HALLS),
            "day": as_of + timedelta(days=random.randint(one.since, last)),
            "replies": replies,
        }


def _reply(random: Random, asked: Row) -> Mapping[str, object] | None:
    """What somebody might answer; what may be passed by is, now and then."""
    if asked["optional"] and random.random() < 0.6:
        return None
    if asked["kind"] == "words":
        words = random.choice(WORDS)
        return {"question": asked["question"], "options": [], "words": words} if words else None
    offered = asked["options"]
    assert isinstance(offered, list), "named above"
    names = [str(option["option"]) for option in offered]
    several = random.randint(1, 2) if asked["kind"] == "many" else 1
    return {"question": asked["question"], "options": random.sample(names, several), "words": ""}


def _events(as_of: date) -> Iterator[Row]:
    """Proposed by one officer, published by the other."""
    happened = [(_proposed(one, as_of), one.name, PROPOSER, "proposed") for one in HELD]
    happened += [
        (_proposed(one, as_of) + timedelta(days=1), one.name, PUBLISHER, "published")
        for one in HELD
        if one.state == "published"
    ]
    for number, (at, name, officer, did) in enumerate(sorted(happened), start=1):
        yield {"number": number, "survey": name, "at": at, "officer": officer, "did": did, "said": {}}
