"""``docs/integrating.md``: the ports for whoever puts another core system behind the centre, made of the ports."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_type_hints

from bureau.adapters.http_core import OUTCOMES, ports
from bureau.conformance.check import PROMISES
from bureau.ports.public import PublicRecords
from bureau.ports.system import Answers, System, Work

NOTES: Final = {
    "registration": (
        "`taxpayer` with `lock` is what keeps two returns, reservations or matters of one enterprise apart. A "
        "role is believed from here alone, on the business day of the transaction; the wire's is a wish."
    ),
    "returns": (
        "`file` opens the dues of the return in the same transaction, and no second return of the same "
        "taxpayer, tax, period and subject can stand beside it, whatever runs at the same time. A role may "
        "file what the service allows: the core does not ask again. A return that is replaced or withdrawn stays "
        "in the books with its figures; `withdraw` (作废) tells itself from a correction by `withdrawn`. What was "
        "paid on a return counts for whichever of the same subject stands."
    ),
    "archives": "Read only.",
    "invoices": (
        "Stock is held by number: a number lies in exactly one place after every transaction. `settle` "
        "accounts for every number of a reservation."
    ),
    "einvoices": (
        "An invoice is found by code and number; `checked` counts also what is not there. What a return is "
        "prefilled with (`returns.sales`) and what is found here must be the same invoices. `document_for` gives the "
        "same number to the same key for ever. `lock` is what keeps two red-letter invoices from taking back more than "
        "is left; `fetched` uses a link up once, whoever asks."
    ),
    "agency": (
        "An application has one invoice for ever: `find` with `lock` is what keeps two terminals, and the centre's own "
        "work, from issuing it twice. `returns.withdraw` takes back what nobody began to pay."
    ),
    "holdings": (
        "What an enterprise was issued, number by number: `settle` moves every number of a range or none, and only "
        "from the states that its fate allows. `within` holds the code until the transaction ends."
    ),
    "orders": (
        "What is left of an order is what was neither delivered nor is reserved or disputed now: `take` ties a "
        "reservation to it, and `order` with `lock` keeps two terminals from giving out the same sheets."
    ),
    "deliveries": (
        "The order is placed in the transaction of its case and has its number; one of a kind is open at a time, and "
        "`order` with `lock` keeps it from being cancelled while it is packed. Numbers in a parcel are nobody's until "
        "`issue`; `pack` and what follows move all of them or none. The recipient is sealed by the centre and opens "
        "for the centre alone: forget it once the order has ended. What a courier's interface tells comes as the file "
        "of `bureau deliver import`, or is told by `change` and `issue` as that command does "
        "(`bureau/engine/delivering/following.py`)."
    ),
    "handovers": "`out` and `take_up` are told by two terminals in either order; the same paper again changes nothing.",
    "stock": (
        "The bureau's own blanks. A number lies in one place after every transaction, and moves from where its method "
        "says or not at all: all of a range or none, with two people. `lock` keeps two officers from writing two slips "
        "about one number; a slip is kept for ever, and what it wants is never changed. A slip is tried before it is "
        "written, within a savepoint that is undone. `count` closes a unit whose count differs until one balances, "
        "and nothing else opens it: `reason` is then `count differs, case NUMBER`. A refusal whose `code` is none of "
        "the console's is told as `other`."
    ),
    "payments": (
        "`open` holds the dues, so that two orders never collect one. `learn` moves an order forward only, "
        "and approval books it once, however often and from however many sides it is heard. An order is "
        "durable before the acquirer hears of it. It is booked no more once money of it goes back."
    ),
    "repayments": (
        "A charge that was never booked, given back by the acquirer under the number that `order` gives; that is "
        "durable before the acquirer hears of it. `charges` with `lock` keeps two officers, and an officer and the "
        "comparison, apart: it holds the order, also one that is not ours, until the transaction ends. `answered` "
        "never moves what a file confirmed or what was refused. What entered the treasury is none of this."
    ),
    "bills": (
        "A voucher is paid when its dues are, whichever way: nothing else says so. Its number cannot be guessed, also "
        "by who has another one: whoever has it is told what it is for."
    ),
    "tax_control": (
        "`device` with `lock` keeps two terminals apart: a month is taken once, and one order has each counter. "
        "`unlock` moves the device on in the transaction that makes its order. Keys are sealed by the centre and open "
        "for the centre alone. `elsewhere` and what devices report are together the invoices of `returns.sales`."
    ),
    "nontax": (
        "A notice is held by one order at a time (`payments.open` holds it, `learn` lets go of it or books it) and is "
        "paid when that order is booked: nothing else says so. What is withdrawn is held by none. Its code cannot be "
        "guessed, also by who has another one. `receipt` of an order is there with its `voucher`."
    ),
    "exports": (
        "`ask` is in the transaction that opens the case: a line is asked for by one case at a time. Lines come from "
        "customs, their invoices from the register of invoices; nobody types them."
    ),
    "refunds": (
        "What is allowed is no longer paid from that moment: `returns.paid` and `in_treasury` leave it out, so that "
        "it is asked for once and a return corrected again owes it again. `entered` has it below zero once the "
        "treasury paid. `returns.set_off` is in the transaction of `order`."
    ),
    "reliefs": (
        "Nothing is in force before `grant`. How much of an amount is used up is told by the returns that stand: each "
        "keeps the number of the case, so the core need not count. A return that a relief changes afterwards is filed "
        "anew by the centre, in place of the one before."
    ),
    "certificates": (
        "`number_for` gives the same number to the same key for ever: a certificate drawn twice after a crash "
        "is one. `copy` counts a job once. `end` moves a valid one alone, and what ended stays as it is; the register "
        "keeps its content and files. `original` with `lock` keeps two terminals from entering two of one thing. "
        "`fetch` uses a link up once, whoever asks."
    ),
    "cases": (
        "The same kind and reference is the same case, also once it is closed; what is closed stays as it is. Low "
        "ratings are listed and closed by the console (`/ratings`), which asks `listed` each second meanwhile."
    ),
    "matters": "A case is opened once for its key, and decided once.",
    "materials": (
        "A page is sealed by the centre before it is given away, and opens for the centre alone. `attach` never takes "
        "a page from one case to another."
    ),
    "notices": "`tell` must be in the transaction of what it tells of.",
    "mail": (
        "`add` and the effect that asks for the letter are one transaction. `take` gives a letter to one asker alone "
        "until `again_at`; `since` holds the person until the transaction ends, so that two terminals never send one "
        "letter too many. Addresses are sealed by the centre and open for the centre alone. A letter is kept with its "
        "files as they were added, byte for byte, until `end` says that it was sent."
    ),
    "reminders": (
        "What was said last of a matter, in the transaction that says it. A core that reminds people itself "
        "names nobody in `registration.declaring`."
    ),
    "phones": (
        "`challenge` holds the row until the transaction ends, so that wrong codes are counted one by one. The "
        "code itself goes into the message alone."
    ),
    "documents": (
        "A document is served once, and its term counts from that day: `document` with `lock` holds it until the "
        "transaction ends, so that two terminals never serve it twice. `settle` leaves what was served as it is."
    ),
    "continuations": (
        "`find` with `lock` keeps two phones from taking one visit, and one phone from doing a thing twice. What it "
        "says is sealed by the centre and opens for the centre alone; its effects are in `answers` under their keys."
    ),
    "drafts": (
        "`find` with `lock` keeps two terminals from using the same draft; `use` and the application that it was for "
        "are one transaction. What it says is sealed by the centre and opens for the centre alone."
    ),
    "enrolments": (
        "`enter` puts the person on file in the same transaction, so that `registration.person` knows them from then "
        "on; the phone of the last one is where messages go. Earlier ones are never changed. `number_for` gives the "
        "same number to the same key for ever."
    ),
    "issuing": (
        "A phone is bound once to a taxpayer; its row stays when it is released. Bound and released with the "
        "taxpayer locked, in the transaction of the case."
    ),
    "mandates": (
        "A mandate holds on the days of its term, its last one included, unless it was ended; its row stays. `find` "
        "with `lock` holds it until the transaction ends, so that nobody acts by it while it is taken back. "
        "`hold` is asked before a mandate is given, so that two terminals never give one too many. A guardian's is one "
        "whose `ground` is `guardian`; its statement stays with its case (`matters.keep`)."
    ),
    "lottery": (
        "An invoice is drawn for once, and `number_for` gives the same number to the same key for ever. `open` never "
        "changes a round that is there: what was published before its first draw stands. What a pool promises is never "
        "changed. `add` counts each prize in `won_fen`, and `pool` with `lock` lets one draw after the other look at "
        "it, so that no budget is overdrawn; `lock` is what keeps two officers apart."
    ),
    "queue": (
        "`lock` holds a hall's queue until the transaction ends, so that two terminals never give the same number and "
        "two windows never call the same person; `next_number` is asked under it. `hall` of the transaction is the "
        "centre's own: it knows where its terminals stand."
    ),
    "apps": (
        "One version of a piece of software an entry, shown to everybody once it was reviewed and published. `lock` is "
        "what keeps two officers apart, and two versions of one from being published beside each other."
    ),
    "sharing": (
        "Consents of enterprises and what was given by them. A hand-over is written in the transaction that makes "
        "the bytes, under a consent that is locked and holds; neither it nor a consent is ever deleted. A "
        "referral to a bank says where it stands; what is sent is gathered under its consent when it is sent."
    ),
    "subscriptions": (
        "What people follow, by topic, and what they were told of it: nobody hears a thing twice, and what no terminal "
        "has shown waits for their next sign-in. With `lock` held a person's choice is changed whole."
    ),
    "knowledge": (
        "What was entered of a notice or an answer is never changed, and nothing is deleted: another version of an "
        "answer is another entry of the same name. `lock` is what keeps two officers apart."
    ),
    "school": (
        "Sessions of the courses that the files name, and seats in them. With `lock` held the last seat is given "
        "once, and nobody has two at one hour. An evaluation is kept without who gave it; `evaluated_at` of the "
        "enrolment says that they have."
    ),
    "departures": (
        "Refund stores, and travellers' applications. An invoice is on one application alone that was not refused: "
        "with `lock` held nobody else puts it on another. Who applies is in no register of the bureau's. "
        "`number_for` gives the same number to the same key for ever."
    ),
    "inspections": (
        "Who is ordered to whom, why and for when is never changed. `number_for` gives the same number to the same key "
        "for ever. `find` with `lock` keeps two officers apart, and a phone that sends the same thing twice. What is "
        "sealed opens for the centre alone; what is dropped leaves nothing."
    ),
    "publicity": (
        "What was entered of a case is never changed. `number_for` gives the same number to the same decision for "
        "ever. `lock` is what keeps two officers apart."
    ),
    "remote": (
        "What is sealed in a conversation or a call-back opens for the centre alone. An officer has one conversation "
        "that is taken, whatever runs at the same time, and `lock` is what keeps two officers from the same person: "
        "who takes one looks again under it. Lines are only added. `forget` leaves nothing of what was over before."
    ),
    "surveys": (
        "What a survey asks is never changed. `answered` is what lets a visit answer once, whatever runs at the same "
        "time; the visit is a digest, and nothing may lead from it to the answers, nor from these to terminal, hour or "
        "effect."
    ),
    "appointments": (
        "Booked, moved and closed with `queue.lock` held on every hall in the order of `queue.halls`, so that the last "
        "place is given once and nobody has more than the rules allow. `next_number` is asked under it."
    ),
    "feedback": (
        "`number_for` gives the same number to the same key for ever. What was said and answered is sealed by the "
        "centre and opens for the centre alone; of who gave a tip-off nothing else is handed over, so keep nothing "
        "beside it. `case` with `lock` keeps two officers from deciding one twice; what was noted is never changed."
    ),
    "mutual": (
        "`number_for` gives the same number to the same key for ever. `find` with `lock` keeps two officers apart, and "
        "an officer and who votes. `mark` holds one of each name: what somebody said before is replaced. Acts are "
        "never changed or deleted; `forget` empties the author's name and leaves the rest."
    ),
    "ratings": "One an item. `latest` is asked each second while an officer looks at them.",
    "privacy": (
        "`note` is in the transaction of an effect, and ahead of the answer to a question: nothing is shown of which "
        "there is no record. A record is never changed; `forget` deletes what is over. `erase` leaves nothing behind."
    ),
    "answers": (
        "The heart of *exactly once*: `keep` is committed together with what the effect changed, or neither "
        "is. Keys and first answers are kept as long as the records they belong to. `take_turn` is held until "
        "the transaction ends."
    ),
    "public": (
        "No one is asked who they are: what is told here is told to anybody who holds the paper or knows the "
        "number. Over HTTP the centre asks for `slip` alone: the rest it answers out of the other ports, and the "
        "files of an invoice are made by the centre's office."
    ),
}
"""What the signatures do not say: what must hold at once, and what a repetition does."""
_HEAD: Final = """# Another core system behind the centre

