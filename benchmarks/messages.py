"""What it costs to sign and verify a message between nodes, beside the bare signature of the same length."""

from functools import partial

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey
from mpex_server.keys.material import sign_es256
from mpex_server.kit import jws
from mpex_spec.message_signatures import Request, Response, sign, verify

from benchmarks.harness import Case

_NOW = 1_800_000_000
_ECDSA = ec.ECDSA(hashes.SHA256())
# A search and its answer, as long as they are between nodes: token, proof, a page of JSON.
_FIELDS = {"authorization": f"DPoP {'t' * 900}", "dpop": "p" * 600, "idempotency-key": "k" * 26}
_ASKED = Request("POST", "https://node.example/v1/searches", _FIELDS, b"q" * 1000)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def cases() -> tuple[Case, ...]:
    """Return what to measure: each bare operation, and what is done with a message around it."""
    private = ec.generate_private_key(ec.SECP256R1())
    key = ECKey.import_key(_pem(private))
    public = jws.verification_key(key.as_dict(private=False))
    signing = partial(sign, key_id="key", created=_NOW, signer=partial(sign_es256, key))
    signed = Request(_ASKED.method, _ASKED.target_uri, {**_FIELDS, **signing(_ASKED)}, _ASKED.body)
    empty = Response(200, {}, b"a" * 4096, signed)
    answer = Response(200, signing(empty), empty.body, signed)
    bare, half = private.sign(b"b" * 2000, _ECDSA), private.public_key()

    def fits(_key_id: str, base: bytes, signature: bytes) -> None:
        jws.verify_bare(signature, base, public)

    return (
        Case("sign bare bytes", lambda: private.sign(b"b" * 2000, _ECDSA)),
        Case("sign a request", lambda: signing(_ASKED)),
        Case("sign an answer", lambda: signing(empty)),
        Case("verify bare bytes", lambda: half.verify(bare, b"b" * 2000, _ECDSA)),
        Case("verify a request", lambda: verify(signed, now=_NOW, verifier=fits)),
        Case("verify an answer", lambda: verify(answer, now=_NOW, verifier=fits)),
    )
