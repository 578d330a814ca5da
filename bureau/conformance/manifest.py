"""What a check may work on in the core's books: a small file that whoever integrates a core fills in."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bureau.errors import BureauError
from bureau.ports.registration import PersonKey
from kiosk.domain.people import DocumentKind, Role


class ManifestWrong(BureauError):
    """A manifest that cannot be read; the message says where and why."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}; docs/integrating.md describes the manifest")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class APerson(_Part):
    """Somebody on file (实名), with months of income in the core's books where ``income_first`` is given."""

    kind: DocumentKind
    number: str
    income_first: str = ""
    income_last: str = ""

    @property
    def key(self) -> PersonKey:
        """The person by document."""
        return PersonKey(self.kind, self.number)


class AnEnterprise(_Part):
    """An enterprise in which the person holds ``role``; returns of this tax and period are filed for it and taken back.

    They have subjects of their own, so a return of the period that stands already is in nobody's way.
    """

    taxpayer: str
    role: Role
    tax: str
    period_first: date
    period_last: date


class Sheets(_Part):
    """A unit of the terminal with four blank invoices or more in front, and an enterprise that may have them."""

    taxpayer: str
    unit: str


class Shelf(_Part):
    """Two blank invoices of one kind, the first of them ``first``, on the shelf that parcels are packed from."""

    kind: str
    code: str
    first: str


class AHandover(_Part):
    """The hall that the terminal stands in: what is handed over there may be taken up there."""

    hall: str


class ANotice(_Part):
    """A notice of non-tax revenue that can be paid."""

    code: str


class Manifest(_Part):
    """The whole file. What a part that is left out would be needed for is not asked, and the report says so.

    ``silent_s``: after how many seconds without a request the core undoes a transaction. ``now``: the business moment
    of the check; left out, this moment.
    """

    terminal: str
    silent_s: Annotated[float, Field(gt=0, le=600)]
    now: AwareDatetime | None = None
    person: APerson | None = None
    enterprise: AnEnterprise | None = None
    sheets: Sheets | None = None
    shelf: Shelf | None = None
    handover: AHandover | None = None
    notice: ANotice | None = None

    def moment(self) -> datetime:
        """The business moment of the check."""
        return self.now or datetime.now().astimezone()


def read_manifest(file: Path) -> Manifest:
    """Raises ``ManifestWrong``, or ``OSError`` where there is no such file."""
    try:
        return Manifest.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ManifestWrong(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestWrong(file, str(error)) from error
