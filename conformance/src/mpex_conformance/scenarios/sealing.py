"""Sealed releases: their recipient alone opens them, and takes none that is not sealed to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mpex_conformance import expect, handovers, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import MockNode
from mpex_conformance.registry import check
from mpex_conformance.wire import jose, sealing
from mpex_conformance.wire.anonymous import get_public
from mpex_conformance.wire.contract import schema_errors


@check("rel-018", requirements=["REL-018"], needs=["partner.one"])
def releases_are_sealed(lab: Lab) -> None:
    """A release is handed out under a seal that its recipient opens, bound to what it is for."""
    request, release = scenes.released(lab)
    errors = schema_errors("release.json", release.json)
    expect.that(not errors, f"what was sealed contradicts its schema at {errors[0] if errors else ''}")
    answer = lab.partner("one").call("collectRelease", releaseRequestId=request.id)
    sealed = expect.status(answer, 200)
    names = {"release", "kid", "enc", "ciphertext"}
    expect.that(set(sealed.json) == names, "beside the seal something stands in the clear")
    key = sealing.key_of(lab.entry("one")["jwks"]) or {}
    expect.that(sealed.at("kid") == key.get("kid"), "the release is sealed to another key")


@check("rel-019", requirements=["REL-019"], needs=["partner.keyless"])
def keyless_partners_collect_nothing(lab: Lab) -> None:
    """A partner to which nothing can be sealed is told so, whatever it wants to collect."""
    request = samples.identifier("releaseRequest")
    transfer = samples.identifier("transfer")
    keyless = lab.partner("keyless")
    for answer in (
        keyless.call("collectRelease", releaseRequestId=request),
        keyless.call("collectCustodyRecord", transferId=transfer),
    ):
        expect.problem(answer, 409, "encryptionKeyMissing")


@check("rel-020", requirements=["REL-020"], needs=["partner.one", "mock"])
def what_is_sealed_to_others_is_refused(lab: Lab) -> None:
    """What comes in the clear, or is sealed to another key or for another use, is not taken."""
    for what in _wrong_seals(lab, release=samples.identifier("release")):
        request = scenes.requested_at_mock(lab)
        with what.at(lab.mock("one")):
            answer = lab.staff("collectPartnerRelease", partnerReleaseRequestId=request)
        expect.problem(answer, 502, why=what.name)


@check("cust-023", requirements=["CUST-023"], needs=["partner.one"])
def records_in_transfer_are_sealed(lab: Lab) -> None:
    """An offered record is handed out under a seal that its new custodian opens, bound to the transfer."""
    transfer = handovers.offered(lab, scenes.known(lab))
    package = expect.status(handovers.collect(lab, transfer), 200)
    errors = schema_errors("custody-package.json", package.json)
    expect.that(not errors, f"what was sealed contradicts its schema at {errors[0] if errors else ''}")
    sealed = expect.status(lab.partner("one").call("collectCustodyRecord", transferId=transfer), 200)
    names = {"transfer", "kid", "enc", "ciphertext"}
    expect.that(set(sealed.json) == names, "beside the seal something stands in the clear")
    key = sealing.key_of(lab.entry("one")["jwks"]) or {}
    expect.that(sealed.at("kid") == key.get("kid"), "the record is sealed to another key")


@check("cust-024", requirements=["CUST-024"], needs=["partner.one", "mock"])
def what_is_sealed_to_others_is_not_taken_over(lab: Lab) -> None:
    """A record that comes in the clear, or is sealed to another key or for another use, is not taken."""
    given = handovers.waiting(lab)
    for what in _wrong_seals(lab, transfer=samples.identifier("transfer")):
        with what.at(lab.mock("one")):
            answer = handovers.take(lab, given)
        expect.problem(answer, 502, why=what.name)
    expect.status(handovers.take(lab, given), 200)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A seal that must not be taken: to which key, if any, and what it is bound to in error."""

    name: str
    key: dict[str, Any] | None
    bound: dict[str, str]

    @contextmanager
    def at(self, mock: MockNode) -> Iterator[None]:
        """Let a mock partner seal so for a while."""
        right = mock.sealed_to
        mock.sealed_to, mock.bound = self.key, self.bound
        try:
            yield
        finally:
            mock.sealed_to, mock.bound = right, {}


def _wrong_seals(lab: Lab, **named: str) -> list[_Wrong]:
    """Return every way to seal wrongly; ``named`` is the name of another release or transfer."""
    right = lab.mock("one").sealed_to or {}
    other = {**right, "kid": "another", "x": jose.b64u(bytes([9]) + bytes(31))}
    node = samples.identifier("node")
    return [
        _Wrong("sent in the clear", None, {}),
        _Wrong("a seal to another key", other, {}),
        _Wrong("a seal for another purpose", right, {"purpose": "statistics"}),
        _Wrong("a seal by another holder", right, {"iss": node}),
        _Wrong("a seal for another recipient", right, {"aud": node}),
        _Wrong("a seal under another name", right, named),
    ]


@check("meta-003", requirements=["META-003"])
def keys_to_seal_to(lab: Lab) -> None:
    """The public keys hold one to which others seal, and nothing private of it."""
    keys = expect.status(get_public(lab.wire, "getJwks"), 200).json
    key = sealing.key_of(keys)
    expect.that(key is not None, "no key is meant for encryption")
    right = {"kty": "OKP", "crv": "X25519"}
    expect.that(right.items() <= (key or {}).items(), "the key for encryption is not an X25519 key")
    expect.that("d" not in (key or {}), "the key for encryption shows its private member")
