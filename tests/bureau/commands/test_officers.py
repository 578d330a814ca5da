"""What officers do at the command line: cases, documents, payment vouchers."""

from __future__ import annotations

import errno
import getpass
import io
import json
import os
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from bureau.city import guardians
from bureau.city.cast import FIRMS, HEMU, PERSONAS
from bureau.commands import tax_control
from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.fleet.vault import SealingVault
from bureau.opening import business_clock, open_keys
from bureau.ports.acquirer import AcquirerLine
from bureau.ports.matters import NewCase
from bureau.ports.registration import PersonKey
from bureau.ports.repayments import FiledLine
from bureau.ports.tax_control import DeviceReport, NewDevice
from bureau.store import tables
from kiosk.domain.people import Role
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json


def test_a_relief_is_examined_by_one_officer_and_granted_by_another(run: Run) -> None:
    (seeded,) = as_json(run("case", "list", "--json"))
    grant = ("case", "grant", seeded["case_no"], "--officer")
    assert "two officers" in run("case", "approve", seeded["case_no"], "--officer", "周审核", code=1).stderr
    assert "two decimals" in run(*grant, "周审核", "--amount", "1.234", code=1).stderr
    assert "at most" in run(*grant, "周审核", "--amount", "18600.01", code=1).stderr
    assert "another officer" in run(*grant, "周审核", "--amount", "18000.00").stdout
    shown = as_json(run("case", "show", seeded["case_no"], "--json"))
    assert (shown["state"], shown["relief"]["amount_fen"], shown["relief"]["granted_by"]) == (
        "open",
        1_800_000,
        None,
    )
    assert "another officer" in run(*grant, "周审核", code=1).stderr
    done = as_json(run(*grant, "吴批准", "--json"))
    assert (done["state"], done["decided_by"]) == ("approved", "吴批准")
    assert "approved already" in run(*grant, "吴批准", code=1).stderr


def test_a_case_is_listed_shown_and_decided_once(run: Run, tmp_path: Path) -> None:
    (seeded,) = as_json(run("case", "list", "--json"))
    asked = run("case", "ask", seeded["case_no"], "--officer", "周审核", "--for", "灾情证明").stdout
    assert "waits for: 灾情证明" in asked
    run("case", "refuse", seeded["case_no"], "--officer", "周审核", "--reason", "材料不符")
    assert "no case waits" in run("case", "list").stdout
    taxpayer, person = FIRMS[0].taxpayer, next(p for p in PERSONAS if p.id == "he-mulan")
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            key, now = PersonKey(person.kind, person.number), work.core.now
            role, fields = Role.LEGAL_REPRESENTATIVE, {"address": "云川市书院区文庙街88号"}
            made = work.core.matters.open(
                NewCase("registration.change", "k", key, taxpayer, role, "A-07", fields, now, stores.DAY)
            )
    (listed,) = as_json(run("case", "list", "--json"))
    assert (listed["case_no"], listed["state"]) == (made.case, "open")
    shown = run("case", "show", made.case).stdout
    assert "文庙街88号" in shown and "何木兰" in shown and person.number not in shown
    run("case", "pages", made.case, "--out", str(tmp_path / "pages"), "--officer", "周审核")
    run("case", "show", made.case, "--officer", "吴复核")
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            seen = [(one.look.who, one.look.purpose) for one in work.core.privacy.looks(key, 10)]
    logged_in = getpass.getuser()
    assert seen == [("吴复核", "case.show"), ("周审核", "case.pages"), (logged_in, "case.show")]
    assert (
        "say why" in run("case", "refuse", made.case, "--officer", "周审核", "--reason", " ", code=1).stderr
    )
    assert "staff number" in run("case", "approve", made.case, "--officer", "a;b", code=1).stderr
    done = as_json(run("case", "approve", made.case, "--officer", "周审核", "--json"))
    assert (done["state"], done["decided_by"]) == ("approved", "周审核")
    again = run("case", "refuse", made.case, "--officer", "周审核", "--reason", "太迟", code=1)
    assert "approved already" in again.stderr
    assert "no case 63" in run("case", "show", "63", code=1).stderr
    assert "no case waits" in run("case", "list").stdout
    assert made.case in run("case", "list", "--all").stdout


