"""What happens at the port: customs sees the goods and stamps, then the agency pays; or one of them says no.

国家税务总局公告2015年第41号 (三、四): without the stamp of customs nothing is paid.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bureau.engine.subjects import today
from bureau.errors import DepartureRefused
from bureau.ports.core import Core
from bureau.ports.departures import Departure, RefundShop


def inspect(core: Core, application: str, officer: str) -> Departure:
    """Customs saw the goods. Raises ``DepartureRefused`` where an invoice was taken back meanwhile.

    Until the day of departure ends: whoever leaves later applies anew, for their days are others.
    """
    found = _in_state(core, application, "filed")
    if today(core) > found.leaves_on:
        raise DepartureRefused(f"the traveller was to leave on {found.leaves_on}; refuse it, they apply anew")
    for line in found.lines:
        invoice = core.einvoices.find("", line.invoice)
        if invoice is None or invoice.state != "valid" or invoice.taken_back_fen:
            raise DepartureRefused(f"invoice {line.invoice} was taken back since; refuse the application")
    return _changed(core, replace(found, state="inspected", inspected_by=officer, inspected_at=core.now))


def refund(core: Core, application: str, officer: str) -> Departure:
    """The agency paid. Raises ``DepartureRefused`` for what customs has not stamped."""
    found = _in_state(core, application, "inspected")
    return _changed(core, replace(found, state="refunded", ended_by=officer, ended_at=core.now))


def refuse(core: Core, application: str, officer: str, reason: str) -> Departure:
    """Customs or the agency says no, and why; the invoices can be asked for again."""
    found = _in_state(core, application, "filed", "inspected")
    ended = replace(found, state="refused", ended_by=officer, ended_at=core.now, reason=reason)
    return _changed(core, ended)


def enlist(core: Core, taxpayer: str, officer: str, since: date | None = None) -> RefundShop:
    """A store comes on record from that day on, today without one. Raises ``DepartureRefused`` for one that cannot be.

    A general taxpayer in good standing (国家税务总局公告2015年第41号, 二).
    """
    since = since or today(core)
    known = core.registration.taxpayer(taxpayer, lock=True)
    if known is None:
        raise DepartureRefused(f"no taxpayer {taxpayer} is registered")
    if known.small_scale or known.state != "normal":
        raise DepartureRefused(f"{taxpayer} is no general taxpayer in good standing")
    earlier = (shop for shop in core.departures.shops() if shop.taxpayer == taxpayer)
    if any(shop.until is None or shop.until >= since for shop in earlier):
        raise DepartureRefused(f"{taxpayer} is on record already")
    made = RefundShop(taxpayer, known.name, since, enlisted_by=officer)
    core.departures.enlist(made)
    return made


def strike(core: Core, taxpayer: str, officer: str, until: date | None = None) -> RefundShop:
    """A store leaves the record after that day, today without one. Raises ``DepartureRefused`` where it is none."""
    until = until or today(core)
    core.registration.taxpayer(taxpayer, lock=True)
    found = next((s for s in core.departures.shops() if s.taxpayer == taxpayer and s.until is None), None)
    if found is None or until < found.since:
        raise DepartureRefused(f"{taxpayer} is not on record on {until}")
    ended = replace(found, until=until, struck_by=officer)
    core.departures.strike(ended)
    return ended


def _in_state(core: Core, application: str, *states: str) -> Departure:
    found = core.departures.find(application, lock=True)
    if found is None:
        raise DepartureRefused(f"there is no application {application}; see: bureau departure list")
    if found.state not in states:
        raise DepartureRefused(f"application {application} is {found.state}, not {' or '.join(states)}")
    return found


def _changed(core: Core, made: Departure) -> Departure:
    core.departures.change(made)
    return made
