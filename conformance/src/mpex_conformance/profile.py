"""The target's profile: its address and the identities that the suite may use, from `profile.toml`."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from mpex_conformance.wire import sealing
from mpex_conformance.wire.jose import PrivateKey, private_key, thumbprint


class ProfileError(ValueError):
    """The profile cannot be used; the message names the member and never shows a key."""


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A client of the target: a role of its staff, or a partner node with the address it listens on.

    The anchor that the target has chosen is one as well, without a client identifier.
    """

    name: str
    client_id: str
    key: PrivateKey
    kid: str | None
    node_id: str | None = None
    url: str | None = None
    encryption_key: X25519PrivateKey | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the target is and as whom the suite may speak to it; `folder` is where that was read."""

    url: str
    environment: str
    staff: dict[str, Identity]
    partners: dict[str, Identity]
    anchor: Identity | None = None
    folder: Path | None = None


def read(path: Path) -> Profile:
    """Read ``path``; ProfileError says what is missing or malformed."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise ProfileError(f"the profile {path.name} cannot be read") from None
    except ValueError:
        raise ProfileError(f"the profile {path.name} is not TOML") from None
    node = document.get("node", {})
    if "url" not in node:
        raise ProfileError("the profile has no [node] url")
    staff = {
        name: _identity(f"identity.{name}", name, item, path) for name, item in _tables(document, "identity")
    }
    partners = {
        name: _identity(f"partner.{name}", name, item, path) for name, item in _tables(document, "partner")
    }
    anchor = document.get("anchor")
    return Profile(
        str(node["url"]).rstrip("/"),
        str(node.get("environment", "production")),
        staff,
        partners,
        _identity("anchor", "anchor", {"client_id": "", **anchor}, path) if anchor else None,
        path.parent,
    )


def _tables(document: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    tables = document.get(name, {})
    return [(key, item) for key, item in tables.items() if isinstance(item, dict)]


def _identity(place: str, name: str, item: dict[str, Any], profile: Path) -> Identity:
    try:
        document = _key(str(item["key"]), profile)
        sealed_to = _key(str(item["encryption_key"]), profile) if "encryption_key" in item else None
        return Identity(
            name=name,
            client_id=str(item["client_id"]),
            key=private_key(document),
            kid=document.get("kid") or thumbprint(document),
            node_id=item.get("node_id"),
            url=item.get("url"),
            encryption_key=sealing.private_key(sealed_to) if sealed_to else None,
        )
    except KeyError as error:
        raise ProfileError(f"[{place}] has no {error.args[0]}") from None
    except (OSError, ValueError):
        raise ProfileError(
            f"[{place}] key is neither a private P-256 JWK nor a file with one, or encryption_key not X25519"
        ) from None


def _key(text: str, profile: Path) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        text = (profile.parent / text).read_text("utf-8")
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("not a JWK")
    return document
