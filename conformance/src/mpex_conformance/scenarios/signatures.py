"""Signed messages: what partners send is theirs, whole, fresh and for this address, and so is the answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mpex_conformance import clock, expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check
from mpex_conformance.wire import contract, jose, proofs, signatures
from mpex_conformance.wire.actor import Actor
from mpex_conformance.wire.client import Request
from mpex_conformance.wire.exchange import Answer

_ACTION = "searches:create"


def _search(lab: Lab) -> tuple[Actor, Request]:
    """Return a partner and a search of it that bears everything but a signature."""
    partner = lab.partner()
    body = samples.search(samples.query(scenes.fictitious_name()), scenes.PURPOSE, "summary")
    token = partner.token(scenes.PURPOSE, _ACTION)
    return partner, partner.prepare(contract.operations()["createSearch"], token, body)


def _control(lab: Lab) -> None:
    partner, request = _search(lab)
    expect.status(lab.wire.send(partner.signed(request)), 200, why="a right signature")


def _refused(lab: Lab, request: Request, kind: str, why: str = "") -> Answer:
    return expect.problem(lab.wire.send(request), 401, kind, why=why or kind)


def _signed_over(
    partner: Actor, request: Request, left_out: str = "", values: Mapping[str, str] = MappingProxyType({})
) -> Request:
    """Sign with a component left out, or with other values than what is sent."""
    request.headers["Content-Digest"] = signatures.digest(request.body)
    components = partner.asked(request).components()
    components |= {f'"{name}"': value for name, value in values.items()}
    components.pop(f'"{left_out}"', None)
    key, kid = partner.identity.key, partner.identity.kid
    request.headers |= signatures.sign(components, key=key, kid=kid, tag=signatures.REQUEST)
    return request


@check("sig-001", requirements=["SIG-001"], needs=["partner.one"])
def partners_sign(lab: Lab) -> None:
    """A partner's request without a signature is refused, whatever else it bears."""
    _control(lab)
    _, bare = _search(lab)
    _refused(lab, bare, "signatureMissing")
    for name in ("Signature", "Signature-Input"):
        partner, request = _search(lab)
        partner.signed(request).headers.pop(name)
        _refused(lab, request, "signatureMissing", f"no {name}")


@check("sig-002", requirements=["SIG-002"], needs=["partner.one"])
def everything_is_covered(lab: Lab) -> None:
    """A signature that leaves something out, or is of another kind, is refused."""
    _control(lab)
    for name in ("content-digest", "dpop", "authorization", "@method", "@target-uri"):
        request = _signed_over(*_search(lab), name)
        _refused(lab, request, "signatureUnsuitable", f"{name} is not covered")
    for why, change in (
        ("the tag of a response", {"tag": signatures.RESPONSE}),
        ("no tag", {"tag": None}),
        ("no time", {"created": None}),
        ("an algorithm", {"alg": "ecdsa-p256-sha256"}),
    ):
        partner, request = _search(lab)
        _refused(lab, partner.signed(request, **change), "signatureUnsuitable", why)


@check("sig-003", requirements=["SIG-003"], needs=["partner.one"])
def signatures_are_fresh(lab: Lab) -> None:
    """A signature of another time is refused."""
    _control(lab)
    for seconds in (-3600, -120, 60):
        partner, request = _search(lab)
        partner.signed(request, created=clock.seconds() + seconds)
        _refused(lab, request, "signatureStale", f"{seconds} seconds")


@check("sig-004", requirements=["SIG-004"], needs=["partner.one", "partner.two"])
def signatures_are_of_this_request(lab: Lab) -> None:
    """A signature by another key, or made for another request, is refused."""
    _control(lab)
    other, two = jose.new_key(), lab.partner("two").identity
    for why, change in (
        ("another key", {"key": other}),
        ("another partner", {"key": two.key, "kid": two.kid}),
        ("an unknown key", {"key": other, "kid": "unknown"}),
    ):
        partner, request = _search(lab)
        _refused(lab, partner.signed(request, **change), "signatureInvalid", why)
    address = f"{lab.wire.base_url}/v1/searches"
    proof, _ = proofs.proof(other, method="POST", url=address)
    for name, value in (("@method", "PUT"), ("@target-uri", f"{address}?a=b"), ("dpop", proof)):
        request = _signed_over(*_search(lab), values={name: value})
        _refused(lab, request, "signatureInvalid", f"another {name}")


