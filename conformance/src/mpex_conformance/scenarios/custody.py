"""Custody: a record goes where it was offered, as far as consent goes, and everybody learns where it is."""

from typing import Any

from mpex_conformance import expect, handovers, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event
from mpex_conformance.registry import check
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer


def _recall(lab: Lab, received: str) -> Answer:
    """Let the second mock partner call back what the first one released."""
    _, token = scenes.recall_of(lab, lab.mock("two"), received)
    return lab.partner("two").call("receiveEvent", token)


def _read(lab: Lab, received: str) -> Answer:
    return expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)


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
    transfer = handovers.offered(lab, known)
    expect.problem(handovers.collect(lab, transfer, "two"), 404, "notFound", why="offered to another node")
    package = expect.status(handovers.collect(lab, transfer), 200)
    expect.that(package.at("record", "recordId") == known.record, "another record was handed out")
    expect.absent(package, [secret], "what no directive permits")
    scenes.withdraw(lab, known.directive)
    expect.problem(handovers.collect(lab, transfer), 404, "notFound", why="consent was withdrawn")


@check("cust-002", requirements=["CUST-002"], needs=["partner.one", "mock"])
def the_same_record(lab: Lab) -> None:
    """A record that is taken over keeps its identifier and counts its versions on."""
    given = handovers.arrived(lab)
    read = expect.status(lab.staff("getPerson", recordId=given.record), 200)
    expect.that(read.at("version") > given.version, "the versions are counted anew")
    expect.that(read.at("custodian") == lab.node_id, "the record names another custodian")


@check("cust-003", requirements=["CUST-003"], needs=["partner.one", "mock"])
def gone_from_here(lab: Lab) -> None:
    """A record that another node took over is not found here any more, by anybody."""
    known = scenes.known(lab)
    expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
    handovers.taken_over(lab, known)
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
    handovers.taken_over(lab, known)

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
    expect.problem(handovers.offer(lab, known.record), 409, "conflict", why="under embargo")
    expect.status(handovers.offer(lab, scenes.known(lab).record), 201)


@check("cust-006", requirements=["CUST-006"], needs=["partner.one", "partner.two", "mock"])
def recipients_move_along(lab: Lab) -> None:
    """The new custodian learns who holds something of the record."""
    known, seen = scenes.known(lab), len(lab.mock("one").events)
    _, release = scenes.released(lab, scenes.hit(lab, known, partner="two"))
    reference = jose.claims(str(release.at("statement")))["jti"]
    transfer = handovers.taken_over(lab, known)
    listed = handovers.told(lab, "one", "custodyState", seen, transfer).get("recipients", [])
    found = [entry for entry in listed if entry["release"] == reference]
    expect.that(bool(found), "the release is not on the list of recipients")
    expect.that(found[0]["partner"] == lab.mock("two").node_id, "the list names another recipient")
    expect.that(known.directive in found[0]["directives"], "the list does not name the directive")


@check("cust-007", requirements=["CUST-007"], needs=["partner.one", "partner.two", "mock"])
def what_others_released_is_recalled(lab: Lab) -> None:
    """A withdrawal at the new custodian calls back what the former one released."""
    mock, reference = lab.mock("two"), samples.identifier("release")
    released = {
        "partner": mock.node_id,
        "release": reference,
        "purpose": scenes.PURPOSE,
        "categories": ["existence", "names"],
        "at": samples.instant(),
        "state": "active",
    }
    given, seen = handovers.arrived(lab, (released,)), len(mock.events)
    scenes.withdraw(lab, given.directive)
    notice = handovers.told(lab, "two", "recall", seen, reference)
    expect.that(notice["cause"] == "withdrawn", "the recall has another cause")


@check("cust-008", requirements=["CUST-008"], needs=["partner.one", "partner.two", "mock"])
def new_custodians_are_obeyed(lab: Lab) -> None:
    """A recall by the custodian of whom the target was told takes effect, with a receipt for that node."""
    received, mock = scenes.received(lab), lab.mock("two")
    _custodian_changed(lab, received)
    expect.that(_read(lab, received).at("custodian") == mock.node_id, "the new custodian is not shown")
    release, seen = str(_read(lab, received).at("release")), len(mock.events)
    expect.status(_recall(lab, received), 202)
    receipt = handovers.told(lab, "two", "receipt", seen, release)
    expect.that(receipt["outcome"] == "erased", "the receipt says something else")
    expect.that(_read(lab, received).at("state") == "erased", "the data are still held")


@check("cust-009", requirements=["CUST-009"], needs=["partner.one", "partner.two", "mock"])
def overtaking_recalls_come_again(lab: Lab) -> None:
    """A recall by a node that is not known as custodian is refused, until its news have come.

    So are news by a key that the target does not know: they come again when it knows the key.
    """
    received = scenes.received(lab)
    early = expect.status(_recall(lab, received), 400)
    expect.that(early.at("err") == "access_denied", "the error has another code")
    expect.that(_read(lab, received).at("state") == "active", "a stranger's recall took effect")
    unknown = expect.status(_news(lab, received, kid="another-key"), 400)
    expect.that(unknown.at("err") == "access_denied", "news by an unknown key have another code")
    _custodian_changed(lab, received)
    expect.status(_recall(lab, received), 202)


