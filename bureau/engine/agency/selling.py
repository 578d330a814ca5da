"""Who may have which invoice issued for whom, and what it costs: every rule of 代开, asked in one place.

Special invoices: 税务机关代开增值税专用发票管理办法（国税发〔2004〕153号）, for registered small-scale taxpayers who
do not issue them themselves (税务总局公告2019年第33号 art. 5). Ordinary ones: 发票管理办法 art. 16, for who needs one
now and then and has none of their own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bureau.engine import preferences
from bureau.engine.agency.goods import Goods, goods
from bureau.engine.einvoices.words import PERSON, same
from bureau.engine.preferences import OfPeriod
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_registered
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.agency_invoice import TRANSACTION, AgencySale, AgencyTax, compute
from kiosk.domain.tax.parameters import TaxParameters
from sync.models import AgencyBuyer, AgencyGoods, AgencySaleTold, AgencyTaxed, AgencyTerms, Texts

MOST = "agency.terminal-most"
SPECIAL_KINDS = frozenset({"01", "08"})
"""Approved kinds that are special invoices (domain note, 2.3); any other is an ordinary one."""
MOST_ISSUED = 10_000
"""Invoices of one person in a month: far more than anybody has issued at terminals."""
BUREAUS_PLACE = "surcharges.city-rate-city"
"""A person is taxed where the bureau is that issues for them, which is a city's."""
BRACKETS = str.maketrans("（）", "()")


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells: a registered taxpayer, or a natural person, who need not be registered yet."""

    number: str
    name: str
    taxpayer: Taxpayer | None

    @property
    def person(self) -> bool:
        """Whether it is a natural person."""
        return self.taxpayer is None


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as it will stand on the invoice; a private person has no number there."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale that may be invoiced, and its taxes."""

    seller: Seller
    buyer: Buyer
    told: AgencySaleTold
    goods: Goods
    tax: AgencyTax

    @property
    def item(self) -> str:
        """What was sold, as it stands on the invoice: ``*居民日常服务*保洁``."""
        return f"*{self.goods.short}*{_clean(self.told.name or '') or self.goods.title['zh-CN']}"

    @property
    def line(self) -> InvoiceLine:
        """The one line of the invoice."""
        return InvoiceLine(
            name=self.item,
            unit=_clean(self.told.unit or ""),
            quantity=str(self.told.quantity or ""),
            net_fen=int(self.tax.net_fen),
            rate="" if self.tax.rate is None else str(self.tax.rate),
            tax_fen=int(self.tax.vat_fen),
        )

    @property
    def remark(self) -> str:
        """What the bureau writes on it."""
        withheld = "；个人所得税由支付人依法扣缴" if self.seller.person and self.goods.labour else ""
        return f"税务机关代开{withheld}"


def seller_of(core: Core, actor: Actor, kind: str) -> Seller:
    """Who sells; raises ``Refused`` when nobody may issue this kind for them."""
    if actor.role is None:
        if kind == "special":
            raise refuse("issueSpecialPerson")
        return Seller(actor.person.key.number, actor.person.name, None)
    taxpayer = actor.enterprise
    if taxpayer.state != "normal":
        raise refuse("taxpayerCancelled" if taxpayer.state == "cancelled" else "taxpayerAbnormal")
    if taxpayer.ended(today(core)):
        raise refuse("temporaryEnded")
    if not taxpayer.small_scale:
        raise refuse("issueGeneral")
    approved = {approval.kind for approval in core.invoices.approvals(taxpayer.taxpayer, today(core))}
    if kind == "special" and approved & SPECIAL_KINDS:
        raise refuse("issueOwnSpecial")
    if kind == "ordinary" and approved - SPECIAL_KINDS:
        raise refuse("issueOwnOrdinary")
    return Seller(taxpayer.taxpayer, taxpayer.name, taxpayer)


