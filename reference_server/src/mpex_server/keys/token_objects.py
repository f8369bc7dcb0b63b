"""Keys as objects of a token: made there, brought there, and destroyed; nobody reads them back."""

from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, Session

from mpex_server.keys import material
from mpex_server.kit import base64url

_P256: Final = bytes.fromhex("06082a8648ce3d030107")
_ED25519: Final = bytes.fromhex("06032b6570")
_OCTET_STRING: Final = 0x04
_NEVER_SHOWN: Final = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}


def make_secret(session: Session, label: str) -> None:
    """Make an AES-256 key."""
    session.generate_key(
        KeyType.AES,
        256,
        label=label,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template=_NEVER_SHOWN,
    )


def make_p256(session: Session, label: str) -> None:
    """Make a pair for ES256."""
    _make_pair(session, label, KeyType.EC, _P256, Mechanism.EC_KEY_PAIR_GEN)


def make_ed25519(session: Session, label: str) -> None:
    """Make a pair for Ed25519."""
    _make_pair(session, label, KeyType.EC_EDWARDS, _ED25519, Mechanism.EC_EDWARDS_KEY_PAIR_GEN)


def take_secret(session: Session, label: str, written: bytes) -> None:
    """Keep an AES-256 key that was made elsewhere."""
    may = {Attribute.ENCRYPT: True, Attribute.DECRYPT: True, Attribute.VALUE: written}
    _take(session, label, ObjectClass.SECRET_KEY, KeyType.AES, _NEVER_SHOWN | may)


def take_p256(session: Session, label: str, written: bytes) -> None:
    """Keep a private JWK."""
    key = material.signing_key(written).as_dict(private=True)
    d, x, y = (base64url.decode(str(key[name])) for name in ("d", "x", "y"))
    _take_pair(session, label, (KeyType.EC, _P256), d, b"\x04" + x + y)


def take_ed25519(session: Session, label: str, written: bytes) -> None:
    """Keep a seed."""
    point = Ed25519PrivateKey.from_private_bytes(written).public_key().public_bytes_raw()
    _take_pair(session, label, (KeyType.EC_EDWARDS, _ED25519), written, point)


def destroy(session: Session, label: str) -> None:
    """Destroy all that has a label."""
    for found in [*session.get_objects({Attribute.LABEL: label})]:
        found.destroy()


def _make_pair(session: Session, label: str, kind: KeyType, curve: bytes, mechanism: Mechanism) -> None:
    parameters = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: curve}, local=True)
    parameters.generate_keypair(
        mechanism=mechanism,
        label=label,
        store=True,
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template=_NEVER_SHOWN,
    )


def _take_pair(
    session: Session, label: str, curve: tuple[KeyType, bytes], private: bytes, point: bytes
) -> None:
    kind, parameters = curve
    on = {Attribute.EC_PARAMS: parameters}
    wrapped = bytes([_OCTET_STRING, len(point)]) + point
    public = on | {Attribute.EC_POINT: wrapped, Attribute.VERIFY: True}
    _take(session, label, ObjectClass.PUBLIC_KEY, kind, public)
    hidden = on | {Attribute.VALUE: private, Attribute.SIGN: True}
    _take(session, label, ObjectClass.PRIVATE_KEY, kind, _NEVER_SHOWN | hidden)


def _take(
    session: Session, label: str, what: ObjectClass, kind: KeyType, attributes: dict[Attribute, Any]
) -> None:
    own = {Attribute.CLASS: what, Attribute.KEY_TYPE: kind, Attribute.LABEL: label, Attribute.TOKEN: True}
    private = {Attribute.PRIVATE: what != ObjectClass.PUBLIC_KEY}
    session.create_object(own | private | attributes)
