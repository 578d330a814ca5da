"""``nontax.payable``: what a notice of non-tax revenue is for, told to whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bureau.engine import nontax
from bureau.engine.einvoices.words import masked
from bureau.engine.queries.registry import Query, Question
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.system import System
from config.clock import CHINA
from kiosk.domain.masking import mask_name
from sync.models import NontaxLine, NontaxShown, Wire


class NontaxParams(Wire):
    """Params of ``nontax.payable``: the payment code (缴款码) of the notice."""

    code: Annotated[str, Field(max_length=32)]


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The query of notices of non-tax revenue; nobody is asked who they are."""

    def payable(question: Question) -> NontaxShown:
        wanted = question.params
        assert isinstance(wanted, NontaxParams), "validated by the registry"
        with system.read(question.terminal) as work:
            return _shown(work.core, wanted.code, rules)

    return {"nontax.payable": Query(NontaxParams, NontaxShown, payable)}


def _shown(core: Core, code: str, rules: Rules) -> NontaxShown:
    """Who is to pay, a person's name and number with most of it hidden, and what it costs today; raises ``Refused``."""
    notice, day = nontax.payable(core, code), today(core)
    taxpayer = core.registration.taxpayer(notice.payer)
    assert taxpayer is not None, "a notice is to a taxpayer in the register"
    shown, late = masked(taxpayer.taxpayer), nontax.late_fee_of(notice, day, rules)
    line = NontaxLine(due=notice.code, amount_fen=notice.amount_fen, late_fee_fen=late)
    issued = notice.issued_at.astimezone(CHINA).date()
    return NontaxShown(
        code=notice.code,
        payer=shown,
        name=taxpayer.name if shown == taxpayer.taxpayer else mask_name(taxpayer.name),
        authority=notice.authority,
        item=nontax.item_code(notice.item, issued, rules),
        item_name=nontax.item_name(notice.item),
        issued_on=issued,
        limit_date=notice.limit_date,
        valid_until=notice.valid_until,
        amount_fen=notice.amount_fen,
        late_fee_fen=late,
        total_fen=notice.amount_fen + late,
        basis=nontax.basis(notice, day, rules),
        lines=[line],
    )