def buyer_of(core: Core, seller: str, told: AgencyBuyer) -> Buyer:
    """The buyer, checked by number and name; raises ``Refused``. ``seller`` is empty while nobody knows who sells.

    A number that this registry holds has to go with the name that it holds. One of elsewhere is taken by its form.
    """
    name, number = _clean(told.buyer), _clean(told.buyer_number or "").upper()
    if not name:
        raise refuse("issueBuyerName")
    if not number:
        if told.kind == "special":
            raise refuse("issueBuyerNumber")
        return Buyer(name, "")
    if number == seller:
        raise refuse("issueBuyerSelf")
    if PERSON.fullmatch(number):
        raise refuse("issueBuyerPerson")
    try:
        code = check_registered(number)
    except FieldError as error:
        raise refuse("issueBuyerNumber") from error
    known = core.registration.taxpayer(code.code)
    if known is None:
        if not code.check_ok:
            raise refuse("issueBuyerNumber")
        return Buyer(name, code.code)
    if _alike(name) != _alike(known.name):
        raise refuse("issueBuyerName")
    if known.state == "cancelled":
        raise refuse("issueBuyerCancelled")
    return Buyer(known.name, code.code)


def most_of(core: Core, rules: Rules) -> Fen:
    """How much one invoice of a terminal may come to, with tax, in fen."""
    return rules.current.at(today(core)).amount(MOST)


def terms_of(core: Core, rules: Rules, buyer: str) -> AgencyTerms:
    """What may be sold at a terminal, and up to how much."""
    offered = [AgencyGoods(id=one.code, title=one.title, note=one.note) for one in goods().values()]
    return AgencyTerms(goods=offered, buyer=buyer, most_fen=most_of(core, rules))


def estimate(core: Core, told: AgencySaleTold, rules: Rules) -> Sale:
    """The sale for who has not said who they are: with its taxes if it is the only one of its day.

    An ordinary invoice by a natural person; a special one by a small-scale taxpayer of the city. Raises ``Refused``
    for each reason that does not depend on who sells.
    """
    buyer, wanted = buyer_of(core, "", told), goods_of(core, told, rules)
    special, day = told.kind == "special", today(core)
    given = AgencySale(
        gross_fen=Fen(told.gross_fen),
        special=special,
        person=not special,
        quarterly=False,
        sold_fen=Fen(0),
        sold_month_fen=Fen(0),
        city_rate=Decimal(str(rules.current.at(day).rate(BUREAUS_PLACE))),
        half_six_taxes=True,
        day=day,
    )
    return Sale(Seller("", "", None), buyer, told, wanted, compute(given, rules.current))


def goods_of(core: Core, told: AgencySaleTold, rules: Rules) -> Goods:
    """What is sold; raises ``Refused`` for what no terminal invoices, or not at that price."""
    wanted = goods().get(told.goods)
    if wanted is None:
        raise refuse("issueGoods")
    most = most_of(core, rules)
    if told.gross_fen > most:
        raise refuse("issueOverLimit", most=format_yuan(most))
    return wanted


def sale_of(core: Core, actor: Actor, told: AgencySaleTold, rules: Rules, parameters: TaxParameters) -> Sale:
    """The sale with its taxes by ``parameters``; raises ``Refused`` for each reason why it is not invoiced here."""
    seller = seller_of(core, actor, told.kind)
    buyer = buyer_of(core, seller.number, told)
    wanted = goods_of(core, told, rules)
    given = _sale(core, seller, told, parameters)
    tax = compute(given, parameters)
    _not_split(given, tax, parameters)
    return Sale(seller, buyer, told, wanted, tax)


def taxed(sale: Sale) -> AgencyTaxed:
    """What the person is shown before they confirm it."""
    tax = sale.tax
    vat, city, education, local = tax.lines
    return AgencyTaxed(
        net_fen=tax.net_fen,
        vat_fen=vat.tax_fen,
        city_fen=city.tax_fen,
        education_fen=education.tax_fen,
        local_education_fen=local.tax_fen,
        total_fen=tax.total_fen,
        gross_fen=sale.told.gross_fen,
        rate="" if tax.rate is None else str(tax.rate),
        rate_text=say("agency.exempt") if tax.rate is None else same(_percent(tax.rate)),
        vat_basis=_basis(tax, vat.code),
        city_basis=_basis(tax, city.code),
        education_basis=_basis(tax, education.code),
        local_education_basis=_basis(tax, local.code),
        item=sale.item,
        remark=sale.remark,
        parameters_hash=tax.parameters_hash,
    )


