"""``bureau deliver``: an order from the shelf to the signature, as the warehouse types it."""

from __future__ import annotations

from pathlib import Path

from bureau.city.deliveries import FIRM, SHEETS, number_of
from bureau.city.stock import code_of
from tests.bureau import stores
from tests.bureau.commands.shell import HANDS, Run, as_json

ORDER, SPECIAL = number_of(stores.DAY), code_of("01", stores.DAY.year)
NUMBERS = (SPECIAL, "01652901", "01652905")
OFFICER = ("--officer", "段丽")
WHY = ("--reason", "无人签收")


def state(run: Run) -> str:
    (one,) = as_json(run("deliver", "list", "--all", "--json"))
    return str(one["state"])


def test_an_order_is_packed_handed_over_and_delivered_by_the_couriers_file(run: Run, tmp_path: Path) -> None:
    assert ORDER in run("deliver", "list").output
    label = as_json(run("deliver", "show", ORDER, *OFFICER, "--json"))
    assert (label["name"], label["count"]) == (FIRM.name, SHEETS) and label["address"].startswith("云川市")
    assert as_json(run("deliver", "pack", ORDER, *NUMBERS, *HANDS, "--json"))["state"] == "packed"
    assert run("deliver", "pack", ORDER, *NUMBERS, *HANDS, code=1).stderr.strip()
    assert as_json(run("deliver", "unpack", ORDER, *HANDS, "--json"))["state"] == "ordered"
    run("deliver", "pack", ORDER, *NUMBERS, *HANDS)
    run("deliver", "hand-over", ORDER, "EZ123456789CN", "--courier", "dhl", code=1)
    assert "EZ123456789CN" in run("deliver", "hand-over", ORDER, "EZ123456789CN").output
    file = tmp_path / "ems.csv"
    file.write_text(f"consignment,status,day,signed_by\nEZ123456789CN,delivered,{stores.DAY},马原\n", "utf-8")
    assert "done" in run("deliver", "import", str(file), *OFFICER).output
    assert "known" in run("deliver", "import", str(file), *OFFICER).output
    file.write_text("consignment,status,day,signed_by\nEZ1,delivered,,\n", "utf-8")
    assert "wrong" in run("deliver", "import", str(file), *OFFICER, code=1).output
    file.write_bytes(b"\xff")
    assert "UTF-8" in run("deliver", "import", str(file), *OFFICER, code=1).stderr
    assert state(run) == "delivered" and run("deliver", "list").output.strip() == "no order waits"
    assert "address" not in as_json(run("deliver", "show", ORDER, *OFFICER, "--json"))
    assert run("stock", "check").exit_code == 0


def test_a_parcel_comes_back_is_lost_or_signed_for_by_command(run: Run) -> None:
    run("deliver", "delivered", ORDER, "--signed-by", "马原", "--on", f"{stores.DAY}", *OFFICER, code=1)
    run("deliver", "pack", ORDER, *NUMBERS, *HANDS)
    run("deliver", "hand-over", ORDER, "EZ123456789CN")
    run("deliver", "lost", ORDER, "--operator", "段丽", "--witness", "段丽", *WHY, code=1)
    run("deliver", "returned", ORDER, *HANDS, *WHY)
    assert state(run) == "returned"
    run("deliver", "lost", ORDER, *HANDS, *WHY, code=1)
    run("stock", "release", *NUMBERS, *HANDS)
    assert run("stock", "check").exit_code == 0


def test_what_waits_is_cancelled_with_a_reason(run: Run) -> None:
    run("deliver", "cancel", "63990026101299999999", *WHY, code=1)
    run("deliver", "cancel", ORDER, "--reason", " ", code=1)
    assert "cancelled" in run("deliver", "cancel", ORDER, *WHY).output
    run("deliver", "pack", ORDER, *NUMBERS, *HANDS, code=1)
    run("deliver", "show", "63990026101299999999", *OFFICER, code=1)
