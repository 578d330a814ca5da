"""Orders that a courier brings: kept as they stand, and sheets that are nobody's while they lie in a parcel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bureau.conformance.bench import Bench, NotAsked, promise, refused, same, there, true
from bureau.conformance.promises.matters import opened
from bureau.errors import StockRefused
from bureau.ports.deliveries import Delivery, Parcel, State
from bureau.ports.system import Work
from kiosk.domain.invoices import InvoiceRange

BOOKS = ("person", "enterprise")
HANDS = ("check", "check two")
COUNT = 2
SEALED = b"\x00recipient\xff"
WAYS: Mapping[str, State] = {"take_back": "returned", "lose": "lost"}
"""How a parcel ends that nobody signs for, and as what."""


def ordered(bench: Bench, work: Work, what: str) -> Delivery:
    """Two sheets are ordered by a case of the enterprise, and placed under its number."""
    assert bench.manifest.shelf is not None, "the promise says that it needs it"
    case, firm = opened(bench, work, what), bench.enterprise.taxpayer
    made = Delivery(
        case.case, firm, bench.manifest.shelf.kind, COUNT, bench.now.date(), "ordered", bench.now, SEALED
    )
    work.core.deliveries.place(made)
    return made


def packed(bench: Bench, work: Work, what: str) -> Delivery:
    """They are packed; raises ``NotAsked`` when they do not lie on the shelf."""
    return _packed(bench, work, ordered(bench, work, what))


def _packed(bench: Bench, work: Work, order: Delivery) -> Delivery:
    parcel = _parcel(bench)
    try:
        work.core.deliveries.pack(order, parcel, *HANDS)
    except StockRefused as refusal:
        numbers = f"{parcel.code} {parcel.numbers.first}-{parcel.numbers.last}"
        raise NotAsked(f"{numbers} on the shelf, not in quarantine") from refusal
    done = replace(order, state="packed", parcel=parcel)
    work.core.deliveries.change(done)
    return done


def _parcel(bench: Bench) -> Parcel:
    assert bench.manifest.shelf is not None, "the promise says that it needs it"
    return Parcel(bench.manifest.shelf.code, InvoiceRange.starting(bench.manifest.shelf.first, COUNT))


@promise(
    "deliveries.placed",
    "Until it ends, an order is kept under its case's number and listed, with the recipient as it was sealed.",
    "Keep the bytes as they come; forget them when an order comes without them. List it by its state.",
    *BOOKS,
    "shelf",
)
def placed(bench: Bench) -> None:
    """Placed, sent, signed for."""
    with bench.undone() as work:
        deliveries, order = work.core.deliveries, ordered(bench, work, "d-1")
        same("deliveries/order", deliveries.order(order.order, lock=True), order)
        same("deliveries/of: the newest first", deliveries.of(order.taxpayer)[0], order)
        same("deliveries/listed of those that are open", _open(work, order), ["ordered"])
        consignment = bench.key("parcel").upper()
        deliveries.change(replace(order, state="sent", courier="ems", consignment=consignment))
        sent = there("deliveries/sent_as", deliveries.sent_as("ems", consignment))
        same("what it is of", (sent.order, sent.state, sent.recipient), (order.order, "sent", SEALED))
        same("deliveries/listed once it was sent", _open(work, order), ["sent"])
        today = bench.now.date()
        deliveries.change(replace(sent, state="delivered", recipient=None, signed_by="张", ended_on=today))
        done = there("deliveries/order", deliveries.order(order.order))
        came = (done.state, done.recipient, done.signed_by, done.ended_on)
        same("deliveries/order after its end", came, ("delivered", None, "张", today))
        same("deliveries/listed after its end", _open(work, order), [])


def _open(work: Work, order: Delivery) -> list[str]:
    """The order's state, if it is listed among those that are ordered or sent."""
    found = work.core.deliveries.listed(["ordered", "sent"], 10_000)
    return [one.state for one in found if one.order == order.order]


