"""Mandates: given by a signed statement, good for what was signed and no longer, ended by either of the two."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city import mandates as seeded
from bureau.engine.matters.mandates import MOST_ATTORNEYS, MOST_PRINCIPALS, last_day
from bureau.engine.queries.matters import WHOSE_NUMBER
from bureau.fleet.vault import SealingVault
from bureau.store import tables
from kiosk.domain.masking import mask_name, mask_number
from kiosk.domain.people import Scope
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import code
from tests.bureau.engine.test_returns import filled
from tests.bureau.enrolling import hand, published, titles_of
from tests.bureau.stores import DAY
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

GIVE, END = "identity.delegate", "identity.undelegate"
LI, CHEN = subject("li-xiulan"), subject("chen-mo")
PERIOD = {"first": "2026-01", "last": "2026-09"}
Who = dict[str, Any]
GIVEN = {"number": CAST["chen-mo"].number, "relation": "relative", "scope": "papers", "term": "year-1"}


def paper(
    who: str, given: dict[str, str], lang: str = "zh-CN", attorney: str = "chen-mo", day: date = DAY
) -> str:
    """What the service has somebody sign, made of the published texts and of the rows."""
    titles = titles_of(GIVE, given, ("relation", "scope", "term"), lang)
    values = (CAST[who].name, mask_name(CAST[attorney].name), given["number"], *titles)
    return published(GIVE, values, lang, day)


def give(
    terminal: Terminal, who: Who = LI, persona: str = "li-xiulan", lang: str = "zh-CN", **changed: Any
) -> Any:
    """Sign and hand in; ``changed`` rows."""
    given = {**GIVEN, **changed}
    attorney = next(p for p, one in CAST.items() if one.number == given["number"])
    signed = hand(paper(persona, given, lang, attorney), lang)
    return terminal.do("matter.submit", {**given, **signed}, who, service=GIVE)


def checked(body: str) -> str:
    """A resident number with its check character (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def enrol(centre: Centre, number: str, name: str) -> None:
    """Somebody who is on file like another."""
    t = tables.person
    with centre.database.write() as connection:
        known = connection.execute(select(t).where(t.c.number == CAST["chen-mo"].number)).mappings().one()
        connection.execute(
            t.insert().values(**{**known, "number": number, "name": name, "alias": f"of-{number}"})
        )


def by(mandate: str, who: Who = CHEN) -> Who:
    return {**who, "mandate": mandate}


def end(terminal: Terminal, who: Who, mandate: str) -> Any:
    return terminal.do("matter.submit", {"mandate": mandate}, who, service=END)


def held(terminal: Terminal, who: Who) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("mandates.list", who, service=END)["rows"]
    return rows


def told(terminal: Terminal, who: Who) -> list[str]:
    return [notice["kind"] for notice in terminal.data("person.profile", who)["notices"]]


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_an_attorney_acts_in_the_principals_own_name_and_is_seen_to(
    terminal: Terminal, centre: Centre, lang: str
) -> None:
    mandate = give(terminal, lang=lang).result["case"]
    profile = terminal.data("person.profile", CHEN)
    assert profile["mandates"] == [
        {
            "mandate": mandate,
            "name": "李**",
            "number": mask_number(CAST["li-xiulan"].number),
            "scope": "papers",
            "own": False,
            "ground": "signed",
        }
    ]
    assert "mandate-given" in [notice["kind"] for notice in profile["notices"]]
    mine = terminal.data("iit.record", LI, PERIOD)
    record = terminal.data("iit.record", by(mandate), PERIOD)
    assert (record["name"], record["content_sha256"]) == ("李秀兰", mine["content_sha256"])
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": record["content_sha256"]}
    assert terminal.do("certificate.issue", wanted, by(mandate)).state == "accepted"
    with centre.database.read() as connection:
        t = tables.certificate
        assert connection.execute(select(t.c.person_number)).scalars().all() == [CAST["li-xiulan"].number]
    assert "acted-for" in told(terminal, LI)
    seen = terminal.data("privacy.accesses", LI, service="privacy.my-data")["rows"]
    by_him = [row["what"]["zh-CN"] for row in seen if row["who"]["zh-CN"] == "您的受托人 陈*"]
    assert len(by_him) == len(set(by_him)) == 2, "the record that he read, and the certificate"
    theirs = terminal.data("privacy.accesses", CHEN, service="privacy.my-data")["rows"]
    assert any("委托您代办的人 李**" == row["who"]["zh-CN"] for row in theirs)


def test_what_was_signed_is_kept_sealed_and_opens_to_the_very_text(
    terminal: Terminal, centre: Centre
) -> None:
    case = give(terminal).result["case"]
    with centre.database.read() as connection:
        t = tables.mandate
        row = connection.execute(select(t).where(t.c.case_no == case)).one()
        fields = connection.execute(
            select(tables.matter_case.c.fields).where(tables.matter_case.c.case_no == case)
        ).scalar_one()
    assert "授权委托书".encode() not in row.sealed and b"text" not in json.dumps(fields).encode()
    opened = json.loads(SealingVault(centre.container.keys.sealing).open(case, row.sealed))
    assert opened["text"] == paper("li-xiulan", GIVEN)
    assert (row.since, row.until) == (DAY, date(2027, 10, 12))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"text": "", "sha256": "0" * 64}, "signatureTorn"),
        ({"scope": "all"}, "signedTextDiffers"),
        ({"term": "years-3"}, "signedTextDiffers"),
        ({"relation": "boss"}, "fieldWrong"),
        ({"number": CAST["ma-yuan"].number}, "signedTextDiffers"),
    ],
)
def test_nothing_is_given_but_what_was_signed(
    terminal: Terminal, changed: dict[str, Any], expected: str
) -> None:
    signed = hand(paper("li-xiulan", GIVEN))
    if "text" in changed:
        changed = {**changed, "text": signed["text"] + " "}
    answer = terminal.do("matter.submit", {**GIVEN, **signed, **changed}, LI, service=GIVE)
    assert code(answer) == expected
    assert held(terminal, LI) == []


