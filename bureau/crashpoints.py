"""Places where a test may kill the centre: before and after the commit of each kind of effect.

``KIOSK_CRASHPOINT="bureau:before:invoice.commit"`` (or ``bureau:after:…``) is read by ``config.crashpoints``.
"""

from __future__ import annotations

from config import crashpoints
from sync.models import EffectKind

AREA = "bureau"

for _kind in EffectKind:
    crashpoints.register(AREA, _kind.value, "an effect, its answer and its key are committed together")


def before_commit(kind: str) -> None:
    """All is written and nothing is committed."""
    crashpoints.hit(AREA, "before", kind)


def after_commit(kind: str) -> None:
    """All is committed and nobody has been told."""
    crashpoints.hit(AREA, "after", kind)
