"""Who people and enterprises are, and what is registered of them from which day on."""

from __future__ import annotations

from datetime import timedelta

from bureau.conformance.bench import Bench, promise, same, there, true
from bureau.ports.registration import PersonKey
from kiosk.domain.people import DocumentKind, Role

NOBODY = PersonKey(DocumentKind.PASSPORT, "CHECK0000")
NO_ENTERPRISE = "CHECK0000000000000"


@promise(
    "registration.person",
    "`person` is who is on file under this document; None: nobody is.",
    "Look the person up by kind and number of the document together.",
    "person",
)
def person(bench: Bench) -> None:
    """The manifest's person is there, and nobody else."""
    with bench.reading() as work:
        found = there("registration/person of the manifest", work.core.registration.person(bench.person.key))
        same("its key", found.key, bench.person.key)
        same("registration/person of nobody", work.core.registration.person(NOBODY), None)
        same("registration/roles of nobody", list(work.core.registration.roles(NOBODY, bench.now.date())), [])


@promise(
    "registration.roles",
    "`roles` are those that the person holds on the day, by enterprise; a role is believed from here alone.",
    "Answer with every role that is in force on the day.",
    "person",
    "enterprise",
)
def roles(bench: Bench) -> None:
    """The manifest's role is among them, and its enterprise is known; another number is not."""
    firm = bench.enterprise
    with bench.undone() as work:
        held = work.core.registration.roles(bench.person.key, bench.now.date())
        mine = [one.role for one in held if one.taxpayer.taxpayer == firm.taxpayer]
        true(f"registration/roles: {firm.role.value} in {firm.taxpayer}", firm.role in mine, mine)
        for lock in (False, True):
            known = work.core.registration.taxpayer(firm.taxpayer, lock=lock)
            same("registration/taxpayer", known and known.taxpayer, firm.taxpayer)
        same(
            "registration/taxpayer of an unknown number", work.core.registration.taxpayer(NO_ENTERPRISE), None
        )


@promise(
    "registration.facts",
    "`enter` registers a fact from a day on; what stood there before stays as history.",
    "Keep each value with the day from which it counts, and answer with the one in force on the day that is asked.",
    "enterprise",
)
def facts(bench: Bench) -> None:
    """A phone from today, another from the day after tomorrow."""
    firm, today = bench.enterprise.taxpayer, bench.now.date()
    yesterday, later = today - timedelta(1), today + timedelta(2)
    with bench.undone() as work:
        registration = work.core.registration
        before = registration.facts(firm, yesterday).get("phone")
        registration.enter(firm, "phone", "13900002345", today, None)
        registration.enter(firm, "phone", "13900009999", later, None)
        days = (yesterday, today, later - timedelta(1), later)
        came = [registration.facts(firm, day).get("phone") for day in days]
        wanted = [before, "13900002345", "13900002345", "13900009999"]
        same("registration/facts the day before, on the day, before and on the next change", came, wanted)


@promise(
    "registration.bind",
    "`bind` gives a role from a day on; `release` names the first day on which it is not held.",
    "Keep the first and the last day of a role; the day of release is not held any more.",
    "person",
    "enterprise",
)
def bind(bench: Bench) -> None:
    """An agent's role for two days."""
    firm, today, role = bench.enterprise.taxpayer, bench.now.date(), Role.AGENT
    key, end = bench.person.key, today + timedelta(2)
    with bench.undone() as work:
        registration = work.core.registration
        registration.bind(firm, key, role, today)
        registration.release(firm, key, role, end)
        days = (today - timedelta(1), today, end - timedelta(1), end)
        came = [
            any(one.role is role and one.taxpayer.taxpayer == firm for one in registration.roles(key, day))
            for day in days
        ]
        same(
            "registration/roles before, on the first, on the last and after the last day",
            came,
            [False, True, True, False],
        )


@promise(
    "registration.own",
    "`register_own` registers a person as a taxpayer in their own name when they are not; two at once register one.",
    "Answer with the registration that is there, and make one where there is none.",
    "person",
)
def own(bench: Bench) -> None:
    """Registered twice: one taxpayer, who is the person."""
    with bench.undone() as work:
        registration = work.core.registration
        who = there("registration/person", registration.person(bench.person.key))
        first = registration.register_own(who)
        same("registration/register_own a second time", registration.register_own(who), first)
        same("registration/own", registration.own(who.key), first)
        same("registration/owner", registration.owner(first.taxpayer), who)
