"""The closed vocabularies of the XFS4IoT envelope, each in one place."""

from __future__ import annotations

import enum


class MessageType(enum.StrEnum):
    """``header.type``."""

    COMMAND = "command"
    ACKNOWLEDGE = "acknowledge"
    EVENT = "event"
    UNSOLICITED = "unsolicited"
    COMPLETION = "completion"


class Refusal(enum.StrEnum):
    """``header.status`` of an acknowledge after which nothing follows."""

    INVALID_MESSAGE = "invalidMessage"
    INVALID_REQUEST_ID = "invalidRequestID"
    TOO_MANY_REQUESTS = "tooManyRequests"


class CompletionCode(enum.StrEnum):
    """``header.completionCode``: the 23 values of the standard, in its spelling."""

    SUCCESS = "success"
    COMMAND_ERROR_CODE = "commandErrorCode"
    CANCELED = "canceled"
    DEVICE_NOT_READY = "deviceNotReady"
    HARDWARE_ERROR = "hardwareError"
    INTERNAL_ERROR = "internalError"
    INVALID_COMMAND = "invalidCommand"
    INVALID_REQUEST_ID = "invalidRequestID"
    TIME_OUT = "timeOut"
    UNSUPPORTED_COMMAND = "unsupportedCommand"
    INVALID_DATA = "invalidData"
    USER_ERROR = "userError"
    UNSUPPORTED_DATA = "unsupportedData"
    FRAUD_ATTEMPT = "fraudAttempt"
    SEQUENCE_ERROR = "sequenceError"
    AUTHORISATION_REQUIRED = "authorisationRequired"
    NO_COMMAND_NONCE = "noCommandNonce"
    INVALID_TOKEN = "invalidToken"
    INVALID_TOKEN_NONCE = "invalidTokenNonce"
    INVALID_TOKEN_HMAC = "invalidTokenHMAC"
    INVALID_TOKEN_FORMAT = "invalidTokenFormat"
    INVALID_TOKEN_KEY_NO_VALUE = "invalidTokenKeyNoValue"
    NOT_ENOUGH_SPACE = "notEnoughSpace"
