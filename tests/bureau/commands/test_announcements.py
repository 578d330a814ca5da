"""Announcements at the command line: published in both languages, listed with who did it, withdrawn once."""

from __future__ import annotations

from tests.bureau.commands.shell import Run, as_json

BY = ("--officer", "周审核")


def test_an_announcement_is_published_listed_and_withdrawn(run: Run) -> None:
    said = ("--text", "十月二十日系统维护", "--text-en", "Maintenance on 20 October")
    number = as_json(run("announcements", "publish", *said, *BY, "--json"))["number"]
    (listed,) = [one for one in as_json(run("announcements", "list", "--json")) if one["number"] == number]
    assert (listed["officer"], listed["withdrawn_at"]) == ("周审核", None)
    run("announcements", "withdraw", str(number), *BY)
    assert "withdrawn before" in run("announcements", "withdraw", str(number), *BY, code=1).stderr
    assert "withdrawn by 周审核" in run("announcements", "list").stdout
    assert (
        "both languages"
        in run("announcements", "publish", "--text", "只有", "--text-en", "", *BY, code=1).stderr
    )
