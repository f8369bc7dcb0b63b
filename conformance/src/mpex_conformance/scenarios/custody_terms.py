"""Custody: consent means the same after it, nothing goes unasked, and only the custodian gives a record."""

from typing import Any

from mpex_conformance import expect, handovers, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.partner.node import MockNode
from mpex_conformance.registry import check
from mpex_conformance.wire import jose

_STATEMENT = "mpex-custody+jwt"


@check("cust-015", requirements=["CUST-015"], needs=["partner.one"])
def successors_go_along(lab: Lab) -> None:
    """The directive that speaks in the place of a dead enquirer's is handed out with the record."""
    known = scenes.known(lab)
    expect.status(lab.staff("freezeDirective", {}, directiveId=known.directive), 201)
    successor = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    named = lab.staff("recordSuccessor", {"directive": successor}, directiveId=known.directive)
    expect.status(named, 201)
    package = expect.status(handovers.collect(lab, handovers.offered(lab, known)), 200)
    handed = {entry["directiveId"] for entry in package.at("directives")}
    expect.that({known.directive, successor} <= handed, "the successor's directive stays behind")


@check("cust-016", requirements=["CUST-016"], needs=["partner.one", "mock"])
def deaths_follow(lab: Lab) -> None:
    """That whoever gave a directive died is told where the record went."""
    known = scenes.known(lab)
    handovers.taken_over(lab, known)
    seen = len(lab.mock("one").events)
    expect.status(lab.staff("freezeDirective", {}, directiveId=known.directive), 201)
    told = handovers.told(lab, "one", "directiveFrozen", seen, known.directive)
    expect.that(set(told) == {"directive", "at"}, "the event says something else")


@check("cust-017", requirements=["CUST-017"], needs=["partner.one", "partner.two", "mock"])
def deaths_are_heard(lab: Lab) -> None:
    """A directive is frozen when the former custodian says so, and nobody else."""
    given = handovers.arrived(lab)
    event = {"directive": given.directive, "at": samples.instant()}
    for partner, frozen in (("two", False), ("one", True)):
        handovers.push(lab, given.directive, "directiveFrozen", event, partner)
        read = expect.status(lab.staff("getDirective", directiveId=given.directive), 200)
        expect.that(("frozenAt" in read.json) == frozen, f"partner {partner} is misheard")


@check("cust-018", requirements=["CUST-018"], needs=["partner.one"])
def two_persons_hand_over(lab: Lab) -> None:
    """A record with a category that needs two persons goes out when both have approved, and no sooner."""
    office = dict(lab.metadata.get("office", {}))
    if "contact" not in office.get("fourEyes", {}).get("categories", ()):
        raise UntestableError("the target requires two persons for nothing that a check can make")
    officers = [actor for actor in lab.actors.values() if actor.may(scenes.PURPOSE, "custody:write")]
    if len(officers) < 2:
        raise UntestableError("the profile has no two persons who hand records over")
    known = _with_contact(lab, samples.grant([scenes.PURPOSE], categories=["contact"]))
    terms = {"purpose": scenes.PURPOSE, "legalBasis": "vitalInterest"}
    body = {"record": known.record, "to": lab.entry("one")["nodeId"], **terms}
    offer = expect.status(officers[0].call("createCustodyTransfer", body), 201)
    transfer, yes = str(offer.at("transferId")), {"decision": "approve"}
    expect.that(offer.at("state") == "proposed", "one person offers what needs two")
    expect.problem(handovers.collect(lab, transfer), 404, "notFound", why="nobody has approved")
    alone = officers[0].call("decideCustodyOffer", yes, transferId=transfer)
    expect.problem(alone, 409, "conflict", why="approved by who proposed it")
    expect.status(officers[1].call("decideCustodyOffer", yes, transferId=transfer), 200)
    package = expect.status(handovers.collect(lab, transfer), 200)
    moved = {name for entry in package.at("record", "contributions") for name in entry["sections"]}
    expect.that("contact" in moved, "what two persons approved is not handed out")


@check("cust-019", requirements=["CUST-019"], needs=["partner.one", "mock"])
def nothing_lost_unasked(lab: Lab) -> None:
    """A record of which something is withheld is given up when the new custodian accepts that."""
    for accepted, status in ((False, 200), (True, 404)):
        known = _with_contact(lab, samples.grant([scenes.PURPOSE], releaseSets=["identity"]))
        transfer = handovers.offered(lab, known)
        package = expect.status(handovers.collect(lab, transfer), 200)
        claims = jose.claims(str(package.at("statement")))
        expect.that(claims.get("withheld") is True, "the statement does not say that something is withheld")
        handovers.say(lab, transfer, "custodyState", handovers.acceptance(package, withheldAccepted=accepted))
        expect.status(lab.staff("getPerson", recordId=known.record), status)


@check("cust-020", requirements=["CUST-020"], needs=["partner.one", "mock"])
def losses_are_accepted(lab: Lab) -> None:
    """Staff who take over a record say that what is withheld of it may be lost."""
    given = handovers.waiting(lab, withheld=True)
    expect.problem(handovers.take(lab, given), 422, "ruleViolation", why="nobody accepted the loss")
    expect.status(handovers.take(lab, given, withheldAccepted=True), 200)


