"""The keys of a node in each place where they may lie."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.jwk import ECKey
from mpex_server.keys import KeyProvider, make_keys, material, open_keys, place_of
from mpex_server.keys.environment import assignment, variable_of
from mpex_server.keys.names import first_ones, next_of
from mpex_server.keys.provider import KeyKind
from mpex_server.kit.ids import new_id
from mpex_server.settings import Settings

from tests.server.world import URL
from tools.softhsm import SoftHsm

PIN = "4711-fictia"


@dataclass(frozen=True)
class Site:
    """A node's keys, as each of its processes finds them."""

    settings: Settings
    set_variable: Callable[[str, str], None]
    unset_variable: Callable[[str], None]

    @property
    def at_once(self) -> bool:
        """Whether a running process sees what was added since."""
        return self.settings.keys != "environment"

    def open(self) -> KeyProvider:
        """Return the keys of a process that starts now."""
        return open_keys(self.settings)

    def make(self) -> KeyProvider:
        """Make the keys of the node."""
        if self.settings.keys == "environment":
            for name in first_ones():
                self._set(name, material.fresh(name))
        make_keys(self.settings)
        return self.open()

    def add(self, kind: KeyKind) -> str:
        """Add a key as whoever runs the node does."""
        place = place_of(self.settings)
        if self.settings.keys != "environment":
            return place.add(kind)
        name = next_of(kind, place.names())
        self._set(name, material.fresh(name))
        return name

    def remove(self, name: str) -> None:
        """Remove a key as whoever runs the node does."""
        if self.settings.keys == "environment":
            self.unset_variable(variable_of(name))
        else:
            place_of(self.settings).remove(name)

    def write(self, name: str, written: bytes) -> str:
        """Put something else in the place of a key; return what messages call it."""
        if self.settings.keys == "environment":
            self._set(name, written)
            return variable_of(name)
        store = place_of(self.settings).store
        store.remove(name)
        store.add(name, written)
        return f"{name}."

    def _set(self, name: str, written: bytes) -> None:
        self.set_variable(*assignment(name, written).split("=", 1))


def settings_of(kind: str, folder: Path, **values: Any) -> Settings:
    given: dict[str, Any] = {
        "environment": "sandbox",
        "name": "Node of the tests",
        "public_url": URL,
        "threads": 4,
    }
    given |= {"node_id": new_id("node"), "database_url": "sqlite://", "log_level": "error"}
    return Settings(**given | {"key_dir": folder / "keys", "keys": kind} | values)


@pytest.fixture
def token_settings(softhsm: SoftHsm, tmp_path: Path) -> Settings:
    """Settings of a node in a fresh token."""
    label = f"node {os.urandom(4).hex()}"
    softhsm.make(label, PIN)
    pin_file = tmp_path / "pin"
    pin_file.write_text(f"{PIN}\n")
    pin_file.chmod(0o600)
    return settings_of(
        "pkcs11", tmp_path, pkcs11_module=softhsm.module, pkcs11_token=label, pkcs11_pin_file=pin_file
    )


@pytest.fixture(params=["file", "environment", "pkcs11"])
def site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    """Where a node may have its keys; none is made yet."""
    if request.param == "pkcs11":
        settings: Settings = request.getfixturevalue("token_settings")
    else:
        settings = settings_of(request.param, tmp_path)
    return Site(settings, monkeypatch.setenv, monkeypatch.delenv)


def verify_es256(jwks: dict[str, Any], kid: str, sign: Callable[[bytes], bytes]) -> None:
    """Raise InvalidSignature unless what is signed now is by the key of that name."""
    (jwk,) = (key for key in jwks["keys"] if key["kid"] == kid)
    public, signature = ECKey.import_key(jwk).public_key, sign(b"data")
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert len(signature) == 64
    r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    public.verify(encode_dss_signature(r, s), b"data", ec.ECDSA(hashes.SHA256()))
