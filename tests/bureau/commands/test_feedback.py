"""Complaints, tip-offs and low ratings at the command line, each by the officers whom ``bureau.toml`` names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bureau.city import feedback
from bureau.commands.common import opened
from bureau.engine.feedback import ratings
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.rules import Rules
from bureau.fleet.vault import SealingVault
from bureau.opening import business_clock, open_keys
from kiosk.domain.tax.parameters import built_in
from sync.models import FeedbackRate
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json

ZHAO, QIAN = ("--officer", "赵服务"), ("--officer", "钱检举")


@pytest.fixture(autouse=True)
def _planted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bureau.toml"
    file.write_text(
        '[feedback]\ncomplaint_officers = ["赵服务", "孙服务"]\ntip_off_officers = ["钱检举"]\n', "utf-8"
    )
    monkeypatch.setenv("BUREAU_CONFIG", str(file))
    with opened(None) as (settings, database), database.write() as connection:
        vault = SealingVault(open_keys(settings).sealing)
        feedback.plant(connection, stores.DAY, Rules(built_in()), vault)


def test_a_complaint_from_the_list_to_its_answer(run: Run) -> None:
    waiting = as_json(run("feedback", "list", *ZHAO, "--json"))
    assert [row["number"] for row in waiting] == [feedback.number_of(stores.DAY, 3)]
    number = waiting[0]["number"]
    assert "同一份材料" not in json.dumps(waiting, ensure_ascii=False)
    shown = run("feedback", "show", number, *ZHAO).stdout
    assert "同一份材料交了两次" in shown and "accept" in shown
    moved = ("feedback", "transfer", number, *ZHAO, "--to", "书院税务所", "--reason", "属地办理", "--json")
    assert as_json(run(*moved))["unit"] == "书院税务所"
    longer = ("feedback", "extend", number, *ZHAO, "--second", "孙服务", "--reason", "要调监控", "--json")
    assert as_json(run(*longer))["answer_by"] > waiting[0]["due_on"]
    assert "is answered" in run("feedback", "answer", number, *ZHAO, "--text", "已改为一次收齐").stdout
    assert "nothing waits" in run("feedback", "list", *ZHAO).stdout
    log = as_json(run("feedback", "show", number, *ZHAO, "--json"))["log"]
    acts = [(one["act"], one["officer"], one["second"]) for one in log]
    assert acts == [
        ("accept", "赵服务", ""),
        ("read", "赵服务", ""),
        ("transfer", "赵服务", ""),
        ("extend", "赵服务", "孙服务"),
        ("answer", "赵服务", ""),
        ("read", "赵服务", ""),
    ]


def test_a_tip_off_is_for_its_own_officers_alone(run: Run) -> None:
    assert "no officer for this" in run("feedback", "list", *ZHAO, "--desk", "report", code=1).stderr
    tip_off = as_json(run("feedback", "list", *QIAN, "--desk", "report", "--json"))[0]["number"]
    assert "there is no case" in run("feedback", "show", tip_off, *ZHAO, code=1).stderr
    assert "小吃店" in run("feedback", "show", tip_off, *QIAN).stdout
    assert "no officer for this" in run("feedback", "list", *QIAN, code=1).stderr
    assert "--desk is one of" in run("feedback", "list", *QIAN, "--desk", "all", code=1).stderr
    assert "--course is one of" in run("feedback", "accept", tip_off, *QIAN, "--course", "now", code=1).stderr


def test_what_is_refused_is_told_with_the_reasons_there_are(run: Run) -> None:
    answered = feedback.number_of(stores.DAY, 1)
    assert (
        "taken up already" in run("feedback", "refuse", answered, *ZHAO, "--reason", "settled", code=1).stderr
    )
    assert "was decided before" in run("feedback", "accept", answered, *ZHAO, code=1).stderr
    assert "there is no case" in run("feedback", "show", "67", *ZHAO, code=1).stderr


def test_what_is_late_is_listed_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing waits" in run("feedback", "list", *ZHAO, "--overdue").stdout
    monkeypatch.setenv("BUREAU_CITY__AS_OF", "2026-11-20")
    assert "OVERDUE" in run("feedback", "list", *ZHAO, "--overdue").stdout


def test_a_low_rating_from_the_list_to_what_was_done(run: Run) -> None:
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write("A-07") as work:
            given = FeedbackRate(item="v-1", level=1, reasons=["slow"])
            ratings.rate(work.core, Rules(built_in()), "k-1", "pay.due", given)
    (low,) = as_json(run("feedback", "ratings", "--json"))
    number = low["case"]["case"]
    assert "pay.due" in run("feedback", "ratings").stdout
    done = ("feedback", "follow", number, *ZHAO, "--note", "已增派人手", "--outcome")
    assert "--outcome is one of" in run(*done, "settled", code=1).stderr
    assert "is looked into: explained" in run(*done, "explained").stdout
    assert "looked into already" in run(*done, "mended", code=1).stderr
    assert "no low rating" in run("feedback", "ratings").stdout
    assert "explained" in run("feedback", "ratings", "--followed").stdout
