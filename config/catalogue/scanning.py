"""The step in which a code is read from a paper or a phone."""

from __future__ import annotations

from typing import Literal

from config.catalogue.basics import BaseStep


class ScanStep(BaseStep):
    """A code held before the reader. ``typed``: who cannot goes on without, and types at a later step.

    ``drafts``: the code of what was begun on a phone is taken as well, scanned or typed; it leaves ``draft`` (the code)
    and ``drafted``, the rows by form, from which the forms after it are prefilled.
    """

    kind: Literal["scan"]
    reads: Literal[
        "invoice",  # QR code of an invoice
        "certificate",
        "slip",  # what it follows
        "number",  # of a case or return, bare or in the code of its slip
        "voucher",
        "notice",
        "title",
        "ticket",
        "taxpayer",  # on a licence, in a title
        "vin",
    ]
    typed: bool = True
    drafts: bool = False
