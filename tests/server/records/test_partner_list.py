"""The list of partners: what the signed registry says, for staff only."""

from tests.server.records import samples
from tests.server.world import World


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
