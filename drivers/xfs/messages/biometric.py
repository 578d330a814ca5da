"""Biometric, type facialFeatures: import a reference, read the live face, match the two."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface, signal, words
from drivers.xfs.payload import Data, Nothing, Payload, word


class Subject(enum.StrEnum):
    """Whether somebody stands before the camera."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"


class ReadMode(enum.StrEnum):
    """Why to capture."""

    SCAN = "scan"
    MATCH = "match"


class CompareMode(enum.StrEnum):
    """Against one template, or against all."""

    VERIFY = "verify"
    IDENTITY = "identity"


class ClearData(enum.StrEnum):
    """Which data to forget."""

    SCANNED = "scannedData"
    IMPORTED = "importedData"
    SET_MATCHED = "setMatchedData"


class DataType(Payload):
    """Format of a template; ours is ``reservedRaw1``: a chip photo, PNG or JPEG as it is."""

    format: str
    algorithm: str | None = None
    key_name: str | None = None


class Template(Payload):
    """One template to import."""

    type: DataType
    data: Data


class ImportIn(Payload):
    """Templates to keep until they are cleared."""

    templates: Annotated[list[Template], Field(min_length=1)]


class Templates(Payload):
    """Templates held, by the identifier given to them."""

    templates: dict[str, DataType]


class ReadIn(Payload):
    """What to capture for; ``dataTypes`` are formats to give back, and no live picture leaves this program."""

    mode: Annotated[ReadMode, word(ReadMode)]
    num_captures: Annotated[int, Field(ge=0, le=30)] | None = None
    data_types: list[DataType] | None = None


class ReadOut(Payload):
    """Nothing: captured faces stay inside."""

    data_read: list[Template] | None = None


class MatchIn(Payload):
    """Compare the captured face with one template or with all; ``threshold`` 0 to 100."""

    compare_mode: Annotated[CompareMode, word(CompareMode)]
    identifier: str | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    threshold: Annotated[int, Field(ge=0, le=100)]


class Candidate(Payload):
    """How sure the match is, 0 to 100."""

    confidence_level: int
    template_data: Data | None = None


class MatchOut(Payload):
    """Templates at or above the threshold, best first."""

    candidates: dict[str, Candidate] | None = None


class ClearIn(Payload):
    """What to forget; null means everything."""

    clear_data: Annotated[ClearData, word(ClearData)] | None = None


class ClearedBody(Payload):
    """What was forgotten."""

    clear_data: Annotated[ClearData, word(ClearData)]


class BiometricStatus(Payload):
    """The ``biometric`` object of Common.Status."""

    subject: Annotated[Subject, word(Subject)] | None = None
    capture: bool | None = None


PRESENT_SUBJECT: Final = signal("Biometric.PresentSubjectEvent")
SUBJECT_DETECTED: Final = signal("Biometric.SubjectDetectedEvent")
DATA_CLEARED: Final = Event("Biometric.DataClearedEvent", ClearedBody, unsolicited=True)
IMPORT: Final = Command(
    "Biometric.Import",
    ImportIn,
    Templates,
    version="3.0",
    errors=words("invalidData formatNotSupported capacityExceeded keyNotFound"),
    acts=True,
)
READ: Final = Command(
    "Biometric.Read",
    ReadIn,
    ReadOut,
    completion="3.0",
    errors=words("readFailed modeNotSupported formatNotSupported keyNotFound"),
    events=(PRESENT_SUBJECT, SUBJECT_DETECTED),
    moves=True,
)
MATCH: Final = Command(
    "Biometric.Match",
    MatchIn,
    MatchOut,
    completion="3.0",
    errors=words(
        "noImportedData invalidIdentifier modeNotSupported invalidThreshold noCaptureData invalidCompareMode"
    ),
    acts=True,
)
GET_STORAGE_INFO: Final = Command(
    "Biometric.GetStorageInfo", Nothing, Templates, errors=words("noImportedData")
)
CLEAR: Final = Command("Biometric.Clear", ClearIn, Nothing, acts=True)
RESET: Final = Command("Biometric.Reset", ClearIn, Nothing, moves=True)
INTERFACE: Final = Interface(
    "Biometric", (IMPORT, READ, MATCH, GET_STORAGE_INFO, CLEAR, RESET), (DATA_CLEARED,), BiometricStatus
)
