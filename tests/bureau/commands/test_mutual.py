"""Officers read, publish, refuse, merge, confirm and answer at the command line; who wrote is told to nobody."""

from __future__ import annotations

from tests.bureau.commands.shell import Run, as_json

OFFICER = ("--officer", "周审核")


def test_what_waits_is_listed_published_and_answered(run: Run) -> None:
    (waiting,) = as_json(run("help", "list", "--json"))
    number = waiting["number"]
    assert (waiting["kind"], waiting["state"]) == ("question", "waiting") and "author" not in waiting
    assert "key" not in waiting, "whoever has it sees what is not published"
    done = as_json(
        run("help", "publish", number, *OFFICER, "--text", "单位没交社保，打13912340007，怎么查？", "--json")
    )
    assert (done["state"], done["text"]["zh-CN"]) == ("published", "单位没交社保，打[电话]，怎么查？")
    assert "only what waits" in run("help", "publish", number, *OFFICER, code=1).stderr
    answered = as_json(run("help", "answer", number, *OFFICER, "--text", "可以查缴费记录。", "--json"))
    assert answered["confirmed_at"] and answered["author_class"] == "officer"
    assert "is knowledge since" in run("help", "knowledge", answered["number"], *OFFICER).stdout
    assert "confirmed already" in run("help", "confirm", answered["number"], *OFFICER, code=1).stderr
    shown = as_json(run("help", "show", number, "--json"))
    assert [one["number"] for one in shown["answers"]] == [answered["number"]]
    assert [(act["act"], act["officer"]) for act in shown["acts"]] == [("publish", "周审核")]
    assert "nothing is there" in run("help", "list").stdout


def test_what_is_refused_has_a_reason_and_what_is_the_same_is_merged(run: Run) -> None:
    (waiting,) = as_json(run("help", "list", "--json"))
    assert (
        "no reason" in run("help", "refuse", waiting["number"], *OFFICER, "--reason", "later", code=1).stderr
    )
    into = as_json(run("help", "list", "--state", "published", "--json"))[0]["number"]
    merged = run("help", "merge", waiting["number"], *OFFICER, "--into", into).stdout
    assert f"is merged with {into}" in merged
    assert (
        "is merged already"
        in run("help", "refuse", waiting["number"], *OFFICER, "--reason", "answered", code=1).stderr
    )
    assert "no state" in run("help", "list", "--state", "soon", code=1).stderr
    assert "nothing has the number" in run("help", "show", "67990026101200009991", code=1).stderr


def test_an_idea_is_published_and_answered(run: Run) -> None:
    (waiting,) = as_json(run("ideas", "list", "--json"))
    number = waiting["number"]
    assert "no published idea" in run("ideas", "reply", number, *OFFICER, "--stage", "done", code=1).stderr
    assert as_json(run("ideas", "publish", number, *OFFICER, "--topic", "hall", "--json"))["topic"] == "hall"
    said = ("--stage", "taken-up", "--text", "下个版本做。", "--text-en", "In the next version.")
    told = as_json(run("ideas", "reply", number, *OFFICER, *said, "--json"))
    assert (told["stage"], told["reply"]["en-US"]) == ("taken-up", "In the next version.")
    assert (
        "is not published (abusive)" in run("ideas", "refuse", number, *OFFICER, "--reason", "abusive").stdout
    )
