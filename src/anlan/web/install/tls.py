"""Certificate and key for TLS: the office's own, or a self-signed pair kept in ANLAN_HOME/tls."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from anlan.settings import InputError, Words

# Browsers take no certificate that lasts longer.
_LASTS = dt.timedelta(days=397)
_RENEW = dt.timedelta(days=30)


def own(certificate: Path, key: Path, home: Path) -> tuple[Path, Path]:
    """The pair given, the key written as the server reads it (PKCS#8). Raises InputError if the two do not fit."""
    problems = []
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except (OSError, ValueError) as error:
        problems.append(
            Words(f"无法读取证书 {certificate}：{error}", f"cannot read the certificate {certificate}: {error}")
        )
    try:
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        problems.append(
            Words(
                f"无法读取私钥 {key}（须为不加密的 PEM）：{error}",
                f"cannot read the key {key} (PEM without a password): {error}",
            )
        )
    if problems:
        raise InputError(*problems)
    if first.not_valid_after_utc < dt.datetime.now(dt.UTC):
        problems.append(
            Words(
                f"证书 {certificate} 已于 {first.not_valid_after_utc:%Y-%m-%d} 过期",
                f"the certificate {certificate} expired on {first.not_valid_after_utc:%Y-%m-%d}",
            )
        )
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if first.public_key().public_bytes(*form) != secret.public_key().public_bytes(*form):
        problems.append(
            Words(
                f"私钥 {key} 与证书 {certificate} 不是一对",
                f"the key {key} does not belong to the certificate {certificate}",
            )
        )
    if problems:
        raise InputError(*problems)
    copy = _folder(home) / "own-key.pem"
    _write(
        copy,
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    return certificate, copy


def self_signed(names: tuple[str, ...], home: Path) -> tuple[Path, Path]:
    """Pair of this installation for these host names; made anew when it runs out or the names change."""
    certificate, key = _folder(home) / "certificate.pem", _folder(home) / "key.pem"
    if not _still_good(certificate, key, names):
        _make(certificate, key, names)
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the certificate as browsers show it, so that people can compare."""
    found = x509.load_pem_x509_certificates(certificate.read_bytes())[0].fingerprint(hashes.SHA256())
    return found.hex(":").upper()


def _folder(home: Path) -> Path:
    folder = home / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    part.replace(path)


def _alternatives(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys(names):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            if name.isascii() and name.strip("*."):
                found.append(x509.DNSName(name.lstrip(".")))
    return x509.SubjectAlternativeName(found or [x509.DNSName("localhost")])


def _still_good(certificate: Path, key: Path, names: tuple[str, ...]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return (
        found.not_valid_after_utc - dt.datetime.now(dt.UTC) > _RENEW
        and alternatives == _alternatives(names)
        and found.public_key() == secret.public_key()
    )


def _make(certificate: Path, key: Path, names: tuple[str, ...]) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anlan")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of office PCs are not exact.
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now - dt.timedelta(days=1) + _LASTS)
        .add_extension(_alternatives(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    _write(
        key,
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))
