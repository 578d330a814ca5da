"""Words, envelope and catalogue: one source for every message, and no input that breaks the reader."""

import importlib
import inspect
import json
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drivers import errors
from drivers.errors import DeviceError
from drivers.ports import IdCardLayout
from drivers.xfs import messages
from drivers.xfs.catalogue import Interface
from drivers.xfs.envelope import (
    Refused,
    read_command,
    read_reply,
    write_acknowledge,
    write_command,
    write_completion,
    write_event,
    write_unsolicited,
)
from drivers.xfs.failure import CommandFailed, ending_of
from drivers.xfs.messages import common, dispenser, paper_job, printer, resident_id, storage
from drivers.xfs.payload import Payload
from drivers.xfs.words import CompletionCode, MessageType, Refusal
from tests.drivers.fakes import CARD

INTERFACES = [
    value
    for module in pkgutil.iter_modules(messages.__path__)
    for value in vars(importlib.import_module(f"{messages.__name__}.{module.name}")).values()
    if isinstance(value, Interface)
]
COMMANDS = [command for interface in INTERFACES for command in interface.commands]
STANDARD = {
    "Common",
    "CardReader",
    "Printer",
    "Storage",
    "BarcodeReader",
    "Camera",
    "Biometric",
    "Auxiliaries",
    "Lights",
    "PowerManagement",
    "Keyboard",
    "KeyManagement",
    "PinPad",
    "ServicePublisher",
}


def test_the_completion_codes_are_the_23_of_the_standard():
    assert len(CompletionCode) == 23
    assert {"timeOut", "canceled", "authorisationRequired", "invalidRequestID"} <= set(CompletionCode)


def test_every_error_of_a_driver_names_a_completion_code():
    known = [e for _, e in inspect.getmembers(errors, inspect.isclass) if issubclass(e, DeviceError)]
    assert len(known) > 12
    for error in known:
        CompletionCode(error.completion)


def test_every_message_belongs_to_its_interface_and_has_a_name_of_its_own():
    names = [message.name for i in INTERFACES for message in (*i.commands, *i.events)]
    assert len(names) == len(set(names))
    for interface in INTERFACES:
        for message in (*interface.commands, *interface.events):
            assert message.name.startswith(f"{interface.name}.")


@pytest.mark.parametrize(
    ("name", "command", "completion"),
    [
        ("Common.Status", "2.0", "3.0"),
        ("Common.Capabilities", "2.0", "3.0"),
        ("CardReader.ReadRawData", "2.0", "3.0"),
        ("CardReader.ChipPower", "2.0", "3.0"),
        ("CardReader.ChipIO", "3.0", "3.0"),
        ("Printer.PrintRaw", "3.0", "3.0"),
        ("Printer.PrintNative", "3.0", "2.0"),
        ("Printer.PrintForm", "3.0", "3.0"),
        ("Printer.ControlMedia", "3.0", "2.0"),
        ("Printer.Reset", "3.0", "2.0"),
        ("Storage.GetStorage", "2.0", "2.1"),
        ("Storage.SetStorage", "2.1", "2.0"),
        ("BarcodeReader.Read", "2.0", "3.0"),
        ("Camera.TakePicture", "2.0", "3.0"),
        ("Biometric.Read", "2.0", "3.0"),
        ("Biometric.Import", "3.0", "2.0"),
        ("Biometric.Match", "2.0", "3.0"),
        ("Lights.SetLight", "3.0", "2.0"),
        ("Auxiliaries.SetAuxiliaries", "2.0", "2.0"),
    ],
)
def test_messages_of_the_standard_have_its_versions(name, command, completion):
    (found,) = [c for c in COMMANDS if c.name == name]
    assert (found.version, found.completion) == (command, completion)


