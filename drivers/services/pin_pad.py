"""The PIN pad's service: three interfaces of the standard over one device."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Final

from config.clock import Deadline
from drivers.errors import DeviceError, InvalidData, SequenceError, UnsupportedData
from drivers.ports_input import Entry, HeldKey, KeyPress, PinFormat, PinPad
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.messages import key_management, keyboard
from drivers.xfs.messages import pin_pad as pad
from drivers.xfs.messages.keyboard import Completion
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Peer, Request
from drivers.xfs.service import Line

ANSWER_S: Final = 10.0
WIPE_S: Final = 3.0
_NAMES: Final = {digit: name for name, digit in keyboard.DIGITS.items()}
_KEYS: Final = {
    **keyboard.DIGITS,
    "enter": "enter",
    "cancel": "cancel",
    "clear": "clear",
    "backspace": "back",
}
_COMPLETIONS: Final = {
    "enter": Completion.ENTER,
    "cancel": Completion.CANCEL,
    "auto": Completion.AUTO,
    "clear": Completion.CLEAR,
    "back": Completion.BACKSPACE,
}


class PinPadService(DeviceService[PinPad]):
    """Keyboard, KeyManagement and PinPad.

    An entry that ends otherwise than by its key is wiped in the pad, and so is a PIN whose client goes away.
    """

    def __init__(self, identity: Identity, supervisor: Supervisor[PinPad]) -> None:
        interfaces = (keyboard.INTERFACE, key_management.INTERFACE, pad.INTERFACE)
        super().__init__(identity, supervisor, interfaces)
        self._holder: Peer | None = None
        """Whose person has typed the PIN that may wait in the pad."""
        self.offer(keyboard.DATA_ENTRY, self._data_entry)
        self.offer(keyboard.PIN_ENTRY, self._pin_entry)
        self.offer(keyboard.RESET, self._reset)
        self.offer(key_management.IMPORT_KEY, self._import_key)
        self.offer(key_management.DELETE_KEY, self._delete_key)
        self.offer(key_management.GET_KEY_DETAIL, self._get_key_detail)
        self.offer(pad.GET_PIN_BLOCK, self._get_pin_block)
        self.offer(pad.RESET, self._reset)

    def leave(self, line: Line) -> None:
        """A PIN must not wait for the next client."""
        super().leave(line)
        if self._holder is line:
            self._holder = None
            self.by_itself(self._wipe)

    async def _wipe(self) -> None:
        if self._holder is not None:  # another PIN meanwhile, before which this one was wiped
            return
        with contextlib.suppress(DeviceError), self.supervisor.using() as device:
            await device.stop(Deadline.after(WIPE_S))

    async def _data_entry(self, request: Request, payload: keyboard.DataEntryIn) -> keyboard.DataEntryOut:
        most = payload.max_len or 99
        entry = Entry(False, 0, most, payload.auto_end, _active(payload.active_keys))
        typed: list[KeyPress] = []
        last = await self._typed(request, entry, typed)
        digits = _kept(typed)
        keys = [keyboard.PinKey(digit=_NAMES[digit]) for digit in digits]
        if last.key != "auto":
            keys.append(keyboard.PinKey(completion=_COMPLETIONS[last.key]))
        elif keys:
            keys[-1] = keyboard.PinKey(digit=_NAMES[digits[-1]], completion=Completion.AUTO)
        return keyboard.DataEntryOut(keys=len(keys), pin_keys=keys, completion=_COMPLETIONS[last.key])

    async def _pin_entry(self, request: Request, payload: keyboard.PinEntryIn) -> keyboard.PinEntryOut:
        keys = _active(payload.active_keys)
        if not payload.auto_end and "enter" not in keys:
            raise InvalidData("no key can end the entry; let 'enter' work", "noTerminatekeys")
        entry = Entry(True, payload.min_len, payload.max_len, payload.auto_end, keys)
        last = await self._typed(request, entry, [])
        self._holder = request.peer
        return keyboard.PinEntryOut(digits=last.digits, completion=_COMPLETIONS[last.key])

    async def _typed(self, request: Request, entry: Entry, typed: list[KeyPress]) -> KeyPress:
        """Let the person type, tell each key, and give the one that ended it."""
        with self.supervisor.using() as device, self.guiding():
            ended = False
            try:
                await device.begin(entry, request.deadline.within(ANSWER_S))
                request.event(keyboard.ENTER_DATA)
                while True:
                    press = await device.press(request.deadline)
                    request.event(keyboard.KEY, _told(press))
                    if press.ends:
                        ended = True
                        return press
                    typed.append(press)
            finally:
                if not ended:
                    with contextlib.suppress(DeviceError):
                        await device.stop(Deadline.after(WIPE_S))

    async def _get_pin_block(self, request: Request, payload: pad.GetPinBlockIn) -> pad.GetPinBlockOut:
        if payload.format not in (pad.Format.ISO0, pad.Format.ISO4):
            raise UnsupportedData("this pad has the PIN block formats iso0 and iso4", "formatNotSupported")
        if payload.crypto_method not in (None, "ecb"):
            raise UnsupportedData("a PIN block is one block: ecb", "cryptoMethodNotSupported")
        if payload.xor_data or payload.second_enc_key:
            raise UnsupportedData("this pad encrypts once; leave xorData and secondEncKey out")
        if self._holder not in (None, request.peer):
            raise SequenceError(
                "the PIN that waits was typed for another client; let yours be typed first", "noPin"
            )
        style = PinFormat(payload.format.value)
        # ISO 9564-1 format 0 leaves the check digit out, and the standard's customerData has none then.
        account = payload.customer_data + ("0" if style is PinFormat.ISO0 else "")
        with self.supervisor.using() as device:
            limit = request.deadline.within(ANSWER_S)
            block = await device.pin_block(payload.key, style, account, limit)
        self._holder = None
        return pad.GetPinBlockOut(pin_block=block)

    async def _import_key(
        self, request: Request, payload: key_management.ImportKeyIn
    ) -> key_management.ImportKeyOut:
        try:
            block = payload.value.decode("ascii")
        except UnicodeDecodeError:
            raise InvalidData("a key is loaded as a TR-31 key block", "formatNotSupported") from None
        if payload.constructing:
            raise UnsupportedData("a key is loaded whole, as a TR-31 key block")
        if payload.verification_data or payload.verify_key:
            why = "a TR-31 key block holds its own check; leave verificationData and verifyKey out"
            raise UnsupportedData(why, "signatureNotSupported")
        _agree(payload.key_attributes, block)
        with self.supervisor.using() as device:
            limit = request.deadline.within(ANSWER_S)
            key = await device.load_key(payload.key, payload.decrypt_key, block, limit)
        how = key_management.VerifyAttributes(
            key_usage="00", algorithm=key.algorithm, mode_of_use="V", crypto_method="kcvZero"
        )
        return key_management.ImportKeyOut(
            verification_data=key.check, verify_attributes=how, key_length=key.bits
        )

    async def _delete_key(self, request: Request, payload: key_management.KeyIn) -> Nothing:
        with self.supervisor.using() as device:
            await device.delete_key(payload.key, request.deadline.within(ANSWER_S))
        return Nothing()

    async def _get_key_detail(
        self, request: Request, payload: key_management.KeyDetailIn
    ) -> key_management.KeyDetailOut:
        with self.supervisor.using() as device:
            held = await device.keys(request.deadline.within(ANSWER_S))
        wanted = [key for key in held if payload.key_name in (None, key.name)]
        if payload.key_name is not None and not wanted:
            raise InvalidData("the pad has no key of that name", "keyNotFound")
        return key_management.KeyDetailOut(key_details={key.name: _detail(key) for key in wanted})

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as device:
            await device.reset(request.deadline.within(ANSWER_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """What this pad can do, in the standard's words."""
        return {
            "keyManagement": {
                "keyCheckModes": {"self": False, "zero": True},
                "keyBlockImportFormats": {"D": True},
            },
            "pinPad": {"pinFormats": {"iso0": True, "iso4": True}, "pinCanPersistAfterUse": False},
            "keyboard": {"autoBeep": {"activeAvailable": False, "inactiveAvailable": False}},
        }


