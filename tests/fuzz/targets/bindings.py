"""``bindings.toml``: a file that hands edit, and whose texts devices say of themselves."""

from __future__ import annotations

from functools import partial

from drivers.binding.bindings import Binding, dump, parse
from drivers.binding.identity import Identity, Kind
from drivers.errors import DriverConfigError
from tests.fuzz.oracles import refused_by
from tests.fuzz.script import Script

PARSES = ("drivers.binding.bindings", "drivers.binding.identity")
LONGEST = 600
_TABLE = b'[[bindings]]\nrole = "%s"\nkind = "%s"\nplace = "%s"\n'


def check(data: bytes) -> None:
    """The bytes as a file, as what stands behind a sound table, and as what a device says of itself."""
    text = data.decode("utf-8", "replace")
    for whole in (text, (_TABLE % (b"idReader", b"tty", b"1-1.4")).decode() + text):
        found = refused_by(DriverConfigError, partial(parse, whole))
        if found is not None:
            assert all(role == binding.role for role, binding in found.items())
            assert parse(dump(found.values())) == found, "written again, they are others"
    _said(Script(data))


def _said(script: Script) -> None:
    """Whatever a device answers, its binding is read back as it was written, or the answer mended alone."""
    kind = list(Kind)[script.byte() % len(Kind)]
    serial, answer = (script.piece().decode("utf-8", "surrogateescape") for _ in range(2))
    binding = Binding("idReader", Identity(kind, "1-1.4", "1a86", "7523", serial), answer)
    (back,) = parse(dump([binding])).values()
    assert (back.role, back.identity.kind, back.identity.place) == (binding.role, kind, "1-1.4")
    whole = answer.encode("utf-8", "replace").decode()
    assert back.answer == whole and (back.identity.serial == serial or "?" in back.identity.serial)


def seeds() -> list[bytes]:
    """A file as it is written, roles twice, wrong and unknown fields, deep and odd TOML."""
    two = [
        Binding("idReader", Identity(Kind.SERIAL, "1-1.4", "1a86", "7523", "A1", "00"), "SAM 1"),
        Binding("faceCamera", Identity(Kind.CAMERA, "1-2")),
    ]
    table = _TABLE % (b"ups", b"tty", b"1-1")
    return [
        dump(two).encode(),
        table + table,
        _TABLE % (b"9", b"none", b""),
        table + b'vendor = "XYZ"\nmore = 1\n',
        b"bindings = 5",
        b'bindings = "ab"',
        b"bindings = [[1], {}]",
        b"a = " + b"[" * 300,
        b"role = 1979-05-27T07:32:00Z\nserial = 0x7f\n",
        b"\x02\x04\x7f\xff\xed\xa0\x05\x00\x1f\\\"'",
    ]
