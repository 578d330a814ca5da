"""Names of roles, taxes and periods as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bureau.ports.registration import Taxpayer
from bureau.texts import LANGUAGES, joined, named, say
from config.catalogue.models import Format
from kiosk.domain.formatting import format_value
from kiosk.domain.people import Ground, Role, Scope, is_household
from sync.models import Texts


def role_name(role: Role) -> Texts:
    """The role's name."""
    return say(f"role.{role.value}")


def head_name(taxpayer: Taxpayer) -> Texts:
    """What its head is called: who is registered for a time, or as a household, represents no company."""
    if taxpayer.temporary:
        return say("head")
    return say("operator") if is_household(taxpayer.taxpayer) else role_name(Role.LEGAL_REPRESENTATIVE)


def role_list(roles: Iterable[Role]) -> Texts:
    """The roles in words, one after the other."""
    return joined([role_name(role) for role in roles])


def scope_name(scope: Scope) -> Texts:
    """What an attorney may do."""
    return say(f"scope.{scope.value}")


def side_name(ground: Ground, *, held: bool) -> Texts:
    """On which side of a mandate, or of a guardianship, somebody is; ``held``: they are who acts."""
    return say(f"mandate.{ground.value}.{'held' if held else 'given'}")


def state_name(taxpayer: Taxpayer, day: date) -> Texts:
    """How the registration stands on ``day``."""
    ended = taxpayer.state == "normal" and taxpayer.ended(day)
    return say("taxpayer-state.ended" if ended else f"taxpayer-state.{taxpayer.state}")


def matter_name(matter: str) -> Texts:
    """The matter's name."""
    return say(f"matter.{matter}")


def kind_name(kind: str) -> Texts:
    """The name of a kind of paper invoices."""
    return named("invoice-kind", kind)


def tax_name(tax: str) -> Texts:
    """The tax's name; its code when nobody has named it."""
    return named("tax", tax)


def day_name(day: date) -> Texts:
    """A day of this or the next year: ``11月15日`` and ``15 Nov 2026``."""
    return {**day_in_words(day), "zh-CN": f"{day.month}月{day.day}日"}


def day_in_words(day: date) -> Texts:
    """``2026年10月12日`` and ``12 Oct 2026``: as every page of a terminal writes a day."""
    return {lang: format_value(Format.DATE, day, None, lang) for lang in LANGUAGES}


def period_name(first: date, last: date) -> Texts:
    """``2026年7–9月`` and ``2026-07 to 2026-09``."""
    one = (first.year, first.month) == (last.year, last.month)
    several = "period.months" if first.year == last.year else "period.years"
    return say(
        "period.month" if one else several,
        year=str(first.year),
        last_year=str(last.year),
        first=str(first.month),
        last=str(last.month),
        first_iso=f"{first:%Y-%m}",
        last_iso=f"{last:%Y-%m}",
    )
