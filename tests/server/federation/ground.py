"""A federation in memory: entities that sign what they publish, and the addresses at which it is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from joserfc.jwk import ECKey
from mpex_server.federation import mandate, marks, statements
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.federation.faults import TrustError
from mpex_server.keys.material import new_signing_jwk, sign_es256
from mpex_server.kit import jws

Json = dict[str, Any]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MANDATE, NO_ENFORCEMENT = mandate.TRACING, mandate.NO_ENFORCEMENT
Change = Callable[[Json, Json], None]
"""Changes header and claims of a token before it is signed."""


def unchanged(_header: Json, _claims: Json) -> None:
    """Leave a token as it is."""


@dataclass
class Entity:
    """An entity: its key, its superiors, whom it vouches for, and what it was told to get wrong."""

    name: str
    superiors: tuple[str, ...] = ()
    claims: Json = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.import_key(new_signing_jwk()))
    below: dict[str, Json] = field(default_factory=dict)
    intermediates: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    odd: dict[str, Change] = field(default_factory=dict)
    """What is changed in `configuration`, `subordinate`, `mark` or `status`, before it is signed."""

    @property
    def jwks(self) -> Json:
        """The public key of the entity."""
        return {"keys": [self.key.as_dict(private=False)]}

    def enrol(self, entity: "Entity", *, intermediate: bool = False, **claims: Any) -> None:
        """Vouch for an entity."""
        self.below[entity.name] = {"jwks": entity.jwks} | claims
        if intermediate:
            self.intermediates.add(entity.name)

    def mark(self, kind: str, entity: str, **claims: Any) -> Json:
        """Give a mark, in the form in which an entity shows it."""
        said = self._said(entity, timedelta(days=30)) | {"trust_mark_type": kind} | claims
        return {"trust_mark_type": kind, "trust_mark": self._signed(marks.TYP, said, "mark")}

    def answer(self, path: str, query: Mapping[str, str]) -> str:
        """Answer a request at one of the entity's addresses."""
        if path == WELL_KNOWN:
            return self._configuration()
        if path == "/fetch":
            about = self.below[query["sub"]]
            said = self._said(query["sub"], timedelta(hours=12)) | about
            return self._signed(statements.TYP, said, "subordinate")
        if path == "/list":
            between = "intermediate" in query
            return orjson.dumps(
                [name for name in self.below if (name in self.intermediates) == between]
            ).decode()
        raise KeyError(path)

    def status(self, mark: str) -> str:
        """Say whether a mark stands."""
        said = {"iss": self.name, "iat": int(NOW.timestamp()), "trust_mark": mark}
        said["status"] = "revoked" if jws.parse(mark).claims["sub"] in self.withdrawn else "active"
        return self._signed(marks.STATUS_TYP, said, "status")

    def _configuration(self) -> str:
        said = self._said(self.name, timedelta(hours=24)) | {"jwks": self.jwks}
        if self.superiors:
            said["authority_hints"] = list(self.superiors)
        places = {"fetch": "fetch", "list": "list", "trust_mark_status": "status"}
        served = {f"federation_{place}_endpoint": f"{self.name}/{path}" for place, path in places.items()}
        said["metadata"] = {"federation_entity": served}
        return self._signed(statements.TYP, said | self.claims, "configuration")

    def _said(self, subject: str, lives: timedelta) -> Json:
        times = {"iat": int(NOW.timestamp()), "exp": int((NOW + lives).timestamp())}
        return {"iss": self.name, "sub": subject} | times

    def _signed(self, typ: str, claims: Json, what: str) -> str:
        header = {"typ": typ, "alg": "ES256", "kid": self.key.kid}
        claims = orjson.loads(orjson.dumps(claims))
        self.odd.get(what, unchanged)(header, claims)
        return jws.sign(header, claims, lambda data: sign_es256(self.key, data))


class Federation:
    """A global anchor, a regional one below it, and a node below that with two marks of different issuers."""

    def __init__(self) -> None:
        self.anchor, self.region = Entity("https://world.example"), Entity("https://region.example")
        self.node, self.witness = Entity("https://node.example"), Entity("https://witness.example")
        self.region.superiors = self.witness.superiors = (self.anchor.name,)
        self.node.superiors = (self.region.name,)
        self.anchor.enrol(self.region, intermediate=True)
        self.anchor.enrol(self.witness, intermediate=True)
        self.region.enrol(self.node)
        self.anchor.claims["trust_mark_issuers"] = {
            MANDATE: [self.region.name],
            NO_ENFORCEMENT: [self.witness.name],
        }
        self.entities = [self.anchor, self.region, self.node, self.witness]
        self.chosen = {self.anchor.name: self.anchor.jwks}
        self.asked: list[str] = []
        self.show()

    def show(self) -> None:
        """Let the node show the marks that it has."""
        given = ((self.region, MANDATE), (self.witness, NO_ENFORCEMENT))
        self.node.claims["trust_marks"] = [issuer.mark(kind, self.node.name) for issuer, kind in given]

    def fetch(self, url: str) -> str:
        """Get what is at an address."""
        self.asked.append(url)
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            return self._at(url).answer(parts.path, query)
        except KeyError as error:
            raise TrustError("unreachable", url, "nothing is there") from error

    def ask(self, url: str, mark: str) -> str:
        """Ask for the status of a mark."""
        return self._at(url).status(mark)

    def _at(self, url: str) -> Entity:
        found = [entity for entity in self.entities if url.startswith(entity.name + "/")]
        if not found:
            raise TrustError("unreachable", url, "nobody is there")
        return found[0]
