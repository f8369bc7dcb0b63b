"""What one node sends so that another alone reads it: HPKE (RFC 9180) to the key that this one publishes.

Sender, recipient, purpose and name are bound to the seal; what was sealed for another use does not open.
"""

from dataclasses import dataclass
from typing import Any

from mpex_server.errors import Problem
from mpex_server.http.spec import schema_validator
from mpex_server.keys import KeyProvider
from mpex_server.kit import base64url, hpke, strict_json

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of sealed package: its type, the member that names it, and the schemas outside and inside."""

    type: str
    member: str
    outside: str
    inside: str

    def info(self, issuer: str, audience: str, purpose: str, name: str) -> bytes:
        """Return what a seal is bound to, as canonical JSON (RFC 8785)."""
        bound = {"iss": issuer, "aud": audience, "purpose": purpose, self.member: name, "type": self.type}
        return strict_json.canonical(bound)

    def sealed(self, content: Json, key: Json, name: str, info: bytes) -> Json:
        """Return `content` sealed to a public JWK, under its name."""
        enc, ciphertext = hpke.seal(hpke.public_key(key), strict_json.dumps(content), info)
        return {
            self.member: name,
            "kid": key["kid"],
            "enc": base64url.encode(enc),
            "ciphertext": base64url.encode(ciphertext),
        }

    def opened(self, keys: KeyProvider, package: Json, info: bytes) -> Json:
        """Return what a sound package holds; raises Problem `partnerFailed`."""
        try:
            enc, ciphertext = (base64url.decode(package[name]) for name in ("enc", "ciphertext"))
            content = strict_json.loads(keys.unseal(package["kid"], enc, ciphertext, info))
        except KeyError as error:
            text = (
                f"The {self.member} is sealed to a key that this node does not have; "
                "does it still publish that key?"
            )
            raise Problem("partnerFailed", text) from error
        except ValueError as error:
            raise Problem(
                "partnerFailed", f"The {self.member} is not sealed to this node for this use."
            ) from error
        self._require(self.inside, content)
        return dict(content)

    def require(self, package: Json) -> None:
        """Refuse what does not have the form of a sealed package; raises Problem `partnerFailed`."""
        self._require(self.outside, package)

    def _require(self, schema: str, content: Json) -> None:
        if not schema_validator(schema).is_valid(content):
            raise Problem("partnerFailed", f"The {self.member} does not follow its schema.")


def key_of(entry: Json) -> Json:
    """Return the first key for encryption of a partner entry; raises Problem `encryptionKeyMissing`."""
    key = next((key for key in entry["jwks"].get("keys", ()) if hpke.is_for_encryption(key)), None)
    if key is None:
        raise Problem("encryptionKeyMissing")
    return dict(key)
