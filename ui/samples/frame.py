"""The frame around every sample: bureau, hall, steps, status, in the language and mode of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.flow.pages import Page, Screen, StepMark

SERIAL = 1


@dataclass(frozen=True, slots=True)
class Look:
    """Language and mode of a set of samples."""

    lang: str
    mode: str

    @property
    def elder(self) -> bool:
        """Whether the elder mode is shown."""
        return self.mode == "elder"

    def t(self, chinese: str, english: str) -> str:
        """One of two texts."""
        return chinese if self.lang == "zh-CN" else english

    def steps(self, now: int, *labels: tuple[str, str]) -> tuple[StepMark, ...]:
        """Stations with those before ``now`` done."""
        states = ("done", "now", "later")
        return tuple(
            StepMark(self.t(*label), states[(i > now) - (i < now) + 1]) for i, label in enumerate(labels)
        )

    def screen(self, page: Page, **around: Any) -> Screen:
        """The page with its frame; ``around`` overrides."""
        frame: dict[str, Any] = {
            "can_back": True,
            "can_leave": True,
            "network_text": self.t("联网正常", "Online"),
            "status_note": self.t("无操作 2 分钟后退出并清除", "Signs out after 2 minutes without a touch"),
            "terminal": self.t("终端 云川 A-07", "Terminal A-07"),
            "hall": self.t("中心大厅", "Central Hall"),
            "bureau": self.t("云川市税务局", "Yunchuan Municipal Tax Bureau"),
            "lang": self.lang,
            "mode": self.mode,
            "idle_after_s": 0,
            "serial": SERIAL,
        }
        return Screen(page=page, **{**frame, **around})
