"""Keys and certificates of simulated cards, made from a seed: the same seed is the same card, for ever."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

_EXPONENT: Final = 65537
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SMALL: Final = tuple(n for n in range(3, 2000) if all(n % d for d in range(2, int(n**0.5) + 1)))
_ROUNDS: Final = 24
"""Miller-Rabin: a composite passes so many with a probability below 4 to the -24th."""


@lru_cache(maxsize=8)
def ec_key(seed: int) -> ec.EllipticCurvePrivateKey:
    """The P-256 key of ``seed``."""
    secret = random.Random(f"ec {seed}").randrange(1, _P256_ORDER)
    return ec.derive_private_key(secret, ec.SECP256R1())


@lru_cache(maxsize=8)
def rsa_key(seed: int) -> rsa.RSAPrivateKey:
    """The RSA-2048 key of ``seed``; takes about a second the first time."""
    rng = random.Random(f"rsa {seed}")
    p, q = _prime(rng), _prime(rng)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(_EXPONENT, p * q)
    )
    return numbers.private_key()


@lru_cache(maxsize=16)
def certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, holder: str, seed: int) -> bytes:
    """A certificate of ``holder`` signed with its own key, DER."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder),
            x509.NameAttribute(NameOID.COMMON_NAME, f"SPECIMEN {seed}"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random.Random(f"serial {seed}").getrandbits(100) | 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
    )
    # A random nonce would make another certificate at each start, and at times one of another length.
    fixed = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    signed = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=fixed)
    return signed.public_bytes(serialization.Encoding.DER)


def _prime(rng: random.Random) -> int:
    """A prime of 1024 bits whose two highest are set, so that two of them make 2048, and fit for the exponent."""
    while True:
        n = rng.getrandbits(1024) | 3 << 1022 | 1
        if all(n % small for small in _SMALL) and (n - 1) % _EXPONENT and _probably_prime(n, rng):
            return n


def _probably_prime(n: int, rng: random.Random) -> bool:
    twos = ((n - 1) & -(n - 1)).bit_length() - 1
    odd = (n - 1) >> twos
    for _ in range(_ROUNDS):
        x = pow(rng.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True
