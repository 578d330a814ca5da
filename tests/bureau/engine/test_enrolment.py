"""Real-name enrolment: who may, by what they signed, what it opens; and each reason why not."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.engine.enrolling import birth_of
from bureau.fleet.vault import SealingVault
from bureau.ports.registration import PersonKey
from bureau.store import tables
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.enrolling import SERVICE, hand, ink, statement
from tests.bureau.phones import MOBILE, message, prove
from tests.bureau.terminals import CAST, Terminal, subject

NEW, KNOWN = "sun-li", "tang-yue"
OTHER_MOBILE = "13912340008"


def who(
    terminal: Terminal, centre: Centre, persona: str = NEW, mobile: str = MOBILE, **claim: Any
) -> dict[str, Any]:
    """The persona by document and face, with a phone that was proven just now."""
    return {**subject(persona, **claim), "phone": prove(terminal, centre, mobile)}


def enrol(terminal: Terminal, whom: dict[str, Any], persona: str = NEW, **changed: Any) -> Any:
    mobile = (whom.get("phone") or {}).get("mobile", MOBILE)
    text = changed.pop("text", "") or statement(persona, mobile=mobile)
    return terminal.do("identity.enrol", hand(text, **changed), whom)


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, getattr(answer, "result", answer)
    assert all(answer.refusal.text[lang] and answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return str(answer.refusal.code)


def rows(centre: Centre, table: Any = tables.person_enrolment) -> list[Any]:
    with centre.database.read() as connection:
        return list(connection.execute(select(table)))


def key_of(persona: str) -> PersonKey:
    return PersonKey(CAST[persona].kind, CAST[persona].number)


def on_file(centre: Centre, persona: str) -> Any:
    with centre.system.read() as work:
        return work.core.registration.person(key_of(persona))


# --- who nobody knew -----------------------------------------------------------------------------------------


def test_a_person_nobody_knew_is_on_file_and_may_do_what_they_could_not(
    terminal: Terminal, centre: Centre
) -> None:
    before = terminal.ask("iit.months", subject(NEW))
    assert code_of(before) == "personUnknown"
    assert terminal.data("person.profile", subject(NEW), service=SERVICE)["known"] is False
    answer = enrol(terminal, who(terminal, centre))
    assert answer.state == "accepted" and answer.result["first"] is True
    assert answer.result["enrolment"].startswith("65")
    person = on_file(centre, NEW)
    assert (person.name, person.mobile) == (CAST[NEW].name, MOBILE)
    assert terminal.data("person.profile", subject(NEW))["known"] is True
    assert code_of(terminal.ask("iit.months", subject(NEW))) == "noIncomeAtAll"


def test_what_is_held_is_the_evidence_and_the_hand_opens_for_the_centre_alone(
    terminal: Terminal, centre: Centre
) -> None:
    answer = enrol(terminal, who(terminal, centre))
    (row,) = rows(centre)
    assert (row.evidence, row.matcher, row.score, row.terminal) == (
        "document+face",
        "reference",
        930,
        "A-07",
    )
    text = statement(NEW)
    assert row.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    digest = bytes.fromhex(row.text_sha256)
    assert text.encode() not in row.sealed and ink(digest) not in row.sealed
    vault = SealingVault(centre.container.keys.sealing)
    opened = json.loads(vault.open(answer.key, row.sealed))
    assert opened["text"] == text
    assert base64.b64decode(opened["signature"]) == ink(digest)


def test_staff_may_take_the_place_of_the_face(terminal: Terminal, centre: Centre) -> None:
    answer = enrol(terminal, who(terminal, centre, evidence="document+staff", face=None))
    assert answer.state == "accepted"
    (row,) = rows(centre)
    assert (row.evidence, row.matcher, row.score) == ("document+staff", "", None)


def test_an_enterprise_can_name_who_has_enrolled(terminal: Terminal, centre: Centre) -> None:
    asked = {"number": CAST[NEW].number}
    boss = subject("he-mulan", "", "L")
    boss["taxpayer"] = "91990199MA607F0M7X"
    before = terminal.ask("identity.candidate", boss, asked, "identity.bind-role")
    if before.refusal is not None:
        assert code_of(before) == "candidateUnknown"
    enrol(terminal, who(terminal, centre))
    found = terminal.ask("identity.candidate", boss, asked, "identity.bind-role")
    assert found.refusal is None, found.refusal


def test_english_is_signed_as_english(terminal: Terminal, centre: Centre) -> None:
    answer = enrol(terminal, who(terminal, centre), text=statement(NEW, "en-US"), lang="en-US")
    assert answer.state == "accepted"
    assert rows(centre)[0].lang == "en-US"


# --- who is on file ------------------------------------------------------------------------------------------


def test_a_second_enrolment_changes_the_phone_keeps_the_first_and_tells_the_old_number(
    terminal: Terminal, centre: Centre
) -> None:
    first = enrol(terminal, who(terminal, centre))
    centre.clock.forward(hours=1)
    second = enrol(terminal, who(terminal, centre, mobile=OTHER_MOBILE))
    assert second.result["first"] is False and second.result["enrolment"] != first.result["enrolment"]
    with centre.system.read() as work:
        history = work.core.enrolments.of(key_of(NEW))
    assert [(e.enrolment, e.mobile) for e in history] == [
        (first.result["enrolment"], MOBILE),
        (second.result["enrolment"], OTHER_MOBILE),
    ]
    assert on_file(centre, NEW).mobile == OTHER_MOBILE
    assert "139****0008" in message(centre, MOBILE)
    told = terminal.data("person.profile", subject(NEW))["notices"]
    assert [notice["kind"] for notice in told] == ["phone-changed"]


def test_the_same_phone_again_tells_nobody(terminal: Terminal, centre: Centre) -> None:
    enrol(terminal, who(terminal, centre))
    centre.clock.forward(minutes=2)
    assert enrol(terminal, who(terminal, centre)).state == "accepted"
    assert terminal.data("person.profile", subject(NEW))["notices"] == []


def test_what_stands_on_file_is_shown_before_anything_is_signed(terminal: Terminal, centre: Centre) -> None:
    new = terminal.data("identity.enrolment", who(terminal, centre), service=SERVICE)
    assert (new["known"], new["mobile_masked"]) == (False, None)
    known = terminal.data("identity.enrolment", subject(KNOWN), service=SERVICE)
    mobile = CAST[KNOWN].mobile
    assert known["known"] is True and known["mobile_masked"] == f"{mobile[:3]}****{mobile[-4:]}"


def test_the_same_key_again_is_the_same_enrolment(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("identity.enrol", hand(statement(NEW)), who(terminal, centre))
    assert terminal.send(signed) == terminal.send(signed)
    assert len(rows(centre)) == 1


def test_two_at_once_are_one_person_with_two_enrolments(terminal: Terminal, centre: Centre) -> None:
    whom, data = who(terminal, centre), hand(statement(NEW))
    records = [terminal.intent("identity.enrol", data, whom) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(terminal.send, records))
    assert [a.refusal.code if a.refusal else "" for a in answers] == ["", ""]
    assert sorted(a.result["first"] for a in answers) == [False, True]
    assert len(rows(centre)) == 2
    assert len([p for p in rows(centre, tables.person) if p.number == CAST[NEW].number]) == 1


def test_who_went_away_before_the_answer_is_told_by_message(terminal: Terminal, centre: Centre) -> None:
    whom = who(terminal, centre)
    signed = terminal.intent("identity.enrol", hand(statement(NEW)), whom)
    centre.clock.forward(minutes=2)
    answer = terminal.send(signed, queued=True)
    assert answer.result["enrolment"] in message(centre, MOBILE)


# --- each reason why not -------------------------------------------------------------------------------------


def minor(day: date) -> dict[str, Any]:
    """A document of somebody who is sixteen the day after ``day``, in place of the persona's own."""
    born = date(day.year - 16, day.month, day.day) + timedelta(days=1)
    body = f"539903{born:%Y%m%d}001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]
    return {"number": body + check, "name": "孙小"}


