"""A federation of the suite's own: an anchor that the target has chosen, and entities that err when told to.

All of them answer at one loopback address: the anchor at the address itself, the others at paths below it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from mpex_conformance import clock, samples
from mpex_conformance.partner.asgi import Reply, Request
from mpex_conformance.partner.ledger import Ledger
from mpex_conformance.profile import Identity
from mpex_conformance.wire import jose

Json = dict[str, Any]
Kind = Literal["configuration", "subordinate", "mark", "status"]
Bend = Callable[[Json, Json], None]
"""Alters header and claims of a token before it is signed."""
WELL_KNOWN = "/.well-known/openid-federation"
TRACING = "urn:mpex:mark:tracing-mandate"
NO_ENFORCEMENT = "urn:mpex:mark:no-immigration-enforcement"
CONFORMANCE = "urn:mpex:mark:conformance"
_TYP = {
    "configuration": "entity-statement+jwt",
    "subordinate": "entity-statement+jwt",
    "mark": "trust-mark+jwt",
    "status": "trust-mark-status-response+jwt",
}
_LOG = "/federation/log"
_ENDS = (WELL_KNOWN, "/fetch", "/list", "/status", f"{_LOG}/checkpoint", f"{_LOG}/entries")
_DAY = 24 * 3600


@dataclass
class Entity:
    """An entity: its keys, who vouches for it, for whom it vouches, its log of that, and how it errs.

    `bends` alter the tokens of a kind that it makes, those `forged` are signed with a key of nobody;
    one that is `silent` answers nothing, and one that is `led` sends whoever asks on to another place.
    """

    url: str
    key: jose.PrivateKey = field(default_factory=jose.new_key)
    superiors: tuple[str, ...] = ()
    below: dict[str, Json] = field(default_factory=dict)
    log: Ledger = field(default_factory=Ledger)
    intermediates: set[str] = field(default_factory=set)
    claims: Json = field(default_factory=dict)
    bends: dict[Kind, Bend] = field(default_factory=dict)
    forged: set[Kind] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    silent: bool = False
    led: str | None = None

    @property
    def jwks(self) -> Json:
        """Return the public key of the entity in the federation."""
        public = jose.public_jwk(self.key)
        return {"keys": [{**public, "kid": jose.thumbprint(public), "use": "sig"}]}

    def enrol(self, entity: "Entity", *, intermediate: bool = False, **said: Any) -> "Entity":
        """Vouch for an entity that names this one as its superior; `said` are further claims on it."""
        entity.superiors = (*entity.superiors, self.url)
        if intermediate:
            self.intermediates.add(entity.url)
        self.vouch(entity, entity.jwks, **said)
        return entity

    def vouch(self, entity: "Entity", jwks: Json, **said: Any) -> None:
        """Vouch for these keys of an entity from now on, and for no other."""
        self.below[entity.url] = {"jwks": jwks, **said}
        reason = "intermediateEnrolled" if entity.url in self.intermediates else "entityEnrolled"
        self.log.write(reason, entity=entity.url, keys=[key["kid"] for key in jwks["keys"]])

    def mark(self, kind: str, entity: str, **said: Any) -> Json:
        """Give a mark, in the form in which an entity shows it."""
        claims = {**self._said(entity, 30 * _DAY), "trust_mark_type": kind, "jti": samples.identifier("mark")}
        self.log.write("markGiven", entity=entity, markType=kind, mark=claims["jti"])
        return {"trust_mark_type": kind, "trust_mark": self.made("mark", claims | said)}

    def statement(self, entity: str) -> str:
        """Say for which keys of an entity this one vouches."""
        return self.made("subordinate", self._said(entity, _DAY // 2) | self.below[entity])

    def configuration(self) -> str:
        """Say what the entity is."""
        places = {"fetch": "fetch", "list": "list", "trust_mark_status": "status"}
        served: Json = {f"federation_{name}_endpoint": f"{self.url}/{path}" for name, path in places.items()}
        served["mpex_log"] = {"origin": self.log.origin, "key": self.log.key}
        said = {
            **self._said(self.url, _DAY // 2),
            "jwks": self.jwks,
            "metadata": {"federation_entity": served},
        }
        if self.superiors:
            said["authority_hints"] = list(self.superiors)
        metadata = said["metadata"] | self.claims.get("metadata", {})
        return self.made("configuration", said | self.claims | {"metadata": metadata})

    def status(self, mark: str) -> str:
        """Say whether a mark stands."""
        stands = "revoked" if mark in self.revoked else "active"
        return self.made(
            "status", {"iss": self.url, "iat": clock.seconds(), "trust_mark": mark, "status": stands}
        )

    def made(self, kind: Kind, claims: Json) -> str:
        """Return a token of a kind."""
        header: Json = {"typ": _TYP[kind], "alg": "ES256", "kid": self.jwks["keys"][0]["kid"]}
        claims = json.loads(json.dumps(claims))
        if kind in self.bends:
            self.bends[kind](header, claims)
        return jose.compact(header, claims, jose.new_key() if kind in self.forged else self.key)

    def _said(self, subject: str, lives: int) -> Json:
        now = clock.seconds()
        return {"iss": self.url, "sub": subject, "iat": now, "exp": now + lives}


@dataclass
class StandIn:
    """A node that speaks to the target only: its entity, and the client that it is there."""

    entity: Entity
    identity: Identity

    @property
    def marks(self) -> list[Json]:
        """The marks that it shows; to be changed in place."""
        shown: list[Json] = self.entity.claims["trust_marks"]
        return shown

    def renew(self, *, keeping: bool) -> None:
        """Sign messages with a new key from now on, and publish it, with the old one beside it or alone."""
        key = jose.new_key()
        public = published(key)
        published_keys = self.entity.claims["metadata"]["mpex_node"]["jwks"]
        published_keys["keys"] = [*published_keys["keys"], public] if keeping else [public]
        self.identity = replace(self.identity, key=key, kid=public["kid"])


def published(key: jose.PrivateKey) -> Json:
    """Return the public key of a node for its messages."""
    public = jose.public_jwk(key)
    return {**public, "kid": jose.thumbprint(public), "alg": "ES256", "use": "sig"}


class Federation:
    """The anchor at `url`, a region that gives mandates, a watch that gives the other mark, and nodes.

    The anchor goes on with its `log`. All others are new, and so are their addresses: a target that has read
    the log of one must not find another there.
    """

    def __init__(self, url: str, key: jose.PrivateKey, log: Ledger) -> None:
        self.url = url
        self._place = f"{url}/{samples.identifier('realm').partition(':')[2]}"
        self.anchor = Entity(url, key, log=log)
        self.entities = {url: self.anchor}
        self.asked: list[str] = []
        self.looks = 0
        self.region = self.enrolled("region", by=self.anchor, intermediate=True)
        self.watch = self.enrolled("watch", by=self.anchor, intermediate=True)
        accredited = {TRACING: [self.region.url], NO_ENFORCEMENT: [self.watch.url]}
        self.anchor.claims["trust_mark_issuers"] = accredited

    def enrolled(self, name: str, *, by: Entity, intermediate: bool = False, **said: Any) -> Entity:
        """Return a new entity for which another vouches."""
        entity = Entity(f"{self._place}/{name}")
        self.entities[entity.url] = entity
        return by.enrol(entity, intermediate=intermediate, **said)

    def issuer(self, name: str) -> Entity:
        """Return a new entity that is accredited for the mark of no immigration enforcement."""
        entity = self.enrolled(name, by=self.anchor, intermediate=True)
        self.anchor.claims["trust_mark_issuers"][NO_ENFORCEMENT].append(entity.url)
        return entity

    def node(
        self,
        name: str,
        *,
        by: Entity | None = None,
        node_id: str | None = None,
        attested: Json | None = None,
        **said: Any,
    ) -> StandIn:
        """Return a new node with both marks; `said` are further claims of whoever vouches for it.

        `attested` is what its mandate says otherwise than that of a tracing service.
        """
        node_id, key = node_id or samples.identifier("node"), jose.new_key()
        public = published(key)
        entity = self.enrolled(name, by=by or self.region, **said)
        about = {"nodeId": node_id, "name": f"Stand-in {name}", "jwks": {"keys": [public]}}
        mandate = {"nodeId": node_id, "recipientClass": "humanitarian", "purposes": ["searchLiving"]}
        mandate |= attested or {}
        entity.claims["metadata"] = {"mpex_node": about}
        entity.claims["trust_marks"] = [
            self.region.mark(TRACING, entity.url, mandate=mandate),
            self.watch.mark(NO_ENFORCEMENT, entity.url),
        ]
        return StandIn(entity, Identity(name, node_id, key, public["kid"], node_id, entity.url))

    def lead_elsewhere(self, entity: Entity) -> None:
        """Let an entity answer at another place, right as before, and send on whoever asks it."""
        place = f"{entity.url}/elsewhere"
        self.entities[place] = replace(entity)
        entity.led = place

    def handle(self, request: Request) -> Reply:
        """Answer a request of the target."""
        path, _, query = request.target.partition("?")
        self.asked.append(path)
        suffix = next((end for end in _ENDS if path.endswith(end)), "")
        entity = self.entities.get(self.url + path.removesuffix(suffix))
        if not suffix or entity is None or entity.silent:
            return Reply(503, {})
        if entity.led is not None:
            onward = entity.led + request.target.removeprefix(urlsplit(entity.url).path)
            return Reply(307, {}, {"location": onward})
        given = {name: values[0] for name, values in parse_qs(query).items()}
        match suffix:
            case "/fetch":
                return self._fetched(entity, given.get("sub", ""))
            case "/list":
                return self._listed(entity, between="intermediate" in given)
            case "/status":
                mark = parse_qs(request.body.decode("ascii", "replace")).get("trust_mark", [""])[0]
                return Reply(200, entity.status(mark))
            case _ if suffix.endswith("/checkpoint"):
                return Reply(200, entity.log.checkpoint())
            case _ if suffix.endswith("/entries"):
                start, limit = int(given.get("start", 0)), int(given.get("limit", 50))
                return Reply(200, {"items": entity.log.entries[start : start + limit]})
            case _:
                self.looks += entity is self.anchor
                return Reply(200, entity.configuration())

    def _fetched(self, entity: Entity, subject: str) -> Reply:
        return Reply(200, entity.statement(subject)) if subject in entity.below else Reply(404, {})

    def _listed(self, entity: Entity, *, between: bool) -> Reply:
        return Reply(200, [url for url in entity.below if (url in entity.intermediates) == between])
