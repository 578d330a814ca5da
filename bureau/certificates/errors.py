"""What can go wrong between a record and its signed paper, and what to do next."""

from __future__ import annotations


class CertificateError(Exception):
    """Root of everything this package raises."""


class FontsMissingError(CertificateError):
    """The system has no font for the certificate's text."""

    def __init__(self, families: frozenset[str]) -> None:
        self.families = families
        names = ", ".join(sorted(families))
        super().__init__(f"no font {names} on this machine; install the package fonts-noto-cjk")


class FiguresError(CertificateError):
    """What was to be certified contradicts itself."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; nothing was issued: read the record again and show it once more")


class RenderingError(CertificateError):
    """The certificate could not be set, usually for a character that no font has."""

    def __init__(self, diagnostic: str) -> None:
        super().__init__(f"the certificate cannot be set: {diagnostic}; nothing was issued")


class TextLostError(CertificateError):
    """What can be read from the finished pages is not what was to be certified."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(
            f"{len(missing)} printed values are not on the pages as certified; nothing was issued: "
            "check the fonts of this machine"
        )


class SealingError(CertificateError):
    """The document was not sealed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the certificate cannot be sealed: {reason}; nothing was issued")


class KeyMaterialError(CertificateError):
    """The keys in the state directory are incomplete or belong to another bureau."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}; restore the directory from its backup")


class FrozenFormError(CertificateError):
    """Stored certificate data that this version cannot read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"stored certificate data cannot be read: {reason}; restore it from a backup")


class CopyLimitError(CertificateError):
    """A certificate of this kind may not be printed again."""

    def __init__(self, number: str, limit: int) -> None:
        self.limit = limit
        super().__init__(f"certificate {number} was printed {limit} times already; issue a new one")
