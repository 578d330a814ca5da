"""What is told on a phone of a service before anybody has said who they are, by service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bureau.engine.agency import begun
from bureau.engine.phone.reading import Data
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from sync.models import Texts


class Begun(Protocol):
    """A service that can be begun on a phone; what its forms and its review refer to there."""

    def known(self, core: Core, rules: Rules) -> Data:
        """What the forms' questions would answer at the terminal: options and limits, by step."""
        ...

    def preview(self, core: Core, rules: Rules, data: Data) -> tuple[Data, Texts]:
        """What the review refers to as far as it can be told, by step, and for whom it was worked out.

        Raises ``Refused`` for each reason that does not depend on who comes.
        """
        ...


KINDS: Mapping[str, Begun] = {"invoice.issue": begun.InvoiceBegun()}
"""Every service whose file says ``phone`` is here."""
