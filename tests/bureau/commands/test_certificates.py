"""What officers do with certificates at the command line: they look them up, and two of them make one void."""

from __future__ import annotations

from datetime import datetime

import pytest

from bureau.city.cast import PERSONAS
from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.opening import business_clock
from bureau.ports.certificates import NewCertificate
from bureau.ports.registration import PersonKey
from config.clock import CHINA
from tests.bureau.commands.shell import Run, as_json

SHEN = next(person for person in PERSONAS if person.id == "shen-zhizhou")
KEY = PersonKey(SHEN.kind, SHEN.number)
NUMBER = "21990026101200000017"
BOTH = ("--officer", "段丽", "--second", "蒋明")


@pytest.fixture
def number(run: Run) -> str:
    """A certificate of a person."""
    new = NewCertificate(
        number=NUMBER, code="7K2M9QX4PD3A8HEW", key="k", kind="iit-record", person=KEY, terminal="A-07",
        content_sha256="0" * 64, frozen=b"{}", pdf=b"%PDF", pdf_sha256="", pages=1, verify_url="",
        issued_at=datetime(2026, 10, 12, 9, 42, tzinfo=CHINA),
    )  # fmt: skip
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            work.core.certificates.add(new)
    return NUMBER


def test_two_officers_make_one_void_and_the_person_sees_who_looked(run: Run, number: str) -> None:
    assert f"{number}  iit-record" in run("certificate", "list").stdout
    assert "no certificate" in run("certificate", "list", "--ended").stdout
    run("certificate", "void", number, *BOTH, "--why", "wrong", "--reason", "姓名打错，已收回原件")
    (listed,) = as_json(run("certificate", "list", "--ended", "--json"))
    assert (listed["number"], listed["state"], listed["reason"]) == (number, "void", "wrong")
    shown = as_json(run("certificate", "show", number, "--officer", "周审核", "--json"))
    assert (shown["officer"], shown["second"], shown["note"]) == ("段丽", "蒋明", "姓名打错，已收回原件")
    assert SHEN.name not in str(shown) and SHEN.number not in str(shown)
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            seen = [(one.look.who, one.look.purpose) for one in work.core.privacy.looks(KEY, 10)]
    assert seen == [("周审核", "certificate.show"), ("段丽", "certificate.void")]


def test_what_officers_cannot_do_says_what_they_can(run: Run, number: str) -> None:
    alone = ("--officer", "段丽", "--second", "段丽")
    reason = ("--reason", "打错")
    said = run("certificate", "void", number, *alone, "--why", "wrong", *reason, code=1).stderr
    assert "another officer" in said
    said = run("certificate", "void", number, *BOTH, "--why", "replaced", *reason, code=1).stderr
    assert "one of wrong, corrected, lost, improper" in said
    for command in (("show", "21"), ("void", "21", *BOTH, "--why", "lost", *reason)):
        assert "no certificate 21" in run("certificate", *command, code=1).stderr
    assert as_json(run("certificate", "show", number, "--json"))["state"] == "valid"
