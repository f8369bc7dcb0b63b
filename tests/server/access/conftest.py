"""The published vectors of access, and a node at their time with their keys and their client."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction
from mpex_spec import root

from tests.databases import Databases
from tests.server.world import START, Identity, World, create_schema, new_settings, open_world
from tools.generators._access_cases import CLIENT, OLDER


def document(name: str) -> dict[str, Any]:
    """Return a file of vectors."""
    text = (root() / "vectors" / "access" / f"{name}.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def cases(name: str) -> list[Any]:
    """Return the cases of a file for `parametrize`, each under its name."""
    return named(document(name)["cases"])


def named(given: list[dict[str, Any]]) -> list[Any]:
    """Return cases for `parametrize`, each under its name."""
    return [pytest.param(case, id=case["name"]) for case in given]


def challenged(response: Any) -> str | None:
    """Return the error that a challenge names, and None where it names none."""
    _, found, rest = response.headers.get("www-authenticate", "").partition('error="')
    return rest.partition('"')[0] if found else None


@pytest.fixture(scope="module")
def judge(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A node with the keys of the vectors that knows their client as `client`; it stands at their time."""
    folder = tmp_path_factory.mktemp("judge")
    settings = new_settings(folder, databases.fresh("sqlite", create_schema))
    newest = ECKey.import_key(document("tokens")["signingKey"])
    for number, key in ((1, OLDER), (2, newest)):
        file = folder / "keys" / f"signing-{number:04}.jwk"
        file.write_text(json.dumps(key.as_dict(private=True)), "utf-8")
    world = open_world(settings)
    known = document("assertions")
    with transaction(world.node.engine) as conn:
        registered = {"roles": ("registrar",), "jwks": known["jwks"], "at": instant(START)}
        clients.register_staff(conn, known["clientId"], **registered)
    world.identities["client"] = Identity(known["clientId"], CLIENT, CLIENT)
    yield world
    world.close()
