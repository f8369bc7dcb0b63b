"""The lab: everything that a check works with. One lab serves one run against one target."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2

from mpex_conformance import expect
from mpex_conformance.config import Config
from mpex_conformance.outcomes import CheckFailedError, UntestableError
from mpex_conformance.partner.asgi import PortTakenError, Server, app
from mpex_conformance.partner.node import MockNode
from mpex_conformance.profile import Profile
from mpex_conformance.wire import contract, sealing
from mpex_conformance.wire.actor import Actor, Doors
from mpex_conformance.wire.anonymous import get_public
from mpex_conformance.wire.client import Wire
from mpex_conformance.wire.exchange import Answer

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass
class Lab:
    """The target as the suite sees it: its wire, its metadata, its staff and its partners."""

    config: Config
    profile: Profile
    wire: Wire
    metadata: dict[str, Any]
    doors: Doors
    jwks: dict[str, Any]
    actors: dict[str, Actor]
    partners: dict[str, Actor]
    mocks: dict[str, MockNode] = field(default_factory=dict)
    servers: list[Server] = field(default_factory=list)
    _roles: dict[tuple[str, str], Actor] = field(default_factory=dict)
    _entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def node_id(self) -> str:
        """Return the identifier of the target."""
        return str(self.metadata["nodeId"])

    def limit(self, name: str) -> int:
        """Return a published limit; CheckFailedError when the metadata have none of that name."""
        value = self.metadata.get("limits", {}).get(name)
        expect.that(isinstance(value, int), f"the metadata publish no limit {name}")
        return int(value)

    def staff_for(self, action: str, purpose: str = "searchLiving") -> Actor:
        """Return a member of staff to whom the target grants ``action``; UntestableError when none."""
        known = self._roles.get((action, purpose))
        if known is None:
            known = next((actor for actor in self.actors.values() if actor.may(purpose, action)), None)
        if known is None:
            raise UntestableError(f"no staff identity of the profile gets a token for {action}")
        self._roles[action, purpose] = known
        return known

    def staff_without(self, withheld: str, action: str, purpose: str = "searchLiving") -> Actor:
        """Return staff granted ``action`` and not ``withheld``; UntestableError when there is none."""
        for actor in self.actors.values():
            if actor.may(purpose, action) and not actor.may(purpose, withheld):
                return actor
        raise UntestableError(f"no staff identity of the profile gets a token for {action} only")

    def staff(
        self, operation_id: str, body: Any = None, *, purpose: str = "searchLiving", **others: Any
    ) -> Answer:
        """Call an operation as whichever member of staff may."""
        action = contract.operations()[operation_id].action or ""
        return self.staff_for(action, purpose).call(operation_id, body, purpose=purpose, **others)

    def create(self, operation_id: str, body: Any, **others: Any) -> Any:
        """Create something as staff and return it; CheckFailedError unless it is created."""
        return expect.status(self.staff(operation_id, body, **others), 201).json

    @property
    def ordinary(self) -> list[str]:
        """Return the names of the partners that may be used for anything."""
        return [name for name in self.partners if name not in ("unmarked", "budget", "keyless")]

    def partner(self, name: str = "one") -> Actor:
        """Return a partner of the target; UntestableError when the profile has none of that name."""
        if name not in self.partners:
            raise UntestableError(f"the profile has no [partner.{name}]")
        return self.partners[name]

    def mock(self, name: str = "one") -> MockNode:
        """Return the mock node that listens where the target expects partner ``name``."""
        identity = self.partner(name).identity
        if name not in self.mocks:
            host = urlsplit(identity.url or "").hostname
            if identity.url is None or identity.node_id is None or host not in _LOOPBACK:
                raise UntestableError(f"[partner.{name}] has no node_id or no loopback url to listen on")
            node = MockNode(identity, identity.url.rstrip("/"), self.node_id)
            node.sealed_to, node.target_keys = sealing.key_of(self.jwks), self.jwks
            try:
                self.servers.append(Server(app(node.handle, node.signed), identity.url))
            except PortTakenError as error:
                raise UntestableError(str(error)) from None
            self.mocks[name] = node
        return self.mocks[name]

    def entry(self, name: str = "one") -> dict[str, Any]:
        """Return what the target's registry says of a partner."""
        if not self._entries:
            items = expect.status(self.staff("listPartners"), 200).at("items")
            self._entries.update({item["nodeId"]: item for item in items})
        node_id = self.partner(name).identity.node_id
        expect.that(node_id in self._entries, f"the registry of the target does not list partner {name}")
        return self._entries[str(node_id)]

    def close(self) -> None:
        """Stop the mocks and close the connections."""
        for server in self.servers:
            server.close()
        self.wire.close()


def open_lab(config: Config, profile: Profile, *, transport: httpx2.BaseTransport | None = None) -> Lab:
    """Discover the target and return the lab; CheckFailedError says why that cannot be done."""
    wire = Wire(profile.url, timeout=config.timeout_seconds, transport=transport)
    try:
        metadata = _public(wire, "getNodeMetadata")
        server = _public(wire, "getAuthorizationServerMetadata")
        jwks = _public(wire, "getJwks")
        endpoint = str(server.get("token_endpoint", ""))
        expect.that(
            endpoint.startswith(wire.base_url + "/"),
            "the token endpoint of the authorization server metadata is not at the address of the profile",
        )
    except CheckFailedError:
        wire.close()
        raise
    doors = Doors(str(server.get("issuer", "")), endpoint)
    staff = {name: Actor(wire, identity, doors) for name, identity in profile.staff.items()}
    partners = {name: Actor(wire, identity, doors) for name, identity in profile.partners.items()}
    return Lab(config, profile, wire, metadata, doors, jwks, staff, partners)


def _public(wire: Wire, operation_id: str) -> dict[str, Any]:
    answer = get_public(wire, operation_id)
    expect.that(not answer.violations, answer.violations[0].text if answer.violations else "")
    document = expect.status(answer, 200).json
    expect.that(isinstance(document, dict), f"{operation_id} did not answer with an object")
    return dict(document)
