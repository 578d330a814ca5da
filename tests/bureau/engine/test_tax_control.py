"""Tax-control devices: a month is reported once, and unlocked by an order that fits one device."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import CHENXING, HEMU, SHIGUANG
from bureau.engine.tax_control import office, seals
from bureau.errors import DeviceRefused
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from config.clock import CHINA
from drivers.simulators.chip_words import Refused
from sync.errors import SealBroken
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject
from tests.bureau.ukeys import (
    HE,
    LIN,
    QIMING,
    RULES,
    SEPTEMBER,
    SERVICE,
    Ukey,
    code_of,
    do,
    orders,
    plant,
    refusal,
    status,
)


@pytest.fixture(autouse=True)
def devices(centre: Centre) -> None:
    plant(centre)


def reports(centre: Centre, ukey: Ukey) -> list[Any]:
    with centre.database.read() as connection:
        t = tables.device_report
        return list(connection.execute(select(t).where(t.c.device == ukey.number).order_by(t.c.month)))


def moment(answer: Any) -> datetime:
    return datetime.fromisoformat(answer.result["taken_at"])


# --- as it should go ---------------------------------------------------------------------------------------


def test_a_month_is_shown_reported_and_unlocked(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    told = status(terminal, ukey)
    assert (told["next"], told["month"], told["reported"]) == ("report", SEPTEMBER, "2026-08-01")
    kinds = ukey.inside.months["2026-09"]
    assert (told["issued"], told["net_fen"]) == (kinds[0].issued, kinds[0].net_fen) and told["issued"] > 0
    assert told["rows"][0][0]["en-US"] and "2026-09" in told["next_title"]["en-US"]
    answer = do(terminal, "report", ukey)
    assert answer.state == "accepted" and answer.result["next"] == "unlock", answer
    assert told["why"] is None and answer.result["why"] is None
    unlocked = do(terminal, "unlock", ukey)
    assert unlocked.state == "accepted", unlocked
    assert unlocked.result["issues_until"] == str(RULES.limit(date(2026, 10, 31)))
    ukey.obey(unlocked.result)
    assert (ukey.inside.cleared, ukey.inside.issues_until) == ("2026-09", unlocked.result["issues_until"])
    again = status(terminal, ukey)
    assert (again["next"], again["month"], again["net_fen"]) == ("wait", "2026-10-01", None)
    (order,) = [one for one in orders(centre, ukey) if one.counter == 7]
    with centre.database.read() as connection:
        kept = connection.execute(
            select(tables.declaration).where(tables.declaration.c.declaration == order.declaration)
        ).one()
    assert (kept.taxpayer, kept.period_last) == (CHENXING, date(2026, 9, 30)), "the return that it stands on"


def test_whoever_pulls_it_out_goes_on_where_they_were(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    first = do(terminal, "report", ukey)
    assert status(terminal, ukey)["next"] == "unlock", "reported already: go on to unlock"
    centre.clock.forward(hours=1)
    second = do(terminal, "report", ukey)
    assert moment(second) == moment(first) and len(reports(centre, ukey)) == 3, "taken once, the first time"
    made = do(terminal, "unlock", ukey)  # and the order is never written
    assert status(terminal, ukey)["next"] == "unlock"
    again = do(terminal, "unlock", ukey)
    assert again.result == made.result and len(orders(centre, ukey)) == 3, "the same order, made once"
    ukey.obey(again.result)
    ukey.obey(again.result)
    assert ukey.inside.counter == 7 and status(terminal, ukey)["next"] == "wait"


def test_two_terminals_take_one_report_and_make_one_order(terminal: Terminal, centre: Centre) -> None:
    ukey, other = Ukey.of(centre, CHENXING), centre.terminal("A-08")
    for what in ("report", "unlock"):
        data = {"month": SEPTEMBER, "said": ukey.said()}
        sent = [(one, one.intent(f"device.{what}", data, LIN)) for one in (terminal, other)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda pair: pair[0].send(pair[1]), sent))
        assert [one.state for one in answers] == ["accepted", "accepted"]
        assert what == "report" or answers[0].result == answers[1].result
    assert len(reports(centre, ukey)) == 3 and len(orders(centre, ukey)) == 3


def test_the_same_key_again_is_answered_as_before(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    signed = terminal.intent("device.report", {"month": SEPTEMBER, "said": ukey.said()}, LIN)
    assert terminal.send(signed) == terminal.send(signed) and len(reports(centre, ukey)) == 3


def test_a_month_within_a_quarter_needs_no_return(terminal: Terminal, centre: Centre) -> None:
    """Small-scale taxpayers file by the quarter, and their devices report by the month."""
    ukey = Ukey.of(centre, CHENXING)
    do(terminal, "report", ukey)
    ukey.obey(do(terminal, "unlock", ukey).result)
    centre.clock.forward(days=25)  # into November
    november = Ukey.of(centre, CHENXING)
    assert status(terminal, november)["month"] == "2026-10-01"
    assert do(terminal, "report", november, month="2026-10-01").result["next"] == "unlock"
    answer = do(terminal, "unlock", november, month="2026-10-01")
    assert answer.result["declaration"] is None
    assert answer.result["issues_until"] == str(RULES.limit(date(2026, 11, 30)))


# --- not yet, and not at all ----------------------------------------------------------------------------------


def test_a_device_that_is_not_theirs(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    assert refusal(terminal, ukey, HE) == "deviceOfAnother"
    assert code_of(do(terminal, "report", ukey, HE)) == "deviceOfAnother"
    assert refusal(terminal, ukey, device="661699999999") == "deviceUnknown"
    assert refusal(terminal, ukey, subject("tang-yue", CHENXING, "L")) == "roleMissing"
    assert refusal(terminal, ukey, subject("shen-zhizhou", SHIGUANG, "L")) == "deviceOfAnother"


@pytest.mark.parametrize(("state", "code"), [("lost", "deviceLost"), ("cancelled", "deviceCancelled")])
def test_a_device_that_is_out_of_use(terminal: Terminal, centre: Centre, state: Any, code: str) -> None:
    ukey = Ukey.of(centre, CHENXING)
    with centre.system.write() as work:
        office.end(work.core, ukey.number, state, "于岚")
    assert refusal(terminal, ukey) == code and code_of(do(terminal, "report", ukey)) == code
    with centre.system.write() as work, pytest.raises(DeviceRefused):
        office.end(work.core, ukey.number, "cancelled", "于岚")


def test_a_device_that_only_its_maker_can_help(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    ukey.inside.locked = True
    assert refusal(terminal, ukey) == "deviceLocked"


@pytest.mark.parametrize("changed", [{"counter": 4}, {"counter": 8}, {"taxpayer": HEMU}])
def test_a_device_that_says_what_cannot_be(
    terminal: Terminal, centre: Centre, changed: dict[str, Any]
) -> None:
    assert refusal(terminal, Ukey.of(centre, CHENXING), **changed) == "deviceDiffers"


def test_a_forged_report_is_taken_by_nobody(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    honest = ukey.said()
    ukey.inside.forged = True
    assert refusal(terminal, ukey) == "deviceReportBroken"
    assert code_of(do(terminal, "report", ukey)) == "deviceReportBroken" and len(reports(centre, ukey)) == 2
    text = base64.b64decode(honest["reports"][0]["text"]).replace(b"|04:", b"|04:1")
    forged = [{**honest["reports"][0], "text": base64.b64encode(text).decode()}]
    assert refusal(terminal, ukey, **{**honest, "reports": forged}) == "deviceReportBroken"


@pytest.mark.parametrize(
    "text",
    ["R1|{n}|{t}|202608|6|04:1:0:0:1:0", "R1|{n}|{t}|202609|5|", "R1|661600000017|{t}|202609|6|", "R2|", "\xe9",
     "R1|{n}|{t}|202609|6|04:1:2:0:1:0", "R1|{n}|{t}|202609|6|04:1:0:0:1:0;04:1:0:0:1:0"],
)  # fmt: skip
def test_what_a_device_sealed_is_believed_for_itself_alone(
    terminal: Terminal, centre: Centre, text: str
) -> None:
    """Another month's, of before the last order, another device's, none at all: each with the right key."""
    ukey = Ukey.of(centre, CHENXING)
    said = text.format(n=ukey.number, t=CHENXING).encode("latin-1")
    with centre.system.read() as work:
        device = work.core.tax_control.device(ukey.number)
    assert device is not None
    mac = seals.seal(SealingVault(centre.container.keys.sealing), device, said)
    given = [{"month": SEPTEMBER, "text": seals.written(said), "mac": seals.written(mac)}]
    assert refusal(terminal, ukey, reports=given) == "deviceReportBroken"


def test_a_missing_month_has_to_be_made_good_first(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    ukey.inside.months.pop("2026-09")
    assert refusal(terminal, ukey) == "deviceMonthMissing"


def test_what_was_shown_is_what_is_done(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    assert code_of(do(terminal, "report", ukey, month="2026-08-01")) == "deviceChanged"
    assert code_of(do(terminal, "unlock", ukey)) == "deviceChanged", "not before it was reported"


def test_an_order_is_for_one_device_and_its_next_turn(terminal: Terminal, centre: Centre) -> None:
    ukey, other = Ukey.of(centre, CHENXING), Ukey.of(centre, QIMING)
    do(terminal, "report", ukey)
    made = do(terminal, "unlock", ukey).result
    with pytest.raises(Refused):
        other.obey(made)
    with pytest.raises(Refused):
        ukey.obey({**made, "order": base64.b64encode(b"O1|x").decode()})
    ukey.obey(made)
    assert ukey.inside.counter == 7


# --- at the bureau's desk -------------------------------------------------------------------------------------


def test_a_new_device_reports_from_the_month_in_which_it_was_given_out(
    terminal: Terminal, centre: Centre
) -> None:
    vault = SealingVault(centre.container.keys.sealing)
    with centre.system.write() as work:
        made, key = office.issue(work.core, vault, RULES, "661600009001", CHENXING, "于岚")
    assert (made.counter, made.cleared, made.issues_until) == (
        0,
        date(2026, 9, 1),
        RULES.limit(date(2026, 10, 31)),
    )
    assert key not in made.sealed and len(key) == 32
    facts = {"number": made.device, "key": key.hex(), "counter": 0, "cleared": "2026-09"}
    months: dict[str, list[Any]] = {"2026-10": [], "2026-11": []}  # nothing was issued
    centre.clock.forward(days=25)
    ukey = Ukey.of(centre, CHENXING, **facts, issuesUntil=made.issues_until.isoformat(), months=months)
    told = status(terminal, ukey)
    assert (told["month"], told["issued"], told["columns"]) == ("2026-10-01", 0, [])
    assert "没有开具" in told["statements"][0]["zh-CN"], "rather than a table without lines"
    assert do(terminal, "report", ukey, month="2026-10-01").state == "accepted"
    ukey.obey(do(terminal, "unlock", ukey, month="2026-10-01").result)


@pytest.mark.parametrize(
    ("device", "taxpayer", "words"),
    [("12", CHENXING, "no device's number"), ("661600000020", CHENXING, "given out before"),
     ("661600009001", "91990199MA6000000X", "no taxpayer")],
)  # fmt: skip
def test_what_is_no_new_device(centre: Centre, device: str, taxpayer: str, words: str) -> None:
    vault = SealingVault(centre.container.keys.sealing)
    with centre.system.write() as work, pytest.raises(DeviceRefused, match=words):
        office.issue(work.core, vault, RULES, device, taxpayer, "于岚")


def test_its_key_opens_for_the_centre_and_this_device_alone(centre: Centre) -> None:
    vault = SealingVault(centre.container.keys.sealing)
    ukey = Ukey.of(centre, CHENXING)
    with centre.database.read() as connection:
        rows = connection.execute(select(tables.tax_device)).mappings().all()
    assert all(bytes.fromhex(ukey.inside.device.key) not in row["sealed"] for row in rows)
    mine = next(row["sealed"] for row in rows if row["device"] == ukey.number)
    assert vault.open(f"tax-device/{ukey.number}", mine).hex() == ukey.inside.device.key
    with pytest.raises(SealBroken):
        vault.open("tax-device/661600000017", mine)


def test_whoever_went_away_is_told_what_became_of_the_report(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    before = (datetime.combine(stores.DAY, datetime.min.time(), CHINA) + timedelta(hours=8)).isoformat()
    signed = terminal.intent(
        "device.report", {"month": SEPTEMBER, "said": ukey.said()}, LIN, accepted_at=before
    )  # fmt: skip
    assert terminal.send(signed, queued=True).state == "accepted"
    kinds = [one["kind"] for one in terminal.data("person.profile", LIN, service=SERVICE)["notices"]]
    assert "device-reported" in kinds


@pytest.mark.parametrize(
    ("state", "code"), [("cancelled", "taxpayerCancelled"), ("abnormal", "taxpayerAbnormal")]
)
def test_a_device_of_who_may_issue_nothing_is_left_alone(
    terminal: Terminal, centre: Centre, state: str, code: str
) -> None:
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == CHENXING).values(state=state))
    assert refusal(terminal, Ukey.of(centre, CHENXING)) == code
    assert code_of(do(terminal, "report", Ukey.of(centre, CHENXING))) == code
