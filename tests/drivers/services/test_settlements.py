"""A batch is closed so that its totals are never lost: entered first, and asked for when no answer came."""

import asyncio

import pytest

from tests.drivers.services.pos_hall import hall, quick, until
from tests.drivers.xfs_client import code

__all__ = ["hall", "quick"]
"""Fixtures that this file uses by their names."""

KEY = "settle-0001"


async def last(hall):
    return await hall.do("GetLastSettlement")


async def test_a_settlement_is_entered_with_what_terminal_and_book_have_counted(hall):
    assert await last(hall) == {"known": False}
    assert "settlement" not in hall.status()
    await hall.pay("key-00001", 1000)
    settled = await hall.do("Settle", key=KEY)
    told = await last(hall)
    assert (told["key"], told["state"], told["batch"], told["serial"]) == (
        KEY,
        "settled",
        "000001",
        hall.sim.serial,
    )
    assert (told["terminal"], told["book"]) == (settled["terminal"], settled["book"])
    assert (told["terminal"]["saleAmount"], told["agrees"], told["balanced"]) == (1000, True, True)
    assert hall.status()["settlement"] == "settled"


async def test_the_same_key_again_closes_nothing(hall):
    await hall.pay("key-00001", 1000)
    settled = await hall.do("Settle", key=KEY)
    await hall.do("Start")
    await hall.pay("key-00002", 500)
    assert await hall.do("Settle", key=KEY) == settled
    assert (await hall.do("GetTotals"))["terminal"]["saleAmount"] == 500
    assert code((await hall.ask("Settle", key="key-00001"))[1]) == "keyReused"


async def test_a_batch_that_was_closed_without_an_answer_keeps_its_totals(hall):
    """The reply is lost: the terminal is asked at once for its last settlement."""
    await hall.pay("key-00001", 1000)
    await hall.sim.do("loseReplies", {"count": 1})
    settled = await hall.do("Settle", key=KEY)
    assert (settled["batch"], settled["terminal"]["saleAmount"], settled["agrees"]) == ("000001", 1000, True)
    assert (await last(hall))["state"] == "settled"


async def test_a_new_batch_is_opened_though_the_answer_to_the_settlement_was_lost(hall):
    """Nobody need stand there for it: with a closed batch no card is taken."""
    await hall.pay("key-00001", 1000)
    await hall.sim.do("loseReplies", {"count": 1})
    await hall.do("Settle", key=KEY)
    await until(lambda: hall.status()["batch"] == "open" and hall.sim.memory.is_open, 20)
    assert (await hall.pay("key-00002", 500))["batch"] == "000002"


@pytest.mark.parametrize(
    ("what", "mended"), [("power", ("power", {"state": "on"})), ("line", ("replug", {}))]
)
async def test_what_was_cut_right_behind_the_closing_is_found_when_the_terminal_is_back(hall, what, mended):
    await hall.pay("key-00001", 1000)
    await hall.sim.do("cutAt", {"at": "settled", "what": what})
    assert code((await hall.ask("Settle", key=KEY))[1]) == "unresolvedSettlement"
    assert ((await last(hall))["state"], hall.status()["settlement"]) == ("open", "open")
    await hall.sim.do(*mended)
    await until(lambda: hall.status().get("settlement") == "settled", 20)
    told = await last(hall)
    assert (told["terminal"]["saleAmount"], told["agrees"], told["balanced"]) == (1000, True, True)
    assert (await hall.do("Settle", key=KEY))["terminal"]["saleAmount"] == 1000


async def test_a_program_that_died_in_the_middle_finds_the_totals_when_it_starts(hall):
    await hall.pay("key-00001", 1000)
    hall.sim.pace = type(hall.sim.pace)(3)  # the bank takes half a second
    asking = asyncio.ensure_future(hall.ask("Settle", key=KEY))
    await until(lambda: hall.sim.busy)
    hall.device.channel._link.close()  # no farewell: the POS hears nothing
    await hall.close()
    asking.cancel()
    await until(lambda: not hall.sim.busy)
    await hall.open(retry_s=0.2)
    await until(lambda: hall.status().get("settlement") == "settled")
    assert (await last(hall))["terminal"]["saleAmount"] == 1000


