"""Names of Qt types that Python has no class for, typed as ``Property`` wants them."""

from __future__ import annotations

from typing import cast

MAP = cast(type, "QVariantMap")
LIST = cast(type, "QVariantList")
