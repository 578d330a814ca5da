"""Codes of another vendor's barcode reader in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.xfs4iot_readers import XfsBarcodeReader


@pytest.mark.parametrize(
    ("told", "symbology"),
    [
        ({"symbology": "qrCode"}, "qrCode"),
        ({"symbology": None}, "symbologyUnknown"),
        ({}, "symbologyUnknown"),
    ],
)
async def test_a_code_of_which_the_service_does_not_say_what_it_is_has_the_standard_s_word_for_that(
    told: Mapping[str, Any], symbology: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = XfsBarcodeReader("barcodeReader", SystemClock(), "ws://127.0.0.1:9/BarcodeReader")

    async def ask(name: str, payload: Mapping[str, Any], deadline: Deadline) -> Mapping[str, Any]:
        return {"readOutput": [{**told, "barcodeData": "MDEsMTA="}]}

    monkeypatch.setattr(reader, "_ask", ask)
    code = await reader.scan(Deadline.after(1))
    assert (code.symbology, code.data) == (symbology, b"01,10")


async def test_of_several_codes_of_one_read_the_wanted_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = XfsBarcodeReader("barcodeReader", SystemClock(), "ws://127.0.0.1:9/BarcodeReader")
    reads = iter(
        [
            [{"symbology": "code128", "barcodeData": "MQ=="}],
            [{"symbology": "code128", "barcodeData": "MQ=="}, {"symbology": "qrCode", "barcodeData": "Mg=="}],
        ]
    )

    async def ask(name: str, payload: Mapping[str, Any], deadline: Deadline) -> Mapping[str, Any]:
        return {"readOutput": next(reads)}

    monkeypatch.setattr(reader, "_ask", ask)
    assert (await reader.scan(Deadline.after(5), ["qrCode"])).data == b"2"
