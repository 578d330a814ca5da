"""What the acquirer answers no to; each has a stable code for the wire."""

from __future__ import annotations


class LedgerError(Exception):
    """Root of what the books refuse. ``code`` is stable, the message is for people."""

    code = "refused"


class NoSuchOrderError(LedgerError):
    """An order that was never opened here."""

    code = "orderUnknown"

    def __init__(self, order: str) -> None:
        super().__init__(f"order {order} is not in the books")


class OrderConflictError(LedgerError):
    """The same order number with another amount."""

    code = "orderConflict"

    def __init__(self, order: str) -> None:
        super().__init__(f"order {order} was opened with another amount; use a new number")


class AlreadyPaidError(LedgerError):
    """A second payment of a paid order: the money moves once."""

    code = "alreadyPaid"

    def __init__(self, order: str) -> None:
        super().__init__(f"order {order} is paid; nothing was charged")


class OrderClosedError(LedgerError):
    """A payment after the order was closed or ran out."""

    code = "orderClosed"

    def __init__(self, order: str) -> None:
        super().__init__(f"order {order} is closed; nothing was charged")


class CodeRefusedError(LedgerError):
    """A payer's code that does not pay this order: unknown, used, or past its minute. The order stays open."""

    code = "codeRefused"

    def __init__(self) -> None:
        super().__init__("this payment code cannot be used; let the payer show a new one")


class PaymentDeclinedError(LedgerError):
    """The payer's bank says no; the order stays open."""

    code = "insufficientFunds"

    def __init__(self, order: str) -> None:
        super().__init__(f"the payer's bank declined order {order}; nothing was charged")


class RefundConflictError(LedgerError):
    """The same refund number for another order or amount."""

    code = "refundConflict"

    def __init__(self, refund: str) -> None:
        super().__init__(f"refund {refund} was asked for with another order or amount; use a new number")


class RefundUnknownError(NoSuchOrderError):
    """A refund that never came here."""

    code = "refundUnknown"

    def __init__(self, refund: str) -> None:
        LedgerError.__init__(self, f"refund {refund} is not in the books")