def test_who_is_not_sixteen_comes_with_a_guardian(terminal: Terminal, centre: Centre) -> None:
    whom = who(terminal, centre, **minor(stores.DAY))
    assert code_of(enrol(terminal, whom)) == "enrolMinor"
    assert code_of(terminal.ask("identity.enrolment", whom, service=SERVICE)) == "enrolMinor"
    assert rows(centre) == []


def test_on_the_sixteenth_birthday_it_is_the_statement_that_counts(
    terminal: Terminal, centre: Centre
) -> None:
    whom = who(terminal, centre, **minor(stores.DAY - timedelta(days=1)))
    assert code_of(enrol(terminal, whom)) == "signedTextDiffers", "signed under another's name"


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("539903199901271192", date(1999, 1, 27)),
        ("810000199408230021", date(1994, 8, 23)),
        ("932682198501010017", date(1985, 1, 1)),
        ("CHN530192010101", None),
        ("539903199913271192", None),
        ("E12345678", None),
    ],
)
def test_a_birth_date_is_read_where_a_number_has_one(number: str, born: date | None) -> None:
    assert birth_of(number) == born


def test_a_phone_that_is_somebody_elses_is_not_taken(terminal: Terminal, centre: Centre) -> None:
    whom = who(terminal, centre, mobile=CAST[KNOWN].mobile)
    assert code_of(terminal.ask("identity.enrolment", whom, service=SERVICE)) == "phoneOfAnother"
    assert code_of(enrol(terminal, whom)) == "phoneOfAnother"
    assert rows(centre) == []


