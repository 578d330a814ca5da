"""Examples for ``/openapi.json``: true to form, with invented people."""

from __future__ import annotations

from typing import Any

from sync.models import Wire

PERSON: dict[str, Any] = {
    "kind": "resident-id",
    "number": "539902198507090245",
    "name": "李秀兰",
    "evidence": "document+face",
    "face": {"matcher": "reference", "score": 0.93, "live": True},
}
SUBJECT: dict[str, Any] = {"person": PERSON, "taxpayer": "91990199MA607F0M7X", "role": "T"}
ZERO = "0" * 64

QUERIES: dict[str, dict[str, Any]] = {
    "person.profile": {"service": "pay.due", "params": {}},
    "iit.months": {"service": "certificate.iit-record", "params": {}},
    "iit.record": {"service": "certificate.iit-record", "params": {"first": "2026-01", "last": "2026-09"}},
    "certificate.months": {"service": "certificate.tax-payment", "params": {}},
    "certificate.preview": {
        "service": "certificate.tax-payment",
        "params": {"first": "2026-01", "last": "2026-09", "form": "list"},
    },
    "certificate.items": {"service": "certificate.declaration-copy", "params": {}},
    "certificate.held": {"service": "certificate.reissue", "params": {}},
    "certificate.again": {
        "service": "certificate.reissue",
        "params": {"number": "21990026101200000424", "way": "reprint"},
    },
    "device.status": {
        "service": "invoice.device",
        "params": {
            "device": "661600000017",
            "taxpayer": "91990199MA60XK2C3T",
            "counter": 6,
            "cleared": "2026-08-01",
            "issues_until": "2026-10-26",
            "locked": False,
            "reports": [{"month": "2026-09-01", "text": "UjF8", "mac": "AAAA"}],
        },
    },
    "consult.open": {
        "service": "consult.person",
        "params": {"visit": "01940000-0000-7000-8000-000000000002", "topic": "other", "words": "怎么报税？"},
    },
    "consult.talk": {
        "service": "consult.person",
        "params": {"visit": "01940000-0000-7000-8000-000000000002"},
    },
    "credit.record": {"service": "credit.query", "params": {}},
    "documents.list": {"service": "document.sign-for", "params": {}},
    "identity.enrolment": {"service": "identity.enrol", "params": {}},
    "phone.code": {"service": "lottery.draw", "params": {"mobile": "13900002345"}},
    "phone.check": {
        "service": "lottery.draw",
        "params": {"challenge": "01940000-0000-7000-8000-000000000001", "code": "123456"},
    },
    "help.published": {"service": "help.browse", "params": {}},
    "help.open": {"service": "help.answer", "params": {}},
    "ideas.list": {"service": "ideas.vote", "params": {}},
    "queue.lines": {"service": "queue.ticket", "params": {}},
    "loans.list": {"service": "share.bank-loan", "params": {}},
    "loans.check": {"service": "share.bank-loan", "params": {"product": "rural-easy", "width": "needed"}},
    "shares.list": {"service": "share.consent", "params": {}},
    "shares.log": {"service": "share.consent", "params": {}},
    "shares.check": {"service": "share.consent", "params": {"recipient": "guarantee"}},
    "shares.standing": {"service": "share.withdraw", "params": {}},
    "risk.hints": {"service": "risk.self-check", "params": {}},
    "subscriptions.list": {"service": "subscribe.manage", "params": {}},
    "library.edited": {"service": "consult.ask", "params": {}},
    "notices.cases": {"service": "notices.cases", "params": {}},
    "survey.list": {"service": "survey.take", "params": {}},
    "school.courses": {"service": "school.courses", "params": {}},
    "school.choices": {"service": "school.enrol", "params": {}},
    "school.mine": {"service": "school.cancel", "params": {}},
    "school.attended": {"service": "school.evaluate", "params": {}},
    "apps.list": {"service": "tools.apps", "params": {}},
    "departure.assess": {
        "service": "tools.departure-refund",
        "params": {
            "arrived_on": "2026-09-28",
            "leaves_on": "2026-10-20",
            "invoices": [{"number": "26995000000000000001", "issued": "2026-10-08", "amount_fen": 118000}],
        },
    },
    "appointment.choices": {"service": "appointment.book", "params": {}},
    "appointment.mine": {"service": "appointment.cancel", "params": {}},
    "appointment.halls": {"service": "appointment.book", "params": {"line": "general"}},
    "appointment.days": {"service": "appointment.book", "params": {"line": "general", "hall": "H-01"}},
    "appointment.times": {
        "service": "appointment.book",
        "params": {"line": "general", "hall": "H-01", "day": "2026-10-13"},
    },
    "feedback.case": {
        "service": "feedback.track",
        "params": {"number": "67990026100900000018", "code": "7K2M9QX4PD"},
    },
    "feedback.mine": {"service": "feedback.mine", "params": {}},
    "lottery.ticket": {
        "service": "lottery.claim",
        "params": {"ticket": "64990026100900000014", "code": "7K2M9QX4PD"},
    },
    "slip.notice": {
        "service": "slip.exchange",
        "params": {"key": "01940000-0000-7000-8000-000000000001"},
    },
    "certificate.keys": {"service": "certificate.verify", "params": {}},
    "certificate.verify": {
        "service": "certificate.verify",
        "params": {"number": "21990026101200000424", "code": "7K2M9QX4PD3A8HEW"},
    },
    "invoice.entitlement": {
        "service": "invoice.collect",
        "params": {
            "units": [
                {
                    "unit": "unit1",
                    "code": "099002600104",
                    "next_number": "00274801",
                    "last_number": "00275112",
                    "count": 312,
                }
            ]
        },
    },
    "agency.terms": {
        "service": "invoice.issue",
        "params": {"kind": "ordinary", "buyer": "云川禾木文具有限公司", "buyer_number": "91990199MA607F0M7X"},
    },
    "draft.open": {"service": "invoice.issue", "params": {"code": "7K2M9QX4PD"}},
    "agency.tax": {
        "service": "invoice.issue",
        "params": {
            "kind": "ordinary",
            "buyer": "云川禾木文具有限公司",
            "buyer_number": "91990199MA607F0M7X",
            "goods": "3070500000000000000",
            "gross_fen": 1010000,
        },
    },
    "einvoices.spans": {"service": "einvoice.list", "params": {}},
    "einvoices.list": {"service": "einvoice.list", "params": {"first": "2026-09-01", "last": "2026-09-30"}},
    "invoice.title": {"service": "invoice.title-code", "params": {}},
    "einvoice.ways": {"service": "einvoice.deliver", "params": {}},
    "einvoice.preview": {"service": "einvoice.print", "params": {"invoice": "26991000000000000001"}},
    "invoice.order": {
        "service": "invoice.pick-up",
        "params": {
            "pickup": "K7M2Q9XD",
            "units": [
                {
                    "unit": "unit1",
                    "code": "099002600104",
                    "next_number": "00274801",
                    "last_number": "00275112",
                    "count": 312,
                }
            ],
        },
    },
    "invoice.holdings": {"service": "invoice.return", "params": {}},
    "invoice.deliverable": {"service": "invoice.deliver", "params": {}},
    "invoice.deliveries": {"service": "invoice.deliveries", "params": {}},
    "invoice.approvals": {"service": "invoice.quota", "params": {}},
    "vat.prefill": {"service": "declare.vat-small", "params": {}},
    "vat.surcharge": {
        "service": "declare.vat-small",
        "params": {
            "period_first": "2026-07-01",
            "period_last": "2026-09-30",
            "vat_fen": 386400,
            "city_fen": 13524,
            "education_fen": 5796,
            "local_education_fen": 3864,
        },
    },
    "return.periods": {"service": "declare.vat-small", "params": {}},
    "return.prefill": {"service": "declare.deed", "params": {}},
    "return.surcharge": {
        "service": "declare.stamp",
        "params": {
            "facts": {
                "item": "loan",
                "contract": "JK2026001",
                "amount_fen": 200000000,
                "signed_on": "2026-10-08",
            }
        },
    },
    "correction.prefill": {
        "service": "declare.correct",
        "params": {"declaration": "31990026101200000420"},
    },
    "correction.surcharge": {
        "service": "declare.correct",
        "params": {
            "declaration": "31990026101200000420",
            "facts": {
                "item": "loan",
                "contract": "JK2026001",
                "amount_fen": 200000000,
                "signed_on": "2026-10-08",
            },
        },
    },
    "correction.ways": {
        "service": "declare.correct",
        "params": {"declaration": "31990026101200000420"},
    },
    "declarations.list": {"service": "query.declarations", "params": {}},
    "obligations.list": {"service": "query.due", "params": {}},
    "payments.list": {"service": "query.payments", "params": {}},
    "arrears.list": {"service": "pay.arrears", "params": {}},
    "dues.list": {"service": "pay.due", "params": {}},
    "bill.payable": {"service": "pay.voucher", "params": {"number": "44990026101200042185"}},
    "nontax.payable": {"service": "pay.non-tax", "params": {"code": "99019926000100042174"}},
    "refund.overpaid": {"service": "refund.overpaid", "params": {}},
    "refund.exports": {"service": "refund.export", "params": {}},
    "refund.list": {"service": "refund.track", "params": {}},
    "privacy.held": {"service": "privacy.my-data", "params": {}},
    "privacy.accesses": {"service": "privacy.my-data", "params": {}},
    "registration.details": {"service": "registration.query", "params": {}},
    "registration.temporary": {"service": "registration.temporary", "params": {}},
    "registration.verify": {
        "service": "registration.verify",
        "params": {"taxpayer": "91990199MA607F0M7X"},
    },
    "identity.candidate": {"service": "identity.bind-role", "params": {"number": "539902198507090245"}},
    "invoice.phones": {"service": "invoice.phone-bind", "params": {}},
    "mandate.attorney": {"service": "identity.delegate", "params": {"number": "110105194912310024"}},
    "mandates.list": {"service": "identity.undelegate", "params": {}},
    "guardian.ward": {
        "service": "identity.guardian",
        "params": {"number": "110105201603120028", "name": "林小禾", "kind": "parent"},
    },
    "materials.cases": {"service": "materials.supply", "params": {}},
    "progress.list": {"service": "progress.query", "params": {}},
    "payment.status": {"service": "pay.due", "params": {"order": "41990026101200000017"}},
    "payment.debit": {"service": "pay.due", "params": {"order": "41990026101200000017"}},
    "payment.charge": {
        "service": "pay.due",
        "params": {"order": "41990026101200000017", "code": "280000000000000001"},
    },
}

