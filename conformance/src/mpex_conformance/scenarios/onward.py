"""Onward sharing: conditions hold, the origin is asked, told and proved, and recalls reach everybody."""

import secrets
from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.digests import origin_proof, proof_digests
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import Need, check
from mpex_conformance.wire import jose
from mpex_conformance.wire.contract import schema_errors
from mpex_conformance.wire.exchange import Answer

_MOST_RECIPIENTS = 200
_REPORTED = {"onwardId": "releaseRequest", "reference": "release"}
_BOTH: tuple[Need, ...] = ("partner.one", "partner.two", "mock")


def _told(lab: Lab, partner: str, kind: str, **members: Any) -> dict[str, Any]:
    """Wait for an event of a kind with these members at a mock partner."""
    mock = lab.mock(partner)

    def look() -> dict[str, Any] | None:
        told = (event.of(kind) or {} for event in mock.events)
        return next((entry for entry in told if entry and members.items() <= entry.items()), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=f"an event of the type {kind}")


def _pass_on(lab: Lab, received: str, **members: Any) -> Answer:
    body = {"partner": lab.mock("two").node_id, **members}
    return lab.staff("passReleaseOn", body, receivedReleaseId=received)


def _offered(lab: Lab, received: str) -> str:
    return str(expect.status(_pass_on(lab, received), 201).at("onwardId"))


def _collect(lab: Lab, onward: str) -> Answer:
    return scenes.collected(lab, "two", onward)


def _release(lab: Lab, received: str) -> str:
    return str(expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200).at("release"))


@check("onw-001", requirements=["ONW-001"], needs=_BOTH)
def conditions_bind(lab: Lab) -> None:
    """What says none stays, and so does what excludes the node."""
    expect.problem(_pass_on(lab, scenes.received(lab)), 422, why="it says none")
    excluded = [{"nodeId": lab.mock("two").node_id}]
    received = scenes.received(lab, onward="samePurpose", doNotShareWith=excluded)
    expect.problem(_pass_on(lab, received), 422, why="the node is excluded")


@check("onw-002", requirements=["ONW-002"], needs=_BOTH)
def conditions_travel(lab: Lab) -> None:
    """The second release has the term, the obligations and the origin of the first."""
    received = scenes.received(lab, onward="samePurpose", doNotShareWith=[{"recipientClass": "police"}])
    shown = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    release = expect.status(_collect(lab, _offered(lab, received)), 200)
    claims = jose.verified(str(release.at("statement")), lab.jwks) or {}
    for name in ("purpose", "validUntil", "obligations"):
        expect.that(claims.get(name) == shown.at(name), f"{name} is another than that of the first release")
    origin = claims.get("origin", {})
    one = lab.mock("one").node_id
    expect.that(origin.get("custodian") == one, "the origin is not the custodian")
    expect.that(origin.get("release") == shown.at("release"), "the origin is another release")
    expect.that(origin.get("chain") == [one, lab.node_id], "the nodes that the data passed are not named")


@check("onw-003", requirements=["ONW-003"], needs=_BOTH)
def origin_is_asked(lab: Lab) -> None:
    """Nothing goes on before the origin has approved the node."""
    received = scenes.received(lab, onward="ask")
    onward = _offered(lab, received)
    _told(lab, "one", "onwardAsked", onwardId=onward, recipient=lab.mock("two").node_id)
    expect.problem(_collect(lab, onward), 404, why="the origin has not decided")
    answer = {"urn:mpex:event:onwardDecided": {"onwardId": onward, "decision": "approve"}}
    token = lab.mock("one").event_token(_release(lab, received), answer)
    expect.status(lab.partner("one").call("receiveEvent", token), 202)
    expect.status(_collect(lab, onward), 200)


@check("onw-004", requirements=["ONW-004"], needs=_BOTH)
def origin_is_told(lab: Lab) -> None:
    """Whoever collected is reported to the origin, under the identifier of what it got."""
    received = scenes.received(lab, onward="samePurpose")
    onward = _offered(lab, received)
    release = expect.status(_collect(lab, onward), 200)
    reference = jose.claims(str(release.at("statement")))["jti"]
    report = _told(lab, "one", "onwardReported", onwardId=onward)
    expect.that(report.get("recipient") == lab.mock("two").node_id, "the report names another node")
    expect.that(report.get("reference") == reference, "the report names another release")


@check("onw-005", requirements=["ONW-005"], needs=_BOTH)
def origin_recalls(lab: Lab) -> None:
    """A node that was reported gets the recall of the origin."""
    known = scenes.known(lab)
    _, release = scenes.released(lab, scenes.hit(lab, known))
    origin = jose.claims(str(release.at("statement")))["jti"]
    reference = _reported(lab, origin)
    scenes.withdraw(lab, known.directive)
    _recalled(lab, "two", reference)