Made of `bureau/ports` by `make pages`; do not edit.

Terminals speak to the centre; the centre's handlers speak to the tax bureau's core system through *ports*
(`bureau/ports/`, one module each) and know no tables. `bureau/engine/reference` implements them over the
centre's own store. A real core system takes its place without a change in terminal, interface or handlers, in
one of two ways:

- **in Python**: a package that implements `System` (below) is chosen in `bureau/cores.py`, `open_core`;
- **over HTTP**: the core answers the requests of this page and `bureau.toml` names it. The adapter
  (`bureau/adapters/http_core.py`) knows no business: it carries every method of every port in the same way.

```toml
[core]
url = "https://core.example"
timeout_s = 10
```

What stays the centre's own, in its own store: terminals and their keys, the audit chain, published services and
parameters, issuing keys. `bureau case`, `stock`, `notices` and `payments` look into the reference engine's
store: over another core its own desks take their place.

Proof: `tests/bureau/test_another_core.py`. A stand-in core, a program that shares no line with the centre
(`tests/standin/core/`), holds registration, returns, dues, payments, what the treasury has entered, refunds, the
registers of certificates and of issued invoices, paper invoices sheet by sheet and what became of them, deliveries by
courier, hand-overs of stock, the desk of blank invoices, matters, pages handed in, documents, archives, the halls'
queues, phones, letters to mailboxes, the lottery, answers and what belongs to them. Over it a terminal's visit files a
return once, pays it, has an income record certified, which anybody verifies, collects paper invoices and changes a
registered fact. It does not have the bureau's own invoices (`agency`), export refunds, payment vouchers, reliefs,
reminders, mandates, booked times, complaints, mutual help, surveys, the remote officer, notices and answers of
officers, published offenders, orders to be picked up and phones that issue invoices: services that need them are
answered as `busy` there. It has no opening hours, no bulk load and no security of its own.

