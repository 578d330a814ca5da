"""The back channel of an ESC/POS printer: questions, late answers, reports, echoes."""

from __future__ import annotations

from drivers.protocols import escp_terms
from drivers.protocols.escpos_listener import Answer, Heard, Listener, Processed
from drivers.protocols.escpos_status import PrinterFacts, Query
from drivers.protocols.escpos_terms import details, device_state, fault, paper
from drivers.protocols.xon_xoff import XOFF, XON, FlowControl
from tests.fuzz.script import Script

LONGEST = 80
PARSES = (
    "drivers.protocols.escp_terms",
    "drivers.protocols.escpos_listener",
    "drivers.protocols.escpos_status",
    "drivers.protocols.escpos_terms",
    "drivers.protocols.xon_xoff",
)
QUERIES = tuple(Query)


def check(data: bytes) -> None:
    """Any order of questions and bytes: never more answers than questions, none in doubt, cut anywhere."""
    whole, single, flow = Listener(), Listener(), FlowControl()
    script = Script(data)
    asked = marked = answers = processed = 0
    facts = PrinterFacts()
    while script.more:
        step = script.byte()
        if step < 0x40:
            asked += 1
            _both(whole, single, lambda listener, step=step: listener.asked(QUERIES[step % 4]))
        elif step < 0x60:
            marked += 1
            _both(whole, single, Listener.marked)
        elif step < 0x70:
            _both(whole, single, Listener.give_up)
        elif step < 0x78:
            _both(whole, single, Listener.give_up_marks)
        elif step < 0x80:
            _both(whole, single, Listener.settled)
        else:
            doubtful = whole.in_doubt
            chunk = flow.feed(script.take(step & 0x3F))
            assert XON not in chunk and XOFF not in chunk
            heard = whole.feed(chunk)
            assert heard == _in_two(single, chunk, step), "cut in two, the channel says something else"
            answered = [item for item in heard if isinstance(item, Answer)]
            assert not (doubtful and answered), "an answer believed while one may be outstanding"
            answers += len(answered)
            processed += sum(isinstance(item, Processed) for item in heard)
            for item in heard:
                facts = facts.merged(item.facts)
    assert answers <= asked and processed <= marked and whole.marks >= 0
    _told(facts)


def _both(whole: Listener, single: Listener, act: object) -> None:
    assert callable(act)
    act(whole)
    act(single)


def _in_two(listener: Listener, chunk: bytes, place: int) -> list[Heard]:
    cut = place % (len(chunk) + 1)
    return listener.feed(chunk[:cut]) + listener.feed(chunk[cut:])


def _told(facts: PrinterFacts) -> None:
    """Whatever is known can be said, and what is unknown is never called out or online."""
    details(facts)
    if facts.offline is None:
        assert device_state(facts).value == "offline"
    if facts.paper_end is None and not facts.recoverable:
        assert paper(facts).value == "unknown"
    assert fault(PrinterFacts()) is None
    for single in (False, True):
        escp_terms.details(facts, single=single)
    if facts.offline is None:
        assert escp_terms.device_state(facts).value == "offline"


def seeds() -> list[bytes]:
    """Four questions with their answers, a report, marks, a lost answer, flow control."""
    four = b"".join(bytes((n, 0x81, 0x12)) for n in range(4))
    report = b"\x84\x18\x00\x0c\x0f"
    marks = b"\x40\x40\x82\x00\x0f"
    late = b"\x01\x60\x81\x12\x02\x81\x16\x78\x03\x81\x72"
    flow = b"\x00\x83\x13\x12\x11"
    return [four, report, marks, late, flow, four + report + marks + late, b"\x86\x10\x00\x12\x00\x00\x7f"]
