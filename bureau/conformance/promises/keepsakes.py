"""What else is kept by a key or a number, and found under it: cases for people, ratings, notices, drafts, documents."""

from __future__ import annotations

from datetime import timedelta

from bureau.conformance.bench import Bench, numbered, promise, same, there, true
from bureau.conformance.promises.matters import opened
from bureau.ports.cases import Ending
from bureau.ports.documents import NewDocument, Service
from bureau.ports.drafts import Draft
from bureau.ports.materials import NewPage
from bureau.ports.notices import Message
from bureau.ports.ratings import Rating


@promise(
    "cases.same",
    "The same kind and reference is the same case, also once it is closed.",
    "Look for the case before you open one; several chores open it for the same thing.",
)
def cases_same(bench: Bench) -> None:
    """Opened twice, and one about another thing."""
    with bench.undone() as work:
        cases = work.core.cases
        first = cases.open("check", bench.key("c-1"), {"why": "check"})
        same("cases/open of the same kind and reference", cases.open("check", bench.key("c-1"), {}), first)
        other = cases.open("check", bench.key("c-2"), {})
        true("cases/open about another thing", other != first, other)


@promise(
    "cases.listed",
    "A case is listed while it waits, and then among those that were closed, with how it ended; it stays so.",
    "Answer `listed` by kind from the transaction on in which a case was opened or closed.",
)
def cases_listed(bench: Bench) -> None:
    """Opened, closed, closed once more."""
    kind = bench.key("kind")
    with bench.undone() as work:
        cases = work.core.cases
        number = cases.open(kind, "1", {"level": 1})
        waiting = [(one.case, one.details, one.open) for one in cases.listed(kind, 5)]
        same("cases/listed", waiting, [(number, {"level": 1}, True)])
        cases.close(number, Ending("mended", "check", note="seen"))
        cases.close(number, Ending("explained", "check"))
        same("cases/listed after cases/close", [one.case for one in cases.listed(kind, 5)], [])
        closed = [(one.case, one.outcome, one.note) for one in cases.listed(kind, 5, closed=True)]
        same("cases/listed of the closed", closed, [(number, "mended", "seen")])


@promise(
    "ratings.latest",
    "A rating is among the last that came, with its terminal, the newest first.",
    "Answer `latest` from the transaction on in which it was rated.",
)
def ratings_latest(bench: Bench) -> None:
    """Two are rated."""
    with bench.undone() as work:
        for place in ("1", "2"):
            item = bench.key(f"item-{place}")
            work.core.ratings.rate(Rating(bench.key(f"rate-{place}"), "check", item, 5, (), None, "check"))
        newest = {one.rating.item for one in work.core.ratings.latest(2)}
        same("ratings/latest", newest, {bench.key("item-1"), bench.key("item-2")})
        same("ratings/latest: how many", len(work.core.ratings.latest(1)), 1)


@promise(
    "ratings.one",
    "One rating an item.",
    "Answer `rated` by the item, from the transaction on in which it was rated.",
)
def ratings_one(bench: Bench) -> None:
    """Rated once."""
    item = bench.key("item")
    with bench.undone() as work:
        same("ratings/rated before", work.core.ratings.rated(item), False)
        work.core.ratings.rate(Rating(bench.key("rate"), "check", item, 5, (), None, "check"))
        same("ratings/rated after", work.core.ratings.rated(item), True)


@promise(
    "notices.told",
    "A notice is kept for the person in the transaction of what it tells of, until it is ended.",
    "Answer `for_person` with it at each sign-in, also after `seen`, and no more after `end` or `mended`.",
    "person",
)
def notices_told(bench: Bench) -> None:
    """Told, shown, seen, ended."""
    words = {"zh-CN": "复核", "en-US": "Check"}
    with bench.undone() as work:
        who = there("registration/person", work.core.registration.person(bench.person.key))
        number = work.core.notices.tell(who, Message("check", words, words))
        shown = [one.id for one in work.core.notices.for_person(who.key, [])]
        same("notices/for_person: how often it is there", shown.count(number), 1)
        work.core.notices.seen([number])
        shown = [one.id for one in work.core.notices.for_person(who.key, [])]
        same("notices/for_person after notices/seen", shown.count(number), 1)
        work.core.notices.end([number])
        shown = [one.id for one in work.core.notices.for_person(who.key, [])]
        same("notices/for_person after notices/end", shown.count(number), 0)