async def test_a_settlement_that_never_reached_the_terminal_is_known_not_to_have_happened(hall):
    """Also when an earlier one of the same batch number is what the terminal tells."""
    await hall.do("Settle", key="settle-0000")  # an empty batch: its number is used again
    await hall.do("Start")
    await hall.pay("key-00001", 1000)
    await hall.sim.do("host", {"reachable": False})
    assert code((await hall.ask("Settle", key=KEY))[1]) == "hostUnreachable"
    told = await last(hall)
    assert (told["key"], told["state"], told["errorCode"]) == (KEY, "notSettled", "hostUnreachable")
    assert "terminal" not in told
    assert code((await hall.ask("Settle", key=KEY))[1]) == "hostUnreachable"
    await hall.sim.do("clear")
    await hall.sim.do("host", {"reachable": True})
    assert (await hall.do("Settle", key="settle-0002"))["terminal"]["saleAmount"] == 1000


async def test_nothing_is_settled_while_the_last_one_is_open(hall):
    await hall.pay("key-00001", 1000)
    await hall.sim.do("cutAt", {"at": "settled", "what": "power"})
    await hall.ask("Settle", key=KEY)
    _, second = await hall.ask("Settle", key="settle-0002")
    assert code(second) != "success"
    assert (await last(hall))["key"] == KEY, "no second one was begun"


async def left_open(hall, key=KEY):
    """A settlement whose terminal lost its power right behind the closing."""
    await hall.pay("key-00001", 1000)
    await hall.sim.do("cutAt", {"at": "settled", "what": "power"})
    assert code((await hall.ask("Settle", key=key))[1]) == "unresolvedSettlement"


async def close(hall, key=KEY, reason="exchanged"):
    _, completion = await hall.ask("CloseSettlement", key=key, reason=reason, by="007")
    return completion


async def test_staff_close_one_whose_terminal_was_exchanged_and_say_why(hall):
    await left_open(hall)
    hall.sim.serial = "OTHER-1"
    await hall.sim.do("power", {"state": "on"})
    await hall.online()
    assert (await last(hall))["unresolved"][0]["key"] == KEY, "the new terminal cannot tell"
    await hall.do("Start")
    await hall.do("Settle", key="settle-0002")
    assert [one["key"] for one in (await last(hall))["unresolved"]] == [KEY], "a later one hides none"
    told = (await close(hall))["payload"]
    assert (told["state"], told["reason"], told["by"]) == ("closedByStaff", "exchanged", "007")
    assert told["book"]["saleAmount"] == 1000, "what the book had counted stays"
    assert "unresolved" not in await last(hall)
    assert code(await close(hall)) == "alreadyKnown"
    assert code((await hall.ask("Settle", key=KEY))[1]) == "notSettled", "and its key closes nothing"


async def test_nobody_closes_what_the_terminal_may_still_tell(hall):
    await left_open(hall)
    assert code(await close(hall)) == "unresolvedSettlement"
    await hall.sim.do("power", {"state": "on"})
    await until(lambda: hall.status().get("settlement") == "settled", 20)
    assert code(await close(hall)) == "alreadyKnown"
    assert code(await close(hall, "settle-0009")) == "keyUnknown"
    assert (await last(hall))["terminal"]["saleAmount"] == 1000


async def test_a_terminal_that_tells_of_another_settlement_has_lost_this_one(hall):
    await left_open(hall)
    hall.sim.memory.settled = {**hall.sim.memory.settled, "batch": "000077"}
    await hall.sim.do("power", {"state": "on"})
    await hall.online()
    assert (await close(hall, reason="cleared"))["payload"]["reason"] == "cleared"
    assert hall.status()["settlement"] == "closedByStaff"


async def test_the_status_tells_whether_bank_and_book_agree(hall):
    await hall.pay("key-00001", 1000)
    await hall.sim.do("mismatch", {"fen": 5})
    await hall.do("Settle", key=KEY)
    assert (hall.status()["settlement"], hall.status()["settlementAgrees"]) == ("settled", False)


async def test_a_batch_number_that_comes_again_counts_what_came_since(hall):
    """A terminal whose memory was wiped begins at 1 again."""
    await hall.pay("key-00001", 1000)
    await hall.do("Settle", key=KEY)
    assert (await hall.do("GetTotals"))["agrees"], (
        "the batch that was closed last, as the terminal still tells it"
    )
    hall.sim.memory.records.clear()
    hall.sim.memory.batch, hall.sim.memory.is_open = 1, False
    hall.sim.bank.entries.clear()
    await hall.do("Start")
    await hall.pay("key-00002", 500)
    totals = await hall.do("GetTotals")
    assert (totals["batch"], totals["agrees"], totals["book"]["saleAmount"]) == ("000001", True, 500)
    settled = await hall.do("Settle", key="settle-0002")
    assert (settled["agrees"], settled["book"]["saleAmount"]) == (True, 500)
    assert hall.status()["settlementAgrees"] is True
