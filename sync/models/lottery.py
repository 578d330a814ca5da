"""The invoice lottery (有奖发票): a draw, and the rounds that anybody may look at."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from sync.models.base import FenAmount, Sha256Hex, Wire
from sync.models.certificates import SheetShown
from sync.models.einvoices import InvoiceCheck


class LotteryDraw(InvoiceCheck):
    """``lottery.draw``: the invoice by what stands on it; who draws is the phone of the subject."""


class LotteryDrawn(SheetShown):
    """What was drawn, as a sheet; ``code`` is the claim code, which is told this once.

    ``drawn`` is the number between 0 and 999,999, ``commitment`` what the day's seed and odds were bound by.
    """

    ticket: str
    code: str
    invoice: str
    drawn: int
    prize_fen: FenAmount | None
    commitment: Sha256Hex
    claim_until: date | None
    verify_url: str


class TicketCode(Wire):
    """Params of ``lottery.ticket``: number and claim code (兑奖码) as the slip has them."""

    ticket: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)]


class TicketPrize(Wire):
    """``lottery.ticket``: what is to be had, and until when."""

    prize_fen: FenAmount
    claim_until: date


class LotteryRound(Wire):
    """One day of the lottery, as published: ``odds`` are pairs of prize in fen and draws of a million.

    ``seed`` (hex) is there from the next day on. How to check a draw: docs/lottery.md.
    """

    day: date
    commitment: Sha256Hex
    odds: list[list[int]]
    seed: Sha256Hex | None
