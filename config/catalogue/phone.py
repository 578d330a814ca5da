"""What of a service is done on a phone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.catalogue.basics import BaseStep, Model, Path


class OnPhone(Model):
    """What of a service is done on a phone.

    ``begin``: the forms that anybody may fill in there beforehand, without signing in; a scan step takes them up.
    ``preview``: the review of which is shown there what can be told without knowing who comes.
    """

    begin: Annotated[list[str], Field(min_length=1)]
    preview: str


class CollectStep(BaseStep):
    """The file of a certificate is fetched by the person's own phone, which scans a code that works once (电子版).

    ``document``: where the certificate's number stands.
    """

    kind: Literal["collect"]
    document: Path


class ContinueStep(BaseStep):
    """The visit goes on on the person's own phone. Nobody comes here but by their own choice on an earlier page.

    ``keeps``: the steps whose answers are handed over.
    """

    kind: Literal["continue"]
    keeps: Annotated[list[str], Field(min_length=1)]