On the screen: `kiosk walk SERVICE --core CORE --out DIR` carries a service over a core from touch to paper; CORE is
its address, or the command that starts it, whose first line is `{"url": …}` (`scripts/standin_core.sh` for the
stand-in). Who comes is the first of the demonstration's people (`bureau generate --personas`) whom the core has
on file, `--firm` says for which enterprise, and the cabinet holds the sheets that the core's ledger has at terminal
`A-07`, `unit1`. Who brings an invoice has the last one of the core's register that the enterprise issued to somebody
who is no enterprise. A command that sends to phones appends each message to the file that `WALK_MESSAGES` names, a
line `{"mobile", "text"}` each: there visitors read their codes. The verdict compares terminal, paper and acquirer with
what the core answers through its ports ([walks.md](walks.md), which has the list of what was walked over the stand-in).

## Over HTTP

Bodies are JSON in UTF-8. Answers are `200 {"result": …}`, an outcome `409 {"error": NAME, "values": {…}}`, or
anything else for trouble, which the centre answers as 503 `busy`: terminals try again with the same key.

| request | does |
| --- | --- |
| `POST /v1/transactions` `{"kind", "terminal", "now"}` | begins one, to `read` or to `write`; its name |
| `POST /v1/transactions/NAME/PORT/METHOD` `{argument: value, …}` | one call of a method, every argument by name |
| `POST /v1/transactions/NAME/savepoint` | marks a place; the result is its number |
| `POST /v1/transactions/NAME/undo` `{"savepoint"}` | undoes what came after it, and the transaction goes on |
| `POST /v1/transactions/NAME/commit` | what was done is durable when this is answered |
| `DELETE /v1/transactions/NAME` | undoes everything |

