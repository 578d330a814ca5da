"""A real Chromium without a window: its headless shell draws the same pages for a fifth of the processor's time."""

from __future__ import annotations

from typing import Any

CHROMIUM: dict[str, Any] = {
    "executable_path": "/usr/bin/chromium-headless-shell",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
}
"""What Playwright launches it by."""