@check("sig-005", requirements=["SIG-005"], needs=["partner.one"])
def bodies_are_as_signed(lab: Lab) -> None:
    """A body that was altered on its way is refused, whatever the digest beside it says."""
    _control(lab)
    partner, request = _search(lab)
    partner.signed(request)
    request.body = request.body.replace(b'"', b' "', 1)
    _refused(lab, request, "contentDigestWrong", "another body")
    partner, request = _search(lab)
    partner.signed(request)
    request.body = request.body.replace(b'"', b' "', 1)
    request.headers["Content-Digest"] = signatures.digest(request.body)
    _refused(lab, request, "signatureInvalid", "another body and its digest")


@check("sig-006", requirements=["SIG-006"], needs=["partner.one"])
def answers_are_signed(lab: Lab) -> None:
    """Each answer to a signed request is signed and bound to it, that of a refusal too."""
    partner, request = _search(lab)
    _judge(lab, partner, request, expect.status(lab.wire.send(partner.signed(request)), 200))
    _, wrong = _search(lab)
    wrong.body = b"{}"
    _judge(lab, partner, wrong, expect.problem(lab.wire.send(partner.signed(wrong)), 422))


def _judge(lab: Lab, partner: Actor, request: Request, answer: Answer) -> None:
    components = partner.asked(request).answered(answer.status, answer.body)
    digest = answer.headers.get("content-digest")
    expect.that(
        digest == signatures.digest(answer.body), "the answer has another Content-Digest than its body"
    )
    fault = signatures.fault(components, answer.headers, lab.jwks, signatures.RESPONSE)
    expect.that(fault is None, f"the answer {fault}")


@check("sig-007", requirements=["SIG-007"], needs=["partner.one"])
def strangers_get_no_signature(lab: Lab) -> None:
    """An answer to a request that cannot be verified is not signed."""
    partner, forged = _search(lab)
    partner.signed(forged, key=jose.new_key())
    _, bare = _search(lab)
    for kind, request in (("signatureInvalid", forged), ("signatureMissing", bare)):
        answer = _refused(lab, request, kind)
        expect.that("signature" not in answer.headers, f"an answer is signed: {kind}")


@check("sig-008", requirements=["SIG-008"], needs=["partner.one", "mock"])
def partners_answers_are_verified(lab: Lab) -> None:
    """What a partner answers without a signature for this very request is not used."""
    sought, mock, other = scenes.known(lab), lab.mock("one"), jose.new_key()
    expect.that(_state(lab, sought, mock.node_id) == "answered", "a signed answer of the mock is not used")
    bends = {
        "another key": lambda components, _key: (components, other),
        "another body": lambda components, key: (
            {**components, '"content-digest"': signatures.digest(b"{}")},
            key,
        ),
        "another request": lambda components, key: (
            {**components, '"signature";req': f"mpex=:{'A' * 86}==:"},
            key,
        ),
    }
    try:
        for why, bend in bends.items():
            mock.bent = bend
            state = _state(lab, sought, mock.node_id)
            expect.that(state != "answered", f"an answer is used that is signed with {why}")
    finally:
        mock.bent = None


def _state(lab: Lab, sought: scenes.Known, node_id: str) -> Any:
    return scenes.asked_partner(lab, sought, node_id).at("results", 0, "state")


@check("sig-009", requirements=["SIG-009"], needs=["partner.one", "mock"])
def nodes_sign_what_they_send(lab: Lab) -> None:
    """What the node sends to a partner with a token bears its signature."""
    mock = lab.mock("one")
    mock.faults.clear()
    seen = len(mock.searches)
    scenes.asked_partner(lab, scenes.known(lab), mock.node_id)
    expect.that(len(mock.searches) > seen, "the mock partner was not asked")
    expect.that(not mock.faults, f"a request of the target {next(iter(mock.faults), '')}")


@check("sig-010", requirements=["SIG-010"], needs=["partner.one"])
def signed_requests_are_good_once(lab: Lab) -> None:
    """A signed request that is sent again is refused."""
    partner, request = _search(lab)
    partner.signed(request)
    expect.status(lab.wire.send(request), 200, why="first time")
    expect.refused(lab.wire.send(request), "SIG-010", why="second time")
