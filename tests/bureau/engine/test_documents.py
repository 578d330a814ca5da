"""Official documents: served once by the hand of whoever may receive them, in the law's other ways, or not at all."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.names import day_name
from bureau.engine.reminding.round import CASE, Round
from bureau.engine.rules import Rules
from bureau.engine.serving import documents
from bureau.engine.serving.demands import ISSUER
from bureau.errors import DocumentRefused
from bureau.fleet.vault import SealingVault
from bureau.ports.documents import Document
from bureau.store import tables
from kiosk.domain.tax.limits import WorkingCalendar
from kiosk.domain.tax.parameters import built_in
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_arrears import owed, pay
from tests.bureau.engine.test_payments import BEIDOU, CHEN
from tests.bureau.enrolling import ink
from tests.bureau.served_documents import BOSS, FIRM, SERVICE, read, receipt, signature, waiting
from tests.bureau.terminals import Terminal, subject

RULES = Rules(built_in())
HANDLER = subject("gao-wei", FIRM, "T")


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, getattr(answer, "result", answer)
    assert all(answer.refusal.text[lang] and answer.refusal.next_step[lang] for lang in ("zh-CN", "en-US"))
    return str(answer.refusal.code)


def of_city(terminal: Terminal) -> dict[str, Any]:
    (row,) = waiting(terminal)
    return row


def stored(centre: Centre, document: str) -> Any:
    with centre.database.read() as connection:
        return connection.execute(select(tables.document).where(tables.document.c.document == document)).one()


def notices(terminal: Terminal, who: dict[str, Any] = BOSS) -> list[str]:
    return [one["kind"] for one in terminal.data("person.profile", who)["notices"]]


def issue(
    centre: Centre, taxpayer: str = FIRM, days: int | None = 15, text: str = "请来函说明。"
) -> Document:
    with centre.system.write() as work:
        return documents.issue(work.core, taxpayer, "税务事项通知书", [text, ""], days, "于岚")


def serve(
    terminal: Terminal,
    row: dict[str, Any],
    who: dict[str, Any] = BOSS,
    persona: str = "zhao-min",
    **changed: Any,
) -> Any:
    return terminal.do("document.serve", signature(terminal, row, who, persona, **changed), who)


# --- signed for ----------------------------------------------------------------------------------------------


def test_what_was_read_is_served_on_the_day_it_is_signed_for(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    assert (row["state"], row["served_on"], row["addressee"]) == ("issued", None, "云川远山建材有限公司")
    before = read(terminal, row["document"])
    assert len(before["rows"]) == 6 and len(before["statements"]) == 1, "no receipt before service"
    answer = serve(terminal, row)
    assert answer.state == "accepted", answer
    end = WorkingCalendar(built_in()).on_or_after(stores.DAY + timedelta(days=15))
    assert (answer.result["served_on"], answer.result["until"]) == (stores.DAY.isoformat(), end.isoformat())
    (now,) = waiting(terminal)
    assert (now["state"], now["served_on"]) == ("served", stores.DAY.isoformat())
    after = read(terminal, row["document"])
    assert "赵旻" in after["statements"][0]["zh-CN"] and after["rows"] == before["rows"]
    kept = stored(centre, row["document"])
    assert (kept.way, kept.served_by, kept.terminal, kept.until) == ("signed", "赵旻", "A-07", end)


def test_who_signs_at_the_end_of_a_day_is_served_on_that_day(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    data = signature(terminal, row)
    centre.clock.forward(days=1)
    answer = terminal.do("document.serve", data, BOSS)
    assert answer.state == "accepted" and answer.result["served_on"] == stores.DAY.isoformat()
    kept = stored(centre, row["document"])
    assert kept.served_on == stores.DAY, "the day that was signed, not the day on which it came in"
    assert kept.until == WorkingCalendar(built_in()).on_or_after(stores.DAY + timedelta(days=15))


def test_no_day_before_it_was_issued_is_signed(terminal: Terminal, centre: Centre) -> None:
    made = issue(centre)
    row = next(one for one in waiting(terminal) if one["document"] == made.document)
    assert code_of(serve(terminal, row, day=stores.DAY - timedelta(days=1))) == "signedTextDiffers"
    assert stored(centre, made.document).state == "issued"


def test_the_list_says_who_received_it_with_the_name_masked(terminal: Terminal) -> None:
    row = of_city(terminal)
    answer = serve(terminal, row)
    (now,) = waiting(terminal, HANDLER)
    assert row["received_by"] is None and now["received_by"] == answer.result["received_by"]
    assert "赵" in now["received_by"] and "赵旻" not in now["received_by"]


def test_the_hand_opens_for_the_centre_alone(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    answer = serve(terminal, row)
    kept = stored(centre, row["document"])
    text, digest = receipt(row, "zhao-min"), bytes.fromhex(kept.text_sha256)
    assert text.encode() not in kept.sealed and ink(digest) not in kept.sealed
    opened = json.loads(SealingVault(centre.container.keys.sealing).open(answer.key, kept.sealed))
    assert opened["text"] == text and base64.b64decode(opened["signature"]) == ink(digest)


def test_english_is_signed_as_english(terminal: Terminal) -> None:
    assert serve(terminal, of_city(terminal), lang="en-US").state == "accepted"


def test_it_is_printed_with_its_receipt_and_printed_again(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    serve(terminal, row)
    numbers = set()
    for who in (BOSS, HANDLER):
        wanted = {
            "certificate": "served-document",
            "item": row["document"],
            "content_sha256": read(terminal, row["document"], who)["content_sha256"],
        }
        issued = terminal.do("certificate.issue", wanted, who, service=SERVICE)
        assert issued.state == "accepted", issued
        numbers.add(issued.result["number"])
    assert len(numbers) == 2


def test_once_served_it_is_not_served_again(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    data = signature(terminal, row)
    assert terminal.do("document.serve", data, BOSS).state == "accepted"
    assert code_of(terminal.do("document.serve", data, BOSS)) == "documentServed"
    assert code_of(serve(terminal, row, HANDLER, "gao-wei")) == "documentServed"
    assert stored(centre, row["document"]).served_by == "赵旻"


def test_the_same_key_again_is_the_same_service(terminal: Terminal) -> None:
    signed = terminal.intent("document.serve", signature(terminal, of_city(terminal)), BOSS)
    assert terminal.send(signed) == terminal.send(signed)


def test_two_terminals_at_once_serve_it_once(terminal: Terminal, centre: Centre) -> None:
    row, other = of_city(terminal), centre.terminal("B-01")
    records = [
        (terminal, terminal.intent("document.serve", signature(terminal, row), BOSS)),
        (other, other.intent("document.serve", signature(other, row, HANDLER, "gao-wei"), HANDLER)),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one[0].send(one[1]), records))
    assert sorted(a.refusal.code if a.refusal else "" for a in answers) == ["", "documentServed"]
    served = next(a for a in answers if a.refusal is None)
    assert stored(centre, row["document"]).key == served.key


def test_who_went_away_before_the_answer_is_told(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("document.serve", signature(terminal, of_city(terminal)), BOSS)
    centre.clock.forward(minutes=2)
    assert terminal.send(signed, queued=True).state == "accepted"
    assert "document-served" in notices(terminal)


def test_who_received_it_finds_it_among_what_is_held_of_them(terminal: Terminal, centre: Centre) -> None:
    def told() -> int:
        held = terminal.data("privacy.held", subject("zhao-min"), service="privacy.my-data")["rows"]
        return sum(row["count"] for row in held if row["id"] == "notice")

    before = told()
    serve(terminal, of_city(terminal))
    assert told() == before + 1


# --- each reason why not -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"content_sha256": "0" * 64}, "changedMeanwhile"),
        ({"sha256": "0" * 64}, "signatureTorn"),
        ({"signature": ""}, "signatureTorn"),
        ({"day": stores.DAY - timedelta(days=2)}, "signedTextDiffers"),
        ({"text": "税务文书送达回证"}, "signedTextDiffers"),
    ],
    ids=["another content", "another digest", "no ink", "another day", "another text"],
)
def test_what_is_not_read_and_signed_whole_serves_nothing(
    terminal: Terminal, centre: Centre, changed: dict[str, Any], code: str
) -> None:
    row = of_city(terminal)
    assert code_of(serve(terminal, row, **changed)) == code
    kept = stored(centre, row["document"])
    assert (kept.state, kept.sealed, kept.person_number) == ("issued", None, None)


def test_anothers_name_on_the_receipt_serves_nothing(terminal: Terminal) -> None:
    row = of_city(terminal)
    assert code_of(serve(terminal, row, BOSS, "gao-wei")) == "signedTextDiffers"


def test_another_taxpayers_document_is_as_good_as_none(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    data = signature(terminal, row)
    assert waiting(terminal, CHEN) == []
    seen = terminal.ask("certificate.preview", CHEN, {"item": row["document"]}, SERVICE)
    assert code_of(seen) == "documentUnknown"
    assert code_of(terminal.do("document.serve", data, CHEN)) == "documentUnknown"
    stranger = {**subject("chen-jing"), "taxpayer": FIRM, "role": "T"}
    assert code_of(terminal.ask("documents.list", stranger, service=SERVICE)) == "roleMissing"


def test_what_is_withdrawn_is_seen_and_signed_for_no_more(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    data = signature(terminal, row)
    with centre.system.write() as work:
        documents.withdraw(work.core, row["document"], "于岚")
    assert waiting(terminal) == []
    assert code_of(terminal.do("document.serve", data, BOSS)) == "documentWithdrawn"
    kept = stored(centre, row["document"])
    assert (kept.withdrawn_by, kept.withdrawn_at) == ("于岚", centre.clock.now())


# --- officers ------------------------------------------------------------------------------------------------


def test_who_answers_for_it_is_told_until_it_is_served(terminal: Terminal, centre: Centre) -> None:
    made = issue(centre)
    assert "document-waits" in notices(terminal) and "document-waits" in notices(terminal, HANDLER)
    row = next(one for one in waiting(terminal) if one["document"] == made.document)
    assert serve(terminal, row).state == "accepted"
    assert "document-waits" not in notices(terminal) and "document-waits" not in notices(terminal, HANDLER)


@pytest.mark.parametrize(
    ("taxpayer", "text", "days", "word"),
    [
        ("91990199MA6000000X", "一", 5, "no taxpayer"),
        (FIRM, "  ", 5, "paragraphs"),
        (FIRM, "长" * (documents.MOST_PARAGRAPH + 1), 5, "break"),
        (FIRM, "一", 0, "term"),
    ],
)
def test_what_cannot_be_read_is_not_issued(
    centre: Centre, taxpayer: str, text: str, days: int, word: str
) -> None:
    with pytest.raises(DocumentRefused, match=word):
        issue(centre, taxpayer, days, text)


@pytest.mark.parametrize(("way", "later"), [("left", 0), ("mail", 0), ("notice", documents.NOTICE_DAYS)])
def test_another_way_of_service_has_its_own_date(
    terminal: Terminal, centre: Centre, way: Any, later: int
) -> None:
    made = issue(centre)
    on = stores.DAY
    centre.clock.forward(days=later)
    with centre.system.write() as work:
        served = documents.serve_otherwise(work.core, RULES, made.document, way, on, "于岚", "见证人：王某")
    assert (served.state, served.way, served.served_on) == ("served", way, on + timedelta(days=later))
    assert served.until is not None and served.until >= on + timedelta(days=later + 15)
    assert "于岚" in read(terminal, made.document)["statements"][0]["zh-CN"]
    assert "document-waits" not in notices(terminal)


@pytest.mark.parametrize(
    ("way", "days", "note"),
    [("left", 1, "证人"), ("left", -1, "证人"), ("notice", 0, "公告"), ("left", 0, " ")],
    ids=["tomorrow", "before it was issued", "a notice not thirty days old", "no proof"],
)
def test_a_service_that_cannot_be_is_not_recorded(centre: Centre, way: Any, days: int, note: str) -> None:
    made, on = issue(centre), stores.DAY + timedelta(days=days)
    with centre.system.write() as work, pytest.raises(DocumentRefused):
        documents.serve_otherwise(work.core, RULES, made.document, way, on, "于岚", note)
    assert stored(centre, made.document).state == "issued"


def test_what_is_served_is_neither_withdrawn_nor_served_otherwise(terminal: Terminal, centre: Centre) -> None:
    row = of_city(terminal)
    serve(terminal, row)
    with centre.system.write() as work:
        with pytest.raises(DocumentRefused):
            documents.withdraw(work.core, row["document"], "于岚")
        with pytest.raises(DocumentRefused):
            documents.serve_otherwise(work.core, RULES, row["document"], "left", stores.DAY, "于岚", "证人")
    assert stored(centre, row["document"]).way == "signed"


# --- demands -------------------------------------------------------------------------------------------------


def demanded(terminal: Terminal, centre: Centre) -> dict[str, Any]:
    Round(centre.system, RULES).run_once()
    rows = waiting(terminal, CHEN)
    return next(row for row in rows if stored(centre, row["document"]).matter.startswith("pay/"))


def until_of(centre: Centre, document: str) -> date | None:
    matter = stored(centre, document).matter
    with centre.system.read() as work:
        return next(one.until for one in work.core.reminders.standing(BEIDOU) if one.matter == matter)


def test_a_demand_is_a_document_whose_days_begin_at_service(terminal: Terminal, centre: Centre) -> None:
    row = demanded(terminal, centre)
    first = until_of(centre, row["document"])
    assert first is not None
    told = [one["text"]["zh-CN"] for one in terminal.data("person.profile", CHEN)["notices"]]
    assert any("自签收之日起" in text for text in told)
    assert not any(day_name(first)["zh-CN"] in text for text in told), "no day that service would move"
    centre.clock.forward(days=3)
    day = stores.DAY + timedelta(days=3)
    assert serve(terminal, row, CHEN, "chen-jing", day=day).state == "accepted"
    later = stored(centre, row["document"]).until
    assert later is not None and later > first and until_of(centre, row["document"]) == later


def test_a_demand_whose_tax_is_paid_waits_no_more(terminal: Terminal, centre: Centre) -> None:
    row = demanded(terminal, centre)
    pay(terminal, centre, owed(terminal)["arrears"])
    Round(centre.system, RULES).run_once()
    assert row["document"] not in [one["document"] for one in waiting(terminal, CHEN)]
    kept = stored(centre, row["document"])
    assert (kept.state, kept.withdrawn_by) == ("withdrawn", ISSUER)


@pytest.mark.parametrize("signed", [True, False])
def test_an_officer_is_told_whether_the_demand_was_served(
    terminal: Terminal, centre: Centre, signed: bool
) -> None:
    row = demanded(terminal, centre)
    if signed:
        assert serve(terminal, row, CHEN, "chen-jing").state == "accepted"
    last = until_of(centre, row["document"])
    assert last is not None
    centre.clock.at += last - centre.clock.now().date() + timedelta(days=1)
    Round(centre.system, RULES).run_once()
    t, matter = tables.case_file, stored(centre, row["document"]).matter
    with centre.database.read() as connection:
        query = select(t.c.details).where(t.c.kind == CASE, t.c.reference == matter)
        details = connection.execute(query).scalar_one()
    assert details["document"] == row["document"]
    assert details["served_on"] == (stores.DAY.isoformat() if signed else None)