@check("cust-021", requirements=["CUST-021"], needs=["partner.one", "partner.two", "mock"])
def custody_is_shown(lab: Lab) -> None:
    """Whoever offers another node's record shows how it came there, by that node's own word on it."""
    one, two = lab.mock("one"), lab.mock("two")
    received = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=scenes.received(lab)), 200)
    record = str(received.at("record"))
    claims = _giving_up(one, two, record)
    of_another_record = one.sign({**claims, "record": samples.identifier("person")}, _STATEMENT)
    handed_out = one.sign(claims, "mpex-custody-package+jwt")
    for shown in ((), (two.sign(claims, _STATEMENT),), (of_another_record,), (handed_out,)):
        stolen = handovers.waiting(lab, "two", record=record, provenance=shown)
        expect.problem(handovers.take(lab, stolen), 409, "conflict", why="the record is another node's")
    statement = one.sign(claims, _STATEMENT)
    handed_on = handovers.waiting(lab, "two", record=record, provenance=(statement,))
    expect.status(handovers.take(lab, handed_on), 200)


@check("cust-022", requirements=["CUST-022"], needs=["partner.one", "mock"])
def giving_up_is_signed(lab: Lab) -> None:
    """The new custodian is given the old one's word that it gave the record up, to show it later."""
    known, seen = scenes.known(lab), len(lab.mock("one").events)
    version = expect.status(lab.staff("getPerson", recordId=known.record), 200).at("version")
    transfer = handovers.taken_over(lab, known)
    token = str(handovers.told(lab, "one", "custodyState", seen, transfer).get("statement"))
    claims, target = jose.verified(token, lab.jwks) or {}, lab.mock("one").target
    expected = {"iss": target, "aud": lab.mock("one").node_id, "jti": transfer, "record": known.record}
    expected["version"] = version
    expect.that(expected.items() <= claims.items(), "the statement is about something else")
    expect.that(jose.header(token)["typ"] == _STATEMENT, "the statement is of another type")


@check("cust-025", requirements=["CUST-025"], needs=["partner.one", "mock"])
def offers_are_taken_back(lab: Lab) -> None:
    """Once staff have cancelled an offer, the record is not handed out, and stays when it was taken."""
    known = scenes.known(lab)
    transfer = handovers.offered(lab, known)
    package = expect.status(handovers.collect(lab, transfer), 200)
    seen = len(lab.mock("one").events)
    cancelled = lab.staff("decideCustodyOffer", {"decision": "cancel"}, transferId=transfer)
    expect.that(expect.status(cancelled, 200).at("state") == "cancelled", "the offer is not cancelled")
    told = handovers.told(lab, "one", "custodyState", seen, transfer)
    expect.that(told["state"] == "cancelled", "the other node was told something else")
    expect.problem(handovers.collect(lab, transfer), 404, "notFound", why="the offer was cancelled")
    handovers.say(lab, transfer, "custodyState", handovers.acceptance(package))
    expect.status(lab.staff("getPerson", recordId=known.record), 200)


@check("cust-026", requirements=["CUST-026"], needs=["partner.one", "mock"])
def cancelled_offers_end(lab: Lab) -> None:
    """An offer that is cancelled can be taken no more, and what was taken meanwhile is not kept."""
    cancel = {"state": "cancelled"}
    waiting = handovers.waiting(lab)
    handovers.say(lab, waiting.transfer, "custodyState", cancel)
    expect.problem(handovers.take(lab, waiting), 409, "conflict", why="the offer was cancelled")
    taken = handovers.given_over(lab)
    handovers.say(lab, taken.transfer, "custodyState", cancel)
    handovers.say(lab, taken.transfer, "custodyState", {"state": "completed"})
    expect.problem(lab.staff("getPerson", recordId=taken.record), 404, "notFound", why="it stayed elsewhere")


@check("cust-027", requirements=["CUST-027"], needs=["partner.one", "partner.two", "mock"])
def statements_lapse(lab: Lab) -> None:
    """A node that gave the record back shows in vain what its owner signed before."""
    one, two = lab.mock("one"), lab.mock("two")
    received = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=scenes.received(lab)), 200)
    record, kept_at = str(received.at("record")), int(received.at("origin")["version"])
    for version, status in ((kept_at - 1, 409), (kept_at, 200)):
        statement = one.sign({**_giving_up(one, two, record), "version": version}, _STATEMENT)
        offered = handovers.waiting(lab, "two", record=record, provenance=(statement,))
        expect.status(handovers.take(lab, offered), status)


@check("cust-029", requirements=["CUST-029"], needs=["partner.one"])
def denials_go_along(lab: Lab) -> None:
    """What a court forbade goes along, although nothing moves of the account that it came with."""
    denial = {"effect": "deny", "purposes": ["statistics"]}
    order = scenes.directive(lab, [denial], "court")
    permitted = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    accounts = [
        samples.contribution(samples.sections(scenes.fictitious_name()), basis)
        for basis in (permitted, order)
    ]
    record = str(lab.create("createPerson", samples.person(accounts))["recordId"])
    transfer = str(expect.status(handovers.offer(lab, record), 201).at("transferId"))
    package = expect.status(handovers.collect(lab, transfer), 200)
    moved = [entry.get("directive") for entry in package.at("record", "contributions")]
    expect.that(moved == [permitted], "another account moved")
    expect.that(order in package.at("record").get("directives", []), "the record does not name the order")
    handed = {entry["directiveId"] for entry in package.at("directives")}
    expect.that(order in handed, "the order of the court was left behind")


def _giving_up(old: MockNode, new: MockNode, record: str) -> dict[str, Any]:
    """Return the claims of a statement that one mock gave a record up to another."""
    transfer = samples.identifier("transfer")
    return {"iss": old.node_id, "aud": new.node_id, "jti": transfer, "record": record, "version": 9}


def _with_contact(lab: Lab, grant: dict[str, Any]) -> scenes.Known:
    """Register a person with a contact under one grant."""
    name, basis = scenes.fictitious_name(), scenes.directive(lab, [grant])
    content = samples.sections(name, contact={"channel": "phone", "address": "+00 000"})
    record = lab.create("createPerson", samples.person([samples.contribution(content, basis)]))
    return scenes.Known(name, str(record["recordId"]), basis)
