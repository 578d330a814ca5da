"""What the answers of a card to its PIN mean."""

from __future__ import annotations

import pytest

from config.clock import Deadline
from drivers.devices.card_key import KeyApplication
from drivers.devices.card_profile import load_profile
from drivers.errors import DeviceError, SecurityFailed
from drivers.ports import PinCheck
from drivers.protocols.apdu import OK, Command, Response

VERIFY = 0x20


def key(answer: int) -> KeyApplication:
    """Of a card that obeys, and answers ``answer`` to a PIN."""

    async def ask(command: Command, deadline: Deadline) -> Response:
        return Response(b"", answer if command.ins == VERIFY else OK)

    return KeyApplication(load_profile("iso-ecc"), ask)


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (OK, PinCheck(True)),
        (0x63C2, PinCheck(False, 2)),
        (0x63C0, PinCheck(False, 0)),
        (0x6300, PinCheck(False)),  # wrong, and no word of how many tries are left
        (0x6983, PinCheck(False, 0)),
    ],
)
async def test_a_pin_is_right_or_wrong(answer: int, check: PinCheck) -> None:
    assert await key(answer).verify("246810", Deadline.after(1)) == check


@pytest.mark.parametrize("answer", [0x6700, 0x6A88, 0x6F00, 0x6301])
async def test_what_says_neither_is_an_error(answer: int) -> None:
    with pytest.raises(DeviceError):
        await key(answer).verify("246810", Deadline.after(1))


async def test_nothing_is_signed_after_a_wrong_pin() -> None:
    one = key(0x6300)
    await one.verify("246810", Deadline.after(1))
    with pytest.raises(SecurityFailed):
        await one.sign(b"x", Deadline.after(1))
