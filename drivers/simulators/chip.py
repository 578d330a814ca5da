"""The chip of a simulated card: its own reading of ISO/IEC 7816-4, a few files, a PIN that locks, two keys.

A UKey has the tax-control application beside them (``chip_tax``). It shares no code with the driver. What is not in the
standard's text about an interindustry card is refused as such a card refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from drivers.simulators.chip_keys import certificate, ec_key, rsa_key
from drivers.simulators.chip_tax import APPLICATION as TAX_APPLICATION
from drivers.simulators.chip_tax import TaxApplication, TaxDevice
from drivers.simulators.chip_words import Refused

Protocol = Literal["T=0", "T=1"]

PIN: Final = "123456"
TRIES: Final = 3
APPLICATION: Final = bytes.fromhex("F05441584B455901")
_EC_FILE, _RSA_FILE = 0xC001, 0xC002
_EC_KEY, _RSA_KEY = 0x84, 0x85
_PIN_PLACE, _PIN_LENGTH = 0x81, 8
# 80: COMPACT-TLV; 73: chosen by name, chaining yes, extended lengths no.
_HISTORICAL: Final = bytes.fromhex("8073800180")


@dataclass(slots=True)
class _Asked:
    """A command taken apart: short forms only, as the answer to reset says."""

    head: bytes
    data: bytes = b""
    limit: int | None = None  # how many bytes of answer, None for none asked


class Chip:
    """What is under the gold. ``reset`` at power-up; ``answer`` takes one command after the other.

    ``tries`` and keys outlive power; what is selected, shown and chosen does not.
    """

    def __init__(
        self,
        seed: int = 1,
        protocol: Protocol = "T=1",
        pin: str = PIN,
        holder: str = "云川样张",
        tax: TaxDevice | None = None,
    ) -> None:
        self.seed = seed
        self.protocol = protocol
        self.tries = TRIES
        self._pin = pin.encode("ascii").ljust(_PIN_LENGTH, b"\xff")
        self._holder = holder
        self.tax = None if tax is None else TaxApplication(tax)
        self._chained: tuple[bytes, bytes] = (b"", b"")
        self.reset()

    @property
    def atr(self) -> bytes:
        """Its answer to reset."""
        if self.protocol == "T=0":
            return b"\x3b" + bytes((len(_HISTORICAL),)) + _HISTORICAL
        body = bytes((0x80 | len(_HISTORICAL), 0x01)) + _HISTORICAL
        check = 0
        for byte in body:
            check ^= byte
        return b"\x3b" + body + bytes((check,))

    @property
    def shown(self) -> bool:
        """Whether the PIN has been shown since the last reset."""
        return self._shown

    def reset(self) -> None:
        """Forget what power keeps."""
        self._selected = self._shown = self._taxing = False
        self._file = b""
        self._key = 0
        self._chained = (b"", b"")
        self._left = b""

    def answer(self, raw: bytes) -> bytes:
        """The response to one command."""
        try:
            asked = _taken_apart(raw)
            data = self._carry_out(asked)
        except Refused as refused:
            self._chained = (b"", b"")
            return refused.word.to_bytes(2, "big")
        if self.protocol == "T=0" and data and asked.data:
            return self._later(data)  # over T=0 a command either sends or receives
        if asked.limit is None:
            return b"\x90\x00"
        if self.protocol == "T=0" and len(data) < asked.limit and asked.head[1] != 0xC0:
            return bytes((0x6C, len(data) & 0xFF))
        rest = data[asked.limit :]
        return data[: asked.limit] + (self._later(rest) if rest else b"\x90\x00")

    def _later(self, data: bytes) -> bytes:
        self._left = data
        return bytes((0x61, len(data) & 0xFF if len(data) <= 0x100 else 0))

    def _carry_out(self, asked: _Asked) -> bytes:
        cla, ins = asked.head[0], asked.head[1]
        if cla & ~0x10:
            raise Refused(0x6E00)
        if ins == 0xC0:
            data, self._left = self._left, b""
            if not data:
                raise Refused(0x6985)
            return data
        do: Callable[[_Asked], bytes] | None = {
            0xA4: self._select,
            0xB0: self._read,
            0x20: self._verify,
            0x22: self._choose_key,
            0x2A: self._sign,
            0x88: self._sign,
            0xCB: self._get_data,
            0xDB: self._put_data,
        }.get(ins)
        if do is None:
            raise Refused(0x6D00)
        head, before = self._chained
        if before and head != asked.head[1:]:
            raise Refused(0x6883)
        if cla & 0x10:
            if ins not in (0x2A, 0x88):
                raise Refused(0x6884)
            if len(before) + len(asked.data) > 1024:
                raise Refused(0x6700)
            self._chained = (asked.head[1:], before + asked.data)
            return b""
        self._chained = (b"", b"")
        asked.data = before + asked.data
        return do(asked)

    def _select(self, asked: _Asked) -> bytes:
        how = asked.head[2]
        if how == 0x04:
            self._taxing = self.tax is not None and asked.data == TAX_APPLICATION
            if self._taxing:
                self._selected = self._shown = False
                return _template(TAX_APPLICATION) if asked.head[3] == 0 else b""
            if not APPLICATION.startswith(asked.data) or len(asked.data) < 5:
                raise Refused(0x6A82)
            self._selected, self._shown, self._key, self._file = True, False, 0, b""
            return _template(APPLICATION) if asked.head[3] == 0 else b""
        if how not in (0x00, 0x02):
            raise Refused(0x6A86)
        file = int.from_bytes(asked.data, "big")
        if not self._selected or file not in (_EC_FILE, _RSA_FILE):
            raise Refused(0x6A82)
        key = ec_key(self.seed) if file == _EC_FILE else rsa_key(self.seed)
        self._file = certificate(key, self._holder, self.seed)
        return b""

    def _get_data(self, asked: _Asked) -> bytes:
        return self._tax_asked(asked).get(asked.data)

    def _put_data(self, asked: _Asked) -> bytes:
        self._tax_asked(asked).put(asked.data)
        return b""

    def _tax_asked(self, asked: _Asked) -> TaxApplication:
        """The tax-control application, when it is selected and meant."""
        if self.tax is None or not self._taxing:
            raise Refused(0x6985)
        if asked.head[2:4] != b"\x3f\xff":
            raise Refused(0x6A86)
        return self.tax

    def _read(self, asked: _Asked) -> bytes:
        offset = int.from_bytes(asked.head[2:4], "big")
        if not self._file:
            raise Refused(0x6986)
        if offset >= min(len(self._file), 0x8000):
            raise Refused(0x6B00)
        return self._file[offset : offset + (asked.limit or 0)]

    def _verify(self, asked: _Asked) -> bytes:
        if not self._selected or asked.head[2:4] != bytes((0, _PIN_PLACE)):
            raise Refused(0x6A88)
        if self.tries == 0:
            raise Refused(0x6983)
        if not asked.data:  # a question: how many tries are left?
            if self._shown:
                return b""
            raise Refused(0x63C0 | self.tries)
        self._shown = asked.data == self._pin
        self.tries = TRIES if self._shown else self.tries - 1
        if not self._shown:
            raise Refused(0x63C0 | self.tries)
        return b""

    def _choose_key(self, asked: _Asked) -> bytes:
        key = asked.data[-3:]
        if asked.head[2] != 0x41 or asked.head[3] not in (0xB6, 0xA4):
            raise Refused(0x6A86)
        if key[:2] != b"\x84\x01" or key[2] not in (_EC_KEY, _RSA_KEY):
            raise Refused(0x6A88)
        self._key = key[2]
        return b""

    def _sign(self, asked: _Asked) -> bytes:
        if asked.head[1:] not in (bytes.fromhex("2A9E9A"), bytes.fromhex("880000")):
            raise Refused(0x6A86)
        if not self._shown:
            raise Refused(0x6982)
        if not self._key:
            raise Refused(0x6985)
        if self._key == _EC_KEY:
            return _ecdsa(ec_key(self.seed), asked.data)
        return _rsa(rsa_key(self.seed), asked.data)


def _template(application: bytes) -> bytes:
    """What SELECT answers: file control information with the application's name."""
    name = b"\x84" + bytes((len(application),)) + application
    return b"\x6f" + bytes((len(name),)) + name


