"""Tax-control devices: a month is reported once, compared with its return, and unlocked by an order that fits one device."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bureau.city.cast import CHENXING, FIRMS, HEMU, SHIGUANG
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
from tests.bureau.ukeys import RULES, Ukey, plant

SERVICE = "invoice.device"
LIN = subject("lin-tao", CHENXING, "L")
HE = subject("he-mulan", HEMU, "L")
QIMING = next(firm.taxpayer for firm in FIRMS if "启明" in firm.name)
DONG = subject("dong-hao", QIMING, "T")
SEPTEMBER = "2026-09-01"


@pytest.fixture(autouse=True)
def devices(centre: Centre) -> None:
    plant(centre)


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, getattr(answer, "result", answer)
    assert all(answer.refusal.text[lang] and answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return str(answer.refusal.code)


def status(terminal: Terminal, ukey: Ukey, who: dict[str, Any] = LIN, **changed: Any) -> Any:
    return terminal.data("device.status", who, ukey.said(**changed), SERVICE)


def refusal(terminal: Terminal, ukey: Ukey, who: dict[str, Any] = LIN, **changed: Any) -> str:
    return code_of(terminal.ask("device.status", who, ukey.said(**changed), SERVICE))


def do(terminal: Terminal, what: str, ukey: Ukey, who: dict[str, Any] = LIN, month: str = SEPTEMBER) -> Any:
    return terminal.do(f"device.{what}", {"month": month, "said": ukey.said()}, who)


def reports(centre: Centre, ukey: Ukey) -> list[Any]:
    with centre.database.read() as connection:
        t = tables.device_report
        return list(connection.execute(select(t).where(t.c.device == ukey.number).order_by(t.c.month)))


def orders(centre: Centre, ukey: Ukey) -> list[Any]:
    with centre.database.read() as connection:
        t = tables.device_order
        return list(connection.execute(select(t).where(t.c.device == ukey.number).order_by(t.c.counter)))


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


def test_without_its_return_a_quarter_is_reported_and_stays_locked(
    terminal: Terminal, centre: Centre
) -> None:
    ukey = Ukey.of(centre, HEMU)
    answer = do(terminal, "report", ukey, HE)
    assert (answer.state, answer.result["next"]) == ("accepted", "file")
    words = answer.result["next_text"]
    assert "7–9月" in words["zh-CN"] and "申报缴税" in words["zh-CN"] and "2026-10-26" in words["en-US"]
    assert code_of(do(terminal, "unlock", ukey, HE)) == "changedMeanwhile"
    assert len(orders(centre, ukey)) == 2


def test_a_return_below_the_invoices_goes_to_a_window_with_both_sums(
    terminal: Terminal, centre: Centre
) -> None:
    ukey = Ukey.of(centre, CHENXING)
    with centre.database.write() as connection:
        t = tables.declaration
        mine = (t.c.taxpayer == CHENXING) & (t.c.period_last == date(2026, 9, 30)) & (t.c.tax == "vat-small")
        row = connection.execute(select(t).where(mine)).one()
        less = {**row.figures, "ordinary_sales_fen": row.figures["ordinary_sales_fen"] - 1}
        connection.execute(update(t).where(mine).values(figures=less))
    answer = do(terminal, "report", ukey)
    assert answer.result["next"] == "compare"
    assert (
        answer.result["invoiced_fen"]
        == answer.result["declared_fen"] + 1
        == row.figures["ordinary_sales_fen"]
    )
    assert code_of(do(terminal, "unlock", ukey)) == "changedMeanwhile"
    assert status(terminal, ukey)["next"] == "compare"


def test_special_invoices_are_not_covered_by_ordinary_sales(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    ukey.inside.months["2026-09"].append(
        type(ukey.inside.months["2026-09"][0])(kind="01", issued=1, net_fen=1, tax_fen=0)
    )
    with centre.database.write() as connection:
        t = tables.declaration
        mine = (t.c.taxpayer == CHENXING) & (t.c.period_last == date(2026, 9, 30)) & (t.c.tax == "vat-small")
        row = connection.execute(select(t).where(mine)).one()
        more = {**row.figures, "ordinary_sales_fen": row.figures["ordinary_sales_fen"] + 100}
        connection.execute(update(t).where(mine).values(figures=more))
    assert do(terminal, "report", ukey).result["next"] == "compare"


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
    assert code_of(do(terminal, "report", ukey, month="2026-08-01")) == "changedMeanwhile"
    assert code_of(do(terminal, "unlock", ukey)) == "changedMeanwhile", "not before it was reported"


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


def test_who_became_a_general_taxpayer_is_compared_with_the_quarter_before(
    terminal: Terminal, centre: Centre
) -> None:
    with centre.system.write() as work:
        work.core.registration.become_general(CHENXING, date(2026, 10, 1))
    assert do(terminal, "report", Ukey.of(centre, CHENXING)).result["next"] == "unlock"


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
    months: dict[str, list[Any]] = {"2026-10": [], "2026-11": []}
    centre.clock.forward(days=25)
    ukey = Ukey.of(centre, CHENXING, **facts, issuesUntil=made.issues_until.isoformat(), months=months)
    assert status(terminal, ukey)["month"] == "2026-10-01"
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


def test_a_cancelled_taxpayer_s_device_is_left_alone(terminal: Terminal, centre: Centre) -> None:
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == CHENXING).values(state="cancelled"))
    assert refusal(terminal, Ukey.of(centre, CHENXING)) == "taxpayerCancelled"


def test_reports_of_the_months_before_count_for_the_quarter(terminal: Terminal, centre: Centre) -> None:
    ukey = Ukey.of(centre, CHENXING)
    with centre.database.write() as connection:
        t = tables.device_report
        connection.execute(delete(t).where(t.c.device == ukey.number))
    without = do(terminal, "report", ukey).result["invoiced_fen"]
    other = Ukey.of(centre, QIMING)
    assert do(terminal, "report", other, DONG).result["next"] == "file"
    with centre.database.read() as connection:
        row = connection.execute(
            select(tables.declaration).where(
                tables.declaration.c.taxpayer == CHENXING,
                tables.declaration.c.period_last == date(2026, 9, 30),
                tables.declaration.c.tax == "vat-small",
            )
        ).one()
    assert without < row.figures["ordinary_sales_fen"], "August's were written on paper too"
