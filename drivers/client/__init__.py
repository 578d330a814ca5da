"""The application's side of XFS4IoT: a hub of roles, typed facades, and errors that say what may have happened."""

from drivers.client.cabinet_facades import (
    AuxiliariesClient,
    LightsClient,
    StampClient,
    UpsClient,
    WatchdogClient,
)
from drivers.client.documents import DocumentCameraClient, DocumentScannerClient, MrzClient
from drivers.client.errors import (
    AnswerNotUnderstood,
    DeviceCanceled,
    DeviceClientError,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnavailable,
    TokenInTheClear,
    WrongService,
)
from drivers.client.facades import (
    BarcodeClient,
    DispenserClient,
    FaceClient,
    IdCardReaderClient,
    PaperClient,
    SmartCardClient,
)
from drivers.client.forms import InvoicePrinterClient
from drivers.client.hub import DeviceHub, RoleStatus
from drivers.client.input_facades import PinPadClient, PinTyped, SignaturePadClient, SignedDocument, Typed
from drivers.client.payment import PaymentClient
from drivers.client.tax_control import TaxControlClient

__all__ = [
    "AnswerNotUnderstood",
    "AuxiliariesClient",
    "BarcodeClient",
    "DeviceCanceled",
    "DeviceClientError",
    "DeviceCommandFailed",
    "DeviceHub",
    "DeviceRefused",
    "DeviceTimeout",
    "DeviceUnavailable",
    "DispenserClient",
    "DocumentCameraClient",
    "DocumentScannerClient",
    "FaceClient",
    "IdCardReaderClient",
    "InvoicePrinterClient",
    "LightsClient",
    "MrzClient",
    "PaperClient",
    "PaymentClient",
    "PinPadClient",
    "PinTyped",
    "RoleStatus",
    "SignaturePadClient",
    "SignedDocument",
    "SmartCardClient",
    "StampClient",
    "TaxControlClient",
    "TokenInTheClear",
    "WrongService",
    "Typed",
    "UpsClient",
    "WatchdogClient",
]
