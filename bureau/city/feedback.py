"""Complaints and a tip-off of the city's: two complaints that were answered, one about to be, a tip-off looked into.

Their words are sealed, so they are planted by whoever has the centre's key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection

from bureau.engine.feedback import codes
from bureau.engine.feedback.rules import TIP_OFF, rules
from bureau.engine.reference.context import REGION, Type
from bureau.engine.rules import Rules
from bureau.ports.feedback import FeedbackAct, FeedbackCase
from bureau.ports.materials import Vault
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import FeedbackComplain, FeedbackReport

CAME_BEFORE_DAYS: Final = 6
CODE: Final = "7K2M9QX4PD"
"""The query code of each of them; a bureau's own are random."""
FOLLOWED: Final = "01940000-0000-7000-8000-000000000021"
"""The key in the slip of the complaint that was answered, of who left no phone."""
MOBILE: Final = "13912340015"
"""Left with the other one that was answered, and with the one that waits."""
OFFICER, TIP_OFF_OFFICER = "赵服务", "钱检举"
HALL, TERMINAL = "H-01", "A-07"


def plant(connection: Connection, as_of: date, law: Rules, vault: Vault) -> None:
    """Enter them, with what was done; once, into the city that is there."""
    for case, acts in _cases(as_of, law, vault):
        connection.execute(tables.feedback_case.insert().values(**asdict(case)))
        for act in acts:
            connection.execute(tables.feedback_act.insert().values(**asdict(act)))


def number_of(as_of: date, place: int, type_: str = Type.COMPLAINT) -> str:
    """The number of the ``place``-th of them."""
    return make_number(type_, REGION, as_of - timedelta(days=CAME_BEFORE_DAYS), place)


def _cases(as_of: date, law: Rules, vault: Vault) -> Iterator[tuple[FeedbackCase, list[FeedbackAct]]]:
    day = as_of - timedelta(days=CAME_BEFORE_DAYS)
    slow = FeedbackComplain(
        kind="quality",
        about="window",
        place="一号办税厅",
        day=day,
        facts="上午取号等了两个多小时，窗口只开了两个。",
        wish="请多开窗口，并告诉我们高峰时段。",
    )
    rude = slow.model_copy(
        update={
            "kind": "manner",
            "about": "officer",
            "facts": "问材料时工作人员不耐烦，让我自己去网上查。",
            "wish": "请一次说清楚要什么材料。",
            "name": "唐悦",
            "mobile": MOBILE,
        }
    )
    papers = rude.model_copy(update={"facts": "同一份材料交了两次。", "kind": "quality", "about": "window"})
    answers = {
        1: "已核实。即日起高峰时段增开两个窗口，门口屏幕显示等候人数。",
        2: "已核实并向您致歉。该工作人员已接受培训，材料清单已贴在窗口。",
        3: "",
    }
    said = {1: (slow, FOLLOWED), 2: (rude, _key(22)), 3: (papers, _key(23))}
    for place, (what, key) in said.items():
        number = number_of(as_of, place)
        yield _complaint(number, key, what, answers[place], as_of, law, vault)
    yield _tip_off(number_of(as_of, 1, Type.TIP_OFF), as_of, law, vault)


def _complaint(
    number: str, key: str, said: FeedbackComplain, answer: str, as_of: date, law: Rules, vault: Vault
) -> tuple[FeedbackCase, list[FeedbackAct]]:
    day, days = as_of - timedelta(days=CAME_BEFORE_DAYS), WorkingCalendar(law.current)
    procedure = rules().complaint
    accept_by = procedure.accept.after(day, days)
    came = _at(day, 11 if answer else 9)
    answered_at = _at(as_of - timedelta(days=1), 15) if answer else None
    acts = [FeedbackAct(number, 1, _at(day, 14), OFFICER, "accept")]
    if answer and answered_at is not None:
        sealed = vault.seal(codes.bound_act(number, 2), answer.encode())
        acts.append(FeedbackAct(number, 2, answered_at, OFFICER, "answer", sealed=sealed))
    case = FeedbackCase(
        number=number,
        key=key,
        desk="complaint",
        kind=said.kind,
        named=bool(said.name),
        mobile=said.mobile or "",
        terminal=TERMINAL,
        hall=HALL,
        received_at=came,
        accept_by=accept_by,
        answer_by=procedure.kinds[said.kind].after(accept_by, days),
        state="answered" if answer else "accepted",
        code_sha256=codes.code_sha256(number, CODE),
        sealed=vault.seal(codes.bound(number), said.model_dump_json().encode()),
        reply=vault.seal(codes.bound_answer(number, 1), answer.encode()) if answer else None,
        answered_at=answered_at,
    )
    return case, acts


def _tip_off(number: str, as_of: date, law: Rules, vault: Vault) -> tuple[FeedbackCase, list[FeedbackAct]]:
    day, days = as_of - timedelta(days=CAME_BEFORE_DAYS), WorkingCalendar(law.current)
    said = FeedbackReport(
        conduct="hidden-income",
        target="云川翠湖路一家小吃店",
        address="云川市书院区翠湖路",
        facts="只收现金，从不开发票，账上写的营业额很少。",
        naming="anonymous",
    )
    procedure = rules().report
    case = FeedbackCase(
        number=number,
        key=_key(24),
        desk="report",
        kind=TIP_OFF,
        named=False,
        mobile="",
        terminal=TERMINAL,
        hall=HALL,
        received_at=_at(day, 16),
        accept_by=procedure.accept.after(day, days),
        answer_by=procedure.kinds[TIP_OFF].after(day, days),
        state="accepted",
        course="investigate",
        code_sha256=codes.code_sha256(number, CODE),
        sealed=vault.seal(codes.bound(number), said.model_dump_json().encode()),
    )
    return case, [FeedbackAct(number, 1, _at(day, 17), TIP_OFF_OFFICER, "accept")]


def _key(place: int) -> str:
    return f"01940000-0000-7000-8000-{place:012}"


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), CHINA)
