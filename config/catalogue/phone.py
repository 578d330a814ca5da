"""What of a service is done on a phone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.catalogue.basics import BaseStep, Model


class OnPhone(Model):
    """What of a service is done on a phone.

    ``begin``: the forms that anybody may fill in there beforehand, without signing in; a scan step takes them up.
    ``preview``: the review of which is shown there what can be told without knowing who comes.
    """

    begin: Annotated[list[str], Field(min_length=1)]
    preview: str


class ContinueStep(BaseStep):
    """The visit goes on on the person's own phone. Nobody comes here but by their own choice on an earlier page.

    ``keeps``: the steps whose answers are handed over.
    """

    kind: Literal["continue"]
    keeps: Annotated[list[str], Field(min_length=1)]
