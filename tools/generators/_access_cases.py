"""What the vectors of access are made of: the node, its client, the time, and what a case changes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import Key

from tools.generators._access_keys import WEAK_PRIMES, Json, edwards, elliptic, rivest
from tools.generators._consent_scenes import ident

NOW = 1_795_255_200
ISSUER = "https://node.example"
TOKEN_ENDPOINT = f"{ISSUER}/oauth/token"
RESOURCE = f"{ISSUER}/v1/incidents"
CLIENT_ID = ident("client", "vectors")
CLIENT, STRANGER, NODE, OLDER = (elliptic(name) for name in ("client", "stranger", "node", "node-older"))
RSA, ED = rivest("client-rsa"), edwards("client-ed25519")
WEAK = rivest("client-rsa-1024", WEAK_PRIMES)
LARGE = elliptic("client-p384", ec.SECP384R1())
KEYS: Mapping[str, Key] = {
    "client": CLIENT,
    "client-rsa": RSA,
    "client-rsa-1024": WEAK,
    "client-ed25519": ED,
    "stranger": STRANGER,
    "node": NODE,
    "node-older": OLDER,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a case makes different from what is right.

    `times` are seconds after now, None takes a member away, and `signer` names the key; None signs nothing.
    """

    header: Json = field(default_factory=dict)
    claims: Json = field(default_factory=dict)
    times: Json = field(default_factory=dict)
    signer: str | None = "client"

    def shown(self) -> Json:
        """Return it as the vectors say it."""
        said = {"header": self.header, "claims": self.claims, "times": self.times}
        return {name: value for name, value in said.items() if value} | {"signer": self.signer}

    def applied(self, header: Json, claims: Json) -> tuple[Json, Json]:
        """Return header and claims as they become."""
        times = {name: NOW + seconds for name, seconds in self.times.items()}
        return _without(header | self.header), _without(claims | self.claims | times)

    @property
    def key(self) -> Key | None:
        """The key that signs."""
        return None if self.signer is None else KEYS[self.signer]


def _without(members: Json) -> Json:
    return {name: value for name, value in members.items() if value is not None}


def reversed_signature(token: str) -> str:
    """Return a JWS whose signature is another one."""
    text, _, signature = token.rpartition(".")
    return f"{text}.{signature[::-1]}"


def identifier(what: str, name: str) -> str:
    """Return the `jti` of what a case holds."""
    return f"{what}:{name}".replace(" ", "-")


def signature_halves(signature: str) -> tuple[bytes, bytes]:
    """Return both numbers of an ES256 signature."""
    raw = base64.urlsafe_b64decode(signature + "==")
    return raw[:32], raw[32:]