ENROLMENT: dict[str, Any] = {
    "code": "7K2M-9QX4-PD3A",
    "public_key": "b64 of 32 bytes (Ed25519), or of a SubjectPublicKeyInfo (SM2)",
    "sealing_key": "b64 of 32 bytes (X25519)",
    "asset": "A-07",
    "inventory": {"cabinet": "K3"},
}
HEARTBEAT: dict[str, Any] = {
    "terminal": "A-07",
    "sent_at": "2026-10-12T09:51:00+08:00",
    "devices": {"documentPrinter": "online"},
    "readings": {"cabinetDoor": {"value": "open", "source": "auxiliaries", "age_s": 2.0}},
    "supplies": [
        {"role": "receiptPrinter", "name": "paper", "counter": "mm", "left": 61250, "full": 80000, "code": ""}
    ],
    "events": [{"sensor": "cabinetDoor", "value": "open", "at": "2026-10-12T09:48:07+08:00", "staff": ""}],
    "queue_depth": 0,
    "oldest_unacked_s": None,
    "software": "tax-kiosk/0.1.0",
}
USE: dict[str, Any] = {
    "visits": [
        {
            "id": "5b0f6f1d0c5e4d2a9a4f0c7e8d1b2a3c",
            "began": "2026-10-12T09:45:00+08:00",
            "lang": "zh-CN",
            "mode": "elder",
            "signed_in": "document",
            "seconds": 161.4,
            "services": [
                {
                    "service": "invoice.collect",
                    "ended": "refused",
                    "at": "reserve",
                    "code": "limitReached",
                    "offline": False,
                    "seconds": 74.2,
                    "steps": [
                        {"step": "identify", "kind": "identify", "came": 1, "seconds": 12.5, "waited_s": 0.0},
                        {"step": "reserve", "kind": "submit", "came": 1, "seconds": 3.1, "waited_s": 1.4},
                    ],
                }
            ],
        }
    ]
}
DECLARED: dict[str, Any] = {
    "key": "0199d5f0-7c1a-7abc-8def-0123456789ab",
    "state": "accepted",
    "result": {"declaration": "31990026101200000420", "total_fen": 409584, "dues": []},
    "refusal": None,
    "received_at": "2026-10-12T01:51:03Z",
    "incarnation": "9f3c2a71d0b4e865",
}
INVOICE: dict[str, Any] = {
    "number": "26991000000000000001",
    "issued": "2026-09-01",
    "amount_fen": 113000,
}
CERTIFICATE: dict[str, Any] = {"number": "21990026101200000424", "code": "7K2M9QX4PD3A8HEW"}


def query_examples() -> dict[str, dict[str, Any]]:
    """One example a query, for the request body."""
    return {
        name: {
            "summary": name,
            "value": {
                "service": given["service"],
                "service_hash": ZERO,
                "subject": SUBJECT,
                "params": given["params"],
                "lang": "zh-CN",
            },
        }
        for name, given in QUERIES.items()
    }


def json_body(model: type[Wire], examples: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The request body of a route that reads its bytes itself."""
    content = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, "examples": examples}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def cbor_body(description: str) -> dict[str, Any]:
    """The request body of a route that takes signed records."""
    content = {"schema": {"type": "string", "format": "binary", "description": description}}
    return {"requestBody": {"required": True, "content": {"application/cbor": content}}}
