"""Opens an OFD in a browser by ofd.js, a renderer of other hands; scripts/npm-packages.txt says which."""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM

SCRIPT = Path(sys.prefix) / "share" / "npm" / "ofd.js-0.2.6.js"
WIDTH = 800
OPEN = """async ([ofd, width]) => {
  const bytes = Uint8Array.from(atob(ofd), (letter) => letter.charCodeAt(0));
  const documents = await new Promise((success, fail) =>
    window.ofd.parseOfdDocument({ofd: bytes.buffer, success, fail: (why) => fail(String(why))}));
  const pages = documents.flatMap((one) => window.ofd.renderOfd(width, one));
  document.body.replaceChildren(...pages);
  return [pages.length, [...document.querySelectorAll('svg')].map((words) => words.textContent)];
}"""


@dataclass(frozen=True)
class Shown:
    """What a person sees: how many pages, each text as it is drawn, and a picture at three dots to a pixel."""

    pages: int
    texts: list[str]
    picture: bytes


def shown(ofd: bytes) -> Shown:
    """The document as it stands on the screen; raises what the renderer complains of."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(**CHROMIUM)
        page = chromium.new_context(device_scale_factor=3).new_page()
        page.set_default_timeout(60_000)
        page.set_content('<meta charset="utf-8"><body></body>')
        page.add_script_tag(path=SCRIPT)
        pages, texts = page.evaluate(OPEN, [base64.b64encode(ofd).decode(), WIDTH])
        picture = page.screenshot(full_page=True)
        chromium.close()
    return Shown(pages, [text for text in texts if text], picture)
