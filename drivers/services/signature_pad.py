"""The signature pad's service."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from typing import Final

from config.clock import Deadline
from drivers.errors import DeviceError, LinkLost, SequenceError
from drivers.ports_input import PadEnd, SignaturePad
from drivers.services.base import DeviceService, Identity
from drivers.signature import Signature, png, svg
from drivers.supervision import Supervisor
from drivers.xfs.auth import Client
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import signature_pad as pad
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

ANSWER_S: Final = 10.0
WIPE_S: Final = 3.0


class SignaturePadService(DeviceService[SignaturePad]):
    """SignaturePad: Sign runs until the person, or the terminal with Confirm, ends it.

    However it ends, the ink is wiped before the completion; nothing of it stays in this program.
    """

    def __init__(self, identity: Identity, supervisor: Supervisor[SignaturePad]) -> None:
        super().__init__(identity, supervisor, (pad.INTERFACE,))
        self._signer: Client | None = None
        self._asked: asyncio.Queue[PadEnd] = asyncio.Queue()
        self.offer(pad.SIGN, self._sign)
        self.offer(pad.CONFIRM, self._confirm)
        self.offer(pad.CLEAR, self._clear)
        self.offer(pad.RESET, self._reset)

    async def _sign(self, request: Request, payload: pad.SignIn) -> pad.SignOut:
        with self.supervisor.using() as device:
            self._asked = asyncio.Queue()
            try:  # a beginning that is given up, or whose answer is lost, may have begun all the same
                await device.begin(payload.document_digest, request.deadline.within(ANSWER_S))
                self._signer = request.client
                request.event(pad.PRESENT_PEN)
                signature = await self._signed(request, device)
            finally:
                self._signer = None
                with contextlib.suppress(DeviceError):
                    await device.cancel(Deadline.after(WIPE_S))
        return await asyncio.to_thread(_told, signature, payload.pictures or [])

    async def _signed(self, request: Request, device: SignaturePad) -> Signature:
        while True:
            end = await self._ended(request, device)
            if end is PadEnd.CONFIRM:
                return await device.confirm(request.deadline.within(ANSWER_S))
            if end is PadEnd.CANCEL:
                raise CommandFailed("the person does not sign", "refused", generic=CompletionCode.USER_ERROR)
            if end is PadEnd.LOST:
                raise LinkLost("the pad was without power; begin again")
            await device.clear(request.deadline.within(ANSWER_S))
            request.event(pad.CLEARED)

    async def _ended(self, request: Request, device: SignaturePad) -> PadEnd:
        """A key of the pad, or what the terminal asks for, whichever comes first."""
        pressed = asyncio.ensure_future(device.ended(request.deadline))
        asked = asyncio.ensure_future(self._asked.get())
        try:
            await asyncio.wait({pressed, asked}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else pressed.result()
        finally:
            for task in (pressed, asked):
                task.cancel()
            await asyncio.gather(pressed, asked, return_exceptions=True)

    async def _confirm(self, request: Request, payload: Nothing) -> Nothing:
        return self._ask(request, PadEnd.CONFIRM)

    async def _clear(self, request: Request, payload: Nothing) -> Nothing:
        return self._ask(request, PadEnd.CLEAR)

    def _ask(self, request: Request, end: PadEnd) -> Nothing:
        if self._signer is None or self._signer != request.client:
            raise SequenceError("nobody signs for this client now; begin with Sign")
        self._asked.put_nowait(end)
        return Nothing()

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as device:
            await device.reset(request.deadline.within(ANSWER_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """What the ink can be drawn as."""
        return {"signaturePad": {"pictures": {"svg": True, "png": True}}}


def _told(signature: Signature, pictures: list[pad.Picture]) -> pad.SignOut:
    compact = signature.compact()
    return pad.SignOut(
        document_digest=signature.document,
        signature=compact,
        seal=hashlib.sha256(compact).digest(),
        points=signature.points,
        duration_ms=signature.duration_ms,
        svg=svg(signature) if pad.Picture.SVG in pictures else None,
        png=png(signature) if pad.Picture.PNG in pictures else None,
    )
