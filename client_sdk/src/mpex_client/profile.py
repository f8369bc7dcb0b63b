"""Profiles: a TOML file that says where a node is and with which keys to talk to it.

default = "registrar"

[node]
url = "http://127.0.0.1:8080"
node_id = "node:…"
environment = "sandbox"

[identity.registrar]
client_id = "…"
key = "keys/registrar.jwk"       # a file beside the profile, or the private JWK itself
purpose = "searchLiving"         # optional, with legal_basis
legal_basis = "consent"

[anchors]                        # whom you trust to vouch for nodes, by entity identifier
"https://anchor.example" = "anchor.jwks"    # a file beside the profile, or the JWK set itself

A sandbox also has `[partner.NAME]`: clients of other nodes, used under the name `partner.NAME`.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from mpex_client._errors import ConfigurationError
from mpex_client.keys import SigningKey

__all__ = ["Identity", "Profile", "read_jwks"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a node is and who asks: the client registered there, its key, and what it usually asks for."""

    url: str
    client_id: str
    key: SigningKey
    purpose: str | None = None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A node and the identities that may be used at it, by name."""

    path: Path
    url: str
    node_id: str
    environment: str
    default: str
    entries: Mapping[str, Mapping[str, Any]]
    anchors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a profile; ConfigurationError says what is wrong with it."""
        path = Path(path)
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigurationError(f"the profile {path.name} cannot be read") from error
        except ValueError as error:
            raise ConfigurationError(f"the profile {path.name} is not TOML") from error
        node, entries = content.get("node"), content.get("identity")
        if not isinstance(node, dict) or not isinstance(entries, dict) or not entries:
            raise ConfigurationError(f"the profile {path.name} needs [node] and one [identity.NAME] at least")
        if not isinstance(node.get("url"), str):
            raise ConfigurationError(f"the profile {path.name} needs url in [node]")
        default = str(content.get("default", next(iter(entries))))
        environment = str(node.get("environment", "production"))
        partners = content.get("partner", {})
        entries |= {f"partner.{name}": entry for name, entry in partners.items()}
        anchors = {
            entity: read_jwks(text, path.parent) for entity, text in content.get("anchors", {}).items()
        }
        return cls(path, node["url"], str(node.get("node_id", "")), environment, default, entries, anchors)

    def identity(self, name: str | None = None) -> Identity:
        """Return the identity of that name, or the default one."""
        name = name or self.default
        entry = self.entries.get(name)
        if not isinstance(entry, Mapping):
            known = ", ".join(sorted(self.entries))
            raise ConfigurationError(f"the profile has no identity {name!r}; it has: {known}")
        client_id, key = entry.get("client_id"), entry.get("key")
        if not isinstance(client_id, str) or not isinstance(key, str):
            raise ConfigurationError(f"the identity {name!r} needs client_id and key")
        purpose, legal_basis = entry.get("purpose"), entry.get("legal_basis")
        return Identity(self.url, client_id, self._key(key), purpose, legal_basis)

    def _key(self, key: str) -> SigningKey:
        inline = key.lstrip().startswith(("{", "-----BEGIN"))
        return SigningKey.from_text(key) if inline else SigningKey.from_file(self.path.parent / key)


def read_jwks(text: str, folder: Path) -> dict[str, Any]:
    """Return a JWK set that is given as itself, or by the name of a file in `folder`."""
    try:
        inline = text.lstrip().startswith("{")
        jwks = json.loads(text if inline else (folder / text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError("the keys of an anchor are neither a JWK set nor a file with one") from error
    if not isinstance(jwks, dict) or not isinstance(jwks.get("keys"), list):
        raise ConfigurationError("the keys of an anchor are no JWK set")
    return jwks
