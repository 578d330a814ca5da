"""One visit before an album, and the verdict on it: what a walk and a tour have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bureau.city.cases import KEY as HANDED_IN
from bureau.city.cast import FIRMS as CITY_FIRMS
from bureau.city.cast import HEMU
from bureau.city.cast import PERSONAS as CAST
from bureau.city.feedback import FOLLOWED
from bureau.city.feedback import MOBILE as ANSWERED_MOBILE
from bureau.city.guardians import GUARDIAN, UNSEEN, WARD
from bureau.city.lottery import CODE as CLAIM_CODE
from bureau.city.mandates import PRINCIPAL
from bureau.city.stock import PICK_UP_CODE
from bureau.engine.lottery.tickets import code_sha256
from config.catalogue import shipped
from kiosk.domain.masking import mask_name
from kiosk.domain.own_numbers import make_number
from kiosk.domain.title_code import InvoiceTitle, make_title
from kiosk.stack import Stack
from ui.audit import audit
from ui.walk import checker
from ui.walk.album import Album
from ui.walk.evidence import messages_to, read_tables
from ui.walk.phone import Phone
from ui.walk.sheets import pictures
from ui.walk.terminal import Terminal
from ui.walk.touch import NotThere
from ui.walk.visitor import Visitor
from ui.walk.wish import Wish

VISIT_WITHIN_S = 240.0
NOBODYS_DAY, NOBODYS_CODE = date(2026, 10, 12), "7K2M9QX4PD3A8HEW"
REGION = "9900"
MOBILE, ANOTHER_MOBILE = "13912340007", "13912340009"
"""Of visitors' phones: two at once in a tour must not be held up by each other's codes."""
BOOKING_MOBILE = "13912340011"
"""Of who has booked nothing yet."""
ISSUING_MOBILE = "13912340013"
"""Of who issues invoices for no firm yet."""
COMPLAINING_MOBILE = ANSWERED_MOBILE
"""Of who complained before and was answered."""
DRAWN_FROM_FEN = 10_000
PERSONAS = {
    "calendar.view": "tang-yue",
    "tools.calculate": "tang-yue",
    "certificate.iit-record": "li-xiulan",
    "certificate.tax-payment": "xu-wen",
    "certificate.no-arrears": "xu-wen",
    "certificate.social-insurance": "li-xiulan",
    "certificate.residence": "li-xiulan",
    "privacy.my-data": "li-xiulan",
    "privacy.erase": "li-xiulan",
    "certificate.vehicle-purchase": "li-xiulan",
    "certificate.credit": "xu-wen",
    "certificate.declaration-copy": "xu-wen",
    "certificate.verify": "tang-yue",
    "certificate.reissue": "li-xiulan",
    "invoice.collect": "zhou-mingyuan",
    "invoice.verify": "tang-yue",
    "einvoice.list": "he-mulan",
    "einvoice.print": "he-mulan",
    "invoice.pick-up": "ma-yuan",
    "invoice.deliver": "he-mulan",
    "invoice.deliveries": "ma-yuan",
    "invoice.check-used": "lin-tao",
    "invoice.return": "ma-yuan",
    "invoice.void-return": "ma-yuan",
    "invoice.report-loss": "dong-hao",
    "invoice.quota": "he-mulan",
    "invoice.red": "he-mulan",
    "invoice.book": "he-mulan",
    "invoice.issue": "li-xiulan",
    "invoice.title-code": "he-mulan",
    "invoice.device": "lin-tao",
    "invoice.phone-bind": "dong-hao",
    "invoice.phone-unbind": "xu-wen",
    "einvoice.deliver": "he-mulan",
    "declare.vat-small": "shen-zhizhou",
    "pay.arrears": "yang-shun",
    "pay.due": "shen-zhizhou",
    "pay.voucher": "tang-yue",
    "pay.non-tax": "tang-yue",
    "agreement.triparty": "he-mulan",
    "identity.bind-role": "he-mulan",
    "document.sign-for": "zhao-min",
    "identity.enrol": "sun-li",
    "identity.unbind-role": "lin-tao",
    "identity.delegate": "li-xiulan",
    "identity.undelegate": "wang-guifen",
    "identity.guardian": "lin-tao",
    "preference.file": "dong-hao",
    "preference.apply": "dong-hao",
    "materials.supply": "gao-wei",
    "progress.query": "he-mulan",
    "slip.exchange": "gao-wei",
    "queue.ticket": "tang-yue",
    "appointment.book": "tang-yue",
    "appointment.cancel": "tang-yue",
    "lottery.draw": "tang-yue",
    "lottery.claim": "tang-yue",
    "registration.change": "he-mulan",
    "registration.confirm": "bai-lu",
    "registration.query": "he-mulan",
    "registration.verify": "tang-yue",
    "registration.temporary": "tang-yue",
    "registration.withholding": "bai-lu",
    "registration.general-taxpayer": "lin-tao",
    "declare.zero": "shen-zhizhou",
    "declare.fixed-quota": "bai-lu",
    "declare.stamp": "lin-tao",
    "declare.deed": "li-xiulan",
    "declare.vehicle-purchase": "xu-wen",
    "declare.vehicle-vessel": "ma-yuan",
    "declare.rental": "he-mulan",
    "declare.correct": "xu-wen",
    "declare.iit-annual": "li-xiulan",
    "declare.social-insurance": "tang-yue",
    "refund.overpaid": "lin-tao",
    "refund.iit": "he-jiaxin",
    "refund.export": "he-mulan",
    "refund.track": "lin-tao",
    "query.declarations": "xu-wen",
    "query.due": "chen-jing",
    "query.payments": "chen-jing",
    "tools.apps": "tang-yue",
    "school.courses": "tang-yue",
    "school.enrol": "tang-yue",
    "school.cancel": "tang-yue",
    "school.evaluate": "tang-yue",
    "subscribe.manage": "tang-yue",
    "risk.self-check": "gao-wei",
    "share.consent": "he-mulan",
    "share.withdraw": "he-mulan",
    "share.bank-loan": "he-mulan",
    "credit.query": "chen-jing",
    "tools.navigator": "tang-yue",
    "tools.departure-refund": "maja-lindqvale",
    "consult.ask": "tang-yue",
    "library.search": "tang-yue",
    "consult.person": "tang-yue",
    "feedback.complain": "tang-yue",
    "feedback.report": "tang-yue",
    "feedback.track": "tang-yue",
    "feedback.mine": "tang-yue",
    "survey.take": "tang-yue",
    "notices.cases": "tang-yue",
    "help.browse": "tang-yue",
    "help.ask": "tang-yue",
    "help.answer": "tang-yue",
    "ideas.submit": "tang-yue",
    "ideas.vote": "tang-yue",
}
"""Who of the city's cast comes for which service."""
AFTER: Mapping[str, str] = {
    "certificate.reissue": "certificate.iit-record",
    "share.withdraw": "share.consent",
}
"""For what the same person has to come before; in a tour they have, for it stands before in the catalogue."""
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "registration.change": {"phone": "13900002345", "bank": "", "account": "", "address": ""},
    "registration.temporary": {
        "name": "翠湖书摊",
        "address": "云川市书院区翠湖路",
        "starts_on": "2026-10-01",
        "ends_on": "2027-09-30",
        "bank": "",
        "account": "",
    },
    "identity.bind-role": {"number": next(p.number for p in CAST if p.id == "tang-yue")},
    "identity.delegate": {"number": next(p.number for p in CAST if p.id == "chen-mo")},
    "identity.guardian": {"name": UNSEEN.name, "number": UNSEEN.number},
    "registration.verify": {"taxpayer": ""},
    "tools.calculate": {
        "until": "2025-06",
        "sales_fen": "505000",
        "wages_fen": "200000",
        "social_fen": "30000",
        "extra_fen": "24000",
        **dict.fromkeys(
            ("special_fen", "labour_fen", "royalties_fen", "licence_fen", "other_fen", "withheld_fen"), ""
        ),
    },
    "invoice.verify": {"code": "", "check": ""},
    "invoice.issue": {"name": "", "gross_fen": "10100", "quantity": "", "unit": ""},
    "invoice.report-loss": {"found_on": "2026-10-12"},
    "invoice.quota": {"monthly_max": "80"},
    "preference.apply": {"relief_since": "2026-01", "relief_until": "2026-12"},
    "registration.withholding": {"withholding_since": "2026-10-01"},
    "invoice.pick-up": {"code": PICK_UP_CODE},
    "declare.correct": {"amount_fen": "9000000", "price_fen": "9900000", "rent_fen": "20000"},
    "refund.export": {"year": "2026"},
    "refund.iit": {"account": "6217000000000001234"},
    "identity.enrol": {"mobile": ANOTHER_MOBILE},
    "tools.departure-refund": {"arrived_on": "2026-09-28", "leaves_on": "2026-10-20"},
    "queue.ticket": {"mobile": MOBILE},
    "pay.arrears": {"now_fen": "1000"},
    "appointment.book": {"mobile": BOOKING_MOBILE},
    "school.enrol": {"mobile": BOOKING_MOBILE, "number": "100002"},
    "school.cancel": {"mobile": next(p.mobile for p in CAST if p.id == "tang-yue")},
    "school.evaluate": {
        "mobile": next(p.mobile for p in CAST if p.id == "tang-yue"),
        "number": "10000001",
        "words": "",
    },
    "invoice.phone-bind": {"mobile": ISSUING_MOBILE},
    "appointment.cancel": {"mobile": next(p.mobile for p in CAST if p.id == "tang-yue")},
    "lottery.draw": {"mobile": MOBILE, "code": "", "check": ""},
    "lottery.claim": {"account": "6217000000000001234"},
    "feedback.complain": {
        "day": "2026-10-12",
        "place": "一号办税厅",
        "officer": "",
        "facts": "排队两小时，窗口只开了一个",
        "more": "",
        "wish": "请多开窗口",
        "name": "",
        "mobile": COMPLAINING_MOBILE,
    },
    "feedback.report": {
        "target": "翠湖小吃店",
        "taxpayer": "",
        "address": "云川市书院区翠湖路",
        "facts": "只收现金，不开发票",
        "more": "",
        "name": "唐悦",
        "id_number": next(p.number for p in CAST if p.id == "tang-yue"),
        "mobile": COMPLAINING_MOBILE,
    },
    "feedback.track": {"words": "等候时间还是很长"},
    "feedback.mine": {"mobile": COMPLAINING_MOBILE, "words": "还没有看到材料清单"},
    "subscribe.manage": {"mobile": "13912340029"},
    "consult.person": {"mobile": "13912340031"},
    "help.ask": {"mobile": "13912340021"},
    "help.answer": {"mobile": "13912340023"},
    "ideas.submit": {"mobile": "13912340025"},
    "ideas.vote": {"mobile": "13912340027"},
}
"""What they correct of a form that is prefilled, by service and row; empty: a row they leave as it is."""
ASKS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "survey.take": {
        "zh-CN": {"more": "终端的字再大"},
        "en-US": {"more": "larger letters at the terminal"},
    },
    "consult.person": {
        "zh-CN": {"words": "滞纳金从哪天算", "line": "知道了"},
        "en-US": {"words": "late payment surcharge from which day", "line": "i see"},
    },
    "help.browse": {"zh-CN": {"words": "滞纳金"}, "en-US": {"words": "surcharge"}},
    "help.ask": {
        "zh-CN": {"words": "滞纳金从哪天算13912340007"},
        "en-US": {"words": "late payment surcharge from which day"},
    },
    "help.answer": {"zh-CN": {"words": "先问窗口"}, "en-US": {"words": "ask at a counter first"}},
    "ideas.submit": {
        "zh-CN": {"words": "终端的字再大"},
        "en-US": {"words": "larger letters at the terminal"},
    },
    "consult.ask": {"zh-CN": {"words": "滞纳金怎么算"}, "en-US": {"words": "late payment surcharge"}},
    "library.search": {
        "zh-CN": {"words": "契税税率", "day": "2024-06-28"},
        "en-US": {"words": "rates of deed tax", "day": "2024-06-28"},
    },
}
"""What they ask and look for, by service, language and row; the day is one of an earlier law."""
BEGUN: Mapping[str, Mapping[str, str]] = {
    "invoice.issue": {
        "buyer.kind": "ordinary",
        "buyer.name": next(firm.name for firm in CITY_FIRMS if firm.taxpayer == HEMU),
        "buyer.number": HEMU,
        "goods.goods": "3070500000000000000",
        "goods.name": "保洁",
        "goods.gross_fen": "10100",
        "goods.quantity": "2",
        "goods.unit": "次",
    },
}
"""What they filled in on their phone before they came, by service."""
CORRECTED: Mapping[str, Mapping[str, str]] = {"invoice.issue": {"quantity": "3"}}
"""Of that what they correct at the terminal."""
BUYER = next(firm for firm in CITY_FIRMS if firm.taxpayer == HEMU)
"""Whose title code they hold."""
FIRMS = {"declare.zero": "拾光", "pay.due": "青禾", "query.payments": "青禾", "refund.export": "恒泰"}
"""For which of their enterprises, where it is not the first: by its name."""


