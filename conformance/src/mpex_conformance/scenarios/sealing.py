"""Sealed releases: their recipient alone opens them, and takes none that is not sealed to it."""

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
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
    answer = lab.partner("keyless").call("collectRelease", releaseRequestId=request)
    expect.problem(answer, 409, "encryptionKeyMissing")


@check("rel-020", requirements=["REL-020"], needs=["partner.one", "mock"])
def what_is_sealed_to_others_is_refused(lab: Lab) -> None:
    """What comes in the clear, or is sealed to another key or for another use, is not taken."""
    mock = lab.mock("one")
    right = mock.sealed_to or {}
    other = {**right, "kid": "another", "x": jose.b64u(bytes([9]) + bytes(31))}
    node = samples.identifier("node")
    wrong: dict[str, tuple[dict[str, str] | None, dict[str, str]]] = {
        "a release in the clear": (None, {}),
        "a seal to another key": (other, {}),
        "a seal for another purpose": (right, {"purpose": "statistics"}),
        "a seal by another holder": (right, {"iss": node}),
        "a seal for another recipient": (right, {"aud": node}),
        "a seal of another release": (right, {"release": samples.identifier("release")}),
    }
    for what, (key, bound) in wrong.items():
        request = scenes.requested_at_mock(lab)
        mock.sealed_to, mock.bound = key, bound
        try:
            answer = lab.staff("collectPartnerRelease", partnerReleaseRequestId=request)
        finally:
            mock.sealed_to, mock.bound = right, {}
        expect.problem(answer, 502, why=what)


@check("meta-003", requirements=["META-003"])
def keys_to_seal_to(lab: Lab) -> None:
    """The public keys hold one to which others seal, and nothing private of it."""
    keys = expect.status(get_public(lab.wire, "getJwks"), 200).json
    key = sealing.key_of(keys)
    expect.that(key is not None, "no key is meant for encryption")
    right = {"kty": "OKP", "crv": "X25519"}
    expect.that(right.items() <= (key or {}).items(), "the key for encryption is not an X25519 key")
    expect.that("d" not in (key or {}), "the key for encryption shows its private member")
