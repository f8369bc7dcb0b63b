"""Custody: a record goes where it was offered, as far as consent goes, and everybody learns where it is."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer

_PREFIX = "urn:mpex:event:"


def _offer(lab: Lab, record: str, partner: str = "one") -> Answer:
    terms = {"purpose": scenes.PURPOSE, "legalBasis": "vitalInterest"}
    body = {"record": record, "to": lab.entry(partner)["nodeId"], **terms}
    return lab.staff("createCustodyTransfer", body)


def _offered(lab: Lab, known: scenes.Known, partner: str = "one") -> str:
    return str(expect.status(_offer(lab, known.record, partner), 201).at("transferId"))


def _collect(lab: Lab, transfer: str, partner: str = "one") -> Answer:
    return lab.partner(partner).call("collectCustodyRecord", transferId=transfer)


def _say(lab: Lab, transfer: str, kind: str, event: dict[str, Any]) -> None:
    token = lab.mock("one").event_token(transfer, {_PREFIX + kind: {"transferId": transfer, **event}})
    expect.status(lab.partner("one").call("receiveEvent", token), 202)


def _taken_over(lab: Lab, known: scenes.Known) -> str:
    """Let the mock partner take a record over; return the transfer."""
    transfer = _offered(lab, known)
    package = expect.status(_collect(lab, transfer), 200)
    digest = jose.claims(str(package.at("statement")))["digest"]
    _say(lab, transfer, "custodyState", {"state": "taken", "digest": digest})
    return transfer


@check("cust-001", requirements=["CUST-001"], needs=["partner.one", "partner.two"])
def handed_out_as_permitted(lab: Lab) -> None:
    """Only the node to which a record was offered gets it, without what is not permitted, and never later."""
    grant = samples.grant([scenes.PURPOSE], releaseSets=["identity"])
    known = scenes.known(lab, [grant])
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    secret = f"conformance-{samples.word()}"
    changed = read.json
    changed["contributions"][0]["sections"]["contact"] = {"channel": "phone", "address": secret}
    headers: dict[str, str | None] = {"If-Match": read.headers.get("etag")}
    expect.status(lab.staff("replacePerson", changed, recordId=known.record, headers=headers), 200)
    transfer = _offered(lab, known)
    expect.problem(_collect(lab, transfer, "two"), 404, "notFound", why="offered to another node")
    package = expect.status(_collect(lab, transfer), 200)
    expect.that(package.at("record", "recordId") == known.record, "another record was handed out")
    expect.absent(package, [secret], "what no directive permits")
    scenes.withdraw(lab, known.directive)
    expect.problem(_collect(lab, transfer), 404, "notFound", why="consent was withdrawn")


@check("cust-002", requirements=["CUST-002"], needs=["partner.one", "mock"])
def the_same_record(lab: Lab) -> None:
    """A record that is taken over keeps its identifier and counts its versions on."""
    mock, transfer = lab.mock("one"), samples.identifier("transfer")
    directive = {**samples.directive([samples.grant([scenes.PURPOSE])])}
    directive["directiveId"] = samples.identifier("directive")
    content = samples.sections(scenes.fictitious_name())
    entry = samples.contribution(content, directive["directiveId"])
    entry["contributionId"] = samples.identifier("contribution")
    record = samples.person([entry], recordId=samples.identifier("person"), version=7)
    mock.made_package(transfer, record, directive)
    offer = {"record": record["recordId"], "legalBasis": "vitalInterest"}
    _say(lab, transfer, "custodyOffer", offer)
    taken = lab.staff("answerCustodyOffer", {"answer": "take"}, transferId=transfer)
    expect.that(expect.status(taken, 200).at("state") == "taken", "the record was not taken over")
    _say(lab, transfer, "custodyState", {"state": "completed"})
    read = expect.status(lab.staff("getPerson", recordId=record["recordId"]), 200)
    expect.that(read.at("version") > record["version"], "the versions are counted anew")
    expect.that(read.at("custodian") == lab.node_id, "the record names another custodian")


@check("cust-003", requirements=["CUST-003"], needs=["partner.one", "mock"])
def gone_from_here(lab: Lab) -> None:
    """A record that another node took over is not found here any more, by anybody."""
    known = scenes.known(lab)
    expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
    _taken_over(lab, known)
    gone = lab.staff("getPerson", recordId=known.record)
    never = lab.staff("getPerson", recordId=samples.identifier("person"))
    expect.problem(gone, 404, "notFound", why="taken over by another node")
    expect.that(gone.json.get("detail") == never.json.get("detail"), "the two answers differ")
    expect.that(not scenes.finds(lab, known.name), "a record that is not here any more is found")


@check("cust-004", requirements=["CUST-004"], needs=["partner.one", "partner.two", "mock"])
def recipients_are_told(lab: Lab) -> None:
    """Whoever holds a release of the record learns which node is its custodian now."""
    mock, known = lab.mock("two"), scenes.known(lab)
    seen = len(mock.events)
    scenes.released(lab, scenes.hit(lab, known, partner="two"))
    _taken_over(lab, known)

    def look() -> Event | None:
        return next((event for event in mock.events[seen:] if event.of("custodianChanged")), None)

    event = expect.eventually(look, within=lab.config.event_seconds, what="news of the new custodian")
    told = event.of("custodianChanged") or {}
    expect.that(told.get("custodian") == lab.mock("one").node_id, "the news name another custodian")


@check("cust-005", requirements=["CUST-005"], needs=["partner.one"])
def not_under_embargo(lab: Lab) -> None:
    """While a family has not been told of a death, the record of its relative is not offered."""
    known = scenes.known(lab)
    body = {
        "persons": [known.record],
        "methods": ["dna"],
        "evidence": ["laboratory report"],
        "competentAuthority": "Fictia Institute",
        "state": "confirmed",
        "conclusion": "deceased",
        "decidedAt": samples.instant(),
    }
    lab.create("createIdentification", body, also=scenes.ASSERTS_DEATH)
    expect.problem(_offer(lab, known.record), 409, "conflict", why="under embargo")
    expect.status(_offer(lab, scenes.known(lab).record), 201)