@check("onw-014", requirements=["ONW-014"], needs=_BOTH)
def accounts_are_separated(lab: Lab) -> None:
    """Of two accounts, one is for the first partner only: it is called back from the second."""
    known = scenes.known(lab)
    named = {"recipientClasses": [], "recipientIds": [lab.mock("one").node_id]}
    only_one = scenes.directive(lab, [samples.grant([scenes.PURPOSE], **named)])
    account = scenes.another_account(lab, known, only_one)
    _, release = scenes.released(lab, scenes.hit(lab, known))
    reference = _reported(lab, str(jose.claims(str(release.at("statement")))["jti"]))
    notice = _recalled(lab, "two", reference)
    told = {part.get("contribution") for part in notice.get("parts", ())}
    expect.that(told == {account}, "another account is called back than that which may not be there")


@check("onw-014-purpose", requirements=["ONW-014"], needs=_BOTH)
def purposes_are_kept(lab: Lab) -> None:
    """What went on for another purpose is called back as a whole, although consent permits that as well."""
    other = next(name for name in lab.entry("two")["purposes"] if name not in (scenes.PURPOSE, "protectLife"))
    known = scenes.known(lab, [samples.grant([scenes.PURPOSE, other])])
    _, release = scenes.released(lab, scenes.hit(lab, known))
    reference = _reported(lab, str(jose.claims(str(release.at("statement")))["jti"]), other)
    expect.that("parts" not in _recalled(lab, "two", reference), "a part is called back, not the whole")


@check("onw-006", requirements=["ONW-006"], needs=_BOTH)
def custodian_recalls(lab: Lab) -> None:
    """The custodian calls back what came by way of another node."""
    received = scenes.second_hand(lab)
    _, token = scenes.recall_of(lab, lab.mock("one"), received)
    expect.status(lab.partner("one").call("receiveEvent", token), 202)
    after = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.that(after.at("state") == "erased", "a recall by the custodian had no effect")


@check("onw-007", requirements=["ONW-007"], needs=_BOTH)
def recalls_go_on(lab: Lab) -> None:
    """A recall that comes is sent on to whoever was passed the data."""
    received = scenes.received(lab, onward="samePurpose")
    release = expect.status(_collect(lab, _offered(lab, received)), 200)
    scenes.recalled(lab, "withdrawn", received_release=received)
    _recalled(lab, "two", str(jose.claims(str(release.at("statement")))["jti"]))


@check("onw-008", requirements=["ONW-008"], needs=_BOTH)
def breaches_are_told(lab: Lab) -> None:
    """What befell data goes to the node that released them and to the origin."""
    received = scenes.second_hand(lab)
    breach = {"kind": "breach", "learntAt": samples.instant()}
    expect.status(lab.staff("reportBreach", breach, receivedReleaseId=received), 200)
    for partner in ("one", "two"):
        _told(lab, partner, "breach", learntAt=breach["learntAt"])


@check("onw-012", requirements=["ONW-012"], needs=_BOTH)
def recipients_are_bounded(lab: Lab) -> None:
    """Of one release, so many recipients are taken as the metadata say, and the next has to wait."""
    limit = lab.limit("onwardRecipientsPerRelease")
    if not 0 < limit <= _MOST_RECIPIENTS:
        raise UntestableError(f"a sandbox must publish at most {_MOST_RECIPIENTS} recipients of a release")
    _, release = scenes.released(lab)
    reference = str(jose.claims(str(release.at("statement")))["jti"])
    to = {"recipient": lab.mock("two").node_id, "at": samples.instant()}
    terms = {"categories": ["names"], "purpose": scenes.PURPOSE, **to}
    reports = [
        terms | {name: samples.identifier(kind) for name, kind in _REPORTED.items()} for _ in range(limit + 1)
    ]

    def told(report: dict[str, Any], number: int) -> Answer:
        events = {"urn:mpex:event:onwardReported": report}
        token = lab.mock("one").event_token(reference, events, sequence=number)
        return lab.partner("one").call("receiveEvent", token)

    for number, report in enumerate(reports[:limit], start=1):
        expect.status(told(report, number), 202, why=f"report {number} of {limit}")
    refused = told(reports[limit], limit + 1)
    expect.problem(refused, 429, "quotaExceeded")
    expect.that(refused.headers.get("retry-after", "").isdigit(), "429 without Retry-After")
    expect.status(told(reports[0], limit + 2), 202, why="what was reported before takes no more room")


@check("onw-013", requirements=["ONW-013"], needs=["partner.one", "mock"])
def breaches_are_shown(lab: Lab) -> None:
    """A task shows what each report says: what befell the data, and when it was learnt."""
    known = scenes.known(lab)
    _, release = scenes.released(lab, scenes.hit(lab, known))
    reference = str(jose.claims(str(release.at("statement")))["jti"])
    reports = [{"kind": kind, "learntAt": samples.instant()} for kind in ("breach", "compelledDisclosure")]
    for number, breach in enumerate(reports, start=1):
        token = lab.mock("one").event_token(reference, {"urn:mpex:event:breach": breach}, sequence=number)
        expect.status(lab.partner("one").call("receiveEvent", token), 202)
    about = (task.get("breaches", ()) for task in scenes.tasks(lab) if task["subject"] == known.record)
    shown = [report for told in about for report in told]
    expect.that(all(report in shown for report in reports), "no task shows what was reported")


