"""The services of one role each in the application's words; thin, typed, without policy."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from drivers.client.answers import bytes_of, understood
from drivers.client.connection import OnEvent
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable
from drivers.client.hub import DeviceHub
from drivers.ports import Barcode, IdCard, PinCheck, PrintOutcome, PrintResult
from drivers.xfs.messages.dispenser import DispenseOut, ExchangeBy, QueryOut, Ranges, RetractOut
from drivers.xfs.messages.face_camera import VerifyFaceOut
from drivers.xfs.messages.resident_id import ReadIdCardOut
from drivers.xfs.messages.storage import BinCounts, Level, Units
from drivers.xfs.payload import Payload

ASK_WITHIN_S = 10.0
MOTION_S = 30.0
SHEET_S = 6.0
"""A sheet takes under two seconds; six leave room for a repeated frame."""
TAKE_S = 60.0


class IdCardReaderClient:
    """Resident ID card reader."""

    def __init__(self, hub: DeviceHub, role: str = "idReader") -> None:
        self._hub, self._role = hub, role

    async def read_card(self, timeout_s: float, on_event: OnEvent | None = None) -> IdCard:
        """Wait for a card and read it; ``on_event`` hears InsertCard, MediaInserted and InvalidMedia."""
        name = "ResidentIdReader.ReadIdCard"
        told = await self._hub.request(self._role, name, {}, timeout_s, on_event)
        with understood(self._role, name):
            return ReadIdCardOut.model_validate(told).card()


class PaperClient:
    """A printer whose jobs have our key: the same key never prints twice."""

    def __init__(self, hub: DeviceHub, role: str) -> None:
        self._hub, self._role = hub, role

    async def print_pdf(
        self, job_key: str, name: str, pdf: bytes, timeout_s: float, copies: int = 1
    ) -> PrintResult:
        """Print a document once; ``name`` stands in the printer's list and must hold no personal data."""
        data = base64.b64encode(pdf).decode("ascii")
        payload = {"jobKey": job_key, "format": "pdf", "name": name, "data": data, "copies": copies}
        return await self._print(payload, timeout_s)

    async def print_receipt(
        self, job_key: str, blocks: Sequence[Mapping[str, Any]], timeout_s: float
    ) -> PrintResult:
        """Print a receipt given as blocks (``drivers/receipt.py``) once."""
        payload = {"jobKey": job_key, "format": "receipt", "receipt": [dict(b) for b in blocks]}
        return await self._print(payload, timeout_s)

    async def query(self, job_key: str) -> PrintResult | None:
        """What became of a job; None when it was never begun.

        Raises ``DeviceUnavailable`` while the job is still being printed: nobody knows yet.
        """
        told = await self._hub.request(self._role, "PaperJob.Query", {"jobKey": job_key}, ASK_WITHIN_S)
        if not told.get("known"):
            return None
        if not told.get("outcome"):
            raise DeviceUnavailable(self._role, "the job is still being printed")
        with understood(self._role, "PaperJob.Query"):
            return result_of(told)

    async def _print(self, payload: Mapping[str, Any], timeout_s: float) -> PrintResult:
        told = await self._hub.request(self._role, "PaperJob.Print", payload, timeout_s)
        with understood(self._role, "PaperJob.Print"):
            return result_of(told)


@dataclass(frozen=True, slots=True)
class Bin:
    """Sheets that lie in a bin of the dispenser, and whether the machine calls it full, or nearly."""

    count: int
    full: bool = False
    nearly_full: bool = False