def test_what_was_signed_days_ago_is_not_taken_and_a_late_delivery_ends_as_signed(
    terminal: Terminal, centre: Centre
) -> None:
    old = DAY - timedelta(days=2)
    signed = hand(paper("li-xiulan", GIVEN, day=old), day=old)
    assert code(terminal.do("matter.submit", {**GIVEN, **signed}, LI, service=GIVE)) == "signedTextDiffers"
    then = (centre.clock.now() - timedelta(days=2)).isoformat()
    late = terminal.do("matter.submit", {**GIVEN, **signed}, LI, service=GIVE, accepted_at=then)
    assert late.state == "accepted", late.refusal
    (row,) = held(terminal, LI)
    assert (row["since"], row["until"]) == (DAY.isoformat(), old.replace(year=2027).isoformat())


def test_the_signature_is_for_one_person_alone(terminal: Terminal, centre: Centre) -> None:
    """Somebody else whose name and number look alike as far as they are shown."""
    known = CAST["chen-mo"].number
    other = next(
        number for year in range(1960, 2005) for day in range(1, 29)
        if (number := checked(f"{known[:6]}{year}05{day:02}{known[14:17]}")) != known
        and mask_number(number) == mask_number(known)
    )  # fmt: skip
    enrol(centre, other, "陈大")
    signed = hand(paper("li-xiulan", GIVEN))
    answer = terminal.do("matter.submit", {**GIVEN, **signed, "number": other}, LI, service=GIVE)
    assert code(answer) == "signedTextDiffers"


