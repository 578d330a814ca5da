"""What is asked for each cell of the matrix: who stands there, and what the operation is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from bureau.api.examples import QUERIES
from bureau.city import guardians, mandates
from bureau.city.cast import HEMU
from bureau.engine.authorisation import Claim, Operation
from bureau.engine.corrections import corrects
from bureau.engine.remote import desk
from kiosk.domain.ids import uuid7
from kiosk.domain.people import Role
from tests.bureau.api.conftest import Wire
from tests.bureau.conftest import CODE
from tests.bureau.enrolling import hand
from tests.bureau.pages import page, picture
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal, subject

HOLDERS = {
    Role.LEGAL_REPRESENTATIVE: "he-mulan",
    Role.FINANCE_OFFICER: "xu-wen",
    Role.TAX_HANDLER: "shen-zhizhou",
    Role.INVOICE_COLLECTOR: "zhou-mingyuan",
    Role.AGENT: "xie-an",
}
"""Who holds that role, and no other, in the enterprise (``HEMU``); the second and the last are bound by the test."""
OWN_NAME = "tang-yue"
"""A taxpayer in her own name, registered by the test."""
ATTORNEY = subject(mandates.ATTORNEY.id) | {"mandate": mandates.number(DAY)}
"""Who acts for an old lady, a taxpayer in her own name, registered by the test."""
GUARDIAN = subject(guardians.GUARDIAN.id) | {"mandate": guardians.number(DAY)}
"""Who acts for her daughter, a taxpayer in her own name, registered by the test."""
OTHERS_WARD = subject("he-mulan") | {"mandate": guardians.number(DAY)}
PERIOD = {"first": "2026-01", "last": "2026-09"}
WANTED = {"kind": "04", "count": 1, "unit": "unit1", "code": CODE, "next_number": "00274801"}
INVOICE = "26991999999999999999"
"""Nobody issued it."""
PAGE = page(picture())
DEVICE = {"month": "2026-09-01", "said": QUERIES["device.status"]["params"]}
ABSENT = "91990199MA6000000X"

CLAIMS: dict[Claim, dict[str, Any]] = {
    Claim.NOBODY: {"person": None, "taxpayer": HEMU, "role": "L"},
    Claim.CARD_ALONE: subject("he-mulan", HEMU, "L", evidence="document", face=None),
    Claim.OTHERS_CARD: subject("he-mulan", HEMU, "L", name="唐悦"),
    Claim.NOT_ENROLLED: subject("sun-li", HEMU, "L"),
    Claim.ROLE_NOT_HELD: subject("zhou-mingyuan", HEMU, "L"),
    Claim.OTHERS_TAXPAYER: subject(OWN_NAME, HEMU),
    Claim.NO_TAXPAYER: subject("he-mulan"),
    Claim.ABSENT_TAXPAYER: subject("he-mulan", ABSENT, "L"),
    Claim.OTHERS_MANDATE: subject("he-mulan") | {"mandate": mandates.number(DAY)},
}


@dataclass(frozen=True)
class Things:
    """An order of each channel, a reservation and a certificate that a terminal made."""

    order: str
    card_order: str
    debit_order: str
    reservation: str
    certificate: str
    talk: str
    """The visit of a conversation with an officer."""

    @classmethod
    def made_at(
        cls,
        terminal: Terminal,
        payer: dict[str, Any],
        debtor: dict[str, Any],
        taker: dict[str, Any],
        first: str,
    ) -> Things:
        """``payer`` has dues, ``debtor`` arrears and an agreement, ``taker`` takes invoices from ``first`` on."""
        payable = [due for due in terminal.data("dues.list", payer)["dues"] if due["payable"]]
        orders = [
            {
                "dues": [due["due"]],
                "amount_fen": due["amount_fen"] + due["late_fee_fen"],
                "channel": channel,
            }
            for due, channel in zip(payable, ("qr-shown", "card"), strict=False)
        ]
        record = terminal.data("iit.record", taker, PERIOD)
        wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
        return cls(
            *(str(terminal.do("payment.create", order, payer).result["order"]) for order in orders),
            _debit_order(terminal, debtor),
            str(
                terminal.do("invoice.reserve", {**WANTED, "next_number": first}, taker).result["reservation"]
            ),
            str(terminal.do("certificate.issue", wanted, taker).result["number"]),
            _talk(terminal, taker),
        )


def _talk(terminal: Terminal, who: dict[str, Any]) -> str:
    """Somebody waits there for an officer; their visit."""
    with terminal.container.system.write() as work:
        desk.serve(work.core, "somebody")
    visit = f"visit-of-{terminal.name}"
    given = {"visit": visit, "topic": "other", "words": "怎么报税？"}
    terminal.data("consult.open", who, given, "consult.person")
    return visit


def _debit_order(terminal: Terminal, debtor: dict[str, Any]) -> str:
    """An order to debit the first of the arrears that is free."""
    service = "pay.arrears"
    for row in terminal.data("arrears.list", debtor, service=service)["arrears"]:
        order = {"dues": [row["due"]], "amount_fen": row["owed_fen"], "channel": "debit"}
        answer = terminal.do("payment.create", order, debtor, service=service)
        if answer.state == "accepted":
            return str(answer.result["order"])
    raise AssertionError(f"no order to debit: {answer.refusal}")


COMPLAINT = {
    "kind": "manner", "about": "window", "day": "2026-10-12", "facts": "等了两个小时", "wish": "请多开窗口",
}  # fmt: skip
TIP_OFF = {"conduct": "other", "target": "某某店", "facts": "不开发票", "naming": "anonymous"}
NONE = Things(
    "41990026101299999997",
    "41990026101299999998",
    "41990026101299999999",
    "00000000000000000000",
    "21990026101299999999",
    "visit-of-nobody",
)
"""What nobody ever made."""


def params_of(operation: Operation, things: Things) -> dict[str, Any]:
    """Parameters of a question that are in order in themselves."""
    params: dict[str, Any] = dict(QUERIES[operation.name]["params"])
    order = things.debit_order if operation.name == "payment.debit" else things.order
    if operation.name == "consult.talk":
        return params | {"visit": things.talk}
    return params | {"order": order} if "order" in params else params


def data_of(operation: Operation, things: Things) -> dict[str, Any]:
    """Data of an effect that are in order in themselves."""
    const = {
        name: value["const"]
        for step in operation.service.steps
        if step.kind == "submit" and step.effect == operation.name
        for name, value in step.data.items()
        if isinstance(value, dict)
    }
    figures = dict.fromkeys(
        ("ordinary_sales_fen", "special_sales_fen", "uninvoiced_sales_fen", "vat_fen", "city_fen",
         "education_fen", "local_education_fen", "total_fen"), 0,
    )  # fmt: skip
    vat = {
        "period_first": "2026-07-01", "period_last": "2026-09-30", "levy_rate": "0.01", "city_rate": "0.07",
        "half_six_taxes": True, "parameters_hash": "0" * 64, **figures,
    }  # fmt: skip
    facts = {"facts": {}, "total_fen": 0, "parameters_hash": "0" * 64}
    mend = {
        "way": "correct", "corrects": "31990026101200000420", "tax": "vat-small", "period_first": "2026-07-01",
        "period_last": "2026-09-30", **facts,
    }  # fmt: skip
    data: dict[str, dict[str, Any]] = {
        "certificate.issue": {**PERIOD, "content_sha256": "0" * 64},
        "certificate.printed": {"number": things.certificate, "outcome": "notPrinted"},
        "certificate.reissue": {
            "number": "21990026101200000424",
            "way": "reprint",
            "content_sha256": "0" * 64,
        },
        "certificate.deliver": {"number": "21990026101200000424"},
        "declaration.submit": mend
        if corrects(operation.service)
        else (vat if const.get("tax") == "vat-small" else facts),
        "invoice.reserve": WANTED,
        "invoice.commit": {"reservation": things.reservation, "code": CODE, "delivered": []},
        "identity.enrol": hand(),
        "document.serve": hand(document="66990026101200000010", content_sha256="0" * 64),
        **dict.fromkeys(("device.report", "device.unlock"), DEVICE),
        "lottery.draw": {"number": INVOICE, "issued": "2026-10-01", "amount_fen": 100},
        "appointment.book": {"line": "general", "hall": "H-01", "at": "2026-10-13T09:30:00+08:00"},
        "appointment.cancel": {"token": "01940000-0000-4000-8000-000000000001"},
        "queue.take": {"line": "general"},
        "subscription.change": {"topics": ["notices"]},
        "school.enrol": {"session": "999999"},
        "school.cancel": {"token": "01940000-0000-4000-8000-000000000001"},
        "school.evaluate": {"enrolment": "19999999", "level": "good"},
        "help.ask": {"topic": "other", "text": "大厅几点开门？"},
        "consult.call-back": {
            "topic": "other",
            "words": "怎么报税？",
            "mobile": "13912340007",
            "slot": "any",
        },
        "help.answer": {"number": "67990026101200000012", "author": "taxpayer", "text": "八点半。"},
        "help.thank": {"question": "67990026101200000012"},
        "ideas.submit": {"topic": "other", "text": "多放几把椅子"},
        "ideas.vote": {"number": "67990026101200000012", "vote": "for"},
        "invoice.check": {"number": INVOICE, "issued": "2026-10-01", "amount_fen": 100},
        "invoice.red": {"invoice": INVOICE, "reason": "returned", "amount_fen": 100},
        "invoice.apply": {
            "kind": "ordinary",
            "buyer": "个人",
            "goods": "3070500000000000000",
            "gross_fen": 100,
            "total_fen": 0,
            "parameters_hash": "0" * 64,
        },
        "invoice.issue": {"application": "31990026101299999998"},
        "einvoice.copy": {"invoice": INVOICE},
        "einvoice.deliver": {"invoice": INVOICE, "way": "code"},
        "matter.submit": {},
        "material.page": PAGE,
        "materials.supply": {
            "number": "63990026101299999999",
            "pages": [{"key": uuid7(), "sha256": "0" * 64}],
        },
        "visit.continue": {"answers": {}},
        "payment.create": {"dues": ["none"], "amount_fen": 0, "channel": "qr-shown"},
        "payment.close": {"order": things.order},
        "payment.card": {"order": things.card_order, "outcome": "notCharged", "amount_fen": 0},
        "survey.take": {"survey": "none", "answers": []},
        "departure.apply": {**QUERIES["departure.assess"]["params"], "port": "airport"},
        "feedback.rate": {"item": uuid7(), "level": 5},
        "feedback.complain": COMPLAINT,
        "feedback.report": TIP_OFF,
        "feedback.reply": {"key": uuid7(), "level": "fair"},
    }
    submitted = operation.name in ("certificate.issue", "declaration.submit")
    return data[operation.name] | (const if submitted else {})


def request_of(
    wire: Wire, operation: Operation, who: dict[str, Any], things: Things, terminal: Terminal | None = None
) -> requests.PreparedRequest:
    """The request of the operation, not signed yet; an effect is recorded by ``terminal``."""
    name, service = operation.name, operation.service.id
    if not operation.effect:
        body = wire.question(name, who, service, params_of(operation, things))
        return wire.prepared("POST", f"/v1/queries/{name}", body)
    record = (terminal or wire.terminal).intent(name, data_of(operation, things), who, service=service)
    return wire.prepared("POST", "/v1/effects", record.envelope, Content_Type="application/cbor")
