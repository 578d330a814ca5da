"""An acquirer's dialect of the POS line, read from a file: ``config/pos/*.toml``, or one of the acquirer's own.

What is in it says docs/pos-ecr.md, section "Another acquirer's dialect".
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from drivers.errors import DriverConfigError
from drivers.payment import Channel, Outcome, Stage
from drivers.protocols.ecr import MAX_DATA
from drivers.protocols.ecr_messages import Dialect, Form, Meaning
from drivers.protocols.ecr_messages import Field as EcrField
from drivers.protocols.ecr_replies import STATES

KINDS: Final = ("echo", "login", "sale", "void", "refund", "query", "settle", "totals", "cancel", "last")
MESSAGES: Final = {"notice", *KINDS, *(f"{kind}.reply" for kind in KINDS)}
_RECORD: Final = frozenset({"code", "reference"})
_ASKED: Final = {"reference", "amount"}
MUST: Final = {
    "echo.reply": {"code", "serial", "host", "open", "paper", "busy"},
    "sale": {*_ASKED, "channel"},
    "void": {*_ASKED, "original"},
    "refund": {*_ASKED, "original"},
    "query": {"reference"},
    "notice": {"stage"},
    **{f"{kind}.reply": _RECORD for kind in ("sale", "void", "refund", "query")},
    **{f"{kind}.reply": {"code"} for kind in ("login", "settle", "totals", "cancel", "last")},
}
"""Fields without which the driver cannot do: a profile lists them with ``!``."""
Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{1,2}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Field(_Table):
    tag: str = Field(pattern=r"^[0-9A-Z]{2}$")
    form: Form
    most: int = Field(ge=1, le=999)


class _Meaning(_Table):
    outcome: Outcome
    word: str | None = Field(None, pattern=r"^[a-z][A-Za-z]{1,39}$")


class _Profile(_Table):
    name: str = Field(min_length=1)
    layout: Literal["tlv", "fixed"]
    kinds: dict[str, Annotated[str, Field(pattern=r"^[0-9]{2}$")]]
    fields: dict[str, _Field]
    messages: dict[str, list[str]]
    channels: dict[Channel, Code]
    entries: dict[Code, str]
    stages: dict[Code, Stage]
    states: dict[Code, str]
    codes: dict[Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")], _Meaning]

    @model_validator(mode="after")
    def _whole(self) -> _Profile:
        """All that the driver uses is there, once."""
        if set(self.kinds) != set(KINDS) or len(set(self.kinds.values())) != len(KINDS):
            raise ValueError(f"[kinds] needs a number of its own for each of {', '.join(KINDS)}")
        if set(self.messages) != MESSAGES:
            raise ValueError(f"[messages] needs exactly {', '.join(sorted(MESSAGES))}")
        if len({spec.tag for spec in self.fields.values()}) != len(self.fields):
            raise ValueError("[fields] uses a tag twice")
        if len(self.channels) < len(Channel):
            raise ValueError(f"[channels] needs {', '.join(Channel)}")
        for message, needed in MUST.items():
            if missing := {f"{name}!" for name in needed} - set(self.messages[message]):
                raise ValueError(f"{message} lacks {', '.join(sorted(missing))}")
        if not {"state", "state!"} & set(self.messages["query.reply"]):
            raise ValueError(
                "query.reply lacks state: by nothing else can the POS tell what became of an order"
            )
        for message, names in self.messages.items():
            if strange := {name.rstrip("!") for name in names} - set(self.fields):
                raise ValueError(
                    f"{message} has {', '.join(sorted(strange))}, which [fields] does not describe"
                )
            if sum(self.fields[name.rstrip("!")].most + 5 for name in names) > MAX_DATA:
                raise ValueError(f"{message} can become longer than a frame of {MAX_DATA} bytes")
        if strange := set(self.states.values()) - set(STATES):
            raise ValueError(f"[states] has {', '.join(sorted(strange))}; use {', '.join(STATES)}")
        if self.codes.get("00") != _Meaning(outcome=Outcome.APPROVE):
            raise ValueError("[codes] must say that 00 is approve, and nothing else")
        if [code for code, meaning in self.codes.items() if meaning.outcome is Outcome.APPROVE] != ["00"]:
            raise ValueError("[codes] may call no other code than 00 approve")
        return self

    def dialect(self) -> Dialect:
        plans = {
            message: tuple(name.rstrip("!") for name in names) for message, names in self.messages.items()
        }
        return Dialect(
            name=self.name,
            tlv=self.layout == "tlv",
            kinds=self.kinds,
            fields={n: EcrField(n, spec.tag, spec.form, spec.most) for n, spec in self.fields.items()},
            plans=plans,
            required={
                message: frozenset(name[:-1] for name in names if name.endswith("!"))
                for message, names in self.messages.items()
            },
            codes={
                code: Meaning(meaning.outcome.value, meaning.word) for code, meaning in self.codes.items()
            },
            states=self.states,
            stages={code: stage.value for code, stage in self.stages.items()},
            entries=self.entries,
            channels={channel.value: code for channel, code in self.channels.items()},
        )


def load_dialect(name: str) -> Dialect:
    """The dialect called ``name`` in ``config/pos``, or in the file ``name`` when it ends in ``.toml``.

    Raise ``DriverConfigError`` with what is wrong in it.
    """
    source = Path(name) if name.endswith(".toml") else files("config") / "pos" / f"{name}.toml"
    try:
        return _Profile.model_validate(tomllib.loads(source.read_text("utf-8"))).dialect()
    except OSError as error:
        known = sorted(p.name.removesuffix(".toml") for p in (files("config") / "pos").iterdir())
        raise DriverConfigError(
            f"POS profile '{name}' cannot be read ({error.strerror}); write one of {', '.join(known)} or a path"
        ) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DriverConfigError(f"POS profile '{name}': {problems}") from None
    except ValueError as error:
        raise DriverConfigError(f"POS profile '{name}' is no TOML: {error}") from None