@pytest.mark.parametrize("side", ["attorney", "principal"])
def test_nobody_under_age_gives_or_takes_one(terminal: Terminal, centre: Centre, side: str) -> None:
    child = checked(f"{CAST['chen-mo'].number[:6]}20160301001")
    enrol(centre, child, "陈墨")
    who = LI if side == "attorney" else {**CHEN, "person": {**CHEN["person"], "number": child}}
    number = child if side == "attorney" else CAST["ma-yuan"].number
    refusal = terminal.ask("mandate.attorney", who, {"number": number}, GIVE).refusal
    assert refusal is not None and refusal.code == "mandateMinor"


def test_two_of_one_name_are_told_apart_by_their_numbers(terminal: Terminal, centre: Centre) -> None:
    assert give(terminal).state == "accepted"
    assert give(terminal, number=CAST["ma-yuan"].number).state == "accepted"
    with centre.database.write() as connection:
        t = tables.person
        connection.execute(update(t).where(t.c.number == CAST["ma-yuan"].number).values(name="陈一"))
    rows = held(terminal, LI)
    assert [row["name"] for row in rows] == ["陈*", "陈*"]
    assert [row["number"][-4:] for row in rows] == [CAST[p].number[-4:] for p in ("chen-mo", "ma-yuan")]


def test_a_mandate_of_others_leaves_no_trace_and_opens_no_service_for_oneself(
    terminal: Terminal, centre: Centre
) -> None:
    mandate, ma = give(terminal).result["case"], subject("ma-yuan")
    assert terminal.data("person.profile", by(mandate, ma), service="pay.due")["known"]
    refusal = terminal.ask("privacy.held", by(mandate, ma), service="privacy.my-data").refusal
    assert refusal is not None and refusal.code == "mandateNotHere"
    paid = terminal.do("payment.create", {"dues": ["x"], "amount_fen": 1, "channel": "qr-shown", "notice": "x"},
                       by(mandate, ma), service="pay.non-tax")  # fmt: skip
    assert code(paid) == "mandateNotHere"
    seen = terminal.data("privacy.accesses", LI, service="privacy.my-data")["rows"]
    assert not any("马" in row["who"]["zh-CN"] for row in seen)
    assert "acted-for" not in told(terminal, LI)


def test_a_signature_is_no_part_of_a_matter_that_asks_for_none(terminal: Terminal) -> None:
    answer = terminal.do("matter.submit", {"mandate": "x", **hand("whatever")}, LI, service=END)
    assert code(answer) == "fieldUnknown"


def son_of_the_old_lady() -> Who:
    return by(seeded.number(DAY), subject(seeded.ATTORNEY.id))


CONTRIBUTIONS = {"level": "level-60", "first": "2026-07", "months": 3, "pension": True, "medical": True}


def test_what_comes_of_a_late_return_both_are_told_and_the_right_one_mends_it(
    terminal: Terminal, centre: Centre
) -> None:
    son, given = son_of_the_old_lady(), filled("social-insurance", {}, **CONTRIBUTIONS)
    wrong = {**given, "total_fen": given["total_fen"] + 100}
    then = (centre.clock.now() - timedelta(minutes=5)).isoformat()
    late = terminal.do("declaration.submit", wrong, son, service="declare.social-insurance", accepted_at=then)
    assert code(late) == "figuresDiffer"

    def notices() -> list[tuple[str, bool]]:
        t = tables.notice
        query = (
            select(t.c.person_number, t.c.done_at).where(t.c.kind == "return-refused").order_by(t.c.notice)
        )
        with centre.database.read() as connection:
            return [(row.person_number, row.done_at is not None) for row in connection.execute(query)]

    both = [seeded.ATTORNEY.number, seeded.PRINCIPAL.number]
    assert notices() == [(number, False) for number in both]
    assert (
        terminal.do("declaration.submit", given, son, service="declare.social-insurance").state == "accepted"
    )
    assert notices() == [(number, True) for number in both]