def test_our_own_interfaces_put_no_key_into_messages_of_the_standard():
    ours = {interface.name for interface in INTERFACES} - STANDARD
    assert ours == {
        "ResidentIdReader",
        "PaperJob",
        "InvoiceDispenser",
        "FaceCamera",
        "SigningCard",
        "TaxControl",
        "Care",
        "SignaturePad",
        "PaymentTerminal",
        "InvoicePrinter",
        "DocumentScanner",
        "DocumentCamera",
        "MrzReader",
        "Supervision",
        "CabinetBoard",
        "Watchdog",
        "UpsMonitor",
        "StampUnit",
    }


def test_a_client_that_may_only_look_has_commands_that_tell_and_do_nothing():
    looks = {c.name for c in COMMANDS if not (c.moves or c.acts or c.operator)}
    assert looks == set(
        """Auxiliaries.GetAutoStartupTime Auxiliaries.Register Biometric.GetStorageInfo CabinetBoard.GetEvents
        CardReader.QueryIFMIdentifier Care.GetCare Common.Cancel Common.Capabilities Common.GetTransactionState
        Common.SetVersions Common.Status InvoiceDispenser.GetRanges InvoiceDispenser.Query
        KeyManagement.GetKeyDetail PaperJob.Query PaymentTerminal.GetLastSettlement PaymentTerminal.GetTotals
        PaymentTerminal.GetUnresolved PaymentTerminal.QueryLast Printer.GetFormList ServicePublisher.GetServices StampUnit.Query
        Storage.GetStorage Supervision.GetHealth UpsMonitor.Read""".split()
    )


def _all_payloads():
    for message in COMMANDS:
        yield message.payload
        yield message.result
    for interface in INTERFACES:
        for event in interface.all_events():
            yield event.payload


def test_property_names_are_lower_camel():
    for model in set(_all_payloads()):
        for name, field in model.model_fields.items():
            alias = field.alias or name
            assert alias[0].islower(), (model, alias)
            assert "_" not in alias, (model, alias)


def test_nulls_are_not_sent_and_absent_and_null_are_read_alike():
    told = paper_job.QueryOut(known=False)
    assert told.wire() == {"known": False}
    assert paper_job.QueryOut.model_validate({"known": True, "outcome": None}).outcome is None


def test_words_are_read_in_any_case_and_written_exactly():
    control = printer.MediaControl.model_validate({"move": "EJECT", "cut": True, "turnPage": "Forward"})
    assert control.asked() == {"eject", "cut", "pageForward"}
    assert control.wire()["move"] == "eject"
    with pytest.raises(ValidationError):
        printer.MediaControl.model_validate({"move": "sideways"})


def test_a_number_is_never_taken_for_a_text_nor_a_text_for_a_number():
    for payload in ({"jobKey": 12345678}, {"jobKey": None}, {}):
        with pytest.raises(ValidationError):
            dispenser.JobIn.model_validate(payload)
    with pytest.raises(ValidationError):
        common.CancelIn.model_validate({"requestIds": ["1"]})


def test_changed_units_stand_directly_in_the_payload():
    unit = storage.Unit(card=storage.CardUnit(status=storage.CardCounts(count=3)))
    body = storage.ChangedUnits(unit1=unit)
    assert body.wire() == {"unit1": {"card": {"status": {"count": 3}}}}
    counts = storage.BinCounts.model_validate({"in": 4})
    assert counts.wire() == {"in": 4}


@pytest.mark.parametrize("layout", list(IdCardLayout))
def test_a_card_survives_the_wire(layout):
    import dataclasses

    card = dataclasses.replace(CARD, layout=layout)
    text = json.dumps(resident_id.ReadIdCardOut.of(card).wire())
    assert resident_id.ReadIdCardOut.model_validate(json.loads(text)).card() == card