def test_an_officer_sees_what_a_guardian_signed_and_ends_what_was_entered(run: Run, tmp_path: Path) -> None:
    (held,) = as_json(run("guardian", "list", "--json"))
    assert (held["case"], held["kind"]) == (guardians.number(stores.DAY), "parent")
    assert "许知夏" not in run("guardian", "list").stdout and "许** 539" in held["ward"]
    with opened(None) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            father = next(p for p in PERSONAS if p.id == "lin-tao")
            key, now, child = PersonKey(father.kind, father.number), work.core.now, guardians.UNSEEN
            fields = {"kind": "parent", "name": child.name, "number": child.number}
            made = work.core.matters.open(
                NewCase("identity.guardian", "k", key, None, None, "A-07", fields, now, stores.DAY)
            )
            signed = {"text": "本人是监护人", "signature": "aW5r"}
            work.core.matters.keep(made, vault.seal(made.case, json.dumps(signed).encode()))
    (file,) = as_json(run("case", "pages", made.case, "--out", str(tmp_path / "pages"), "--json"))
    signed_file = Path(file["file"])
    assert signed_file.read_text("utf-8") == "本人是监护人" and signed_file.stat().st_mode & 0o077 == 0
    assert child.name in run("case", "show", made.case).stdout
    run("case", "approve", made.case, "--officer", "周审核")
    assert len(as_json(run("guardian", "list", "--json"))) == 2
    end = ("guardian", "end", made.case, "--officer", "周审核")
    assert "say why" in run(*end, "--reason", " ", code=1).stderr
    assert "no longer" in run(*end, "--reason", "判决撤销").stdout
    assert "guardian list" in run(*end, "--reason", "再次", code=1).stderr
    assert as_json(run("guardian", "list", "--json")) == [held]
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            ward = PersonKey(child.kind, child.number)
            seen = [(one.look.party, one.look.purpose) for one in work.core.privacy.looks(ward, 10)]
    listed = ("officer", "guardian.list")
    assert seen == [("officer", "guardian.end"), listed, ("guardian", "identity.guardian")]


def test_an_officer_issues_serves_and_withdraws_documents(run: Run, tmp_path: Path) -> None:
    (standing,) = as_json(run("document", "list", "--json"))
    assert standing["state"] == "issued" and standing["document"] in run("document", "list").output
    text, officer = tmp_path / "text.txt", ("--officer", "于岚")
    text.write_text("请来函说明。\n\n逾期依法处理。\n", encoding="utf-8")
    issue = (
        "document",
        "issue",
        standing["taxpayer"],
        *officer,
        "--title",
        "税务事项通知书",
        "--text",
        str(text),
    )
    made = as_json(run(*issue, "--days", "15", "--json"))
    assert (made["state"], made["issued_by"], made["days"]) == ("issued", "于岚", 15)
    serve = ("document", "served", made["document"], *officer, "--on", stores.DAY.isoformat())
    assert "no way" in run(*serve, "--way", "shouted", "--note", "王某", code=1).output
    left = as_json(run(*serve, "--way", "left", "--note", "拒收，见证人王某", "--json"))
    assert (left["state"], left["way"], left["served_on"]) == ("served", "left", stores.DAY.isoformat())
    assert made["document"] in run("document", "withdraw", made["document"], *officer, code=1).output
    gone = as_json(run("document", "withdraw", standing["document"], *officer, "--json"))
    assert (gone["state"], gone["withdrawn_by"]) == ("withdrawn", "于岚") and gone["withdrawn_at"]


