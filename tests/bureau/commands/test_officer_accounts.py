"""Officers' accounts and their trail at the command line."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bureau.commands.common import opened
from bureau.store import tables
from tests.bureau.commands.shell import Run, as_json

CHIEF = ("officer", "invite", "chief", "--name", "陈静", "--role", "administrator")


def test_an_officer_is_invited_changed_and_ended_and_the_trail_tells_it(run: Run) -> None:
    assert "invite the first" in run("officer", "list").stdout
    code = as_json(run(*CHIEF, "--by", "installer", "--json"))["code"]
    assert len(code.split("-")) == 3
    assert "24 hours" in run("officer", "invite", "li-mei", "--name", "李梅", "--role", "approval").stdout
    changed = as_json(
        run("officer", "roles", "li-mei", "--role", "reception", "--role", "approval", "--json")
    )
    assert changed["roles"] == ["approval", "reception"]
    assert run("officer", "unlock", "li-mei").stdout
    assert as_json(run("officer", "again", "chief", "--json"))["code"] != code
    assert as_json(run("officer", "disable", "li-mei", "--json"))["state"] == "disabled"
    assert "chief" in run("officer", "list").stdout
    trail = as_json(run("trail", "list", "--json"))
    assert [(one["act"], one["phase"]) for one in trail[-2:]] == [
        ("officer.invite", "done"),
        ("officer.invite", "begun"),
    ]
    assert trail[-1]["officer"].startswith("shell/"), "a name that is typed is nobody's proof"
    assert trail[-1]["details"] == {"roles": "administrator", "by": "installer"}
    assert all(code not in str(one) for one in trail)
    assert "officer.disable" in run("trail", "list", "--subject", "li-mei", "--limit", "2").stdout


def test_what_cannot_be_done_says_what_to_do(run: Run) -> None:
    run(*CHIEF)
    assert "already" in run(*CHIEF, code=1).stderr
    both = ("--role", "administrator", "--role", "approval")
    assert "decides nothing" in run("officer", "roles", "chief", *both, code=1).stderr
    assert "another administrator" in run("officer", "disable", "chief", "--by", "chief", code=1).stderr
    assert "officer list" in run("officer", "unlock", "nobody", code=1).stderr
    run("officer", "invite", "li-mei", "--name", "李梅", "--role", "king", code=2)
    refused = as_json(run("trail", "list", "--limit", "1", "--json"))[0]
    assert (refused["phase"], refused["details"]) == ("refused", {"why": "OfficerUnknown"})


def test_the_trail_is_checked_against_a_head_that_was_written_down(run: Run) -> None:
    run(*CHIEF)
    head = run("trail", "head").stdout.strip()
    assert as_json(run("trail", "verify", "--head", head, "--json")) == {"entries": 2}
    assert "NUMBER:HASH" in run("trail", "verify", "--head", "x", code=1).stderr
    with opened(None) as (_settings, database), database.write() as connection:
        connection.execute(
            update(tables.officer_trail).where(tables.officer_trail.c.seq == 1).values(officer="x")
        )
    assert "entry 1" in run("trail", "verify", code=1).stderr


@pytest.mark.parametrize("command", ["officer list", "trail list"])
def test_help_loads_no_store(command: str) -> None:
    from tests.bureau.commands.test_imports import HELP_NEEDS_NO, loaded

    assert not loaded("bureau.cli", *command.split(), "--help") & HELP_NEEDS_NO
