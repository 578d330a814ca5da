"""What can go wrong at the centre, told apart by who has to act; each message says what to do next."""

from __future__ import annotations


class BureauError(Exception):
    """Root of everything the centre raises on purpose."""


class AcquirerError(BureauError):
    """Root of what goes wrong between the centre and the payment acquirer."""


class AcquirerUnreachable(AcquirerError):  # noqa: N818 - named for what is the matter
    """No answer, or none in time: the order's state is unknown. Ask again later; never charge again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the acquirer gives no answer ({reason}); query the order again later")


class AcquirerRefused(AcquirerError):  # noqa: N818
    """The acquirer answered that it does not do this; asking again changes nothing.

    ``code`` is the acquirer's own stable word.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(f"the acquirer refuses ({code}): {detail}; settle it with the acquirer's desk")


class OrderUnknown(AcquirerRefused):
    """The acquirer has never heard of this order."""

    def __init__(self, order: str) -> None:
        super().__init__("orderUnknown", f"order {order} is not in its books")


# --- the store ------------------------------------------------------------------------------------------


class StoreUnavailable(BureauError):  # noqa: N818
    """The database cannot be opened or reached."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}; check database.url and that the server runs")


class StoreNewer(BureauError):  # noqa: N818
    """A later release has changed the store's layout already."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the store has layout {found}, which this release does not know; use the newer one")


# --- outcomes of the core system that its callers decide about -------------------------------------------


class AlreadyFiled(BureauError):  # noqa: N818
    """A return of this tax and period stands already; ``declaration`` is its number."""

    def __init__(self, declaration: str) -> None:
        self.declaration = declaration
        super().__init__(f"return {declaration} of this period stands; file a correction instead")


class StockDiffers(BureauError):  # noqa: N818
    """Other numbers lie in front of the unit than the ledger says."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        super().__init__(f"the ledger has {expected} in front; count the unit and settle the difference")


class StockShort(BureauError):  # noqa: N818
    """Fewer numbers lie in the unit than are wanted."""

    def __init__(self, available: int) -> None:
        self.available = available
        super().__init__(f"{available} numbers are left in a row; ask for fewer or load the unit")


class SlotLocked(BureauError):  # noqa: N818
    """The unit gives nothing until a difference is settled."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the unit is locked ({reason}); release it with `bureau stock reconcile`")


class NumbersMoved(BureauError):  # noqa: N818
    """Numbers to be settled are not where the reservation left them."""

    def __init__(self, numbers: str) -> None:
        super().__init__(f"{numbers} are elsewhere in the ledger by now; a person settles it")


class StockRefused(BureauError):  # noqa: N818
    """A stock movement that would break the ledger, or that lacks its second person."""


class DueTaken(BureauError):  # noqa: N818
    """A due that another order collects or has paid, or that is no longer open."""

    def __init__(self, due: str, order: str | None) -> None:
        self.due, self.order = due, order
        super().__init__(f"due {due} is not open{f' (order {order})' if order else ''}; list the dues again")
