"""Notices and answers at the command line: proposed, published by another officer, shown, withdrawn."""

from __future__ import annotations

from pathlib import Path

from tests.bureau.commands.shell import Run, as_json
from tests.bureau.engine.test_knowledge import NOTICE


def test_a_notice_is_proposed_published_listed_and_withdrawn(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "notice.yaml"
    file.write_text(NOTICE, "utf-8")
    number = str(as_json(run("knowledge", "propose", str(file), "--officer", "周审核", "--json"))["number"])
    assert "another officer" in run("knowledge", "publish", number, "--officer", "周审核", code=1).stderr
    assert number not in [str(one["number"]) for one in as_json(run("knowledge", "list", "--json"))]
    assert "from 2026-10-13" in run("knowledge", "publish", number, "--officer", "吴批准").stdout
    assert "大厅中午也开" in run("knowledge", "list").stdout
    why = ("--reason", "写错了", "--reason-en", "Wrong")
    assert "withdrawn" in run("knowledge", "withdraw", number, "--officer", "周审核", *why).stdout
    shown = as_json(run("knowledge", "show", number, "--json"))
    assert (shown["state"], shown["withdrawn_by"]) == ("withdrawn", "周审核")
    other = str(as_json(run("knowledge", "propose", str(file), "--officer", "周审核", "--json"))["number"])
    assert "not published" in run("knowledge", "refuse", other, "--officer", "吴批准", *why).stdout
    file.write_text(NOTICE.replace("until: 2026-10-20", ""), "utf-8")
    assert "to which day" in run("knowledge", "propose", str(file), "--officer", "周审核", code=1).stderr