@dataclass
class Verdict:
    """What came of it."""

    ok: bool
    service: str
    transaction: str
    pages: int
    seconds: float
    problems: list[str]

    def write(self, folder: Path) -> None:
        """``verdict.json``."""
        (folder / "verdict.json").write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n")


def wish_of(stack: Stack, service: str, persona: str = "") -> Wish:
    """Who comes for ``service``: the cast's own person for it, unless another is named."""
    wanted = persona or PERSONAS[service]
    found = next((p for p in stack.personas() if p["id"] == wanted), None)
    if found is None:
        raise NotThere(f"nobody of the cast is {wanted!r}")
    firms = [role["taxpayer"] for role in found["roles"] if FIRMS.get(service, "") in role["name"]]
    taxpayer = firms[0] if firms else ""
    wish = Wish(
        service=service,
        persona=found,
        way=shipped().way_to(service),
        taxpayer=taxpayer,
        answers=ANSWERS.get(service, {}),
        asks=ASKS.get(service, {}),
    )
    if service == "invoice.verify":
        return replace(wish, code=_code_of_invoice(stack))
    if service in ("lottery.draw", "invoice.book"):
        return replace(wish, code=_code_of_invoice(stack, drawable=True))
    if service == "lottery.claim":
        drawn = read_tables(stack.centre_dir / "bureau.db", ("lottery_ticket",))["lottery_ticket"]
        ticket = next(t for t in drawn if t["code_sha256"] == code_sha256(t["ticket"], CLAIM_CODE))
        return replace(wish, code=f"{stack.bureau_url}/l/{ticket['ticket']}?c={CLAIM_CODE}")
    if service == "pay.voucher":
        return replace(wish, code=_voucher(stack))
    if service == "tools.departure-refund":
        return replace(wish, codes=_bought(stack, wish.persona))
    if service == "pay.non-tax":
        return replace(wish, code=_notice_to_pay(stack))
    if service == "registration.verify":
        return replace(wish, code=f"https://licence.example/q?no={HEMU}")
    if service == "slip.exchange":
        return replace(wish, code=f"{stack.bureau_url}/s/{HANDED_IN}")
    if service == "feedback.track":
        return replace(wish, code=f"{stack.bureau_url}/s/{FOLLOWED}")
    if service in ("help.answer", "ideas.vote"):
        return replace(wish, answers={**wish.answers, "number": _written(stack, service)})
    if service in ("refund.overpaid", "refund.export"):
        return replace(wish, answers={**wish.answers, **_on_paper(stack, taxpayer)})
    if service == "invoice.issue":
        return replace(wish, code=make_title(InvoiceTitle(BUYER.name, BUYER.taxpayer)))
    return _with_paper(stack, wish) if service == "certificate.verify" else wish


