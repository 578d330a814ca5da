"""What a courier reports of its consignments, line by line: the file of ``bureau deliver import``.

No courier's interface is spoken here. Whoever has one writes this file, or calls ``following`` as this module does.
The file is CSV in UTF-8 with a first line of these names: ``consignment``, ``status``, ``day`` (2026-10-14),
``signed_by``. A courier's word is enough for a signature alone: what came back or got lost two people have to say
(``bureau deliver returned``, ``lost``), so those lines are told and change nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final, Literal

from bureau.engine.delivering import following
from bureau.errors import DeliveryRefused
from bureau.ports.core import Core
from kiosk.domain.masking import mask_name

COLUMNS: Final = ("consignment", "status", "day", "signed_by")
STATUSES: Final = ("on-the-way", "delivered", "returned", "lost")
Outcome = Literal["done", "known", "waits", "wrong"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a line. ``waits``: people have to do something, which ``told`` says."""

    line: int
    consignment: str
    outcome: Outcome
    told: str = ""


def take(core: Core, courier: str, text: str, operator: str) -> Iterator[Reported]:
    """Take what the file reports, each line by itself; the same file again changes nothing.

    Raises ``DeliveryRefused`` for a file with other columns.
    """
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise DeliveryRefused(f"the first line of the file names its columns: {','.join(COLUMNS)}")
        lines = list(rows)
    except csv.Error as error:
        raise DeliveryRefused(f"the file is no CSV ({error})") from error
    for number, row in enumerate(lines, start=2):
        consignment = (row["consignment"] or "").strip().upper()
        try:
            outcome, told = _take(core, courier, consignment, row, operator)
        except DeliveryRefused as error:
            outcome, told = "wrong", str(error)
        yield Reported(number, consignment, outcome, told)


def _take(
    core: Core, courier: str, consignment: str, row: dict[str, str], operator: str
) -> tuple[Outcome, str]:
    order, status = core.deliveries.sent_as(courier, consignment), (row["status"] or "").strip()
    if order is None:
        raise DeliveryRefused(f"no parcel was handed to {courier} under this number")
    if status not in STATUSES:
        raise DeliveryRefused(f"status {status!r}: one of {', '.join(STATUSES)}")
    if status == "on-the-way":
        return "known", ""
    if status in ("returned", "lost"):
        if order.state == status:
            return "known", ""
        return "waits", f"{status}: two people say so with `bureau deliver {status} {order.order}`"
    signed_by, day = (row["signed_by"] or "").strip(), _day(row["day"] or "")
    if (order.state, order.ended_on, order.signed_by) == ("delivered", day, mask_name(signed_by)):
        return "known", ""
    following.delivered(core, order.order, day, signed_by, operator)
    return "done", ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise DeliveryRefused(f"{text!r} is no day: write 2026-10-14") from error
