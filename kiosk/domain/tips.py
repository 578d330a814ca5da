"""Whether somebody's words look like a report about somebody (检举), which is never published for others to read.

Whoever writes so is shown the way for reports (检举纳税人税收违法行为管理办法 art. 5, 12366); officers decide.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = (
    *("举报", "检举", "揭发", "我要告", "曝光"),
    *(
        "tip off",
        "report a company",
        "report my employer",
        "report my boss",
        "report someone",
        "report somebody",
    ),
    "whistleblow",
)


def reports_somebody(text: str) -> bool:
    """Whether one of the words of reports stands in it."""
    said = text.casefold()
    return any(word in said for word in WORDS)
