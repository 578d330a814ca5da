"""The C functions of libsane, by ctypes. They block and may crash: only the scanner's own process calls them.

Names, numbers and structures are those of the SANE standard, version 1.06, chapter 4. libsane is LGPL with the
SANE exception and is loaded at run time from the distribution's package ``libsane1``; nothing is linked.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from collections.abc import Sequence
from ctypes import POINTER, Structure, Union, byref, c_char, c_char_p, c_int, c_void_p
from typing import Any, Final

GOOD, EOF, NO_MEM = 0, 5, 10
_GET, _SET = 0, 1
_BOOL, _INT, _FIXED, _STRING, _BUTTON, _GROUP = range(6)
_UNIT_NAMES: Final = ("none", "pixel", "bit", "mm", "dpi", "percent", "microsecond")
_TYPE_NAMES: Final = ("bool", "int", "fixed", "string", "button", "group")
_CAP_SOFT_SELECT, _CAP_SOFT_DETECT, _CAP_INACTIVE = 1, 4, 32
_INFO_RELOAD_OPTIONS = 2
_FIXED_SCALE: Final = 1 << 16
"""SANE_Fixed has 16 bits behind the point (4.2.4)."""
FRAMES: Final = ("gray", "rgb", "red", "green", "blue")

Value = bool | int | float | str


class SaneStatus(Exception):
    """A call returned a status other than GOOD."""

    def __init__(self, status: int) -> None:
        super().__init__(f"SANE status {status}")
        self.status = status


class _Device(Structure):
    _fields_ = [("name", c_char_p), ("vendor", c_char_p), ("model", c_char_p), ("type", c_char_p)]


class _Range(Structure):
    _fields_ = [("min", c_int), ("max", c_int), ("quant", c_int)]


class _Constraint(Union):
    _fields_ = [("strings", POINTER(c_char_p)), ("words", POINTER(c_int)), ("range", POINTER(_Range))]


class _Descriptor(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("title", c_char_p),
        ("desc", c_char_p),
        ("type", c_int),
        ("unit", c_int),
        ("size", c_int),
        ("cap", c_int),
        ("constraint_type", c_int),
        ("constraint", _Constraint),
    ]


_PARAMETERS: Final = ("format", "last_frame", "bytes_per_line", "pixels_per_line", "lines", "depth")


class _Parameters(Structure):
    _fields_ = [(name, c_int) for name in _PARAMETERS]


def _library() -> ctypes.CDLL:
    """libsane; raise ``OSError`` when it is not installed."""
    found = ctypes.CDLL(ctypes.util.find_library("sane") or "libsane.so.1")
    found.sane_get_option_descriptor.restype = POINTER(_Descriptor)
    for name in ("close", "cancel", "exit"):
        getattr(found, f"sane_{name}").restype = None
    return found


class Sane:
    """libsane with at most one device open. Raises ``SaneStatus``; ``OSError`` without libsane."""

    def __init__(self) -> None:
        self._sane = _library()
        self._handle = c_void_p()
        self._options: dict[str, tuple[int, _Descriptor]] = {}
        version = c_int()
        _check(self._sane.sane_init(byref(version), None))

    def devices(self) -> list[dict[str, str]]:
        """Every scanner that libsane finds, those of the network too; takes seconds."""
        found = POINTER(POINTER(_Device))()
        _check(self._sane.sane_get_devices(byref(found), 0))
        listed = []
        place = 0
        while found[place]:
            device = found[place].contents
            listed.append({key: _text(getattr(device, key)) for key in ("name", "vendor", "model", "type")})
            place += 1
        return listed

    def open(self, name: str) -> None:
        """Open a device by its SANE name, the first one found when the name is empty."""
        self.close()
        _check(self._sane.sane_open(name.encode(), byref(self._handle)))
        self._reload()

    def close(self) -> None:
        """Let the device go."""
        if self._handle:
            self._sane.sane_close(self._handle)
        self._handle = c_void_p()
        self._options = {}

    def options(self) -> dict[str, dict[str, Any]]:
        """Each option by name: type, unit, its allowed values, whether it can be set and read now."""
        return {name: _described(descriptor) for name, (_, descriptor) in self._options.items()}

    def get(self, name: str) -> Value | None:
        """An option's value; None when there is no such option or it cannot be read now."""
        number, descriptor = self._options.get(name, (0, None))
        if descriptor is None or not descriptor.cap & _CAP_SOFT_DETECT or descriptor.cap & _CAP_INACTIVE:
            return None
        held = _storage(descriptor)
        _check(self._sane.sane_control_option(self._handle, number, _GET, byref(held), None))
        return _value(descriptor, held)

    def set(self, name: str, value: Value) -> None:
        """Set an option; raise ``SaneStatus`` (4, INVAL) for one that is not there or cannot be set now."""
        number, descriptor = self._options.get(name, (0, None))
        if descriptor is None or not descriptor.cap & _CAP_SOFT_SELECT or descriptor.cap & _CAP_INACTIVE:
            raise SaneStatus(4)
        held = _filled(descriptor, value)
        info = c_int()
        _check(self._sane.sane_control_option(self._handle, number, _SET, byref(held), byref(info)))
        if info.value & _INFO_RELOAD_OPTIONS:
            self._reload()

    def start(self) -> None:
        """Begin a frame: draws in a sheet, or begins its other side."""
        _check(self._sane.sane_start(self._handle))

    def parameters(self) -> dict[str, Any]:
        """What the frame will look like; ``lines`` is -1 when only its end will tell."""
        found = _Parameters()
        _check(self._sane.sane_get_parameters(self._handle, byref(found)))
        told: dict[str, Any] = {name: getattr(found, name) for name in _PARAMETERS}
        told["format"] = FRAMES[found.format] if 0 <= found.format < len(FRAMES) else "other"
        return told

    def read(self, buffer: ctypes.Array[c_char]) -> int:
        """Fill ``buffer`` with the next bytes of the frame; how many came, -1 at its end."""
        length = c_int()
        status = self._sane.sane_read(self._handle, buffer, len(buffer), byref(length))
        if status == EOF:
            return -1
        _check(status)
        return length.value

    def cancel(self) -> None:
        """End the scan; paper inside is let out where the scanner can."""
        if self._handle:
            self._sane.sane_cancel(self._handle)

    def _reload(self) -> None:
        # First the descriptor: the net backend refuses any value while what it knows of the options is old.
        self._sane.sane_get_option_descriptor(self._handle, 0)
        count = c_int()
        _check(self._sane.sane_control_option(self._handle, 0, _GET, byref(count), None))
        self._options = {}
        for number in range(1, count.value):
            pointer = self._sane.sane_get_option_descriptor(self._handle, number)
            if pointer and pointer.contents.name and pointer.contents.type != _GROUP:
                self._options[_text(pointer.contents.name)] = (number, pointer.contents)


