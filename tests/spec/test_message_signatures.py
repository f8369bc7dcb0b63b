"""Signed messages: the published vectors, the examples of RFC 9421, and a library as the oracle."""

import json
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import http_message_signatures as library
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures.algorithms import ECDSA_P256_SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import JWKRegistry
from mpex_client import _messages as client
from mpex_conformance import clock
from mpex_conformance.wire import signatures as suite
from mpex_server.kit import jws
from mpex_spec import message_signatures as signatures
from mpex_spec.message_signatures import Request, Response, SignatureRefusedError, sign, verify

from tests.spec.messages import NOW, Pen, message, vectors, verifier

PEN = Pen()
PUBLISHED = vectors()
CASES = [pytest.param(case, id=case["name"]) for case in PUBLISHED]
SOUND = [pytest.param(case, id=case["name"]) for case in PUBLISHED if case["accepted"]]
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@pytest.mark.parametrize("case", CASES)
def test_messages_are_judged_as_published(case: dict[str, Any]) -> None:
    if case["accepted"]:
        verify(message(case), now=case["now"], verifier=verifier(case["jwk"]))
        return
    with pytest.raises(SignatureRefusedError) as refused:
        verify(message(case), now=case["now"], verifier=verifier(case["jwk"]))
    assert refused.value.code == case.get("problem", refused.value.code)


@pytest.mark.parametrize("case", CASES)
def test_the_client_judges_as_published(case: dict[str, Any]) -> None:
    try:
        client.verified(message(case), {"keys": [case["jwk"]]}, case["now"])
        accepted = True
    except SignatureRefusedError:
        accepted = False
    assert accepted is case["accepted"]


@pytest.mark.parametrize("case", SOUND)
def test_what_is_signed_is_as_published(case: dict[str, Any]) -> None:
    read = message(case)
    given_input, made = read.fields["signature-input"], read.fields["signature"]
    raw = b64decode(made.removeprefix("mpex=:").removesuffix(":"))
    digest = signatures.content_digest(read.body)
    lines = "".join(f"{name}: {value}\n" for name, value in read.covered(digest))
    assert case["base"] == f'{lines}"@signature-params": {given_input.removeprefix("mpex=")}'
    jws.verify_bare(raw, case["base"].encode(), jws.verification_key(case["jwk"]))


@pytest.mark.parametrize("case", CASES)
def test_the_suite_finds_the_faults_that_are_published(
    case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "seconds", lambda: case["now"])
    asked, answer = case["request"], case.get("response")
    request = suite.Asked(asked["method"], asked["targetUri"], asked["fields"])
    judged = answer or asked
    components = (
        request.answered(answer["status"], answer["body"].encode()) if answer else request.components()
    )
    tag = suite.RESPONSE if answer else suite.REQUEST
    right_digest = suite.digest(judged["body"].encode()) if judged["body"] else None
    fault = suite.fault(components, judged["fields"], {"keys": [case["jwk"]]}, tag)
    sound = fault is None and judged["fields"].get("content-digest") == right_digest
    assert sound is case["accepted"]


def test_the_examples_of_the_rfc_verify(shared_data: Path) -> None:
    document = json.loads((shared_data / "vectors" / "rfc9421" / "vectors.json").read_text(encoding="utf-8"))
    verified = []
    for case in document["cases"]:
        *lines, parameters = case["signature_base"].split("\n")
        covered = dict(line.split(": ", 1) for line in lines)
        _, base = signatures._base(iter(covered.items()))
        closed = signatures._closed(base, parameters.removeprefix('"@signature-params": '))
        assert closed == case["signature_base"].encode()
        kid = case["signature_input"].partition('keyid="')[2].partition('"')[0]
        raw = b64decode(case["signature"].partition("=:")[2].removesuffix(":"))
        _verify_example(document["keys"][kid], raw, closed)
        with pytest.raises((jws.JwsError, InvalidSignature)):
            _verify_example(document["keys"][kid], raw, closed + b" ")
        verified.append(kid)
    assert Counter(verified) == {
        "test-key-rsa-pss": 3,
        "test-key-ecc-p256": 1,
        "test-key-ed25519": 1,
        "test-shared-secret": 1,
    }


