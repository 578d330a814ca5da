"""How long things took, as counts by buckets that grow: sums of them give the same quantiles as all their parts.

A bucket is a quarter wider than the one before, so that a quantile read off it is at most an eighth off; a second is
the first, and three hours the last.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

GROWTH: Final = 1.25
BUCKETS: Final = math.ceil(math.log(3 * 3600, GROWTH)) + 1


def bucket(seconds: float) -> int:
    """The bucket that a length of time belongs to, 0 for a second and less."""
    if seconds <= 1.0:
        return 0
    return min(math.ceil(math.log(seconds, GROWTH)), BUCKETS - 1)


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The seconds within which that share of them was over (the middle of the bucket); None when there are none.

    Raises ``ValueError`` for a share outside of 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    total = sum(counts.values())
    if not total:
        return None
    wanted, passed = share * total, 0
    last = 0
    for last in sorted(counts):
        passed += counts[last]
        if passed >= wanted:
            break
    return 1.0 if last == 0 else GROWTH ** (last - 0.5)