def _check(status: int) -> None:
    if status != GOOD:
        raise SaneStatus(status)


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _described(descriptor: _Descriptor) -> dict[str, Any]:
    known = 0 <= descriptor.type < len(_TYPE_NAMES)
    return {
        "type": _TYPE_NAMES[descriptor.type] if known else "other",
        "unit": _UNIT_NAMES[descriptor.unit] if 0 <= descriptor.unit < len(_UNIT_NAMES) else "none",
        "allowed": _allowed(descriptor),
        "range": _range(descriptor),
        "settable": bool(descriptor.cap & _CAP_SOFT_SELECT) and not descriptor.cap & _CAP_INACTIVE,
        "readable": bool(descriptor.cap & _CAP_SOFT_DETECT) and not descriptor.cap & _CAP_INACTIVE,
    }


def _allowed(descriptor: _Descriptor) -> Sequence[Value]:
    """The listed values: constraint types 2 (words, their count in front) and 3 (strings up to a null)."""
    found: list[Value] = []
    if descriptor.constraint_type == 2 and descriptor.constraint.words:
        words = descriptor.constraint.words
        found = [_number(descriptor, words[place]) for place in range(1, words[0] + 1)]
    elif descriptor.constraint_type == 3 and descriptor.constraint.strings:
        while text := descriptor.constraint.strings[len(found)]:
            found.append(_text(text))
    return found


def _range(descriptor: _Descriptor) -> Sequence[Value]:
    """Least and greatest value, for constraint type 1; else nothing."""
    if descriptor.constraint_type != 1 or not descriptor.constraint.range:
        return []
    limits = descriptor.constraint.range.contents
    return [_number(descriptor, limits.min), _number(descriptor, limits.max)]


def _number(descriptor: _Descriptor, word: int) -> int | float:
    return word / _FIXED_SCALE if descriptor.type == _FIXED else word


def _storage(descriptor: _Descriptor) -> Any:
    """Room for the value: its size is in bytes, a string's with the null at its end."""
    if descriptor.type == _STRING:
        return ctypes.create_string_buffer(max(1, descriptor.size))
    return (c_int * max(1, descriptor.size // ctypes.sizeof(c_int)))()


def _value(descriptor: _Descriptor, held: Any) -> Value:
    if descriptor.type == _STRING:
        return _text(held.value)
    return bool(held[0]) if descriptor.type == _BOOL else _number(descriptor, held[0])


def _filled(descriptor: _Descriptor, value: Value) -> Any:
    held = _storage(descriptor)
    if descriptor.type == _STRING:
        text = str(value).encode()
        if len(text) >= len(held):
            raise SaneStatus(4)
        held.value = text
    elif descriptor.type != _BUTTON:
        try:
            held[0] = round(float(value) * (_FIXED_SCALE if descriptor.type == _FIXED else 1))
        except ValueError:
            raise SaneStatus(4) from None
    return held


def use_directory(directory: str) -> None:
    """Let libsane read its ``dll.conf`` and the backends' settings from ``directory``; before ``Sane()``."""
    os.environ["SANE_CONFIG_DIR"] = directory
