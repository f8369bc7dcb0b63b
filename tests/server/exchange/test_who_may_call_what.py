"""The table of who may call which operation; written by hand and not read from the code.

Every operation of the interface has a row and every kind of caller a column, so whoever adds an operation
must say here who may call it. `+` is allowed, `-` is refused for its action (403), a number is that status.

Allowed means as far as the schema: an empty body is no document, so a permitted writing answers 422 unless
`EMPTY` says what an empty body does; what one caller has ended is a conflict for the next. Callers ask for
every action that they may have, so that the table, and not the token, decides. `own` is a partner that asked
for a release for searchLiving, `other` a second one, `purpose` the first with a token for identifyDeceased,
`ended` a partner suspended since it got its token: it may still bring recalls to their end (RECL-002), and do
nothing else.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import mpex_spec
import pytest
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository as tasks
from sqlalchemy import select

from tests.databases import Databases
from tests.server.exchange.town import Town, made, permit, record, released, search
from tests.server.records import samples
from tests.server.world import START, Identity, World, create_schema, partner_entry

STAFF = {
    "reg": "registrar",
    "case": "caseWorker",
    "rel": "releaseOfficer",
    "sup": "supervisor",
    "aud": "auditor",
    "adm": "administrator",
}
PARTNERS = {"own": "one", "other": "two", "purpose": "one", "ended": "ended"}
TABLE = """
operation                       nobody reg case rel sup aud adm own other purpose ended
getLiveness                     +      +   +    +   +   +   +   +   +     +       +
getReadiness                    +      +   +    +   +   +   +   +   +     +       +
getNodeMetadata                 +      +   +    +   +   +   +   +   +     +       +
getAuthorizationServerMetadata  +      +   +    +   +   +   +   +   +     +       +
getProtectedResourceMetadata    +      +   +    +   +   +   +   +   +     +       +
getJwks                         +      +   +    +   +   +   +   +   +     +       +
getApiPage                      +      +   +    +   +   +   +   +   +     +       +
getApiDocument                  +      +   +    +   +   +   +   +   +     +       +
getEntityConfiguration          +      +   +    +   +   +   +   +   +     +       +
createToken                     +      +   +    +   +   +   +   +   +     +       +
listPersons                     401    +   +    +   +   -   -   -   -     -       401
createPerson                    401    +   -    -   -   -   -   -   -     -       401
importPersons                   401    +   -    -   -   -   -   -   -     -       401
getPerson                       401    +   +    +   +   -   -   -   -     -       401
replacePerson                   401    +   -    -   -   -   -   -   -     -       401
listPersonChanges               401    +   +    +   +   -   -   -   -     -       401
recordPersonChoice              401    +   +    -   +   -   -   -   -     -       401
clearPersonContact              401    +   +    -   -   -   -   -   -     -       401
listRemainsUnits                401    +   +    +   +   -   -   -   -     -       401
createRemainsUnit               401    +   -    -   -   -   -   -   -     -       401
getRemainsUnit                  401    +   +    +   +   -   -   -   -     -       401
replaceRemainsUnit              401    +   -    -   -   -   -   -   -     -       401
listRemainsUnitChanges          401    +   +    +   +   -   -   -   -     -       401
findRemainsUnits                401    +   +    +   +   -   -   -   -     -       401
getDentalComparison             401    +   +    +   +   -   -   -   -     -       401
splitRemainsUnit                401    +   -    -   -   -   -   -   -     -       401
mergeRemainsUnits               401    +   -    -   -   -   -   -   -     -       401
listReferenceSamples            401    +   +    -   -   -   -   -   -     -       401
createReferenceSample           401    +   -    -   -   -   -   -   -     -       401
getReferenceSample              401    +   +    -   -   -   -   -   -     -       401
replaceReferenceSample          401    +   -    -   -   -   -   -   -     -       401
getComparability                401    +   +    -   -   -   -   -   -     -       401
listSearchRequests              401    +   +    -   -   -   -   -   -     -       401
createSearchRequest             401    +   -    -   -   -   -   -   -     -       401
getSearchRequest                401    +   +    -   -   -   -   -   -     -       401
replaceSearchRequest            401    +   -    -   -   -   -   -   -     -       401
getAccessReport                 401    +   +    -   -   +   -   -   -     -       401
getEnquirerView                 401    +   +    -   -   -   -   -   -     -       401
issueRecoveryCode               401    +   -    -   -   -   -   -   -     -       401
recoverSearchRequest            401    +   +    -   -   -   -   -   -     -       401
recordEnquirerDeath             401    +   -    -   -   -   -   -   -     -       401
clearContact                    401    +   +    -   -   -   -   -   -     -       401
listAssistanceRequests          401    -   +    +   +   -   -   -   -     -       401
createAssistanceRequest         401    -   +    +   +   -   -   -   -     -       401
getAssistanceRequest            401    -   +    +   +   -   -   -   -     -       401
answerAssistanceRequest         401    -   +    +   +   -   -   -   -     -       401
listCaseMessages                401    -   +    +   +   -   -   -   -     -       401
createCaseMessage               401    -   +    -   -   -   -   -   -     -       401
getCaseMessage                  401    -   +    +   +   -   -   -   -     -       401
recallCaseMessage               401    -   +    -   -   -   -   -   -     -       401
listCustodyTransfers            401    -   -    +   +   -   -   -   -     -       401
createCustodyTransfer           401    -   -    +   +   -   -   -   -     -       401
getCustodyTransfer              401    -   -    +   +   -   -   -   -     -       401
answerCustodyOffer              401    -   -    +   +   -   -   -   -     -       401
decideCustodyOffer              401    -   -    +   +   -   -   -   -     -       401
collectCustodyRecord            401    -   -    -   -   -   -   +   404   403     401
listGroups                      401    +   +    -   -   -   -   -   -     -       401
createGroup                     401    +   -    -   -   -   -   -   -     -       401
getGroup                        401    +   +    -   -   -   -   -   -     -       401
replaceGroup                    401    +   -    -   -   -   -   -   -     -       401
listGroupMembers                401    +   +    -   -   -   -   -   -     -       401
importGroupMembers              401    +   -    -   -   -   -   -   -     -       401
searchGroupMembers              401    -   +    -   -   -   -   -   -     -       401
promoteGroupMember              401    +   -    -   -   -   -   -   -     -       401
eraseGroupMember                401    +   -    -   -   -   -   -   -     -       401
listDirectives                  401    +   +    +   +   -   -   -   -     -       401
createDirective                 401    +   -    -   -   -   -   -   -     -       401
getDirective                    401    +   +    +   +   -   -   -   -     -       401
withdrawDirective               401    +   -    -   -   -   -   -   -     -       401
reviewDirective                 401    +   +    -   +   -   -   -   -     -       401
freezeDirective                 401    +   -    -   -   -   -   -   -     -       401
recordSuccessor                 401    +   -    -   -   -   -   -   -     -       401
listIncidents                   401    +   +    -   -   -   +   -   -     -       401
createIncident                  401    +   -    -   -   -   +   -   -     -       401
getIncident                     401    +   +    -   -   -   +   -   -     -       401
replaceIncident                 401    +   -    -   -   -   +   -   -     -       401
importIncidents                 401    +   -    -   -   -   +   -   -     -       401
createSearch                    401    +   +    -   -   -   -   +   +     +       401
listSearchSurges                401    -   -    -   -   +   +   -   -     -       401
createSearchSurge               401    -   -    -   -   -   +   -   -     -       401
createPartnerSearch             401    -   +    -   -   -   -   -   -     -       401
planPartnerSearch               401    -   +    -   -   -   -   -   -     -       401
listPartnerSearches             401    -   +    -   -   -   -   -   -     -       401
getPartnerSearch                401    -   +    -   -   -   -   -   -     -       401
createReleaseRequest            401    -   -    -   -   -   -   +   +     +       401
getReleaseRequest               401    -   -    -   -   -   -   +   404   +       401
replyToReleaseQuestion          401    -   -    -   -   -   -   +   +     +       401
collectRelease                  401    -   -    -   -   -   -   +   404   403     401
listReleaseCases                401    -   -    +   +   -   -   -   -     -       401
getReleaseCase                  401    -   -    +   +   -   -   -   -     -       401
decideReleaseCase               401    -   -    +   +   -   -   -   -     -       401
createPartnerReleaseRequest     401    -   +    -   -   -   -   -   -     -       401
getPartnerReleaseRequest        401    -   +    -   -   -   -   -   -     -       401
replyToPartnerQuestion          401    -   +    -   -   -   -   -   -     -       401
collectPartnerRelease           401    -   +    -   -   -   -   -   -     -       401
listReceivedReleases            401    -   +    +   +   -   -   -   -     -       401
getReceivedRelease              401    -   +    +   +   -   -   -   -     -       401
retainReceivedRelease           401    -   -    +   +   -   -   -   -     -       401
eraseReceivedRelease            401    -   -    +   409 -   -   -   -     -       401
listOnward                      401    -   +    +   +   -   -   -   -     -       401
reportBreach                    401    -   -    +   +   -   -   -   -     -       401
passReleaseOn                   401    -   -    +   -   -   -   -   -     -       401
listOnwardRequests              401    -   -    +   +   -   -   -   -     -       401
decideOnwardRequest             401    -   -    +   +   -   -   -   -     -       401
listRecalls                     401    +   +    +   +   +   -   -   -     -       401
createRecall                    401    -   -    +   -   -   -   -   -     -       401
getRecall                       401    +   +    +   +   +   -   -   -     -       401
receiveEvent                    401    -   -    -   -   -   -   +   +     +       +
listMatches                     401    -   +    -   -   -   -   -   -     -       401
createMatch                     401    -   +    -   -   -   -   -   -     -       401
getMatch                        401    -   +    -   -   -   -   -   -     -       401
listIdentityErrors              401    +   +    +   +   -   -   -   -     -       401
createIdentityError             401    +   +    -   -   -   -   -   -     -       401
getIdentityError                401    +   +    +   +   -   -   -   -     -       401
answerIdentityError             401    -   -    +   +   -   -   -   -     -       401
listErasureRequests             401    +   +    +   +   -   -   -   -     -       401
createErasureRequest            401    +   +    +   -   -   -   -   -     -       401
getErasureRequest               401    +   +    +   +   -   -   -   -     -       401
confirmErasureRequest           401    -   -    +   +   -   -   -   -     -       401
revokeErasureRequest            401    +   +    +   -   -   -   -   -     -       401
getErasureAccessReport          401    +   +    -   -   +   -   -   -     -       401
listIdentifications             401    -   +    +   +   -   -   -   -     -       401
createIdentification            401    -   -    +   +   -   -   -   -     -       401
getIdentification               401    -   +    +   +   -   -   -   -     -       401
replaceIdentification           401    -   -    +   +   -   -   -   -     -       401
recordNotification              401    -   +    +   -   -   -   -   -     -       401
liftEmbargo                     401    -   -    +   -   -   -   -   -     -       401
proposeIdentification           401    -   -    +   +   -   -   -   -     -       401
createChangeProposal            401    -   -    +   -   -   -   -   -     -       401
listChangeProposals             401    -   +    +   -   -   -   -   -     -       401
getChangeProposal               401    -   +    +   -   -   -   -   -     -       401
answerChangeProposal            401    -   +    -   -   -   -   -   -     -       401
listJointProposals              401    -   +    +   +   -   -   -   -     -       401
getJointProposal                401    -   +    +   +   -   -   -   -     -       401
answerJointProposal             401    -   -    +   +   -   -   -   -     -       401
listTasks                       401    +   +    +   +   -   -   -   -     -       401
getTaskCalendar                 401    +   +    +   +   -   -   -   -     -       401
completeTask                    401    404 +    -   +   -   -   -   -     -       401
listPartners                    401    -   +    +   +   +   +   -   -     -       401
getCheckpoint                   401    -   -    -   -   +   +   +   +     +       401
listLogEntries                  401    -   -    -   -   +   -   -   -     -       401
getInclusionProof               401    -   -    -   -   +   +   +   +     +       401
getConsistencyProof             401    -   -    -   -   +   +   +   +     +       401
"""
EMPTY = {
    "createToken": 400,
    "withdrawDirective": 201,
    "freezeDirective": 201,
    "recordEnquirerDeath": 201,
    "collectPartnerRelease": 201,
    "receiveEvent": 400,
    "eraseReceivedRelease": 200,
    "completeTask": 409,
    "issueRecoveryCode": 201,
    "recallCaseMessage": 200,
    "eraseGroupMember": 204,
}
# Operations that take no body at all.
BARE = frozenset(
    {
        "collectPartnerRelease",
        "eraseReceivedRelease",
        "issueRecoveryCode",
        "eraseGroupMember",
        "recallCaseMessage",
    }
)
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CALLERS = HEAD[1:]
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, bool(operation["security"]))
    for path, item in mpex_spec.openapi()["paths"].items()
    for method, operation in item.items()
    if "node" in operation.get("x-mpex-roles", ["node"])
}
GUARDED = [row[0] for row in ROWS if row[1] == "401"]
# What finds a document by its identifier alone, so that the identifier may belong to nothing.
READS = [name for name in GUARDED if OPERATIONS[name][0] == "GET" and "{" in OPERATIONS[name][1]]


@dataclass
class Node:
    """A node that holds one of everything; `holds` gives the identifier for a parameter of a path."""

    world: World
    holds: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)

    def call(
        self, caller: str, operation: str, *, holds: dict[str, str] | None = None, token: str | None = None
    ) -> httpx2.Response:
        """Send what the operation needs, as the caller; the body is an empty document."""
        method, path, _ = OPERATIONS[operation]
        kind = "remains" if path.startswith("/v1/remains") else "record"
        known = holds or self.holds
        path = path.replace("{recordId}", known[kind])
        for name, identifier in known.items():
            path = path.replace(f"{{{name}}}", identifier)
        path += {
            "getInclusionProof": f"?leaf={self.holds['leaf']}",
            "getConsistencyProof": "?from=1&to=2",
        }.get(operation, "")
        headers = {"Idempotency-Key": secrets.token_urlsafe(16)} if method == "POST" else {}
        headers |= {"If-Match": '"none"'} if method == "PUT" else {}
        token = token or self.tokens.get(caller)
        if token:
            prover = self.world.identities[(STAFF | PARTNERS)[caller]]
            proof = self.world.proof(prover, method, path, token)
            headers |= {"Authorization": f"DPoP {token}", "DPoP": proof}
        options: dict[str, Any] = {"headers": headers}
        if operation == "receiveEvent":
            options |= {"headers": headers | {"Content-Type": "application/secevent+jwt"}, "content": b"{}"}
        elif method != "GET" and operation not in BARE:
            options["json"] = {}
        return self.world.raw(method, path, **options)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def node(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Node]:
    """A node after a life with one partner that holds and three that ask; every row shares it."""
    town, folder = Town(), tmp_path_factory.mktemp("town")
    urls = [databases.fresh(request.param, create_schema) for _ in range(2)]
    town.add("alpha", urls[0], folder)
    town.add("beta", urls[1], folder)
    town.introduce()
    world = town.nodes["alpha"]
    for name in ("one", "two", "ended"):
        world.identities[name] = Identity(new_id("node"))
        town.register(world, partner_entry(world.identities[name]))
    holds = _lived(town)
    tokens = {
        caller: world.token(name, purpose="identifyDeceased" if caller == "purpose" else "searchLiving")
        for caller, name in (STAFF | PARTNERS).items()
    }
    with transaction(world.node.engine) as conn:
        assert clients.suspend_partner(conn, world.identities["ended"].client_id, at=instant(START))
    yield Node(world, holds, tokens)
    town.close()
    for url in urls:
        databases.drop(url)


def _lived(town: Town) -> dict[str, str]:
    world = town.nodes["alpha"]
    received, directive, _ = released(town)
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    record(world, permit(world, sets=["identity"]))
    (hit,) = made(world.call("one", "POST", "/v1/searches", search()), 200)["hits"]
    ask = {name: search()[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    ask |= {"hitReference": hit["reference"], "reason": "The description fits."}
    asked = made(world.call("one", "POST", "/v1/release-requests", ask), 202)["releaseRequestId"]
    decision = f"/v1/release-cases/{asked}/decision"
    made(world.call("releaseOfficer", "POST", decision, {"decision": "approve"}), 200)
    world.sequence()
    with transaction(world.node.engine, write=False) as conn:
        kind = t.document.c.kind == "partnerReleaseRequest"
        before = conn.scalars(select(t.document.c.id).where(kind)).one()
    (recall,) = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    (searched,) = made(world.call("caseWorker", "GET", "/v1/partner-searches"), 200)["items"]
    each = samples.one_of_each(world)
    to = world.identities["one"].client_id
    moving = samples.transfer(record(world, permit(world, sets=["identity"])), to)
    offered = samples.made(world, "releaseOfficer", "/v1/custody-transfers", moving)
    asked_of = samples.made(world, "caseWorker", "/v1/assistance-requests", samples.assistance(to))
    written = samples.made(world, "caseWorker", "/v1/case-messages", samples.message(to))
    return {
        "record": each["person"],
        "remains": each["remains"],
        "personId": each["person"],
        "requestId": each["request"],
        "sampleId": each["sample"],
        "directiveId": each["directive"],
        "transferId": offered["transferId"],
        "assistanceId": asked_of["assistanceId"],
        "messageId": written["messageId"],
        "groupId": each["group"],
        "memberId": each["member"],
        "incidentId": each["incident"],
        "matchId": each["match"],
        "identityErrorId": each["identityError"],
        "erasureId": each["erasure"],
        "identificationId": each["identification"],
        "changeProposalId": _change_proposed(world, received["receivedReleaseId"]),
        "proposalId": _proposed(world, each["person"], received["receivedReleaseId"]),
        "releaseRequestId": asked,
        "recallId": recall["recallId"],
        "partnerSearchId": searched["partnerSearchId"],
        "partnerReleaseRequestId": _requested_anew(town, before),
        "receivedReleaseId": received["receivedReleaseId"],
        "taskId": _task(world, recall["recallId"]),
        "onwardRequestId": "onwardRequest:" + 26 * "a",
        "leaf": made(world.call("auditor", "GET", "/v1/log/entries"), 200)["items"][0]["leaf"],
    }


def _change_proposed(world: World, received: str) -> str:
    """Return what is proposed to add to a record that a partner released."""
    own = record(world, permit(world, sets=["identity"]))
    draft = {"kind": "addition", "record": own, "categories": ["names"], "legalBasis": "consent"}
    path = f"/v1/received-releases/{received}/change-proposals"
    return str(samples.made(world, "releaseOfficer", path, draft)["changeProposalId"])


def _proposed(world: World, person: str, received: str) -> str:
    """Return what is proposed to the partner that made a release."""
    body = samples.identification(persons=[person], receivedReleases=[received])
    decided = samples.made(world, "releaseOfficer", "/v1/identifications", body)["identificationId"]
    path = f"/v1/identifications/{decided}/proposals"
    made_of = samples.made(world, "releaseOfficer", path, {"receivedRelease": received})
    return str(made_of["proposalId"])


def _requested_anew(town: Town, before: str) -> str:
    """Return a like partner release request of which nothing was collected yet."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    (searched,) = made(alpha.call("caseWorker", "GET", "/v1/partner-searches"), 200)["items"]
    partner = beta.node.settings.node_id
    body = {"partnerSearch": searched["partnerSearchId"], "partner": partner, "releaseSet": "identity"}
    body |= {"hitReference": searched["results"][0]["result"]["hits"][0]["reference"], "reason": "It fits."}
    request = made(alpha.call("caseWorker", "POST", "/v1/partner-release-requests", body))
    path = f"/v1/release-cases/{request['status']['releaseRequestId']}/decision"
    made(beta.call("releaseOfficer", "POST", path, {"decision": "approve"}), 200)
    assert request["partnerReleaseRequestId"] != before
    return str(request["partnerReleaseRequestId"])


