"""What of a service's steps is done on a phone: its forms and review, what applies, the payment, what finishes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bureau.engine.phone.reading import Data
from config.catalogue.models import FormStep, PayStep, ReviewStep, Service, SubmitStep
from kiosk.domain.paths import look


@dataclass(frozen=True, slots=True)
class Dues:
    """What is to be paid, with the surcharge of the day, in fen."""

    numbers: tuple[str, ...]
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a service whose file says that it goes on on a phone (``config.catalogue.phone_checks``)."""

    service: Service

    @property
    def forms(self) -> Sequence[FormStep]:
        """In the order of the file."""
        assert self.service.phone is not None, "checked by the catalogue"
        wanted = self.service.phone.begin
        return [step for step in self.service.steps if isinstance(step, FormStep) and step.id in wanted]

    @property
    def review(self) -> ReviewStep:
        """What is confirmed."""
        assert self.service.phone is not None, "checked by the catalogue"
        wanted = self.service.phone.preview
        return next(s for s in self.service.steps if isinstance(s, ReviewStep) and s.id == wanted)

    @property
    def apply(self) -> SubmitStep:
        """What is handed in once it is confirmed."""
        return self._submits[0]

    @property
    def issue(self) -> SubmitStep:
        """What is done once it is paid."""
        return self._submits[1]

    @property
    def pay(self) -> PayStep:
        """The payment between them."""
        return next(step for step in self.service.steps if isinstance(step, PayStep))

    @property
    def _submits(self) -> Sequence[SubmitStep]:
        return [step for step in self.service.steps if isinstance(step, SubmitStep)]

    def data_of(self, step: SubmitStep, data: Data) -> dict[str, Any]:
        """The effect's data, as the file names it."""
        return {n: v["const"] if isinstance(v, Mapping) else look(data, v) for n, v in step.data.items()}

    def dues(self, data: Data) -> Dues:
        """What is to be paid; what another payment holds is not asked for twice."""
        open_ones = [due for due in look(data, self.pay.dues) or [] if due["payable"]]
        numbers = tuple(str(due["due"]) for due in open_ones)
        return Dues(numbers, sum(int(due["amount_fen"]) + int(due["late_fee_fen"]) for due in open_ones))

    def applied(self, data: Data) -> bool:
        """Whether it was handed in, there or at the terminal."""
        return bool(look(data, f"{self.apply.id}.key"))

    def paid(self, data: Data) -> bool:
        """Whether nothing is left to be paid."""
        return look(data, f"{self.pay.id}.state") == "paid" or self.dues(data).amount_fen == 0

    def issued(self, data: Data) -> bool:
        """Whether it is finished."""
        return bool(look(data, f"{self.issue.id}.key"))
