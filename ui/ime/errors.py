"""What can be wrong with the input methods."""

from __future__ import annotations


class NoInputMethod(Exception):
    """Chinese text cannot be typed on this machine; the message says what to install."""