def _active(asked: Mapping[str, keyboard.ActiveKey]) -> tuple[str, ...]:
    """The keys that work, in the port's words; raise ``InvalidData`` with the standard's code."""
    if unknown := sorted(asked.keys() - _KEYS.keys()):
        raise InvalidData(f"this pad has no key {', '.join(unknown)}", "keyNotSupported")
    ending = {name for name, how in asked.items() if how.terminate}
    if wrong := sorted(ending - {"enter", "cancel"}):
        raise InvalidData(f"{', '.join(wrong)} cannot end an entry; enter and cancel can", "keyInvalid")
    return tuple(_KEYS[name] for name in asked)


def _kept(typed: list[KeyPress]) -> list[str]:
    """The digits that remain after clear and backspace."""
    digits: list[str] = []
    for press in typed:
        if press.key == "clear":
            digits.clear()
        elif press.key == "back":
            del digits[-1:]
        else:
            digits.append(press.key)
    return digits


def _told(press: KeyPress) -> keyboard.KeyBody:
    if press.key in _COMPLETIONS:
        return keyboard.KeyBody(completion=_COMPLETIONS[press.key])
    return keyboard.KeyBody(digit=_NAMES.get(press.key))


def _agree(asked: key_management.KeyAttributes | None, block: str) -> None:
    """What the client says of the key must be what its block says."""
    if asked is None or len(block) < 16:
        return
    says = {"key_usage": block[5:7], "algorithm": block[7], "mode_of_use": block[8]}
    if any(getattr(asked, name) not in (None, value) for name, value in says.items()):
        raise InvalidData("the key block is for another use than asked for", "useViolation")


def _detail(key: HeldKey) -> key_management.KeyDetail:
    info = key_management.KeyBlockInfo(
        key_usage=key.usage, algorithm=key.algorithm, mode_of_use=key.mode, key_length=key.bits
    )
    return key_management.KeyDetail(loaded=key_management.Loaded.YES, key_block_info=info)
