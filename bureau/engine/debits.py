"""Three-party agreements (委托银行划缴税款三方协议) as a way to pay: 税收征收管理法实施细则第四十条.

An agreement is three facts of the registration (``matters/kinds/agreement.triparty.yaml``) and the day on which they
were entered. It lets the taxpayer's own taxes be debited and nothing else, whoever of those who may pay asks for it.
"""

from __future__ import annotations

from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.payments import Debited
from bureau.ports.registration import Taxpayer
from bureau.texts import named
from sync.models import DebitOffer

SHOWN = 4
"""So many of the last figures of an account leave the centre; the whole number goes to its bank alone."""


def agreement_of(core: Core, taxpayer: Taxpayer) -> Debited | None:
    """The agreement that is in force today; None where there is none, or it was ended.

    Its number is the taxpayer's with the day on which it came into force: signed anew it is another.
    """
    facts = core.registration.facts(taxpayer.taxpayer, today(core))
    if facts.get("debit") is not True or not facts.get("debit_bank") or not facts.get("debit_account"):
        return None
    since = str(facts.get("debit_since", "")).replace("-", "")
    return Debited(
        agreement=f"{taxpayer.taxpayer}{since}",
        bank=str(facts["debit_bank"]),
        account=str(facts["debit_account"]),
        holder=taxpayer.name,
    )


def offer_of(core: Core, taxpayer: Taxpayer) -> DebitOffer | None:
    """What a terminal may say of the taxpayer's agreement."""
    agreement = agreement_of(core, taxpayer)
    if agreement is None:
        return None
    return DebitOffer(bank=named("bank", agreement.bank), account=agreement.account[-SHOWN:])
