"""A client that knows nothing but the published messages: all it is given is the URI in its configuration."""

import logging

import pytest
from websockets.exceptions import InvalidStatus

from drivers.xfs.auth import TokenFileError, read_tokens
from tests.drivers.cabinet import CUSTOMER, PATH
from tests.drivers.running import running
from tests.drivers.xfs_client import Wire, code


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "IdCardReader", "BarcodeReader") as cab:
        yield cab


def configured(cab, token=PATH):
    """What stands in the configuration of such a client."""
    return f"ws://127.0.0.1:{cab.cabinet.server.port}/{token}/xfs4iot/v1.0"


@pytest.mark.parametrize("suffix", ["", "/"])
def test_a_client_of_the_standard_alone_finds_and_uses_our_services(cab, suffix):
    with Wire(configured(cab) + suffix) as publisher:
        services = publisher.do("ServicePublisher.GetServices")["services"]
    found = {}
    for service in services:
        with Wire(service["serviceURI"] + suffix) as wire:
            told = wire.do("Common.Capabilities")
            assert wire.do("Common.Status")["common"]["device"] == "online"
            found |= {interface["name"]: service["serviceURI"] for interface in told["interfaces"]}
    assert {"CardReader", "BarcodeReader"} <= set(found)
    with Wire(found["BarcodeReader"]) as wire:
        cab.do(cab.device("BarcodeReader").show_code, b"42")
        assert wire.do("BarcodeReader.Read", timeout_ms=5000)["readOutput"][0]["barcodeData"] == "NDI="


def test_the_others_are_handed_no_token(cab):
    with cab.wire() as publisher:
        told = publisher.do("ServicePublisher.GetServices")
    assert PATH not in str(told) and CUSTOMER not in str(told)


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        (CUSTOMER, {}, 401),  # a token for a header opens no path
        (PATH.lower(), {}, 401),
        ("", {}, 401),
        (PATH, {"Authorization": "Bearer wrong"}, 401),
        (PATH, {"Origin": "http://127.0.0.1"}, 403),
    ],
)
def test_who_may_not_come_in_by_the_path(cab, token, headers, status):
    with pytest.raises(InvalidStatus) as refused:
        Wire(configured(cab, token), headers=headers)
    assert refused.value.response.status_code == status


def test_a_token_for_a_path_opens_no_header_and_no_unknown_service(cab):
    with pytest.raises(InvalidStatus) as refused:
        cab.wire(token=PATH)
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        Wire(f"{configured(cab)}/Nothing")
    assert refused.value.response.status_code == 404


def test_such_a_client_moves_a_card_but_unlocks_nothing(tmp_path):
    with running(tmp_path, "InvoiceDispenser") as cab, Wire(f"{configured(cab)}/InvoiceDispenser") as wire:
        assert code(wire.ask("Storage.StartExchange")[1]) == "authorisationRequired"


def test_no_token_is_written_to_the_log_even_in_detail(cab, caplog):
    with caplog.at_level(logging.DEBUG), Wire(configured(cab)) as publisher, cab.wire() as other:
        publisher.do("ServicePublisher.GetServices")
        other.do("ServicePublisher.GetServices")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("kiosk")]
    assert ours and not [line for line in ours if PATH in line or CUSTOMER in line]


@pytest.mark.parametrize(
    ("token", "roles"),
    [("short-but-long", "application"), ("a/" * 20, "application"), ("p" * 40, "operator")],
)
def test_a_token_that_is_not_fit_for_a_path_is_refused_in_words(tmp_path, token, roles):
    file = tmp_path / "tokens.json"
    file.write_text(f'{{"{token:_<16}": {{"client": "x", "roles": ["{roles}"], "in_path": true}}}}')
    with pytest.raises(TokenFileError, match="in_path"):
        read_tokens(file)
