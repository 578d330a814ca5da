"""The step in which whoever comes answers a survey."""

from __future__ import annotations

from typing import Literal

from config.catalogue.basics import BaseStep, Path


class SurveyStep(BaseStep):
    """The questions of the survey that stands at ``of`` (``sync.models.SurveyShown``), one a page.

    It leaves ``answers``, as ``survey.take`` has them; in words of one's own personal data is put out of sight. Whoever
    has answered that survey in this visit is told so in its place.
    """

    kind: Literal["survey"]
    of: Path
