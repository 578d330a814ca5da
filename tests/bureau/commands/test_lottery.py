"""The lottery at the command line: a pool from its cost to its end, the same code as at the console."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from bureau.city import lottery as city
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json
from tests.bureau.engine.test_pools import PROPOSAL


def test_a_pool_is_worked_out_proposed_published_and_closed(run: Run, tmp_path: Path) -> None:
    first = stores.DAY + timedelta(days=city.PLANNED[1].last + 1)
    file = tmp_path / "winter.yaml"
    made = {**PROPOSAL, "first": str(first), "last": str(first + timedelta(days=9)), "budget_fen": 40_000}
    file.write_text(json.dumps(made), "utf-8")
    told = run("lottery", "cost", str(file)).stdout
    assert "500 draws cost 500.00 yuan on average" in told and "the pool would end early" in told
    who = ("--officer", "周审核")
    done = as_json(run("lottery", "propose", str(file), *who, "--json"))
    assert (done["pool"], done["state"], done["decided_by"]) == ("winter", "proposed", None)
    assert "already" in run("lottery", "propose", str(file), *who, code=1).stderr
    assert "another officer" in run("lottery", "publish", "winter", *who, code=1).stderr
    assert f"from {first}" in run("lottery", "publish", "winter", "--officer", "吴批准").stdout
    found = {one["pool"]: one["stage"] for one in as_json(run("lottery", "pools", "--json"))}
    assert found == {city.RUNNING: "running", city.WAITING: "proposed", "winter": "coming"}
    why = ("--reason", "经费调整", "--reason-en", "The budget was changed")
    assert f"{stores.DAY} is its last day" in run("lottery", "close", "winter", *who, *why).stdout
    refused = run("lottery", "refuse", city.WAITING, *who, *why)
    assert "is refused" in refused.stdout
    assert "no pool" in run("lottery", "show", "nothing", code=1).stderr


def test_what_was_drawn_and_what_is_sealed_is_told(run: Run) -> None:
    found = as_json(run("lottery", "show", city.RUNNING, "--json"))
    assert found["drawn"] > sum(one["won"] for one in found["prizes"]) > 0
    assert found["seeds_due"] == [] and all(one["seed"] for one in found["rounds"])
    assert "sealed" not in json.dumps(found)
    assert f"{found['drawn']} draws" in run("lottery", "show", city.RUNNING).stdout
    assert "waits for its day's end" in run("lottery", "seeds", code=1).stderr
