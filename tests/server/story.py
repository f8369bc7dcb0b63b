"""A story in which every operation succeeds once: two nodes that know one another, and a partner."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jws import JWSRegistry
from mpex_server import office
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks

from tests.server import contract
from tests.server.contract import Described
from tests.server.exchange.town import Town, permit, record, search
from tests.server.records import samples
from tests.server.world import Identity, World, partner_entry

Body = dict[str, Any]
_REGISTRY = JWSRegistry(algorithms=["ES256"], strict_check_header=False)


@dataclass(frozen=True)
class Asked:
    """A request that succeeded; refusals are tried by changing it in one place."""

    operation: Described
    world: World
    who: str
    path: str
    content: bytes | None
    key: str
    answer: httpx2.Response


class Story:
    """Plays the story; `asked` holds the successful request of each operation that needs a token.

    `undecided` is a partner release request that nobody decides and that ends with the consent; at
    `questioned` the partner's question is never answered.
    """

    def __init__(self, town: Town) -> None:
        self.town = town
        self.asked: dict[str, Asked] = {}
        self.undecided = self.questioned = self.unanswered = ""
        self.alpha, self.beta = town.nodes["alpha"], town.nodes["beta"]
        self.partner = Identity(new_id("node"))
        self.beta.identities["one"] = self.partner
        for world in (self.alpha, self.beta):
            town.register(world, partner_entry(self.partner))

    def do(
        self,
        name: str,
        world: World,
        who: str,
        *ids: str,
        body: Any = None,
        query: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Ask for an operation that must succeed, and keep the request."""
        operation = contract.operations()[name]
        path, key = _address(operation.path, ids) + query, secrets.token_urlsafe(16)
        content = body.encode() if isinstance(body, str) else body and json.dumps(body).encode()
        given = {"Idempotency-Key": key} | dict(headers or {})
        answer = self.send(operation, world, who, path, content, given)
        assert answer.is_success, (name, answer.status_code, answer.text)
        self.asked[name] = Asked(operation, world, who, path, content, key, answer)
        return answer

    def send(
        self,
        operation: Described,
        world: World,
        who: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        *,
        action: str | None = None,
    ) -> httpx2.Response:
        """Send a request with a token for all actions of a client, or for one `action` only."""
        details: Body = {} if action is None else {"actions": [action]}
        given = world.headers(who, operation.method, path, **details)
        if operation.media:
            given["Content-Type"] = operation.media
        return world.raw(operation.method, path, content=content, headers=given | dict(headers))

    def play(self) -> None:
        """Play all of it."""
        self._documents()
        self._between()
        self._custody()
        self._exchange()
        self._event()
        self._log()

    def _kept(self, noun: str, who: str, body: Body, plural: str = "s") -> str:
        """Create, list, read and, where that is possible, replace a document; return its identifier."""
        made = self.do(f"create{noun}", self.alpha, who, body=body)
        identifier = made.headers["location"].rpartition("/")[2]
        self.do(f"list{noun}{plural}", self.alpha, who)
        read = self.do(f"get{noun}", self.alpha, who, identifier)
        if f"replace{noun}" in contract.operations():
            tag = {"If-Match": read.headers["etag"]}
            self.do(f"replace{noun}", self.alpha, who, identifier, body=read.json(), headers=tag)
        return identifier

    def _documents(self) -> None:
        directive = self._kept("Directive", "registrar", samples.directive())
        dead = self.alpha.call("registrar", "POST", "/v1/directives", samples.directive()).json()[
            "directiveId"
        ]
        review = {"reviewDue": "2027-11", "reason": "She was asked and says yes."}
        self.do("reviewDirective", self.alpha, "registrar", dead, body=review)
        self.do("freezeDirective", self.alpha, "registrar", dead, body={"at": "2026-11-20T08:00:00Z"})
        self.do("recordSuccessor", self.alpha, "registrar", dead, body={"directive": directive})
        person = self._kept("Person", "registrar", samples.person())
        self.do("listPersonChanges", self.alpha, "registrar", person)
        self._contacted()
        remains = self._kept("RemainsUnit", "registrar", samples.remains_unit())
        self.do("listRemainsUnitChanges", self.alpha, "registrar", remains)
        self._reorganised()
        self._erased()
        sample = self._kept("ReferenceSample", "registrar", samples.reference_sample(person))
        lookup = {"facility": "Invented Morgue"}
        self.do("findRemainsUnits", self.alpha, "caseWorker", body=lookup)
        self.do("getDentalComparison", self.alpha, "caseWorker", remains, person)
        self.do("getComparability", self.alpha, "caseWorker", remains, sample)
        request = samples.search_request(person, directives=[directive], safeContact={"channel": "phone"})
        request_id = self._kept("SearchRequest", "registrar", request)
        self.do("getAccessReport", self.alpha, "registrar", request_id)
        self._enquirer(request_id)
        other = self.alpha.call("registrar", "POST", "/v1/search-requests", request).json()["requestId"]
        self.do("recordEnquirerDeath", self.alpha, "registrar", other, body={"at": "2026-11-20T08:00:00Z"})
        incident = self._kept("Incident", "registrar", samples.incident())
        self._group(person)
        surge = {
            "incident": incident,
            "searchesPerDay": 900,
            "until": "2026-11-28T10:00:00Z",
            "reason": "A boat.",
        }
        self.do("createSearchSurge", self.alpha, "administrator", body=surge | {"reason": "A boat."})
        self.do("listSearchSurges", self.alpha, "auditor")
        self.do("importIncidents", self.alpha, "administrator", body={"incidents": [samples.incident()]})
        source = {"system": "inventedRegister", "id": "1"}
        batch = {"items": [{"source": source, "record": samples.person()}]}
        self.do("importPersons", self.alpha, "registrar", body=batch)
        self._kept("Match", "caseWorker", samples.match(person, remains), plural="es")
        death = samples.identification(persons=[person], remains=[remains])
        identified = self._kept("Identification", "releaseOfficer", death)
        told = samples.notification()
        self.do("recordNotification", self.alpha, "releaseOfficer", identified, body=told)
        other = self.do("createIdentification", self.alpha, "releaseOfficer", body=death).json()
        doubted = self._kept("IdentityError", "registrar", samples.identity_error(person))
        found = {"outcome": "refuted", "text": "Two laboratories agree."}
        self.do("answerIdentityError", self.alpha, "releaseOfficer", doubted, body=found)
        lift = {"officer": "Head of the invented office", "reason": "Nobody is left to be told."}
        self.do("liftEmbargo", self.alpha, "releaseOfficer", other["identificationId"], body=lift)

    def _erased(self) -> None:
        people = [samples.made(self.alpha, "registrar", "/v1/persons", samples.person()) for _ in range(2)]
        asked, other = (samples.erasure(person["recordId"]) for person in people)
        first = self._kept("ErasureRequest", "registrar", asked)
        proof = {"identityProof": asked["identityProof"]}
        self.do("revokeErasureRequest", self.alpha, "registrar", first, body=proof)
        second = samples.made(self.alpha, "registrar", "/v1/erasure-requests", other)["erasureId"]
        check = {"coercionCheck": samples.coercion_check()}
        self.do("confirmErasureRequest", self.alpha, "releaseOfficer", second, body=check)
        self.do("getErasureAccessReport", self.alpha, "auditor", second)

    def _reorganised(self) -> None:
        arms = [{"region": "upperArm", "side": "left", "complete": True}]
        whole = samples.made(self.alpha, "registrar", "/v1/remains", samples.remains_unit(parts=arms))
        other = samples.made(self.alpha, "registrar", "/v1/remains", samples.remains_unit())["recordId"]
        split = {"reason": "severalIndividuals", "units": [{"parts": arms}]}
        self.do("splitRemainsUnit", self.alpha, "registrar", whole["recordId"], body=split)
        merger = {"reason": "sameIndividual", "units": [whole["recordId"]]}
        self.do("mergeRemainsUnits", self.alpha, "registrar", other, body=merger)

    def _enquirer(self, request: str) -> None:
        self.do("getEnquirerView", self.alpha, "registrar", request)
        self.do("clearContact", self.alpha, "caseWorker", request, body={"channel": "phone"})
        code = self.do("issueRecoveryCode", self.alpha, "registrar", request).json()["code"]
        self.do("recoverSearchRequest", self.alpha, "caseWorker", body={"code": code})

    def _contacted(self) -> None:
        person = samples.made(self.alpha, "registrar", "/v1/persons", samples.reachable(channel="phone"))
        self.do("clearPersonContact", self.alpha, "caseWorker", person["recordId"], body={"channel": "phone"})

    def _group(self, person: str) -> None:
        group = self._kept("Group", "registrar", samples.group())
        members = {"members": [samples.member("1"), samples.member("2")]}
        self.do("importGroupMembers", self.alpha, "registrar", group, body=members)
        one, other = self.do("listGroupMembers", self.alpha, "registrar", group).json()["items"]
        record = {"record": person}
        self.do("promoteGroupMember", self.alpha, "registrar", group, one["memberId"], body=record)
        asked = samples.group_search(self.beta.node.settings.node_id, one["memberId"], other["memberId"])
        self.do("searchGroupMembers", self.alpha, "caseWorker", group, body=asked)
        self.do("eraseGroupMember", self.alpha, "registrar", group, other["memberId"])

    def _between(self) -> None:
        alpha, beta = self.alpha, self.beta
        to = beta.node.settings.node_id
        asked = self._kept("AssistanceRequest", "caseWorker", samples.assistance(to))
        self._kept("CaseMessage", "caseWorker", samples.message(to))
        message = samples.made(alpha, "caseWorker", "/v1/case-messages", samples.message(to))
        self.do("recallCaseMessage", alpha, "caseWorker", message["messageId"])
        self.town.deliver()
        no = {"answer": "decline", "reason": "noCapacity"}
        self.do("answerAssistanceRequest", beta, "caseWorker", asked, body=no)

    def _custody(self) -> None:
        alpha, beta, town = self.alpha, self.beta, self.town
        moved = {"names": {"names": [{"text": "Testa Ficta Muestra"}]}}
        directive = permit(alpha, sets=["identity"])
        to_beta, to_partner = (record(alpha, directive, moved) for _ in range(2))
        taken = self._offered(alpha, to_beta, beta.node.settings.node_id)
        back = record(beta, permit(beta, sets=["identity"]), moved)
        self.unanswered = self._offered(beta, back, alpha.node.settings.node_id)
        town.deliver()
        self.do("answerCustodyOffer", beta, "releaseOfficer", taken, body=samples.TAKE)
        town.register(alpha, partner_entry(self.partner))
        alpha.identities["one"] = self.partner
        body = samples.transfer(to_partner, self.partner.client_id)
        offered = self._kept("CustodyTransfer", "releaseOfficer", body)
        self.do("collectCustodyRecord", alpha, "one", offered)
        grave = replace(office.of(alpha.node.settings), four_eyes=frozenset({"names"}))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(office, "of", lambda _settings: grave)
            proposed = self._offered(alpha, record(alpha, directive, moved), self.partner.client_id)
        self.do("decideCustodyOffer", alpha, "supervisor", proposed, body={"decision": "approve"})

    def _offered(self, world: World, person: str, to: str) -> str:
        body = samples.transfer(person, to)
        return str(samples.made(world, "releaseOfficer", "/v1/custody-transfers", body)["transferId"])

    def _exchange(self) -> None:
        alpha, beta = self.alpha, self.beta
        directive = permit(beta, sets=["identity"], onward="ask")
        held = record(beta, directive)
        living = record(beta, directive, type="foundAlive")
        asked, partner_search = self._partner_search(record(alpha, permit(alpha, sets=["identity"])))
        waiting = self.do("listTasks", beta, "caseWorker").json()["items"]
        (task,) = [entry for entry in waiting if entry["kind"] == "silentHit"]
        self.do("getTaskCalendar", beta, "caseWorker")
        choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
        self.do("recordPersonChoice", beta, "caseWorker", living, body=choice)
        self._released(partner_search, asked)
        self._asked_by_partner()
        disputed = {"record": held, "cause": "dispute"}
        self.do("createRecall", beta, "releaseOfficer", body=disputed)
        self.do("withdrawDirective", beta, "registrar", directive, body={"reason": "Own wish."})
        recalls = self.do("listRecalls", beta, "caseWorker").json()["items"]
        self.do("getRecall", beta, "caseWorker", recalls[0]["recallId"])
        with transaction(beta.node.engine, write=False) as conn:
            (late,) = tasks.open_of(conn, beta.node.keys, recalls[0]["recallId"], "overdueRecall")
        self.do("completeTask", beta, "caseWorker", late.id, body={"note": "Told by telephone."})
        self.do("listPartners", alpha, "caseWorker")

    def _partner_search(self, person: str) -> tuple[str, str]:
        """Search at beta; return the reference of the hit and the search's identifier."""
        body = {name: value for name, value in search().items() if name not in {"query", "searchId"}}
        body |= {"person": person, "partners": [self.beta.node.settings.node_id]}
        self.do("planPartnerSearch", self.alpha, "caseWorker", body=body)
        found = self.do("createPartnerSearch", self.alpha, "caseWorker", body=body).json()
        self.do("listPartnerSearches", self.alpha, "caseWorker")
        self.do("getPartnerSearch", self.alpha, "caseWorker", found["partnerSearchId"])
        (hit,) = found["results"][0]["result"]["hits"]
        return hit["reference"], found["partnerSearchId"]

    def _released(self, partner_search: str, reference: str) -> None:
        alpha = self.alpha
        body = {
            "partnerSearch": partner_search,
            "partner": self.beta.node.settings.node_id,
            "hitReference": reference,
            "releaseSet": "identity",
            "reason": "The description fits.",
        }
        ask = "createPartnerReleaseRequest"
        self.undecided = self.do(ask, alpha, "caseWorker", body=body).json()["partnerReleaseRequestId"]
        asked = self.do(ask, alpha, "caseWorker", body=body).json()
        request = asked["partnerReleaseRequestId"]
        open_one = self.do(ask, alpha, "caseWorker", body=body).json()
        self._question(open_one["status"]["releaseRequestId"])
        self.questioned = open_one["partnerReleaseRequestId"]
        self.do("getPartnerReleaseRequest", alpha, "caseWorker", self.questioned)
        self._question(asked["status"]["releaseRequestId"])
        self.do("getPartnerReleaseRequest", alpha, "caseWorker", request)
        self.do("replyToPartnerQuestion", alpha, "caseWorker", request, body={"reply": "The left hand."})
        self._decide(asked["status"]["releaseRequestId"])
        self.do("getPartnerReleaseRequest", alpha, "caseWorker", asked["partnerReleaseRequestId"])
        collected = self.do("collectPartnerRelease", alpha, "caseWorker", asked["partnerReleaseRequestId"])
        self.do("listReceivedReleases", alpha, "caseWorker")
        received = collected.json()["receivedReleaseId"]
        self.do("getReceivedRelease", alpha, "caseWorker", received)
        breach = {"kind": "breach", "learntAt": instant(alpha.clock.now())}
        self.do("reportBreach", alpha, "releaseOfficer", received, body=breach)
        self._decided_together(received)
        self._proposed(received)
        self._passed_on(received)
        duty = {"reason": "courtOrder", "reviewDate": str(alpha.clock.now().date() + timedelta(days=90))}
        self.do("retainReceivedRelease", alpha, "releaseOfficer", received, body=duty)
        self.do("eraseReceivedRelease", alpha, "releaseOfficer", received)

    def _decided_together(self, received: str) -> None:
        alpha, beta = self.alpha, self.beta
        death = samples.identification(persons=[record(alpha)], receivedReleases=[received])
        decided = samples.made(alpha, "releaseOfficer", "/v1/identifications", death)["identificationId"]
        release = {"receivedRelease": received}
        self.do("proposeIdentification", alpha, "releaseOfficer", decided, body=release)
        self.town.deliver()
        (there,) = self.do("listJointProposals", beta, "releaseOfficer").json()["items"]
        self.do("getJointProposal", beta, "releaseOfficer", there["proposalId"])
        same = samples.identification(persons=[there["record"]])
        own = samples.made(beta, "releaseOfficer", "/v1/identifications", same)["identificationId"]
        answer = {"answer": "concur", "identification": own}
        self.do("answerJointProposal", beta, "releaseOfficer", there["proposalId"], body=answer)

    def _proposed(self, received: str) -> None:
        alpha, beta = self.alpha, self.beta
        own = record(alpha, permit(alpha, sets=["identity"]))
        draft = {"kind": "addition", "record": own, "categories": ["names"], "legalBasis": "consent"}
        self.do("createChangeProposal", alpha, "releaseOfficer", received, body=draft)
        self.town.deliver()
        (there,) = self.do("listChangeProposals", beta, "caseWorker").json()["items"]
        self.do("getChangeProposal", beta, "caseWorker", there["changeProposalId"])
        collection = f"/v1/partner-release-requests/{there['partnerReleaseRequest']}/collection"
        assert beta.call("caseWorker", "POST", collection).is_success
        accept = {"answer": "accept"}
        self.do("answerChangeProposal", beta, "caseWorker", there["changeProposalId"], body=accept)

    def _passed_on(self, received: str) -> None:
        alpha, beta = self.alpha, self.beta
        self.do("passReleaseOn", alpha, "releaseOfficer", received, body={"partner": self.partner.client_id})
        self.do("listOnward", alpha, "caseWorker", received)
        self.town.deliver()
        (asked,) = self.do("listOnwardRequests", beta, "releaseOfficer").json()["items"]
        answer = {"decision": "approve"}
        self.do("decideOnwardRequest", beta, "releaseOfficer", asked["onwardRequestId"], body=answer)

    def _decide(self, request: str) -> None:
        self.do("listReleaseCases", self.beta, "releaseOfficer", query="?state=pending")
        self.do("getReleaseCase", self.beta, "releaseOfficer", request)
        self.do("decideReleaseCase", self.beta, "releaseOfficer", request, body={"decision": "approve"})

    def _question(self, request: str) -> None:
        body = {"decision": "needMore", "question": "Which scar is meant?"}
        self.do("decideReleaseCase", self.beta, "releaseOfficer", request, body=body)

    def _asked_by_partner(self) -> None:
        (hit,) = self.do("createSearch", self.beta, "one", body=search()).json()["hits"]
        terms = {name: search()[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
        body = terms | {"reason": "The description fits.", "hitReference": hit["reference"]}
        request = self.do("createReleaseRequest", self.beta, "one", body=body).json()["releaseRequestId"]
        self.do("getReleaseRequest", self.beta, "one", request)
        self._question(request)
        self.do("replyToReleaseQuestion", self.beta, "one", request, body={"reply": "The left hand."})
        self._decide(request)
        self.do("collectRelease", self.beta, "one", request)

    def _event(self) -> None:
        event = {"searchId": new_id("search"), "choice": "aliveOnly"}
        self.do("receiveEvent", self.beta, "one", body=self.event_token("news", event["searchId"], event))

    def event_token(self, kind: str, subject: str, event: Body) -> str:
        """Return an event of the partner to beta, signed."""
        claims = {
            "iss": self.partner.client_id,
            "aud": self.beta.node.settings.node_id,
            "jti": new_id("event"),
            "iat": self.beta.now(),
            "sub_id": {"format": "opaque", "id": subject},
            "sequence": 1,
            "events": {f"urn:mpex:event:{kind}": event},
        }
        header = {"alg": "ES256", "typ": "secevent+jwt", "kid": self.partner.key.kid}
        return jwt.encode(header, claims, self.partner.key, registry=_REGISTRY)

    def _log(self) -> None:
        size = self.alpha.sequence()
        self.do("getCheckpoint", self.alpha, "auditor")
        entries = self.do("listLogEntries", self.alpha, "auditor").json()["items"]
        self.do("getInclusionProof", self.alpha, "auditor", query=f"?leaf={entries[0]['leaf']}")
        self.do("getConsistencyProof", self.alpha, "auditor", query=f"?from=1&to={size}")


def _address(template: str, ids: tuple[str, ...]) -> str:
    path, given = template, iter(ids)
    while "{" in path:
        head, _, rest = path.partition("{")
        path = head + next(given) + rest.partition("}")[2]
    return path
