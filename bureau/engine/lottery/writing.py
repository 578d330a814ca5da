"""The prizes of a pool as an officer writes them at the console: a line each, the largest first.

    800.00 | 200
    5.00 | 120000

Before the bar the prize in yuan, after it how many of a million draws have it.
"""

from __future__ import annotations

import re
from typing import Final

from bureau.engine.lottery.drawing import MILLION
from bureau.engine.lottery.pools import FREE_OF_TAX_FEN, MOST_PRIZES, PrizeDraft
from bureau.errors import PoolRefused
from kiosk.domain.money import fen, format_yuan

LINE: Final = re.compile(r"(?P<yuan>[0-9]{1,7}(\.[0-9]{1,2})?)\s*[|｜]\s*(?P<share>[0-9]{1,7})", re.ASCII)
LONGEST_WRITTEN: Final = 400
"""Characters of all lines together."""


def prizes(written: str) -> list[PrizeDraft]:
    """The prizes in the order in which they stand; raises ``PoolRefused`` with the line that has to be mended."""
    lines = [(at, line.strip()) for at, line in enumerate(written.split("\n"), start=1) if line.strip()]
    if not 0 < len(lines) <= MOST_PRIZES:
        raise PoolRefused("count", f"write 1 to {MOST_PRIZES} prizes, a line each", most=MOST_PRIZES)
    return [_prize(at, line) for at, line in lines]


def _prize(at: int, line: str) -> PrizeDraft:
    read = LINE.fullmatch(line)
    if read is None:
        raise PoolRefused("line", f"line {at}: write YUAN | DRAWS OF A MILLION", line=at)
    amount, share = fen(read["yuan"]), int(read["share"])
    if not 0 < amount <= FREE_OF_TAX_FEN:
        raise PoolRefused(
            "amount",
            f"line {at}: a prize is above zero, and {format_yuan(FREE_OF_TAX_FEN)} yuan at most",
            line=at,
            most=format_yuan(FREE_OF_TAX_FEN),
        )
    if not 0 < share <= MILLION:
        raise PoolRefused("share", f"line {at}: a prize has 1 to {MILLION} draws of a million", line=at)
    return PrizeDraft(fen=amount, per_million=share)