def _task(world: World, recall: str) -> str:
    """Return a task that is done, so that every row finds it alike."""
    with transaction(world.node.engine) as conn:
        (task,) = tasks.open_of(conn, world.node.keys, recall, "overdueRecall")
        tasks.close(conn, task.id)
    return task.id


def test_every_operation_has_one_row_and_every_row_is_an_operation() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(OPERATIONS)
    assert {row[0] for row in ROWS if row[1] == "+"} == {
        name for name, (_, _, guarded) in OPERATIONS.items() if not guarded
    }


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_table(node: Node, row: list[str]) -> None:
    operation, *cells = row
    allowed = EMPTY.get(operation, 200 if OPERATIONS[operation][0] == "GET" else 422)
    expected = {
        caller: {"+": allowed, "-": 403}.get(cell) or int(cell)
        for caller, cell in zip(CALLERS, cells, strict=True)
    }
    answers = {caller: node.call(caller, operation) for caller in CALLERS}
    assert {caller: answer.status_code for caller, answer in answers.items()} == expected
    for caller, cell in zip(CALLERS, cells, strict=True):
        if cell != "+":
            codes = {
                "-": "actionNotAllowed",
                "401": "unauthorized",
                "403": "purposeNotAllowed",
                "409": "conflict",
            }
            assert samples.refusal(answers[caller])[1] == codes.get(cell, "notFound")
            assert "Fictia" not in answers[caller].text


