"""Every refusal that is walked, by its code: each comes about in the demonstration city, and nowhere by a switch."""

from __future__ import annotations

from collections.abc import Mapping

from ui.walk.refused.filing import FILING
from ui.walk.refused.invoices import INVOICES
from ui.walk.refused.papers import PAPERS
from ui.walk.refused.people import PEOPLE
from ui.walk.refused.reason import Reason

_ALL: Mapping[str, Reason] = {**PAPERS, **INVOICES, **FILING, **PEOPLE}
REASONS: Mapping[str, Reason] = dict(sorted(_ALL.items(), key=lambda one: bool(one[1].after)))
"""In the order in which they are walked: a visit that was done before changes what the next one finds."""