def _verify_example(key: dict[str, str], raw: bytes, base: bytes) -> None:
    """Verify by our own code what we sign with; the others are the algorithms of RFC 9421 §3.3.1, §3.3.3."""
    if "base64" in key:
        mac = HMAC(b64decode(key["base64"]), SHA256())
        mac.update(base)
        return mac.verify(raw)
    public = load_pem_public_key(key["public_pem"].encode())
    if isinstance(public, RSAPublicKey):
        return public.verify(raw, base, PSS(MGF1(SHA512()), salt_length=64), SHA512())
    assert isinstance(public, jws.PublicKey)
    return jws.verify_bare(raw, base, jws.VerificationKey(public, ""))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a request that a partner may send."""
    fields = {"authorization": f"DPoP {draw(VISIBLE)}", "dpop": draw(VISIBLE)}
    if draw(st.booleans()):
        fields["idempotency-key"] = draw(st.text("abcXYZ019-_", min_size=16, max_size=40))
    path = draw(st.text("abcdefghijklmnopqrstuvwxyz234567:/-", max_size=60))
    query = draw(st.sampled_from(["", "?leaf=leaf:abc", "?from=1&to=2"]))
    method = draw(st.sampled_from(["GET", "POST", "PUT"]))
    return Request(method, f"https://node.example/v1/{path}{query}", fields, draw(st.binary(max_size=200)))


@given(requests())
def test_the_library_verifies_what_we_sign(asked: Request) -> None:
    created = int(datetime.now(UTC).timestamp())
    signed = PEN.signed(asked, created)
    results = _by_library(_as_library(signed), signatures.Request.tag, signed.body)
    assert [result.label for result in results] == ["mpex"]
    answer = Response(200, {}, b'{"outcome":"noHit"}', signed)
    fields = sign(answer, key_id=PEN.kid, created=created, signer=PEN.sign)
    shown = SimpleNamespace(status_code=200, headers=fields, request=_as_library(signed))
    assert _by_library(shown, signatures.Response.tag, answer.body)


@given(requests())
def test_we_verify_what_the_library_signs(asked: Request) -> None:
    shown = _as_library(asked)
    digest = signatures.content_digest(asked.body)
    covered = [name for name, _ in asked.covered(digest)]
    if digest:
        shown.headers["content-digest"] = digest
    library.HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_Keys()).sign(
        shown,
        key_id=PEN.kid,
        created=datetime.fromtimestamp(NOW, UTC),
        label="mpex",
        tag=signatures.Request.tag,
        include_alg=False,
        use_existing_digest=digest is not None,
        covered_component_ids=covered,
    )
    fields = {name.lower(): value for name, value in shown.headers.items()}
    read = Request(asked.method, asked.target_uri, fields, asked.body)
    verify(read, now=NOW, verifier=verifier(PEN.jwk))


@given(requests(), st.data())
def test_nothing_of_a_signed_message_can_be_altered(asked: Request, data: st.DataObject) -> None:
    signed = PEN.signed(asked)
    name = data.draw(st.sampled_from(sorted(signed.fields)))
    value = signed.fields[name]
    place = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda c: c != value[place]))
    altered = {**signed.fields, name: value[:place] + other + value[place + 1 :]}
    with pytest.raises(SignatureRefusedError):
        verify(
            Request(signed.method, signed.target_uri, altered, signed.body),
            now=NOW,
            verifier=verifier(PEN.jwk),
        )


@given(requests(), st.binary(min_size=1, max_size=99), st.sampled_from([200, 404, 503]))
def test_the_fields_of_a_signature_have_one_length(asked: Request, body: bytes, status: int) -> None:
    signed = PEN.signed(asked)
    answers = [Response(200, {}, b"{}", signed), Response(status, {}, body, signed)]
    made = [sign(answer, key_id=PEN.kid, created=NOW, signer=PEN.sign) for answer in answers]
    assert len({tuple(len(value) for value in fields.values()) for fields in made}) == 1


class _Keys(library.HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id: str) -> Any:
        assert key_id == PEN.kid
        return PEN.key

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == PEN.kid
        return JWKRegistry.import_key(PEN.jwk).public_key


def _as_library(asked: Request) -> Any:
    return SimpleNamespace(method=asked.method, url=asked.target_uri, headers=dict(asked.fields))


def _by_library(shown: Any, tag: str, body: bytes) -> Any:
    judge = library.HTTPMessageVerifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_Keys())
    return judge.verify(shown, max_age=None, expect_tag=tag, body=body or None)