- A read sees one state of the books for as long as it is held; a write is serialisable, or is refused with
  `StoreConflict` before anything of it is seen, and is run again up to three times.
- A transaction in which nothing is asked for longer than the deadline is undone by the core: the centre may
  have died.
- A commit whose answer got lost is settled by the key of the effect: it is sent again, and `answers/find` has
  it or not. So `answers` and the business records must be one transaction. Who cannot do that cannot say
  *exactly once*.
- The centre must be the only one that can reach these addresses (a network of their own, or mutual TLS before
  them).

How values are written: amounts whole fen; days `2026-10-12`; moments with their offset; `Texts` an object with
`zh-CN` and `en-US`; enumerations by value; bytes in base64 (URL alphabet); dataclasses and models as objects
with all their fields, as `bureau/ports` and `sync/models` declare them; `None` is `null`. Numbers that a core
gives to its papers (certificates, returns, orders) have 20 digits with a check digit (ISO/IEC 7064 MOD 11-10):
people type them. A voucher of a payment has at most 18 digits: a longer one breaks over two lines of an English slip.
A method that a core does not have is answered with 501.

"""
_CHECK: Final = """## Before any terminal

`bureau core check URL --manifest FILE` asks a core over HTTP whether it keeps the promises below. Each has a scene
that works on what the manifest names: it is *held*; *broken* (what was asked, what came, what this page says, what to
do), and the command ends with 1; *not there* where a method is answered with 501; or *not asked* where the manifest
or the books lack what the scene stands on. `--port returns` asks for one port's alone, also `transactions`; `--json`
gives it all as one document. What is not in the table is not checked.