@promise(
    "drafts.once",
    "A draft is used once at most, and what it said is deleted then.",
    "Mark it used in the transaction of the application that it was for, and delete what was sealed.",
)
def drafts_once(bench: Bench) -> None:
    """Kept, found, used."""
    sealed = b"\x00draft\xff"
    with bench.undone() as work:
        drafts, draft = (
            work.core.drafts,
            Draft(bench.key("draft"), "invoice.issue", sealed, bench.now, bench.now + timedelta(days=1)),
        )
        drafts.keep(draft)
        same("drafts/find", drafts.find(draft.name, lock=True), draft)
        drafts.use(draft.name)
        used = there("drafts/find of a used one", drafts.find(draft.name))
        same("its state and what is left of it", (used.state, used.sealed), ("used", b""))


@promise(
    "documents.served-once",
    "A document is served once, and its term counts from that day; what was served stays.",
    "Keep the service; `settle` and `withdraw` leave a served document as it is.",
    "enterprise",
)
def documents_served_once(bench: Bench) -> None:
    """Issued, served; then what it asked for is done."""
    words, matter, today = {"zh-CN": "复核", "en-US": "Check"}, bench.key("matter"), bench.now.date()
    with bench.undone() as work:
        documents = work.core.documents
        made = documents.issue(NewDocument(bench.enterprise.taxpayer, words, (words,), "check", 15, matter))
        numbered("documents/issue: the document's number", made.document)
        same("its state", made.state, "issued")
        until = today + timedelta(15)
        documents.serve(made.document, Service("mail", today, until, "check"))
        served = there("documents/document", documents.document(made.document, lock=True))
        same(
            "state, day and term after service",
            (served.state, served.served_on, served.until),
            ("served", today, until),
        )
        documents.settle(matter, "check")
        same("documents/document after documents/settle", documents.document(made.document), served)


@promise(
    "enrolments.number",
    "`number_for` gives the same number to the same key for ever, 20 digits with a check digit.",
    "Keep the number with the key.",
)
def enrolments_number(bench: Bench) -> None:
    """Asked twice."""
    with bench.undone() as work:
        first = work.core.enrolments.number_for(bench.key("enrolment"))
        same(
            "enrolments/number_for of the same key",
            work.core.enrolments.number_for(bench.key("enrolment")),
            first,
        )
        numbered("enrolments/number_for", first)


@promise(
    "materials.kept",
    "A page is held from the moment it arrives, then part of one case: `attach` never takes it to another.",
    "Number the pages of a case from 1 in the order of attaching; leave a page that has a case where it is.",
    "person",
    "enterprise",
)
def materials_kept(bench: Bench) -> None:
    """Two pages, one case; then another case asks for the first."""
    sealed = b"\xff\xd8sealed"
    with bench.undone() as work:
        cases = [opened(bench, work, what).case for what in ("p-1", "p-2")]
        materials, keys = work.core.materials, [bench.key("page-1"), bench.key("page-2")]
        for key in keys:
            materials.keep(
                NewPage(
                    key, bench.person.key, bench.manifest.terminal, "d" * 64, len(sealed), bench.now, sealed
                )
            )
        same("materials/sealed", materials.sealed(keys[0]), sealed)
        held = there("materials/page", materials.page(keys[0]))
        same("its case", (held.case, held.number), (None, None))
        same("materials/attach of two pages: how many the case has", materials.attach(cases[0], keys), 2)
        found = [(one.key, one.number) for one in materials.of(cases[0])]
        same("materials/of", found, [(keys[0], 1), (keys[1], 2)])
        materials.attach(cases[1], keys[:1])
        held = there("materials/page", materials.page(keys[0]))
        same("whose the page is after another case asked for it", (held.case, held.number), (cases[0], 1))
