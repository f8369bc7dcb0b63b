"""Where the reference server draws a line that the standard leaves to the node, on either side of it.

What is ahead by more than 10 seconds, or has ended 10 seconds ago, is refused; longer than 128 characters is
no identifier. The published vectors show only what every node decides alike.
"""

from mpex_server.kit import jws

from tools.generators import _access_assertions, _access_proofs
from tools.generators._access_cases import Change
from tools.generators._access_keys import Json

_ASSERTIONS = {
    "iat 11 seconds ahead": (Change(times={"iat": 11}), False),
    "nbf 11 seconds ahead": (Change(times={"nbf": 11}), False),
    "exp 9 seconds past": (Change(times={"iat": -69, "exp": -9}), True),
    "exp 10 seconds past": (Change(times={"iat": -70, "exp": -10}), False),
    "exp 11 seconds past": (Change(times={"iat": -71, "exp": -11}), False),
    "jti of 1 character": (Change(claims={"jti": "x"}), True),
    "jti of 128 characters": (Change(claims={"jti": "x" * 128}), True),
}
_PROOFS = {
    "iat 11 seconds ahead": (Change(times={"iat": 11}), False),
    "nbf 10 seconds ahead": (Change(times={"nbf": 10}), True),
    "nbf 11 seconds ahead": (Change(times={"nbf": 11}), False),
    "exp 9 seconds past": (Change(times={"exp": -9}), True),
    "exp 10 seconds past": (Change(times={"exp": -10}), False),
    "exp 11 seconds past": (Change(times={"exp": -11}), False),
    "jti of 129 characters": (Change(claims={"jti": "x" * 129}), False),
}


def assertions() -> list[Json]:
    """Return assertions on either side of each line, in the form of the published vectors."""
    made = _access_assertions.made
    within = [
        {"name": name, "assertion": made(f"edge {name}", change), "accepted": accepted}
        for name, (change, accepted) in _ASSERTIONS.items()
    ]
    lengths = ((jws.MAX_CHARS, True), (jws.MAX_CHARS + 1, False))
    return within + [
        {"name": f"{chars} characters", "assertion": _of(chars), "accepted": accepted}
        for chars, accepted in lengths
    ]


def _of(chars: int) -> str:
    """Return a right assertion of a length; base64 skips one length in four, so the header grows as well."""
    for header in ("", "x", "xx"):
        for size in range(chars * 3 // 4 - 400, chars * 3 // 4):
            change = Change(header={"more": header}, claims={"more": "x" * size})
            made = _access_assertions.made(f"edge {chars}", change)
            if len(made) >= chars:
                break
        if len(made) == chars:
            return made
    raise ValueError("no assertion has that length")


def proofs() -> list[Json]:
    """Return proofs on either side of each line, in the form of the published vectors."""
    made = _access_proofs.made
    refused = {"status": 401, "error": "invalid_dpop_proof"}
    return [
        {"name": name, "proofs": [made(f"edge {name}", change)], "accepted": accepted}
        | ({} if accepted else refused)
        for name, (change, accepted) in _PROOFS.items()
    ]
