"""Places where a test may kill the centre: before and after the commit of each kind of effect.

``KIOSK_CRASHPOINT="bureau:before:invoice.commit"`` (or ``bureau:after:…``) is read by ``sync.crashpoints``.
"""

from __future__ import annotations

from sync import crashpoints
from sync.models import EffectKind

AREA = "bureau"

crashpoints.register(AREA, [kind.value for kind in EffectKind])


def before_commit(kind: str) -> None:
    """All is written and nothing is committed."""
    crashpoints.hit(f"{AREA}.before", kind)


def after_commit(kind: str) -> None:
    """All is committed and nobody has been told."""
    crashpoints.hit(f"{AREA}.after", kind)
