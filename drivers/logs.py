"""What the device program writes to standard error: lines for people, or one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, message, and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        body = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            body["trace"] = self.formatException(record.exc_info)
        return json.dumps(body, ensure_ascii=False)


def same() -> tuple[str, str]:
    """What ``set_up_as`` takes in another process for lines as this one writes them."""
    root = logging.getLogger()
    written = any(isinstance(handler.formatter, JsonLines) for handler in root.handlers)
    return logging.getLevelName(root.getEffectiveLevel()), "json" if written else "text"


def set_up_as(level: str, kind: str) -> None:
    """Log as the process that said ``same``."""
    set_up(level, kind == "json")


def set_up(level: str, json_lines: bool) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    if json_lines:
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The library's own words about each handshake, and a page of trace for each refused one, help nobody.
    logging.getLogger("kiosk.devices.websocket").setLevel(logging.ERROR)
