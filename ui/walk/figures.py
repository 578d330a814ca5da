"""The figures on paper against those that centre and acquirer hold: what must stand there, and what may.

The journal only tells what had been asked and answered before the paper was printed; no figure is taken from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.clock import CHINA
from kiosk.domain.identifiers import TEMPORARY
from ui.walk.paper import Line

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

INVOICES = ("invoice.issue", "invoice.check", "einvoice.copy", "einvoice.deliver", "invoice.red")
"""Effects about one invoice, whose number has to stand on the slip."""
TALKS = "consult.person"
AMOUNT = re.compile(r"(?<![0-9,.])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{2}(?![0-9])")
RANGE = re.compile(r"(?<![0-9])([0-9]{8})–\s*([0-9]{8})(?![0-9])")
NUMBER = re.compile(r"(?<![0-9A-Za-z*])(?=[A-Z]*[0-9])[0-9A-Z]{12,}(?![0-9A-Za-z*])")
"""Of a declaration, an order, a voucher, a certificate, a taxpayer, an invoice code."""
WORD = re.compile(r"[0-9A-Za-z]+")
"""Any of them, also an invoice code of ten digits."""
SHORT = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}(?![0-9A-Za-z])")
"""Of an invoice."""
MASKED = re.compile(r"(?<![0-9*])([0-9]{3,})(\*{4,})([0-9X]{4})(?![0-9*])")
PARTS = ("amount_fen", "late_fee_fen", "left_fen")
"""What an order says of a due: the tax and surcharge that it pays, and what it leaves."""
GIVEN = "91"
"""How the numbers begin that a terminal gives while it is offline (domain note, 9)."""


@dataclass(slots=True)
class Held:
    """What the other parties hold of one transaction."""

    amounts: set[int] = field(default_factory=set)
    """All that may stand on its slip, in fen."""
    sums: set[int] = field(default_factory=set)
    """One of these must, when there is any."""
    numbers: set[str] = field(default_factory=set)
    """All that may stand there."""
    named: dict[str, str] = field(default_factory=dict)
    """Those that must, and what they are."""
    short: set[str] = field(default_factory=set)
    """Numbers of invoices that must."""
    given: re.Pattern[str] | None = None
    """What the terminal itself numbers a return with that waits to be delivered."""
    issued: set[tuple[str, int]] | None = None
    """The invoices that the ledger issued; None when none were asked for."""
    persons: set[str] = field(default_factory=set)

    def name(self, what: str, number: object) -> None:
        """It must stand there."""
        self.named[str(number)] = what
        self.numbers.add(str(number))


def held(transaction: str, journal: Rows, bureau: Tables, acquirer: Tables) -> Held:
    """Everything that centre and acquirer hold of one transaction."""
    effects = {
        row["key"]: row
        for row in bureau["effect"]
        if row.get("transaction") == transaction and row["state"] != "refused"
    }
    found = Held()
    for row in effects.values():
        found.persons.add(str(row["person_number"]))
        if row.get("taxpayer"):
            found.name("the taxpayer's number", row["taxpayer"])
    told = {r["key"]: r["body"] for r in journal if r["phase"] == "outcome" and r["key"] in effects}
    handed = {r["key"]: r["seq"] for r in journal if r["phase"] == "handover" and r["key"] in effects}
    _declared(found, effects, told, handed, bureau)
    _mended(found, effects, journal)
    _opened(found, effects, told, handed, bureau)
    _supplied(found, effects, told, handed)
    slips = [r["seq"] for r in journal if r["kind"] == "slip" and r["transaction"] == transaction]
    first = min(slips, default=float("inf"))
    before = {r["key"] for r in journal if r["phase"] == "outcome" and r["seq"] < first}
    _paid(found, effects, told, before, bureau, acquirer)
    _drawn(found, effects, bureau)
    _enrolled(found, effects, bureau)
    _served(found, effects, bureau)
    _reported(found, effects, told, bureau)
    _queued(found, effects, bureau)
    _booked(found, effects, bureau)
    _seated(found, effects, handed, bureau)
    _complained(found, effects, told, handed, bureau)
    _written(found, effects, told, bureau)
    _called(found, effects, told, handed, journal)
    _talked(found, transaction, journal, bureau)
    _departing(found, effects, told, handed, bureau)
    for row in bureau["certificate"]:
        if row.get("key") in effects and row["key"] in before:
            found.name("the certificate's number", row["number"])
            found.numbers |= {
                str(end["number"])
                for end in bureau.get("certificate_end", ())
                if end["successor"] == row["number"]
            }
    _checked(found, effects)
    if any(row["kind"] == "invoice.commit" for row in effects.values()):
        _issued(found, effects, bureau)
    return found


def _declared(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    handed: Mapping[str, int],
    bureau: Tables,
) -> None:
    for row in bureau["declaration"]:
        if row["key"] not in effects:
            continue
        found.amounts.add(row["total_fen"])
        found.sums.add(row["total_fen"])
        figures = json.loads(row.get("figures") or "{}")
        found.amounts |= {figures.get(name, 0) for name in ("refund_fen", "relieved_fen")} - {0}
        found.numbers |= {str(row["declaration"]), figures.get("facts", {}).get("relief", "")} - {""}
        if told.get(row["key"], {}).get("state") == "accepted":
            found.name("the declaration's number", row["declaration"])
        elif row["key"] in handed:
            found.given = _given(effects[row["key"]])


def _mended(found: Held, effects: Mapping[str, Any], journal: Rows) -> None:
    """The return that was corrected or taken back, beside the one that took its place."""
    for row in journal:
        data = (row["body"].get("data") or {}) if row["phase"] == "intent" and row["key"] in effects else {}
        if "corrects" in data:
            found.name("the number of the return that was wrong", data["corrects"])
            found.amounts.add(0)  # nothing is due of one that was taken back


def _opened(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    handed: Mapping[str, int],
    bureau: Tables,
) -> None:
    for row in bureau.get("matter_case", ()):
        if row["key"] not in effects:
            continue
        found.numbers.add(str(row["case_no"]))
        found.persons |= _phones(str(row["case_no"]), bureau) | _attorneys(str(row["case_no"]), bureau)
        fields = json.loads(row.get("fields") or "{}")
        if row.get("matter") == "identity.guardian":
            found.persons.add(fields["number"])
        if "first" in fields and "last" in fields:
            found.name("the invoices' code", fields["code"])
            found.short |= {fields["first"], fields["last"]}
        if "ticket" in fields:
            found.name("the ticket's number", fields["ticket"])
            found.numbers.add(fields["ticket"])
            found.amounts.add(fields["prize_fen"])
            found.sums.add(fields["prize_fen"])
        if "order" in fields:
            found.name("the order's number", fields["order"])
        for consent in bureau.get("share_consent", ()):
            if consent["ended_by"] == row["case_no"]:
                found.name("the consent's number", consent["case_no"])
                found.numbers.add(consent["case_no"])
        if "declaration" in fields:
            found.name("the return's number", fields["declaration"])
        if row.get("matter") == "invoice.book":
            found.name("the invoice's number", fields["number"])
            found.numbers.add(fields["number"])
            found.amounts.add(fields["amount_fen"])
            found.sums.add(fields["amount_fen"])
        asked = {fields["tax_fen"]} if "tax_fen" in fields else set()
        found.amounts |= asked | ({fields["relief_amount"]} if "relief_amount" in fields else set())
        if told.get(row["key"], {}).get("state") == "accepted":
            found.sums |= asked
            found.name("the case's number", row["case_no"])
            for number in _made(str(row["case_no"]), bureau):
                found.name("the taxpayer's number", number)
                found.numbers.add(number)
        elif row["key"] in handed:
            found.given = _given(effects[row["key"]])


def _made(case: str, bureau: Tables) -> set[str]:
    """The number of the registration that the case made."""
    entered = {row["taxpayer"] for row in bureau.get("registration_entry", ()) if row["case_no"] == case}
    return {number for number in entered if number.startswith(TEMPORARY)}


def _phones(case: str, bureau: Tables) -> set[str]:
    """The phones that the case lets issue invoices, or lets issue no more."""
    return {
        row["mobile"] for row in bureau.get("issuing_phone", ()) if case in (row["case_no"], row["ended_by"])
    }


def _attorneys(case: str, bureau: Tables) -> set[str]:
    """Whom the case lets act for somebody."""
    return {row["attorney_number"] for row in bureau.get("mandate", ()) if row["case_no"] == case}


def _drawn(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    """The ticket of an invoice that a prize was drawn for; its phone is who drew."""
    for row in bureau.get("lottery_ticket", ()):
        if row["key"] in effects:
            found.name("the ticket's number", row["ticket"])
            found.numbers |= {row["ticket"], row["invoice"]}
            won = {row["prize_fen"]} - {0}
            found.amounts |= won
            found.sums |= won
            found.persons.add(row["mobile"])


def _enrolled(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    """The enrolment and the phone that is on file by it."""
    for row in bureau.get("person_enrolment", ()):
        if row["key"] in effects:
            found.name("the enrolment's number", row["enrolment"])
            found.persons.add(row["mobile"])


def _served(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    """The document that was signed for."""
    for row in bureau.get("document", ()):
        if row["key"] in effects:
            found.name("the document's number", row["document"])


def _reported(found: Held, effects: Mapping[str, Any], told: Mapping[str, Any], bureau: Tables) -> None:
    """A tax-control device: its number, the month's figures, and the return that was compared."""
    for row in bureau.get("device_report", ()):
        if row.get("key") in effects:
            found.name("the device's number", row["device"])
            kinds = json.loads(row["kinds"])
            found.amounts |= {sum(kind[name] for kind in kinds) for name in ("net_fen", "tax_fen")}
            found.sums.add(sum(kind["net_fen"] for kind in kinds))
            compared = (told.get(row["key"], {}).get(name) for name in ("invoiced_fen", "declared_fen"))
            found.amounts |= {amount for amount in compared if amount is not None}
    for row in bureau.get("device_order", ()):
        if row.get("key") in effects:
            found.name("the device's number", row["device"])
            if row["declaration"]:
                found.name("the return's number", row["declaration"])