def test_an_officer_issues_a_payment_voucher_prints_and_withdraws_it(run: Run, tmp_path: Path) -> None:
    (standing,) = (b for b in as_json(run("bill", "list", "--json")) if b["state"] == "open")
    officer, taxpayer = ("--officer", "于岚"), standing["taxpayer"]
    refused = run("bill", "issue", taxpayer, *officer, code=1)
    assert standing["bill"] in refused.output
    assert as_json(run("bill", "withdraw", standing["bill"], *officer, "--json"))["state"] == "withdrawn"
    made = as_json(run("bill", "issue", taxpayer, *officer, "--days", "5", "--json"))
    assert (made["state"], made["dues"], made["issued_by"]) == ("open", standing["dues"], "于岚")
    one = made["dues"][0]
    run("bill", "withdraw", made["bill"], *officer)
    part = as_json(run("bill", "issue", taxpayer, *officer, "--due", one, "--json"))
    assert part["dues"] == [one]
    sheet = tmp_path / "bill.pdf"
    run("bill", "sheet", part["bill"], "--out", str(sheet))
    text = "".join(page.extract_text() for page in PdfReader(sheet).pages)
    assert part["bill"] in text and taxpayer in text and f"{part['tax_fen'] / 100:,.2f}" in text
    run("bill", "sheet", "44990026101200042185", "--out", str(sheet), code=1)
    assert part["bill"] in run("bill", "list").output
    run("bill", "withdraw", part["bill"], *officer)
    run("bill", "withdraw", part["bill"], *officer, code=1)


def test_an_officer_issues_a_notice_of_non_tax_revenue_prints_and_withdraws_it(
    run: Run, tmp_path: Path
) -> None:
    city = as_json(run("nontax", "list", "--json"))
    assert sorted(n["state"] for n in city) == ["expired", "open", "open", "open", "withdrawn"]
    officer, payer = ("--officer", "于岚"), city[0]["payer"]
    what = ("--item", "water-soil", "--yuan", "1260.50")
    made = as_json(run("nontax", "issue", payer, *officer, *what, "--json"))
    assert (made["state"], made["amount_fen"], made["authority"]) == ("open", 126_050, "云川市水务局")
    assert made["issued_by"] == "于岚"
    sheet = tmp_path / "notice.pdf"
    run("nontax", "sheet", made["code"], "--out", str(sheet))
    text = "".join(page.extract_text() for page in PdfReader(sheet).pages)
    assert made["code"] in text and payer in text and "1,260.50" in text and "水土保持补偿费" in text
    run("nontax", "sheet", "99019926000100042174", "--out", str(sheet), code=1)
    assert made["code"] in run("nontax", "list").output
    assert as_json(run("nontax", "withdraw", made["code"], *officer, "--json"))["state"] == "withdrawn"
    run("nontax", "withdraw", made["code"], *officer, code=1)
    run("nontax", "issue", payer, *officer, "--item", "vat", "--yuan", "5", code=1)
    run("nontax", "issue", payer, *officer, "--item", "water-soil", "--yuan", "5.001", code=2)
    run("nontax", "issue", payer, "--officer", "/", *what, code=1)


def test_a_voucher_of_an_officer_without_a_name_or_for_too_long_is_not_issued(run: Run) -> None:
    (standing,) = (b for b in as_json(run("bill", "list", "--json")) if b["state"] == "expired")
    run("bill", "issue", standing["taxpayer"], "--officer", "/", code=1)
    run("bill", "issue", standing["taxpayer"], "--officer", "于岚", "--days", "16", code=2)
    assert (
        as_json(run("bill", "issue", standing["taxpayer"], "--officer", "于岚", "--json"))["state"] == "open"
    )


