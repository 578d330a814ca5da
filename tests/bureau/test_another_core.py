"""Another bureau: the same terminal and the same interface over a core system of another make, a program of its own."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests

from bureau.adapters.guide import page
from bureau.adapters.http_core import HttpSystem, carried, ports
from bureau.app import assemble
from bureau.engine.duties import obligations, unfiled
from bureau.engine.periods import open_period
from bureau.engine.refusals import Refused
from bureau.engine.rules import Rules
from bureau.errors import AlreadyFiled, CoreUnavailable
from bureau.ports.public import PublicRecords
from bureau.ports.registration import PersonKey
from bureau.ports.returns import Filing, NewDue
from bureau.ports.system import Answers
from bureau.ports.tax_control import DeviceReport, Issued, NewDevice, UnlockOrder
from config.settings import CentreSettings, load_bureau
from kiosk.domain.people import DocumentKind, Role
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax_control import KindTotals
from kiosk.steps.calculators import CALCULATORS
from sync.client import BureauClient
from sync.errors import BureauError as NoAnswer
from sync.models import EffectState, QueryRequest, Subject
from tests.bureau import stores
from tests.bureau.doubles import DraftOffice, HandClock
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject
from tests.bureau.test_program import program
from tests.shipped import CATALOGUE
from tests.standin.running import CODE, FIRM, NOTICE, SETTLED, SUN, SUPPLIED, StandIn

PAGE = Path(__file__).parents[2] / "docs" / "integrating.md"
WHO = subject("sun-li", FIRM, "T")
SUPPLIED_BY = subject("sun-li", SUPPLIED, "L")
PERIOD = {"first": "2026-01", "last": "2026-09"}


def filing(**changed: Any) -> Filing:
    day, clock = stores.DAY, HandClock()
    given: dict[str, Any] = {
        "key": "k-1", "taxpayer": FIRM, "tax": "vat-small", "period_first": day.replace(month=7, day=1),
        "period_last": day.replace(month=9, day=30), "figures": {"vat_fen": 5}, "total_fen": 5,
        "limit_date": day.replace(day=26), "filed_at": clock.now(), "terminal": "A-07",
        "person": PersonKey(DocumentKind(SUN.kind), SUN.number), "role": Role.TAX_HANDLER,
        "dues": (NewDue("vat", 5),),
    }  # fmt: skip
    return Filing(**{**given, **changed})


def test_what_is_done_in_a_transaction_is_there_after_it_or_not_at_all(
    system: HttpSystem, core: StandIn
) -> None:
    with pytest.raises(RuntimeError), system.write("A-07") as work:
        work.core.returns.file(filing())
        assert work.core.returns.dues(FIRM)[0].amount_fen == 5, "seen in it at once"
        raise RuntimeError("the centre thinks better of it")
    assert core.of_firm("filed") == []
    with system.write("A-07") as work:
        with pytest.raises(AlreadyFiled) as stands, work.attempt():
            first = work.core.returns.file(filing())
            work.core.returns.file(filing(key="k-2"))
        assert stands.value.declaration == first.declaration
        assert work.core.returns.dues(FIRM) == [], "the attempt alone is undone"
        work.core.returns.file(filing(key="k-3"))
    with system.read() as work:
        kept = work.core.returns.filings(FIRM, stores.DAY.replace(month=1))
        assert [one.filed.period_last for one in kept] == [stores.DAY.replace(month=9, day=30)]
        assert kept[0].owed_fen == 5


def test_what_was_not_filed_is_found_over_it_as_far_back_as_its_books_are_complete(
    system: HttpSystem,
) -> None:
    rules = Rules(built_in())
    with system.write("A-07") as work:
        taxpayer = work.core.registration.taxpayer(FIRM)
        assert taxpayer is not None
        work.core.returns.file(filing())  # the newest
        found = obligations(work.core, taxpayer, rules, stores.DAY)
        assert [(one.tax, one.period.first, one.late(stores.DAY)) for one in found] == [
            ("vat-small", date(2026, 4, 1), True),
            ("stamp", date(2026, 4, 1), True),
            ("vat-small", date(2026, 7, 1), False),
        ]
        assert unfiled(work.core, taxpayer, rules, stores.DAY) == found[0]
        older = (date(2026, 4, 1), date(2026, 6, 30))
        assert open_period(work.core, taxpayer, rules, stores.DAY, older).limit == date(2026, 7, 15)
        with pytest.raises(Refused, match="periodOfOtherBooks"):
            open_period(work.core, taxpayer, rules, stores.DAY, (date(2026, 1, 1), date(2026, 3, 31)))


def test_what_a_core_does_not_have_and_a_dead_core_are_trouble_that_may_pass(
    system: HttpSystem, core: StandIn
) -> None:
    with system.read() as work, pytest.raises(CoreUnavailable, match="exports.lines"):
        work.core.exports.lines(FIRM, stores.DAY)
    core.process.kill()
    core.process.wait(10)
    with pytest.raises(CoreUnavailable), system.read():
        raise AssertionError("there is nobody to begin it")


def test_a_transaction_of_a_centre_that_died_holds_nobody_up_for_long(
    system: HttpSystem, core: StandIn
) -> None:
    begun = {"kind": "write", "terminal": "A-07", "now": HandClock().now().isoformat()}
    assert requests.post(core.url + "/v1/transactions", json=begun, timeout=20).ok
    with system.write("A-07") as work:
        work.core.returns.file(filing())
    assert len(core.of_firm("filed")) == 1


def test_a_tax_control_device_is_kept_reported_and_unlocked_over_it(system: HttpSystem) -> None:
    month, number = date(2026, 9, 1), "771600000001"
    kinds = (KindTotals("04", 3, 1, 0, 120_000, 1_200),)
    with system.write("A-07") as work:
        devices, at = work.core.tax_control, work.core.now
        devices.issue(NewDevice(number, FIRM, b"sealed", date(2026, 8, 1), date(2026, 10, 26), "别处"))
        devices.take(DeviceReport(number, month, FIRM, 0, kinds, at, "A-07", "k-1"))
        devices.unlock(UnlockOrder(number, 1, month, date(2026, 11, 16), None, at, "k-2"))
    with system.read() as work:
        devices = work.core.tax_control
        found = devices.device(number, lock=False)
        assert found is not None and (found.counter, found.cleared, found.sealed) == (1, month, b"sealed")
        assert [one.kinds for one in devices.reports(number)] == [kinds]
        assert len(devices.reported(FIRM, date(2026, 7, 1), month)) == 1
        assert devices.reported(FIRM, date(2026, 10, 1), date(2026, 12, 1)) == []
        order = devices.order(number, 1)
        assert (
            order is not None
            and order.issues_until == date(2026, 11, 16)
            and devices.order(number, 2) is None
        )
        assert devices.elsewhere(FIRM, date(2026, 7, 1), date(2026, 9, 30)) == Issued(40_000_000, 0, 400_000)
        assert [one.device for one in devices.listed(FIRM, 5)] == [number] and devices.listed("none", 5) == []
    with system.write("A-07") as work:
        assert work.core.tax_control.end(number, "lost", "别处")
        assert not work.core.tax_control.end(number, "cancelled", "别处")


def test_every_method_of_every_port_can_be_carried() -> None:
    for port in (*ports().values(), Answers, PublicRecords):
        for name, member in vars(port).items():
            if inspect.isfunction(member) and not name.startswith("_"):
                assert carried(port, name).result is not None, f"{port.__name__}.{name}"


def test_the_kept_page_for_integrators_is_the_one_that_is_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make pages"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_visit_is_the_same_over_a_core_of_another_make(
    tmp_path: Path, core: StandIn, sqlite_template: Path
) -> None:
    """Filed once, paid, certified, paper invoices and a matter; then the core dies, and the terminal is told."""
    env = {
        "BUREAU_STATE_DIR": str(tmp_path / "state"),
        "BUREAU_DATABASE__URL": stores.sqlite_city(sqlite_template, tmp_path / "bureau.db"),
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_CORE__URL": core.url,
        "BUREAU_CORE__TIMEOUT_S": "30",
    }
    with program("acquirer", "--port", "0", "--db", str(tmp_path / "acquirer.db"), env=env) as (bank, _):
        env["BUREAU_ACQUIRER__URL"] = bank
        container = assemble(load_bureau(None, env), office=DraftOffice(), published=stores.published())
        terminal = Terminal.enrol(container, container.clock)
        with program("serve", "--port", "0", env=env, log=tmp_path / "log") as (url, _):
            client = BureauClient(CentreSettings(url=url), terminal.identity)
            try:
                _filed_once(terminal, client, core)
                _paid(terminal, client, core)
                _paid_by_notice(terminal, client, core)
                _certified(terminal, client, url)
                _collected(terminal, client, core)
                _changed(terminal, client, core)
                core.process.kill()
                core.process.wait(10)
                with pytest.raises(NoAnswer):
                    _ask(client, "dues.list", "pay.due", WHO)
            finally:
                client.close()
        container.close()


def _ask(client: BureauClient, name: str, service: str, who: dict[str, Any], **params: Any) -> dict[str, Any]:
    request = QueryRequest(
        service=service,
        service_hash=CATALOGUE[service].hash,
        subject=Subject.model_validate(who),
        params=params,
    )
    answer = client.query(name, request)
    assert answer.refusal is None, answer.refusal
    return dict(answer.data)


def _filed_once(terminal: Terminal, client: BureauClient, core: StandIn) -> None:
    profile = _ask(client, "person.profile", "declare.vat-small", WHO)
    assert [(held["name"], held["role"]) for held in profile["roles"]] == [
        ("别处纸品有限公司", "T"),
        ("别处新开文具有限公司", "L"),
        ("别处印务有限公司", "F"),
    ]
    prefill = _ask(client, "vat.prefill", "declare.vat-small", WHO)
    assert (prefill["invoice_count"], prefill["ordinary_sales_fen"]) == (3, 40_000_000)
    signed = terminal.intent("declaration.submit", filled(prefill), WHO)
    answer = client.submit(signed)
    assert answer.state is EffectState.ACCEPTED, answer.refusal
    assert client.submit(signed) == answer, "the same key, the same answer"
    filed = core.of_firm("filed")
    assert [one["declaration"] for one in filed] == [answer.result["declaration"]]
    again = client.submit(terminal.intent("declaration.submit", filled(prefill), WHO))
    assert again.state is EffectState.DUPLICATE
    assert len(core.of_firm("filed")) == 1
    left = _ask(client, "return.periods", "declare.vat-small", WHO)["periods"]
    assert [one["period_first"] for one in left] == ["2026-04-01"], "older, and not forgotten"
    days = {name: left[0][name] for name in ("period_first", "period_last")}
    older = _ask(client, "vat.prefill", "declare.vat-small", WHO, **days)
    assert older["limit_date"] == "2026-07-15" and older["late_days"] == 89
    books = _ask(client, "declarations.list", "query.declarations", WHO)
    assert [one["state"] for one in books["returns"]] == ["unpaid"]
    _mended(terminal, client, core, str(answer.result["declaration"]))


def _mended(terminal: Terminal, client: BureauClient, core: StandIn, wrong: str) -> None:
    """The return is corrected, taken back, and filed once more."""
    told = _ask(client, "correction.prefill", "declare.correct", WHO, declaration=wrong)
    figures = CALCULATORS["correction"].derive(told, {"uninvoiced": 1_000_000}, stores.DAY)
    data = {
        "way": "correct",
        "corrects": wrong,
        "tax": "vat-small",
        **{name: told[name] for name in ("period_first", "period_last")},
        **{name: figures[name] for name in ("facts", "total_fen", "parameters_hash")},
    }
    right = client.submit(terminal.intent("declaration.submit", data, WHO, service="declare.correct"))
    assert right.state is EffectState.ACCEPTED, right.refusal
    back = {**data, "way": "withdraw", "corrects": right.result["declaration"]}
    back |= dict.fromkeys(("facts", "total_fen", "parameters_hash"))
    gone = client.submit(terminal.intent("declaration.submit", back, WHO, service="declare.correct"))
    assert gone.state is EffectState.ACCEPTED, gone.refusal
    books = _ask(client, "declarations.list", "query.declarations", WHO)
    assert [one["state"] for one in books["returns"]] == ["withdrawn", "replaced"]
    assert _ask(client, "dues.list", "pay.due", WHO)["dues"] == []
    prefill = _ask(client, "vat.prefill", "declare.vat-small", WHO)
    again = client.submit(terminal.intent("declaration.submit", filled(prefill), WHO))
    assert again.state is EffectState.ACCEPTED, again.refusal


def _paid(terminal: Terminal, client: BureauClient, core: StandIn) -> None:
    dues = _ask(client, "dues.list", "pay.due", WHO)
    assert dues["total_fen"] > 0
    data = {
        "dues": [due["due"] for due in dues["dues"]],
        "amount_fen": dues["total_fen"],
        "channel": "qr-shown",
    }
    created = client.submit(terminal.intent("payment.create", data, WHO)).result
    paid = requests.post(str(created["qr"]) + "/pay", timeout=20)
    assert paid.status_code in (200, 303), paid.text
    status = _ask(client, "payment.status", "pay.due", WHO, order=created["order"])
    assert status["state"] == "approved" and status["voucher"]
    assert {due["state"] for due in core.of_firm("dues")} == {"paid", "cancelled"}
    assert _ask(client, "dues.list", "pay.due", WHO)["dues"] == []


def _paid_by_notice(terminal: Terminal, client: BureauClient, core: StandIn) -> None:
    shown = _ask(client, "nontax.payable", "pay.non-tax", {}, code=NOTICE)
    assert (shown["late_fee_fen"], shown["total_fen"]) == (500, 100_500), "ten days, 0.05 % a day"
    data = {"dues": [NOTICE], "amount_fen": 100_500, "channel": "qr-shown", "notice": NOTICE}
    created = client.submit(terminal.intent("payment.create", data, {}, service="pay.non-tax")).result
    assert core.books["nontax"][NOTICE]["held_by"] == created["order"]
    assert requests.post(str(created["qr"]) + "/pay", timeout=20).status_code in (200, 303)
    status = _ask(client, "payment.status", "pay.non-tax", {}, order=created["order"])
    assert status["state"] == "approved" and status["receipt"]["check"] == "ab23cd"
    assert core.books["nontax"][NOTICE]["paid_on"] == stores.DAY.isoformat()


def _once_more(
    terminal: Terminal, client: BureauClient, url: str, who: dict[str, Any], old: dict[str, Any]
) -> None:
    """Sent to a phone, then replaced: whoever holds the old one learns what took its place."""
    sent = client.submit(terminal.intent("certificate.deliver", {"number": old["number"]}, who)).result
    link = f"{url}/k/" + str(sent["url"]).rpartition("/k/")[2]
    assert requests.post(link, timeout=20).content.startswith(b"%PDF-")
    assert requests.post(link, timeout=20).status_code == 404
    (held,) = _ask(client, "certificate.held", "certificate.reissue", who)["certificates"]
    assert held["number"] == old["number"] and held["usable"]
    wanted = {"number": old["number"], "way": "replace"}
    shown = _ask(client, "certificate.again", "certificate.reissue", who, **wanted)
    data = {**wanted, "content_sha256": shown["content_sha256"]}
    new = client.submit(terminal.intent("certificate.reissue", data, who)).result
    assert new["replaces"] == old["number"] and client.document(str(new["number"])).startswith(b"%PDF-")
    verdict = requests.post(url + "/v1/public/certificates/check", json=old, timeout=20).json()
    assert (verdict["finding"], verdict["successor"]) == ("replaced", new["number"])


def _collected(terminal: Terminal, client: BureauClient, core: StandIn) -> None:
    """Paper invoices: what may be had, numbers locked, one of three kept back; the next visit may have less."""
    lying = {"unit": "unit1", "code": CODE, "next_number": "00100001", "last_number": "00100010", "count": 10}
    (kind,) = _ask(client, "invoice.entitlement", "invoice.collect", SUPPLIED_BY, units=[lying])["kinds"]
    assert (kind["allowed"], kind["binding"], kind["unused_held"]) == (5, "perTime", 2)
    data = {"kind": "04", "count": 3, "unit": "unit1", "code": CODE, "next_number": "00100001"}
    service = "invoice.collect"
    signed = terminal.intent("invoice.reserve", data, SUPPLIED_BY, service=service)
    reserved = client.submit(signed)
    assert reserved.state is EffectState.ACCEPTED, reserved.refusal
    assert client.submit(signed) == reserved
    told = {
        "reservation": reserved.result["reservation"], "code": CODE, "cause": "doubleFeed",
        "delivered": [{"first": "00100001", "last": "00100002"}],
        "quarantined": [{"first": "00100003", "last": "00100003"}],
    }  # fmt: skip
    done = client.submit(terminal.intent("invoice.commit", told, SUPPLIED_BY, service=service))
    assert done.state is EffectState.ACCEPTED, done.refusal
    assert (done.result["delivered"], done.result["quarantined"]) == (2, 1)
    lies = [sheet["lies"] for sheet in core.books["sheets"] if sheet["place"] == "A-07"]
    assert lies == ["delivered"] * 2 + ["quarantined"] + ["on-hand"] * 7
    again = {**data, "next_number": "00100004", "count": 1}
    closed = client.submit(terminal.intent("invoice.reserve", again, SUPPLIED_BY, service=service))
    assert closed.refusal is not None and closed.refusal.code == "unitLocked", (
        "two sheets at once: count first"
    )


def _changed(terminal: Terminal, client: BureauClient, core: StandIn) -> None:
    """A matter: a new phone counts at once, is in the registration, and stands in the person's progress."""
    given = {"phone": "13900002345", "bank": None, "account": None, "address": None}
    answer = client.submit(
        terminal.intent("matter.submit", given, SUPPLIED_BY, service="registration.change")
    )
    assert answer.state is EffectState.ACCEPTED, answer.refusal
    assert answer.result["state"] == "approved"
    assert [(one["fact"], one["value"]) for one in core.books["entries"] if one["case"]] == [
        ("phone", "13900002345")
    ]
    rows = _ask(client, "progress.list", "progress.query", subject("sun-li"))["rows"]
    assert [row["case"] for row in rows] == [answer.result["case"]]


