"""A federation in memory: entities that sign what they publish, and the addresses at which it is found.

Keys and signatures follow from names alone (RFC 6979), so that the vectors are the same each time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey
from mpex_server.federation import marks, statements
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.federation.directory import NODE
from mpex_server.federation.faults import TrustError
from mpex_server.federation.mandate import NO_ENFORCEMENT, TRACING
from mpex_server.kit import jws

Json = dict[str, Any]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NODE_ID = f"node:{'vectors':a<26}"
MANDATE: Json = {
    "nodeId": NODE_ID,
    "recipientClass": "humanitarian",
    "purposes": ["searchLiving", "familyReunification"],
    "territories": ["CH"],
}
Change = Callable[[Json, Json], None]
"""Changes header and claims of a token before it is signed."""


@cache
def key_of(name: str) -> ECKey:
    """Return the P-256 key that belongs to a name; it protects nothing."""
    number = int.from_bytes(sha256(name.encode()).digest()) >> 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    return ECKey.import_key(ECKey.import_key(private).as_dict(private=True) | {"kid": name})


def public(*keys: ECKey) -> Json:
    """Return the JWK set of the public halves."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def unchanged(_header: Json, _claims: Json) -> None:
    """Leave a token as it is."""


@dataclass
class Entity:
    """An entity: its keys, its superiors, whom it vouches for, and what it was told to get wrong.

    The first key is its own; `signers` names another for a kind of token, and `odd` what is changed in one
    before it is signed: `configuration`, `subordinate`, `mark`, `status`.
    """

    name: str
    superiors: tuple[str, ...] = ()
    vouches: bool = True
    claims: Json = field(default_factory=dict)
    keys: list[ECKey] = field(default_factory=list)
    below: dict[str, Json] = field(default_factory=dict)
    intermediates: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    odd: dict[str, Change] = field(default_factory=dict)
    signers: dict[str, ECKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give it a key."""
        self.keys = self.keys or [key_of(self.host)]

    @property
    def host(self) -> str:
        """The first part of the name, by which cases call it."""
        return str(urlsplit(self.name).hostname).partition(".")[0]

    @property
    def address(self) -> str:
        """Where it publishes what it says of itself."""
        return self.name + WELL_KNOWN

    def enrol(self, entity: "Entity", *, intermediate: bool = False, **claims: Any) -> None:
        """Vouch for an entity."""
        self.below[entity.name] = {"jwks": public(*entity.keys)} | claims
        if intermediate:
            self.intermediates.add(entity.name)

    def mark(self, kind: str, entity: str, **claims: Any) -> Json:
        """Give a mark, in the form in which an entity shows it."""
        said = self._said(entity, timedelta(days=30)) | {"trust_mark_type": kind, "jti": "mark:a"} | claims
        token = self._signed(marks.TYP, said, "mark")
        self.given[token] = entity
        return {"trust_mark_type": kind, "trust_mark": token}

    def published(self) -> Iterator[tuple[str, str]]:
        """Yield what it publishes, by address."""
        yield self.address, self._configuration()
        if not self.vouches:
            return
        for entity, about in self.below.items():
            said = self._said(entity, timedelta(hours=12)) | about
            text = self._signed(statements.TYP, said, "subordinate")
            yield f"{self.name}/fetch?sub={quote(entity, safe='')}", text
        for between, query in ((False, f"entity_type={NODE}"), (True, "intermediate=true")):
            listed = [name for name in self.below if (name in self.intermediates) == between]
            yield f"{self.name}/list?{query}", orjson.dumps(listed).decode()

    def statuses(self) -> Iterator[tuple[str, str]]:
        """Yield what it says of the marks that it gave, by mark."""
        for mark, entity in self.given.items():
            stands = "revoked" if entity in self.withdrawn else "active"
            said = {"iss": self.name, "iat": int(NOW.timestamp()), "trust_mark": mark, "status": stands}
            yield mark, self._signed(marks.STATUS_TYP, said, "status")

    def _configuration(self) -> str:
        said = self._said(self.name, timedelta(hours=24)) | {"jwks": public(*self.keys)}
        if self.superiors:
            said["authority_hints"] = list(self.superiors)
        places = {"fetch": "fetch", "list": "list", "trust_mark_status": "status"}
        if self.vouches:
            served = {f"federation_{place}_endpoint": f"{self.name}/{path}" for place, path in places.items()}
            said["metadata"] = {"federation_entity": served}
        return self._signed(statements.TYP, said | self.claims, "configuration")

    def _said(self, subject: str, lives: timedelta) -> Json:
        times = {"iat": int(NOW.timestamp()), "exp": int((NOW + lives).timestamp())}
        return {"iss": self.name, "sub": subject} | times

    def _signed(self, typ: str, claims: Json, what: str) -> str:
        key = self.signers.get(what, self.keys[0])
        header = {"typ": typ, "alg": "ES256", "kid": key.kid}
        claims = orjson.loads(orjson.dumps(claims))
        self.odd.get(what, unchanged)(header, claims)
        return jws.sign(header, claims, lambda data: _signature(key, data))


class Federation:
    """A global anchor, a regional one below it, and a node below that with two marks of others."""

    def __init__(self, *, marked: bool = True) -> None:
        self.anchor, self.region = Entity("https://anchor.example"), Entity("https://region.example")
        self.node = Entity("https://node.example", vouches=False)
        self.witness = Entity("https://witness.example")
        self.region.superiors = self.witness.superiors = (self.anchor.name,)
        self.node.superiors = (self.region.name,)
        self.node.claims["metadata"] = {
            NODE: {"nodeId": NODE_ID, "name": "Testa Ficta Tracing", "jwks": public(key_of("messages"))}
        }
        self.anchor.enrol(self.region, intermediate=True)
        self.anchor.enrol(self.witness, intermediate=True)
        self.region.enrol(self.node)
        self.anchor.claims["trust_mark_issuers"] = {
            TRACING: [self.region.name],
            NO_ENFORCEMENT: [self.witness.name],
        }
        self.entities = [self.anchor, self.region, self.node, self.witness]
        self.chosen = {self.anchor.name: public(*self.anchor.keys)}
        self.silent: set[str] = set()
        self.asked: list[str] = []
        if marked:
            self.show()

    def show(self) -> None:
        """Let the node show the marks that it has."""
        mandate = self.region.mark(TRACING, self.node.name, mandate=MANDATE)
        self.node.claims["trust_marks"] = [mandate, self.witness.mark(NO_ENFORCEMENT, self.node.name)]

    def published(self) -> dict[str, str]:
        """Return everything that is published, by address."""
        return {place: text for entity in self.entities for place, text in entity.published()}

    def statuses(self) -> dict[str, str]:
        """Return what the issuers say today of the marks that the node shows, by mark."""
        said = {mark: text for entity in self.entities for mark, text in entity.statuses()}
        entries = self.node.claims.get("trust_marks", ())
        shown = [entry.get("trust_mark") for entry in entries if isinstance(entry, dict)]
        return {mark: said[mark] for mark in shown if mark in said}

    def fetch(self, url: str) -> str:
        """Get what is at an address."""
        self.asked.append(url)
        return found(self.published(), self.silent, url)

    def ask(self, url: str, mark: str) -> str:
        """Ask for the status of a mark."""
        return told(self.statuses(), self.silent, url, mark)


def found(published: Mapping[str, str], silent: set[str], url: str) -> str:
    """Return what is published at an address; raises TrustError."""
    _answers(silent, url)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    place = url.partition("?")[0]
    if query:
        place += "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    if place not in published:
        raise TrustError("notFound", url, "nothing is there")
    return published[place]


def told(statuses: Mapping[str, str], silent: set[str], url: str, mark: str) -> str:
    """Return what the issuer of a mark says of it; raises TrustError."""
    _answers(silent, url)
    if mark not in statuses:
        raise TrustError("notFound", url, "nothing is there")
    return statuses[mark]


def _answers(silent: set[str], url: str) -> None:
    if any(url.startswith(entity + "/") for entity in silent):
        raise TrustError("unreachable", url, "nobody answers")


def _signature(key: ECKey, data: bytes) -> bytes:
    private = key.private_key
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("the key signs nothing")
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(private.sign(data, algorithm))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
