"""Inspections at the command line: ordered for two who hold the role, cancelled, and what follows after one."""

from __future__ import annotations

from datetime import timedelta

import pyotp

from bureau.commands.common import opened
from bureau.engine.inspecting import following, issuing
from bureau.engine.inspecting.recording import Officers
from bureau.engine.reference.work import ReferenceSystem
from bureau.fleet.vault import SealingVault
from bureau.officers.opening import open_accounts
from bureau.opening import business_clock, open_keys
from bureau.ports.reminders import Reminder
from config.clock import CHINA
from tests.bureau.commands.shell import Run, as_json
from tests.bureau.doubles import DraftOffice
from tests.bureau.inspections import Desk
from tests.bureau.served_documents import FIRM

PASSWORD = "correct horse battery"


def _taken_up(codes: dict[str, str]) -> None:
    with opened(None) as (settings, database):
        accounts = open_accounts(database, open_keys(settings))
        for code in codes.values():
            secret = accounts.invitation(code).secret
            accounts.take_up(code, PASSWORD, pyotp.TOTP(secret).now())


def test_an_inspection_is_ordered_for_two_and_what_follows_takes_two(run: Run) -> None:
    invite = ("--role", "inspections", "--json")
    codes = {
        login: as_json(run("officer", "invite", login, "--name", login, *invite))["code"]
        for login in ("wu-di", "tang-qi")
    }
    ordered = ("inspection", "order", FIRM, "--officer", "wu-di", "--second", "tang-qi", "--kind", "address",
               "--basis", "registration", "--reason", "两期没有申报")  # fmt: skip
    with opened(None) as (settings, database):
        system = ReferenceSystem(database, business_clock(settings))
        with system.read() as work:
            day = work.core.now.astimezone(CHINA).date()
    assert "does not hold the role" in run(*ordered, "--day", day.isoformat(), code=1).stderr, (
        "not taken up yet"
    )
    _taken_up(codes)
    one = as_json(run(*ordered, "--day", (day + timedelta(days=3)).isoformat(), "--json"))
    assert (one["state"], one["first"], one["second"]) == ("ordered", "wu-di", "tang-qi")
    assert one["number"] in run("inspection", "list").stdout
    assert (
        "cancelled"
        in run("inspection", "cancel", one["number"], "--officer", "tang-qi", "--reason", "改日").stdout
    )
    assert [e["did"] for e in as_json(run("inspection", "history", one["number"], "--json"))] == [
        "ordered",
        "cancelled",
    ]
    with opened(None) as (settings, database):
        system = ReferenceSystem(database, business_clock(settings))
        desk = Desk(
            system, SealingVault(open_keys(settings).sealing), Officers("wu-di", "吴迪", "tang-qi", "唐琪")
        )
        number = desk.confirmed(FIRM, "address", "absent")
        issuing.issue(system, DraftOffice(), desk.vault, number, "wu-di")
        with system.write() as work:
            firm = work.core.registration.taxpayer(FIRM)
            assert firm is not None
            late = next(
                o
                for o in following.open_matters(work.core, firm, desk.law, day)
                if o.what == "file" and o.limit < day
            )
            work.core.reminders.enter(Reminder(late.matter, "final", FIRM, day, None, ()))
    act = ("inspection", "ask", number, "--officer")
    run(*act, "wu-di")
    assert "another officer" in run("inspection", "enter", number, "--officer", "wu-di", code=1).stderr
    assert "another officer" in run("inspection", "enter", number, "--officer", "Wu-Di ", code=1).stderr
    assert "normal" in run("inspection", "decline", number, "--officer", "tang-qi").stdout
    run(*act, "wu-di")
    assert "abnormal" in run("inspection", "enter", number, "--officer", "tang-qi").stdout
    back = ("inspection", "return", number, "--officer", "wu-di", "--ground")
    assert "not filed yet" in run(*back, "filed", code=1).stderr
    run(*back, "mistaken")
    assert "abnormal" in run("inspection", "keep", number, "--officer", "tang-qi").stdout
    run(*back, "mistaken")
    assert (
        as_json(run("inspection", "restore", number, "--officer", "tang-qi", "--json"))["measure"]
        == "returned"
    )
    assert "demanded already" in run("inspection", "demand", number, "--officer", "wu-di", code=1).stderr
    assert "no inspection" in run("inspection", "history", "7", code=1).stderr
