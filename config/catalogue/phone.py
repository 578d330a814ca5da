"""What of a service is done on a phone."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.catalogue.basics import Model


class OnPhone(Model):
    """What of a service is done on a phone.

    ``begin``: the forms that anybody may fill in there beforehand, without signing in; a scan step takes them up.
    ``preview``: the review of which is shown there what can be told without knowing who comes.
    """

    begin: Annotated[list[str], Field(min_length=1)]
    preview: str