def test_a_phone_must_be_proven_at_this_very_terminal(terminal: Terminal, centre: Centre) -> None:
    assert code_of(enrol(terminal, subject(NEW))) == "phoneUnproven"
    elsewhere = prove(centre.terminal("B-01"), centre)
    assert code_of(enrol(terminal, {**subject(NEW), "phone": elsewhere})) == "phoneNotProven"


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"evidence": "document", "face": None}, "identityWeak"),
        ({"face": {"matcher": "reference", "score": 0.3, "live": True}}, "identityWeak"),
    ],
)
def test_a_document_alone_is_not_enough(
    terminal: Terminal, centre: Centre, claim: dict[str, Any], code: str
) -> None:
    assert code_of(enrol(terminal, who(terminal, centre, **claim))) == code
    assert rows(centre) == []


def test_another_name_under_a_known_number_goes_to_a_counter(terminal: Terminal, centre: Centre) -> None:
    whom = who(terminal, centre, KNOWN, name="王某")
    assert code_of(enrol(terminal, whom, KNOWN)) == "nameDiffers"


def torn(change: str) -> dict[str, Any]:
    """A hand that is not on this text."""
    text = statement(NEW)
    digest = hashlib.sha256(text.encode()).digest()
    whole = ink(digest)
    signatures = {
        "nothing": b"",
        "cut": whole[:-3],
        "no ink": ink(digest, 0),
        "of another text": ink(hashlib.sha256(b"another").digest()),
        "no frame": struct.pack(">4s32sHHHH", b"KSG1", digest, 0, 0, 0, 1) + bytes(8),
        "another format": b"PNG!" + whole[4:],
        "too much": ink(digest, 8001),
    }
    return {"signature": base64.b64encode(signatures[change]).decode()}


@pytest.mark.parametrize(
    "change", ["nothing", "cut", "no ink", "of another text", "no frame", "another format", "too much"]
)
def test_a_hand_that_is_not_on_this_text_is_none(terminal: Terminal, centre: Centre, change: str) -> None:
    assert code_of(enrol(terminal, who(terminal, centre), **torn(change))) == "signatureTorn"
    assert rows(centre) == []


def test_what_is_no_base64_is_no_hand(terminal: Terminal, centre: Centre) -> None:
    assert code_of(enrol(terminal, who(terminal, centre), signature="签名")) == "signatureTorn"


def test_a_digest_that_is_not_the_texts_is_none(terminal: Terminal, centre: Centre) -> None:
    assert code_of(enrol(terminal, who(terminal, centre), sha256="0" * 64)) == "signatureTorn"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (statement(NEW).replace("本人确认", "某人确认"), "zh-CN"),
        (statement(NEW, "en-US"), "zh-CN"),
        (statement(KNOWN), "zh-CN"),
        (statement(NEW, mobile=OTHER_MOBILE), "zh-CN"),
        (statement(NEW) + "\n", "zh-CN"),
        (statement(NEW), "fr-FR"),
    ],
    ids=[
        "a word",
        "another language",
        "another person",
        "another phone",
        "a line more",
        "a language we lack",
    ],
)
def test_another_text_than_the_published_one_is_not_entered(
    terminal: Terminal, centre: Centre, text: str, lang: str
) -> None:
    assert code_of(enrol(terminal, who(terminal, centre), text=text, lang=lang)) == "signedTextDiffers"
    assert rows(centre) == []


@pytest.mark.parametrize(("days", "good"), [(0, True), (-1, True), (-2, False), (1, False)])
def test_it_is_signed_on_the_day_it_is_taken_or_at_midnight(
    terminal: Terminal, centre: Centre, days: int, good: bool
) -> None:
    day = stores.DAY + timedelta(days=days)
    answer = enrol(terminal, who(terminal, centre), text=statement(NEW, day=day), day=day)
    assert (answer.state == "accepted") is good
    if not good:
        assert code_of(answer) == "signedTextDiffers"


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_what_a_terminal_of_an_older_release_had_signed_is_entered(
    terminal: Terminal, centre: Centre, lang: str
) -> None:
    lines = statement(NEW, lang).splitlines()
    older = "\n".join([*lines[:-1], stores.DAY.isoformat()])
    assert older != statement(NEW, lang)
    assert enrol(terminal, who(terminal, centre), text=older, lang=lang).state == "accepted"


def test_nothing_is_left_of_who_was_refused(terminal: Terminal, centre: Centre) -> None:
    enrol(terminal, who(terminal, centre), **torn("cut"))
    assert on_file(centre, NEW) is None


def test_who_has_no_phone_on_file_gets_one(terminal: Terminal, centre: Centre) -> None:
    t = tables.person
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.number == CAST[KNOWN].number).values(mobile=""))
    seen = terminal.data("identity.enrolment", subject(KNOWN), service=SERVICE)
    assert (seen["known"], seen["mobile_masked"]) == (True, None)
    assert enrol(terminal, who(terminal, centre, KNOWN), KNOWN).state == "accepted"
    assert on_file(centre, KNOWN).mobile == MOBILE
    assert terminal.data("person.profile", subject(KNOWN))["notices"] == []
