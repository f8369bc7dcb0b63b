"""The history of a record: every change with its version, reason, author and time."""

from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World


def test_each_change_has_its_reason_author_and_time(world: World) -> None:
    for kind, body in (("persons", samples.person()), ("remains", samples.remains_unit())):
        path = f"/v1/{kind}/{samples.made(world, 'registrar', f'/v1/{kind}', body)['recordId']}"
        assert world.call("caseWorker", "GET", f"{path}/changes").json() == {"items": []}
        at = []
        for reason in ({}, {"changeCode": "correction", "changeReason": "The year was misread."}):
            world.advance(minutes=1)
            at.append(world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
            tag = world.call("registrar", "GET", path).headers["etag"]
            assert world.call("registrar", "PUT", path, body | reason, match=tag).status_code == 200
        by = world.identities["registrar"].client_id
        assert world.call("caseWorker", "GET", f"{path}/changes").json()["items"] == [
            {"version": 2, "reason": "unstated", "changedBy": by, "at": at[0]},
            {"version": 3, "reason": "correction", "changedBy": by, "at": at[1]},
        ]


def test_what_is_not_there_has_no_history(world: World) -> None:
    assert world.call("registrar", "GET", f"/v1/persons/{new_id('person')}/changes").status_code == 404