def test_an_officer_gives_devices_out_and_takes_them_out_of_use(run: Run, tmp_path: Path) -> None:
    assert "no device" in run("device", "list").stdout
    taxpayer, key = FIRMS[0].taxpayer, tmp_path / "key"
    given = (
        "device",
        "issue",
        "661600009001",
        taxpayer,
        "--officer",
        "于岚",
        "--key-out",
        str(key),
        "--json",
    )
    made = as_json(run(*given))
    assert (made["state"], made["cleared"], made["issued_by"]) == ("active", "2026-09", "于岚")
    assert len(bytes.fromhex(key.read_text())) == 32 and key.stat().st_mode & 0o077 == 0
    assert "File exists" in run(*given, code=1).stderr, "a key that is there is not written over"
    other = tmp_path / "other"
    again = run(
        "device", "issue", "661600009001", taxpayer, "--officer", "于岚", "--key-out", str(other), code=1
    )
    assert "given out before" in again.stderr and not other.exists()
    assert "no report" in run("device", "reports", "661600009001").stdout
    assert "no device 1" in run("device", "reports", "1", code=1).stderr
    lost = as_json(run("device", "lost", "661600009001", "--officer", "于岚", "--json"))
    assert (lost["state"], lost["ended_by"]) == ("lost", "于岚")
    assert "not in use" in run("device", "cancel", "661600009001", "--officer", "于岚", code=1).stderr
    (listed,) = as_json(run("device", "list", "--taxpayer", taxpayer, "--json"))
    assert listed["state"] == "lost" and key.read_text().strip() not in str(listed)


