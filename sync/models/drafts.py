"""What was begun on a phone and is taken up at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AwareDatetime, Field

from sync.models.base import Wire

DraftCodeText = Annotated[str, Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{10}$")]
"""As ``kiosk.domain.draft_codes`` makes it."""
Drafted = Mapping[str, Mapping[str, str | int | bool | None]]
"""Values by form and row, as the terminal's forms leave them."""


class DraftAsked(Wire):
    """Params of ``draft.open``."""

    code: DraftCodeText


class DraftOpened(Wire):
    """What was filled in beforehand; the code can be used until ``expires_at``, and once."""

    drafted: Drafted
    expires_at: AwareDatetime


class FromDraft(Wire):
    """The data of an effect that may have been begun on a phone: ``draft`` is used up by it."""

    draft: DraftCodeText | None = None
