"""Signed messages between nodes: RFC 9421 and RFC 9530 in the one form that annex A of the standard fixes.

sign(message, …)      the fields that a request or a response gets: its digest, and its signature
verify(message, …)    refuses what lacks the form, is stale, or is not signed by whom it must be

The message says what is covered, and nothing in its signature has a say in that. Keys are the caller's.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

PAST_SECONDS = 60
SKEW_SECONDS = 10
SIGNATURE, SIGNATURE_INPUT, CONTENT_DIGEST = "signature", "signature-input", "content-digest"
_INPUT = re.compile(r'mpex=(?P<covered>\([^()]*\))(?P<parameters>(?:;[a-z]+=(?:[0-9]{1,12}|"[^"\\]*"))*)')
_PARAMETER = re.compile(r';([a-z]+)=(?:([0-9]+)|"([^"]*)")')
_PARAMETERS = [("created", True), ("keyid", False), ("tag", False)]
_SIGNATURE = re.compile(r"mpex=:([A-Za-z0-9+/]+={0,2}):")
Lines = Iterator[tuple[str, str]]
Signer = Callable[[bytes], bytes]
Verifier = Callable[[str, bytes, bytes], None]


class SignatureRefusedError(ValueError):
    """A message that is not signed as it must be; `code` is one of the list `problemTypes`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its signature covers it; `fields` are by name in lower case."""

    method: str
    target_uri: str
    fields: Mapping[str, str]
    body: bytes
    tag: ClassVar[str] = "fapi-2-request"

    def covered(self, digest: str | None) -> Lines:
        """Yield each component and its value; `digest` is that of the body."""
        yield '"@method"', self.method
        yield '"@target-uri"', self.target_uri
        yield '"authorization"', self.fields["authorization"]
        yield '"dpop"', self.fields["dpop"]
        if digest:
            yield '"content-digest"', digest
        if "idempotency-key" in self.fields:
            yield '"idempotency-key"', self.fields["idempotency-key"]


@dataclass(frozen=True, slots=True)
class Response:
    """A response as its signature covers it, and the signed request that it answers."""

    status: int
    fields: Mapping[str, str]
    body: bytes
    request: Request
    tag: ClassVar[str] = "fapi-2-response"

    def covered(self, digest: str | None) -> Lines:
        """Yield each component and its value; `digest` is that of the body."""
        asked = self.request
        yield '"@status"', str(self.status)
        if digest:
            yield '"content-digest"', digest
        yield '"@method";req', asked.method
        yield '"@target-uri";req', asked.target_uri
        if asked.body:
            yield '"content-digest";req', asked.fields[CONTENT_DIGEST]
        yield '"signature";req', asked.fields[SIGNATURE]
        yield '"signature-input";req', asked.fields[SIGNATURE_INPUT]


Message = Request | Response


def content_digest(body: bytes) -> str | None:
    """Return the Content-Digest of a body (RFC 9530), None for an empty one."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:" if body else None


def sign(message: Message, *, key_id: str, created: int, signer: Signer) -> dict[str, str]:
    """Return the fields to add to a message; `signer` gives the raw signature of the base."""
    digest = content_digest(message.body)
    components, lines = _base(message.covered(digest))
    parameters = f'{components};created={created};keyid="{key_id}";tag="{message.tag}"'
    signature = b64encode(signer(_closed(lines, parameters))).decode()
    fields = {SIGNATURE_INPUT: f"mpex={parameters}", SIGNATURE: f"mpex=:{signature}:"}
    return {CONTENT_DIGEST: digest, **fields} if digest else fields


def verify(message: Message, *, now: float, verifier: Verifier) -> None:
    """Check form, digest, age and signature of a message; raises SignatureRefusedError.

    `verifier` takes the identifier of a key, the base and the raw signature, and raises ValueError.
    """
    given, signed = (message.fields.get(name) for name in (SIGNATURE_INPUT, SIGNATURE))
    if given is None or signed is None:
        raise SignatureRefusedError("signatureMissing", "the message is not signed")
    digest = content_digest(message.body)
    components, lines = _base(message.covered(digest))
    parameters, signature = _read(given, signed, components, message.tag)
    if digest and message.fields.get(CONTENT_DIGEST) != digest:
        raise SignatureRefusedError("contentDigestWrong", "Content-Digest is not that of the body")
    if not -SKEW_SECONDS <= now - int(parameters["created"]) <= PAST_SECONDS:
        raise SignatureRefusedError("signatureStale", "created is too far from the clock")
    try:
        verifier(parameters["keyid"], _closed(lines, given.removeprefix("mpex=")), signature)
    except ValueError as error:
        raise SignatureRefusedError("signatureInvalid", "the signature fits no key of the signer") from error


def _base(lines: Lines) -> tuple[str, str]:
    covered = list(lines)
    names = " ".join(name for name, _ in covered)
    return f"({names})", "".join(f"{name}: {value}\n" for name, value in covered)


def _closed(lines: str, parameters: str) -> bytes:
    return f'{lines}"@signature-params": {parameters}'.encode("latin-1")


def _read(given: str, signed: str, components: str, tag: str) -> tuple[dict[str, str], bytes]:
    found, value = _INPUT.fullmatch(given), _SIGNATURE.fullmatch(signed)
    if found is None or value is None or found["covered"] != components:
        raise _unsuitable("it must cover what annex A lists, in that order")
    pairs = sorted(_PARAMETER.findall(found["parameters"]))
    parameters = {name: number or text for name, number, text in pairs}
    if [(name, bool(number)) for name, number, _ in pairs] != _PARAMETERS:
        raise _unsuitable("created, keyid and tag are its parameters, and no others")
    if parameters["tag"] != tag:
        raise _unsuitable("its tag is for another kind of message")
    try:
        signature = b64decode(value[1], validate=True)
    except ValueError as error:
        raise _unsuitable("it is not base64") from error
    if b64encode(signature).decode() != value[1]:
        raise _unsuitable("its base64 has another spelling")
    return parameters, signature


def _unsuitable(detail: str) -> SignatureRefusedError:
    return SignatureRefusedError("signatureUnsuitable", detail)
