"""The step in which somebody is led to the right service by a few questions."""

from __future__ import annotations

from typing import Literal

from config.catalogue.basics import BaseStep


class NavigateStep(BaseStep):
    """The questions of ``config/navigator.yaml`` (办税向导), and at their end a service with what to bring.

    It opens that service in place of its own, or prints the list, or leaves ``service`` (its id), ``title`` and
    ``code``: the list as text for a QR code, in the person's language.
    """

    kind: Literal["navigate"]
