"""The step in which one code after the other is held before the reader, and the list of them grows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.catalogue.basics import Ask, BaseStep, Texts


class GatherStep(BaseStep):
    """Codes of invoices, one by one, at most ``most``; after each the centre is asked about all of them (``ask``).

    The answer has ``lines``, each with ``number``, ``eligible``, ``why_not``, ``shop`` and ``refund_fen``, and the sums
    ``refund_fen``, ``fee_fen`` and ``paid_fen``; where the centre cannot be asked the codes alone are listed. It leaves
    ``invoices`` (those that count, as ``number``, ``issued``, ``amount_fen``), ``count``, ``total_fen`` and, of the
    answer, the sums and ``way``. ``listed`` is the title over the list.
    """

    kind: Literal["gather"]
    reads: Literal["invoice"]
    ask: Ask
    most: Annotated[int, Field(ge=1, le=20)] = 20
    listed: Texts
    icon: str = "paper"
