"""Returns (申报) as data and one pure calculation each, the same at the terminal and at the centre.

A kind of return names the facts it is told and computes period, limit and taxes from them over the parameter tables
(``KINDS``). VAT of small-scale taxpayers has a form of its own (``kiosk.domain.tax.vat_small``).
"""

from collections.abc import Mapping

from kiosk.domain.tax.returns.facts import FactError, Facts, Told
from kiosk.domain.tax.returns.kind import Computed, Kind
from kiosk.domain.tax.returns.periodic import FixedQuota, Rental, Zero
from kiosk.domain.tax.returns.personal import IitAnnual, SocialInsurance
from kiosk.domain.tax.returns.single import Deed, Stamp, VehiclePurchase, VehicleVessel

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Zero(),
        FixedQuota(),
        Stamp(),
        Deed(),
        VehiclePurchase(),
        VehicleVessel(),
        Rental(),
        IitAnnual(),
        SocialInsurance(),
    )
}
"""Every kind of return by its name."""

__all__ = ["KINDS", "Computed", "FactError", "Facts", "Kind", "Told"]