def _taken_apart(raw: bytes) -> _Asked:
    if len(raw) < 4:
        raise Refused(0x6700)
    head, body = raw[:4], raw[4:]
    if len(body) <= 1:
        return _Asked(head, b"", (body[0] or 256) if body else None)
    count = body[0]
    if count == 0 or len(body) < 1 + count or len(body) > 2 + count:
        raise Refused(0x6700)
    tail = body[1 + count :]
    return _Asked(head, body[1 : 1 + count], (tail[0] or 256) if tail else None)


def _ecdsa(key: ec.EllipticCurvePrivateKey, digest: bytes) -> bytes:
    """The two numbers of the signature side by side, as cards give them."""
    if len(digest) != 32:
        raise Refused(0x6A80)
    signed = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signed))


def _rsa(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """The private key on a padded block of its own length; a shorter one is padded here (PKCS #1 v1.5, type 1)."""
    size = key.key_size // 8
    if len(block) > size or (len(block) < size and len(block) > size * 2 // 5):
        raise Refused(0x6A80)
    if len(block) < size:
        block = b"\0\1" + b"\xff" * (size - 3 - len(block)) + b"\0" + block
    numbers = key.private_numbers()
    number = int.from_bytes(block, "big")
    if number >= numbers.public_numbers.n:
        raise Refused(0x6A80)
    return pow(number, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