def test_every_written_message_is_read_back():
    text = write_command("Common.Status", 7, "2.0", 5000, {})
    command = read_command(text)
    assert (command.name, command.request_id, command.version, command.timeout_ms) == (
        "Common.Status",
        7,
        "2.0",
        5000,
    )
    refused = read_reply(write_acknowledge("A.B", 7, "2.0", Refusal.TOO_MANY_REQUESTS))
    assert (refused.type, refused.status) == (MessageType.ACKNOWLEDGE, "tooManyRequests")
    event = read_reply(write_event("A.B", 7, "2.0", {"x": 1}))
    assert (event.type, event.request_id, event.payload) == (MessageType.EVENT, 7, {"x": 1})
    for kind in (MessageType.UNSOLICITED, MessageType.EVENT):
        told = read_reply(write_unsolicited("A.B", "2.0", {}, kind))
        assert (told.type, told.request_id) == (MessageType.UNSOLICITED, None)
    done = read_reply(write_completion("A.B", 7, "3.0", CompletionCode.TIME_OUT, None, "late"))
    assert (done.completion_code, done.description, done.payload) == ("timeOut", "late", {})
    assert "errorDescription" not in write_completion("A.B", 7, "3.0", CompletionCode.SUCCESS, None, "words")


def test_old_services_tell_their_code_in_the_payload():
    header = {"name": "A.B", "requestId": 7, "type": "completion", "version": "1.0"}
    payload = {"completionCode": "success", "errorDescription": "", "data": 1}
    assert read_reply(json.dumps({"header": header, "payload": payload})).completion_code == "success"
    header |= {"type": "acknowledge"}
    assert (
        read_reply(json.dumps({"header": header, "payload": {"status": "invalidMessage"}})).status
        == "invalidMessage"
    )


@given(st.one_of(st.text(), st.binary()))
def test_no_input_breaks_the_reader(data):
    for read, expected in ((read_command, Refused), (read_reply, ValueError)):
        try:
            read(data)
        except expected:
            pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HEADER = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("name", "requestId", "type", "version", "timeout", "completionCode"), JSON)
)


@given(st.fixed_dictionaries({"header": HEADER | JSON}, optional={"payload": JSON}))
def test_no_header_breaks_the_reader(message):
    text = json.dumps(message)
    try:
        command = read_command(text)
    except Refused as refused:
        assert isinstance(refused.request_id, int)
        assert write_acknowledge(refused.name, refused.request_id, "1.0", refused.status).encode()
    else:
        assert command.request_id >= 1
    try:
        read_reply(text)
    except ValueError:
        pass


KEYS = (
    st.sampled_from(["jobKey", "data", "unit", "first", "storage", "chip", "templates", "receipt"])
    | st.text()
)


@given(command=st.sampled_from(COMMANDS), payload=st.dictionaries(KEYS, JSON))
def test_no_payload_breaks_a_model(command, payload):
    model: type[Payload] = command.payload
    try:
        json.dumps(model.model_validate(payload).wire())
    except (ValidationError, ValueError):
        pass


def test_an_error_becomes_the_commands_own_code_only_where_it_declares_it():
    error = errors.HardwareFault("paperOut", "no paper")
    own = ending_of(error, printer.PRINT_NATIVE, too_late=False)
    assert (own.code, own.payload) == (CompletionCode.COMMAND_ERROR_CODE, {"errorCode": "paperOut"})
    other = ending_of(error, paper_job.QUERY, too_late=False)
    assert (other.code, other.payload) == (CompletionCode.HARDWARE_ERROR, {})
    assert "paperOut" in other.description
    late = ending_of(errors.MediaMissing("none"), resident_id.READ_ID_CARD, too_late=True)
    assert late.code is CompletionCode.TIME_OUT
    gone = ending_of(errors.MediaMissing("none"), resident_id.READ_ID_CARD, too_late=False)
    assert gone.payload == {"errorCode": "noMedia"}
    partial = CommandFailed("jam", "jammed", dispenser.RetractOut(count=1, numbers=["1"]))
    told = ending_of(partial, dispenser.RETRACT, too_late=False)
    assert told.payload == {"errorCode": "jammed", "count": 1, "numbers": ["1"]}
