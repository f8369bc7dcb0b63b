"""Message signatures by hand (RFC 9421, annex A): right by default, and wrong on demand.

A message is the list of its components with their values, so that a check can leave one out or alter it.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpex_conformance import clock
from mpex_conformance.wire import jose

REQUEST, RESPONSE = "fapi-2-request", "fapi-2-response"
_COVERED = ("authorization", "dpop", "content-digest", "idempotency-key")
_INPUT = re.compile(r'mpex=(\(([^()]*)\)((?:;[a-z]+=(?:\d+|"[^"]*"))*))')
_PARAMETER = re.compile(r';([a-z]+)=(\d+|"[^"]*")')
_SECONDS, _AHEAD_SECONDS = 60, 10
_SIGNATURE = re.compile(r"mpex=:([A-Za-z0-9+/=]+):")
Components = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was signed, as its answer is bound to it; names of ``fields`` are in lower case."""

    method: str
    target: str
    fields: Mapping[str, str]

    def components(self) -> Components:
        """Return what the signature of the request covers."""
        fields = {f'"{name}"': self.fields[name] for name in _COVERED if name in self.fields}
        return {'"@method"': self.method, '"@target-uri"': self.target, **fields}

    def answered(self, status: int, body: bytes) -> Components:
        """Return what the signature of an answer covers."""
        own = {'"content-digest"': digest(body)} if body else {}
        bound = {f'"{name}";req': self.fields.get(name, "") for name in ("signature", "signature-input")}
        if "content-digest" in self.fields:
            bound = {'"content-digest";req': self.fields["content-digest"], **bound}
        request = {'"@method";req': self.method, '"@target-uri";req': self.target}
        return {'"@status"': str(status), **own, **request, **bound}


def digest(body: bytes) -> str:
    """Return the Content-Digest of a body (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(
    components: Components, *, key: jose.PrivateKey, kid: str | None, tag: str, **changes: Any
) -> dict[str, str]:
    """Return the fields of a signature; ``changes`` replace or add parameters, None leaves one out."""
    right: dict[str, Any] = {"created": clock.seconds(), "keyid": kid, "tag": tag, **changes}
    given = {name: value for name, value in right.items() if value is not None}
    texts = (
        f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
        for name, value in given.items()
    )
    parameters = f"({' '.join(components)}){''.join(texts)}"
    made = base64.b64encode(jose.signature("ES256", key, _base(components, parameters))).decode()
    return {"Signature-Input": f"mpex={parameters}", "Signature": f"mpex=:{made}:"}


def fault(components: Components, fields: Mapping[str, str], keys: dict[str, Any], tag: str) -> str | None:
    """Return what is wrong with the signature of a message that must cover ``components``, or None."""
    given = _INPUT.fullmatch(fields.get("signature-input", ""))
    made = _SIGNATURE.fullmatch(fields.get("signature", ""))
    if given is None or made is None:
        return "is not signed as annex A says"
    if given[2] != " ".join(components):
        return "has a signature that covers something else than annex A says"
    parameters = dict(_PARAMETER.findall(given[3]))
    kinds = {name: value.isdigit() for name, value in parameters.items()}
    if kinds != {"created": True, "keyid": False, "tag": False} or parameters["tag"] != f'"{tag}"':
        return "has a signature with other parameters than annex A says"
    if not -_AHEAD_SECONDS <= clock.seconds() - int(parameters["created"]) <= _SECONDS:
        return "has a signature of another time"
    signed, kid = _base(components, given[1]), parameters["keyid"].strip('"')
    if not jose.bare_verified(base64.b64decode(made[1]), signed, kid, keys):
        return "has a signature that is by no key of the signer for this message"
    return None


def key_id(given: str) -> str | None:
    """Return the key that the value of a Signature-Input names, None when it names none."""
    found = _INPUT.fullmatch(given)
    named = dict(_PARAMETER.findall(found[3])).get("keyid") if found else None
    return named.strip('"') if named else None


def _base(components: Components, parameters: str) -> bytes:
    lines = [f"{name}: {value}" for name, value in components.items()]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("latin-1")
