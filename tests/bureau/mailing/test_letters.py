"""Invoices sent to mailboxes: from the effect to the letter that came, through each kind of trouble on the way."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bureau.city.cast import HEMU
from bureau.engine import mailing
from bureau.engine.mailing import FIRST_PAUSE, KEPT, LONGEST_PAUSE, pause
from bureau.ports.mail import Letter
from bureau.store import tables
from kiosk.domain.ids import uuid7
from tests.bureau.conftest import Centre
from tests.bureau.mailing.conftest import Mailed
from tests.bureau.mailing.servers import mail_server
from tests.bureau.terminals import Terminal, subject

MULAN = subject("he-mulan", HEMU, "L")
BOX = "zhang.san@qq.com"


def send(terminal: Terminal, number: str, mailbox: str = BOX, **more: Any) -> Any:
    data = {"invoice": number, "way": "mailbox", "mailbox": mailbox, **more}
    return terminal.do("einvoice.deliver", data, MULAN)


def the_letter(centre: Centre) -> Letter:
    with centre.system.read() as work:
        (letter,) = work.core.mail.letters(None, 10)
        return letter


def rows(centre: Centre, table: Any) -> list[Any]:
    with centre.database.read() as connection:
        return list(connection.execute(select(table)).all())


def notices(terminal: Terminal) -> list[str]:
    return [one["kind"] for one in terminal.data("person.profile", subject("he-mulan"))["notices"]]


def test_the_three_files_come_as_they_were_kept_and_nothing_of_them_is_left_at_the_centre(
    mailed: Mailed, number: str
) -> None:
    centre, terminal = mailed.centre, mailed.centre.terminal()
    answer = send(terminal, number, "Zhang.San@QQ.com ")
    assert (answer.state, answer.result["mailbox"]) == ("accepted", "z***@qq.com")
    assert answer.result["verify_url"] == "" and answer.result["link_until"] is None
    assert mailed.inbox.came == [], "the person does not wait for a mail server"
    kept = {row.name: (row.content, row.sha256) for row in rows(centre, tables.letter_file)}
    assert set(kept) == {f"{number}.{ending}" for ending in ("pdf", "ofd", "xml")}
    mailed.round()
    ((to, _, secure),), (letter,) = mailed.inbox.came, mailed.inbox.letters
    assert (to, secure) == (BOX, True)
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert files == {name: content for name, (content, _) in kept.items()}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, (_, digest) in kept.items())
    assert {row.content for row in rows(centre, tables.letter_file)} == {b""}
    state = the_letter(centre)
    assert (state.state, state.tries, state.reply) == ("sent", 1, "250 2.0.0")
    mailed.round()
    assert len(mailed.inbox.came) == 1


def test_the_letter_speaks_the_language_of_the_visit_and_names_nobody(mailed: Mailed, number: str) -> None:
    terminal = mailed.centre.terminal()
    send(terminal, number)
    mailed.round()
    (chinese,) = mailed.inbox.letters
    with mailed.centre.database.write() as connection:
        t = tables.letter
        connection.execute(update(t).values(lang="en-US", state="queued", due_at=t.c.made_at))
    mailed.round()
    english = mailed.inbox.letters[-1]
    for letter, subject_, word in (
        (chinese, f"电子发票 {number}", "附件"),
        (english, f"Electronic invoice {number}", "enclosed"),
    ):
        text = letter.get_body(("plain",)).get_content()
        assert letter["Subject"] == subject_ and word in text and number in text
        for private in ("何木兰", "木兰", HEMU, "199000", "云川市禾木"):
            assert private not in text + letter["Subject"]
        assert letter["Auto-Submitted"] == "auto-generated" and letter["To"] == BOX
    assert chinese["Message-ID"] == english["Message-ID"]


def test_the_address_is_sealed_and_told_masked_in_log_and_commands(
    mailed: Mailed, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "kiosk")
    mailed.inbox.to.append(f"550 5.1.1 {BOX} is not here")
    send(mailed.centre.terminal(), number, keep=True)
    mailed.round()
    for table in (
        tables.letter,
        tables.mailbox,
        tables.letter_file,
        tables.effect,
        tables.notice,
        tables.sms,
    ):
        held = repr([tuple(row) for row in rows(mailed.centre, table)])
        assert "zhang" not in held and b"zhang" not in held.encode()
    assert "zhang" not in caplog.text and "550 5.1.1" in caplog.text


def test_a_greylisted_letter_is_carried_again_after_a_pause_and_then_taken(
    mailed: Mailed, number: str
) -> None:
    centre = mailed.centre
    send(centre.terminal(), number)
    mailed.inbox.to += ["450 4.2.0 greylisted"] * 2
    mailed.round()
    mailed.round()
    assert (mailed.inbox.tries, the_letter(centre).reply) == (1, "450 4.2.0"), "nobody asks again at once"
    centre.clock.forward(seconds=FIRST_PAUSE.total_seconds() + 1)
    mailed.round()
    centre.clock.forward(seconds=FIRST_PAUSE.total_seconds() + 1)
    mailed.round()
    assert mailed.inbox.tries == 2, "the second pause is longer"
    centre.clock.forward(seconds=FIRST_PAUSE.total_seconds())
    mailed.round()
    assert (mailed.inbox.tries, len(mailed.inbox.came), the_letter(centre).state) == (3, 1, "sent")


def test_pauses_double_up_to_half_an_hour() -> None:
    assert [pause(tries) for tries in (1, 2, 3)] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pause(6) == pause(1000) == LONGEST_PAUSE == timedelta(minutes=30)


def test_a_mailbox_that_is_not_there_is_told_to_its_person_and_never_tried_again(
    mailed: Mailed, number: str
) -> None:
    centre, terminal = mailed.centre, mailed.centre.terminal()
    send(terminal, number)
    mailed.inbox.to.append("550 5.1.1 no such user")
    mailed.round()
    centre.clock.forward(hours=1)
    mailed.round()
    assert (mailed.inbox.tries, the_letter(centre).state) == (1, "refused")
    assert notices(terminal) == ["letter-refused"]
    (sms,) = rows(centre, tables.sms)
    assert "z***@qq.com" in sms.text and number in sms.text


def test_what_nobody_takes_is_given_up_after_its_time_told_and_can_be_queued_by_an_operator(
    mailed: Mailed, number: str
) -> None:
    centre, terminal = mailed.centre, mailed.centre.terminal()
    key = send(terminal, number).key
    mailed.inbox.data += ["451 4.3.0 not now"] * 200
    until = the_letter(centre).until
    tried = 0
    while centre.clock.now() < until + LONGEST_PAUSE:
        mailed.round()
        tried = max(tried, the_letter(centre).tries)
        centre.clock.forward(minutes=10)
    letter = the_letter(centre)
    assert (letter.state, letter.reply) == ("given-up", "451 4.3.0")
    assert 90 < tried < 110 and letter.ended_at is not None and letter.ended_at < until
    assert notices(terminal) == ["letter-given-up"]
    mailed.inbox.data.clear()
    with centre.system.write() as work:
        assert work.core.mail.again(key, work.core.now + timedelta(hours=1))
        assert not work.core.mail.again(key, work.core.now), "it waits already"
    mailed.round()
    assert len(mailed.inbox.came) == 1 and the_letter(centre).state == "sent"
    with centre.system.write() as work:
        assert not work.core.mail.again(key, work.core.now), "of what was sent nothing is left"


def test_a_cut_in_the_middle_of_the_letter_brings_it_once(mailed: Mailed, number: str) -> None:
    send(mailed.centre.terminal(), number)
    mailed.inbox.cut = 1
    mailed.round()
    assert (mailed.inbox.came, the_letter(mailed.centre).state) == ([], "queued")
    mailed.centre.clock.forward(minutes=2)
    mailed.round()
    assert len(mailed.inbox.came) == 1 and the_letter(mailed.centre).state == "sent"


def test_while_no_server_is_there_letters_wait_and_others_of_the_round_are_left_alone(
    open_centre: Callable[..., Centre], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(tmp_path / "tls") as (inbox, port, tls):
        pass  # and is gone again
    centre = open_centre(port, tls.ca_file)
    terminal, number = centre.terminal(), _issued(centre)
    for box in (BOX, "li@example.com"):
        send(terminal, number, box)
    (chore,) = (one for one in centre.container.mailing.chores if one.name == "letters")
    chore.do()
    assert chore.down and "no letter can be carried" in caplog.text and "zhang" not in caplog.text
    with centre.system.read() as work:
        assert sorted(one.tries for one in work.core.mail.letters("queued", 10)) == [0, 1]
    assert inbox.came == []


def test_what_nobody_foresaw_costs_its_own_letter_alone_waits_and_is_given_up(
    mailed: Mailed, number: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    centre, terminal = mailed.centre, mailed.centre.terminal()
    broken = send(terminal, number).key
    right = mailing.write

    def write(letter: Letter, *given: Any) -> Any:
        if letter.key == broken:
            raise RuntimeError(f"cannot write to {BOX}")
        return right(letter, *given)

    monkeypatch.setattr(mailing, "write", write)
    send(terminal, number, "li@example.com")
    mailed.round()
    assert [to for to, *_ in mailed.inbox.came] == ["li@example.com"], "the other one is not held up"

    def letter() -> Letter:
        with centre.system.read() as work:
            found = work.core.mail.find(broken)
            assert found is not None
            return found

    assert (letter().state, letter().tries, letter().reply) == ("queued", 1, "RuntimeError")
    assert letter().due_at <= centre.clock.now() + FIRST_PAUSE
    assert "RuntimeError" in caplog.text and "_hand_over" in caplog.text and "zhang" not in caplog.text
    centre.clock.at = letter().until
    mailed.round()
    assert (letter().state, letter().reply) == ("given-up", "RuntimeError")
    assert notices(terminal) == ["letter-given-up"]


def test_a_round_ends_between_two_letters_when_the_centre_stops(mailed: Mailed, number: str) -> None:
    terminal, chores = mailed.centre.terminal(), mailed.centre.container.mailing
    for box in (BOX, "li@example.com", "wang@163.com"):
        send(terminal, number, box)
    mailed.inbox.held = threading.Event()
    chores.start()
    assert mailed.inbox.taken.wait(30)
    stopped = threading.Thread(target=chores.stop)
    stopped.start()
    while not chores._stop.is_set():
        time.sleep(0.01)
    mailed.inbox.held.set()
    stopped.join(30)
    assert not stopped.is_alive() and not chores._thread.is_alive()
    assert len(mailed.inbox.came) == 1
    with mailed.centre.system.read() as work:
        waiting = work.core.mail.letters("queued", 10)
    assert [one.tries for one in waiting] == [0, 0], "the others are whoever's comes next"


def test_letters_that_waited_when_the_mail_server_was_taken_away_end_are_told_and_deleted(
    mailed: Mailed, number: str, open_centre: Callable[..., Centre]
) -> None:
    first, terminal = mailed.centre, mailed.centre.terminal()
    key = send(terminal, number).key
    without = open_centre(None, None, first.clock)
    chores = without.container.mailing.chores

    def round_() -> None:
        for chore in chores:
            chore.do()
            assert not chore.down

    round_()
    assert the_letter(first).state == "queued", "a mail server may come back"
    first.clock.at = the_letter(first).until
    with first.system.write() as work:
        held = work.core.mail.take(work.core.now, work.core.now + timedelta(minutes=5))
        assert held is not None
    round_()
    assert the_letter(first).state == "queued", "another centre is carrying it"
    first.clock.forward(minutes=5)
    round_()
    letter = the_letter(first)
    assert (letter.key, letter.state, letter.reply) == (key, "given-up", mailing.NOBODY)
    assert notices(terminal) == ["letter-given-up"]
    first.clock.forward(days=KEPT.days + 1)
    round_()
    assert rows(first, tables.letter) == rows(first, tables.letter_file) == []


def test_when_the_centre_dies_after_the_server_took_it_the_same_letter_comes_again(
    mailed: Mailed, number: str, open_centre: Callable[..., Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = mailed.centre
    send(centre.terminal(), number)

    class Dies(BaseException):
        pass

    def die(*_: str) -> None:
        raise Dies

    with monkeypatch.context() as patch:
        patch.setattr("bureau.engine.mailing.crashpoints.hit", die)
        with pytest.raises(Dies):
            mailed.round()
    assert (len(mailed.inbox.came), the_letter(centre).state) == (1, "queued")
    mailed.round()
    assert len(mailed.inbox.came) == 1, "nobody takes a letter that may still be under way"
    centre.clock.forward(minutes=20)
    mailed.round()
    (first, second) = mailed.inbox.came
    assert first == second, "byte for byte, under the same Message-ID"
    assert the_letter(centre).state == "sent"


def test_two_centres_over_one_store_carry_each_letter_once(
    mailed: Mailed, number: str, open_centre: Callable[..., Centre]
) -> None:
    terminal = mailed.centre.terminal()
    for box in (BOX, "li@example.com", "wang@163.com"):
        send(terminal, number, box)
    with mailed.centre.system.write() as one:
        first = one.core.mail.take(one.core.now, one.core.now + timedelta(minutes=5))
    with mailed.centre.system.write() as other:
        second = other.core.mail.take(other.core.now, other.core.now + timedelta(minutes=5))
    assert first is not None and second is not None and first.key != second.key
    mailed.round()
    assert len(mailed.inbox.came) == 1


def test_the_same_key_again_writes_no_second_letter(mailed: Mailed, number: str) -> None:
    terminal, key = mailed.centre.terminal(), uuid7()
    data = {"invoice": number, "way": "mailbox", "mailbox": BOX}
    record = terminal.intent("einvoice.deliver", data, MULAN, key=key)
    first, again = terminal.send(record), terminal.send(record)
    assert first == again and first.state == "accepted"
    mailed.round()
    assert len(mailed.inbox.came) == 1


def test_a_letter_and_its_effect_are_one_transaction(
    mailed: Mailed, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("bureau.engine.reference.answers.ReferenceAnswers.keep", broken)
    with pytest.raises(OSError, match="full"):
        send(mailed.centre.terminal(), number, keep=True)
    assert rows(mailed.centre, tables.letter) == rows(mailed.centre, tables.mailbox) == []
    assert rows(mailed.centre, tables.letter_file) == []


@pytest.mark.parametrize(
    "mailbox", ["", "zhang.san", "a@b", "a@@qq.com", "a b@qq.com\r\nBcc: c@d.com", "张@qq.com"]
)
def test_what_is_no_address_is_refused(mailed: Mailed, number: str, mailbox: str) -> None:
    assert send(mailed.centre.terminal(), number, mailbox).refusal.code == "mailboxWrong"
    assert rows(mailed.centre, tables.letter) == []


def test_a_person_sends_to_so_many_mailboxes_a_day_and_so_often(
    open_centre: Callable[..., Centre], tmp_path: Path
) -> None:
    with mail_server(tmp_path / "tls") as (_, port, tls):
        centre = open_centre(port, tls.ca_file, ADDRESSES_PER_DAY=2, LETTERS_PER_DAY=4)
        terminal, number = centre.terminal(), _issued(centre)
        (chore,) = (one for one in centre.container.mailing.chores if one.name == "letters")
        for box in ("a@qq.com", "b@qq.com", "A@QQ.com"):
            assert send(terminal, number, box).state == "accepted"
            chore.do()
        assert send(terminal, number, "c@qq.com").refusal.code == "mailTooMany"
        assert send(terminal, number, "b@qq.com").state == "accepted"
        refused = send(terminal, number, "b@qq.com").refusal
        assert refused.code == "mailTooOften" and "4" in refused.text["zh-CN"]
        other = {"invoice": number, "way": "code"}
        assert terminal.do("einvoice.deliver", other, MULAN).state == "accepted", "the phone is open still"
        centre.clock.forward(hours=24)
        assert send(terminal, number, "c@qq.com").state == "accepted"


def test_without_a_mail_server_the_way_is_closed_and_says_what_to_choose(
    open_centre: Callable[..., Centre],
) -> None:
    centre = open_centre(None, None)
    terminal, number = centre.terminal(), _issued(centre)
    ways = {
        one["id"]: one for one in terminal.data("einvoice.ways", MULAN, service="einvoice.deliver")["ways"]
    }
    assert [ways[way]["open"] for way in ("code", "phone", "mailbox")] == [True, True, False]
    assert "短信" in ways["mailbox"]["why_not"]["zh-CN"]
    assert send(terminal, number).refusal.code == "mailNotHere"
    assert "letters" not in {one.name for one in centre.container.mailing.chores}


def test_a_mailbox_is_remembered_for_who_asks_for_it_alone_and_no_longer_than_they_want(
    mailed: Mailed, number: str
) -> None:
    terminal = mailed.centre.terminal()

    def known() -> tuple[object, object]:
        way = next(
            one
            for one in terminal.data("einvoice.ways", MULAN, service="einvoice.deliver")["ways"]
            if one["id"] == "mailbox"
        )
        return way["mailbox"], way["kept"]

    send(terminal, number)
    assert known() == (None, None)
    send(terminal, number, keep=True)
    assert known() == (BOX, True)
    send(terminal, number, "new@qq.com", keep=True)
    assert known() == ("new@qq.com", True)
    terminal.do("einvoice.deliver", {"invoice": number, "way": "code"}, MULAN)
    assert known() == ("new@qq.com", True), "nobody was asked"
    send(terminal, number, "new@qq.com", keep=False)
    assert known() == (None, None)


def test_what_is_of_no_more_use_is_deleted(mailed: Mailed, number: str) -> None:
    centre = mailed.centre
    send(centre.terminal(), number)
    mailed.round()
    (chore,) = (one for one in centre.container.mailing.chores if one.name == "old letters")
    chore.do()
    assert the_letter(centre).sealed, "the addresses of a day are counted"
    centre.clock.forward(hours=24)
    chore.do()
    assert (the_letter(centre).sealed, the_letter(centre).shown) == (b"", "")
    centre.clock.forward(days=KEPT.days + 1)
    chore.do()
    assert rows(centre, tables.letter) == rows(centre, tables.letter_file) == []


def test_whoever_has_their_mailboxes_deleted_gets_no_letter_that_still_waits(
    mailed: Mailed, number: str
) -> None:
    centre = mailed.centre
    send(centre.terminal(), number, keep=True)
    with centre.system.write() as work:
        person = the_letter(centre).person
        assert {held.kind: held.count for held in work.core.privacy.held(person)}["mailbox"] == 2
        assert work.core.privacy.erase(person, "mailbox") == 2
        assert "mailbox" not in {held.kind for held in work.core.privacy.held(person)}
    mailed.round()
    assert mailed.inbox.came == [] and rows(centre, tables.letter_file) == []


def _meanwhile(do: Callable[[], object], centre: Centre) -> Callable[[], None]:
    """Begun in a thread; once it waits for us, or is done, this goes on. What comes back waits for its end."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(200):
        with centre.database.read() as connection:
            if not thread.is_alive() or connection.execute(waits).scalar():
                break
        time.sleep(0.02)

    def end() -> None:
        thread.join(30)
        assert not thread.is_alive() and failed == []

    return end


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_letter_that_is_queued_again_while_old_ones_are_deleted_keeps_its_files(
    mailed: Mailed, number: str
) -> None:
    centre = mailed.centre
    key = send(centre.terminal(), number).key
    with centre.system.write() as work:
        assert work.core.mail.end(key, "refused", "550 5.1.1")
    centre.clock.forward(days=KEPT.days + 1)
    (chore,) = (one for one in centre.container.mailing.chores if one.name == "old letters")
    with centre.system.write() as work:
        assert work.core.mail.again(key, work.core.now + timedelta(hours=1))
        end = _meanwhile(chore.do, centre)
    end()
    mailed.round()
    (came,) = mailed.inbox.letters
    assert len(list(came.iter_attachments())) == 3


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_letter_that_arrives_while_its_person_has_mailboxes_deleted_is_in_nobodys_way(
    mailed: Mailed, number: str
) -> None:
    centre = mailed.centre
    send(centre.terminal(), number)
    letter = the_letter(centre)

    def erase() -> None:
        with centre.system.write() as work:
            work.core.privacy.erase(letter.person, "mailbox")

    t, files = tables.letter, tables.letter_file
    with centre.database.write() as connection:  # as ``end`` does: the letter, then what was in it
        connection.execute(update(t).where(t.c.key == letter.key).values(state="sent"))
        end = _meanwhile(erase, centre)
        connection.execute(update(files).where(files.c.key == letter.key).values(content=b""))
    end()
    assert rows(centre, tables.letter) == rows(centre, tables.letter_file) == []


def test_an_invoice_that_changed_meanwhile_and_anothers_are_not_sent(mailed: Mailed, number: str) -> None:
    centre, terminal = mailed.centre, mailed.centre.terminal()

    def meanwhile() -> None:
        with centre.database.write() as connection:
            t = tables.sale
            connection.execute(update(t).where(t.c.number == number).values(remark="另有说明"))

    centre.office.before = meanwhile
    assert send(terminal, number).refusal.code == "changedMeanwhile"
    assert send(terminal, "26991999999999999999").refusal.code == "invoiceUnknown"
    assert rows(centre, tables.letter) == []


def _issued(centre: Centre) -> str:
    sale = tables.sale
    with centre.database.read() as connection:
        mine = (sale.c.taxpayer == HEMU) & (sale.c.code == "") & (sale.c.state == "valid")
        return str(connection.execute(select(sale.c.number).where(mine).limit(1)).scalar_one())
