"""The stamp unit's service: a key stamps once for ever, and doubt is settled by the unit's own witnesses."""

import asyncio

import pytest

from config.clock import SystemClock
from drivers.books.care import CareBook, load_profile
from drivers.books.paper import PaperJob
from drivers.cabinet_ports import StampCounts
from drivers.client.capabilities import role_of
from drivers.ports import PrintOutcome
from drivers.services.base import Identity
from drivers.services.stamp_unit import StampUnitService, judge
from drivers.store import Store
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fake_cabinet import FakeStamp
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

KEY, OTHER = "job-stamp-0001", "job-stamp-0002"


@pytest.fixture
async def store(tmp_path):
    opened = Store(tmp_path / "devices.db", SystemClock())
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def unit():
    return FakeStamp()


async def serving(store, unit):
    service = StampUnitService(
        Identity("StampUnit", "stampUnit", "fake"), Supervisor("StampUnit", unit, POLICY), store
    )
    service.start()
    async with asyncio.timeout(8):
        while service.status()["common"]["device"] != "online" or service.queue.busy:
            await asyncio.sleep(0.005)
    return service


@pytest.fixture
async def desk(store, unit):
    service = await serving(store, unit)
    yield Desk(service)
    await service.close()


async def stamp(desk, key=KEY):
    return (await desk.ask("StampUnit.Stamp", {"jobKey": key}))[1]


async def query(desk, key=KEY):
    return (await desk.ask("StampUnit.Query", {"jobKey": key}))[1]["payload"]


async def test_a_key_stamps_once_and_answers_the_same_for_ever(desk, unit):
    assert (await query(desk)) == {"known": False}
    told = await stamp(desk)
    assert told["payload"] == {"outcome": "stamped", "impressions": 101}
    assert (await stamp(desk))["payload"] == {"outcome": "stamped"}
    assert unit.now == StampCounts(101, 8, False)
    assert (await query(desk)) == {"known": True, "outcome": "stamped"}
    assert (await stamp(desk, OTHER))["payload"]["impressions"] == 102


async def test_what_a_person_can_mend_is_refused_with_its_word_and_nothing_is_stamped(desk, unit):
    for fault in ("noMedia", "inkOut", "coverOpen", "mediaJammed"):
        unit.fault = fault
        told = await stamp(desk, f"job-{fault}-01")
        assert (code(told), told["payload"]["outcome"]) == (fault, "notStamped")
    assert unit.now.impressions == 100


@pytest.mark.parametrize(("fault", "outcome"), [("lostBefore", "notStamped"), ("lostAfter", "stamped")])
async def test_a_lost_line_leaves_the_job_open_until_the_unit_is_asked(desk, unit, fault, outcome):
    unit.fault = fault
    assert (await stamp(desk))["payload"]["outcome"] == "uncertain"
    assert (await query(desk))["outcome"] == "uncertain"
    unit.away = False
    assert (await query(desk))["outcome"] == outcome
    unit.now = StampCounts(999, 999, False)
    assert (await query(desk))["outcome"] == outcome, "what is settled stays so"


async def test_an_open_job_is_settled_before_the_next_number_hides_it(desk, unit):
    unit.fault = "lostAfter"
    assert (await stamp(desk))["payload"]["outcome"] == "uncertain"
    unit.away = False
    assert (await stamp(desk, OTHER))["payload"]["outcome"] == "stamped"
    assert (await query(desk)) == {"known": True, "outcome": "stamped"}
    assert unit.now == StampCounts(102, 9, False)


async def test_after_a_restart_the_job_left_open_gets_its_outcome(store, unit):
    service = await serving(store, unit)
    unit.fault = "lostAfter"
    assert (await stamp(Desk(service)))["payload"]["outcome"] == "uncertain"
    await service.close()
    unit.away = False
    again = await serving(store, unit)
    assert (await query(Desk(again)))["outcome"] == "stamped"
    await again.close()


async def test_an_open_door_forbids_to_stamp(desk, unit):
    desk.service.cabinet.interlock.see({"cabinetDoor": "open"})
    assert code(await stamp(desk)) == "cabinetOpen"
    assert (await query(desk)) == {"known": False}
    desk.service.cabinet.interlock.see({"cabinetDoor": "locked"})
    assert (await stamp(desk))["payload"]["outcome"] == "stamped"


@pytest.mark.parametrize(
    ("impressions", "last", "outcome"),
    [
        (101, 8, PrintOutcome.PRINTED),
        (100, 7, PrintOutcome.NOT_PRINTED),
        (101, 7, PrintOutcome.UNCERTAIN),
        (100, 8, PrintOutcome.UNCERTAIN),
        (102, 8, PrintOutcome.UNCERTAIN),
        (103, 9, PrintOutcome.UNCERTAIN),
        (0, 0, PrintOutcome.UNCERTAIN),
    ],
)
def test_two_witnesses_must_agree(impressions, last, outcome):
    job = PaperJob(KEY, "StampUnit", "stamp", "8", before=100)
    assert judge(job, StampCounts(impressions, last, False), None).outcome is outcome


async def test_the_pad_and_the_role_are_told(desk, unit):
    unit.show(stampUnit={"ink": "full", "impressions": 100})
    unit.show(stampUnit={"ink": "low", "impressions": 100})
    told = [m["payload"] for m in desk.sent if m["header"]["name"] == "StampUnit.InkThresholdEvent"]
    assert told == [{"ink": "full"}, {"ink": "low"}]
    assert role_of(desk.service.capabilities()) == "stampUnit"
    assert code((await desk.ask("StampUnit.Reset"))[1]) == "success" and unit.resets == 1


async def test_what_was_stamped_wears_the_pad_and_what_was_not_does_not(store, unit):
    service = await serving(store, unit)
    service.care.book = CareBook(store, "StampUnit", load_profile("stamp-serial"))
    await service.care.load()
    desk = Desk(service)
    await stamp(desk)
    await stamp(desk)
    unit.fault = "noMedia"
    await stamp(desk, OTHER)
    assert (await desk.ask("Care.GetCare"))[1]["payload"]["counters"] == {"stamps": 1}
    await service.close()
