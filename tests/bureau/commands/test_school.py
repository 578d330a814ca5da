"""The tax school at the command line: planned, moved, cancelled, who came, and what they thought."""

from __future__ import annotations

from tests.bureau.commands.shell import Run, as_json

BY = ("--officer", "周审核")
ROOM = ("--room", "四楼教室", "--room-en", "Room 4")


def test_a_course_is_planned_moved_and_cancelled_with_its_trail(run: Run) -> None:
    named = {one["course"] for one in as_json(run("school", "courses", "--json"))}
    assert {"vat-small", "iit-annual"} <= named
    at = ("--at", "2026-11-16 09:30", "--seats", "12", "--teacher", "陈老师", "--hall", "H-03")
    done = as_json(run("school", "plan", "vat-small", *at, *ROOM, *BY, "--json"))
    number = done["session"]
    assert (done["begins"][:16], done["ends"][11:16], done["taken"]) == ("2026-11-16T09:30", "11:00", 0)
    assert "no course" in run("school", "plan", "alchemy", *at, *ROOM, *BY, code=1).stderr
    moved = as_json(run("school", "move", number, "--at", "2026-11-17T14:00", "--seats", "20", *BY, "--json"))
    assert (moved["begins"][:16], moved["seats"]) == ("2026-11-17T14:00", 20)
    assert "both languages" in run("school", "move", number, "--room", "五楼", *BY, code=1).stderr
    why = ("--reason", "教室维修", "--reason-en", "The room is being repaired")
    assert "is cancelled" in run("school", "cancel", number, *why, *BY).stdout
    trail = as_json(run("school", "history", number, "--json"))
    assert [(one["did"], one["officer"]) for one in trail] == [
        ("planned", "周审核"), ("moved", "周审核"), ("cancelled", "周审核"),
    ]  # fmt: skip
    assert "教室维修" in run("school", "history", number).stdout


def test_who_came_is_marked_and_what_they_thought_is_read(run: Run) -> None:
    every = as_json(run("school", "list", "--all", "--json"))
    ahead = {one["session"] for one in as_json(run("school", "list", "--json"))}
    (over,) = [one for one in every if one["session"] not in ahead]
    there = as_json(run("school", "enrolled", over["session"], *BY, "--json"))
    assert len(there) == over["taken"] and all("****" in one["visitor"] for one in there)
    came = there[0]["number"]
    said = run("school", "mark", over["session"], "--came", came, *BY).stdout
    assert said.strip() == f"1 of {over['taken']} came"
    thought = as_json(run("school", "evaluations", over["session"], "--json"))
    assert thought and all(set(one) == {"level", "words", "day"} for one in thought)
    assert "level 5" in run("school", "evaluations", over["session"]).stdout
    later = sorted(ahead)[0]
    assert "has not begun" in run("school", "mark", later, *BY, code=1).stderr
    assert any(one["waiting"] for one in every), "the city has a course that people wait for"
