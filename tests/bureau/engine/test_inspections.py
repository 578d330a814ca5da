"""Inspections on site: by two officers, what is signed is what was read, and what follows for the taxpayer."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import subprocess
import unicodedata
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select

from bureau.certificates.office import Office
from bureau.certificates.proof import page_texts
from bureau.certificates.sealing import _pyhanko_certificate
from bureau.city.cast import FIRMS
from bureau.engine.inspecting import following, issuing, paper, recording
from bureau.engine.inspecting.form import opened
from bureau.engine.inspecting.pictures import encoded_anew
from bureau.engine.inspecting.recording import Met, Order
from bureau.engine.inspecting.rules import rules
from bureau.errors import DecisionRefused, InspectionRefused
from bureau.fleet.vault import SealingVault
from bureau.ports.reminders import Reminder
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.errors import DomainError
from kiosk.domain.ids import uuid7
from kiosk.domain.people import Role
from kiosk.domain.signing import Stroke, read_ink, strokes_of, write_ink
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_sealed_papers import pdfsig
from tests.bureau.inspections import ANNA, BEN, CARL, HAND, OFFICERS, Desk, photo, strokes
from tests.bureau.served_documents import FIRM, waiting
from tests.bureau.terminals import Terminal, subject

HELD = next(firm.taxpayer for firm in FIRMS if firm.name == "云川晨星茶叶有限公司")
"""Holds invoices, some of them used."""


@pytest.fixture
def desk(centre: Centre) -> Desk:
    return Desk(centre.system, SealingVault(centre.container.keys.sealing))


def refused(desk: Desk, do: Any, *given: Any) -> str:
    """The code of the refusal; nothing was done."""
    with pytest.raises(DecisionRefused) as error, desk.system.write() as work:
        do(work.core, *given)
    return error.value.code


def order(desk: Desk, **changed: Any) -> str:
    with desk.system.read() as work:
        day = work.core.now.astimezone(CHINA).date()
    officers = changed.pop("officers", OFFICERS)
    days = changed.pop("in_days", 0)
    wanted = Order(FIRM, "address", "registration", "多期未申报", day + timedelta(days=days))
    return refused(desk, recording.order, uuid7(), officers, replace(wanted, **changed))


def test_who_is_ordered_to_whom_and_why(desk: Desk) -> None:
    assert order(desk, officers=replace(OFFICERS, second=ANNA)) == "alone"
    assert order(desk, kind="raid") == order(desk, basis="invoices") == "kind"
    assert order(desk, reason=" ") == order(desk, reason="x" * 61) == order(desk, reason="a\nb") == "reason"
    assert order(desk, in_days=-1) == order(desk, in_days=61) == "day"
    assert order(desk, taxpayer="91990199MA0000000X") == "taxpayer"
    with desk.system.write() as work:
        core = work.core
        person = core.registration.staff(FIRM, [Role.LEGAL_REPRESENTATIVE], core.now.date())[0]
        core.registration.register_own(person)
    assert order(desk, taxpayer=person.key.number) == "taxpayer", "people are not inspected"
    key = uuid7()
    with desk.system.write() as work:
        day = work.core.now.astimezone(CHINA).date()
        wanted = Order(FIRM, "address", "registration", "多期未申报", day)
        one, again = (recording.order(work.core, key, OFFICERS, wanted) for _ in range(2))
        assert one == again and one.number.startswith("72")
        assert [event.did for event in work.core.inspections.history(one.number)] == ["ordered"]


def test_only_the_two_record_it_from_its_day_on_and_not_over_each_other(desk: Desk, centre: Centre) -> None:
    with desk.system.read() as work:
        tomorrow = work.core.now.astimezone(CHINA).date() + timedelta(days=1)
    number = desk.order(FIRM, day=tomorrow).number
    filled = desk.entered(number, "found")
    with pytest.raises(InspectionRefused) as early:
        desk.save(number, filled)
    assert early.value.code == "early"
    centre.clock.forward(days=1)
    with pytest.raises(InspectionRefused) as other:
        desk.save(number, filled, CARL)
    assert other.value.code == "others"
    assert desk.save(number, filled, ANNA, revision=0).revision == 1
    assert desk.save(number, filled, ANNA, revision=0).revision == 1, (
        "the answer was lost, and it is sent again"
    )
    with pytest.raises(InspectionRefused) as stale:
        desk.save(number, desk.entered(number, "moved", findings="搬了"), BEN, revision=0)
    assert stale.value.code == "revised"
    assert desk.save(number, desk.entered(number, "moved", findings="搬了"), BEN).revision == 2
    for wrong in ({"answers": {"sign": "maybe"}}, {"answers": {"pets": "none"}}, {"counted": {"x": 1}}, {"outcome": "so"},
                  {"findings": "a\x00b"}):  # fmt: skip
        with pytest.raises(InspectionRefused):
            desk.save(number, filled.model_copy(update=wrong))
    assert desk.now(number).revision == 2


def test_nothing_is_readable_in_the_store_that_was_filled_in_or_seen(desk: Desk) -> None:
    number = desk.order(FIRM).number
    desk.save(number, desk.entered(number, "moved", findings="现场遇到王小明"))
    desk.picture(number)
    desk.sign(number)
    with desk.system.database.read() as connection:
        rows = [
            connection.execute(select(table)).all()
            for table in (tables.inspection, tables.inspection_picture)
        ]
    kept = repr(rows).encode()
    assert number.encode() in kept
    for secret in ("王小明", HAND.name, HAND.capacity):
        assert secret.encode() not in kept and repr(secret.encode())[2:-1].encode() not in kept
    assert b"JFIF" not in kept


def test_a_change_ends_the_signature_and_both_words(desk: Desk) -> None:
    number = desk.order(FIRM).number
    desk.save(number, desk.entered(number, "found"))
    with pytest.raises(InspectionRefused) as unsigned:
        desk.confirm(number, ANNA)
    assert unsigned.value.code == "unsigned"
    desk.sign(number)
    assert desk.confirm(number, ANNA).state == "ordered"
    assert desk.confirm(number, ANNA).state == "ordered", "one's own word twice is not another's"
    old = desk.digests(number)[1]
    desk.picture(number, officer=BEN)
    one = desk.now(number)
    assert (one.confirmed_first, one.confirmed_second, one.content_sha256) == (None, None, "")
    with pytest.raises(InspectionRefused) as again:
        desk.confirm(number, BEN, old)
    assert again.value.code == "unsigned"
    desk.sign(number, officer=BEN)
    with pytest.raises(InspectionRefused) as stale:
        desk.confirm(number, BEN, old)
    assert stale.value.code == "revised"
    desk.confirm(number, BEN)
    done = desk.confirm(number, ANNA)
    assert (done.state, done.outcome) == ("confirmed", "found")
    with pytest.raises(InspectionRefused) as over:
        desk.save(number, desk.entered(number, "found"))
    assert over.value.code == "state"


def test_a_signature_is_of_what_was_read_and_by_a_hand(desk: Desk) -> None:
    number = desk.order(FIRM).number
    desk.save(number, desk.entered(number, "found", cards=False))
    assert refused(desk, recording.sign, desk.vault, desk.law, number, ANNA, "0" * 64, HAND) == "missing"
    desk.save(number, desk.entered(number, "found"))
    assert refused(desk, recording.sign, desk.vault, desk.law, number, ANNA, "0" * 64, HAND) == "revised"
    content, _ = desk.digests(number)
    dash = Stroke(((100, 100, 0), (900, 100, 400)))
    for met, code in (
        (replace(HAND, name=""), "met"),
        (replace(HAND, strokes=()), "met"),
        (replace(HAND, strokes=[dash]), "ink-little"),
        (replace(HAND, size=(10, 10)), "ink"),
    ):
        assert refused(desk, recording.sign, desk.vault, desk.law, number, ANNA, content, met) == code
    desk.sign(number)
    with desk.system.read() as work:
        form = opened(work.core, desk.vault, number)
    assert form is not None and form.signed is not None
    ink = base64.b64decode(form.signed.ink)
    assert read_ink(ink).document.hex() == content and strokes_of(ink) == (HAND.size, list(HAND.strokes))
    one = desk.now(number)
    assert desk.sign(number) == one, "the answer was lost, and it is sent again"
    refuses = Met("赵敏", "法定代表人", refusal="不同意")
    content, _ = desk.digests(number)
    for met in (refuses, replace(HAND, name="别人"), replace(HAND, strokes=strokes(50))):
        assert refused(desk, recording.sign, desk.vault, desk.law, number, BEN, content, met) == "signed"
    desk.save(number, desk.entered(number, "found", findings="改过"))
    desk.sign(number, refuses)
    with desk.system.read() as work:
        form = opened(work.core, desk.vault, number)
        did = [(event.did, event.said) for event in work.core.inspections.history(number)]
    assert (
        form is not None
        and form.signed is not None
        and (form.signed.ink, form.signed.refusal) == ("", "不同意")
    )
    assert did[-2:] == [("signed", {}), ("signed", {"refused": "yes"})]


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9600), st.integers(0, 4000)), min_size=1, max_size=9),
        min_size=1,
        max_size=6,
    )
)
def test_ink_comes_back_as_it_was_drawn(drawn: list[list[tuple[int, int]]]) -> None:
    at = iter(range(0, 10_000, 7))
    given_ = [Stroke(tuple((x, y, next(at)) for x, y in points)) for points in drawn]
    compact = write_ink(b"\x07" * 32, (9600, 4000), given_)
    assert strokes_of(compact) == ((9600, 4000), given_)
    read = read_ink(compact)
    assert (read.document, read.points, read.strokes) == (b"\x07" * 32, sum(map(len, drawn)), len(drawn))
    for size in ((9600, 40_000), (1, 1)) if max(max(p) for s in drawn for p in s) > 1 else ():
        with pytest.raises(DomainError):
            write_ink(b"\x07" * 32, size, given_)


def test_of_a_picture_nothing_is_kept_but_what_is_seen() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "taken at home", 6
    exif.get_ifd(0x8825)[1] = "N"
    raw = photo(3000, 2000, exif=exif.tobytes(), comment=b"hidden") + b"PK\x03\x04 something behind"
    assert b"taken at home" in raw
    jpeg = encoded_anew(raw)
    assert b"taken at home" not in jpeg and b"hidden" not in jpeg and b"something" not in jpeg
    with Image.open(io.BytesIO(jpeg)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (1067, 1600), {}), (
            "upright, and scaled"
        )
        red, _, blue = seen.convert("RGB").getpixel((1000, 100))  # type: ignore[misc]
        assert blue > red, "turned the right way"
    for kind in ("PNG", "WEBP"):
        assert encoded_anew(photo(kind=kind)).startswith(b"\xff\xd8")


@pytest.mark.filterwarnings("ignore::UserWarning")  # the decoder's own, of what the camera wrote
def test_a_picture_is_seen_though_what_the_camera_wrote_beside_it_is_odd() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0
    raw = photo(300, 200, exif=exif.tobytes())
    odd = raw.replace(b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02")  # the resolution as text
    assert odd != raw
    for each in (raw, odd):
        with Image.open(io.BytesIO(encoded_anew(each))) as seen:
            assert seen.size == (200, 300)
    with Image.open(io.BytesIO(encoded_anew(odd[:20] + b"\xff" * 40 + odd[60:]))) as seen:
        assert seen.size == (300, 200), "as it came, where nobody can say which way is up"


def bomb(width: int, height: int) -> bytes:
    """A small file that says it has so many pixels."""
    raw = bytearray(photo(8, 8, "PNG"))
    raw[16:24] = struct.pack(">II", width, height)
    raw[29:33] = struct.pack(">I", zlib.crc32(raw[12:29]))
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "picture-unread"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-unread"),
        (photo(kind="GIF"), "picture-unread"),
        (photo()[:2000], "picture-unread"),
        (bomb(8000, 8000), "picture-wide"),
        (bomb(60_000, 60_000), "picture-wide"),
        (b"\xff" * (13 * 1024 * 1024), "picture-large"),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(InspectionRefused) as error:
        encoded_anew(raw)
    assert error.value.code == code


def test_pictures_come_once_are_few_and_are_gone_when_deleted(desk: Desk) -> None:
    number, key = desk.order(FIRM).number, uuid7()
    assert desk.picture(number, key=key).revision == desk.picture(number, key=key).revision == 1
    for _ in range(rules().pictures.most - 1):
        desk.picture(number)
    with pytest.raises(InspectionRefused) as many:
        desk.picture(number)
    assert many.value.code == "pictures-many"
    with desk.system.write() as work:
        shown = recording.shown_picture(work.core, desk.vault, number, key)
        (held, *_) = work.core.inspections.pictures(number)
        assert hashlib.sha256(shown).hexdigest() == held.sha256
        recording.drop_picture(work.core, desk.vault, desk.law, number, BEN, key)
        recording.drop_picture(work.core, desk.vault, desk.law, number, BEN, key)
    assert refused(desk, recording.shown_picture, desk.vault, number, key) == "picture-none"
    other = desk.order(FIRM).number
    with desk.system.read() as work:
        (left, *_) = work.core.inspections.pictures(number)
    assert refused(desk, recording.shown_picture, desk.vault, other, left.key) == "picture-none"
    assert refused(desk, recording.cancel, number, CARL, "不去了") == "others"
    with desk.system.write() as work:
        assert recording.cancel(work.core, number, BEN, "不去了").state == "cancelled"
        assert not work.core.inspections.pictures(number) and work.core.inspections.form(number) is None


def test_the_paper_says_it_all_is_sealed_and_is_served_and_fetched_once(
    centre: Centre, sealing: tuple[Terminal, Office], desk: Desk, tmp_path: Path
) -> None:
    terminal, office = sealing
    number = desk.order(HELD, "blanks").number
    whole = desk.entered(number, "differs", findings="少一份，经理说作废后丢了")
    lacks = dict(whole.counted)
    first = next(iter(lacks))
    lacks[first] -= 1
    desk.save(number, whole.model_copy(update={"counted": lacks}))
    desk.picture(number)
    desk.sign(number, Met("林涛", "法定代表人", refusal="要请示总部"))
    assert refused(desk, lambda core: issuing._drawn(core, desk.vault, desk.now(number))) == "state"
    for officer in (BEN, ANNA):
        issuing.tried(desk.system, office, desk.vault, number)
        desk.confirm(number, officer)
    one = issuing.issue(desk.system, office, desk.vault, number, ANNA)
    assert issuing.issue(desk.system, office, desk.vault, number, BEN) == one, "it is issued once"
    with desk.system.write() as work:
        record, pdf = work.core.certificates.record(number), work.core.certificates.pdf(number, "")
        (picture,) = work.core.inspections.pictures(number)
        link = issuing.link(work.core, "https://bureau.example", number)
    assert record is not None and pdf is not None and record.taxpayer == HELD
    text = unicodedata.normalize("NFKC", "".join(page_texts(pdf)).replace(" ", ""))
    for part in ("云川晨星茶叶有限公司", "不相符", "少一份，经理说作废后丢了", "林涛", "拒绝签名", "要请示总部",
                 picture.sha256[:8].upper(), one.content_sha256[:8].upper(), "检一", "检二", "不相符或有问题", "云税检通"):  # fmt: skip
        assert unicodedata.normalize("NFKC", part) in text, part
    told = pdfsig(pdf, tmp_path)
    assert "Signature is Valid" in told and "Total document signed" in told
    roots = [_pyhanko_certificate(each) for each in office.trust.authorities]
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    assert status.intact and status.valid and status.trusted
    drawn = subprocess.run(
        ["pdftoppm", "-r", "40", "-png", str(tmp_path / "paper.pdf"), str(tmp_path / "page")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert drawn.returncode == 0 and not drawn.stderr, "poppler opens it"
    lin = subject("lin-tao", HELD, "L")
    (row,) = [one_ for one_ in waiting(terminal, lin) if one_["document"] == one.document]
    shown = terminal.data("certificate.preview", lin, {"item": row["document"]}, "document.sign-for")
    assert any("拒绝签名" in cell["zh-CN"] for line in shown["rows"] for cell in line)
    assert any("refused to sign" in cell["en-US"] for line in shown["rows"] for cell in line)
    held = terminal.data("certificate.held", lin)["certificates"]
    assert number in [one_["number"] for one_ in held], "it is among the papers of the enterprise"
    key, _, secret = link.url.rpartition("/")[2].partition(".")
    records = centre.container.site.records
    assert records.fetch_certificate(key, secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert records.fetch_certificate(key, secret) == (f"{number}.pdf", pdf)
    assert records.fetch_certificate(key, secret) is None


def test_a_sign_that_no_font_has_is_told_while_it_can_be_mended(
    desk: Desk, sealing: tuple[Terminal, Office]
) -> None:
    number = desk.order(FIRM).number
    desk.save(number, desk.entered(number, "moved", findings="搬走\U00013000了"))
    for met in (None, HAND):
        with pytest.raises(InspectionRefused) as error:
            issuing.tried(desk.system, sealing[1], desk.vault, number, met)
        assert error.value.code == "undrawn"
    desk.save(number, desk.entered(number, "found"))
    issuing.tried(desk.system, sealing[1], desk.vault, number, HAND)
    with pytest.raises(InspectionRefused) as named:
        issuing.tried(desk.system, sealing[1], desk.vault, number, replace(HAND, name="赵\U00013000"))
    assert named.value.code == "undrawn", "before it is signed"


def test_the_copy_that_is_served_fits_a_terminal_in_both_languages(desk: Desk) -> None:
    number = desk.order(FIRM, "general").number
    desk.save(number, desk.entered(number, "findings", findings="账外收入。" * 60))
    desk.sign(number)
    for officer in (ANNA, BEN):
        desk.confirm(number, officer)
    with desk.system.read() as work:
        form = opened(work.core, desk.vault, number)
        assert form is not None
        parts = paper.paragraphs(paper.sheet(desk.now(number), form, ()))
    assert all(0 < len(part["zh-CN"]) <= 90 and 0 < len(part["en-US"]) <= 180 for part in parts)
    assert "账外收入。" * 60 in "".join(part["zh-CN"] for part in parts)


def told_in(desk: Desk, number: str) -> dict[str, str]:
    """What the paper says, by what is asked."""
    with desk.system.read() as work:
        form = opened(work.core, desk.vault, number)
        assert form is not None
        drawn = paper.sheet(desk.now(number), form, work.core.inspections.pictures(number))
    facts = {fact.label["zh-CN"]: fact.value["zh-CN"] for fact in drawn.facts}
    return facts | {asked["zh-CN"]: said["zh-CN"] for asked, said in drawn.rows}


def test_the_paper_says_when_it_was_and_nothing_of_what_could_not_be(desk: Desk, centre: Centre) -> None:
    number = desk.order(FIRM).number
    centre.clock.forward(days=3)
    with desk.system.read() as work:
        at = work.core.now.astimezone(CHINA)
    desk.save(number, desk.entered(number, "found"))
    centre.clock.forward(minutes=20)
    desk.sign(number)
    met = told_in(desk, number)
    assert met["检查时间"] == f"{at.year}年{at.month}月{at.day}日 {at:%H:%M} 开始", (
        "not the day it was ordered for"
    )
    assert met["出示税务检查证"] == "两名检查人员均已出示" and "可以陈述、申辩" in met["告知权利"]
    gone = desk.confirmed(FIRM, "address", "absent", cards=False)
    nobody = told_in(desk, gone)
    assert nobody["出示税务检查证"] == "没有见到被检查人，未能出示" and "告知权利" not in nobody


def absent(desk: Desk, office: Office) -> str:
    number = desk.confirmed(FIRM, "address", "absent")
    assert issuing.issue(desk.system, office, desk.vault, number, BEN).document == "", "nobody was met"
    return number


def demanded(desk: Desk, days_ago: int) -> None:
    """The oldest return that is missing was demanded, and the days of the demand are over for so long."""
    with desk.system.write() as work:
        core = work.core
        day = core.now.astimezone(CHINA).date()
        taxpayer = core.registration.taxpayer(FIRM)
        assert taxpayer is not None
        late = [one for one in following.open_matters(core, taxpayer, desk.law, day) if one.what == "file"]
        core.reminders.enter(
            Reminder(late[0].matter, "demand", FIRM, day - timedelta(20), day - timedelta(days_ago), ())
        )


def test_who_is_not_to_be_found_and_did_not_file_is_abnormal_by_two_and_normal_again_by_two(
    desk: Desk, sealing: tuple[Terminal, Office]
) -> None:
    terminal, office = sealing
    met = desk.confirmed(FIRM)
    issuing.issue(desk.system, office, desk.vault, met, BEN)
    assert refused(desk, following.ask, desk.law, met, ANNA) == "met-there"
    number = absent(desk, office)
    assert refused(desk, following.ask, desk.law, number, ANNA) == "undemanded"
    demanded(desk, 0)
    assert refused(desk, following.ask, desk.law, number, ANNA) == "undemanded", "its last day is not over"
    demanded(desk, 1)
    with desk.system.write() as work:
        following.ask(work.core, desk.law, number, ANNA)
    assert refused(desk, following.enter, desk.law, number, ANNA) == "own"
    other = absent(desk, office)
    assert refused(desk, following.ask, desk.law, other, BEN) == "asked"
    with desk.system.write() as work:
        assert following.decline(work.core, number, BEN).measure == ""
        following.ask(work.core, desk.law, number, ANNA)
        following.enter(work.core, desk.law, number, CARL)
        assert work.core.registration.taxpayer(FIRM).state == "abnormal"  # type: ignore[union-attr]
    boss = subject("zhao-min", FIRM, "L")
    profile = terminal.data("person.profile", boss)
    assert "abnormal" in {role["state"] for role in profile["roles"]}, profile["roles"]
    assert refused(desk, following.ask, desk.law, other, BEN) == "asked"
    assert refused(desk, following.ask_return, desk.law, number, ANNA, "sorry") == "ground"
    assert refused(desk, following.ask_return, desk.law, number, ANNA, "filed") == "still-unfiled"
    with desk.system.write() as work:
        following.ask_return(work.core, desk.law, number, ANNA, "mistaken")
    assert refused(desk, following.restore, desk.law, number, ANNA) == "own"
    with desk.system.write() as work:
        assert following.keep(work.core, number, BEN).measure == "abnormal"
        following.ask_return(work.core, desk.law, number, BEN, "mistaken")
        following.restore(work.core, desk.law, number, ANNA)
        assert work.core.registration.taxpayer(FIRM).state == "normal"  # type: ignore[union-attr]
        did = [event.did for event in work.core.inspections.history(number)]
    assert did[-8:] == [
        "asked", "declined", "asked", "abnormal", "return-asked", "kept", "return-asked", "returned",
    ]  # fmt: skip
    assert refused(desk, following.restore, desk.law, number, ANNA) == "state"
    assert refused(desk, following.ask, desk.law, number, ANNA) == "state", "one visit, one abnormal state"


def test_who_was_visited_before_the_demand_was_over_is_visited_again(
    desk: Desk, sealing: tuple[Terminal, Office], centre: Centre
) -> None:
    number = absent(desk, sealing[1])
    centre.clock.forward(days=2)
    demanded(desk, 1)
    assert refused(desk, following.ask, desk.law, number, ANNA) == "before-demand"
    again = absent(desk, sealing[1])
    with desk.system.write() as work:
        assert following.ask(work.core, desk.law, again, ANNA).measure == "asked"


def test_what_is_open_is_demanded_once_as_the_daily_round_would(
    desk: Desk, sealing: tuple[Terminal, Office]
) -> None:
    number = desk.confirmed(FIRM)
    assert refused(desk, following.demand, desk.law, number, ANNA) == "state"
    issuing.issue(desk.system, sealing[1], desk.vault, number, BEN)
    with desk.system.write() as work:
        waits = following.to_demand(work.core, desk.law, desk.now(number))
        assert {one.what for one in waits} >= {"file"}
        count = following.demand(work.core, desk.law, number, ANNA)
        assert count == len(waits) > 0
        documents = [one.matter for one in work.core.documents.of(FIRM) if one.state == "issued"]
        assert {one.matter for one in waits} <= set(documents)
        assert not following.to_demand(work.core, desk.law, desk.now(number))
    assert refused(desk, following.demand, desk.law, number, BEN) == "nothing"


def test_a_form_is_whole_before_it_is_signed(desk: Desk) -> None:
    number = desk.order(HELD, "blanks").number
    filled = desk.entered(number, "matches")
    assert filled.counted, "the ledger has invoices with this taxpayer"
    for lacking in ({"cards": False}, {"notice": " "}, {"answers": {}}, {"counted": {}}, {"outcome": ""},
                    {"answers": {**filled.answers, "lent": "some"}}):  # fmt: skip
        desk.save(number, filled.model_copy(update=lacking))
        content, _ = desk.digests(number)
        assert (
            refused(desk, recording.sign, desk.vault, desk.law, number, ANNA, content, HAND) == "missing"
        ), lacking
    gone = desk.order(FIRM).number
    desk.save(gone, desk.entered(gone, "absent"))
    assert refused(desk, recording.confirm, desk.vault, gone, ANNA, "0" * 64) == "missing", "a picture"
    desk.picture(gone)
    content, _ = desk.digests(gone)
    assert refused(desk, recording.sign, desk.vault, desk.law, gone, ANNA, content, HAND) == "unmet"
    assert len(strokes()) == 2
