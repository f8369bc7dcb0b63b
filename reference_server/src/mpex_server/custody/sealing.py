"""Records in transfer are sealed: the new custodian alone reads them (CUST-023, CUST-024)."""

from typing import Any

from mpex_server.custody.packages import Terms
from mpex_server.keys import KeyProvider
from mpex_server.peers.sealing import Form

_FORM = Form(
    "mpex-sealed-custody-package", "transfer", outside="sealed-custody-package", inside="custody-package"
)
Json = dict[str, Any]


def sealed(package: Json, key: Json, terms: Terms, *, issuer: str) -> Json:
    """Return a package (custody-package.json) sealed to a public JWK (sealed-custody-package.json)."""
    return _FORM.sealed(package, key, terms.transfer, info(terms, issuer=issuer))


def opened(keys: KeyProvider, given: Json, terms: Terms, *, issuer: str) -> Json:
    """Return the package that was sealed for this transfer; raises Problem `partnerFailed`."""
    _FORM.require(given)
    return _FORM.opened(keys, given, info(terms, issuer=issuer))


def info(terms: Terms, *, issuer: str) -> bytes:
    """Return what the seal of a transfer is bound to, as canonical JSON (RFC 8785)."""
    return _FORM.info(issuer, terms.partner, terms.purpose, terms.transfer)