def _queued(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    """A number for a window of the hall: as the centre called it, and who took it by phone or document."""
    for row in bureau.get("queue_ticket", ()):
        if row["key"] in effects:
            found.name("the queue number", effects[row["key"]]["reference"])
            found.persons.add(row["visitor"].partition(":")[2])


def _written(found: Held, effects: Mapping[str, Any], told: Mapping[str, Any], bureau: Tables) -> None:
    """A question, answer or idea by its own number, a vote by the idea's; an answer's question may stand there.

    Who went before the centre answered has no number on their slip, but for the one that they typed.
    """
    for row in bureau.get("contribution", ()):
        if row["key"] in effects:
            found.numbers.add(str(row["about"]))
            if told.get(row["key"], {}).get("number"):
                found.name("the number of what was written", row["number"])
    for key, row in effects.items():
        if row.get("kind") == "ideas.vote":
            found.numbers.add(str(row["reference"]))
            if told.get(key, {}).get("number"):
                found.name("the idea's number", row["reference"])


def _departing(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    handed: Mapping[str, int],
    bureau: Tables,
) -> None:
    """A traveller's application: its number, or the terminal's own while it waits; its sums."""
    for row in bureau.get("departure_refund", ()):
        if row["key"] not in effects:
            continue
        lines = [
            line for line in bureau.get("departure_line", ()) if line["application"] == row["application"]
        ]
        total, refund, fee = (
            sum(line[name] for line in lines) for name in ("total_fen", "refund_fen", "fee_fen")
        )
        if told.get(row["key"], {}).get("state") == "accepted":
            found.name("the application's number", row["application"])
            found.amounts |= {total, refund, fee, refund - fee}
            found.sums.add(refund - fee)
        elif row["key"] in handed:
            found.given = _given(effects[row["key"]])


def booking_number(row: Mapping[str, Any]) -> str:
    """The number of a booked time as it stands on the slip."""
    return f"Y{row['number']:06}"


def _booked(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    """A time at a window, booked or given back: its number, and who it is of."""
    numbers = {
        row.get("reference") for row in effects.values() if str(row.get("kind")).startswith("appointment.")
    }
    for row in bureau.get("appointment", ()):
        number = booking_number(row)
        if number in numbers:
            found.name("the booking's number", number)
            found.persons.add(row["visitor"].partition(":")[2])


def enrolment_number(row: Mapping[str, Any]) -> str:
    """The number of a seat in a course as it stands on the slip."""
    return f"1{row['number']:07}"


def _seated(found: Held, effects: Mapping[str, Any], handed: Mapping[str, int], bureau: Tables) -> None:
    """A seat in a course, taken, given back or evaluated: its number, its session's, and who it is of.

    What waits to be delivered has no number yet: only the session's, as it was typed, can stand on the slip.
    """
    numbers = {
        row.get("reference"): key not in handed
        for key, row in effects.items()
        if str(row.get("kind")).startswith("school.")
    }
    for row in bureau.get("school_enrolment", ()):
        number = enrolment_number(row)
        if number not in numbers:
            continue
        if numbers[number]:
            found.name("the enrolment's number", number)
        found.numbers |= {number, row["session"]}
        found.persons.add(row["visitor"].partition(":")[2])


def _called(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    handed: Mapping[str, int],
    journal: Rows,
) -> None:
    """A call-back: its number, or the terminal's own while it waits; the phone lies sealed, so it is what was sent."""
    for key, row in effects.items():
        if row.get("kind") != "consult.call-back":
            continue
        found.numbers.add(str(row["reference"]))
        sent = next(r["body"]["data"] for r in journal if r["key"] == key and r["phase"] == "intent")
        found.persons.add(sent["mobile"])
        if told.get(key, {}).get("state") == "accepted":
            found.name("the call-back's number", row["reference"])
        elif key in handed:
            found.given = _given(row)


def _talked(found: Held, transaction: str, journal: Rows, bureau: Tables) -> None:
    """A conversation that an officer took: its number, on the slip of the service that it belongs to."""
    opened = [r for r in journal if r["transaction"] == transaction and r["kind"] == "service.opened"]
    visits = {r["visit"] for r in opened if r["body"].get("service") == TALKS}
    for row in bureau.get("remote_talk", ()):
        if row["visit"] in visits and row["taken_at"] is not None:
            found.name("the conversation's number", row["number"])


def _complained(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    handed: Mapping[str, int],
    bureau: Tables,
) -> None:
    """A complaint or a tip-off: its number, or the terminal's own while it waits; the phone of a complaint."""
    for row in bureau.get("feedback_case", ()):
        if row["key"] not in effects:
            continue
        found.numbers.add(str(row["number"]))
        found.persons |= {row["mobile"]} - {""}
        if told.get(row["key"], {}).get("state") == "accepted":
            found.name("the case's number", row["number"])
        elif row["key"] in handed:
            found.given = _given(effects[row["key"]])


def _supplied(
    found: Held, effects: Mapping[str, Any], told: Mapping[str, Any], handed: Mapping[str, int]
) -> None:
    """Pages for a case that was there before."""
    for key, row in effects.items():
        if row["kind"] != "materials.supply":
            continue
        found.numbers.add(str(row["reference"]))
        if told.get(key, {}).get("state") == "accepted":
            found.name("the case's number", row["reference"])
        elif key in handed:
            found.given = _given(row)


def _given(effect: Mapping[str, Any]) -> re.Pattern[str]:
    """The number under which the terminal itself took what waits to be delivered."""
    day = datetime.fromisoformat(effect["accepted_at"]).astimezone(CHINA)
    return re.compile(f"{GIVEN}[0-9]{{4}}{day:%y%m%d}[0-9]{{8}}")


def _paid(
    found: Held,
    effects: Mapping[str, Any],
    told: Mapping[str, Any],
    before: set[str],
    bureau: Tables,
    acquirer: Tables,
) -> None:
    vouchers = {row["order_no"]: row.get("voucher") for row in bureau["booking"]}
    payments = [*acquirer["payments"], *acquirer.get("cards", ()), *acquirer.get("debits", ())]
    charged: dict[str, int] = {row["order_no"]: row["amount_fen"] for row in payments}
    # a card's order is paid by its payment.card, when that was answered before the slip was printed
    by_card = {told[key].get("order") for key in told if key in before and told[key].get("voucher")}
    for row in bureau["payment_order"]:
        if row.get("key") not in effects:
            continue
        order = row["order_no"]
        dues = [due for due in bureau["payment_due"] if due["order_no"] == order]
        found.numbers.add(str(order))
        if row.get("bill"):
            found.name("the voucher that is paid", row["bill"])
            found.name("the taxpayer's number", row["taxpayer"])
        notices = [line for line in bureau.get("nontax_payment", ()) if line["order_no"] == order]
        for line in notices:
            found.name("the notice's code", line["code"])
            found.name("the payer's number", row["taxpayer"])
        amount = charged[order] if order in charged else int(row["amount_fen"])
        found.amounts |= {amount, sum(d.get("late_fee_fen", 0) for d in (*dues, *notices))}
        found.amounts |= {due[name] for due in dues for name in PARTS if name in due}
        if told.get(row["key"], {}).get("state") == "paid" or order in by_card:
            found.sums.add(amount)
            found.name("the payment's voucher", vouchers.get(order, "that nobody booked"))
            for line in notices:
                for part in ("code", "number", "check"):
                    found.name(f"the receipt's {part}", line[f"receipt_{part}"])


def _checked(found: Held, effects: Mapping[str, Any]) -> None:
    """An invoice that was issued, checked, printed, sent or taken back, as the centre's own answer tells it."""
    for row in effects.values():
        if row["kind"] == "invoice.apply":
            gross = json.loads(row["answer"])["result"]["gross_fen"]
            found.amounts.add(gross)
            found.sums = {gross}
        if row["kind"] not in INVOICES:
            continue
        told = json.loads(row["answer"])["result"]
        found.name("the invoice's number", told["number"])
        found.numbers |= {
            told["code"],
            *(told[name] for name in ("original", "confirmation") if name in told),
        }
        found.amounts |= {told[name] for name in ("left_fen",) if name in told}
        if told["total_fen"] is not None:
            found.amounts.add(abs(told["total_fen"]))
            found.sums.add(abs(told["total_fen"]))


def _issued(found: Held, effects: Mapping[str, Any], bureau: Tables) -> None:
    reservations = {row["reservation"] for row in bureau["reservation"] if row.get("key") in effects}
    found.issued = {
        (row["code"], number)
        for row in bureau["stock_movement"]
        if row["type"] == "ISSUE" and row["reservation"] in reservations
        for number in range(row["first"], row["last"] + 1)
    }
    for row in bureau["reservation"]:
        if row["reservation"] in reservations:
            found.name("the invoices' code", row["code"])
            if row.get("order_no"):
                found.name("the order's number", row["order_no"])


def slip_against(lines: Sequence[Line], known: Held) -> Iterator[str]:
    """Where a slip and the other parties disagree."""
    text = "\n".join("\t".join(line.fields) for line in lines)
    shown = set(amounts(text))
    for amount in sorted(shown - known.amounts):
        yield f"shows {_yuan(amount)}, which neither centre nor acquirer holds"
    if known.sums and not shown & known.sums:
        yield f"does not show {' or '.join(map(_yuan, sorted(known.sums)))}"
    numbers = set(NUMBER.findall(text))
    if known.given is not None and not (own := {n for n in numbers if known.given.fullmatch(n)}):
        yield "does not show the number under which the return waits"
    elif known.given is not None:
        numbers -= own
    for number in sorted(numbers - known.numbers):
        yield f"shows the number {number}, which the centre does not hold"
    for number in sorted(known.short - set(SHORT.findall(text))):
        yield f"does not show the invoice's number {number}"
    words = set(WORD.findall(text))
    for number, what in known.named.items():
        if number not in words:
            yield f"does not show {what} {number}"
    for head, stars, tail in MASKED.findall(text):
        length = len(head) + len(stars) + len(tail)
        if not any(p[: len(head)] == head and p[-4:] == tail and len(p) == length for p in known.persons):
            yield f"shows {head}{stars}{tail}, which is not the person's number"
    if known.issued is not None:
        yield from _invoices(lines, text, known.issued)


def _invoices(lines: Sequence[Line], text: str, issued: set[tuple[str, int]]) -> Iterator[str]:
    shown = {n for first, last in RANGE.findall(text) for n in range(int(first), int(last) + 1)}
    ours = {number for _, number in issued}
    if shown != ours:
        yield f"shows the invoices {_spell(shown)}, the ledger issued {_spell(ours)}"
    counts = [line.fields[-1] for line in lines if line.bar]
    if counts != [str(len(issued))]:
        yield f"counts {', '.join(counts) or 'no'} sheets, the ledger issued {len(issued)}"


def certificate_against(text: str, ours: set[int]) -> Iterator[str]:
    """Where the amounts on a certificate and those that the centre holds of the same (``certified``) disagree."""
    shown = set(amounts(text))
    for amount in sorted(shown - ours):
        yield f"shows {_yuan(amount)}, which the centre does not hold"
    for amount in sorted(ours - shown):
        yield f"does not show {_yuan(amount)}"


def amounts(text: str) -> Iterator[int]:
    """Every amount with two places, in fen."""
    for found in AMOUNT.findall(text):
        yield int(found.replace(",", "").replace(".", ""))


def _yuan(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02}"


def _spell(numbers: set[int]) -> str:
    return f"{min(numbers):08}–{max(numbers):08} ({len(numbers)})" if numbers else "none"
