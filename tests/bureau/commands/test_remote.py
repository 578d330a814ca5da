"""The remote officer at the command line: from who waits to the call-back that was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.remote import calling, talking
from bureau.engine.remote.sealing import Office
from bureau.engine.rules import Rules
from bureau.fleet.vault import SealingVault
from bureau.opening import business_clock, open_keys
from kiosk.domain.tax.parameters import built_in
from sync.models import CallBack, RemoteOpen, RemoteTalk, Said, ScreenShown
from tests.bureau.commands.shell import Run, as_json

T = TypeVar("T")
VISIT, WORDS, MOBILE = "visit-0001", "个人出租住房要交增值税吗", "13912340031"
ME, OTHER = ("--officer", "李远程"), ("--officer", "王远程")


def at_the_terminal(do: Callable[[Office], T]) -> T:
    """What a terminal asks of the centre meanwhile."""
    with opened(None) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write("A-07") as work:
            return do(Office(work.core, vault))


def test_somebody_waits_is_answered_shows_the_screen_and_it_ends(run: Run) -> None:
    assert run("remote", "list").stdout == "nobody waits\n"
    assert "answers until" in run("remote", "serve", *ME).stdout
    given = RemoteOpen(visit=VISIT, topic="house-car", words=WORDS)
    number = at_the_terminal(lambda office: talking.opened(office, given, "zh-CN")).number
    assert [one["number"] for one in as_json(run("remote", "list", "--json"))] == [number]
    assert WORDS not in run("remote", "list").stdout
    assert "take it first" in run("remote", "say", number, *ME, "--words", "您好", code=1).stderr
    assert as_json(run("remote", "take", number, *ME, "--json"))["officer"] == "李远程"
    assert "has taken" in run("remote", "take", number, *OTHER, code=1).stderr
    assert "is not 王远程's" in run("remote", "show", number, *OTHER, code=1).stderr
    assert "end" in run("remote", "rest", *ME, code=1).stderr
    run("remote", "phrase", number, *ME, "--phrase", "hello")
    run("remote", "propose", number, *ME, "--service", "declare.rental")
    assert "no service" in run("remote", "propose", number, *ME, "--service", "none.such", code=1).stderr
    run("remote", "screen", number, *ME)
    shows = RemoteTalk(
        visit=VISIT, heard=2, shares="yes", say=[Said(n=1, text="谢谢")], shown=ScreenShown(title="请看看")
    )
    at_the_terminal(lambda office: talking.talked(office, shows))
    shown = run("remote", "show", number, *ME).stdout
    assert "谢谢" in shown and "请看看" in shown and WORDS in shown
    run("remote", "say", number, *ME, "--words", "再见")
    assert "is over" in run("remote", "end", number, *ME).stdout
    told = at_the_terminal(lambda office: talking.talked(office, RemoteTalk(visit=VISIT)))
    assert [one.kind for one in told.lines] == ["text", "service", "text"] and told.ended_by == "officer"
    assert as_json(run("remote", "list", "--all", "--json"))[0]["state"] == "ended"
    assert "answers no more" in run("remote", "rest", *ME).stdout


def test_somebody_is_called_back(run: Run) -> None:
    assert run("remote", "calls").stdout == "nobody is to be called\n"
    given = CallBack(topic="other", words=WORDS, mobile=MOBILE, slot="morning")
    by = calling.Asked("01940000-0000-7000-8000-000000000009", VISIT, "zh-CN")
    number = at_the_terminal(lambda office: calling.asked(office, Rules(built_in()), by, given)).number
    listed = run("remote", "calls").stdout
    assert number in listed and MOBILE not in listed
    assert MOBILE in run("remote", "call", number, *ME).stdout
    assert "tried 1 times" in run("remote", "missed", number, *ME).stdout
    assert "of 3" in run("remote", "close", number, *ME, "--words", "打不通", code=1).stderr
    done = as_json(run("remote", "reached", number, *OTHER, "--words", "说清楚了", "--json"))
    assert (done["state"], done["tries"]) == ("reached", 2)
    assert [d["did"] for d in as_json(run("remote", "call", number, *ME, "--json"))["done"]] == [
        "missed",
        "reached",
    ]
    assert as_json(run("remote", "calls", "--all", "--json"))[0]["number"] == number
