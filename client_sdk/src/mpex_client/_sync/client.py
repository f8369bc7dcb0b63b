# Generated from _async by tools/generators/client_sync.py; never edited.
"""The client: one call per operation of the contract, and a resource for each part of the API."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from mpex_client._answers import Answer, failure, problem, retry_after
from mpex_client._sync.between import (
    AssistanceRequests,
    CaseMessages,
    CustodyTransfers,
    ErasureRequests,
    Groups,
    SearchRequests,
)
from mpex_client._sync.discovery import fetched
from mpex_client._sync.flush import flush
from mpex_client._sync.forensic import ReferenceSamples, RemainsUnits
from mpex_client._sync.releases import (
    ChangeProposals,
    OnwardRequests,
    PartnerReleaseRequests,
    Recalls,
    ReceivedReleases,
    ReleaseCases,
    ReleaseRequests,
)
from mpex_client._sync.resources import (
    Directives,
    Identifications,
    IdentityErrors,
    Incidents,
    JointProposals,
    Log,
    Matches,
    Node,
    Partners,
    PartnerSearches,
    Persons,
    Searches,
    SearchSurges,
    Tasks,
)
from mpex_client._auth import ACCESS, KEYS_PATH, Access, MpexAuth, checked_base_url
from mpex_client._calls import Call
from mpex_client._clock import Clock, sync_sleep, utc_now
from mpex_client._errors import ConfigurationError, MpexError, TransportError
from mpex_client._retry import RetryPolicy
from mpex_client.discovery import Discovered, discovery
from mpex_client.keys import SigningKey
from mpex_client.outbox import FlushReport, Outbox
from mpex_client.profile import Identity

__all__ = ["Client"]

DEFAULT_TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
_IDLE = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2)
"""Any node keeps an idle connection longer: a request on one that is just being ended gets no answer."""


class Client:
    """Talks to one node as one registered client, for one purpose at a time.

    `purpose` and `legal_basis` are codes of the standard; `with_purpose` gives a client for another one.
    A token is asked for the action of each call; `actions` are asked for as well, so that one token
    serves several calls. `transport` replaces the network in tests.

    A client that is a node is given the `keys` of the other: `jwks` of what `discover` finds by anchors. It
    takes no answer that they have not signed, whoever is between the two (SIG-008).
    """

    def __init__(
        self,
        identity: Identity,
        *,
        purpose: str | None = None,
        legal_basis: str | None = None,
        actions: frozenset[str] = frozenset(),
        keys: Mapping[str, Any] | None = None,
        transport: httpx2.BaseTransport | None = None,
        timeout: httpx2.Timeout = DEFAULT_TIMEOUT,
        retry: RetryPolicy | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.base_url = checked_base_url(identity.url)
        self._purpose = purpose
        self._legal_basis = legal_basis
        self._actions = actions
        self._retry = retry or RetryPolicy()
        self._auth = MpexAuth(self.base_url, identity.client_id, identity.key, clock, keys=keys)
        self._http = httpx2.Client(
            base_url=self.base_url,
            auth=self._auth,
            transport=transport,
            timeout=timeout,
            limits=_IDLE,
            headers={"Accept": "application/json", "User-Agent": "mpex-client"},
            trust_env=self.base_url.startswith("https:"),  # never through a proxy to this machine
        )

    @classmethod
    def connect(cls, url: str, *, client_id: str, key: SigningKey, **options: Any) -> Self:
        """Return a client from the three things a node's operator hands out; `options` as above."""
        return cls(Identity(url=url, client_id=client_id, key=key), **options)

    @staticmethod
    def discover(
        url: str,
        anchors: Mapping[str, Mapping[str, Any]],
        *,
        transport: httpx2.BaseTransport | None = None,
        clock: Clock = utc_now,
    ) -> Discovered:
        """Find out everything about the node at an address, by the anchors that you trust.

        `anchors` are JWK sets by entity identifier. Raises TrustError, ProtocolError, TransportError.
        """
        return fetched(discovery(url, anchors, clock), transport=transport)

    def with_purpose(self, purpose: str, *, legal_basis: str, actions: frozenset[str] = frozenset()) -> Self:
        """Return a client for another purpose that shares connections and tokens with this one."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._purpose, other._legal_basis = purpose, legal_basis
        other._actions = actions or self._actions
        return other

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(self, call: Call) -> Answer:
        """Carry out one operation, retrying what is safe to repeat; raises the errors of this package."""
        attempt = 0
        while True:
            try:
                return self._once(call)
            except MpexError as error:
                pause = self._retry.pause(attempt, error, repeatable=call.repeatable)
                if pause is None:
                    raise
            attempt += 1
            sync_sleep(pause)

    def flush(self, outbox: Outbox) -> FlushReport:
        """Send what waits in an outbox, in order, as far as the node can be reached."""
        return flush(self, outbox)

    def _once(self, call: Call) -> Answer:
        request = self._http.build_request(
            call.operation.method,
            call.operation.address(call.path),
            params=call.query,
            content=call.content,
            headers=call.headers,
            extensions=self._extensions(call),
        )
        try:
            response = self._http.send(request)
        except httpx2.RequestError as error:
            raise failure(error) from None
        if response.is_success:
            if self._auth.lacks_key(response):
                self._renew_keys()
            self._auth.check(response)
            return Answer(response.status_code, response.headers, response.content)
        raise problem(response.status_code, response.content, retry_after(response.headers))

    def _renew_keys(self) -> None:
        try:
            self._auth.renew(self._http.get(KEYS_PATH))
        except (httpx2.RequestError, TransportError):
            # Whatever became of this request, the one before was answered: `sent` is true.
            raise TransportError("the node's key set is not to be had now") from None

    def _extensions(self, call: Call) -> dict[str, Any]:
        action = call.operation.action
        if action is None:
            return {}
        if not self._purpose or not self._legal_basis:
            raise ConfigurationError(
                "no purpose is set: say why you ask, with purpose= and legal_basis= or with_purpose()"
            )
        return {ACCESS: Access(self._purpose, self._legal_basis, self._actions | {action})}

    @property
    def node(self) -> Node:
        """What the node says of itself; needs no token."""
        return Node(self)

    @property
    def persons(self) -> Persons:
        """Person records."""
        return Persons(self)

    @property
    def remains(self) -> RemainsUnits:
        """Remains units."""
        return RemainsUnits(self)

    @property
    def samples(self) -> ReferenceSamples:
        """Reference samples of relatives."""
        return ReferenceSamples(self)

    @property
    def search_requests(self) -> SearchRequests:
        """Search requests of enquirers."""
        return SearchRequests(self)

    @property
    def groups(self) -> Groups:
        """Groups and their members."""
        return Groups(self)

    @property
    def assistance_requests(self) -> AssistanceRequests:
        """What nodes ask one another to do."""
        return AssistanceRequests(self)

    @property
    def case_messages(self) -> CaseMessages:
        """Messages between nodes on a case."""
        return CaseMessages(self)

    @property
    def custody_transfers(self) -> CustodyTransfers:
        """Records whose custody passes to another node."""
        return CustodyTransfers(self)

    @property
    def directives(self) -> Directives:
        """Consent directives."""
        return Directives(self)

    @property
    def incidents(self) -> Incidents:
        """Incidents."""
        return Incidents(self)

    @property
    def searches(self) -> Searches:
        """Searches in this node's own records."""
        return Searches(self)

    @property
    def partner_searches(self) -> PartnerSearches:
        """Searches that this node asks partners to answer."""
        return PartnerSearches(self)

    @property
    def release_requests(self) -> ReleaseRequests:
        """Release requests made at this node, as a partner."""
        return ReleaseRequests(self)

    @property
    def release_cases(self) -> ReleaseCases:
        """Release requests to decide, as the holder."""
        return ReleaseCases(self)

    @property
    def partner_release_requests(self) -> PartnerReleaseRequests:
        """Release requests that this node makes at partners."""
        return PartnerReleaseRequests(self)

    @property
    def received_releases(self) -> ReceivedReleases:
        """Releases received from partners."""
        return ReceivedReleases(self)

    @property
    def onward_requests(self) -> OnwardRequests:
        """Questions of recipients whether they may pass on."""
        return OnwardRequests(self)

    @property
    def recalls(self) -> Recalls:
        """Recalls of this node's releases."""
        return Recalls(self)

    @property
    def matches(self) -> Matches:
        """Match decisions."""
        return Matches(self)

    @property
    def identity_errors(self) -> IdentityErrors:
        """Reports of a wrong identity."""
        return IdentityErrors(self)

    @property
    def erasure_requests(self) -> ErasureRequests:
        """Requests to erase."""
        return ErasureRequests(self)

    @property
    def identifications(self) -> Identifications:
        """Identifications."""
        return Identifications(self)

    @property
    def change_proposals(self) -> ChangeProposals:
        """Changes of records that recipients of releases propose."""
        return ChangeProposals(self)

    @property
    def joint_proposals(self) -> JointProposals:
        """Identifications that two nodes decide on together."""
        return JointProposals(self)

    @property
    def search_surges(self) -> SearchSurges:
        """Larger search budgets of partners for a time."""
        return SearchSurges(self)

    @property
    def tasks(self) -> Tasks:
        """What waits for a person."""
        return Tasks(self)

    @property
    def partners(self) -> Partners:
        """Partners of the registry."""
        return Partners(self)

    @property
    def log(self) -> Log:
        """The transparency log."""
        return Log(self)
