"""A video source behind OpenCV, with a limit on every wait; all calls block and belong on one worker thread."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from drivers.binding import finding
from drivers.binding.identity import Kind
from drivers.errors import DeviceError, DriverConfigError, LinkLost
from drivers.imaging.facts import FrameFacts
from drivers.transports.link import Tap

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # the end of a stream is no news on stderr
import cv2

Picture = NDArray[np.uint8]
"""Rows × columns × blue, green, red."""

_PRESENT_S: Final = 1.0


class VideoSource:
    """OpenCV's way to one camera; a recording takes its place when one is played.

    Args:
        source: ``/dev/video0``, its number, ``kiosk/<role>`` for the camera bound to a role, or the address of a
            motion-JPEG or RTSP stream.
        size: columns and rows asked for; a network camera gives what it gives.
        wait_s: how long opening and each frame may take.
    """

    def __init__(self, source: str, size: tuple[int, int], wait_s: float) -> None:
        if not source:
            raise DriverConfigError("a camera needs an address, such as /dev/video0 or http://…/video.mjpg")
        self._source = f"/dev/video{source}" if source.isdigit() else source
        self._size = size
        self._wait_ms = int(wait_s * 1000)
        self._capture: cv2.VideoCapture | None = None

    @property
    def name(self) -> str:
        """The source without what may be a password in it."""
        parts = urlsplit(self._source)
        return f"{parts.scheme}://{parts.hostname}" if parts.hostname else finding.shown(self._source)

    @property
    def is_open(self) -> bool:
        """Whether frames can be read."""
        return self._capture is not None

    def open(self) -> None:
        """Open the source; raise ``LinkLost`` when it gives no video."""
        self.close()
        finding.node(self._source, Kind.CAMERA)  # says it when another device is in its place
        if not self.present():
            raise LinkLost(f"camera {self.name} is not there; check its cable and power")
        try:
            capture = self._network() if "://" in self._source else self._local()
        except cv2.error as error:
            raise LinkLost(f"camera {self.name} cannot be opened ({error.code})") from error
        if not capture.isOpened():
            capture.release()
            raise LinkLost(f"camera {self.name} gives no video; check that nobody else uses it")
        self._capture = capture

    def _network(self) -> cv2.VideoCapture:
        limits = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            self._wait_ms,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            self._wait_ms,
        ]
        return cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, limits)

    def _local(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(finding.node(self._source, Kind.CAMERA), cv2.CAP_V4L2)
        # Compressed on the cable: raw 640 × 480 fills a shared USB 2 bus.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    def read(self) -> Picture:
        """The next frame; raise ``LinkLost`` when none comes."""
        capture = self._capture
        if capture is None:
            raise LinkLost(f"camera {self.name} is closed")
        try:
            good, picture = capture.read()
        except cv2.error as error:
            raise LinkLost(f"camera {self.name} sends what is no picture") from error
        if not good or picture is None or picture.ndim != 3 or not picture.size:
            raise LinkLost(f"camera {self.name} sends no frames; check its cable and power")
        return np.asarray(picture, np.uint8)

    def present(self) -> bool:
        """Whether the camera is there, found out without filming anybody."""
        parts = urlsplit(self._source)
        if not parts.hostname:
            try:
                return Path(finding.node(self._source, Kind.CAMERA)).exists()
            except DeviceError:
                return False
        port = parts.port or {"https": 443, "rtsp": 554}.get(parts.scheme, 80)
        try:
            with socket.create_connection((parts.hostname, port), _PRESENT_S):
                return True
        except OSError:
            return False

    def close(self) -> None:
        """Release the camera; never raises."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()


class VideoLink:
    """One camera with a tap in its line.

    Args:
        source: as of ``VideoSource``.
        width: columns asked for.
        height: rows asked for.
        wait_s: how long opening and each frame may take.
        tap: sees of each picture its size, brightness, contrast and digest, never the picture.
    """

    def __init__(
        self,
        source: str,
        width: int = 640,
        height: int = 480,
        wait_s: float = 3.0,
        tap: Tap | None = None,
    ) -> None:
        real = VideoSource(source, (width, height), wait_s)
        self._source = real if tap is None else tap.line(real)
        self._tap = tap

    @property
    def name(self) -> str:
        """The source without what may be a password in it."""
        return self._source.name

    @property
    def is_open(self) -> bool:
        """Whether frames can be read."""
        return self._source.is_open

    def open(self) -> None:
        """Open the source; raise ``LinkLost`` when it gives no video."""
        self.close()
        self._source.open()
        if self._tap is not None:
            self._tap.opened()

    def read(self) -> Picture:
        """The next frame; raise ``LinkLost`` when none comes."""
        if self._tap is None or not self._tap.running:
            return self._source.read()
        try:
            picture = self._source.read()
        except LinkLost as error:
            self._tap.closed(str(error))
            raise
        self._tap.incoming(FrameFacts.of(picture).dump())
        return picture

    def present(self) -> bool:
        """Whether the camera is there, found out without filming anybody."""
        return self._source.present()

    def close(self) -> None:
        """Release the camera; never raises."""
        was_open = self._source.is_open
        self._source.close()
        if was_open and self._tap is not None:
            self._tap.closed("closed")
