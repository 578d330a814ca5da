"""A visit that goes on on a phone: one phone, half an hour, the authority of who signed in; nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, select

from bureau.city.cast import HEMU
from bureau.engine.phone.going_on import GoingOn, Seen
from bureau.store import tables
from bureau.store.database import Database
from sync.models import EffectAnswer, PaymentStateName
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_agency import CAFE, HEMU_NAME, LI, applied, code, notices, number_of, sales
from tests.bureau.engine.test_drafts import kept
from tests.bureau.terminals import Terminal, subject

ANSWERS: dict[str, Any] = {
    "enterprise": {"name": "我本人"},
    "buyer": {"kind": "ordinary", "name": HEMU_NAME, "number": HEMU},
    "goods": {
        "goods": "3070500000000000000", "name": "保洁", "gross_fen": 1_010_000, "quantity": 2, "unit": "次",
    },
}  # fmt: skip
TYPED = {
    "buyer.kind": "ordinary", "buyer.name": HEMU_NAME, "buyer.number": HEMU, "goods.goods": "3070500000000000000",
    "goods.name": "保洁", "goods.gross_fen": "10100", "goods.quantity": "2", "goods.unit": "次",
}  # fmt: skip


def handed(terminal: Terminal, who: dict[str, Any] = LI, **more: Any) -> EffectAnswer:
    return terminal.do("visit.continue", {"answers": {**ANSWERS, **more}}, who)


@dataclass
class Phone:
    """The phone that took it."""

    desk: GoingOn
    key: str
    own: str

    def __call__(self, do: str, *more: Any) -> Seen:
        """What the page shows after that."""
        asked: Callable[..., Seen | None] = getattr(self.desk, do)
        seen = asked(self.key, self.own, *more, "zh-CN")
        assert seen is not None
        return seen

    def fill(self, seen: str = "", **typed: str) -> Seen:
        given = {**TYPED, **{name.replace("__", "."): text for name, text in typed.items()}}
        found = self.desk.fill(self.key, self.own, given, "zh-CN", seen)
        assert found is not None
        return found

    def apply(self, **typed: str) -> Seen:
        looked = self.fill(**typed)
        assert looked.where == "review", looked.why
        return self.fill(looked.seen, **typed)


def desk(centre: Centre) -> GoingOn:
    found = centre.container.site.going_on
    assert found is not None
    return found


def link(answer: EffectAnswer) -> tuple[str, str]:
    assert answer.state == "accepted", answer.refusal
    key, _, secret = urlsplit(str(answer.result["url"])).path.rpartition("/")[2].partition(".")
    return key, secret


def taken(centre: Centre, terminal: Terminal, who: dict[str, Any] = LI, **more: Any) -> Phone:
    key, secret = link(handed(terminal, who, **more))
    own = desk(centre).take(key, secret)
    assert own is not None
    return Phone(desk(centre), key, own)


def effects(centre: Centre, kind: str) -> list[Any]:
    with centre.database.read() as connection:
        t = tables.effect
        return list(connection.execute(select(t).where(t.c.kind == kind)))


def rows(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(tables.continuation)))


def test_corrected_confirmed_paid_and_issued_on_the_phone(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    first = phone("now")
    assert first.where == "fill" and first.read is not None
    assert {row.name: row.text for row in first.read.rows}["goods.gross_fen"] == "10100.00"
    looked = phone.fill(goods__gross_fen="20200")
    assert looked.where == "review" and looked.review is not None and looked.review.total is not None
    assert looked.review.total.value == "¥207.00"
    assert effects(centre, "invoice.apply") == [], "looking does nothing"
    paying = phone.fill(looked.seen, goods__gross_fen="20200")
    assert paying.where == "pay" and paying.dues is not None and paying.dues.amount_fen == 20_700
    opened = phone("pay")
    assert opened.where == "paying" and opened.cashier.startswith("http://bank.test/p/")
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    done = phone("now")
    assert done.where == "done"
    (sale,) = sales(centre, number_of(LI))
    assert (sale.number, sale.net_fen, sale.buyer) == (done.data["issue"]["number"], 2_000_000, HEMU_NAME)
    assert "/e/" in done.data["issue"]["verify_url"]
    assert phone("now").data == done.data and len(sales(centre, number_of(LI))) == 1
    made = [
        *effects(centre, "invoice.apply"),
        *effects(centre, "payment.create"),
        *effects(centre, "invoice.issue"),
    ]
    assert {(row.visit, row.terminal, row.person_number) for row in made} == {
        ("v-1", terminal.name, number_of(LI))
    }
    assert len(made) == 3, "kept and audited as the terminal's own"


def test_the_first_phone_owns_it_and_every_other_is_refused(centre: Centre, terminal: Terminal) -> None:
    key, secret = link(handed(terminal))
    assert desk(centre).offered(key, secret) == "waiting"
    assert desk(centre).take(key, "x" * 24) is None
    own = desk(centre).take(key, secret)
    assert own and desk(centre).take(key, secret) is None
    assert desk(centre).offered(key, secret) == "taken" and desk(centre).offered(key, "guess") == "over"
    for stranger in ("", secret, "guess"):
        assert desk(centre).now(key, stranger, "zh-CN") is None
        assert desk(centre).pay(key, stranger, "zh-CN") is None
        assert desk(centre).fill(key, stranger, TYPED, "zh-CN", "") is None


def test_of_many_phones_at_once_one_has_it(centre: Centre, terminal: Terminal) -> None:
    key, secret = link(handed(terminal))
    ready, had = threading.Barrier(6), []

    def take() -> None:
        ready.wait()
        had.append(desk(centre).take(key, secret))

    _at_once(take, 6)
    assert len([own for own in had if own]) == 1


def _at_once(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_pressed_many_times_at_once_it_is_applied_for_and_issued_once(
    centre: Centre, terminal: Terminal
) -> None:
    phone = taken(centre, terminal)
    looked = phone.fill()
    ready = threading.Barrier(4)

    def press(do: Callable[[], object]) -> Callable[[], None]:
        def pressed() -> None:
            ready.wait()
            do()

        return pressed

    _at_once(press(lambda: phone.fill(looked.seen)), 4)
    assert phone("now").where == "pay" and len(effects(centre, "invoice.apply")) == 1
    _at_once(press(lambda: phone("pay")), 4)
    opened = phone("now")
    assert opened.where == "paying" and len(centre.bank.orders) == 1
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    _at_once(press(lambda: phone("now")), 4)
    assert phone("now").where == "done"
    assert len(sales(centre, number_of(LI))) == 1 and len(centre.bank.charged) == 1


def _late(phone: Phone, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """One touch learns how the order ended; before it notes that, ``meanwhile`` happens at another."""
    ask = phone.desk._ask

    def asked(held: Any, name: str, params: Any) -> Any:
        told = ask(held, name, params)
        if name == "payment.status":
            monkeypatch.setattr(phone.desk, "_ask", ask)
            meanwhile()
        return told

    monkeypatch.setattr(phone.desk, "_ask", asked)
    phone("now")


def test_who_learns_late_that_it_was_paid_leaves_what_is_being_issued_alone(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    opened = phone("pay")
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    carry_out = centre.container.submission.carry_out
    issuing, noted = threading.Event(), threading.Event()

    def slow(*given: Any) -> EffectAnswer:
        """The invoice is made; the other touch is told so before this one notes it."""
        done = carry_out(*given)
        if given[0].kind == "invoice.issue":
            monkeypatch.setattr(centre.container.submission, "carry_out", carry_out)
            issuing.set()
            assert noted.wait(30)
        return done

    monkeypatch.setattr(centre.container.submission, "carry_out", slow)
    first = threading.Thread(target=lambda: phone("now"))

    def meanwhile() -> None:
        first.start()
        assert issuing.wait(30)

    _late(phone, monkeypatch, meanwhile)
    noted.set()
    first.join(30)
    done = phone("now")
    assert done.where == "done" and done.data["issue"]["number"]
    assert len(sales(centre, number_of(LI))) == 1 and len(effects(centre, "invoice.issue")) == 1


def test_who_learns_late_that_an_order_was_given_up_leaves_the_next_one_open(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    first = phone("pay")
    order = first.cashier.rpartition("/")[2]
    centre.bank.orders[order] = replace(centre.bank.orders[order], state=PaymentStateName.CLOSED)
    orders: list[str] = []

    def meanwhile() -> None:
        assert phone("now").where == "pay"
        orders.append(phone("pay").data["pay"]["order"])

    _late(phone, monkeypatch, meanwhile)
    now = phone("now")
    assert now.where == "paying" and [now.data["pay"]["order"]] == orders


def _before_noting(phone: Phone, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """What one touch is about to write down comes after ``meanwhile`` at another."""
    save = phone.desk._save

    def late(*given: Any, **more: Any) -> Any:
        monkeypatch.setattr(phone.desk, "_save", save)
        meanwhile()
        return save(*given, **more)

    monkeypatch.setattr(phone.desk, "_save", late)


def test_who_leaves_while_another_touch_opens_an_order_has_not_left(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    _before_noting(phone, monkeypatch, lambda: phone("pay"))
    leaving = phone("leave")
    assert leaving.where == "paying", "an order is open, and can be paid"
    centre.bank.pay(leaving.cashier.rpartition("/")[2])
    assert phone("now").where == "done" and len(sales(centre, number_of(LI))) == 1


def test_nothing_is_begun_of_what_another_touch_has_left(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    _before_noting(phone, monkeypatch, lambda: phone("leave"))
    assert phone("pay").where == "left"
    assert effects(centre, "payment.create") == [], "nobody would see its code"


@pytest.mark.parametrize("when", ["apply", "pay", "issue"])
def test_whatever_breaks_off_is_finished_under_its_own_key(
    centre: Centre, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The centre dies after an effect was carried out and before the phone's visit heard of it."""
    phone = taken(centre, terminal)
    looked = phone.fill()
    steps: dict[str, Callable[[], Seen]] = {
        "apply": lambda: phone.fill(looked.seen),
        "pay": lambda: phone("pay"),
        "issue": lambda: phone("now"),
    }
    for step, do in steps.items():
        if step == "issue":
            centre.bank.pay(next(iter(centre.bank.orders)))
        if step == when:
            carry_out = centre.container.submission.carry_out

            def dies(*given: Any, real: Any = carry_out) -> EffectAnswer:
                real(*given)
                raise OSError("the power went")

            with monkeypatch.context() as patch:
                patch.setattr(centre.container.submission, "carry_out", dies)
                with pytest.raises(OSError, match="power"):
                    do()
        else:
            do()
    assert phone("now").where == "done"
    kinds = [len(effects(centre, kind)) for kind in ("invoice.apply", "payment.create", "invoice.issue")]
    assert kinds == [1, 1, 1] and len(sales(centre, number_of(LI))) == 1 and len(centre.bank.charged) == 1


