"""Vectors of access: assertions, proofs, tokens and authorization details with fixed keys at a fixed time."""

from __future__ import annotations

import json

from tools.generators import _access_assertions, _access_details, _access_proofs, _access_tokens

_DOCUMENTS = {
    "assertions": _access_assertions.document,
    "proofs": _access_proofs.document,
    "tokens": _access_tokens.document,
    "authorization-details": _access_details.document,
}


def generate() -> dict[str, str]:
    """Return the vectors of access by file."""
    return {
        f"spec/vectors/access/{name}.json": json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
        for name, document in _DOCUMENTS.items()
    }
