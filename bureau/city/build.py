"""Writes one city in one transaction. Each topic has its own random source, so that one does not shift another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import takewhile
from random import Random

from sqlalchemy import Connection
from sqlalchemy.sql.schema import Table

from bureau.city import (
    agreements,
    appointments,
    apps,
    archives,
    bills,
    cases,
    deliveries,
    documents,
    exports,
    firms,
    guardians,
    inspections,
    issuing,
    knowledge,
    lottery,
    mandates,
    mutual,
    nontax,
    own_taxes,
    population,
    publicity,
    queue,
    school,
    settlements,
    sources,
    surveys,
    travellers,
)
from bureau.city.characters import Turnover
from bureau.city.firms import Registered
from bureau.city.incomes import Payroll
from bureau.city.invoices import Detail, Details
from bureau.city.places import HALLS
from bureau.city.population import Citizen
from bureau.city.returns import FLEET_PAST, OWN_PAST, OwnNumbers, Returns
from bureau.city.sales import DigitalNumbers, Invoice, Seller
from bureau.city.stock import CityStock, order_for
from bureau.engine.reference.context import Context
from bureau.engine.rules import Period, Rules
from bureau.ports.einvoices import InvoiceLine
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Income
from bureau.store import tables
from bureau.texts import ids, say
from config.clock import CHINA
from kiosk.domain.people import Role

IDLE = 2
"""For so many periods those in abnormal state have sold nothing."""
FACE_LIMIT_FEN = {"04": 10_000_000, "11": 1_000_000, "01": 100_000_000}
QUARTER_DAYS, MONTH_DAYS = 92, 30
ENROLLED_DAYS = (30, 900)
CHUNK = 20_000
_LINE = tuple(field.name for field in fields(InvoiceLine))
"""Of tens of thousands of lines: ``asdict`` copies each value, and took an eighth of the time that a city takes."""
Rows = list[dict[str, object]]


def history_since(as_of: date) -> date:
    """From when on the city has a past: the four quarters that were over, the last of which may be open."""
    return date(as_of.year - 1, 3 * ((as_of.month - 1) // 3) + 1, 1)


class Builder:
    """Writes the city of one seed and day into an empty store."""

    def __init__(self, connection: Connection, seed: int, as_of: date, rules: Rules) -> None:
        self._connection = connection
        self._seed = seed
        self._as_of = as_of
        self._rules = rules

    def build(self, people: int, enterprises: int) -> tuple[int, int]:
        """People, incomes, enterprises, what they did, and the blanks; how many people and enterprises."""
        self._add(tables.hall, [{"hall": hall, "name": dict(name)} for hall, name in HALLS.items()])
        known = population.cast()
        others = population.citizens(self._random("people"), people, self._as_of)
        wards = population.wards()
        self._people([*known, *others, *wards])
        self._pay([*known, *wards], others)
        random = self._random("firms")
        registered = firms.of_cast(random, known, others, self._as_of)
        registered += firms.others(random, enterprises, others, self._as_of)
        self._firms(registered)
        self._history(registered)
        self._shopping(others or known)
        self._archives(registered)
        for table_name, lottery_rows in lottery.rows(
            self._connection, self._random("lottery"), others, self._as_of
        ):
            self._add(tables.metadata.tables[table_name], lottery_rows)
        numbers = queue.numbers(self._random("queue"), others or known, self._as_of, self._rules)
        self._add(tables.queue_ticket, list(numbers))
        ahead = appointments.booked(self._random("appointments"), others or known, self._as_of, self._rules)
        self._add(tables.appointment, list(ahead))
        year = school.held(self._random("school"), others or known, self._as_of, self._rules)
        for table_name, school_rows in school.rows(year):
            self._add(tables.metadata.tables[table_name], school_rows)
        self._add(tables.knowledge, list(knowledge.entries(self._as_of)))
        self._add(tables.offender_case, list(publicity.entries(self._random("publicity"), self._as_of)))
        self._add(tables.offender_case_event, list(publicity.events(self._as_of)))
        self._add(tables.inspection, list(inspections.entries(self._as_of)))
        self._add(tables.inspection_event, list(inspections.events(self._as_of)))
        for table_name, survey_rows in surveys.rows(self._random("surveys"), self._as_of):
            self._add(tables.metadata.tables[table_name], survey_rows)
        self._add(tables.official_app, list(apps.entries(self._as_of)))
        self._add(tables.official_app_event, list(apps.events(self._as_of)))
        written = mutual.of_city(self._random("mutual"), self._as_of)
        self._add(tables.contribution, written.contributions)
        self._add(tables.contribution_mark, written.marks)
        self._add(tables.contribution_act, written.acts)
        self._add(tables.tax_source, list(sources.of_people(self._random("sources"), others, self._as_of)))
        self._add(tables.matter_case, list(cases.waiting(self._as_of)))
        self._add(tables.matter_case, [deliveries.case(self._as_of)])
        self._add(tables.invoice_delivery, [deliveries.order(self._as_of)])
        self._add(tables.matter_case, [issuing.case(self._as_of)])
        self._add(tables.issuing_phone, [issuing.phone(self._as_of)])
        for given in (mandates, guardians):
            self._add(tables.matter_case, [given.case(self._as_of)])
            self._add(tables.mandate, [given.mandate(self._as_of)])
        self._add(tables.effect, list(cases.handed_in(self._as_of)))
        self._add(tables.tax_duty, sources.duties(self._as_of))
        return len(known) + len(others) + len(wards), len(registered) + len(travellers.STORES)

    def _random(self, topic: str) -> Random:
        return Random(f"{self._seed}:{topic}:{self._as_of.isoformat()}")

    # --- people -------------------------------------------------------------------------------------------

    def _people(self, people: Sequence[Citizen]) -> None:
        random, alias = self._random("enrolment"), self._random("alias")
        days = (self._as_of - timedelta(days=random.randrange(*ENROLLED_DAYS)) for _ in people)
        self._add(
            tables.person,
            [
                {
                    "kind": p.kind.value,
                    "number": p.number,
                    "alias": f"{alias.getrandbits(128):032x}",
                    "name": p.name,
                    "latin_name": p.latin_name,
                    "mobile": p.mobile,
                    "enrolled_at": datetime.combine(day, time(9 + day.day % 8, 10), CHINA),
                }
                for p, day in zip(people, days, strict=True)
            ],
        )

    def _pay(self, known: Iterable[Citizen], others: Iterable[Citizen]) -> None:
        payroll, kinds = Payroll(self._as_of, self._rules.current), {p.number: p.kind.value for p in known}
        rows: Rows = []
        for number, lines in payroll.of_cast():
            rows += _income_rows(kinds[number], number, lines)
            if number == settlements.SETTLED.number:
                self._in_own_name(lines)
        for citizen, lines in payroll.of_citizens(self._random("income"), others):
            rows += _income_rows(citizen.kind.value, citizen.number, lines)
        self._add(tables.income, rows)

    def _in_own_name(self, lines: Sequence[Income]) -> None:
        """Who settled last year's income this spring, and paid the tax on the car two days later."""
        day, numbers = settlements.settling_day(self._as_of.year), OwnNumbers(OWN_PAST)
        paid_on = day + timedelta(days=2)
        settled = settlements.settled(lines, day, self._rules, numbers)
        if settled is None or self._as_of <= paid_on:
            return
        car = own_taxes.car_tax(paid_on, self._rules, numbers)
        self._add(tables.taxpayer, [own_taxes.own_taxpayer(settlements.SETTLED, day)])
        self._add(tables.declaration, [settled, car.declaration])
        self._add(tables.due, [*car.dues])
        self._add(tables.treasury_entry, [*car.entries])

    # --- enterprises --------------------------------------------------------------------------------------

    def _firms(self, registered: Iterable[Registered]) -> None:
        listed = list(registered)
        self._add(tables.taxpayer, [self._firm_row(r) for r in listed])
        self._add(
            tables.role,
            [
                {
                    "person_kind": post.citizen.kind.value,
                    "person_number": post.citizen.number,
                    "taxpayer": r.firm.taxpayer,
                    "role": post.role.value,
                    "valid_from": post.since,
                    "valid_to": post.until,
                }
                for r in listed
                for post in r.posts
            ],
        )
        self._add(tables.registration_entry, _contacts(self._random("contacts"), listed, self._as_of))
        self._add(tables.registration_entry, agreements.entries(self._as_of))
        self._add(tables.invoice_approval, [row for r in listed for row in _approvals(r)])

    def _firm_row(self, registered: Registered) -> dict[str, object]:
        taxpayer = registered.taxpayer(self._as_of, self._rules)
        return {
            "taxpayer": taxpayer.taxpayer,
            "name": taxpayer.name,
            "state": taxpayer.state,
            "small_scale": taxpayer.small_scale,
            "quarterly": taxpayer.quarterly,
            "levy_rate": taxpayer.levy_rate,
            "city_rate": taxpayer.city_rate,
            "half_six_taxes": taxpayer.half_six_taxes,
            "risk": taxpayer.risk,
            "industry": registered.firm.industry,
            "address": registered.address,
            "registered_on": taxpayer.registered_on,
            "used_verified_to": taxpayer.used_verified_to,
        }

    # --- what they did ------------------------------------------------------------------------------------

    def _history(self, registered: Iterable[Registered]) -> None:
        random, numbers = self._random("sales"), DigitalNumbers()
        details = Details(self._random("invoices"))
        returns = Returns(self._rules, self._as_of, self._random("returns"))
        start = datetime.combine(self._as_of, time(8), CHINA)
        stock = CityStock(Context(self._connection, start, ""), self._as_of, self._random("stock"))
        stock.load()
        sales: Rows = []
        for r in registered:
            taxpayer = r.taxpayer(self._as_of, self._rules)
            periods = self._periods(taxpayer)
            made = self._sold(r, taxpayer, periods, random, numbers)
            returns.file(r, periods, made)
            made = stock.give(r, made, taxpayer.used_verified_to)
            if r.firm.ordered:
                order_for(Context(self._connection, start, ""), r.firm.taxpayer)
            detailed = details.of(r.firm.industry, made, partial(self._rate, taxpayer))
            sales += [_sale_row(r.firm.taxpayer, invoice, detail) for invoice, detail in detailed]
        self._add(tables.sale, sales)
        self._add(tables.declaration, returns.declarations)
        self._add(tables.due, returns.dues)
        self._add(tables.treasury_entry, returns.entries)
        for exported in exports.of_cast(self._random("exports"), self._as_of):
            self._add(tables.export_line, [exported.line])
            self._add(tables.export_purchase, exported.purchases)
        for issued in bills.of_cast(returns.dues, self._random("bills"), self._as_of):
            self._add(tables.bill, [issued.bill])
            self._add(tables.bill_due, issued.dues)
        self._add(tables.nontax_notice, [*nontax.of_cast(self._random("nontax"), self._as_of)])
        self._add(tables.document, [*documents.of_cast(self._as_of)])

    def _shopping(self, people: Sequence[Citizen]) -> None:
        """Refund stores with what travellers from abroad bought there."""
        self._add(tables.taxpayer, [*travellers.stores(self._as_of)])
        self._add(tables.role, [*travellers.heads(self._random("travellers"), people, self._as_of)])
        self._add(tables.refund_shop, [*travellers.on_record(self._as_of)])
        self._add(tables.sale, [*travellers.sales(self._as_of)])

    def _archives(self, registered: Iterable[Registered]) -> None:
        rated = [*archives.ratings(registered, self._random("credit"), self._as_of)]
        self._add(tables.credit_rating, rated)
        self._add(tables.credit_deduction, [*archives.deductions(rated, self._as_of)])
        self._add(tables.vehicle_tax, [*archives.vehicles(self._as_of, self._rules)])
        self._add(tables.social_payment, [*archives.social(self._as_of)])
        bought = list(archives.fleet(self._as_of, self._rules, OwnNumbers(FLEET_PAST)))
        self._add(tables.firm_vehicle, [one.vehicle for one in bought])
        self._add(tables.due, [one.due for one in bought if one.due is not None])
        self._add(tables.treasury_entry, [one.entry for one in bought if one.entry is not None])
        paid = archives.by_unit(self._as_of, self._rules, self._random("unit payments"))
        self._add(tables.unit_payment, [*paid])

    def _periods(self, taxpayer: Taxpayer) -> list[Period]:
        """The last period and those before it that the books have, newest first."""
        periods, since = self._rules.periods(taxpayer, self._as_of), history_since(self._as_of)
        return list(takewhile(lambda period: period.first >= since, periods))

    def _sold(
        self,
        registered: Registered,
        taxpayer: Taxpayer,
        periods: Sequence[Period],
        random: Random,
        numbers: DigitalNumbers,
    ) -> list[Invoice]:
        """Invoices of the last period and of others of like size; but for the cast, of the running one so far."""
        firm, made = registered.firm, list[Invoice]()
        seller = Seller(random, numbers, lambda day: self._rate(taxpayer, day), firm.plain)
        for age, period in enumerate(periods):
            idle = firm.state != "normal" and age < IDLE
            if period.first >= registered.registered_on and not idle:
                size = firm.sales if age == 0 else firm.sales.scaled(random.randrange(72, 106))
                made += seller.invoices(period.first, period.last, size)
        first, last = periods[0].last + timedelta(days=1), self._as_of - timedelta(days=1)
        if first <= last and firm.sales != Turnover() and firm.state == "normal" and not firm.plain:
            whole = QUARTER_DAYS if taxpayer.quarterly else MONTH_DAYS
            made += seller.invoices(first, last, firm.sales.scaled(100 * ((last - first).days + 1) // whole))
        return made

    def _rate(self, taxpayer: Taxpayer, day: date) -> Decimal:
        """VAT rate of the enterprise's invoices on ``day``."""
        rules = self._rules.current.at(day)
        if not taxpayer.small_scale:
            return rules.rate("vat-general.rate-13")
        return rules.rate_or_none("vat-small.reduced-levy-rate") or rules.rate("vat-small.levy-rate")

    def _add(self, table: Table, rows: Sequence[dict[str, object]]) -> None:
        for start in range(0, len(rows), CHUNK):
            self._connection.execute(table.insert(), rows[start : start + CHUNK])


def _income_rows(kind: str, number: str, lines: Iterable[Income]) -> Rows:
    return [
        {
            "person_kind": kind,
            "person_number": number,
            "month": line.month,
            "item": line.item,
            "line": 1,
            "income_fen": line.income_fen,
            "tax_fen": line.tax_fen,
            "entry_date": line.entry_date,
            "authority": line.authority,
            "remark": line.remark,
        }
        for line in lines
    ]


def _contacts(random: Random, registered: Iterable[Registered], as_of: date) -> Rows:
    """Phone and account as registered: the head's own phone, and an account at some bank, of 19 figures."""
    rows: Rows = []
    for r in registered:
        head = next(post for post in r.posts if post.role is Role.LEGAL_REPRESENTATIVE)
        account = f"62{random.randrange(10**16, 10**17)}"
        facts = {"phone": head.citizen.mobile, "bank": random.choice(ids("bank")), "account": account}
        day = min(r.registered_on, as_of)
        entered = datetime.combine(day, time(10), CHINA)
        rows += [
            {
                "taxpayer": r.firm.taxpayer,
                "fact": fact,
                "line": 1,
                "value": value,
                "valid_from": day,
                "entered_at": entered,
                "case_no": None,
            }
            for fact, value in facts.items()
        ]
    return rows


def _approvals(registered: Registered) -> Rows:
    firm = registered.firm
    if not firm.approved:
        return []
    return [
        {
            "taxpayer": firm.taxpayer,
            "kind": kind,
            "kind_name": say(f"invoice-kind.{kind}"),
            "face_limit_fen": FACE_LIMIT_FEN[kind],
            "monthly_max": firm.monthly,
            "per_time_max": firm.per_time,
            "hold_max": firm.hold,
            "method": "verify-old",
            "valid_from": registered.registered_on,
            "valid_to": None,
            "state": "active" if firm.state == "normal" else "stopped",
        }
        for kind in firm.kinds
    ]


def _sale_row(taxpayer: str, invoice: Invoice, detail: Detail) -> dict[str, object]:
    return {
        "code": invoice.code,
        "number": invoice.number,
        "taxpayer": taxpayer,
        "kind": invoice.kind,
        "issued_on": invoice.issued_on,
        "buyer": invoice.buyer,
        "net_fen": invoice.net_fen,
        "tax_fen": invoice.tax_fen,
        "state": invoice.state,
        "check_code": detail.check_code,
        "buyer_number": detail.buyer_number,
        "red_of": invoice.red_of,
        "lines": [{name: getattr(line, name) for name in _LINE} for line in detail.lines],
    }