def test_figures_that_changed_since_they_were_shown_are_shown_again(
    centre: Centre, terminal: Terminal
) -> None:
    phone = taken(centre, terminal)
    looked = phone.fill()
    again = phone.fill(looked.seen, goods__gross_fen="30300")
    assert again.where == "review" and again.seen != looked.seen
    assert effects(centre, "invoice.apply") == []


def test_half_an_hour_and_no_longer(centre: Centre, terminal: Terminal) -> None:
    key, secret = link(handed(terminal))
    phone = taken(centre, terminal)
    centre.clock.forward(minutes=30)
    assert desk(centre).offered(key, secret) == "over" and desk(centre).take(key, secret) is None
    assert phone.desk.now(phone.key, phone.own, "zh-CN") is None
    chore = next(c for c in centre.container.housekeeping.chores if c.name == "drafts")
    centre.clock.forward(minutes=5)
    chore.do()
    assert rows(centre.database) == [], "nothing is left of it"


def test_what_it_says_is_sealed_and_no_secret_is_kept(centre: Centre, terminal: Terminal) -> None:
    key, secret = link(handed(terminal))
    (row,) = rows(centre.database)
    told = str(tuple(row)).encode() + row.sealed
    assert all(word.encode() not in told for word in (HEMU, HEMU_NAME, number_of(LI), secret))


