"""The enterprises of the city: the cast's, and everybody else's, with who acts for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bureau.city import words
from bureau.city.cast import FIRMS, PERSONAS
from bureau.city.characters import Firm, Turnover
from bureau.city.numbers import credit_code
from bureau.city.places import BY_NAME, any_address, any_district
from bureau.city.population import Citizen
from bureau.engine.rules import Rules
from bureau.ports.registration import Taxpayer
from kiosk.domain.people import Role

CAST_YEARS = (3, 11)
FILERS = (Role.TAX_HANDLER, Role.FINANCE_OFFICER, Role.LEGAL_REPRESENTATIVE)
"""Who files returns, first choice first."""


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody's role in an enterprise; ``until`` is set for one that has ended."""

    citizen: Citizen
    role: Role
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """An enterprise as registered."""

    firm: Firm
    address: str
    registered_on: date
    posts: tuple[Post, ...]

    @property
    def filer(self) -> Post:
        """Who files its returns."""
        return next(
            post for role in FILERS for post in self.posts if post.role is role and post.until is None
        )

    def taxpayer(self, as_of: date, rules: Rules) -> Taxpayer:
        """The enterprise as the registry has it; issued invoices are uploaded to the end of last month."""
        firm, first = self.firm, as_of.replace(day=1)
        behind = timedelta(days=1) if firm.verified else timedelta(days=95)
        levy = rules.current.at(first - timedelta(days=1))
        rate = levy.rate_or_none("vat-small.reduced-levy-rate") or levy.rate("vat-small.levy-rate")
        return Taxpayer(
            taxpayer=firm.taxpayer,
            name=firm.name,
            state=firm.state,
            small_scale=firm.small_scale,
            quarterly=firm.small_scale,
            levy_rate=str(rate if firm.small_scale else levy.rate("vat-general.rate-13")),
            city_rate=firm.city_rate,
            half_six_taxes=firm.small_scale,
            risk=firm.risk,
            registered_on=self.registered_on,
            used_verified_to=first - behind,
        )


def of_cast(random: Random, known: list[Citizen], people: list[Citizen], as_of: date) -> list[Registered]:
    """The cast's enterprises; one that none of the cast is head of has a citizen for it."""
    by_number = {citizen.number: citizen for citizen in known}
    by_id = {p.id: by_number[p.number] for p in PERSONAS if p.enrolled}
    found = []
    for firm in FIRMS:
        since = as_of - timedelta(days=random.randrange(*(365 * years for years in CAST_YEARS)))
        posts = [
            Post(by_id[name], Role(letter), since) for name, letters in firm.people for letter in letters
        ]
        if not any(post.role is Role.LEGAL_REPRESENTATIVE for post in posts):
            posts.append(Post(random.choice(people), Role.LEGAL_REPRESENTATIVE, since))
        address = any_address(random, BY_NAME[firm.district])
        found.append(Registered(firm, address, since, tuple(posts)))
    return found


def others(random: Random, count: int, people: list[Citizen], as_of: date) -> list[Registered]:
    """``count`` more, with whoever acts for each."""
    names, codes = {firm.name for firm in FIRMS}, {firm.taxpayer for firm in FIRMS}
    found: list[Registered] = []
    while len(found) < count:
        firm = _firm(random)
        if firm.name in names or firm.taxpayer in codes:
            continue
        names.add(firm.name)
        codes.add(firm.taxpayer)
        founded = as_of - timedelta(days=random.randrange(400, 18 * 365))
        posts = _posts(random, people, founded, as_of)
        found.append(Registered(firm, any_address(random, BY_NAME[firm.district]), founded, posts))
    return found


def _firm(random: Random) -> Firm:
    """One in eight is a general taxpayer, one in thirty in abnormal state, one in fourteen a return behind."""
    trade, brand = random.choice(tuple(words.TRADES)), random.choice(words.BRANDS)
    if random.random() < 0.6:
        brand += random.choice([other for other in words.BRANDS if other != brand])
    small = random.random() > 0.125
    on_time = random.random() < 0.93
    return Firm(
        credit_code(random),
        f"云川{brand}{trade}有限公司",
        words.TRADES[trade],
        district=any_district(random).name,
        small_scale=small,
        state=random.choices(("normal", "abnormal", "cancelled"), (96, 3, 1))[0],
        risk=random.choices(("low", "medium", "high"), (85, 12, 3))[0],
        sales=_turnover(random, small),
        filed_last=on_time and random.random() < 0.6,
        filed_before=on_time,
        paid_last=random.random() < 0.93,
        held=random.randrange(0, 20),
        used=random.randrange(0, 16),
        verified=random.random() < 0.95,
        approved=random.random() < 0.8,
        kinds=random.choice((("04",), ("04",), ("04", "01"), ("04", "11"))) if small else ("01",),
        plain=False,
    )


def _turnover(random: Random, small: bool) -> Turnover:
    """Half of the small ones sell for less than 300 000 a quarter; general ones sell monthly, and more."""
    if not small:
        ordinary = (random.randrange(4, 12), random.randrange(4_000_000, 40_000_000))
        return Turnover(*ordinary, random.randrange(10, 40), random.randrange(40_000_000, 400_000_000))
    ordinary = (random.randrange(8, 90), random.randrange(4_000_000, 56_000_000))
    if random.random() < 0.25:
        return Turnover(*ordinary, random.randrange(2, 20), random.randrange(1_000_000, 18_000_000))
    return Turnover(*ordinary)


def _posts(random: Random, people: list[Citizen], founded: date, as_of: date) -> tuple[Post, ...]:
    """A head and a handler, often a finance officer and a collector, sometimes an agent and a former one."""
    head, handler = random.sample(people, 2)
    posts = [Post(head, Role.LEGAL_REPRESENTATIVE, founded)]
    since = founded
    if random.random() < 0.25:  # somebody else did it until some time last year
        left = as_of - timedelta(days=random.randrange(30, 390))
        posts.append(Post(random.choice(people), Role.TAX_HANDLER, founded, left))
        since = left + timedelta(days=1)
    posts.append(Post(handler, Role.TAX_HANDLER, since))
    if random.random() < 0.5:
        posts.append(Post(random.choice(people), Role.FINANCE_OFFICER, founded))
    if random.random() < 0.4:
        collector = handler if random.random() < 0.4 else random.choice(people)
        posts.append(Post(collector, Role.INVOICE_COLLECTOR, founded))
    if random.random() < 0.1:
        posts.append(Post(random.choice(people[:2]), Role.AGENT, founded))
    kept = {(post.citizen.number, post.role): post for post in posts}  # who came back holds it once
    return tuple(kept.values())
