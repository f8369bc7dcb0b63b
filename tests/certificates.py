"""Certificates for loopback that live as long as a test, and the authority that issued them."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_HOUR = timedelta(hours=1)
_PEM = serialization.Encoding.PEM


def certify(folder: Path) -> str:
    """Write `node.key` and `node.pem` for loopback, and `authority.pem` of their issuer; return the last."""
    key, issuing = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority of the tests")])
    place = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")])
    node = (
        _certificate(x509.Name([]), authority, key)
        .add_extension(place, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), critical=False
        )
        .sign(issuing, hashes.SHA256())
    )
    issuer = (
        _certificate(authority, authority, issuing)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(issuing.public_key()), critical=False)
        .sign(issuing, hashes.SHA256())
        .public_bytes(_PEM)
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "node.key").write_bytes(key.private_bytes(_PEM, *form))
    (folder / "node.pem").write_bytes(node.public_bytes(_PEM))
    (folder / "authority.pem").write_bytes(issuer)
    return str(issuer, "ascii")


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now, number = datetime.now(UTC), x509.random_serial_number()
    return x509.CertificateBuilder(issuer, subject, key.public_key(), number, now - _HOUR, now + _HOUR)
