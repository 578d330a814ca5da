"""The table of the certificates; the income tax record, which the terminal shows in its own way, is in ``records``."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.departing.form import DEPARTURE_FORM
from bureau.engine.refusals import refuse
from bureau.engine.sheets import firms, people
from bureau.engine.sheets.base import Kind
from bureau.engine.sheets.held import PERSONAL_DATA, personal_data
from bureau.engine.sheets.matter_notices import MATTER_NOTICE
from bureau.engine.sheets.served import SERVED_DOCUMENT, served_document
from bureau.engine.sheets.taxes import (
    NO_ARREARS,
    OWN_TAX_PAYMENT,
    TAX_PAYMENT,
    no_arrears,
    paid_months,
    tax_payment,
)
from bureau.engine.sheets.vouchers import OWN_PAYMENT_VOUCHER, PAYMENT_VOUCHER, payment_voucher
from config.catalogue.models import Service, SubmitStep
from sync.models import EffectKind

IIT_RECORD = "iit-record"
FAMILY = "certificate."
KINDS: Mapping[str, Kind] = {
    kind.certificate: kind
    for kind in (
        Kind(TAX_PAYMENT, "enterprise", tax_payment, paid_months),
        Kind(NO_ARREARS, "enterprise", no_arrears),
        Kind(people.RESIDENCE, "person", people.residence, items=people.residence_years),
        Kind(firms.CREDIT, "enterprise", firms.credit),
        Kind(firms.DECLARATION_COPY, "enterprise", firms.declaration_copy, items=firms.returns_on_file),
        Kind(people.VEHICLE, "enterprise", people.vehicle_purchase, items=people.vehicles),
        Kind(people.SOCIAL, "enterprise", people.social_insurance, people.insured_months),
        Kind(PERSONAL_DATA, "person", personal_data),
        Kind(SERVED_DOCUMENT, "enterprise", served_document),
        Kind(PAYMENT_VOUCHER, "enterprise", payment_voucher, single=True),
    )
}
PERSONAL = frozenset(
    {
        IIT_RECORD,
        OWN_TAX_PAYMENT,
        OWN_PAYMENT_VOUCHER,
        firms.OWN_DECLARATION_COPY,
        people.VEHICLE,
        people.SOCIAL,
        DEPARTURE_FORM,
        *(kind.certificate for kind in KINDS.values() if kind.audience == "person"),
    }
)
"""Kinds that certify data of a person."""
VOUCHERS = frozenset({PAYMENT_VOUCHER, OWN_PAYMENT_VOUCHER})
"""Kinds of the register of which there is one of each thing: nothing takes its place."""
OF_MATTERS = frozenset({MATTER_NOTICE, SERVED_DOCUMENT, PERSONAL_DATA, DEPARTURE_FORM})
"""Kinds that are had once more where they came from: of a slip, an official document, a person's own data, an
application of a traveller."""


def certificate_of(service: Service) -> str:
    """The certificate that a service is for: ``certificate.no-arrears`` gives no other; empty for those without.

    Services of other families that give one say which where they have it issued.
    """
    if service.id.startswith(FAMILY):
        return service.id.removeprefix(FAMILY)
    for step in service.steps:
        if isinstance(step, SubmitStep) and step.effect == EffectKind.CERTIFICATE_ISSUE:
            named = step.data.get("certificate")
            return named["const"] if isinstance(named, dict) else ""
    return ""


def kind_of(service: Service) -> Kind:
    """The kind that a service is for; raises ``Refused``."""
    found = KINDS.get(certificate_of(service))
    if found is None:
        raise refuse("notOfThisService")
    return found
