"""Signatures, hashes, seals and the key store, each replaceable by its algorithm id or port."""

from sync.crypto.algorithms import (
    DIGEST,
    Ed25519Signer,
    Ed25519Verifier,
    Hash,
    Signer,
    Verifier,
    digest,
    register_digest,
    register_signer,
    register_verifier,
    signer,
    verifier,
)
from sync.crypto.keystore import KeyStore, SealedFileKeyStore, SystemdCredentialKeyStore, open_keystore
from sync.crypto.sealing import BodyOpener, SealedBody, SealingKey, VisitKey, Wrap, b64, open_sealed, unb64

__all__ = [
    "DIGEST",
    "BodyOpener",
    "Ed25519Signer",
    "Ed25519Verifier",
    "Hash",
    "KeyStore",
    "SealedBody",
    "SealedFileKeyStore",
    "SealingKey",
    "Signer",
    "SystemdCredentialKeyStore",
    "Verifier",
    "VisitKey",
    "Wrap",
    "b64",
    "digest",
    "open_keystore",
    "open_sealed",
    "register_digest",
    "register_signer",
    "register_verifier",
    "signer",
    "unb64",
    "verifier",
]
