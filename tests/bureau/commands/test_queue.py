"""Windows, their queue and its booked times at the command line."""

from __future__ import annotations

from tests.bureau.commands.shell import Run, as_json


def test_a_window_calls_serves_and_passes_over(run: Run) -> None:
    waiting = as_json(run("queue", "list", "--hall", "H-01", "--json"))
    assert waiting and {ticket["state"] for ticket in waiting} == {"waiting"}
    assert all("****" in ticket["visitor"] for ticket in waiting)
    general = [ticket["number"] for ticket in waiting if ticket["line"] == "general"]
    assert len(general) >= 2, "the city has people who wait"
    at = ("--hall", "H-01", "--window", "1")
    assert as_json(run("queue", "call", *at, "--json"))["number"] == general[0]
    assert f"{general[0]} is at window 1" in run("queue", "call", *at, code=1).stderr
    assert as_json(run("queue", "serve", *at, "--json"))["state"] == "served"
    assert general[1] in run("queue", "call", *at).stdout
    assert "did not come" in run("queue", "miss", *at).stdout
    left = [ticket["number"] for ticket in as_json(run("queue", "list", "--hall", "H-01", "--json"))]
    assert left == [ticket["number"] for ticket in waiting if ticket["number"] not in general[:2]]
    every = as_json(run("queue", "list", "--hall", "H-01", "--all", "--json"))
    assert {t["number"]: t["state"] for t in every if t["number"] in general[:2]} == {
        general[0]: "served",
        general[1]: "missed",
    }
    assert "no hall" in run("queue", "list", "--hall", "H-99", code=1).stderr


def test_booked_times_are_listed_and_a_time_is_closed(run: Run) -> None:
    at = ("--hall", "H-02", "--day", "2026-10-13")
    booked = as_json(run("queue", "appointments", *at, "--json"))
    assert booked and {a["state"] for a in booked} == {"open"}
    assert all("****" in a["visitor"] and a["told_by_phone"] for a in booked)
    morning = [a["number"] for a in booked if a["at"][11:13] < "12"]
    assert morning, "the city has people who have booked"
    closed = as_json(run("queue", "close", *at, "--from", "09:00", "--minutes", "180", "--json"))
    assert [a["number"] for a in closed] == morning and {a["state"] for a in closed} == {"closed"}
    left = as_json(run("queue", "close", *at, "--json"))
    assert [a["number"] for a in left] == [a["number"] for a in booked if a["number"] not in morning]
    assert f"{morning[0]}  09:" in run("queue", "appointments", *at).stdout
    assert "is no day" in run("queue", "appointments", "--hall", "H-02", "--day", "soon", code=1).stderr
    assert "is no time" in run("queue", "close", *at, "--from", "soon", code=1).stderr
    assert "over" in run("queue", "close", "--hall", "H-02", "--day", "2026-10-01", code=1).stderr
