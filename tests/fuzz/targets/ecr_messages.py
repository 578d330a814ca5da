"""Messages of the bank-card terminal in both layouts, and what is read out of a reply."""

from __future__ import annotations

import re
from dataclasses import replace

from drivers.devices.ecr_profile import load_dialect
from drivers.errors import ProtocolError
from drivers.payment import Outcome, Payment
from drivers.protocols import ecr_replies as replies
from drivers.protocols.ecr_messages import Class, Dialect, Message, decode_message
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.protocols.ecr_messages", "drivers.protocols.ecr_replies")
LONGEST = 600
ECR = load_dialect("ecr")
DIALECTS = (ECR, replace(ECR, tlv=False))
CARD = re.compile(r"\d{13,19}")


def check(data: bytes) -> None:
    """Any DATA in each layout: a message, or ``ProtocolError``; nothing is approved that its record does not say."""
    for dialect in DIALECTS:
        message = refused_by(ProtocolError, lambda dialect=dialect: decode_message(dialect, data))  # type: ignore[misc]
        if message is None:
            continue
        card = message.values.get("card")
        assert card is None or not CARD.search(card), "a card number that can be read"
        if message.what is Class.REPLY:
            _reply(dialect, message)
        elif message.what is Class.NOTICE:
            replies.stage(dialect, message)


def _reply(dialect: Dialect, message: Message) -> None:
    kind = message.kind
    if kind == "echo":
        assert replies.echo(message).paper in ("full", "low", "out", "unknown")
    elif kind == "totals":
        refused_by(ProtocolError, lambda: replies.totals(message))
    elif kind == "settle":
        refused_by(ProtocolError, lambda: replies.settlement(dialect, message))
    elif "code" in message.values:
        found = replies.payment(dialect, message)
        assert found is None or isinstance(found, Payment)
        if found is not None and found.outcome is Outcome.APPROVE:
            state = dialect.states.get(message.values.get("state", ""))
            assert state in ("approved", "voided") or kind != "query", "approved, though no record says so"


def seeds() -> list[bytes]:
    """Every kind of message in both layouts with each field filled, and odd lengths."""
    found = []
    for dialect in DIALECTS:
        for plan, names in sorted(dialect.plans.items()):
            kind, _, reply = plan.partition(".")
            what = Class.NOTICE if plan == "notice" else Class.REPLY if reply else Class.QUESTION
            code = dialect.kinds.get(kind, "01")
            body = b""
            for name in names:
                spec = dialect.fields[name]
                value = b"0" * min(spec.most, 6)
                tagged = f"{spec.tag}{len(value):03d}".encode() + value
                body += tagged if dialect.tlv else value.rjust(spec.most, b"0")
            found.append(f"{what}{code}017".encode() + body)
    return found
