"""From the POS's replies to values: outcome and record of a payment, totals, who is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.clock import CHINA
from drivers.errors import ProtocolError
from drivers.payment import BatchTotals, Operation, Outcome, Payment, Settlement, Stage
from drivers.protocols.ecr_messages import Dialect, Meaning, Message

STATES: Final = ("open", "approved", "voided", "declined", "ended", "reversing", "reversed")
"""How a record at the POS may stand."""
NOT_THERE: Final = "referenceUnknown"
MISMATCH: Final = "totalsMismatch"
_PAPER: Final = {"2": "full", "1": "low", "0": "out"}
_MAY_HAVE_CHARGED: Final = frozenset({"08", "09", "10", "11", "16", "32", "68", "94"})
"""Bank codes that are no refusal (ISO 8583:1987, field 39): approved on a condition, for a part, for a VIP or with a
change to the card's track (08, 10, 11, 16, 32; UnionPay approves by 10, 11 and 16), still at work (09), answered too
late (68), heard before (94). What became of such an order only its record tells."""


@dataclass(frozen=True, slots=True)
class Echo:
    """Who is there, and how it stands."""

    serial: str
    model: str | None
    host: bool
    batch_open: bool
    paper: str
    busy: bool


_STRANGE: Final = Meaning(Outcome.UNKNOWN.value, "strangeAnswer")


def meaning(dialect: Dialect, code: str) -> Meaning:
    """What a response code says.

    Two digits that the dialect does not list are a bank's refusal, but for those by which a bank may have charged; a
    POS code that it does not list leaves all open.
    """
    if (found := dialect.codes.get(code)) is not None:
        return found
    if code.isascii() and code.isdecimal() and code not in _MAY_HAVE_CHARGED:
        return Meaning(Outcome.DECLINE.value, "declined")
    return _STRANGE


def echo(message: Message) -> Echo:
    """The reply to an echo."""
    values = message.values
    return Echo(
        values["serial"],
        values.get("model"),
        values["host"] == "1",
        values["open"] == "1",
        _PAPER.get(values["paper"], "unknown"),
        values["busy"] != "0",
    )


def stage(dialect: Dialect, message: Message) -> Stage | None:
    """What a notice says; None for a stage that the dialect does not list."""
    word = dialect.stages.get(message.values["stage"])
    return Stage(word) if word is not None else None


def payment(dialect: Dialect, message: Message, operation: Operation | None = None) -> Payment | None:
    """What a reply says of a payment; None when the POS has never begun its reference.

    A reply with a record (``state``) speaks of the record, whatever the question was: that is how a POS answers
    a reference it has seen before. ``operation`` is what was asked for, where the reply does not say.
    """
    values = message.values
    state = dialect.states.get(values["state"]) if "state" in values else None
    said = meaning(dialect, values["code"])
    if state is None and "state" in values:
        said = _STRANGE
    elif state is not None:
        said = _of_state(dialect, state, values.get("result"))
    elif said.word == NOT_THERE:
        return None
    elif message.kind == "query":
        # Its code speaks of the question: a POS that is busy, or cannot look, says nothing of the order.
        said = Meaning(Outcome.UNKNOWN.value, said.word or "strangeAnswer")
    return Payment(
        Outcome(said.outcome),
        _operation(dialect, values) or operation,
        int(values["amount"]) if "amount" in values else None,
        said.word,
        values.get("result") or values["code"],
        values.get("text"),
        values.get("card"),
        dialect.entries.get(values.get("entry", "")),
        values.get("issuer"),
        values.get("trace"),
        values.get("batch"),
        values.get("rrn"),
        values.get("auth"),
        values.get("terminal"),
        values.get("merchant"),
        _moment(values.get("at")),
        values.get("serial"),
        state == "voided",
    )


def _of_state(dialect: Dialect, state: str, result: str | None) -> Meaning:
    if state in ("approved", "voided"):
        return Meaning(Outcome.APPROVE.value)
    if state in ("open", "reversing"):
        return Meaning(Outcome.UNKNOWN.value, "inProgress" if state == "open" else "reversing")
    if state == "reversed":
        return Meaning(Outcome.DECLINE.value, "reversed")
    said = meaning(dialect, result or "")
    if state == "declined":
        return said if said.outcome == Outcome.DECLINE else Meaning(Outcome.DECLINE.value, "declined")
    final = (Outcome.APPROVE, Outcome.UNKNOWN, Outcome.DECLINE)
    return said if said.outcome not in final else Meaning(Outcome.END_APPLICATION.value, said.word)


def _operation(dialect: Dialect, values: Mapping[str, str]) -> Operation | None:
    code = values.get("operation")
    return next((operation for operation in Operation if dialect.kinds[operation] == code), None)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        return None


def totals(message: Message) -> BatchTotals:
    """The reply to ``totals``; raise ``ProtocolError`` when a figure is missing."""
    values = message.values
    try:
        return BatchTotals(
            values["batch"],
            int(values["saleCount"]),
            int(values["saleAmount"]),
            int(values["voidCount"]),
            int(values["voidAmount"]),
            int(values["refundCount"]),
            int(values["refundAmount"]),
        )
    except KeyError as error:
        raise ProtocolError(f"the POS sent totals without {error}") from None


def settlement(dialect: Dialect, message: Message) -> Settlement:
    """The reply to ``settle`` of a batch that was closed."""
    balanced = meaning(dialect, message.values["code"]).outcome == Outcome.APPROVE
    return Settlement(totals(message), balanced, message.values.get("text"))


def last_settlement(dialect: Dialect, message: Message) -> Settlement | None:
    """The reply to ``last``; None before the first settlement, ``ProtocolError`` while the POS cannot tell."""
    values = message.values
    said = meaning(dialect, values["code"])
    if said.word == NOT_THERE:
        return None
    at = _moment(values.get("at"))
    if said.outcome != Outcome.APPROVE or "result" not in values or at is None:
        raise ProtocolError(f"the POS cannot tell its last settlement ({said.word or 'incomplete'})")
    result = meaning(dialect, values["result"])
    if result.outcome != Outcome.APPROVE and result.word != MISMATCH:
        raise ProtocolError("the POS tells a last settlement that closed nothing; check its firmware")
    return Settlement(totals(message), result.outcome == Outcome.APPROVE, values.get("text"), at)
