"""A library of another language verifies what we sign, and signs what we verify."""

from typing import Any

import pytest
from joserfc.jwk import ECKey
from mpex_server.keys.material import sign_es256
from mpex_spec.message_signatures import (
    Request,
    Response,
    SignatureRefusedError,
    content_digest,
    sign,
    verify,
)

from tests.beside import ask
from tests.spec.messages import NOW, verifier

BODY = b'{"text":"\xd8\xaa\xd8\xac\xd8\xb1\xd8\xa8\xd8\xa9"}'


def test_a_library_of_another_language_agrees_both_ways() -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    public, name = key.as_dict(private=False), str(key.kid)

    def made(message: Request | Response) -> dict[str, str]:
        return sign(message, key_id=name, created=NOW, signer=lambda base: sign_es256(key, base))

    fields = {"authorization": "DPoP token", "dpop": "proof"}
    plain = Request("POST", "https://node.example/v1/searches", fields, BODY)
    asked = Request(plain.method, plain.target_uri, {**fields, **made(plain)}, BODY)
    answer = Response(200, made(Response(200, {}, b"{}", asked)), b"{}", asked)
    cases = [
        {"request": _shown(asked)},
        {"request": _shown(asked) | {"method": "PUT"}},
        {"request": _shown(asked), "response": {"status": 200, "headers": answer.fields}},
        {"request": _shown(asked), "response": {"status": 202, "headers": answer.fields}},
    ]
    request = _shown(plain) | {"headers": {**fields, "content-digest": content_digest(BODY)}}
    beside = ask(
        "tests/spec/sign_messages.mjs", key=key.as_dict(private=True), now=NOW, cases=cases, request=request
    )
    assert beside["verdicts"] == [True, False, True, False]
    theirs = {name.lower(): value for name, value in beside["signed"].items()}
    verify(Request(plain.method, plain.target_uri, theirs, BODY), now=NOW, verifier=verifier(public))
    with pytest.raises(SignatureRefusedError):
        verify(Request("PUT", plain.target_uri, theirs, BODY), now=NOW, verifier=verifier(public))


def _shown(request: Request) -> dict[str, Any]:
    return {"method": request.method, "url": request.target_uri, "headers": dict(request.fields)}
