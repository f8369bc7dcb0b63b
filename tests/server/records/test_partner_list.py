"""The list of partners: what the signed registry says, for staff only."""

from datetime import timedelta

import pytest
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.partners import registry
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.world import World, partner_entry


def test_staff_sees_the_entries_of_the_registry_page_by_page(world: World) -> None:
    expected = sorted(world.identities[name].client_id for name in ("one", "two"))
    first = world.call("auditor", "GET", "/v1/partners?limit=1").json()
    rest = world.call("auditor", "GET", f"/v1/partners?limit=1&cursor={first['nextCursor']}").json()
    assert [item["nodeId"] for item in first["items"] + rest["items"]] == expected
    assert "nextCursor" not in rest
    assert first["items"][0]["noImmigrationEnforcement"] is True
    assert samples.events(world) == ["read", "read"]


def test_no_private_key_is_shown(world: World) -> None:
    for entry in world.call("auditor", "GET", "/v1/partners").json()["items"]:
        assert all("d" not in key for key in entry["jwks"]["keys"])


def test_a_partner_whose_registry_lapsed_gets_no_token_and_keeps_none(world: World) -> None:
    identity, soon = world.identities["one"], instant(world.clock.now() + timedelta(seconds=60))
    listed = registry.Registry("a" * 43, world.clock.now(), parse_instant(soon), [partner_entry(identity)])
    with transaction(world.node.engine) as conn:
        registry.apply(conn, listed, now=world.clock.now())
    token = world.token("one")
    assert world.call("one", "GET", "/v1/log/checkpoint", token=token).status_code != 401
    world.advance(seconds=61)
    assert world.call("one", "GET", "/v1/log/checkpoint", token=token).status_code == 401
    assert world.token_response("one").status_code == 401
    with transaction(world.node.engine) as conn, pytest.raises(registry.RegistryError, match="not newer"):
        registry.apply(conn, listed, now=world.clock.now())