def test_a_notice_of_a_return_says_of_which_tax(terminal: Terminal, centre: Centre) -> None:
    own, given = subject(seeded.PRINCIPAL.id), filled("social-insurance", {}, **CONTRIBUTIONS)
    then = (centre.clock.now() - timedelta(minutes=5)).isoformat()
    for total, state in ((1, "refused"), (0, "accepted"), (0, "duplicate")):
        data = {**given, "total_fen": given["total_fen"] + total}
        late = terminal.do(
            "declaration.submit", data, own, service="declare.social-insurance", accepted_at=then
        )
        assert late.state == state
    told = terminal.data("person.profile", own)["notices"]
    assert len(told) == 2 and all("灵活就业人员社会保险费" in notice["text"]["zh-CN"] for notice in told)


def test_what_was_begun_by_a_mandate_stays_its_principals_when_it_ends_meanwhile(
    terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    son, given = son_of_the_old_lady(), filled("social-insurance", {}, **CONTRIBUTIONS)
    filed = terminal.do("declaration.submit", given, son, service="declare.social-insurance")
    order = {"dues": [due["due"] for due in filed.result["dues"]], "amount_fen": filed.result["total_fen"]}
    record = terminal.intent(
        "payment.create", {**order, "channel": "qr-shown"}, son, service="declare.social-insurance"
    )
    transact = centre.container.submission._transact

    def power_cut(*_: Any) -> Any:
        raise OSError("the power went")

    monkeypatch.setattr(centre.container.submission, "_transact", power_cut)
    with pytest.raises(OSError, match="the power went"):
        terminal.send(record)
    monkeypatch.setattr(centre.container.submission, "_transact", transact)
    (row,) = held(terminal, subject(seeded.PRINCIPAL.id))
    assert end(terminal, subject(seeded.PRINCIPAL.id), row["id"]).state == "accepted"
    again = terminal.send(record)
    assert again.state == "accepted", again.refusal
    seen = terminal.data("privacy.accesses", subject(seeded.PRINCIPAL.id), service="privacy.my-data")["rows"]
    assert sum(row["who"]["zh-CN"] == "您的受托人 高*" for row in seen) == 2, "the return and its payment"


def test_nothing_that_was_asked_by_a_mandate_is_kept_without_the_centre(terminal: Terminal) -> None:
    son, given = son_of_the_old_lady(), filled("social-insurance", {}, **CONTRIBUTIONS)
    terminal.do("declaration.submit", given, son, service="declare.social-insurance")
    asked = terminal.ask("obligations.list", son, service="query.due")
    assert asked.data and asked.keep is None
    mother = terminal.ask("obligations.list", subject(seeded.PRINCIPAL.id), service="query.due")
    assert mother.data == asked.data | {"as_of": mother.data["as_of"]} and mother.keep is not None


def test_an_unsigned_mandate_is_none(terminal: Terminal) -> None:
    assert code(terminal.do("matter.submit", GIVEN, LI, service=GIVE)) == "signatureTorn"


def test_nobody_can_look_people_up_by_asking_whose_number_it_is(terminal: Terminal) -> None:
    def asked(who: Who) -> str | None:
        answer = terminal.ask("mandate.attorney", who, {"number": CAST["chen-mo"].number}, GIVE)
        return answer.refusal.code if answer.refusal is not None else None

    assert [asked(LI) for _ in range(WHOSE_NUMBER.burst)] == [None] * WHOSE_NUMBER.burst
    assert asked(LI) == "askedTooOften"
    assert asked(subject("he-mulan")) is None, "others may go on"


def test_an_attorney_is_enrolled_somebody_else_and_neither_has_too_many(terminal: Terminal) -> None:
    def asked(number: str, who: Who = LI) -> str:
        answer = terminal.ask("mandate.attorney", who, {"number": number}, GIVE)
        return answer.refusal.code if answer.refusal is not None else str((answer.data or {})["attorney"])

    assert asked(CAST["chen-mo"].number) == "陈*"
    assert asked(CAST["sun-li"].number) == "attorneyUnknown"
    assert asked(CAST["li-xiulan"].number) == "attorneySelf"
    assert give(terminal).state == "accepted"
    assert asked(CAST["chen-mo"].number) == "mandateHeld"
    assert code(give(terminal)) == "mandateHeld"
    for persona in ("ma-yuan", "lin-tao")[: MOST_ATTORNEYS - 1]:
        assert give(terminal, number=CAST[persona].number).state == "accepted"
    assert asked(CAST["tang-yue"].number) == "mandatesEnough"
    givers = ("he-mulan", "zhao-min", "xu-wen", "yang-shun", "tang-yue")
    for persona in givers[: MOST_PRINCIPALS - 1]:
        assert give(terminal, subject(persona), persona).state == "accepted"
    assert asked(CAST["chen-mo"].number, subject("tang-yue")) == "attorneyBusy"


def test_a_mandate_is_good_for_what_it_says_for_whom_it_names_and_not_a_day_longer(
    terminal: Terminal, centre: Centre
) -> None:
    papers = give(terminal).result["case"]

    def record(who: Who) -> str:
        refusal = terminal.ask("iit.record", who, PERIOD).refusal
        return refusal.code if refusal is not None else ""

    assert record(by(papers)) == ""
    assert record(by(papers, subject("ma-yuan"))) == "mandateGone"
    assert record(by("0" * 20)) == "mandateGone"
    assert record(by(papers, subject("chen-mo", evidence="document", face=None))) == "identityWeak"
    assert record({**by(papers), "taxpayer": "91990199MA6000000X"}) == "mandateNarrow"
    narrow = terminal.ask("return.prefill", by(papers), service="declare.social-insurance").refusal
    assert narrow is not None and narrow.code == "mandateNarrow" and "查询" in narrow.text["zh-CN"]
    own = terminal.ask("privacy.accesses", by(papers), service="privacy.my-data").refusal
    assert own is not None and own.code == "mandateNotHere"
    with centre.database.write() as connection:
        connection.execute(update(tables.mandate).values(until=DAY))
    assert record(by(papers)) == "", "its last day is one of its days"
    with centre.database.write() as connection:
        connection.execute(update(tables.mandate).values(until=DAY - timedelta(days=1)))
    assert record(by(papers)) == "mandateGone"
    assert terminal.data("person.profile", CHEN)["mandates"] == []


@pytest.mark.parametrize("side", ["principal", "attorney"])
def test_either_of_the_two_ends_it_and_the_other_is_told(terminal: Terminal, side: str) -> None:
    mandate = give(terminal).result["case"]
    who, other = (LI, CHEN) if side == "principal" else (CHEN, LI)
    (row,) = held(terminal, who)
    assert row["name"] == ("陈*" if side == "principal" else "李**")
    assert code(end(terminal, subject("ma-yuan"), row["id"])) == "mandateOver"
    assert end(terminal, who, row["id"]).result["state"] == "approved"
    assert "mandate-ended" in told(terminal, other)
    assert held(terminal, LI) == held(terminal, CHEN) == []
    assert code(end(terminal, who, row["id"])) == "mandateOver"
    refusal = terminal.ask("iit.record", by(mandate), PERIOD).refusal
    assert refusal is not None and refusal.code == "mandateGone"
    assert give(terminal).state == "accepted", "it may be given anew"


def test_contributions_are_declared_and_paid_for_the_principal(terminal: Terminal, centre: Centre) -> None:
    """By the seeded mandate: an old lady's son, as the demonstration has it."""
    alone = subject(seeded.ATTORNEY.id)
    assert [(m["name"], m["scope"]) for m in terminal.data("person.profile", alone)["mandates"]] == [
        ("王**", "all")
    ]
    son = by(seeded.number(DAY), alone)
    asked = terminal.ask("dues.list", son)
    assert asked.refusal is not None and asked.refusal.code == "taxpayerMissing", (
        "she declared nothing so far"
    )
    told = {"level": "level-60", "first": "2026-07", "months": 3, "pension": True, "medical": True}
    service, given = "declare.social-insurance", filled("social-insurance", {}, **told)
    filed = terminal.do("declaration.submit", given, son, service=service)
    assert filed.state == "accepted", filed.refusal
    order = {
        "dues": [due["due"] for due in filed.result["dues"]],
        "amount_fen": filed.result["total_fen"],
        "channel": "qr-shown",
    }
    paid = terminal.do("payment.create", order, son, service=service)
    assert paid.state == "accepted", paid.refusal
    with centre.database.read() as connection:
        t, p = tables.declaration, tables.payment_order
        filed_for = select(t.c.taxpayer).where(t.c.declaration == filed.result["declaration"])
        paid_for = select(p.c.taxpayer).where(p.c.order_no == paid.result["order"])
        of = [connection.execute(query).scalar_one() for query in (filed_for, paid_for)]
    assert of == [seeded.PRINCIPAL.number] * 2
    due = terminal.data("obligations.list", son, service="query.due")["obligations"]
    assert (
        due
        == terminal.data("obligations.list", subject(seeded.PRINCIPAL.id), service="query.due")["obligations"]
    )
    own = terminal.ask("obligations.list", alone, service="query.due").refusal
    assert due and own is not None, "nothing of it is the son's"


@pytest.mark.parametrize(
    ("given", "months", "last"),
    [
        (date(2026, 10, 12), 12, date(2027, 10, 12)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 36, date(2029, 12, 31)),
    ],
)
def test_a_term_of_months_ends_with_the_day_of_the_same_number(given: date, months: int, last: date) -> None:
    """民法典 arts. 201 and 202."""
    assert last_day(given, months) == last


def test_what_a_mandate_covers() -> None:
    assert [scope for scope in Scope if scope.covers("papers")] == [Scope.PAPERS, Scope.ALL]
    assert not any(scope.covers("") for scope in Scope)
    used = {name: one.service.behalf for name, one in CATALOGUE.items() if one.service.behalf}
    assert set(used.values()) == {"papers", "taxes"}


def test_one_service_is_told_once_however_many_effects_it_has(terminal: Terminal, centre: Centre) -> None:
    son = by(seeded.number(DAY), subject(seeded.ATTORNEY.id))
    told_of = {"level": "level-60", "first": "2026-07", "months": 1, "pension": True, "medical": True}
    service = "declare.social-insurance"
    filed = terminal.do("declaration.submit", filled("social-insurance", {}, **told_of), son, service=service)
    dues = [due["due"] for due in filed.result["dues"]]
    order = {"dues": dues, "amount_fen": filed.result["total_fen"], "channel": "qr-shown"}
    assert terminal.do("payment.create", order, son, service=service).state == "accepted"
    assert told(terminal, subject(seeded.PRINCIPAL.id)).count("acted-for") == 1


def test_two_terminals_at_once_never_give_one_too_many(terminal: Terminal, centre: Centre) -> None:
    """Six people make the same one their attorney at the same moment; five may."""
    givers = ("he-mulan", "zhao-min", "xu-wen", "yang-shun", "tang-yue", "li-xiulan")
    halls = [centre.terminal(f"C-{number:02}") for number in range(len(givers))]
    gate = threading.Barrier(len(givers))

    def sign(hall: Terminal, persona: str) -> str:
        gate.wait(20)
        return str(give(hall, subject(persona), persona).state)

    with ThreadPoolExecutor(len(givers)) as pool:
        found = [
            work.result(60) for work in [pool.submit(sign, *one) for one in zip(halls, givers, strict=True)]
        ]
    assert sorted(found) == ["accepted"] * MOST_PRINCIPALS + ["refused"]
