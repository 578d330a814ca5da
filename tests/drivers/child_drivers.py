"""Drivers for tests about processes; imported by the child because ``KIOSK_DRIVER_MODULES`` names this module."""

import logging
import os
import signal
import struct
import sys
import threading
import time

import cbor2

from drivers.devices import registry
from drivers.errors import DriverConfigError
from drivers.ports import FaceVerdict
from tests.drivers.fakes import FakeBarcodeReader, FakeIdReader, FakeStation


class ChildReader(FakeIdReader):
    """Behaves as its ``mode`` says."""

    def __init__(self, mode):
        super().__init__()
        self.mode = mode
        self.lay()

    async def open(self):
        if self.mode == "dies-at-open":
            os.kill(os.getpid(), signal.SIGSEGV)
        await super().open()

    async def find(self, deadline):
        if self.mode == "die":
            os._exit(3)
        if self.mode == "hang":
            time.sleep(3600)
        if self.mode == "bug":
            raise ZeroDivisionError("a bug")
        if self.mode == "wait":
            self.take()
        await super().find(deadline)

    async def sam_id(self, deadline):
        return str(os.getpid())


NONSENSE = {"babble": ["status", 7], "scribble": ["recorded", "{}"]}


def babble(message):
    """Native code that has gone mad: writes what is no message on the pipe to the parent, then lives on."""
    pipe = int(sys.argv[1])
    nonsense = cbor2.dumps(message)
    threading.Timer(0.3, lambda: os.write(pipe, struct.pack(">I", len(nonsense)) + nonsense)).start()


@registry.driver("child-reader")
def _reader(options, clock):
    mode = options.text("mode", "well")
    if mode == "wrong":
        raise DriverConfigError("mode 'wrong' is wrong; choose another")
    if mode == "broken":
        raise ZeroDivisionError("while it is built")
    if mode == "stuck":
        time.sleep(3600)
    if mode == "absent":
        reader = ChildReader(mode)
        reader.plugged = False
        return reader
    if mode == "talks":
        logging.getLogger("tests.child").warning("the child is talking")
        logging.getLogger("tests.child").info("the child is looking")
    if mode in NONSENSE:
        babble(NONSENSE[mode])
    return ChildReader(mode)


@registry.driver("child-barcode")
def _barcode(options, clock):
    reader = FakeBarcodeReader()
    reader.show_code("发票".encode("gb18030"))
    return reader


@registry.driver("child-camera")
def _camera(options, clock):
    camera = FakeStation()
    return camera


class Matcher:
    production_ready = False

    def verify(self, reference, frames):
        return FaceVerdict(0.875, True, None)


registry.matcher("child-matcher")(Matcher)
registry.decoder("child-decoder")(lambda: None)
