"""What two operators do in a test."""

from __future__ import annotations

from bureau.engine.reference.context import Context
from bureau.engine.reference.stockroom import Stockroom
from kiosk.domain.invoices import InvoiceRange
from tests.bureau.conftest import HANDS, Centre


def count_unit(
    centre: Centre, found: list[tuple[str, InvoiceRange]], place: str = "A-07", unit: str = "unit1"
) -> str:
    """Open the cabinet and count."""
    with centre.database.write() as connection:
        return Stockroom(Context(connection, centre.clock.now(), "")).count(place, unit, found, HANDS).result
