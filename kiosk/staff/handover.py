"""What the next member of staff must know (交接单): on the page, and on a slip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from config.clock import CHINA
from kiosk.staff.board import Board, Known, unit_label
from kiosk.staff.settlement_pages import ROLE as CARDS
from kiosk.staff.settlement_pages import settlement_word

Lines = tuple[tuple[str, str], ...]


def lines(t: Callable[..., str], board: Board, known: Known, staff: str, paused: bool) -> Lines:
    """Label and value of each line."""
    return (
        (t("bench.handover.staff"), staff),
        (t("bench.handover.time"), known.now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")),
        (t("bench.handover.service"), t("bench.handover.paused" if paused else "bench.handover.open")),
        *((t("bench.handover.fault"), reason.title) for reason in board.reasons(known)),
        *_stock(t, known),
        *_bins(t, board, known),
        *_settlement(t, known),
        (t("bench.queue"), t("bench.queue.n", n=int(known.queue.get("queue") or 0))),
        (t("bench.today"), t("bench.today.n", n=sum(known.today.values()))),
    )


def slip(t: Callable[..., str], told: Lines, terminal: str) -> Sequence[Mapping[str, Any]]:
    """The same as blocks of a receipt (``drivers/receipt.py``), with a place to sign for both."""
    rows = [{"type": "row", "label": label, "value": value} for label, value in told]
    return (
        {"type": "title", "text": t("bench.handover.title")},
        {"type": "text", "text": terminal, "align": "center"},
        {"type": "rule"},
        *rows,
        {"type": "rule"},
        {"type": "row", "label": t("bench.handover.from"), "value": "____________"},
        {"type": "row", "label": t("bench.handover.to"), "value": "____________"},
    )


def _settlement(t: Callable[..., str], known: Known) -> Lines:
    """How the card terminal's last settlement ended, where there is one."""
    status = known.statuses.get(CARDS)
    word = settlement_word(status.details) if status else ""
    return ((t("bench.settle.title"), t(f"bench.settle.stands.{word}")),) if word else ()


def _bins(t: Callable[..., str], board: Board, known: Known) -> Lines:
    """How many refused and drawn-back sheets lie in the dispenser: they are accounted for, too."""
    return tuple(
        (board.bin_name(name), t("bench.bin.holds", n=held.count))
        for name, held in sorted(known.bins.items())
    )


def _stock(t: Callable[..., str], known: Known) -> Lines:
    """Which numbers lie in which unit: what both must count."""
    found = []
    for name, unit in sorted(known.units.items()):
        if unit.get("next") and unit.get("count"):
            numbers = t(
                "bench.handover.range",
                code=unit.get("code", ""),
                first=unit["next"],
                last=unit.get("last", ""),
                n=unit["count"],
            )
        else:
            numbers = t("bench.handover.none")
        found.append((t("bench.supply.unit", unit=unit_label(name)), numbers))
    return tuple(found)