class DispenserClient:
    """Paper-invoice dispenser."""

    def __init__(self, hub: DeviceHub, role: str = "invoiceDispenser") -> None:
        self._hub, self._role = hub, role

    async def dispense(
        self,
        job_key: str,
        unit: str,
        code: str,
        first: str,
        last: str,
        on_item: Callable[[Mapping[str, Any]], None] | None = None,
        timeout_s: float | None = None,
    ) -> Mapping[str, Any]:
        """Feed the numbers; ``on_item`` hears each sheet as it comes to rest.

        What stopped half way is an answer too, with its ``errorCode``: ``outcome``, ``items``, ``nextNumber``.
        Raises ``DeviceUnavailable`` when no answer came; then only ``query`` tells what moved.
        """

        def hear(name: str, payload: Mapping[str, Any]) -> None:
            if name == "InvoiceDispenser.ItemEvent" and on_item is not None:
                on_item(payload)

        payload = {"jobKey": job_key, "unit": unit, "code": code, "first": first, "last": last}
        limit = MOTION_S + SHEET_S * (int(last) - int(first) + 1) if timeout_s is None else timeout_s
        try:
            told = await self._hub.request(self._role, "InvoiceDispenser.Dispense", payload, limit, hear)
        except DeviceCommandFailed as error:
            if not error.payload.get("items"):
                raise
            return {**error.payload, "errorCode": error.error_code or error.completion_code}
        return self._checked("Dispense", DispenseOut, told)

    async def present(self, job_key: str, timeout_s: float = MOTION_S) -> None:
        """Open the tray."""
        await self._hub.request(self._role, "InvoiceDispenser.Present", {"jobKey": job_key}, timeout_s)

    async def wait_taken(self, job_key: str, timeout_s: float = TAKE_S) -> bool:
        """Whether the tray was emptied before ``timeout_s``, or the minute that the service itself waits."""
        try:
            told = await self._hub.request(
                self._role, "InvoiceDispenser.WaitTaken", {"jobKey": job_key}, timeout_s
            )
        except DeviceCommandFailed as error:
            if error.completion_code == "timeOut":
                return False
            raise
        return bool(told.get("taken"))

    async def retract(self, job_key: str, timeout_s: float = MOTION_S) -> Mapping[str, Any]:
        """Draw back what lies in the tray; ``count`` and ``numbers``."""
        told = await self._hub.request(self._role, "InvoiceDispenser.Retract", {"jobKey": job_key}, timeout_s)
        return self._checked("Retract", RetractOut, told)

    async def query(self, job_key: str) -> Mapping[str, Any]:
        """The record of a job: ``known``, ``state``, ``outcome``, ``error``, ``items``, ``sensors``."""
        told = await self._hub.request(
            self._role, "InvoiceDispenser.Query", {"jobKey": job_key}, ASK_WITHIN_S
        )
        return {**self._checked("Query", QueryOut, told), "error": told.get("errorCode")}

    async def ranges(self) -> Mapping[str, Mapping[str, Any]]:
        """What each unit holds, by unit."""
        told = await self._hub.request(self._role, "InvoiceDispenser.GetRanges", {}, ASK_WITHIN_S)
        units: Mapping[str, Mapping[str, Any]] = self._checked("GetRanges", Ranges, told)["units"]
        return units

    async def load(self, unit: str, code: str, kind: str, first: str, last: str) -> None:
        """Tell what was put into a unit, within a storage exchange; needs the operator role."""
        payload = {"unit": unit, "code": code, "kind": kind, "first": first, "last": last}
        async with self._exchange():
            await self._hub.request(self._role, "InvoiceDispenser.SetRange", payload, ASK_WITHIN_S)

    async def take_out(self, units: Sequence[str]) -> None:
        """Tell that everything was taken out of these units, within a storage exchange; the same again does no harm."""
        changes = {unit: {"card": {"status": {"initialCount": 0}}} for unit in units}
        async with self._exchange():
            await self._hub.request(self._role, "Storage.SetStorage", {"storage": changes}, ASK_WITHIN_S)

    async def bins(self) -> Mapping[str, Bin]:
        """What lies in the bins for refused and drawn-back sheets, by their key of the Storage interface."""
        name = "Storage.GetStorage"
        told = await self._hub.request(self._role, name, {}, ASK_WITHIN_S)
        with understood(self._role, name):
            units = Units.model_validate(told).storage
        found = {key: unit.printer.status for key, unit in units.items() if unit.printer}
        return {key: _bin(told) for key, told in found.items() if told}

    async def emptied(self, bins: Sequence[str]) -> None:
        """Tell that these bins hold nothing any more, within a storage exchange; needs the operator role."""
        changes = {key: {"printer": {"status": {"initial": 0}}} for key in bins}
        async with self._exchange():
            await self._hub.request(self._role, "Storage.SetStorage", {"storage": changes}, ASK_WITHIN_S)

    @asynccontextmanager
    async def _exchange(self) -> AsyncIterator[None]:
        """A storage exchange; one that a power cut or Ctrl-C left open is gone on with: nobody else would end it.

        Raise ``DeviceCommandFailed`` (``exchangeActive``) while somebody else is at one, and leave that as it is.
        """
        async with self._hub.exchanging:
            try:
                await self._hub.request(self._role, "Storage.StartExchange", {}, ASK_WITHIN_S)
            except DeviceCommandFailed as error:
                if error.error_code != "exchangeActive" or not await self._may_go_on():
                    raise
            try:
                yield
            finally:
                await self._hub.request(self._role, "Storage.EndExchange", {}, ASK_WITHIN_S)

    async def _may_go_on(self) -> bool:
        """Whether the exchange that is under way is this connection's own, or one that whoever began it has left."""
        told = await self._hub.request(self._role, "InvoiceDispenser.GetRanges", {}, ASK_WITHIN_S)
        return told.get("exchange") in (ExchangeBy.OWN, ExchangeBy.LEFT)

    async def unlock(self, unit: str) -> None:
        """Somebody has looked and found the next number in front; needs the operator role."""
        await self._hub.request(self._role, "InvoiceDispenser.Unlock", {"unit": unit}, ASK_WITHIN_S)

    async def reset(self, timeout_s: float = MOTION_S) -> None:
        """Clear the machine's way after a jam."""
        await self._hub.request(self._role, "InvoiceDispenser.Reset", {}, timeout_s)

    def _checked(self, name: str, model: type[Payload], told: Mapping[str, Any]) -> Mapping[str, Any]:
        """``told`` itself, if it is such an answer; raise ``AnswerNotUnderstood``."""
        with understood(self._role, f"InvoiceDispenser.{name}"):
            model.model_validate(told)
        return told


