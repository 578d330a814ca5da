"""The enterprises of the city: the cast's, and everybody else's, with who acts for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from bureau.city import words
from bureau.city.cast import FIRMS, PERSONAS, Firm
from bureau.city.numbers import credit_code
from bureau.city.population import Citizen
from kiosk.domain.people import Role


@dataclass(frozen=True, slots=True)
class Registered:
    """An enterprise as registered."""

    firm: Firm
    address: str
    registered_on: date
    roles: tuple[tuple[Citizen, Role], ...]


def of_cast(random: Random, people: list[Citizen]) -> list[Registered]:
    """The cast's enterprises."""
    by_number = {citizen.number: citizen for citizen in people}
    known = {p.id: by_number[p.number] for p in PERSONAS if p.enrolled}
    return [
        Registered(
            firm,
            address(random),
            date(2019, 5, 6),
            tuple((known[name], role) for name, role in firm.people.items()),
        )
        for firm in FIRMS
    ]


def others(random: Random, count: int, people: list[Citizen], as_of: date) -> list[Registered]:
    """``count`` more; one in eight is a general taxpayer, one in forty abnormal, a few are late."""
    names: set[str] = {firm.name for firm in FIRMS}
    found: list[Registered] = []
    while len(found) < count:
        trade = random.choice(tuple(words.TRADES))
        name = f"云川{random.choice(words.BRANDS)}{trade}有限公司"
        if name in names:
            name = name.replace("有限公司", f"（{random.choice(words.QUARTERS)[:-1]}）有限公司")
        if name in names:
            continue
        names.add(name)
        small = random.random() > 0.125
        on_time = random.random() < 0.93
        firm = Firm(
            credit_code(random),
            name,
            words.TRADES[trade],
            "",
            {},
            small_scale=small,
            state="abnormal" if random.random() < 0.025 else "normal",
            risk=random.choices(("low", "medium", "high"), (85, 12, 3))[0],
            sales=(random.randrange(8, 90), random.randrange(4_000_000, 60_000_000)),
            filed_last=random.random() < 0.55,
            filed_before=on_time,
            paid_last=random.random() < 0.9,
            held=random.randrange(0, 20),
            approved=random.random() < 0.8,
            city_rate=random.choices(("0.07", "0.05"), (80, 20))[0],
        )
        head, handler = random.sample(people, 2)
        roles = [(head, Role.LEGAL_REPRESENTATIVE), (handler, Role.TAX_HANDLER)]
        if random.random() < 0.4:
            roles.append((random.choice(people), Role.INVOICE_COLLECTOR))
        founded = date(
            random.randrange(2008, as_of.year - 2), random.randrange(1, 13), random.randrange(1, 28)
        )
        found.append(Registered(firm, address(random), founded, tuple(roles)))
    return found


def address(random: Random) -> str:
    """A street of the city."""
    quarter, street = random.choice(words.QUARTERS), random.choice(words.STREETS)
    return f"{words.CITY}{quarter}{street}{random.randrange(1, 300)}号"
