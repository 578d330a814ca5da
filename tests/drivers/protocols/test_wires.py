"""What may be written down: as long as it was, true to its frames, and nothing of anybody in it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.protocols import id_card, sam_v
from drivers.protocols.apdu_wire import ApduWire, anonymous, blank_objects
from drivers.protocols.barcode import aim_prefix, guess_symbology, normalised
from drivers.protocols.barcode_wire import LONGEST, BarcodeWire, blanked
from drivers.protocols.ber_tlv import items
from drivers.protocols.der_blank import DerBlank
from drivers.protocols.dispenser import Deframer as DispenserDeframer
from drivers.protocols.dispenser import Frame, encode
from drivers.protocols.dispenser_wire import DispenserWire
from drivers.protocols.escpos_raster import bands
from drivers.protocols.escpos_wire import EscposWire, silhouette
from drivers.protocols.id_card_made_up import made_up
from drivers.protocols.ipp_wire import IppWire
from drivers.protocols.sam_v_wire import SamVWire
from drivers.protocols.wire import Blank, without_long_numbers
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.recording import lines
from drivers.simulators.chip_keys import certificate, ec_key
from tests.depth import examples
from tests.drivers.contract.machines import SLIP
from tests.drivers.protocols.cards import FOREIGN_2017, FOREIGN_2023, PHOTO, RESIDENT, TAIWAN, block, changed

TODAY = date(2026, 10, 12)
CARDS = {"resident": RESIDENT, "taiwan": TAIWAN, "foreign 2017": FOREIGN_2017, "foreign 2023": FOREIGN_2023}
PERSON = "李秀兰".encode("utf-16-le")


def reply(text: bytes, photo: bytes = PHOTO) -> bytes:
    data = len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + text + photo
    counted = (len(data) + 4).to_bytes(2, "big") + b"\0\0\x90" + data
    return sam_v.PREAMBLE + counted + bytes((sam_v.checksum(counted),))


def wire() -> SamVWire:
    return SamVWire(lambda: TODAY)


@pytest.mark.parametrize("fields", CARDS.values(), ids=CARDS)
def test_a_made_up_person_is_a_valid_one_of_the_same_layout(fields: dict[int, tuple[str, int]]) -> None:
    real = block(fields)
    card = id_card.parse(made_up(real, TODAY), PHOTO, TODAY)
    assert card.layout is id_card.parse(real, PHOTO, TODAY).layout
    assert card.name == ("樣本" if fields is TAIWAN else "样本")


@pytest.mark.parametrize(
    ("offset", "value"), [(122, "110105194912310021"), (36, "20990101"), (188, "2010"), (30, "7")]
)
def test_a_person_who_is_wrong_somewhere_is_made_up_wrong_in_the_same_place(offset: int, value: str) -> None:
    real = changed(RESIDENT, offset, value)
    with pytest.raises(id_card.MediaInvalid) as told:
        id_card.parse(real, PHOTO, TODAY)
    with pytest.raises(id_card.MediaInvalid) as again:
        id_card.parse(made_up(real, TODAY), PHOTO, TODAY)
    assert str(again.value) == str(told.value)


def test_a_card_of_an_unknown_layout_stays_unknown_and_gives_nothing_away() -> None:
    real = changed(RESIDENT, 248, "Z")
    with pytest.raises(id_card.MediaInvalid, match="type mark"):
        id_card.parse(made_up(real, TODAY), PHOTO, TODAY)
    assert PERSON not in made_up(real, TODAY)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(0, 1295), max_size=12), st.sampled_from(list(CARDS.values())))
def test_a_card_is_replaced_however_its_reply_is_split(
    cuts: list[int], fields: dict[int, tuple[str, int]]
) -> None:
    frame = reply(block(fields))
    edges = sorted({0, len(frame), *(cut for cut in cuts if cut < len(frame))})
    tap = wire()
    given_out = (
        b"".join(tap.incoming(frame[a:b]) for a, b in zip(edges, edges[1:], strict=False)) + tap.settle()
    )
    assert len(given_out) == len(frame)
    (found,) = sam_v.Deframer().feed(given_out)
    assert isinstance(found, sam_v.Reply)
    blocks = sam_v.card_blocks(found.data)
    assert blocks is not None and blocks.photo == bytes(1024)
    assert (
        id_card.parse(blocks.text, blocks.photo, TODAY).number
        == id_card.parse(made_up(block(fields), TODAY), PHOTO, TODAY).number
    )


@pytest.mark.parametrize("first", range(5, 14))
@pytest.mark.parametrize("lost", range(1, 10))
def test_where_bytes_of_the_head_were_lost_none_of_the_text_stands_in_their_places(
    first: int, lost: int
) -> None:
    frame = reply(block(RESIDENT))
    torn = frame[:first] + frame[first + lost :]
    tap = wire()
    given_out = tap.incoming(torn) + tap.settle()
    assert len(given_out) == len(torn)
    for at in range(0, len(PERSON), 2):
        assert PERSON[at : at + 2] not in given_out[5:14], "a character of the name"


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 1294), st.integers(0, 7))
def test_a_reply_with_one_wrong_bit_stays_wrong_and_gives_nothing_away(place: int, bit: int) -> None:
    frame = bytearray(reply(block(RESIDENT)))
    frame[place] ^= 1 << bit
    tap = wire()
    given_out = tap.incoming(bytes(frame)) + tap.settle()
    assert len(given_out) == len(frame)
    assert not any(isinstance(found, sam_v.Reply) for found in sam_v.Deframer().feed(given_out))
    assert PERSON not in given_out and "稻香路".encode("utf-16-le") not in given_out
    assert PHOTO[:16] not in given_out


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 1294), st.binary(max_size=9))
def test_after_a_torn_reply_the_next_one_is_whole_again(cut: int, noise: bytes) -> None:
    frame, asked = reply(block(RESIDENT)), sam_v.encode(sam_v.Command.READ_BASE)
    tap = wire()
    first = tap.incoming(frame[:cut])
    assert tap.outgoing(asked) == asked
    both = first + tap.incoming(frame) + tap.settle()
    assert len(both) == cut + len(frame)
    assert PERSON not in both
    assert both[cut + 5 :].startswith(frame[5:10])
    late = wire()
    late.incoming(frame[:cut])
    late.outgoing(asked)
    assert PERSON not in late.incoming(noise + frame[cut:]) + late.settle()


def test_what_is_no_reply_becomes_zeros() -> None:
    tap = wire()
    text = block(RESIDENT)
    assert tap.incoming(text) + tap.settle() == bytes(len(text))


def test_the_modules_own_replies_are_kept_as_they_are() -> None:
    frame = bytes.fromhex("AAAAAA9669000800009F0000000097")
    tap = wire()
    tap.outgoing(sam_v.encode(sam_v.Command.FIND))
    assert tap.incoming(frame) == frame


def test_a_reply_that_claims_no_length_is_noise_and_the_next_one_is_whole() -> None:
    noise = sam_v.PREAMBLE + b"\0\0"
    frame = reply(block(RESIDENT))
    tap = wire()
    tap.outgoing(sam_v.encode(sam_v.Command.READ_BASE))
    shown = tap.incoming(noise + frame) + tap.settle()
    assert len(shown) == len(noise + frame) and PERSON not in shown
    assert any(isinstance(found, sam_v.Reply) for found in sam_v.Deframer().feed(shown))


def test_a_short_reply_to_a_read_is_a_persons_all_the_same() -> None:
    counted = (12).to_bytes(2, "big") + b"\0\0\x90" + PERSON + b"\0\0"
    frame = sam_v.PREAMBLE + counted + bytes((sam_v.checksum(counted),))
    tap = wire()
    tap.outgoing(sam_v.encode(sam_v.Command.READ_BASE))
    shown = tap.incoming(frame) + tap.settle()
    assert len(shown) == len(frame) and PERSON not in shown


def test_a_receipt_becomes_a_silhouette_that_cuts_into_the_same_bands() -> None:
    picture = render(parse_receipt(SLIP), 576)
    real = [band.data for band in bands(picture, 24)]
    shown = [EscposWire().outgoing(data) for data in real]
    assert [len(data) for data in shown] == [len(data) for data in real]
    assert sum(a != b for a, b in zip(real, shown, strict=True)) > 3
    again = silhouette(shown, 576)
    assert again is not None and [band.data for band in bands(again, 24)] == shown


@given(st.binary(max_size=64))
def test_raw_text_never_passes(data: bytes) -> None:
    shown = EscposWire().outgoing("李秀兰 11010519491231002X".encode("gb18030") + data)
    assert shown == bytes(len(shown))


@pytest.mark.parametrize(
    "command", ["100401", "1d610e", "1d7201", "1b401d610e", "1d564200", "100502", "1d4943"]
)
def test_the_drivers_own_commands_pass(command: str) -> None:
    assert EscposWire().outgoing(bytes.fromhex(command)) == bytes.fromhex(command)


CODE = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=30).map(str.encode),
    st.text(st.sampled_from("张三丰㐀Ø·é𠀀Ab7]*,\r\n\t"), max_size=30).map(
        lambda text: text.encode("gb18030")
    ),
    st.from_regex(rb"\][A-Za-z][0-9A-Za-z][ -~]{0,20}", fullmatch=True),
    st.from_regex(rb"[0-9]{7,14}", fullmatch=True),
    st.from_regex(rb"\*[0-9A-Za-z -]{1,12}\*", fullmatch=True),
)


def made_of(code: bytes) -> tuple[str, int]:
    symbology, data = aim_prefix(code)
    return symbology or guess_symbology(data), len(normalised(data))


@given(st.lists(CODE, max_size=4), st.sampled_from([b"\r", b"\n", b"\t", b"\r\n"]), st.data())
def test_a_code_keeps_its_kind_its_length_and_its_end_and_nothing_else(
    codes: list[bytes], end: bytes, draw: st.DataObject
) -> None:
    stream = end.join([*codes, b""])
    wire, cut = BarcodeWire(), draw.draw(st.integers(0, len(stream)))
    shown = wire.incoming(stream[:cut]) + wire.incoming(stream[cut:]) + wire.settle()
    ends = re.compile(rb"[\t\r\n]")
    assert ends.findall(shown) == ends.findall(stream)
    for real, told in zip(ends.split(stream), ends.split(shown), strict=True):
        assert len(told) == len(real) and made_of(told) == made_of(real)
        content = told[3:] if re.match(rb"\][A-Za-z][0-9A]", told) else told
        for fixed in ("é", "中", "𠀀"):
            content = content.replace(fixed.encode(), b"")
        for fixed in ("α", "中", "Ø", "㐀", "𠀀"):
            content = content.replace(fixed.encode("gb18030"), b"")
        content = re.sub(rb"^(0{7}|0{11,12})1$", b"", content)
        assert not set(content) & set(b"123456789bcdefxyzBCDXYZ") and not set(content) & set(
            range(0x80, 0xFF)
        )


def test_a_wrong_check_digit_stays_wrong_and_a_right_one_right() -> None:
    assert blanked(b"6901234567892") == b"0" * 13
    assert blanked(b"6901234567891") == blanked(b"6901234567894") == b"0" * 12 + b"1"
    assert blanked(b"]E06901234567891") == b"]E0" + b"0" * 12 + b"1"


def test_a_code_too_long_for_any_driver_is_not_held_and_the_next_one_is_told() -> None:
    wire = BarcodeWire()
    long = b"7" * LONGEST
    assert wire.incoming(long) == b""
    assert wire.incoming(b"77") == b"A" * (LONGEST + 2)
    assert wire.incoming(b"77\r]Q1b7\r") == b"AA\r]Q1a0\r"


def test_a_code_without_an_end_is_given_out_when_the_line_is_opened_anew() -> None:
    wire = BarcodeWire()
    assert wire.incoming("]Q1张".encode()) == b""
    assert wire.settle() == "]Q1中".encode()
    assert wire.settle() == b""


@given(st.integers(0x20, 0x7F), st.integers(0x20, 0x7F), st.booleans())
def test_a_dispensers_answer_is_given_under_the_number_of_the_question(
    was: int, now: int, torn: bool
) -> None:
    answer = bytearray(encode(was, "F1|ok|10023001|102"))
    answer[8] ^= torn
    wire = DispenserWire()
    again = wire.readdressed(encode(was, "F1"), encode(now, "F1"), b"\x06" + bytes(answer))
    heard = [frame for frame in DispenserDeframer().feed(again) if isinstance(frame, Frame)]
    assert bool(heard) is not torn
    assert torn or heard[0] == Frame(now, "F1|ok|10023001|102")
    assert wire.key(encode(was, "S")) == wire.key(encode(now, "S"))
    assert wire.key(b"\x06") is None


def _attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value


JOB = (
    b"\x02\x00\x00\x02\x00\x00\x00\x07\x01"
    + _attribute(0x42, b"job-name", "完税证明-李秀兰".encode())
    + _attribute(0x42, b"requesting-user-name", b"lixiulan")
    + _attribute(0x44, b"document-format", b"application/pdf")
    + b"\x03"
)


def test_of_a_print_job_its_length_and_digest_remain() -> None:
    shown = IppWire().outgoing(JOB + b"%PDF-1.7 " + "李秀兰".encode() * 40)
    assert "李秀兰".encode() not in shown and b"lixiulan" not in shown
    assert b"application/pdf" in shown and b"document:369:" in shown
    assert IppWire().key(shown) == b"\x00\x02"


@settings(deadline=None)
@given(st.integers(0, len(JOB)), st.binary(max_size=40))
def test_a_message_that_is_cut_or_spoilt_gives_no_name_away(cut: int, rest: bytes) -> None:
    shown = IppWire().incoming(JOB[:cut] + rest)
    assert len(shown) == cut + len(rest)
    assert "李秀兰".encode() not in shown


def test_an_answer_is_given_under_the_number_of_the_request() -> None:
    assert (
        IppWire().readdressed(b"", b"\x02\x00\x00\x09\0\0\0\x2a", b"\x02\x00\0\0\0\0\0\x01rest")[4:8]
        == b"\0\0\0\x2a"
    )


@pytest.mark.parametrize(
    "number",
    ["6222 0212-34567894321", "11010119900307002X", "EA1234567", "ea 123 4567", "E12345678", "H1234567801"]
    + ["M123A4567", "C01X00T47", "MU-1234567"],
)
def test_no_number_of_a_document_is_kept_wherever_it_stands(number: str) -> None:
    for before, behind in (("", ""), ("no. ", "!"), ("错误：", "。")):
        shown = without_long_numbers(before + number + behind)
        assert (
            shown.startswith(before)
            and shown.endswith(behind)
            and len(shown) == len(before + number + behind)
        )
        assert not set(shown) & set("123456789")


@pytest.mark.parametrize(
    "word", ["TM-T88VII", "HP LaserJet M404dn", "V1.02.0003", "S12|7", "paperJammed", "1234567"]
)
def test_a_model_a_version_and_a_count_are_kept(word: str) -> None:
    assert without_long_numbers(word) == word


def test_a_pin_is_as_long_as_it_was_and_says_nothing() -> None:
    verify = bytes.fromhex("0020008108") + b"654321\xff\xff"
    assert anonymous(verify) == bytes.fromhex("0020008108") + bytes(8)
    extended = bytes.fromhex("002A9E9A000020") + bytes(range(32)) + b"\0\0"
    assert anonymous(extended) == bytes.fromhex("002A9E9A000020") + bytes(34)
    select = bytes.fromhex("00A4040008F05441584B45590100")
    assert anonymous(select) == select
    assert ApduWire().key(b"T" + verify) == ApduWire().key(b"T" + verify.replace(b"654321", b"123456"))
    assert ApduWire().incoming(b"T" + b"signature" + b"\x90\x00") == b"T" + bytes(9) + b"\x90\x00"


def test_a_certificate_keeps_its_skeleton_alone() -> None:
    der = certificate(ec_key(3), "李秀兰", 3)
    blank = DerBlank()
    shown = b"".join(blank.feed(der[at : at + 100]) for at in range(0, len(der), 100))
    assert len(shown) == len(der) and "李秀兰".encode() not in shown
    assert x509.load_der_x509_certificate(shown).subject.rfc4514_string().replace("X", "").isascii()


@pytest.mark.parametrize(
    "file",
    [
        b"330106199001011234",
        b"li xiulan, daoxiang road 42",
        "\u674e\u79c0\u5170".encode("gb18030") * 4,
        b"\x0c\x09" + "\u674e\u79c0\u5170".encode(),
    ],
)
def test_a_file_that_is_no_certificate_says_nothing(file: bytes) -> None:
    assert DerBlank().feed(file) == bytes(len(file))


@pytest.mark.parametrize("head", ["30800c0130", "3085000000010a", "300a0c10", "30303330", "307f1f1f"])
def test_behind_what_cannot_be_of_a_certificate_nothing_is_said(head: str) -> None:
    text = b"330106199001011234" * 4
    shown = DerBlank().feed(bytes.fromhex(head) + text)[len(head) // 2 :]
    assert not any(bytes((a, b)) in shown for a, b in zip(text, text[1:], strict=False))


def test_a_certificate_read_from_its_middle_or_anew_is_not_taken_for_its_beginning() -> None:
    der = certificate(ec_key(3), "\u674e\u79c0\u5170", 3)

    def read(wire: ApduWire, offset: int, size: int) -> bytes:
        wire.outgoing(b"T\x00\xb0" + offset.to_bytes(2, "big") + bytes((size,)))
        return wire.incoming(b"T" + der[offset : offset + size] + b"\x90\x00")[1:-2]

    wire = ApduWire()
    assert read(wire, 0, 100) + read(wire, 100, 100) == DerBlank().feed(der[:200])
    assert read(wire, 150, 100) == bytes(100), "the same piece again"
    assert read(ApduWire(), 100, 100) == bytes(100)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(b"\0\x81\x03abc\0\0\x82\x0891340000", id="bytes between objects"),
        pytest.param(b"\x81\x81\x03abc\x82\x82\0\x081234567X", id="lengths longer than need be"),
        pytest.param(b"\x53\x82\0\x06\0\x81\x81\x02ab\0", id="in an object"),
        pytest.param(b"\x81\x09abc", id="no objects"),
    ],
)
def test_a_row_of_data_objects_stays_as_long_as_it_was_however_it_was_written(row: bytes) -> None:
    blank = blank_objects(row)
    assert len(blank) == len(row)
    if row.startswith(b"\x81\x09"):
        assert blank == bytes(len(row))
    else:
        assert [one.tag for one in items(blank)] == [one.tag for one in items(row)]


def test_what_nobody_has_described_is_written_down_as_zeros() -> None:
    assert Blank().outgoing(b"secret") == Blank().incoming(b"secret") == bytes(6)


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent.parent / "recordings").glob("*.jsonl")), ids=lambda f: f.stem
)
def test_no_kept_recording_holds_anybody_or_any_place(file: Path) -> None:
    text = file.read_text("utf-8")
    recording = lines.read(file)
    data = b"".join(line.data for line in recording.lines if line.kind in ("in", "out"))
    for word in ("李秀兰", "稻香路", "张三", "654321", "123456", "4,095.84", "certificate-"):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert word.encode(encoding) not in data
        assert word not in text
    assert "/tmp" not in text and len(text) < 60_000
    json.loads(text.splitlines()[0])