Give it books that are made for it. Most scenes undo all they did; those of transactions and of answers commit returns
about subjects of their own and withdraw them again, and a few keys and numbers of papers stay. `silent_s` is the
deadline after which the core undoes a silent transaction: the check waits for it once.

```toml
terminal = "A-07"
now = 2026-10-12T10:00:00+08:00    # the business moment of the check; left out: this moment
silent_s = 2

[person]                           # somebody on file, with months of income
kind = "resident-id"
number = "539903199901271192"
income_first = "2026-01"
income_last = "2026-09"

[enterprise]                       # in which the person holds the role; returns of this period are filed and taken back
taxpayer = "91990199MA6000000X"
role = "T"
tax = "vat-small"
period_first = 2026-07-01
period_last = 2026-09-30

[sheets]                           # a unit of the terminal with four sheets or more in front
taxpayer = "91990199MA6000001K"
unit = "unit1"

[shelf]                            # two sheets of one kind on the shelf that parcels are packed from, the first of them
kind = "04"
code = "990002600104"
first = "00200001"

[handover]                         # the hall that the terminal stands in
hall = "H-01"

[notice]                           # of non-tax revenue, which can be paid
code = "77000026000100000426"
```

This is the stand-in's (`tests/standin/check.toml`); `tests/bureau/conformance/city.toml` is that of the reference
engine, which keeps every promise on SQLite and on PostgreSQL (`tests/bureau/conformance/served.py` puts it behind these
addresses). Every promise was seen broken by a mistake planted in the stand-in; sixteen mistakes are told as the promise
that they break and as no other (`tests/bureau/conformance/`).

| promise | what is looked at |
| --- | --- |
"""


def page() -> str:
    """The whole page; raises ``KeyError`` for a port of which ``NOTES`` says nothing."""
    return _HEAD + _CHECK + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for one in PROMISES.values():
        yield f"| `{one.name}` | {one.says} |"
    yield ""
    yield "## Outcomes"
    yield ""
    yield "What a method may answer in place of its result; everything else is trouble."
    yield ""
    yield "| error | values | meaning |"
    yield "| --- | --- | --- |"
    for name, outcome in sorted(OUTCOMES.items()):
        own = vars(outcome).get("__init__")
        values = list(inspect.signature(own).parameters)[1:] if own is not None else []
        told = ", ".join(f"`{one}`" for one in values)
        yield f"| `{name}` | {told} | {_first(outcome)} |"
    yield ""
    yield "## Transactions in Python"
    yield ""
    for kind in (System, Work):
        yield from _methods(kind)
    for name, port in {**ports(), "answers": Answers, "public": PublicRecords}.items():
        yield f"## {name}"
        yield ""
        yield f"{_first(port)} {NOTES[name]}"
        yield ""
        yield from _methods(port)


def _methods(port: type) -> Iterator[str]:
    yield "| method | meaning |"
    yield "| --- | --- |"
    for name, member in vars(port).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            result = _type(get_type_hints(member)["return"])
            yield f"| `{name}({_arguments(member)})` → `{result}` | {_words(member)} |"
    yield ""


def _arguments(function: Any) -> str:
    hints = get_type_hints(function)
    return ", ".join(f"{name}: {_type(hint)}" for name, hint in hints.items() if name != "return")


def _type(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint)
    text = text.replace("NoneType", "None")
    for module in ("collections.abc.", "datetime.", "typing."):
        text = text.replace(module, "")
    parts = [part.rpartition(".")[2] if part[:1].isalpha() else part for part in _split(text)]
    return "".join(parts).replace("|", "\\|")


def _split(text: str) -> list[str]:
    """Names with their dots, and what stands between them."""
    found, word = [], ""
    for sign in text:
        if sign.isalnum() or sign in "._":
            word += sign
            continue
        found += [word, sign]
        word = ""
    return [*found, word]


def _words(member: Any) -> str:
    return " ".join((inspect.getdoc(member) or "").replace("``", "`").replace("|", "\\|").split())


def _first(kind: type) -> str:
    return _words(kind).split("``")[0]
