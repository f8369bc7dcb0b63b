"""The candidate index follows its records in the same transaction, and holds nothing in the clear."""

import sqlalchemy as sa
from mpex_server.domain.features import Features, features
from mpex_server.domain.features_codec import unpack
from mpex_server.keys import FileKeys
from mpex_server.kit.ids import new_id
from mpex_server.records import candidate_index, repository
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.world import World

GENERATION_ONE = 256
"""What the mask of a record says of the secret under which it is indexed."""


def found_by(world: World, name: str) -> set[str]:
    """Return the records that share an index token with a query for a name."""
    query = {"names": {"names": [{"text": name}]}}
    tokens = candidate_index.query_tokens(world.node.keys, query)
    with transaction(world.node.engine, write=False) as conn:
        return set(
            conn.scalars(sa.select(t.index_token.c.document_id).where(t.index_token.c.token.in_(tokens)))
        )


def blob(world: World, record_id: str) -> tuple[Features, int] | None:
    with transaction(world.node.engine, write=False) as conn:
        found = repository.features(conn, world.node.keys, [record_id]).get(record_id)
    return (unpack(found[0]), found[1] - GENERATION_ONE) if found else None


def test_a_record_is_found_by_its_name_once_it_is_stored(world: World) -> None:
    record = samples.made(world, "registrar", "/v1/persons", samples.person())
    assert found_by(world, "Fictia Examplová") == {record["recordId"]}
    assert found_by(world, "Prueba Inventada") == set()
    assert blob(world, record["recordId"]) == (features(record), 0)


def test_a_record_that_was_imported_is_found_like_any_other(world: World) -> None:
    item = {"source": {"system": "inventedRegister", "id": "1"}, "record": samples.person()}
    answer = world.call("registrar", "POST", "/v1/persons/import", {"items": [item]})
    assert found_by(world, "Fictia Examplová") == {answer.json()["outcomes"][0]["recordId"]}


def test_the_index_follows_a_new_version(world: World) -> None:
    created = world.call("registrar", "POST", "/v1/persons", samples.person())
    names = {"names": {"names": [{"text": "تجربة مثالية"}]}}
    body = samples.person(contributions=[samples.contribution(sections=names)])
    world.call("registrar", "PUT", created.headers["location"], body, match=created.headers["etag"])
    assert found_by(world, "Fictia Examplová") == set()
    assert found_by(world, "تجربة مثالية") == {created.json()["recordId"]}


def test_a_refused_record_leaves_no_trace_in_the_index(world: World) -> None:
    body = samples.person(contributions=[samples.contribution(directive=new_id("directive"))])
    assert world.call("registrar", "POST", "/v1/persons", body).status_code == 422
    assert found_by(world, "Fictia Examplová") == set()


def test_an_erased_record_leaves_the_index(world: World) -> None:
    record = samples.made(world, "registrar", "/v1/persons", samples.person())
    samples.erase(world, record["recordId"])
    assert found_by(world, "Fictia Examplová") == set()
    assert blob(world, record["recordId"]) is None


def test_remains_are_indexed_without_a_name(world: World) -> None:
    record = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())
    found = blob(world, record["recordId"])
    assert found is not None
    assert found[0].kind == "remainsUnit"
    assert found[0].places


def test_the_mask_says_whether_a_partner_might_ever_be_told(world: World) -> None:
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    body = samples.person(contributions=[samples.contribution(), samples.contribution(directive=directive)])
    record = samples.made(world, "registrar", "/v1/persons", body)
    assert blob(world, record["recordId"]) == (features(record), candidate_index.MAY_BE_SHARED)


def test_the_same_name_has_other_tokens_under_another_key(world: World) -> None:
    query = {"names": {"names": [{"text": "Fictia Examplová"}]}}
    tokens = candidate_index.query_tokens(world.node.keys, query)
    keys = FileKeys.create(world.node.settings.key_dir.parent / "other")
    assert tokens
    assert not tokens & candidate_index.query_tokens(keys, query)