def with_phone(wish: Wish, phone: Phone, how: str) -> Wish:
    """Whoever comes filled the forms in on their phone, and corrects one row of them at the terminal."""
    code = phone.begin(wish.service, BEGUN[wish.service])
    left = dict.fromkeys((row.rpartition(".")[2] for row in BEGUN[wish.service]), "")
    answers = {**left, **CORRECTED[wish.service], "draft-code": code.rpartition("/")[2]}
    return replace(wish, code=code, begun=how, answers=answers)


def for_another(wish: Wish) -> Wish:
    """Whoever comes does it for who gave them the city's mandate, or for their ward."""
    whose = WARD if wish.persona["id"] == GUARDIAN.id else PRINCIPAL
    return replace(wish, principal=mask_name(whose.name))


def _on_paper(stack: Stack, taxpayer: str) -> Mapping[str, str]:
    """What the person brings where the centre cannot fill in the form: account, and receipt of a corrected return."""
    books = read_tables(stack.centre_dir / "bureau.db", ("registration_entry", "declaration"))
    facts = {
        r["fact"]: json.loads(r["value"]) for r in books["registration_entry"] if r["taxpayer"] == taxpayer
    }
    returns = [row for row in books["declaration"] if row["taxpayer"] == taxpayer]
    corrected = {(r["tax"], r["period_first"]) for r in returns if r["state"] == "replaced"}
    receipts = [r for r in returns if r["state"] == "filed" and (r["tax"], r["period_first"]) in corrected]
    receipt = {"declaration": receipts[0]["declaration"]} if receipts else {}
    return {**{fact: facts[fact] for fact in ("bank", "account") if fact in facts}, **receipt}