@promise(
    "deliveries.in-stock",
    "`in_stock` counts sheets on the shelf that no open order waits for.",
    "Take off what was ordered and is not packed yet, kind by kind.",
    *BOOKS,
    "shelf",
)
def in_stock(bench: Bench) -> None:
    """Before and after an order."""
    assert bench.manifest.shelf is not None
    kind = bench.manifest.shelf.kind
    with bench.undone() as work:
        before = work.core.deliveries.in_stock(kind)
        if before < COUNT:
            raise NotAsked(f"{COUNT} sheets of kind {kind} on the shelf that no order waits for")
        order = ordered(bench, work, "stock")
        same("deliveries/in_stock after an order", work.core.deliveries.in_stock(kind), before - COUNT)
        work.core.deliveries.change(replace(order, state="cancelled", recipient=None))
        same("deliveries/in_stock after it was cancelled", work.core.deliveries.in_stock(kind), before)


@promise(
    "deliveries.packed",
    "`pack` moves all numbers into the parcel or none, two people do it, and `unpack` moves them back.",
    "Refuse with StockRefused what does not lie on the shelf, and where both people are one.",
    *BOOKS,
    "shelf",
)
def pack(bench: Bench) -> None:
    """By one person; packed; packed once more while they lie in the parcel; back on the shelf and packed again."""
    with bench.undone() as work:
        deliveries, order, parcel = work.core.deliveries, ordered(bench, work, "p-1"), _parcel(bench)
        asked = "deliveries/pack by one person"
        refused(work, StockRefused, asked, lambda: deliveries.pack(order, parcel, HANDS[0], HANDS[0]))
        done = _packed(bench, work, order)
        asked = "deliveries/pack of what lies in a parcel"
        refused(work, StockRefused, asked, lambda: deliveries.pack(done, parcel, *HANDS))
        deliveries.unpack(done, *HANDS)
        deliveries.pack(done, parcel, *HANDS)


@promise(
    "deliveries.issued",
    "Numbers in a parcel are nobody's until `issue`; from then on they are the enterprise's.",
    "Move them to the enterprise in the transaction that tells of the signature.",
    *BOOKS,
    "shelf",
)
def issued(bench: Bench) -> None:
    """In the parcel, then signed for."""
    with bench.undone() as work:
        order, parcel = packed(bench, work, "i-1"), _parcel(bench)
        before = work.core.holdings.within(order.taxpayer, parcel.code, parcel.numbers)
        same("holdings/within while they lie in the parcel", list(before), [])
        work.core.deliveries.issue(order, HANDS[0])
        after = work.core.holdings.within(order.taxpayer, parcel.code, parcel.numbers)
        held = sum(numbers.count for numbers, state in after if state == "issued")
        same("holdings/within after deliveries/issue", held, COUNT)
        again = "deliveries/issue once more"
        refused(work, StockRefused, again, lambda: work.core.deliveries.issue(order, HANDS[0]))


@promise(
    "deliveries.ended",
    "What came back leaves its parcel for the shelf, in quarantine; what is lost never was the enterprise's.",
    "Give out neither again before people have released it, and nothing out of a parcel that is gone.",
    *BOOKS,
    "shelf",
)
def ended(bench: Bench) -> None:
    """Taken back, and lost; out of the parcel either way, and neither can be packed again."""
    for way, state in WAYS.items():
        with bench.undone() as work:
            _gone(bench, work, way, state)


def _gone(bench: Bench, work: Work, way: str, state: State) -> None:
    deliveries, parcel = work.core.deliveries, _parcel(bench)
    order = packed(bench, work, f"e-{way}")
    getattr(deliveries, way)(order, *HANDS)
    held = list(work.core.holdings.within(order.taxpayer, parcel.code, parcel.numbers))
    true(f"holdings/within after deliveries/{way}", not held, held)
    deliveries.change(replace(order, state=state, recipient=None, ended_on=bench.now.date(), reason="check"))
    asked = f"deliveries/issue after deliveries/{way}"
    refused(work, StockRefused, asked, lambda: deliveries.issue(order, HANDS[0]))
    asked = f"deliveries/unpack after deliveries/{way}"
    refused(work, StockRefused, asked, lambda: deliveries.unpack(order, *HANDS))
    other, asked = ordered(bench, work, f"e-{way}-2"), f"deliveries/pack after deliveries/{way}"
    refused(work, StockRefused, asked, lambda: deliveries.pack(other, parcel, *HANDS))
