"""The table of who may call which operation; written by hand, and read neither from the code nor from
`spec/access.csv`, so that whatever is wrong in either is seen.

Every operation of the interface has a row and every kind of caller a column, so whoever adds an operation
must say here who may call it. `+` is allowed, `-` is refused for its action (403), `~` is the work of others
(403), a number is that status.

Allowed means as far as the schema: an empty body is no document, so a permitted writing answers 422 unless
`EMPTY` says what an empty body does; what one caller has ended is a conflict for the next. Callers ask for
every action that they may have, so that the table, and not the token, decides.
"""

from dataclasses import dataclass
from typing import Final

import mpex_spec


@dataclass(frozen=True, slots=True)
class Caller:
    """A client and what its token is for; `roles` are those of staff, `recipient` the class of a partner."""

    client: str
    purpose: str = "searchLiving"
    roles: tuple[str, ...] = ()
    recipient: str | None = None


_STAFF: Final = {
    "reg": "registrar",
    "case": "caseWorker",
    "rel": "releaseOfficer",
    "sup": "supervisor",
    "aud": "auditor",
    "adm": "administrator",
}
WHO: Final = {name: Caller(role, roles=(role,)) for name, role in _STAFF.items()} | {
    # A partner that asked for a release for searchLiving, another of other class and territory, and the first
    # with a token for another purpose.
    "own": Caller("one", recipient="humanitarian"),
    "other": Caller("two", recipient="forensic"),
    "purpose": Caller("one", "identifyDeceased", recipient="humanitarian"),
    # Somebody with all roles, to count and in an emergency; then a rescuer, and a charity with its mandate.
    "count": Caller("everybody", "statistics", roles=tuple(_STAFF.values())),
    "haste": Caller("everybody", "protectLife", roles=tuple(_STAFF.values())),
    "life": Caller("rescuer", "protectLife", recipient="rescue"),
    "alms": Caller("charity", "protectLife", recipient="humanitarian"),
    # Suspended since it got its token: it may bring recalls to their end (RECL-002), and nothing else.
    "ended": Caller("ended", recipient="humanitarian"),
}
TABLE = """
operation                      nobody reg case rel sup aud adm own other purpose count haste life alms ended
getLiveness                    +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getReadiness                   +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getNodeMetadata                +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getAuthorizationServerMetadata +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getProtectedResourceMetadata   +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getJwks                        +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getApiPage                     +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getApiDocument                 +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
getEntityConfiguration         +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
createToken                    +      +   +    +   +   +   +   +   +     +       +     +     +    +    +
listPersons                    401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
createPerson                   401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
importPersons                  401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getPerson                      401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
replacePerson                  401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
listPersonChanges              401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
recordPersonChoice             401    +   +    -   +   -   -   -   -     -       -     +     -    -    401
clearPersonContact             401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
listRemainsUnits               401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
createRemainsUnit              401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getRemainsUnit                 401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
replaceRemainsUnit             401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
listRemainsUnitChanges         401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
findRemainsUnits               401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
getDentalComparison            401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
splitRemainsUnit               401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
mergeRemainsUnits              401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
listReferenceSamples           401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
createReferenceSample          401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getReferenceSample             401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
replaceReferenceSample         401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getComparability               401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
listSearchRequests             401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
createSearchRequest            401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getSearchRequest               401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
replaceSearchRequest           401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getAccessReport                401    +   +    -   -   +   -   -   -     -       +     +     -    -    401
getEnquirerView                401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
issueRecoveryCode              401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
recoverSearchRequest           401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
recordEnquirerDeath            401    +   -    -   -   -   -   -   -     -       -     409   -    -    401
clearContact                   401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
listAssistanceRequests         401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
createAssistanceRequest        401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
getAssistanceRequest           401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
answerAssistanceRequest        401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
listCaseMessages               401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
createCaseMessage              401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
getCaseMessage                 401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
recallCaseMessage              401    -   +    -   -   -   -   -   -     -       409   409   -    -    401
listCustodyTransfers           401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
createCustodyTransfer          401    -   -    +   +   -   -   -   -     -       +     -     -    -    401
getCustodyTransfer             401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
answerCustodyOffer             401    -   -    +   +   -   -   -   -     -       +     -     -    -    401
decideCustodyOffer             401    -   -    +   +   -   -   -   -     -       +     -     -    -    401
collectCustodyRecord           401    -   -    -   -   -   -   +   404   403     -     -     -    -    401
listGroups                     401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
createGroup                    401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
getGroup                       401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
replaceGroup                   401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
listGroupMembers               401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
importGroupMembers             401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
searchGroupMembers             401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
promoteGroupMember             401    +   -    -   -   -   -   -   -     -       -     +     -    -    401
eraseGroupMember               401    +   -    -   -   -   -   -   -     -       -     404   -    -    401
listDirectives                 401    +   +    +   +   -   -   -   -     -       +     +     -    -    401
createDirective                401    +   -    -   -   -   -   -   -     -       +     +     -    -    401
getDirective                   401    +   +    +   +   -   -   -   -     -       +     +     -    -    401
withdrawDirective              401    +   -    -   -   -   -   -   -     -       +     +     -    -    401
reviewDirective                401    +   +    -   +   -   -   -   -     -       +     +     -    -    401
freezeDirective                401    +   -    -   -   -   -   -   -     -       409   409   -    -    401
recordSuccessor                401    +   -    -   -   -   -   -   -     -       +     +     -    -    401
listIncidents                  401    +   +    -   -   -   +   -   -     -       +     +     -    -    401
createIncident                 401    +   -    -   -   -   +   -   -     -       +     +     -    -    401
getIncident                    401    +   +    -   -   -   +   -   -     -       +     +     -    -    401
replaceIncident                401    +   -    -   -   -   +   -   -     -       +     +     -    -    401
importIncidents                401    +   -    -   -   -   +   -   -     -       +     +     -    -    401
createSearch                   401    +   +    -   -   -   -   +   +     +       +     +     +    -    401
listSearchSurges               401    -   -    -   -   +   +   -   -     -       +     +     -    -    401
createSearchSurge              401    -   -    -   -   -   +   -   -     -       +     +     -    -    401
createPartnerSearch            401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
planPartnerSearch              401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
listPartnerSearches            401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
getPartnerSearch               401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
createReleaseRequest           401    -   -    -   -   -   -   +   +     +       -     -     +    -    401
getReleaseRequest              401    -   -    -   -   -   -   +   404   +       -     -     404  -    401
replyToReleaseQuestion         401    -   -    -   -   -   -   +   +     +       -     -     +    -    401
collectRelease                 401    -   -    -   -   -   -   +   404   403     -     -     404  -    401
getOfferedRelease              401    -   -    -   -   -   -   +   404   +       -     -     404  -    401
collectOfferedRelease          401    -   -    -   -   -   -   +   404   403     -     -     404  -    401
listReleaseCases               401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
getReleaseCase                 401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
decideReleaseCase              401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
createPartnerReleaseRequest    401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
getPartnerReleaseRequest       401    -   +    -   -   -   -   -   -     -       403   403   -    -    401
replyToPartnerQuestion         401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
collectPartnerRelease          401    -   +    -   -   -   -   -   -     -       403   403   -    -    401
listReceivedReleases           401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
getReceivedRelease             401    -   +    +   +   -   -   -   -     -       403   403   -    -    401
retainReceivedRelease          401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
eraseReceivedRelease           401    -   -    +   409 -   -   -   -     -       409   409   -    -    401
listOnward                     401    -   +    +   +   -   -   -   -     -       +     +     -    -    401
reportBreach                   401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
passReleaseOn                  401    -   -    +   -   -   -   -   -     -       +     +     -    -    401
listOnwardRequests             401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
decideOnwardRequest            401    -   -    +   +   -   -   -   -     -       +     +     -    -    401
listRecalls                    401    +   +    +   +   +   -   -   -     -       +     +     -    -    401
createRecall                   401    -   -    +   -   -   -   -   -     -       +     +     -    -    401
getRecall                      401    +   +    +   +   +   -   -   -     -       +     +     -    -    401
receiveEvent                   401    -   -    -   -   -   -   +   +     +       -     -     +    +    +
listMatches                    401    -   +    -   -   -   -   -   -     -       -     +     -    -    401
createMatch                    401    -   +    -   -   -   -   -   -     -       -     +     -    -    401
getMatch                       401    -   +    -   -   -   -   -   -     -       -     +     -    -    401
listIdentityErrors             401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
createIdentityError            401    +   +    -   -   -   -   -   -     -       -     +     -    -    401
getIdentityError               401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
answerIdentityError            401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
listErasureRequests            401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
createErasureRequest           401    +   +    +   -   -   -   -   -     -       -     +     -    -    401
getErasureRequest              401    +   +    +   +   -   -   -   -     -       -     +     -    -    401
confirmErasureRequest          401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
revokeErasureRequest           401    +   +    +   -   -   -   -   -     -       -     +     -    -    401
getErasureAccessReport         401    +   +    -   -   +   -   -   -     -       +     +     -    -    401
listIdentifications            401    -   +    +   +   -   -   -   -     -       -     +     -    -    401
createIdentification           401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
getIdentification              401    -   +    +   +   -   -   -   -     -       -     +     -    -    401
replaceIdentification          401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
recordNotification             401    -   +    +   -   -   -   -   -     -       -     +     -    -    401
liftEmbargo                    401    -   -    +   -   -   -   -   -     -       -     +     -    -    401
proposeIdentification          401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
createChangeProposal           401    -   -    +   -   -   -   -   -     -       +     +     -    -    401
listChangeProposals            401    -   +    +   -   -   -   -   -     -       +     +     -    -    401
getChangeProposal              401    -   +    +   -   -   -   -   -     -       +     +     -    -    401
answerChangeProposal           401    -   +    -   -   -   -   -   -     -       +     +     -    -    401
listJointProposals             401    -   +    +   +   -   -   -   -     -       -     +     -    -    401
getJointProposal               401    -   +    +   +   -   -   -   -     -       -     +     -    -    401
answerJointProposal            401    -   -    +   +   -   -   -   -     -       -     +     -    -    401
listTasks                      401    +   +    +   +   -   -   -   -     -       +     +     -    -    401
getTaskCalendar                401    +   +    +   +   -   -   -   -     -       +     +     -    -    401
completeTask                   401    404 +    ~   +   -   -   -   -     -       +     +     -    -    401
listPartners                   401    -   +    +   +   +   +   -   -     -       +     +     -    -    401
getCheckpoint                  401    -   -    -   -   +   +   +   +     +       +     +     +    +    401
listLogEntries                 401    -   -    -   -   +   -   -   -     -       +     +     -    -    401
getInclusionProof              401    -   -    -   -   +   +   +   +     +       +     +     +    +    401
getConsistencyProof            401    -   -    -   -   +   +   +   +     +       +     +     +    +    401
assertDeath                    401    -   -    +   -   -   -   -   -     -       -     +     -    -    401
"""
ASSERT_DEATH: Final = "assertDeath"
"""No operation, but what is said in one: it needs a right of its own (CASE-005)."""
OF_OFFERS: Final = {"getOfferedRelease": "getReleaseRequest", "collectOfferedRelease": "collectRelease"}
"""Two operations once more, on a received release that is passed on instead of one of this node."""
EMPTY: Final = {
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
BARE: Final = frozenset(
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
CELLS = {operation: dict(zip(CALLERS, cells, strict=True)) for operation, *cells in ROWS}
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, item in mpex_spec.openapi("node")["paths"].items()
    for method, operation in item.items()
} | {ASSERT_DEATH: ("POST", "/v1/identifications")}
OPERATIONS |= {name: OPERATIONS[operation] for name, operation in OF_OFFERS.items()}
GUARDED = [name for name, cells in CELLS.items() if cells["nobody"] == "401"]
# What finds a document by its identifier alone, so that the identifier may belong to nothing.
NAMING = [name for name in GUARDED if "{" in OPERATIONS[name][1]]


def expected(operation: str) -> dict[str, int]:
    """Return by caller the status that the table says."""
    allowed = EMPTY.get(operation, 200 if OPERATIONS[operation][0] == "GET" else 422)
    statuses = {"+": allowed, "-": 403, "~": 403}
    return {caller: statuses.get(cell) or int(cell) for caller, cell in CELLS[operation].items()}


def opens(action: str) -> frozenset[str]:
    """Return the callers to whom the table opens an action, whatever else is looked at."""
    asking = [name for name in GUARDED if action_of(name) == action]
    return frozenset(
        caller for name in asking for caller, cell in CELLS[name].items() if cell not in {"-", "401"}
    )


def action_of(operation: str) -> str:
    """Return the action that the interface asks for with an operation."""
    if operation == ASSERT_DEATH:
        return "deaths:assert"
    method, path = OPERATIONS[operation]
    ((action,),) = mpex_spec.openapi()["paths"][path][method.lower()]["security"][0].values()
    return str(action)