@check("onw-009", requirements=["ONW-009"], needs=_BOTH)
def strangers_are_not_heard(lab: Lab) -> None:
    """A breach and a question have no effect when they come from a node that has nothing of the record."""
    known = scenes.known(lab)
    _, release = scenes.released(lab, scenes.hit(lab, known))
    reference = jose.claims(str(release.at("statement")))["jti"]
    question = {
        "onwardId": samples.identifier("releaseRequest"),
        "recipient": lab.mock("two").node_id,
        "categories": ["names"],
        "purpose": scenes.PURPOSE,
    }
    told = {"breach": {"kind": "breach", "learntAt": samples.instant()}, "onwardAsked": question}
    for partner, opened in (("two", set()), ("one", {"breach", "onwardRequest"})):
        before = {task["taskId"] for task in scenes.tasks(lab)}
        for number, (kind, content) in enumerate(told.items(), start=1):
            events = {f"urn:mpex:event:{kind}": content}
            token = lab.mock(partner).event_token(str(reference), events, sequence=number)
            lab.partner(partner).call("receiveEvent", token)
        new = {task["kind"] for task in scenes.tasks(lab) if task["taskId"] not in before}
        expect.that(opened <= new, f"control: a recipient is not heard: {sorted(opened - new)}")
        heard = new & {"breach", "onwardRequest"}
        expect.that(heard == opened, f"a stranger is heard: {sorted(heard)}")


@check("onw-010", requirements=["ONW-010"], needs=_BOTH)
def origins_are_proved(lab: Lab) -> None:
    """The custodian signs what it released, and its proof goes on with the data."""
    _, release = scenes.released(lab)
    proof, statement = (str(release.at(name)) for name in ("proof", "statement"))
    proved = jose.verified(proof, lab.jwks)
    expect.that(proved is not None, "the proof is not signed by a published key of the custodian")
    expect.that(jose.header(proof).get("typ") == "mpex-origin+jwt", "the proof has another type")
    errors = schema_errors("origin-proof.json", proved)
    expect.that(not errors, f"the proof contradicts its schema at {errors[0] if errors else ''}")
    stated = jose.claims(statement)
    right, found = origin_proof(stated), proved or {}
    wrong = [name for name in right if name != "digests" and found.get(name) != right[name]]
    expect.that(not wrong, f"the proof has another {wrong[0] if wrong else ''} than the statement")
    needed = set(proof_digests(stated))
    expect.that(needed <= set(found.get("digests", ())), "a value is not proved")
    passed = expect.status(_collect(lab, _offered(lab, scenes.received(lab, onward="samePurpose"))), 200)
    given = (lab.mock("one").release or {})["proof"]
    expect.that(passed.at("proof") == given, "what is passed on bears another proof than its origin gave")


@check("onw-011", requirements=["ONW-011"], needs=_BOTH)
def unproved_origins_are_refused(lab: Lab) -> None:
    """What the custodian has not signed is not collected: other data, other terms, another signer."""
    one, two = lab.mock("one"), lab.mock("two")
    chain = {"custodian": one.node_id, "release": samples.identifier("release")}
    origin = {**chain, "chain": [one.node_id, two.node_id]}
    wrong: dict[str, dict[str, Any]] = {
        "other data": {
            "custodian": one,
            "proof": {"digests": sorted(jose.b64u(secrets.token_bytes(32)) for _ in range(64))},
        },
        "another version": {"custodian": one, "proof": {"version": 9}},
        "a longer term": {"custodian": one, "proof": {"validUntil": samples.instant(timedelta(days=1))}},
        "the node in between as signer": {"custodian": two},
    }
    for what, members in wrong.items():
        request = scenes.requested_at_mock(lab, "two", origin=origin, **members)
        answer = lab.staff("collectPartnerRelease", partnerReleaseRequestId=request)
        expect.problem(answer, 502, why=f"the proof of origin shows {what}")


def _reported(lab: Lab, origin: str, purpose: str = scenes.PURPOSE) -> str:
    """Let one report that two collected names of a release; return the reference of what two got."""
    reference = samples.identifier("release")
    report = {
        "onwardId": samples.identifier("releaseRequest"),
        "recipient": lab.mock("two").node_id,
        "reference": reference,
        "categories": ["names"],
        "purpose": purpose,
        "at": samples.instant(),
    }
    token = lab.mock("one").event_token(origin, {"urn:mpex:event:onwardReported": report})
    expect.status(lab.partner("one").call("receiveEvent", token), 202)
    return reference


def _recalled(lab: Lab, partner: str, reference: str) -> dict[str, Any]:
    """Wait for a recall under a reference at a mock partner, and return what it says."""
    mock = lab.mock(partner)

    def look() -> dict[str, Any] | None:
        about = (event for event in mock.events if event.claims["sub_id"]["id"] == reference)
        return next((told for event in about if (told := event.of("recall"))), None)

    return expect.eventually(look, within=lab.config.event_seconds, what="a recall at the onward recipient")
