"""`mpex discover` and `mpex login`: from the address of a node to all that one needs to speak to it."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_client._errors import ConfigurationError
from mpex_client._sync.client import Client
from mpex_client.cli._failures import failures_explained
from mpex_client.cli._state import State, current
from mpex_client.discovery import Discovered
from mpex_client.keys import SigningKey
from mpex_client.profile import Profile, read_jwks

__all__ = ["discover", "login"]

Node = Annotated[str, typer.Argument(help="Address of the node.")]
Anchors = Annotated[
    list[str] | None,
    typer.Option(
        "--anchor",
        metavar="ENTITY=FILE",
        help="Who vouches for nodes, with the JWK set that it handed you; by default those of the profile.",
    ),
]


def discover(context: typer.Context, node: Node, anchor: Anchors = None) -> None:
    """Find out everything about a node: who vouches for it, what it may be asked for, and where."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        found = Client.discover(node, _anchors(state, anchor), transport=state.transport)
    state.show(_told(found), "\n".join(_lines(found)))


def login(
    context: typer.Context,
    node: Node,
    client_id: Annotated[str, typer.Option(help="Identifier that the node's operator gave you.")],
    key: Annotated[Path, typer.Option(help="File with your private key, as the operator gave it to you.")],
    name: Annotated[str, typer.Option(help="Name of the identity; a role, for `mpex doctor`.")] = "registrar",
    anchor: Anchors = None,
) -> None:
    """Write the profile of a node that is found by its address; a profile that is there is kept."""
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        chosen = _anchors(state, anchor)
        SigningKey.from_file(key)
        found = Client.discover(node, chosen, transport=state.transport)
        _write(state.profile_path, _profile(found, chosen, name, client_id, key))
    state.show(_told(found), "\n".join([*_lines(found), f"Profile {state.profile_path}"]))


def _anchors(state: State, given: list[str] | None) -> dict[str, dict[str, Any]]:
    if given is None:
        kept = state.profile_path.exists()
        return (
            {name: dict(jwks) for name, jwks in Profile.load(state.profile_path).anchors.items()}
            if kept
            else {}
        )
    pairs = [text.rpartition("=") for text in given]
    if not all(entity for entity, _, _ in pairs):
        raise ConfigurationError("an anchor is given as ENTITY=FILE")
    return {entity: read_jwks(file, Path()) for entity, _, file in pairs}


def _told(found: Discovered) -> dict[str, Any]:
    told: dict[str, Any] = {
        "url": found.url,
        "nodeId": found.node_id,
        "name": found.metadata.get("name"),
        "environment": found.metadata.get("environment"),
        "specVersion": found.metadata.get("specVersion"),
        "tokenEndpoint": found.token_endpoint,
        "purposes": list(found.purposes),
    }
    if found.standing is not None:
        known = found.standing
        told["trust"] = {
            "chain": list(known.chain.path),
            "mandateBy": known.mandate.issuer,
            "noImmigrationEnforcementBy": known.other.issuer,
            "recipientClass": known.said["recipientClass"],
            "until": known.until.isoformat(),
            "conformanceBy": known.conformance and known.conformance.issuer,
            "conformanceUntil": known.conformance and known.conformance.expires.isoformat(),
        }
    return told


def _lines(found: Discovered) -> list[str]:
    told = _told(found)
    lines = [
        f"{told['name']}  {told['nodeId']}  {told['environment']}  {found.url}",
        f"purposes: {', '.join(found.purposes) or 'none'}",
    ]
    if "trust" not in told:
        return [*lines, "who vouches for it was not looked at: name an anchor with --anchor"]
    trust = told["trust"]
    return [
        *lines,
        f"vouched for: {' < '.join(trust['chain'])}, until {trust['until']}",
        f"mandate: {trust['recipientClass']}, by {trust['mandateBy']}",
        f"no immigration enforcement: by {trust['noImmigrationEnforcementBy']}",
        f"conformance: by {trust['conformanceBy']}, until {trust['conformanceUntil']}"
        if trust["conformanceBy"]
        else "conformance: no mark that counts; no access rests on it",
    ]


def _profile(
    found: Discovered, anchors: dict[str, dict[str, Any]], name: str, client_id: str, key: Path
) -> str:
    """Return a profile; strings of JSON are strings of TOML as well."""
    tables = {
        "node": {
            "url": found.url,
            "node_id": found.node_id,
            "environment": str(found.metadata.get("environment")),
        },
        "anchors": {entity: json.dumps(jwks) for entity, jwks in anchors.items()},
        f"identity.{_text(name)}": {"client_id": client_id, "key": str(key.absolute())},
    }
    lines = [f"default = {_text(name)}"]
    for table, values in tables.items():
        pairs = (f"{_text(member)} = {_text(value)}" for member, value in values.items())
        lines += ["", f"[{table}]", *pairs]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigurationError(
            f"the profile {path.name} is there already: remove it, or name another with --profile"
        ) from error
    except OSError as error:
        raise ConfigurationError(f"the profile {path.name} cannot be written: {error.strerror}") from error
