"""``vat.*`` and ``dues.list``: what a return is filled with, what it costs today, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.engine import dues
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.system import System
from kiosk.domain.tax.limits import vat_limit_date
from sync.models import Dues, FenAmount, VatPrefill, VatSurcharge, Wire


class SurchargeParams(Wire):
    """Params of ``vat.surcharge``: the figures that the person is about to confirm."""

    period_first: date
    period_last: date
    vat_fen: FenAmount
    city_fen: FenAmount
    education_fen: FenAmount
    local_education_fen: FenAmount


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of returns and dues."""

    def prefill(core: Core, actor: Actor, _: NoParams) -> VatPrefill:
        return _prefill(core, actor, rules)

    def surcharge(core: Core, _: Actor, wanted: SurchargeParams) -> VatSurcharge:
        # Counted tax by tax, as the dues of the return will be.
        amounts = (wanted.vat_fen, wanted.city_fen, wanted.education_fen, wanted.local_education_fen)
        limit = vat_limit_date(wanted.period_last, rules.current)
        return dues.surcharge(amounts, limit, today(core), rules)

    def listed(core: Core, actor: Actor, _: NoParams) -> Dues:
        return dues.listed(core, core.returns.dues(actor.enterprise.taxpayer), rules)

    return {
        "vat.prefill": of_actor(system, NoParams, VatPrefill, prefill),
        "vat.surcharge": of_actor(system, SurchargeParams, VatSurcharge, surcharge),
        "dues.list": of_actor(system, NoParams, Dues, listed),
    }


def _prefill(core: Core, actor: Actor, rules: Rules) -> VatPrefill:
    """The last period of the enterprise with what its invoices say; raises ``Refused``."""
    taxpayer = actor.enterprise
    if taxpayer.state == "cancelled":
        raise refuse("taxpayerCancelled")
    if not taxpayer.small_scale:
        raise refuse("notSmallScale")
    period = rules.last_period(taxpayer, today(core))
    sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
    filed = core.returns.filed(taxpayer.taxpayer, VAT_SMALL, period.first, period.last)
    return VatPrefill(
        taxpayer=taxpayer.taxpayer,
        name=taxpayer.name,
        period_first=period.first,
        period_last=period.last,
        limit_date=period.limit,
        quarterly=taxpayer.quarterly,
        invoice_count=sales.count,
        ordinary_sales_fen=max(sales.ordinary_fen, 0),
        special_sales_fen=max(sales.special_fen, 0),
        levy_rate=str(rules.levy_rate(period)),
        city_rate=taxpayer.city_rate,
        half_six_taxes=taxpayer.half_six_taxes,
        parameters_hash=rules.current.hash,
        declared_already=filed.declaration if filed is not None else None,
    )