def _certified(terminal: Terminal, client: BureauClient, url: str) -> None:
    who = subject("sun-li")
    record = _ask(client, "iit.record", "certificate.iit-record", who, **PERIOD)
    assert record["total_income_fen"] == 900_000
    before = _ask(client, "iit.record", "certificate.iit-record", who, first="2025-01", last="2026-09")
    assert [row["item"] for row in before["rows"]] == ["wages"], "the settlement is filed and not paid"
    due = {"dues": [SETTLED["due"]], "amount_fen": SETTLED["amount_fen"], "channel": "qr-shown"}
    order = client.submit(terminal.intent("payment.create", due, who)).result
    assert requests.post(str(order["qr"]) + "/pay", timeout=20).status_code in (200, 303)
    _ask(client, "payment.status", "pay.due", who, order=order["order"])
    after = _ask(client, "iit.record", "certificate.iit-record", who, first="2025-01", last="2026-09")
    assert [(row["month"], row["tax_fen"]) for row in after["rows"]] == [
        ("2025-12", 30_000),
        ("2026-03", 12_000),
    ]
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    issued = client.submit(terminal.intent("certificate.issue", wanted, who)).result
    assert client.document(str(issued["number"])).startswith(b"%PDF-")
    asked = {"number": issued["number"], "code": issued["code"]}
    verdict = requests.post(url + "/v1/public/certificates/check", json=asked, timeout=20).json()
    assert verdict["finding"] == "valid"
    _once_more(terminal, client, url, who, asked)
    told = requests.get(f"{url}/v1/public/registrations/{FIRM}", timeout=20).json()
    assert told["name"] == "别处纸品有限公司"
