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
