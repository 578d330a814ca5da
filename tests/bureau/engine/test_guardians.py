"""Guardians: entered by papers that an officer approved, good where a mandate is, over when the ward is of age."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, get_args

import pytest
from sqlalchemy import select

from bureau.city import guardians as seeded
from bureau.city import mandates
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.matters.guardians import OF_MINORS, end_guardianship, last_day_of
from bureau.engine.matters.mandates import MOST_PRINCIPALS
from bureau.errors import CaseDecided, GuardianRefused, ReasonMissing
from bureau.fleet.vault import SealingVault
from bureau.ports.registration import PersonKey
from bureau.store import tables
from config.catalogue.models import FormStep
from kiosk.domain.masking import mask_name, mask_number
from kiosk.domain.people import DocumentKind
from sync.models import WardParams
from tests.bureau.conftest import Centre
from tests.bureau.engine.matters import code, progress
from tests.bureau.engine.test_mandates import by, checked, end, enrol, give, held, told
from tests.bureau.engine.test_materials import scanned
from tests.bureau.enrolling import hand, published, titles_of
from tests.bureau.stores import DAY
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

GUARD = "identity.guardian"
CHILD, FATHER, MOTHER = seeded.UNSEEN, subject("lin-tao"), subject(seeded.GUARDIAN.id)
GIVEN = {"kind": "parent", "name": CHILD.name, "number": CHILD.number}
ELDER = {"kind": "adult", "name": CAST["wang-guifen"].name, "number": CAST["wang-guifen"].number}
OFFICER = "于岚"
CHILDS_CARD = {
    **FATHER,
    "person": {**FATHER["person"], "number": seeded.WARD.number, "name": seeded.WARD.name},
}
PERIOD = {"first": "2026-01", "last": "2026-09"}
Who = dict[str, Any]


def paper(who: Who, given: dict[str, str], lang: str = "zh-CN") -> str:
    """What the service has a guardian sign."""
    title = titles_of(GUARD, given, ("kind",), lang)
    return published(GUARD, (who["person"]["name"], given["name"], given["number"], *title), lang)


def apply_for(terminal: Terminal, who: Who = FATHER, lang: str = "zh-CN", **changed: Any) -> Any:
    """Scan a page, sign and hand in; ``changed`` rows."""
    given = {**GIVEN, **changed}
    pages = [scanned(terminal, who, service=GUARD)]
    return terminal.do(
        "matter.submit", {**given, "pages": pages, **hand(paper(who, given, lang), lang)}, who, service=GUARD
    )


def decide(centre: Centre, case: str, do: Callable[..., Any] = approve, *reason: str) -> Any:
    with centre.system.write("") as work:
        return do(work.core, case, OFFICER, *reason)


def guardian(terminal: Terminal, centre: Centre, who: Who = FATHER, **changed: Any) -> str:
    """The number of a case that was approved."""
    case = str(apply_for(terminal, who, **changed).result["case"])
    decide(centre, case)
    return case


def refused(terminal: Terminal, service: str, query: str, who: Who, params: dict[str, Any]) -> str:
    refusal = terminal.ask(query, who, params, service).refusal
    return refusal.code if refusal is not None else ""


def record(terminal: Terminal, who: Who) -> str:
    return refused(terminal, "certificate.iit-record", "iit.record", who, PERIOD)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_nothing_is_done_for_a_ward_before_an_officer_has_seen_the_papers(
    terminal: Terminal, centre: Centre, lang: str
) -> None:
    answer = apply_for(terminal, lang=lang)
    case = answer.result["case"]
    assert answer.result["state"] == "open" and answer.result["due_on"] == "2026-10-15"
    assert record(terminal, by(case, FATHER)) == "mandateGone"
    assert terminal.data("person.profile", FATHER)["mandates"] == []
    assert [row["case"] for row in progress(terminal, FATHER) if row["state"] == "open"] == [case]
    decide(centre, case)
    assert terminal.data("person.profile", FATHER)["mandates"] == [
        {
            "mandate": case,
            "name": mask_name(CHILD.name),
            "number": mask_number(CHILD.number),
            "scope": "all",
            "own": False,
            "ground": "guardian",
        }
    ]
    assert "case-approved" in told(terminal, FATHER)
    shown = terminal.data("iit.record", by(case, FATHER), PERIOD)
    assert shown["name"] == CHILD.name
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": shown["content_sha256"]}
    assert terminal.do("certificate.issue", wanted, by(case, FATHER)).state == "accepted"


def test_a_ward_is_told_and_sees_who_looked(terminal: Terminal, centre: Centre) -> None:
    mothers = by(seeded.number(DAY), MOTHER)
    shown = terminal.data("iit.record", mothers, PERIOD)
    wanted = {"certificate": "iit-record", **PERIOD, "content_sha256": shown["content_sha256"]}
    assert terminal.do("certificate.issue", wanted, mothers).state == "accepted"
    assert told(terminal, CHILDS_CARD).count("acted-for-ward") == 1
    seen = terminal.data("privacy.accesses", CHILDS_CARD, service="privacy.my-data")["rows"]
    by_her = {row["what"]["zh-CN"] for row in seen if row["who"]["zh-CN"] == "以您的监护人身份 许*"}
    assert len(by_her) == 2, "the record that she read, and the certificate"
    second = guardian(
        terminal, centre, FATHER, kind="minor", name=seeded.WARD.name, number=seeded.WARD.number
    )
    assert "guardian-entered" in told(terminal, CHILDS_CARD)
    assert "guardian-entered" in told(terminal, MOTHER), "who guards the ward already"
    decide(centre, second, end_guardianship, "判决撤销")
    assert "guardian-ended-by-officer" in told(terminal, CHILDS_CARD)
    assert "guardian-ended-by-officer" in told(terminal, FATHER)
    assert "guardian-ended-by-officer" not in told(terminal, MOTHER)


def test_what_was_signed_is_kept_sealed_with_the_case(terminal: Terminal, centre: Centre) -> None:
    case = apply_for(terminal).result["case"]
    vault = SealingVault(centre.container.keys.sealing)
    for state in ("open", "approved"):
        with centre.database.read() as connection:
            t = tables.matter_case
            row = connection.execute(select(t).where(t.c.case_no == case)).one()
        assert row.state == state
        assert "监护人声明".encode() not in row.sealed and "signature" not in row.fields
        assert json.loads(vault.open(case, row.sealed))["text"] == paper(FATHER, GIVEN)
        if state == "open":
            decide(centre, case)


@pytest.mark.parametrize(
    ("who", "changed", "expected"),
    [
        (FATHER, {"name": "林大禾"}, "wardUnknown"),
        (FATHER, {"number": checked("53990420160312004")}, "wardUnknown"),
        (FATHER, {"name": "林涛", "number": CAST["lin-tao"].number}, "wardSelf"),
        (FATHER, {**ELDER, "kind": "parent"}, "wardOfAge"),
        (FATHER, {**ELDER, "kind": "minor"}, "wardOfAge"),
        (FATHER, {"kind": "adult"}, "wardUnderAge"),
        (MOTHER, {"name": seeded.WARD.name, "number": seeded.WARD.number}, "guardianHeld"),
        (CHILDS_CARD, {}, "guardianMinor"),
    ],
)
def test_it_is_refused_with_why_before_a_page_is_scanned_and_when_it_is_handed_in(
    terminal: Terminal, who: Who, changed: dict[str, str], expected: str
) -> None:
    given = {**GIVEN, **changed}
    assert refused(terminal, GUARD, "guardian.ward", who, given) == expected
    assert code(apply_for(terminal, who, **changed)) == expected


def test_who_has_a_guardian_is_nobodys_guardian_and_gives_or_takes_no_mandate(
    terminal: Terminal, centre: Centre
) -> None:
    guardian(terminal, centre, FATHER, **ELDER)
    wang = subject("wang-guifen")
    assert refused(terminal, GUARD, "guardian.ward", wang, GIVEN) == "guardianWard"
    assert code(apply_for(terminal, wang)) == "guardianWard"
    number = {"number": CAST["ma-yuan"].number}
    assert refused(terminal, "identity.delegate", "mandate.attorney", wang, number) == "mandateWard"
    number = {"number": ELDER["number"]}
    assert refused(terminal, "identity.delegate", "mandate.attorney", FATHER, number) == "mandateWard"
    assert code(give(terminal, subject("ma-yuan"), "ma-yuan", number=ELDER["number"])) == "mandateWard"


def test_without_papers_or_a_signature_on_this_very_text_there_is_no_case(terminal: Terminal) -> None:
    pages, signed = [scanned(terminal, FATHER, service=GUARD)], hand(paper(FATHER, GIVEN))
    for changed, expected in (
        ({**signed, "pages": []}, "pagesNone"),
        ({"pages": pages}, "signatureTorn"),
        ({**hand(paper(FATHER, {**GIVEN, "kind": "minor"})), "pages": pages}, "signedTextDiffers"),
        ({**hand(paper(MOTHER, GIVEN)), "pages": pages}, "signedTextDiffers"),
        ({**signed, "kind": "owner", "pages": pages}, "fieldWrong"),
        ({**signed, "pages": [scanned(terminal, MOTHER, service=GUARD)]}, "pageMissing"),
    ):
        assert code(terminal.do("matter.submit", {**GIVEN, **changed}, FATHER, service=GUARD)) == expected
    assert progress(terminal, FATHER) == []


def test_the_same_ward_waits_once_and_another_one_at_the_same_time(
    terminal: Terminal, centre: Centre
) -> None:
    twin = checked("53990420160312005")
    enrol(centre, twin, "林小麦")
    first = apply_for(terminal)
    assert code(apply_for(terminal)) == "caseOpen"
    assert apply_for(terminal, name="林小麦", number=twin).state == "accepted"
    assert apply_for(terminal, MOTHER, kind="minor").state == "accepted", "the other parent need not wait"
    decide(centre, first.result["case"], refuse_case, "材料不清楚")
    assert "case-refused" in told(terminal, FATHER)
    assert record(terminal, by(first.result["case"], FATHER)) == "mandateGone"
    assert apply_for(terminal).state == "accepted", "it may be tried again"


def test_a_guardian_acts_to_the_day_before_the_ward_is_of_age(terminal: Terminal, centre: Centre) -> None:
    mothers = by(seeded.number(DAY), MOTHER)
    centre.clock.at = centre.clock.at.replace(2032, 8, 15)
    assert record(terminal, mothers) == "periodWrong", "she is let in; of so long ago nothing is printed"
    centre.clock.forward(days=1)
    assert record(terminal, mothers) == "mandateGone"
    assert terminal.data("person.profile", MOTHER)["mandates"] == []
    grown = {"name": seeded.WARD.name, "number": seeded.WARD.number, "kind": "parent"}
    assert refused(terminal, GUARD, "guardian.ward", MOTHER, grown) == "wardOfAge"


@pytest.mark.parametrize(
    ("born", "kind", "last"),
    [
        ("20160312", "parent", date(2034, 3, 11)),
        ("20160312", "minor", date(2034, 3, 11)),
        ("20160301", "parent", date(2034, 2, 28)),
        ("20160229", "parent", date(2034, 2, 28)),
        ("20140229", "adult", date(2029, 10, 12)),
        ("19481021", "adult", date(2029, 10, 12)),
    ],
)
def test_how_long_a_guardian_is_entered(born: str, kind: str, last: date) -> None:
    """民法典 art. 17: of age is who is 18, from the birthday on."""
    number = f"539904{born}0052"
    assert last_day_of(PersonKey(DocumentKind.RESIDENT_ID, number), kind, DAY) == last


def test_an_officer_cannot_approve_what_has_become_untrue_meanwhile(
    terminal: Terminal, centre: Centre
) -> None:
    case = apply_for(terminal).result["case"]
    centre.clock.at = centre.clock.at.replace(2034, 3, 12)
    with pytest.raises(GuardianRefused, match="已满十八周岁.*refuse the case"):
        decide(centre, case)
    assert decide(centre, case, refuse_case, "已成年").state == "refused"


def test_an_officer_ends_it_once_with_a_reason(terminal: Terminal, centre: Centre) -> None:
    case = seeded.number(DAY)
    with pytest.raises(ReasonMissing):
        decide(centre, case, end_guardianship, " ")
    decide(centre, case, end_guardianship, "法院另行指定监护人")
    assert record(terminal, by(case, MOTHER)) == "mandateGone"
    with centre.database.read() as connection:
        t = tables.mandate
        row = connection.execute(select(t).where(t.c.case_no == case)).one()
    assert (row.ended_on, row.ended_by, row.ended_for) == (DAY, OFFICER, "法院另行指定监护人")
    for over in (case, mandates.number(DAY), "0" * 20):
        with pytest.raises(GuardianRefused, match="guardian list"):
            decide(centre, over, end_guardianship, "再次")


def test_a_guardian_hands_it_back_and_a_ward_cannot_take_it(terminal: Terminal) -> None:
    (hers,) = held(terminal, MOTHER)
    assert hers["side"]["zh-CN"] == "我监护的人" and hers["endable"] and hers["why_not"] is None
    (childs,) = held(terminal, CHILDS_CARD)
    assert childs["side"]["zh-CN"] == "我的监护人" and not childs["endable"] and childs["why_not"]
    assert code(end(terminal, CHILDS_CARD, childs["id"])) == "wardCannotEnd"
    assert end(terminal, MOTHER, hers["id"]).result["state"] == "approved"
    assert "guardian-ended" in told(terminal, CHILDS_CARD)
    assert record(terminal, by(seeded.number(DAY), MOTHER)) == "mandateGone"


def test_who_gets_a_guardian_acts_for_nobody_any_longer(terminal: Terminal, centre: Centre) -> None:
    gao = CAST["gao-wei"]
    assert len(held(terminal, subject("gao-wei"))) == 1, "for an old lady"
    case = guardian(terminal, centre, FATHER, kind="adult", name=gao.name, number=gao.number)
    (row,) = held(terminal, subject("gao-wei"))
    assert row["side"]["zh-CN"] == "我的监护人" and row["until"] == "2029-10-12"
    assert "mandate-ended" in told(terminal, subject("wang-guifen"))
    assert record(terminal, by(case, FATHER)) == "noIncomeRecord", "he is let in; the ward earned nothing"


def test_wards_do_not_count_among_those_whom_somebody_may_act_for(terminal: Terminal) -> None:
    """A mother of one acts for five besides; a sixth is refused."""
    givers = ("he-mulan", "zhao-min", "chen-mo", "yang-shun", "tang-yue", "li-xiulan")
    answers = [
        give(terminal, subject(giver), giver, number=CAST[seeded.GUARDIAN.id].number) for giver in givers
    ]
    assert [answer.state for answer in answers] == ["accepted"] * MOST_PRINCIPALS + ["refused"]
    assert code(answers[-1]) == "attorneyBusy"


def test_a_guardian_acts_where_a_mandate_may_be_used_and_nowhere_else(terminal: Terminal) -> None:
    mothers = by(seeded.number(DAY), MOTHER)
    for service in (GUARD, "identity.delegate", "identity.undelegate", "privacy.my-data"):
        assert not CATALOGUE[service].service.behalf
    assert refused(terminal, "privacy.my-data", "privacy.held", mothers, {}) == "mandateNotHere"
    assert refused(terminal, GUARD, "guardian.ward", mothers, GIVEN) == "mandateNotHere"
    assert record(terminal, by(seeded.number(DAY), FATHER)) == "mandateGone", "another's ward"


def test_the_kinds_of_the_form_are_those_that_can_be_asked_about() -> None:
    form = next(step for step in CATALOGUE[GUARD].service.steps if isinstance(step, FormStep))
    kinds = next(row for row in form.rows if row.id == "kind").options
    asked = get_args(WardParams.model_fields["kind"].annotation)
    assert [kind.id for kind in kinds] == [*asked] and OF_MINORS < {*asked}


def test_two_terminals_at_once_open_one_case_of_a_ward(terminal: Terminal, centre: Centre) -> None:
    halls = [terminal, centre.terminal("B-01"), centre.terminal("B-02")]
    assert sorted(_at_once([lambda hall=hall: apply_for(hall).state for hall in halls])) == [
        "accepted",
        "refused",
        "refused",
    ]


def test_officer_and_guardian_at_once_end_it_once(terminal: Terminal, centre: Centre) -> None:
    (hers,) = held(terminal, MOTHER)

    def by_officer() -> str:
        try:
            decide(centre, seeded.number(DAY), end_guardianship, "法院另行指定监护人")
        except GuardianRefused:
            return "refused"
        return "accepted"

    found = _at_once([by_officer, lambda: str(end(terminal, MOTHER, hers["id"]).state)])
    assert sorted(found) == ["accepted", "refused"]


def test_two_officers_at_once_decide_a_case_once(terminal: Terminal, centre: Centre) -> None:
    case = apply_for(terminal).result["case"]

    def officer(do: Callable[..., Any], *reason: str) -> str:
        try:
            return str(decide(centre, case, do, *reason).state)
        except CaseDecided as no:
            return type(no).__name__

    found = _at_once([lambda: officer(approve), lambda: officer(refuse_case, "材料不符")])
    assert found[0] in ("approved", "CaseDecided") and found.count("CaseDecided") == 1
    assert (record(terminal, by(case, FATHER)) == "") is (found[0] == "approved")


def _at_once(works: list[Callable[[], str]]) -> list[str]:
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], str]) -> str:
        gate.wait(20)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(60) for done in [pool.submit(run, work) for work in works]]
