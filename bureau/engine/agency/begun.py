"""An application for an invoice as it is begun on a phone: nobody has said yet who sells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bureau.engine.agency.selling import estimate, taxed, terms_of
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.texts import say
from sync.models import AgencySaleTold, Texts

Data = Mapping[str, Mapping[str, Any]]


class InvoiceBegun:
    """Implements ``Begun`` (``bureau.engine.phone.kinds``) for ``invoice.issue``."""

    def known(self, core: Core, rules: Rules) -> Data:
        """Goods and the limit, which are the same for everybody."""
        return {"goods": terms_of(core, rules, "").model_dump(mode="json")}

    def preview(self, core: Core, rules: Rules, data: Data) -> tuple[Data, Texts]:
        """The buyer as the registry has it; the taxes of a person's only sale of the day, or of a special invoice."""
        buyer, sold = data["buyer"], data["goods"]
        told = AgencySaleTold(
            kind=buyer["kind"],
            buyer=buyer["name"],
            buyer_number=buyer["number"],
            goods=sold["goods"],
            name=sold["name"],
            unit=sold["unit"],
            quantity=sold["quantity"],
            gross_fen=sold["gross_fen"],
        )
        sale = estimate(core, told, rules)
        answers = {
            "goods": {**sold, "buyer": sale.buyer.name},
            "check": taxed(sale).model_dump(mode="json"),
        }
        return answers, say(f"agency.estimate.{told.kind}")
