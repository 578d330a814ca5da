"""Letters to mailboxes: kept until they were carried, given to one carrier at a time, and then forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from bureau.conformance.bench import Bench, promise, same, there
from bureau.ports.mail import Enclosed, Letter
from bureau.ports.system import Work

SEALED = b"\x00mailbox\xff"
CONTENT = b"%PDF-\x00\xff"
LONG_AGO = timedelta(days=36_500)
"""No letter waits for so long: those that are due since then are taken before any other."""
AT_ONCE = 10_000


def _letter(bench: Bench, what: str, due_at: datetime | None = None) -> Letter:
    now = bench.now
    return Letter(
        key=bench.key(what),
        kind="einvoice",
        reference="26990000000000000001",
        person=bench.person.key,
        lang="zh-CN",
        sealed=SEALED,
        shown="c***@example.com",
        made_at=now,
        due_at=due_at or now,
        until=now + timedelta(days=2),
    )


def _files() -> list[Enclosed]:
    return [
        Enclosed(f"1.{kind}", CONTENT + kind.encode(), hashlib.sha256(CONTENT + kind.encode()).hexdigest())
        for kind in ("ofd", "pdf", "xml")
    ]


def _added(work: Work, *letters: Letter) -> None:
    for letter in letters:
        work.core.mail.add(letter, _files())


def _names(files: object) -> object:
    assert isinstance(files, list)
    return sorted(files, key=lambda one: str(one.name))


@promise(
    "mail.kept",
    "A letter is kept with its files, byte for byte, until `end` says that it was sent; then no content is left.",
    "Keep the name and the SHA-256 of each file, and how the letter ended; it ends once, so the second `end` is false.",
    "person",
)
def kept(bench: Bench) -> None:
    """Added, found, sent."""
    letter = _letter(bench, "letter")
    with bench.undone() as work:
        mail = work.core.mail
        _added(work, letter)
        same("mail/find", mail.find(letter.key), letter)
        same("mail/files", _names(list(mail.files(letter.key))), _files())
        same("mail/end of one that waits", mail.end(letter.key, "sent", "250 2.0.0"), True)
        now = there("mail/find of one that was sent", mail.find(letter.key))
        same("its state", (now.state, now.reply, now.ended_at), ("sent", "250 2.0.0", bench.now))
        emptied = [replace(one, content=b"") for one in _files()]
        same("mail/files of one that was sent", _names(list(mail.files(letter.key))), emptied)
        same("mail/end of one that has ended", mail.end(letter.key, "refused", "550"), False)
        same("its state after that", there("mail/find", mail.find(letter.key)).state, "sent")
        same("mail/find of no letter", mail.find(bench.key("none")), None)


@promise(
    "mail.taken",
    "`take` gives the queued letter that is due longest to one asker alone until `again_at`, and counts the try.",
    "Pass over what another transaction has just taken; `later` leaves a letter queued, and changes none that ended.",
    "person",
)
def taken(bench: Bench) -> None:
    """Two that are due, taken in turn; one is left for later."""
    due, again = bench.now - LONG_AGO, bench.now + timedelta(minutes=15)
    second, first = _letter(bench, "second", due + timedelta(hours=1)), _letter(bench, "first", due)
    with bench.undone() as work:
        mail = work.core.mail
        _added(work, second, first)
        for one in (first, second):
            same("mail/take", mail.take(bench.now, again), replace(one, tries=1, due_at=again))
        other = mail.take(bench.now, again)
        same(
            "mail/take of one that was taken",
            other is not None and other.key in (first.key, second.key),
            False,
        )
        mail.later(first.key, due, "451 4.3.0")
        same(
            "mail/take of one that was left for later",
            mail.take(bench.now, again),
            replace(first, tries=2, due_at=again, reply="451 4.3.0"),
        )
        mail.end(first.key, "given-up", "451 4.3.0")
        ended = mail.find(first.key)
        mail.later(first.key, due, "450")
        same("mail/find after mail/later of one that has ended", mail.find(first.key), ended)


@promise(
    "mail.again",
    "One that was refused or given up is queued again with its files; of what was sent nothing is left to be carried.",
    "Queue it due now, with the new `until`; answer false, and change nothing, for any other.",
    "person",
)
def again(bench: Bench) -> None:
    """Refused, queued again, sent."""
    letter, until = _letter(bench, "again"), bench.now + timedelta(days=3)
    with bench.undone() as work:
        mail = work.core.mail
        _added(work, letter)
        same("mail/again of one that waits", mail.again(letter.key, until), False)
        mail.end(letter.key, "refused", "550 5.1.1")
        same("mail/again of one that was refused", mail.again(letter.key, until), True)
        now = there("mail/find", mail.find(letter.key))
        came = (now.state, now.due_at, now.until, now.ended_at)
        same("its state, when it is due and until when", came, ("queued", bench.now, until, None))
        same("mail/files", _names(list(mail.files(letter.key))), _files())
        mail.end(letter.key, "sent", "250")
        same("mail/again of one that was sent", mail.again(letter.key, until), False)


@promise(
    "mail.counted",
    "`since` are the letters a person asked for from a moment on, whatever became of them; `letters` the latest first.",
    "Count what has ended too, so that nobody is flooded; hold the person until the transaction ends.",
    "person",
)
def counted(bench: Bench) -> None:
    """One of long ago, one that was sent, one that waits."""
    old = replace(_letter(bench, "old"), made_at=bench.now - timedelta(hours=2))
    sent = replace(_letter(bench, "sent"), made_at=bench.now - timedelta(minutes=2))
    waits = _letter(bench, "waits")
    mine = (old.key, sent.key, waits.key)
    with bench.undone() as work:
        mail = work.core.mail
        _added(work, waits, old, sent)
        mail.end(sent.key, "sent", "250")
        since = mail.since(bench.person.key, bench.now - timedelta(hours=1))
        found = {one.key for one in since if one.key in mine}
        same("mail/since of the last hour", found, {sent.key, waits.key})
        queued = [one.key for one in mail.letters("queued", AT_ONCE) if one.key in mine]
        same("mail/letters that wait: the latest first", queued, [waits.key, old.key])


@promise(
    "mail.forgotten",
    "`forget` deletes the addresses of letters sent before `today`, and whole letters that ended before `before`.",
    "Leave what still waits as it is, and one that was not taken with its address, so that it can be queued again.",
    "person",
)
def forgotten(bench: Bench) -> None:
    """Yesterday's: one sent, one refused, one that waits; a week later two of them are gone."""
    yesterday = bench.now - timedelta(days=1)
    made = {what: replace(_letter(bench, what), made_at=yesterday) for what in ("sent", "refused", "waits")}
    with bench.undone() as work:
        mail = work.core.mail
        _added(work, *made.values())
        mail.end(made["sent"].key, "sent", "250")
        mail.end(made["refused"].key, "refused", "550")
        mail.forget(bench.now, yesterday)
        for what, wanted in (("sent", (b"", "")), ("refused", (SEALED, made["refused"].shown))):
            now = there("mail/find after mail/forget", mail.find(made[what].key))
            same(f"the address of one that was {what}", (now.sealed, now.shown), wanted)
        mail.forget(bench.now, bench.now + timedelta(seconds=1))
        for what in ("sent", "refused"):
            same(f"mail/find of one that was {what} long ago", mail.find(made[what].key), None)
        same("mail/find of one that still waits", mail.find(made["waits"].key), made["waits"])
        same("its files", _names(list(mail.files(made["waits"].key))), _files())


@promise(
    "mail.remembered",
    "A person's mailbox is remembered as it was sealed, one at a time, until it is dropped.",
    "Put the new one in the place of the one before.",
    "person",
)
def remembered(bench: Bench) -> None:
    """One, another, none."""
    with bench.undone() as work:
        mail, person = work.core.mail, bench.person.key
        for sealed in (SEALED, SEALED + b"2"):
            mail.remember(person, sealed)
            same("mail/remembered", mail.remembered(person), sealed)
        mail.drop(person)
        same("mail/remembered after mail/drop", mail.remembered(person), None)
