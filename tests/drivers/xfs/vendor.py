"""Another vendor's XFS4IoT services: a receipt and a document printer, a barcode reader, a camera, a card reader, a scanner.

Those of the cabinet itself and of its PIN pad are in ``vendor_cabinet.py``.

Written from the standard's message definitions alone; no line of the program under test is in it. It behaves as the
open reference framework's server does: unsolicited messages have type "event" and no requestId, an acknowledge has no
payload, a command's version must be one that Capabilities lists, no nulls are written, URIs end in a slash. What
people do (hold up a code, open the cover) are methods here.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import itertools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.drivers.xfs.vendor_cabinet import VendorCabinet
from tests.drivers.xfs.vendor_pad import VendorPad
from tests.drivers.xfs.vendor_service import Failed, Service, Waiting

__all__ = ["Failed", "Service", "Vendor"]

BASE = "/xfs4iot/v1.0"
JPEG_SIZE = (160, 120)


class Vendor:
    """All its services and their publisher on one port of loopback."""

    def __init__(self, seconds_a_page: float = 0.02) -> None:
        self.receipts: list[bytes] = []
        self.documents: list[bytes] = []
        self.cards: asyncio.Queue[bytes] = asyncio.Queue()
        self.sheets: asyncio.Queue[dict[str, bytes]] = asyncio.Queue()
        self.answers: dict[bytes, bytes] = {}
        self.answered: Callable[[bytes], bytes] = lambda sent: self.answers.get(sent, b"\x6d\x00")
        self.card_reset: Callable[[], object] = lambda: None
        self.apdus: list[bytes] = []
        self.codes: asyncio.Queue[bytes] = asyncio.Queue()
        self.paper = "full"
        self.fault: Failed | None = None
        self.cabinet = VendorCabinet()
        self.pad = VendorPad()
        self._page = seconds_a_page
        self._frames = itertools.count()
        self.services = {
            one.name: one
            for one in (
                self._receipt(),
                self._document(),
                self._barcode(),
                self._camera(),
                self._card(),
                self._scanner(),
                self.cabinet.board,
                self.cabinet.ups,
                self.pad.service,
            )
        }
        self._server: Server | None = None
        self._workers: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(next(iter(self._server.sockets)).getsockname()[1])

    def uri(self, name: str = "", port: int | None = None) -> str:
        return f"ws://127.0.0.1:{port or self.port}{BASE}/{name}{'/' if name else ''}"

    async def start(self, port: int = 0) -> None:
        self._server = await serve(self._client, "127.0.0.1", port, max_size=8 << 20, compression=None)
        self._workers = [asyncio.create_task(self._work(one)) for one in self.services.values()]

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    # --- the wire ---------------------------------------------------------------------------------------

    async def _client(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        path = socket.request.path.lower().rstrip("/")
        service = next((s for s in self.services.values() if path == f"{BASE}/{s.name}".lower()), None)
        if service is None and path != BASE:
            await socket.close(1008)
            return
        if service is not None:
            service.clients.add(socket)
        try:
            async for text in socket:
                await self._command(socket, service, json.loads(text))
        finally:
            if service is not None:
                service.clients.discard(socket)
                for one in [w for w in service.pending if w.socket is socket]:
                    if one.task is not None:
                        one.task.cancel()
                    service.pending.remove(one)

    async def _command(
        self, socket: ServerConnection, service: Service | None, message: dict[str, Any]
    ) -> None:
        header, payload = message["header"], message.get("payload") or {}
        assert header["type"] == "command" and isinstance(header["requestId"], int), message
        ack = {k: header[k] for k in ("name", "requestId", "version")} | {"type": "acknowledge"}
        await socket.send(json.dumps({"header": ack}))
        name = header["name"]
        if service is None:
            uris = [{"serviceURI": self.uri(one)} for one in self.services]
            found = (
                {"vendorName": "Vendor", "services": uris} if name == "ServicePublisher.GetServices" else None
            )
            await self._complete(socket, header, found, None if found else Failed("unsupportedCommand"))
        elif name == "Common.Status":
            await self._complete(socket, header, service.told())
        elif name == "Common.Capabilities":
            await self._complete(socket, header, service.described())
        elif name == "Common.Cancel":
            await self._cancel(socket, service, header, payload)
        else:
            waiting = Waiting(socket, header, payload)
            service.pending.append(waiting)
            service.queue.put_nowait(waiting)

    async def _cancel(
        self, socket: ServerConnection, service: Service, header: dict[str, Any], payload: dict[str, Any]
    ) -> None:
        wanted = payload.get("requestIds")
        hit = [
            one
            for one in service.pending
            if one.socket is socket and (wanted is None or one.header["requestId"] in wanted)
        ]
        await self._complete(
            socket, header, {}, None if hit else Failed("commandErrorCode", "noMatchingRequestIDs")
        )
        for one in hit:
            if one.task is not None:
                one.task.cancel()
            else:
                service.pending.remove(one)
                await self._complete(socket, one.header, None, Failed("canceled"))

    async def _work(self, service: Service) -> None:
        """The queue of one service: one command at a time."""
        while True:
            one = await service.queue.get()
            if one in service.pending:
                service.running = one
                one.task = asyncio.create_task(self._execute(service, one))
                await asyncio.wait({one.task})

    async def _execute(self, service: Service, one: Waiting) -> None:
        listed = service.commands.get(one.header["name"])
        result: dict[str, Any] | None = None
        failed: Failed | None = None
        if listed is None or listed[0] != one.header["version"]:
            failed = Failed("unsupportedCommand")
        else:
            limit = one.header.get("timeout") or None
            try:
                async with asyncio.timeout(limit and limit / 1000):
                    result = await listed[2](one.payload)
            except TimeoutError:
                failed = Failed("timeOut")
            except Failed as error:
                failed = error
            except asyncio.CancelledError:
                failed = Failed("canceled")
        if one in service.pending:
            service.pending.remove(one)
        version = listed[1] if listed else one.header["version"]
        with contextlib.suppress(Exception):
            await self._complete(one.socket, one.header, result, failed, version)

    @staticmethod
    async def _complete(
        socket: ServerConnection,
        command: dict[str, Any],
        payload: dict[str, Any] | None,
        failed: Failed | None = None,
        version: str = "3.0",
    ) -> None:
        header = {
            "name": command["name"],
            "requestId": command["requestId"],
            "type": "completion",
            "version": version,
            "completionCode": failed.code if failed else "success",
        }
        if failed and failed.say:
            header["errorDescription"] = failed.say
        body: dict[str, Any] = {"header": header}
        if failed and failed.error:
            body["payload"] = {"errorCode": failed.error}
        elif payload is not None:
            body["payload"] = payload
        await socket.send(json.dumps(body))

    # --- the services ------------------------------------------------------------------------------

    def _receipt(self) -> Service:
        async def raw(payload: dict[str, Any]) -> dict[str, Any]:
            assert payload["inputData"] == "no"
            await self._feed(self.receipts, payload["data"])
            return {}

        commands = {"Printer.PrintRaw": ("3.0", "3.0", raw), "Printer.Reset": ("3.0", "2.0", self._reset)}
        return Service(
            "Receipt",
            "printer",
            "printer",
            commands,
            {"type": {"receipt": True}},
            {"paper": {"upper": "full"}},
        )

    def _document(self) -> Service:
        async def native(payload: dict[str, Any]) -> dict[str, Any]:
            assert payload["mediaControl"] == {"move": "eject"}, "the sheet would stay inside"
            await self._feed(self.documents, payload["data"])
            return {}

        commands = {
            "Printer.PrintNative": ("3.0", "2.0", native),
            "Printer.Reset": ("3.0", "2.0", self._reset),
        }
        capabilities = {"type": {"document": True}, "control": {"eject": True}}
        return Service("Document", "printer", "printer", commands, capabilities, {"paper": {"upper": "full"}})

    def _barcode(self) -> Service:
        async def read(_: dict[str, Any]) -> dict[str, Any]:
            data = base64.b64encode(await self.codes.get()).decode()
            return {"readOutput": [{"symbology": "qrCode", "barcodeData": data}]}

        commands = {
            "BarcodeReader.Read": ("2.0", "3.0", read),
            "BarcodeReader.Reset": ("2.0", "2.0", self._reset),
        }
        return Service("Barcode", "barcodeReader", "barcodeReader", commands, {}, {"scanner": "on"})

    def _camera(self) -> Service:
        async def take(payload: dict[str, Any]) -> dict[str, Any]:
            if payload["camera"] != "person":
                raise Failed("commandErrorCode", "cameraNotSupported")
            noise = np.random.default_rng(next(self._frames)).integers(
                0, 255, (*JPEG_SIZE[::-1], 3), np.uint8
            )
            file = io.BytesIO()
            Image.fromarray(noise).save(file, "JPEG")
            return {"pictureFile": base64.b64encode(file.getvalue()).decode()}

        commands = {"Camera.TakePicture": ("2.0", "3.0", take), "Camera.Reset": ("2.0", "2.0", self._reset)}
        status = {"cameras": {"person": "ok"}, "media": {"person": "ok"}, "pictures": {"person": 0}}
        return Service("Camera", "camera", "camera", commands, {"cameras": {"person": True}}, status)

    def _card(self) -> Service:
        inside: list[bytes] = []

        async def read(payload: dict[str, Any]) -> dict[str, Any]:
            assert payload == {"chip": True}
            inside[:] = [await self.cards.get()]
            await self.services["Card"].change(media="present")
            return {"chip": [{"data": base64.b64encode(inside[0]).decode()}]}

        async def power(payload: dict[str, Any]) -> dict[str, Any]:
            if not inside:
                raise Failed("commandErrorCode", "noMedia")
            self.card_reset()
            off = payload["chipPower"] == "off"
            return {} if off else {"chipData": base64.b64encode(inside[0]).decode()}

        async def chip(payload: dict[str, Any]) -> dict[str, Any]:
            if not inside or self.services["Card"].status["media"] != "present":
                raise Failed("commandErrorCode", "noMedia")
            sent = base64.b64decode(payload["chipData"])
            self.apdus.append(sent)
            answer = self.answered(sent)
            data = base64.b64encode(answer).decode()
            return {"chipProtocol": payload["chipProtocol"], "chipData": data}

        commands = {
            "CardReader.ReadRawData": ("2.0", "3.0", read),
            "CardReader.ChipPower": ("2.0", "3.0", power),
            "CardReader.ChipIO": ("3.0", "3.0", chip),
            "CardReader.Reset": ("2.0", "2.0", self._reset),
        }
        capabilities = {"type": "dip", "chipProtocols": {"chipT0": True, "chipT1": True}}
        return Service("Card", "cardReader", "cardReader", commands, capabilities, {"media": "notPresent"})

    async def take_card(self) -> None:
        """Somebody pulls the card out."""
        self.services["Card"].status["media"] = "notPresent"
        await self.services["Card"].tell("CardReader.MediaRemovedEvent", {}, "2.0")

    def _scanner(self) -> Service:
        async def read(payload: dict[str, Any]) -> dict[str, Any]:
            sheet = await self.sheets.get()
            asked = {"front": payload.get("frontImage"), "back": payload.get("backImage")}
            assert all(one["imageType"] in ("jpg", "png") for one in asked.values() if one)
            images = {
                side: {"status": "ok", "data": base64.b64encode(sheet[side]).decode()}
                if side in sheet
                else {"status": "missing"}
                for side, one in asked.items()
                if one
            }
            return {"images": images}

        commands = {
            "Printer.ReadImage": ("3.0", "3.0", read),
            "Printer.Reset": ("3.0", "2.0", self._reset),
        }
        capabilities = {
            "type": {"scanner": True},
            "imageSource": {"imageFront": True, "imageBack": True},
            "frontImageColorFormat": {"grayscale": True, "full": True},
        }
        return Service("Scan", "printer", "printer", commands, capabilities, {"media": "notPresent"})

    async def _feed(self, output: list[bytes], data: str) -> None:
        """Nothing comes out until the page has run through; from then on it is out, whoever still waits."""
        if self.fault is not None:
            raise self.fault
        if self.paper == "out":
            raise Failed("commandErrorCode", "paperOut", "put paper in")
        await asyncio.sleep(self._page)
        output.append(base64.b64decode(data, validate=True))

    async def _reset(self, _: dict[str, Any]) -> dict[str, Any]:
        self.fault = None
        while not self.codes.empty():
            self.codes.get_nowait()
        return {}