def invoice_of(sale: Sale, number: str, day: date) -> IssuedInvoice:
    """The invoice that the sale makes, under ``number``."""
    return IssuedInvoice(
        code="",
        number=number,
        kind=sale.told.kind,
        issued_on=day,
        seller=sale.seller.number,
        seller_name=sale.seller.name,
        buyer=sale.buyer.name,
        buyer_number=sale.buyer.number,
        net_fen=int(sale.tax.net_fen),
        tax_fen=int(sale.tax.vat_fen),
        state="valid",
        check_code="",
        red_of="",
        lines=(sale.line,),
        remark=sale.remark,
    )


def _sale(core: Core, seller: Seller, told: AgencySaleTold, parameters: TaxParameters) -> AgencySale:
    day = today(core)
    taxpayer = seller.taxpayer
    quarterly = taxpayer is not None and taxpayer.quarterly
    begin = _begin(day, quarterly)
    sold = (_sold_by_person if seller.person else _sold)(core, seller.number, begin, day)
    mine = preferences.of_period(core, taxpayer.taxpayer, day, day) if taxpayer is not None else OfPeriod()
    rate = taxpayer.city_rate if taxpayer is not None else str(parameters.at(day).rate(BUREAUS_PLACE))
    return AgencySale(
        gross_fen=Fen(told.gross_fen),
        special=told.kind == "special",
        person=seller.person,
        quarterly=quarterly,
        sold_fen=_sold_by_person(core, seller.number, day, day) if seller.person else sold,
        sold_month_fen=sold,
        city_rate=Decimal(rate),
        half_six_taxes=taxpayer.half_six_taxes if taxpayer is not None else True,
        day=day,
        reduced=not mine.reduced_waived,
        threshold=not mine.threshold_waived,
    )


def _sold(core: Core, number: str, first: date, last: date) -> Fen:
    sales = core.returns.sales(number, first, last)
    return Fen(max(sales.ordinary_fen + sales.special_fen, 0))


def _sold_by_person(core: Core, number: str, first: date, last: date) -> Fen:
    """Of invoices of these days what was not taken back since; a red letter for one of other days takes nothing off.

    Who is taxed by transaction gets the tax of an earlier sale back (``refund.iit``): both would count it twice.
    """
    mine = core.einvoices.issued(number, first, last, MOST_ISSUED)
    standing = [one for one in mine if one.state == "valid"]
    return Fen(sum(one.net_fen - core.einvoices.taken_back(one.id)[0] for one in standing))


def _begin(day: date, quarterly: bool) -> date:
    month = 3 * ((day.month - 1) // 3) + 1 if quarterly else day.month
    return date(day.year, month, 1)


def _not_split(given: AgencySale, tax: AgencyTax, parameters: TaxParameters) -> None:
    """A day's sales are one (按次（日）): what was free by itself this morning is not, once the day is above it."""
    limit = parameters.at(given.day).amount_or_none(TRANSACTION)
    if given.person and tax.rate is not None and limit is not None and 0 < given.sold_fen < limit:
        raise refuse("issueDaySplit", limit=format_yuan(limit), sold=format_yuan(given.sold_fen))


def _basis(tax: AgencyTax, code: str) -> Texts:
    line = next(line for line in tax.lines if line.code == code)
    law = tax.basis.get(code, "")
    return say(f"agency.note.{line.note.value or 'law'}", law=law)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _clean(text: str) -> str:
    """One line as people mean it: half-width letters, no control characters, no spaces at its ends."""
    shown = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    return shown.strip()


def _alike(name: str) -> str:
    """A name without spaces, brackets of either width alike."""
    return "".join(unicodedata.normalize("NFKC", name).translate(BRACKETS).split()).casefold()
