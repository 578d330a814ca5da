"""What the city's taxpayers asked, answered and proposed, and what its officers made of it (``mutual.yaml``)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bureau.engine.reference.context import REGION, Type
from config import yaml_files
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

FILE = Path(__file__).parent / "mutual.yaml"
OFFICER = "周审核"
TERMINAL = "D-02"
Row = dict[str, Any]


class Past:
    """Builds the rows of the store, numbered by the day on which each was written."""

    def __init__(self, random: Random, as_of: date) -> None:
        self._random, self._as_of = random, as_of
        self._serial: dict[date, int] = {}
        self.contributions: list[Row] = []
        self.marks: list[Row] = []
        self.acts: list[Row] = []

    def build(self) -> None:
        """All of the file."""
        told = _told()
        for asked in told["questions"]:
            self._question(asked)
        for proposed in told["ideas"]:
            self._idea(proposed)
        for one in told["waiting"]:
            self._written(one["kind"], one, state="waiting")

    def _question(self, asked: Row) -> None:
        row = self._published("question", asked)
        self._said(row, asked.get("helped", 0), 1)
        for answered in asked.get("answers", ()):
            made = {"topic": asked["topic"], **answered}
            answer = self._published("answer", made, about=row["number"], author_class=answered["by"])
            after = answer["written_at"] + timedelta(hours=5)
            if answered.get("confirmed"):
                answer["confirmed_at"] = after
                self._act(answer, "confirm", after, {})
            if answered.get("knowledge"):
                answer["knowledge_on"] = (after + timedelta(days=1)).astimezone(CHINA).date()
                self._act(answer, "knowledge", after + timedelta(days=1), {})

    def _idea(self, proposed: Row) -> None:
        row = self._published("idea", proposed, stage=proposed["stage"])
        self._said(row, proposed["for"], 1)
        self._said(row, proposed["against"], -1)
        if "reply_zh" in proposed:
            at = row["written_at"] + timedelta(days=4)
            row |= {"reply": {"zh-CN": proposed["reply_zh"], "en-US": proposed["reply_en"]}, "replied_at": at}
            self._act(row, "reply", at, {"stage": proposed["stage"]})

    def _published(self, kind: str, told: Row, **more: object) -> Row:
        row = self._written(kind, told, state="published", **more)
        row["decided_at"] = row["written_at"] + timedelta(hours=3)
        self._act(row, "publish", row["decided_at"], {})
        return row

    def _written(self, kind: str, told: Row, **more: object) -> Row:
        day = self._as_of - timedelta(days=told["days"])
        self._serial[day] = self._serial.get(day, 0) + 1
        at = datetime.combine(day, time(8, 5), CHINA) + timedelta(minutes=7 * self._serial[day])
        english = {"en-US": told["en"]} if told["en"] else {}
        row = {
            "number": make_number(Type.CONTRIBUTION, REGION, day, 9_000_000 + self._serial[day]),
            "key": self._name(),
            "kind": kind,
            "topic": told["topic"],
            "text": {"zh-CN": told["zh"], **english},
            "lang": "zh-CN",
            "author": "",
            "author_class": "taxpayer",
            "terminal": TERMINAL,
            "written_at": at,
            "about": "",
            "tips_off": False,
            "reason": "",
            "decided_at": None,
            "confirmed_at": None,
            "knowledge_on": None,
            "stage": "",
            "reply": {},
            "replied_at": None,
            **more,
        }
        self.contributions.append(row)
        return row

    def _said(self, row: Row, times: int, value: int) -> None:
        at = row["written_at"] + timedelta(hours=6)
        self.marks += [
            {"number": row["number"], "who": self._name(), "value": value, "at": at} for _ in range(times)
        ]

    def _act(self, row: Row, act: str, at: datetime, detail: Row) -> None:
        line = 1 + sum(one["number"] == row["number"] for one in self.acts)
        noted = {"number": row["number"], "line": line, "act": act, "officer": OFFICER, "at": at}
        self.acts.append({**noted, "detail": detail})

    def _name(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def of_city(random: Random, as_of: date) -> Past:
    """What was written up to the city's day."""
    past = Past(random, as_of)
    past.build()
    return past


@cache
def _told() -> Row:
    told: Row = yaml_files.read(FILE.read_text(encoding="utf-8"))
    return told