def test_a_device_whose_key_cannot_be_written_is_not_given_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number could never be given out again, and its key is nowhere else."""

    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def full(descriptor: int, mode: str) -> io.TextIOWrapper:
        os.close(descriptor)
        return io.TextIOWrapper(io.BufferedWriter(Full()))

    key = tmp_path / "key"
    given = ("device", "issue", "661600009001", FIRMS[0].taxpayer, "--officer", "于岚", "--key-out", str(key))
    with monkeypatch.context() as patched:
        patched.setattr(tax_control, "os", SimpleNamespace(**{**vars(os), "fdopen": full}))
        assert "No space" in run(*given, code=1).stderr
    assert not key.exists() and "no device" in run("device", "list").stdout
    run(*given)


def test_a_month_in_which_nothing_was_issued_is_a_report_as_well(run: Run) -> None:
    taxpayer, month = FIRMS[0].taxpayer, date(2026, 9, 1)
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            devices = work.core.tax_control
            devices.issue(NewDevice("661600009001", taxpayer, b"sealed", month, stores.DAY, "于岚"))
            devices.take(DeviceReport("661600009001", month, taxpayer, 0, (), work.core.now, "A-07", "k"))
    assert run("device", "reports", "661600009001").stdout.strip() == "2026-09  no invoices"


def test_an_auditor_has_every_return_computed_once_more(run: Run) -> None:
    told = as_json(run("returns", "recompute", "--json"))
    assert told["wrong"] == [] and told["counted"]["same"] > 0
    assert (
        "returns: "
        in run("returns", "recompute", "--taxpayer", FIRMS[0].taxpayer, "--since", "2026-01-01").stdout
    )
    t = tables.declaration
    with opened(None) as (_, database), database.write() as connection:
        row = connection.execute(select(t).where(t.c.tax == "vat-small", t.c.state == "filed").limit(1)).one()
        connection.execute(
            update(t)
            .where(t.c.declaration == row.declaration)
            .values(figures={**row.figures, "total_fen": row.figures["total_fen"] + 1})
        )
    wrong = run("returns", "recompute", code=1).stdout
    assert wrong.startswith("differs") and row.declaration in wrong


def test_an_auditor_sees_what_was_overpaid_and_taken_off(run: Run) -> None:
    """A quarter's sales came back in the next one, in which nothing was sold; the one after took too much off."""
    sale, t, firm = tables.sale, tables.declaration, HEMU
    assert run("returns", "carried", firm).stdout.strip() == "nothing was overpaid so"
    with opened(None) as (_, database), database.write() as connection:
        query = select(t).where(t.c.taxpayer == firm, t.c.tax == "vat-small", t.c.state == "filed")
        rows = connection.execute(query.order_by(t.c.period_last)).all()
        first, second, third = rows[-3:]
        connection.execute(update(sale).where(sale.c.taxpayer == firm).values(state="void"))
        sold = {**first.figures, "ordinary_sales_fen": 50_000_000, "vat_fen": 500_000}
        nothing = {**second.figures, "ordinary_sales_fen": 0, "special_sales_fen": 0}
        for row, figures in (
            (first, sold),
            (second, nothing),
            (third, {**third.figures, "carried_fen": 60_000}),
        ):
            mine = t.c.declaration == row.declaration
            connection.execute(update(t).where(mine).values(figures=figures))
        for number, day, net, of in (
            ("26990000000000000001", first.period_last, 50_000_000, ""),
            ("26990000000000000002", second.period_last, -5_000_000, "26990000000000000001"),
        ):
            state = "red" if of else "valid"
            sums = {"net_fen": net, "tax_fen": net // 100, "state": state, "red_of": of}
            known = {"code": "", "number": number, "taxpayer": firm, "kind": "ordinary", "buyer": "个人"}
            connection.execute(sale.insert().values(**known, issued_on=day, **sums))
    told = run("returns", "carried", firm, code=1).stdout
    assert "overpaid 500.00 at 0.01  on 50,000.00 sold" in told
    assert "taken off 600.00 by" in told and "TOO MUCH" in told and "left at 0.01: 0.00" in told
    listed = as_json(run("returns", "carried", firm, "--json", code=1))
    assert listed["wrong"] == [third.declaration] and listed["credits"][0]["rate"] == "0.01"


def test_two_officers_have_a_charge_given_back_and_its_case_is_shown_and_closed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards, day = tmp_path / "cards", stores.DAY
    cards.mkdir()
    monkeypatch.setenv("BUREAU_ACQUIRER__CARD_FILES", str(cards))
    order, at = "41990026101200099999", f"{day}T09:45:03+08:00"
    with opened(None) as (settings, database):
        system = ReferenceSystem(database, business_clock(settings))
        line = AcquirerLine(order, 1_200, "7", datetime.fromisoformat(at))
        with system.write() as work:
            case = work.core.cases.open("theirs-only", order, {"theirs_fen": 1_200})
            work.core.repayments.filed(day, "card", [FiledLine(line)])
    two = ("--officer", "周审核", "--second", "吴复核")
    assert f"theirs-only      {order}" in run("cases", "list").stdout
    assert as_json(run("cases", "show", case, "--json"))["owed_fen"] == 1_200
    words = ("cases", "close", case, "--officer", "周审核", "--outcome", "settled", "--note", "已查")
    assert "name --second too" in run(*words, code=1).stderr
    refund = ("payments", "refund", case, "--reason", "无此订单")
    assert "another officer" in run(*refund, "--officer", "A", "--second", "a", code=1).stderr
    assert "at most 12.00 yuan" in run(*refund, *two, "--yuan", "12.01", code=1).stderr
    done = as_json(run(*refund, *two, "--yuan", "5", "--json"))
    assert (done["state"], done["amount_fen"], done["officer"], done["second"]) == (
        "processing",
        500,
        "周审核",
        "吴复核",
    )
    assert (cards / "refunds" / f"{done['repayment']}.csv").exists()
    assert f"{done['repayment']}  processing         5.00" in run("payments", "refunds").stdout
    assert "refund processing" in run("cases", "list").stdout
    assert "already" in run(*refund, *two, code=1).stderr
    said = run("payments", "refused", done["repayment"], *two, "--reason", "柜台无此指令").stdout
    assert "refused" in said and "柜台无此指令" in said
    assert "no charge is on its way back" in run("payments", "refunds").stdout
    assert done["repayment"] in run("payments", "refunds", "--all").stdout
    assert "is closed: settled" in run(*words, "--second", "吴复核").stdout
    assert "nothing is open" in run("cases", "list").stdout
    assert "closed: settled" in run("cases", "list", "--all").stdout
    assert "was closed by 周审核" in run(*words, "--second", "吴复核", code=1).stderr
    assert "no case 61" in run("cases", "show", "61", code=1).stderr
