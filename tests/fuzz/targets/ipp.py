"""A document printer's IPP answers, and the truth that is drawn from them."""

from __future__ import annotations

from drivers.errors import ProtocolError
from drivers.ports import PrintOutcome
from drivers.protocols import ipp_attributes, ipp_truth
from drivers.protocols.ipp_message import JOB_GROUP, PRINTER_GROUP, decode
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.protocols.ipp_message", "drivers.protocols.ipp_attributes", "drivers.protocols.ipp_truth")


def check(data: bytes) -> None:
    """Any bytes: an answer or ``ProtocolError``; a job is printed only when it is completed."""
    answer = refused_by(ProtocolError, lambda: decode(data))
    if answer is None:
        return
    assert sum(len(group) for _, group in answer.groups) <= len(data)
    reasons: frozenset[str] = frozenset()
    for group in answer.group(PRINTER_GROUP):
        printer = ipp_attributes.printer(group)
        if printer is not None:
            reasons = printer.reasons
            ipp_truth.paper(reasons)
            ipp_truth.toner(reasons)
    for group in answer.group(JOB_GROUP):
        job = ipp_attributes.job(group)
        if job is None:
            continue
        result = ipp_truth.outcome(job, reasons)
        completed = job.state is ipp_truth.JobState.COMPLETED
        assert completed or result.outcome is not PrintOutcome.PRINTED, "printed, though not completed"
        assert result.outcome is not PrintOutcome.NOT_PRINTED or not job.sheets


def _text(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value


def seeds() -> list[bytes]:
    """A finished job, a printer without paper, several values, a collection, texts in odd encodings."""
    head = bytes.fromhex("0200 0000 00000001")
    job = b"\x02" + b"".join(
        (
            _text(0x21, b"job-id", (7).to_bytes(4, "big")),
            _text(0x23, b"job-state", (9).to_bytes(4, "big")),
            _text(0x44, b"job-state-reasons", b"job-completed-successfully"),
            _text(0x21, b"job-media-sheets-completed", (1).to_bytes(4, "big")),
            _text(0x42, b"job-name", "证明".encode()),
        )
    )
    printer = b"\x04" + b"".join(
        (
            _text(0x23, b"printer-state", (5).to_bytes(4, "big")),
            _text(0x44, b"printer-state-reasons", b"media-empty-error"),
            _text(0x44, b"", b"cover-open"),
            _text(0x22, b"printer-is-accepting-jobs", b"\0"),
            _text(0x21, b"printer-up-time", (99).to_bytes(4, "big")),
        )
    )
    member = _text(0x4A, b"", b"media-size") + _text(0x21, b"", (1).to_bytes(4, "big"))
    collection = b"\x04" + _text(0x34, b"media-col", b"") + member + _text(0x37, b"", b"")
    return [
        head + part + b"\x03" for part in (b"", job, printer, collection, job + printer, b"\x01" + job[1:])
    ]