class FaceClient:
    """Face camera: preview and one comparison."""

    def __init__(self, hub: DeviceHub, role: str = "faceCamera") -> None:
        self._hub, self._role = hub, role

    async def preview(self, on_frame: Callable[[bytes], None]) -> None:
        """Frames as JPEG until cancelled."""

        def hear(name: str, payload: Mapping[str, Any]) -> None:
            if name == "FaceCamera.FrameEvent":
                on_frame(base64.b64decode(str(payload["jpeg"])))

        await self._hub.request(self._role, "FaceCamera.StartPreview", {}, None, hear)

    async def verify(self, reference: bytes, threshold: float, timeout_s: float) -> Mapping[str, Any]:
        """Compare: ``score``, ``live``, ``passed``, ``matcher``, ``reason``.

        Nobody passes by a service's word alone whose own numbers say otherwise.
        """
        data = base64.b64encode(reference).decode("ascii")
        payload, name = {"reference": data, "threshold": threshold}, "FaceCamera.VerifyFace"
        answer = await self._hub.request(self._role, name, payload, timeout_s)
        with understood(self._role, name):
            told = VerifyFaceOut.model_validate(answer)
        passed = told.passed and told.live and told.score >= threshold
        return told.model_copy(update={"passed": passed}).wire()


class BarcodeClient:
    """Barcode and QR reader."""

    def __init__(self, hub: DeviceHub, role: str = "barcodeReader") -> None:
        self._hub, self._role = hub, role

    async def read(self, timeout_s: float, symbologies: Sequence[str] = ()) -> Barcode:
        """Wait for one code, of one of ``symbologies`` when some are named."""
        wanted = {"symbologies": dict.fromkeys(symbologies, True)} if symbologies else {}
        told = await self._hub.request(self._role, "BarcodeReader.Read", wanted, timeout_s)
        with understood(self._role, "BarcodeReader.Read"):
            first = told["readOutput"][0]
            return Barcode(str(first["symbology"]), bytes_of(first["barcodeData"]))


class SmartCardClient:
    """Chip card reader or UKey: raw APDUs, and the key that its profile describes."""

    def __init__(self, hub: DeviceHub, role: str = "smartCardReader") -> None:
        self._hub, self._role = hub, role

    async def read_atr(self, timeout_s: float, on_event: OnEvent | None = None) -> bytes:
        """Wait for a card, power it, and give its answer to reset; ``on_event`` hears InsertCard and MediaInserted."""
        told = await self._hub.request(
            self._role, "CardReader.ReadRawData", {"chip": True}, timeout_s, on_event
        )
        with understood(self._role, "CardReader.ReadRawData"):
            return bytes_of(told["chip"][0]["data"])

    async def transmit(self, apdu: bytes, timeout_s: float = ASK_WITHIN_S) -> bytes:
        """One command APDU and its whole answer; the card must have been powered."""
        data = base64.b64encode(apdu).decode("ascii")
        payload = {"chipProtocol": "chipProtocolNotRequired", "chipData": data}
        told = await self._hub.request(self._role, "CardReader.ChipIO", payload, timeout_s)
        with understood(self._role, "CardReader.ChipIO"):
            return bytes_of(told["chipData"])

    async def verify_pin(self, pin: str, timeout_s: float = ASK_WITHIN_S) -> PinCheck:
        """Show a PIN. A wrong one is an answer and costs a try."""
        try:
            await self._hub.request(self._role, "SigningCard.VerifyPin", {"pin": pin}, timeout_s)
        except DeviceCommandFailed as error:
            if error.error_code not in ("pinWrong", "pinBlocked"):
                raise
            left = error.payload.get("triesLeft")
            return PinCheck(False, left if isinstance(left, int) else None)
        return PinCheck(True)

    async def certificate(self, timeout_s: float = ASK_WITHIN_S) -> bytes:
        """The certificate, DER."""
        told = await self._hub.request(self._role, "SigningCard.ReadCertificate", {}, timeout_s)
        with understood(self._role, "SigningCard.ReadCertificate"):
            return bytes_of(told["certificate"])

    async def sign(self, challenge: bytes, timeout_s: float = ASK_WITHIN_S) -> bytes:
        """The signature over ``challenge``, which the certificate's key verifies with SHA-256."""
        payload = {"challenge": base64.b64encode(challenge).decode("ascii")}
        told = await self._hub.request(self._role, "SigningCard.Sign", payload, timeout_s)
        with understood(self._role, "SigningCard.Sign"):
            return bytes_of(told["signature"])


def _bin(told: BinCounts) -> Bin:
    level = told.replenishment_status
    return Bin(told.inside or 0, level is Level.FULL, level is Level.HIGH)


def result_of(told: Mapping[str, Any]) -> PrintResult:
    """The outcome in an answer of PaperJob."""
    error = told.get("errorCode")
    sheets = int(told.get("sheets") or 0)
    code = str(error) if error else None
    return PrintResult(PrintOutcome(told["outcome"]), code, sheets, partly=bool(told.get("partly")))
