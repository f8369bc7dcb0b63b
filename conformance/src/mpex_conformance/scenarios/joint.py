"""Joint identifications: two nodes, one death, and each decides for itself."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import Need, check
from mpex_conformance.wire import jose
from mpex_conformance.wire.exchange import Answer

_NEEDS: tuple[Need, ...] = ("partner.one", "mock")
_KNOWS = ("identifications:read",)
_SAID = {"proposalId", "release", "identificationState", "conclusion", "methods"}
_SAID |= {"competentAuthority", "decidedAt"}


def _decided() -> dict[str, Any]:
    return {
        "conclusion": "deceased",
        "methods": ["dna"],
        "competentAuthority": f"Fictia Institute {samples.word()}",
        "decidedAt": samples.instant(),
    }


def _identified(lab: Lab, record: str, **members: Any) -> dict[str, Any]:
    body = {"persons": [record], "evidence": ["laboratory report"], "state": "confirmed", **_decided()}
    answer = lab.staff("createIdentification", body | members, also=scenes.ASSERTS_DEATH)
    return dict(expect.status(answer, 201).json)


def _relying(lab: Lab, **members: Any) -> tuple[dict[str, Any], str]:
    """Let the target identify somebody on the ground of a release of partner one."""
    received = scenes.received(lab)
    return _identified(lab, scenes.known(lab).record, receivedReleases=[received], **members), received


def _propose(lab: Lab, identification: dict[str, Any], received: str) -> Answer:
    name = str(identification["identificationId"])
    return lab.staff("proposeIdentification", {"receivedRelease": received}, identificationId=name)


def _proposed(lab: Lab) -> tuple[dict[str, Any], str]:
    """Let the target propose an identification to partner one."""
    identification, received = _relying(lab)
    made = expect.status(_propose(lab, identification, received), 201)
    return identification, str(made.at("proposalId"))


def _asked(lab: Lab) -> tuple[str, scenes.Known]:
    """Let partner one propose an identification of a record that the target released to it."""
    known = scenes.known(lab)
    _, release = scenes.released(lab, scenes.hit(lab, known))
    name = samples.identifier("jointProposal")
    told = {"proposalId": name, "release": jose.claims(str(release.at("statement")))["jti"]}
    _tell(lab, name, "identificationProposed", told | {"identificationState": "confirmed"} | _decided())
    return name, known


def _tell(lab: Lab, proposal: str, kind: str, event: dict[str, Any], sequence: int = 1) -> None:
    token = lab.mock("one").event_token(proposal, {f"urn:mpex:event:{kind}": event}, sequence=sequence)
    expect.status(lab.partner("one").call("receiveEvent", token), 202)


def _told(lab: Lab, kind: str, **members: Any) -> dict[str, Any]:
    mock = lab.mock("one")

    def look() -> dict[str, Any] | None:
        told = (event.of(kind) or {} for event in mock.events)
        return next((entry for entry in told if entry and members.items() <= entry.items()), None)

    return expect.eventually(look, within=lab.config.event_seconds, what=f"an event of the type {kind}")


def _tasks(lab: Lab, proposal: str, kind: str, also: tuple[str, ...] = _KNOWS) -> list[Any]:
    query = {"kind": kind, "limit": "100"}
    found = expect.status(lab.staff_for(*_KNOWS).call("listTasks", query=query, also=also), 200)
    return [task for task in found.at("items") if task["subject"] == proposal]


def _revoke(lab: Lab, identification: dict[str, Any]) -> None:
    name = str(identification["identificationId"])
    officer = lab.staff_for("identifications:write")
    read = expect.status(officer.call("getIdentification", identificationId=name), 200)
    answer = officer.call(
        "replaceIdentification",
        read.json | {"state": "revoked"},
        headers={"If-Match": read.headers.get("etag")},
        also=scenes.ASSERTS_DEATH,
        identificationId=name,
    )
    expect.status(answer, 200)


def _answer(lab: Lab, proposal: str, **answer: Any) -> Answer:
    return lab.staff("answerJointProposal", answer, proposalId=proposal)


@check("case-016", requirements=["CASE-016"], needs=_NEEDS)
def proposals_reach(lab: Lab) -> None:
    """What was decided reaches the node that released, and nothing else of the case does."""
    identification, proposal = _proposed(lab)
    told = _told(lab, "identificationProposed", proposalId=proposal)
    expect.that(set(told) <= _SAID, "the proposal tells more than what was decided")
    expect.that(
        told.get("competentAuthority") == identification["competentAuthority"],
        "the proposal names another authority",
    )


@check("case-017", requirements=["CASE-017"], needs=_NEEDS)
def proposals_hidden(lab: Lab) -> None:
    """A proposal of a death is a task of those who may know, and of nobody else."""
    proposal, _ = _asked(lab)
    kind = "identificationProposed"
    expect.that(_tasks(lab, proposal, kind), "nobody is asked to decide on what a partner proposes")
    expect.that(not _tasks(lab, proposal, kind, also=()), "whoever sees tasks is told of a death")


@check("case-018", requirements=["CASE-018"], needs=_NEEDS)
def answers_told(lab: Lab) -> None:
    """The node that proposed hears what was decided."""
    proposal, _ = _asked(lab)
    expect.status(_answer(lab, proposal, answer="disagree", reason="insufficientEvidence"), 200)
    told = _told(lab, "identificationAnswered", proposalId=proposal)
    expect.that(told.get("state") == "disagreed", "the partner is told another answer")


@check("case-019", requirements=["CASE-019"], needs=_NEEDS)
def revocations_told(lab: Lab) -> None:
    """The other side hears that the family was told, and of a revocation."""
    identification, proposal = _proposed(lab)
    body = {
        "at": samples.instant(),
        "notifier": "trained delegate",
        "personTold": "sibling",
        "language": "fr",
        "inPerson": True,
    }
    name = str(identification["identificationId"])
    expect.status(lab.staff("recordNotification", body, identificationId=name), 201)
    _told(lab, "identificationChanged", proposalId=proposal, change="notified")
    _revoke(lab, identification)
    _told(lab, "identificationChanged", proposalId=proposal, change="revoked")


@check("case-020", requirements=["CASE-020"], needs=_NEEDS)
def each_for_itself(lab: Lab) -> None:
    """The other side's revocation changes nothing here, and somebody is asked to look."""
    proposal, known = _asked(lab)
    own = _identified(lab, known.record)
    name = str(own["identificationId"])
    expect.status(_answer(lab, proposal, answer="concur", identification=name), 200)
    change = {"proposalId": proposal, "change": "revoked", "at": samples.instant()}
    _tell(lab, proposal, "identificationChanged", change, sequence=2)
    expect.that(_tasks(lab, proposal, "jointIdentification"), "nobody is asked to look at the own decision")
    read = expect.status(lab.staff("getIdentification", identificationId=name), 200)
    expect.that(read.at("state") == "confirmed", "a partner revoked an identification of this node")


@check("case-021", requirements=["CASE-021"], needs=_NEEDS)
def concurrence_is_decided(lab: Lab) -> None:
    """Nobody concurs by a decision about somebody else, or by one that was taken back."""
    proposal, known = _asked(lab)
    other = str(_identified(lab, scenes.known(lab).record)["identificationId"])
    why = "a concurrence by an identification of somebody else"
    expect.problem(_answer(lab, proposal, answer="concur", identification=other), 422, why=why)
    own = _identified(lab, known.record)
    _revoke(lab, own)
    revoked = str(own["identificationId"])
    why = "a concurrence by a revoked identification"
    expect.problem(_answer(lab, proposal, answer="concur", identification=revoked), 422, why=why)


@check("case-022", requirements=["CASE-022"], needs=_NEEDS)
def the_living_are_not_proposed(lab: Lab) -> None:
    """Nothing is proposed of the living, or to a node on whose release nothing rests."""
    alive, received = _relying(lab, conclusion="alive")
    expect.problem(_propose(lab, alive, received), 422, why="somebody is alive")
    other = _identified(lab, scenes.known(lab).record)
    expect.problem(_propose(lab, other, received), 422, why="the identification does not rely on the release")