def test_an_order_given_up_is_closed_and_another_may_follow(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    first = phone("pay").cashier
    given_up = phone("cancel")
    assert given_up.where == "pay" and given_up.unpaid
    second = phone("pay")
    assert second.where == "paying" and second.cashier != first
    centre.bank.pay(second.cashier.rpartition("/")[2])
    assert phone("now").where == "done" and len(centre.bank.charged) == 1


def test_paid_in_the_moment_it_is_given_up_it_is_paid(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    opened = phone("pay")
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    assert phone("cancel").where == "done" and len(sales(centre, number_of(LI))) == 1


def test_no_answer_of_the_bank_is_doubt_and_no_second_order(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    opened = phone("pay")
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    centre.bank.silent = True
    assert phone("cancel").where == "doubt" and phone("pay").where == "doubt"
    assert phone("leave").where == "doubt"
    centre.bank.silent = False
    centre.clock.forward(seconds=40)
    next(c for c in centre.container.housekeeping.chores if c.name == "payment resolver").do()
    assert phone("now").where == "done" and len(centre.bank.orders) == 1


def test_paid_and_never_looked_again_it_is_issued_and_told(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    opened = phone("pay")
    centre.bank.pay(opened.cashier.rpartition("/")[2])
    centre.clock.forward(minutes=40)
    for name in ("payment resolver", "applications for invoices"):
        next(c for c in centre.container.housekeeping.chores if c.name == name).do()
    assert len(sales(centre, number_of(LI))) == 1
    assert "agencyIssued" in notices(terminal, "li-xiulan") or notices(terminal, "li-xiulan")


def test_who_leaves_pays_later_as_from_the_terminal(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    phone.apply()
    assert phone("leave").where == "left" and phone("pay").where == "left" and phone("now").where == "left"
    assert not centre.bank.orders
    assert [due["amount_fen"] for due in terminal.data("dues.list", LI)["dues"]] == [10_000, 350]


def test_what_was_applied_for_at_the_terminal_is_paid_and_issued_on_the_phone(
    centre: Centre, terminal: Terminal
) -> None:
    application = applied(terminal)
    phone = taken(centre, terminal, file={**application, "key": "at-the-terminal"})
    seen = phone("now")
    assert seen.where == "pay" and seen.dues is not None and seen.dues.amount_fen == 10_350
    centre.bank.pay(phone("pay").cashier.rpartition("/")[2])
    assert phone("now").where == "done" and len(effects(centre, "invoice.apply")) == 1


def test_below_the_threshold_it_is_issued_without_a_payment(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal)
    assert phone.apply(goods__gross_fen="500").where == "done"
    assert not centre.bank.orders and len(sales(centre, number_of(LI))) == 1


def test_a_draft_that_was_taken_up_is_used_up_by_the_phones_application(
    centre: Centre, terminal: Terminal
) -> None:
    draft = kept(centre).code
    phone = taken(centre, terminal, title={"scanned": True, "draft": draft})
    phone.apply()
    answer = terminal.ask("draft.open", LI, {"code": draft}, "invoice.issue")
    assert answer.refusal is not None and answer.refusal.code == "draftUsed"


def test_a_refusal_is_told_with_what_to_do_and_the_form_comes_back(
    centre: Centre, terminal: Terminal
) -> None:
    phone = taken(centre, terminal)
    seen = phone.fill(buyer__name="云川木禾文具有限公司")
    assert seen.where == "fill" and seen.why is not None and seen.why.code == "issueBuyerName"
    mended = phone.fill()
    assert mended.where == "review"


def test_another_persons_application_in_what_was_handed_over_opens_nothing(
    centre: Centre, terminal: Terminal
) -> None:
    """What a terminal hands over is claimed: dues and application of another are as good as none."""
    theirs = applied(terminal, CAFE, kind="special")
    assert theirs["dues"]
    phone = taken(centre, terminal, file={**theirs, "key": "claimed"})
    seen = phone("pay")
    assert seen.where == "pay" and seen.why is not None and not centre.bank.orders
    free = {**theirs, "dues": [], "total_fen": 0, "key": "claimed"}
    seen = taken(centre, terminal, file=free)("now")
    assert seen.why is not None and seen.why.code == "issueUnknown"
    assert sales(centre, SHIGUANG_NUMBER) == []


SHIGUANG_NUMBER = str(CAFE["taxpayer"])


def test_a_role_that_ended_meanwhile_ends_the_phones_authority(centre: Centre, terminal: Terminal) -> None:
    enterprise = {"name": "云川拾光咖啡店（个体）", "taxpayer": SHIGUANG_NUMBER, "role": "L"}
    phone = taken(centre, terminal, CAFE, enterprise=enterprise)
    assert phone.fill().where == "review"
    with centre.database.write() as connection:
        t = tables.role
        connection.execute(delete(t).where(t.c.taxpayer == SHIGUANG_NUMBER))
    seen = phone.fill()
    assert seen.why is not None and seen.why.code == "roleMissing"


def test_only_who_may_use_the_service_hands_it_over(centre: Centre, terminal: Terminal) -> None:
    weak = subject("li-xiulan", evidence="document", face=None)
    assert code(handed(terminal, weak)) == "identityWeak"
    collector = subject("zhou-mingyuan", HEMU, "B")
    assert code(handed(terminal, collector)) == "roleNotAllowed"
    other = terminal.do("visit.continue", {"answers": ANSWERS}, LI, service="pay.due")
    assert code(other) == "notOfThisService"
    assert rows(centre.database) == []


def test_what_the_service_does_not_hand_over_is_not_kept(centre: Centre, terminal: Terminal) -> None:
    phone = taken(centre, terminal, check={"total_fen": 1}, slip={"outcome": "printed"})
    assert set(phone("now").data) <= {"enterprise", "title", "buyer", "goods", "file"}
