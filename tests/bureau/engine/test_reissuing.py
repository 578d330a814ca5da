"""A certificate once more: its copy at any terminal, a new one in its place, or void by two officers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from bureau.city.cast import HEMU, QINGHE
from bureau.engine import voiding
from bureau.engine.repaying.ordering import Hands
from bureau.errors import CertificateKept, RepaymentRefused
from bureau.ports.certificates import CertificateRecord
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_certificates import SHEN, shown
from tests.bureau.terminals import Terminal, subject

BOSS = subject("shen-zhizhou", QINGHE, "F")
OTHER = subject("li-xiulan")
HANDS = Hands("段丽", "蒋明", "姓名打错，已收回原件")


def issued(terminal: Terminal) -> str:
    return str(terminal.do("certificate.issue", shown(terminal), SHEN).result["number"])


def no_arrears(terminal: Terminal, who: dict[str, Any]) -> str:
    service = "certificate.no-arrears"
    preview = terminal.data("certificate.preview", who, {}, service)
    wanted = {"certificate": "no-arrears", "content_sha256": preview["content_sha256"]}
    return str(terminal.do("certificate.issue", wanted, who, service=service).result["number"])


def held(terminal: Terminal, who: dict[str, Any] = SHEN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.data("certificate.held", who)["certificates"]
    return found


def again(terminal: Terminal, number: str, way: str, who: dict[str, Any] = SHEN) -> Any:
    answer = terminal.ask("certificate.again", who, {"number": number, "way": way})
    if answer.refusal is not None:
        return answer
    wanted = {"number": number, "way": way, "content_sha256": answer.data["content_sha256"]}
    return terminal.do("certificate.reissue", wanted, who)


def record(centre: Centre, number: str) -> CertificateRecord:
    with centre.system.read() as work:
        found = work.core.certificates.record(number)
    assert found is not None
    return found


def test_ones_own_are_listed_and_those_of_others_and_of_the_enterprise_are_not(terminal: Terminal) -> None:
    mine = issued(terminal)
    firm = no_arrears(terminal, subject("he-mulan", HEMU, "L"))
    assert [one["number"] for one in held(terminal)] == [mine]
    assert held(terminal, OTHER) == []
    assert [one["number"] for one in held(terminal, subject("he-mulan", HEMU, "L"))] == [firm]
    assert held(terminal, BOSS) == []


def test_a_colleague_gets_the_certificate_of_their_enterprise_and_nobody_else_does(
    terminal: Terminal,
) -> None:
    firm = no_arrears(terminal, subject("he-mulan", HEMU, "L"))
    colleague = subject("shen-zhizhou", HEMU, "T")
    assert again(terminal, firm, "reprint", colleague).state == "accepted"
    refused = again(terminal, firm, "reprint", BOSS)
    assert refused.refusal.code == "certificateNotHeld"
    assert again(terminal, issued(terminal), "reprint", OTHER).refusal.code == "certificateNotHeld"


def test_a_copy_comes_out_at_another_terminal_marked_and_counted_on(
    terminal: Terminal, centre: Centre
) -> None:
    number = issued(terminal)
    copies = centre.container.copies
    copies.for_job(number, "job-1", "A-07")
    terminal.do("certificate.printed", {"number": number, "outcome": "printed", "job": "job-1"})
    other = centre.terminal("B-01")
    assert copies.for_job(number, "job-2", "B-01") is None, "nobody asked for it there"
    answer = again(other, number, "reprint")
    assert (answer.state, answer.result["number"], answer.result["replaces"]) == ("accepted", number, "")
    assert copies.for_job(number, "job-2", "B-01") is not None
    assert [copy for _, _, copy in centre.office.reprinted] == [2]
    assert record(centre, number).state == "valid"
    other.do("certificate.printed", {"number": number, "outcome": "printed", "job": "job-2"})
    assert held(terminal)[0]["copies"] == 2


def test_who_had_all_copies_is_told_to_replace_it(terminal: Terminal, centre: Centre) -> None:
    number = issued(terminal)
    for turn in ("1", "2", "3"):
        terminal.do("certificate.printed", {"number": number, "outcome": "printed", "job": turn})
    reprint, replace = held(terminal)[0]["ways"]
    assert (reprint["enabled"], replace["enabled"]) == (False, True)
    assert "3" in reprint["why_not"]["zh-CN"]
    assert again(terminal, number, "reprint").refusal.code == "certificateCopies"
    assert again(terminal, number, "replace").state == "accepted"


def test_a_new_one_takes_its_place_by_the_records_of_now_and_names_it(
    terminal: Terminal, centre: Centre
) -> None:
    old = issued(terminal)
    with centre.database.write() as connection:
        t = tables.income
        connection.execute(update(t).where(t.c.month == "2026-09").values(tax_fen=77_700))
    answer = again(terminal, old, "replace")
    new = answer.result["number"]
    assert answer.result["replaces"] == old and new != old
    made = centre.office.issued[-1]
    assert 77_700 in [row.tax_fen for row in made.rows]
    assert [old in fact.value["zh-CN"] and "作废" in fact.value["zh-CN"] for fact in made.more] == [True]
    ended = record(centre, old).ended
    assert ended is not None and (ended.state, ended.successor) == ("replaced", new)
    assert record(centre, new).state == "valid"
    with centre.system.read() as work:
        assert work.core.certificates.pdf(old, "A-07"), "the register keeps what was replaced"
    rows = {one["number"]: one for one in held(terminal)}
    assert rows[new]["usable"] and not rows[old]["usable"] and new in rows[old]["why_not"]["zh-CN"]


def test_of_an_enterprise_the_new_one_says_what_it_replaces_and_can_be_replaced_again(
    terminal: Terminal, centre: Centre
) -> None:
    who = subject("he-mulan", HEMU, "L")
    first = no_arrears(terminal, who)
    second = again(terminal, first, "replace", who).result["number"]
    facts = centre.office.sheets[-1].sheet.facts
    assert any(first in fact.value["zh-CN"] for fact in facts)
    third = again(terminal, second, "replace", who).result["number"]
    assert [record(centre, n).state for n in (first, second, third)] == ["replaced", "replaced", "valid"]


def test_what_ended_is_neither_copied_nor_replaced_a_second_time(terminal: Terminal, centre: Centre) -> None:
    old = issued(terminal)
    wanted = terminal.data("certificate.again", SHEN, {"number": old, "way": "replace"})
    first = terminal.intent(
        "certificate.reissue",
        {"number": old, "way": "replace", "content_sha256": wanted["content_sha256"]},
        SHEN,
    )
    assert terminal.send(first) == terminal.send(first), "the same key is answered once"
    for way in ("reprint", "replace"):
        assert again(terminal, old, way).refusal.code == "certificateEnded"
    with centre.database.read() as connection:
        assert len(connection.execute(tables.certificate.select()).all()) == 2


def test_two_who_replace_it_at_once_make_one_new_one(terminal: Terminal, centre: Centre) -> None:
    """The second was drawn before the first was entered."""
    old = issued(terminal)
    shown_now = terminal.data("certificate.again", SHEN, {"number": old, "way": "replace"})
    wanted = {"number": old, "way": "replace", "content_sha256": shown_now["content_sha256"]}
    other, states = centre.terminal("B-01"), []

    def meanwhile() -> None:
        centre.office.before = lambda: None
        states.append(other.do("certificate.reissue", wanted, SHEN).state)

    centre.office.before = meanwhile
    late = terminal.do("certificate.reissue", wanted, SHEN)
    assert states == ["accepted"] and late.refusal.code == "certificateEnded"


def test_what_changed_after_it_was_shown_is_not_certified(terminal: Terminal, centre: Centre) -> None:
    old = issued(terminal)
    wanted = {"number": old, "content_sha256": "0" * 64}
    for way in ("reprint", "replace"):
        answer = terminal.do("certificate.reissue", {**wanted, "way": way}, SHEN)
        assert answer.refusal.code == "changedMeanwhile"
    assert record(centre, old).state == "valid"


def test_one_of_an_earlier_release_is_copied_and_cannot_be_drawn_anew(
    terminal: Terminal, centre: Centre
) -> None:
    number = issued(terminal)
    with centre.database.write() as connection:
        connection.execute(update(tables.certificate).values(asked=None))
    assert [way["enabled"] for way in held(terminal)[0]["ways"]] == [True, False]
    assert again(terminal, number, "replace").refusal.code == "certificateNotAnew"
    assert again(terminal, number, "reprint").state == "accepted"


def test_two_officers_make_one_void_and_its_holder_hears_of_it(terminal: Terminal, centre: Centre) -> None:
    number = issued(terminal)
    with centre.system.write() as work:
        ended = voiding.void(work.core, number, "wrong", HANDS).ended
    assert ended is not None
    assert (ended.state, ended.reason, ended.officer, ended.second) == ("void", "wrong", "段丽", "蒋明")
    assert ended.at.date() == date(2026, 10, 12) and not ended.successor
    notices = terminal.data("person.profile", SHEN)["notices"]
    (told,) = [one for one in notices if one["kind"] == "certificate-void"]
    assert number in told["text"]["zh-CN"] and "开具错误" in told["text"]["zh-CN"]
    assert "姓名打错" not in str(told), "the note is the bureau's own"
    assert again(terminal, number, "reprint").refusal.code == "certificateEnded"
    with centre.system.write() as work, pytest.raises(CertificateKept, match="void already"):
        voiding.void(work.core, number, "lost", HANDS)


@pytest.mark.parametrize(
    ("hands", "why", "error", "says"),
    [
        (Hands("段丽", "段丽", "打错"), "wrong", RepaymentRefused, "another officer"),
        (Hands("段丽", "蒋明", " "), "wrong", RepaymentRefused, "say why"),
        (HANDS, "replaced", CertificateKept, "one of wrong"),
        (HANDS, "whim", CertificateKept, "one of wrong"),
    ],
)
def test_one_officer_alone_or_no_reason_makes_none_void(
    terminal: Terminal, centre: Centre, hands: Hands, why: str, error: type[Exception], says: str
) -> None:
    number = issued(terminal)
    with centre.system.write() as work, pytest.raises(error, match=says):
        voiding.void(work.core, number, why, hands)
    assert record(centre, number).state == "valid"
    with centre.system.write() as work, pytest.raises(CertificateKept, match="no certificate"):
        voiding.void(work.core, "21990026101200000017", "wrong", HANDS)
