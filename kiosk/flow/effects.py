"""What a flow asks of the world: plain requests that the executor carries out and answers with an ``Outcome``.

``Ask``, ``LookUp``, the readers and the timers leave nothing behind. ``Submit``, ``Pay``, ``PrintDocument``,
``PrintSlip`` and ``Dispense`` change the world: the executor journals their intent before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sync.models import PaymentChannel


@dataclass(frozen=True, slots=True)
class Ask:
    """A query at the centre."""

    query: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the library that lies on this terminal (``kiosk.library_desk``): a question, or words to search for.

    ``day``: whose law, and ``today``: up to when the content counts, in ISO form. What a person asks is in no record
    and no log, so it has no representation either. ``among``: names and texts that are not the library's, to be found
    by the same words.
    """

    words: str = field(repr=False)
    lang: str
    day: str
    today: str
    search: bool = False
    among: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Wait for an identity document and read it."""


@dataclass(frozen=True, slots=True)
class ReadPassport:
    """Wait for a passport and read its machine readable zone."""


@dataclass(frozen=True, slots=True)
class ReadCode:
    """Wait for a bar code or QR code and read it; its bytes come as base64."""


@dataclass(frozen=True, slots=True)
class ReadCodesOfPage:
    """Read every code on a sheet that lies under the camera or in the scanner (``device`` is the role); no picture."""

    device: str


@dataclass(frozen=True, slots=True)
class ReadInvoice:
    """The same for an invoice; where none of the codes is one's, its print is read (``kiosk.print_reader``).

    ``today``: the business day in ISO form, as no invoice is of a later one. A partial outcome tells when print is
    being read.
    """

    device: str
    today: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Read one page that lies under the camera or in the scanner (``device`` is the role); it comes as base64."""

    device: str


@dataclass(frozen=True, slots=True)
class TakeSignature:
    """Let the person sign, on the pad, the text with this SHA-256 (hexadecimal); the ink comes as base64."""

    digest: str


@dataclass(frozen=True, slots=True)
class PressPad:
    """A key of the screen in place of the pad's, while somebody signs: ``done`` or ``again``."""

    key: Literal["done", "again"]


@dataclass(frozen=True, slots=True)
class ReadUkey:
    """Wait for a tax UKey and read what it says, and its reports."""


@dataclass(frozen=True, slots=True)
class WriteUkey:
    """Write an order into the UKey ``device``, waiting for that one; the same order may be written again.

    ``order`` and ``mac`` are base64, as the centre gave them; ``counter`` is what the device says once it has obeyed.
    """

    device: str
    counter: int
    order: str = field(repr=False)
    mac: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AwaitUkeyGone:
    """Wait until no UKey is in the reader."""


@dataclass(frozen=True, slots=True)
class CompareFace:
    """Compare the live face with the document's picture (base64, as the reader gave it)."""

    photo: str
    number: str


@dataclass(frozen=True, slots=True)
class CheckStaff:
    """A member of staff confirms the person by their own PIN."""

    pin: str


@dataclass(frozen=True, slots=True)
class Converse:
    """A question of the conversation with an officer, which goes on whatever page is open (``consult.talk``).

    Nobody stops it but the next one. ``params`` None: it is a wait of ``after_s`` seconds before the next question.
    What is said and shown is in no record and no log.
    """

    params: Mapping[str, object] | None = field(default=None, repr=False)
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back after ``seconds``."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Cancel every effect that still waits for a person (reader, camera, timers)."""


@dataclass(frozen=True, slots=True)
class Submit:
    """One effect at the centre; ``queue`` hands it over at once and does not wait."""

    kind: str
    data: Mapping[str, object]
    queue: bool = False


@dataclass(frozen=True, slots=True)
class Pay:
    """Open an order for ``dues``; show its code, charge a card or have it debited (``channel``); follow it to its end.

    ``bill``: the number of the payment voucher that they are paid by. ``part``: the amount is a part of the one due.
    ``notice``: the code of the notice of non-tax revenue that is paid.
    """

    dues: tuple[str, ...]
    amount_fen: int
    channel: PaymentChannel = "qr-shown"
    bill: str = ""
    part: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ClosePayment:
    """The person gave up: end the payment under way, by code or by card (ended, or paid after all)."""


COPIES_SPENT: Final = "copiesSpent"
"""Why a document was not printed: the centre gives out no further copy, and says in each language how many it gave."""


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """Fetch a document of the centre by number and print it.

    ``copy`` is the key of an earlier effect whose copy certainly stayed in the machine and is printed now; empty
    for a further copy, which the centre marks as a reprint.
    """

    number: str
    pages: int
    copy: str = ""


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print receipt blocks. ``kept`` false: the journal names their digest, and no record holds what they say."""

    blocks: tuple[Mapping[str, object], ...]
    reprint: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Dispense:
    """Dispense the reserved numbers, present them, wait until taken, settle the ledger."""

    reservation: str
    code: str
    first: str
    last: str
    unit: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a line in the journal that changes nothing."""

    kind: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Somebody asked for help."""


@dataclass(frozen=True, slots=True)
class Wipe:
    """The visit is over: shred its keys, drop pictures and caches."""

    visit: str


Effect = (
    Ask
    | LookUp
    | ReadDocument
    | ReadPassport
    | ReadCode
    | ReadCodesOfPage
    | ReadInvoice
    | ReadPage
    | TakeSignature
    | PressPad
    | ReadUkey
    | WriteUkey
    | AwaitUkeyGone
    | CompareFace
    | CheckStaff
    | Wait
    | Converse
    | StopWaiting
    | Submit
    | Pay
    | ClosePayment
    | PrintDocument
    | PrintSlip
    | Dispense
    | Note
    | CallStaff
    | Wipe
)


@dataclass(frozen=True, slots=True)
class Issued:
    """An effect on its way, with what the executor must know of the visit it belongs to."""

    id: str
    effect: Effect
    visit: str
    transaction: str
    step: str
    service: str
    service_hash: str
    lang: str
    offline: bool
    subject: Mapping[str, object]
    cached: bool = False
    """Whether a question may be answered by what is kept of an earlier answer."""
