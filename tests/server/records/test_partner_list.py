"""The list of partners: for staff only."""

from datetime import timedelta

from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.world import World, partner_entry
from tools.generators._trust_ground import Federation


def test_staff_sees_the_partners_page_by_page(world: World) -> None:
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


def test_a_partner_whose_term_ended_gets_no_token_and_keeps_none(world: World) -> None:
    identity, soon = world.identities["one"], instant(world.clock.now() + timedelta(seconds=60))
    federation = Federation()
    said, now = federation.published()[federation.node.address], instant(world.clock.now())
    with transaction(world.node.engine) as conn:
        assert clients.admit(conn, partner_entry(identity), said, judged=said, at=now, until=soon)
    token = world.token("one")
    assert world.call("one", "GET", "/v1/log/checkpoint", token=token).status_code != 401
    world.advance(seconds=61)
    assert world.call("one", "GET", "/v1/log/checkpoint", token=token).status_code == 401
    assert world.token_response("one").status_code == 401
