"""POS frames and messages: whole and right, or not there at all; and no card number that could be read."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.devices.ecr_profile import load_dialect
from drivers.errors import DriverConfigError, ProtocolError
from drivers.payment import Operation, Outcome, Payment, Stage
from drivers.protocols import ecr_replies as replies
from drivers.protocols.ecr import ACK, MAX_DATA, NAK, STX, BadFrame, Deframer, Frame, Signal, encode, lrc
from drivers.protocols.ecr_messages import (
    Class,
    Form,
    Message,
    decode_message,
    encode_message,
    masked,
    next_seq,
)
from drivers.simulators import pos_frames
from tests.depth import examples
from tests.drivers.protocols.splitting import cuts, fed

ECR = load_dialect("ecr")
FIXED = replace(ECR, tlv=False)
DATA = st.binary(min_size=1, max_size=80).map(lambda raw: bytes(b | 0x20 for b in raw))
SIGNALS = st.sampled_from([bytes((ACK,)), bytes((NAK,))])
PAN = "6299001234567890123"


# -- frames ---------------------------------------------------------------------------------------


def test_a_frame_looks_as_the_page_says():
    assert encode(b"Q00017") == bytes.fromhex("02 0006 513030303137 03 62")


def test_the_lrc_covers_length_data_and_etx():
    assert lrc(bytes.fromhex("0006 513030303137 03")) == 0x62


@pytest.mark.parametrize("data", [b"", b"x" * (MAX_DATA + 1), b"a\x1fb", b"\x02"])
def test_what_no_frame_can_hold_is_refused(data):
    with pytest.raises(ValueError, match="1024"):
        encode(data)


def test_every_split_gives_the_same_frames():
    stream = encode(b"R02017first") + bytes((ACK,)) + encode("R02018余额".encode("gb18030")) + bytes((NAK,))
    whole = Deframer().feed(stream)
    assert [type(heard) for heard in whole] == [Frame, Signal, Frame, Signal]
    for place in range(len(stream)):
        deframer = Deframer()
        assert fed(deframer.feed, stream, [place]) == whole
        assert not deframer.pending


@given(st.lists(DATA.map(encode) | SIGNALS, max_size=6), cuts)
@settings(max_examples=examples(200))
def test_any_stream_cut_anywhere_is_read_the_same(parts, places):
    stream = b"".join(parts)
    whole = Deframer().feed(stream)
    assert fed(Deframer().feed, stream, places) == whole
    assert len(whole) == len(parts)


@given(DATA, st.data())
@settings(max_examples=examples(300))
def test_a_flipped_bit_never_gives_another_frame(data, choose):
    frame = bytearray(encode(data))
    place, bit = choose.draw(st.integers(0, len(frame) - 1)), choose.draw(st.integers(0, 7))
    frame[place] ^= 1 << bit
    deframer = Deframer()
    heard = deframer.feed(bytes(frame)) + deframer.give_up()
    assert not [one for one in heard if isinstance(one, Frame) and one.data == data]


@given(st.binary(max_size=200), DATA)
@settings(max_examples=examples(300))
def test_after_any_noise_a_frame_is_found_when_the_line_has_been_still(noise, data):
    deframer = Deframer()
    deframer.feed(noise)
    deframer.give_up()
    assert not deframer.pending
    assert deframer.feed(encode(data)) == [Frame(data)]


def test_a_torn_frame_does_not_swallow_what_came_behind_it():
    deframer = Deframer()
    whole = encode(b"R02017good")
    heard = deframer.feed(bytes((STX, 0x01, 0x00)) + whole)
    assert heard == [BadFrame("control character"), Frame(b"R02017good")]


def test_both_codecs_agree():
    sent = encode(
        encode_message(ECR, Message("sale", 17, {"reference": "AB12", "amount": "100", "channel": "0"}))
    )
    (question,) = pos_frames.FrameReader().feed(sent)
    assert question == pos_frames.Question(
        "02", "017", {"reference": "AB12", "amount": "100", "channel": "0"}
    )
    answer = pos_frames.build(
        "R", "02", "017", {"code": "51", "text": "余额不足", "reference": "AB12", "rrn": None}
    )
    (frame,) = Deframer().feed(answer)
    told = decode_message(ECR, frame.data)
    assert told == Message("sale", 17, {"code": "51", "text": "余额不足", "reference": "AB12"}, Class.REPLY)


# -- messages -------------------------------------------------------------------------------------


def values_of(dialect, plan):
    """Any values that the plan can carry."""

    def value(name):
        spec = dialect.fields[name]
        if spec.form is Form.DIGITS:
            size = spec.most if not dialect.tlv else st.integers(1, spec.most)
            if not dialect.tlv:
                return st.text("0123456789", min_size=spec.most, max_size=spec.most)
            return size.flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
        if spec.form is Form.CHINESE:
            return st.text("余额不足交易成功𠮷ab", min_size=1, max_size=spec.most // 4)
        if spec.form is Form.CARD:
            return st.just("629900*********0123")
        return st.text("ABCXYZ0189", min_size=1, max_size=spec.most).map(str)

    names = dialect.plans[plan]
    needed = dialect.required[plan]
    return st.fixed_dictionaries(
        {name: value(name) for name in names if name in needed},
        optional={name: value(name) for name in names if name not in needed},
    )


@pytest.mark.parametrize("dialect", [ECR, FIXED], ids=["tlv", "fixed"])
@pytest.mark.parametrize("plan", sorted(ECR.plans))
@given(data=st.data())
@settings(max_examples=8)
def test_every_message_is_read_as_it_was_written(dialect, plan, data):
    kind = "sale" if plan == "notice" else plan.partition(".")[0]
    what = Class.NOTICE if plan == "notice" else Class.REPLY if "." in plan else Class.QUESTION
    message = Message(kind, data.draw(st.integers(0, 999)), data.draw(values_of(dialect, plan)), what)
    assert decode_message(dialect, encode_message(dialect, message)) == message


@given(st.binary(max_size=120))
@settings(max_examples=examples(300))
def test_no_data_breaks_the_reader(data):
    for dialect in (ECR, FIXED):
        for head in (b"", b"R02017", b"R05017", b"N02001"):
            try:
                told = decode_message(dialect, head + data)
            except ProtocolError:
                continue
            if told.what is Class.REPLY and "reference" in told.values:
                found = replies.payment(ECR, told)
                assert found is None or found.outcome in Outcome


@pytest.mark.parametrize(
    "data", [b"", b"R02", b"Z02017", b"R99017", b"R0201x", b"R0201710002", b"R02017100030", b"R02017"]
)
def test_what_is_no_message_is_told(data):
    with pytest.raises(ProtocolError):
        decode_message(ECR, data)


def test_tags_of_a_newer_pos_are_passed_over():
    told = decode_message(ECR, b"R0101710002" + b"00" + b"ZZ005hello")
    assert told.values == {"code": "00"}


@pytest.mark.parametrize(
    "values", [{}, {"reference": "A"}, {"reference": "A" * 21, "amount": "1", "channel": "0"},
               {"reference": "A", "amount": "1x", "channel": "0"}, {"reference": "A", "amount": "1", "channel": "0", "code": "00"}]
)  # fmt: skip
def test_what_the_dialect_cannot_carry_is_never_sent(values):
    with pytest.raises(ValueError, match="lacks|takes up to|has no field"):
        encode_message(ECR, Message("sale", 1, values))


def test_the_sequence_turns_over():
    assert (next_seq(0), next_seq(999)) == (1, 0)


# -- card numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (PAN, "629900*********0123"),
        ("6299 0012 3456 7890", "629900******7890"),
        ("629900*********0123", "629900*********0123"),
        ("629900123456", "********3456"),
        ("0123", "0123"),
        ("", ""),
    ],
)
def test_a_card_number_shows_ten_digits_at_most(number, shown):
    assert masked(number) == shown


@given(st.integers(13, 19).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_no_message_keeps_a_whole_card_number_whatever_the_pos_sends(pan):
    body = b"R02017" + b"1000200" + b"01004ABCD"
    body += b"15%03d" % len(pan) + pan.encode()
    text = f"卡号{pan}余额不足".encode("gb18030")
    body += b"11%03d" % len(text) + text
    told = decode_message(ECR, body)
    payment = replies.payment(ECR, told)
    for shown in (repr(told), repr(payment), repr(Frame(body))):
        assert pan not in shown
        assert not re.search(r"\d{13}", shown)
    assert payment.card == masked(pan)
    assert payment.text.endswith("余额不足")


# -- meaning --------------------------------------------------------------------------------------


def reply(kind="sale", **values):
    return Message(kind, 1, {"reference": "AB", **values}, Class.REPLY)


@pytest.mark.parametrize(
    ("values", "outcome", "word"),
    [
        ({"code": "00"}, Outcome.APPROVE, None),
        ({"code": "51"}, Outcome.DECLINE, "insufficientFunds"),
        ({"code": "57"}, Outcome.DECLINE, "declined"),
        ({"code": "C1"}, Outcome.END_APPLICATION, "cancelled"),
        ({"code": "98"}, Outcome.UNKNOWN, "reversing"),
        ({"code": "K1"}, Outcome.UNKNOWN, "referenceKnown"),
        ({"code": "Q9"}, Outcome.UNKNOWN, "strangeAnswer"),
        ({"code": "K1", "state": "A", "result": "00"}, Outcome.APPROVE, None),
        ({"code": "00", "state": "D", "result": "51"}, Outcome.DECLINE, "insufficientFunds"),
        ({"code": "00", "state": "D", "result": "00"}, Outcome.DECLINE, "declined"),
        ({"code": "00", "state": "E", "result": "H1"}, Outcome.END_APPLICATION, "hostUnreachable"),
        ({"code": "00", "state": "E"}, Outcome.END_APPLICATION, "strangeAnswer"),
        ({"code": "00", "state": "O"}, Outcome.UNKNOWN, "inProgress"),
        ({"code": "00", "state": "X", "result": "98"}, Outcome.UNKNOWN, "reversing"),
        ({"code": "00", "state": "R", "result": "98"}, Outcome.DECLINE, "reversed"),
        ({"code": "00", "state": "?"}, Outcome.UNKNOWN, "strangeAnswer"),
        *(({"code": code}, Outcome.UNKNOWN, "strangeAnswer") for code in "08 09 10 11 16 32 68 94".split()),
        ({"code": "00", "state": "A", "result": "11"}, Outcome.APPROVE, None),
    ],
)
def test_only_a_clear_word_is_an_outcome(values, outcome, word):
    found = replies.payment(ECR, reply(**values), Operation.SALE)
    assert (found.outcome, found.error_code) == (outcome, word)


@pytest.mark.parametrize("outcome", [*Outcome])
def test_an_outcome_that_waits_for_somebody_is_none_yet(outcome):
    waits = outcome in (Outcome.UNKNOWN, Outcome.ONLINE_REQUEST, Outcome.CONFIRMATION_REQUIRED)
    assert Payment(outcome).known is not waits


def test_a_query_is_answered_by_a_record_or_not_at_all():
    assert replies.payment(ECR, reply("query", code="N1")) is None
    bare = replies.payment(ECR, reply("query", code="00"))
    assert bare.outcome is Outcome.UNKNOWN
    voided = replies.payment(ECR, reply("query", code="00", state="V", operation="02"))
    assert (voided.outcome, voided.voided, voided.operation) == (Outcome.APPROVE, True, Operation.SALE)


@pytest.mark.parametrize("code", sorted(ECR.codes.keys() - {"N1"}) + ["57", "Q9"])
def test_the_code_of_a_query_without_a_record_says_nothing_of_the_order(code):
    assert replies.payment(ECR, reply("query", code=code)).outcome is Outcome.UNKNOWN


def test_a_record_of_another_operation_is_told_as_what_it_is():
    known = reply("sale", code="K1", state="A", result="00", operation="03", amount="000000004200")
    assert replies.payment(ECR, known, Operation.SALE).operation is Operation.VOID
    assert replies.payment(ECR, reply("sale", code="00"), Operation.SALE).operation is Operation.SALE


def test_a_moment_that_is_none_is_left_out():
    assert replies.payment(ECR, reply(code="00", at="20261399000000")).at is None
    assert (
        replies.payment(ECR, reply(code="00", at="20261126120000")).at.isoformat()
        == "2026-11-26T12:00:00+08:00"
    )


def test_totals_need_every_figure():
    with pytest.raises(ProtocolError, match="saleCount"):
        replies.totals(Message("totals", 1, {"code": "00", "batch": "000001"}, Class.REPLY))


def test_a_stage_nobody_knows_is_none():
    told = [replies.stage(ECR, Message("sale", 1, {"stage": code}, Class.NOTICE)) for code in ("07", "66")]
    assert told == [Stage.PIN_ENTRY, None]


# -- profiles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "ecr"', 'name = ""', "name"),
        ('layout = "tlv"', 'layout = "xml"', "layout"),
        ('cancel = "08"', 'cancel = "07"', "number of its own"),
        ('tag = "02"', 'tag = "01"', "a tag twice"),
        ('cancel = []', 'cancel = ["colour"]', "colour"),
        ('"05" = { outcome = "decline", word = "doNotHonour" }', '"05" = { outcome = "approve" }', "no other code"),
        ('"00" = { outcome = "approve" }', '"00" = { outcome = "decline" }', "00 is approve"),
        ('qr = "2"', "", "qr"),
        ('sale = ["reference!",', 'sale = ["reference",', "reference!"),
        ('"query.reply" = ["code!", "text", "reference!", "amount", "state",',
         '"query.reply" = ["code!", "text", "reference!", "amount",', "lacks state"),
        ('notice = ["reference", "stage!"]', 'notice = ["reference"]', "stage!"),
        ('O = "open"', 'O = "ajar"', "ajar"),
        ('most = 80', 'most = 999', "longer than a frame"),
        ("[kinds]", "[kinds", "no TOML"),
    ],
)  # fmt: skip
def test_a_profile_that_could_not_work_is_refused_with_what_is_wrong(tmp_path, old, new, problem):
    from importlib.resources import files

    text = (files("config") / "pos" / "ecr.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "bank.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DriverConfigError, match=problem):
        load_dialect(str(path))


def test_a_profile_that_is_not_there_is_told():
    with pytest.raises(DriverConfigError, match="ecr"):
        load_dialect("nobody")