@check("cust-028", requirements=["CUST-028"], needs=["partner.one", "partner.two", "mock"])
def acceptances_name_the_record(lab: Lab) -> None:
    """What a node said of another record, or without a version, makes it no custodian of this one."""
    received = scenes.received(lab)
    for wrong in ({"record": samples.identifier("person")}, {"version": None}):
        _custodian_changed(lab, received, **wrong)
        counted = "custodian" in _read(lab, received).json
        expect.that(not counted, "an acceptance of another record, or of no version, was counted")
    _custodian_changed(lab, received)
    expect.that(_read(lab, received).json.get("custodian") == lab.mock("two").node_id, "control: not counted")


@check("cust-028-giver", requirements=["CUST-028"], needs=["partner.one"])
def another_record_is_not_given_up(lab: Lab) -> None:
    """A record stays when its new custodian says that it has taken another one."""
    known = scenes.known(lab)
    transfer = handovers.offered(lab, known)
    package = expect.status(handovers.collect(lab, transfer), 200)
    accepted = handovers.acceptance(package, record=samples.identifier("person"))
    handovers.say(lab, transfer, "custodyState", accepted)
    expect.status(lab.staff("getPerson", recordId=known.record), 200)


def _custodian_changed(lab: Lab, received: str, **members: Any) -> None:
    """Let the target learn that the second mock partner is the custodian now.

    ``members`` replace what the second said of the record when it took it over.
    """
    expect.status(_news(lab, received, **members), 202)


def _news(lab: Lab, received: str, kid: str | None = None, **members: Any) -> Answer:
    """Let the first mock partner say that the second, whose signature it shows, is the custodian now."""
    old, new = lab.mock("one"), lab.mock("two")
    held, transfer = _read(lab, received), samples.identifier("transfer")
    release, accepted = str(held.at("release")), {"record": held.at("record"), "version": 2, **members}
    told = {"transferId": transfer, "state": "taken", "digest": "A" * 43, **accepted}
    taken = {handovers.PREFIX + "custodyState": told}
    acceptance = new.event_token(transfer, taken, aud=old.node_id)
    if kid is not None:
        header = {"alg": "ES256", "typ": "secevent+jwt", "kid": kid}
        acceptance = jose.compact(header, jose.claims(acceptance), jose.new_key())
    change = {"release": release, "custodian": new.node_id, "acceptance": acceptance}
    token = old.event_token(release, {handovers.PREFIX + "custodianChanged": change})
    return lab.partner("one").call("receiveEvent", token)


@check("cust-010", requirements=["CUST-010"], needs=["partner.one", "mock"])
def withdrawals_follow(lab: Lab) -> None:
    """A withdrawal at the former custodian is sent on to the new one, without a word more."""
    known = scenes.known(lab)
    handovers.taken_over(lab, known)
    seen = len(lab.mock("one").events)
    scenes.withdraw(lab, known.directive, purposes=[scenes.PURPOSE])
    told = handovers.told(lab, "one", "directiveWithdrawn", seen, known.directive)
    expected = {"directive": known.directive, "purposes": [scenes.PURPOSE]}
    expect.that(told == expected, "the event says something else")


@check("cust-011", requirements=["CUST-011"], needs=["partner.one", "partner.two", "mock"])
def withdrawals_are_heard(lab: Lab) -> None:
    """What was withdrawn at the former custodian is withdrawn here, and nobody else withdraws."""
    given = handovers.arrived(lab)
    event = {"directive": given.directive, "purposes": []}
    for partner, count in (("two", 0), ("one", 1), ("one", 1)):
        handovers.push(lab, given.directive, "directiveWithdrawn", event, partner)
        read = expect.status(lab.staff("getDirective", directiveId=given.directive), 200)
        expect.that(len(read.json.get("withdrawals", [])) == count, f"{count} withdrawals were due")


@check("cust-012", requirements=["CUST-012"], needs=["partner.one", "mock"])
def not_in_use_before_confirmed(lab: Lab) -> None:
    """Before the former custodian has confirmed, the record is not there for anybody."""
    given = handovers.given_over(lab)
    expect.problem(lab.staff("getPerson", recordId=given.record), 404, "notFound", why="not confirmed yet")
    handovers.say(lab, given.transfer, "custodyState", {"state": "completed"})
    expect.status(lab.staff("getPerson", recordId=given.record), 200)


@check("cust-013", requirements=["CUST-013"], needs=["partner.one", "mock"])
def families_learn_where_it_is(lab: Lab) -> None:
    """Search request and access report name the node that has the record now."""
    known = scenes.known(lab)
    request = lab.create("createSearchRequest", samples.search_request(known.record))["requestId"]
    handovers.taken_over(lab, known)
    there = lab.mock("one").node_id
    read = expect.status(lab.staff("getSearchRequest", requestId=request), 200)
    expect.that(read.json.get("movedTo") == there, "the search request does not say where the record is")
    report = expect.status(lab.staff("getAccessReport", requestId=request), 200)
    moved = report.json.get("movedTo", {})
    expect.that(moved.get("node") == there, "the access report does not say where the record is")


@check("cust-014", requirements=["CUST-014"], needs=["partner.one", "mock"])
def records_come_back(lab: Lab) -> None:
    """A record that was given up comes back under its identifier, with a higher version."""
    known = scenes.known(lab)
    handovers.taken_over(lab, known)
    expect.problem(lab.staff("getPerson", recordId=known.record), 404, "notFound", why="given up")
    handovers.arrived(lab, record=known.record, version=5)
    read = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    expect.that(read.at("version") > 5, "the version is not higher than that of the other custodian")