def _code_of_invoice(stack: Stack, *, drawable: bool = False) -> str:
    """The QR code of the last 数电票 of this city that still stands; ``drawable``: of those that have a prize drawn."""
    sales = read_tables(stack.centre_dir / "bureau.db", ("sale",))["sale"]
    gone = {s["red_of"] for s in sales}
    standing = (s for s in sales if not s["code"] and s["state"] == "valid" and s["number"] not in gone)
    if drawable:
        private = (s for s in standing if s["kind"] == "ordinary" and not s["buyer_number"])
        standing = (s for s in private if s["net_fen"] >= DRAWN_FROM_FEN)
    last = max(standing, key=lambda s: (str(s["issued_on"]) if drawable else "", str(s["number"])))
    return code_of_sale(last)


def code_of_sale(last: Mapping[str, Any]) -> str:
    """The QR code that is printed on a 数电票 of the centre's books."""
    kind, total = {"special": "31", "ordinary": "32"}[last["kind"]], last["net_fen"] + last["tax_fen"]
    day = str(last["issued_on"]).replace("-", "")
    return f"01,{kind},,{last['number']},{total // 100}.{total % 100:02},{day},,A1B2"


def _bought(stack: Stack, traveller: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of the invoices that a traveller was given, by their name."""
    sales = read_tables(stack.centre_dir / "bureau.db", ("sale",))["sale"]
    mine = sorted((s for s in sales if s["buyer"] == traveller["name"]), key=lambda s: str(s["number"]))
    return tuple(code_of_sale(sale) for sale in mine)


def _voucher(stack: Stack) -> str:
    """The number of the payment voucher that holds the longest of those that no officer has withdrawn."""
    issued = read_tables(stack.centre_dir / "bureau.db", ("bill",))["bill"]
    standing = [bill for bill in issued if bill["withdrawn_at"] is None]
    return str(max(standing, key=lambda bill: str(bill["valid_until"]))["bill"])


def _written(stack: Stack, service: str) -> str:
    """The number of a published question or idea, for who types it while there is no network."""
    kind = "idea" if service == "ideas.vote" else "question"
    rows = read_tables(stack.centre_dir / "bureau.db", ("contribution",))["contribution"]
    open_ = (row for row in rows if row["kind"] == kind and row["state"] == "published")
    return max(str(row["number"]) for row in open_ if row["stage"] in ("", "new"))


def _notice_to_pay(stack: Stack) -> str:
    """The payment code of the city's notice of non-tax revenue that is late and can still be paid."""
    issued = read_tables(stack.centre_dir / "bureau.db", ("nontax_notice",))["nontax_notice"]
    return next(str(notice["code"]) for notice in issued if notice["item"] == "water-soil")


def _with_paper(stack: Stack, wish: Wish) -> Wish:
    """Who checks a certificate holds one of this centre's; before there is any, one that nobody has issued."""
    issued = read_tables(stack.centre_dir / "bureau.db", ("certificate",)).get("certificate", ())
    if issued:
        return replace(wish, code=issued[-1]["verify_url"])
    return replace(wish, answers={"number": make_number("21", REGION, NOBODYS_DAY, 42), "code": NOBODYS_CODE})


def visit(
    terminal: Terminal,
    wish: Wish,
    folder: Path,
    problems: list[str],
    *,
    takes: bool = True,
    refused: Callable[[Mapping[str, Any]], None] = lambda _page: None,
    messages: Callable[[str], Sequence[str]] | None = None,
) -> Album:
    """From the first touch to the wipe; a visitor who is lost is one of ``problems``.

    ``takes``: dispensed sheets. ``refused`` is told each page that says no. ``messages``: what came to a phone, the
    latest last; without it what this centre sent.
    """
    window = terminal.screen.window
    album = Album(folder, window, audit, terminal.moment)
    read = messages or partial(messages_to, terminal.stack.centre_dir)
    visitor = Visitor(
        wish,
        window,
        terminal.hands,
        album,
        terminal.seen,
        takes=takes,
        messages=lambda: read(wish.answers.get("mobile", MOBILE)),
        refused=refused,
    )
    try:
        visitor.walk(VISIT_WITHIN_S)
    except NotThere as lost:
        album.take("lost")
        problems.append(f"the visitor could not go on: {lost}")
        _leave(visitor, problems)
    return album


def _leave(visitor: Visitor, problems: list[str]) -> None:
    """The next visitor must not find what this one left."""
    try:
        visitor.go_away(VISIT_WITHIN_S)
    except NotThere as stuck:
        problems.append(f"the terminal stays where it was left: {stuck}")


def judge(
    folder: Path, service: str, album: Album | None, seconds: float, problems: list[str], end: str = "done"
) -> Verdict:
    """The verdict by the evidence in ``folder`` and what was seen on the way, written beside it.

    ``end``: the page with which the visit here ends.
    """
    if album is not None:
        if not any(end in page for page in album.pages):
            problems.append("the visitor did not come to the service's end page")
        problems += [f"{page}: {finding}" for page, found in album.findings.items() for finding in found]
        album.close(pictures(folder / "printed"))
    problems += checker.check(folder)
    transaction = _transaction(folder, service)
    if not transaction:
        problems.append("the service was never opened: what was looked at is another's")
    pages = len(album.pages) if album else 0
    verdict = Verdict(not problems, service, transaction, pages, round(seconds, 1), problems)
    verdict.write(folder)
    return verdict


def _transaction(folder: Path, service: str) -> str:
    for line in (folder / "journal.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["kind"] == "service.opened" and record["body"].get("service") == service:
            return str(record["transaction"])
    return ""