@pytest.mark.parametrize("operation", GUARDED)
def test_a_stranger_learns_nothing_of_what_is_there(node: Node, operation: str) -> None:
    answers = [node.call("nobody", operation, holds=holds) for holds in (node.holds, _unknown(node))]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert len({answer.text.replace(answer.json()["instance"], "") for answer in answers}) == 1


@pytest.mark.parametrize("operation", GUARDED)
def test_the_right_caller_with_a_token_for_something_else(node: Node, operation: str) -> None:
    cells = dict(zip(HEAD, next(row for row in ROWS if row[0] == operation), strict=True))
    caller = next(name for name in CALLERS if cells[name] == "+")
    world, client = node.world, (STAFF | PARTNERS)[caller]
    action = _action(operation)
    others = [name for name in world.details(client)["actions"] if name != action]
    refused = node.call(caller, operation, token=world.token(client, actions=others))
    assert samples.refusal(refused) == (403, "actionNotAllowed")


@pytest.mark.parametrize("operation", READS)
def test_what_is_not_there_is_not_found(node: Node, operation: str) -> None:
    cells = dict(zip(HEAD, next(row for row in ROWS if row[0] == operation), strict=True))
    caller = next(name for name in CALLERS if cells[name] == "+")
    missing = node.call(caller, operation, holds=_unknown(node))
    assert samples.refusal(missing) == (404, "notFound")
    assert len(missing.content) % 4096 == 0


def _action(operation: str) -> str:
    method, path, _ = OPERATIONS[operation]
    ((action,),) = mpex_spec.openapi()["paths"][path][method.lower()]["security"][0].values()
    return str(action)


def _unknown(node: Node) -> dict[str, str]:
    """Return well-formed identifiers of nothing, one for each that the node holds."""
    return {name: new_id(held.partition(":")[0]) for name, held in node.holds.items() if ":" in held}
