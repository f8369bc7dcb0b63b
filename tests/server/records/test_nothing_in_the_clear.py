"""Planted names, places and fictional texts are nowhere but in the answers to those who may read them."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from mpex_server.http import logs
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import World

PLANTED = (
    "Fictia Examplová",
    "Examplov",
    "تجربة مثالية",
    "Testa Ficta Muestra",
    "Playa Inventada",
    "Quarz-Anhänger",
    "Mar Inventado",
    "Morgue of Invention",
    "+00 555 0100",
    "Tent of the tests",
    "avoid the word sea",
    "neighbour-of-fiction",
    "clerk misheard the name",
    "invented laboratory",
    "Invented Court",
    "imaginary uncle",
    "a note on resemblance",
)
FOUND = {
    "names": {"names": [{"text": "Fictia Examplová"}, {"text": "تجربة مثالية"}]},
    "birth": {"place": {"name": "Playa Inventada"}},
    "journey": {"points": [{"type": "found", "place": {"name": "Playa Inventada"}, "date": "2026-05"}]},
    "clothingEffects": {"items": [{"category": "jewellery", "description": "Quarz-Anhänger"}]},
    "contact": {"channel": "phone", "address": "+00 555 0100", "wordsToAvoid": "avoid the word sea"},
    "remainsLocation": {"facility": "Morgue of Invention"},
}


def planted(**members: Any) -> list[Body]:
    return [samples.contribution(contributor="neighbour-of-fiction", sections=FOUND, **members)]


def forms(text: str) -> list[bytes]:
    """Return the bytes that the text would be, as UTF-8, UTF-16 and escaped JSON."""
    escaped = json.dumps(text)[1:-1].encode()
    return [text.encode(), text.encode("utf-16-le"), escaped, escaped.replace(b"\\", b"\\\\")]


def lived(world: World) -> None:
    """Use every kind of document: create, read, list, change, refuse, match, identify, erase."""
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    body = samples.person(contributions=planted(directive=directive))
    created = world.call("registrar", "POST", "/v1/persons", body)
    person, path = created.json()["recordId"], created.headers["location"]
    changed = created.json() | {"changeReason": "clerk misheard the name"}
    world.call("registrar", "PUT", path, changed, match=created.headers["etag"])
    unit_body = samples.remains_unit(contributions=planted())
    unit = samples.made(world, "registrar", "/v1/remains", unit_body)["recordId"]
    contact = {"channel": "phone", "address": "+00 555 0100", "wordsToAvoid": "avoid the word sea"}
    request = samples.search_request(person, safeContact=contact)
    request["enquirer"]["name"] = {"text": "Testa Ficta Muestra"}
    samples.made(world, "registrar", "/v1/search-requests", request)
    evidence = [{"category": "names", "agreement": "agrees", "note": "a note on resemblance"}]
    samples.made(world, "caseWorker", "/v1/matches", samples.match(person, unit, evidence=evidence))
    decided = samples.identification(persons=[person], remains=[unit])
    shown = samples.made(world, "releaseOfficer", "/v1/identifications", decided)
    told = samples.notification(personTold="imaginary uncle")
    world.call("caseWorker", "POST", f"/v1/identifications/{shown['identificationId']}/notification", told)
    seen = samples.made(world, "registrar", "/v1/incidents", samples.incident())
    batch = [samples.incident(source={"system": "inventedFile", "id": name}) for name in ("a", "b")]
    assert world.call("registrar", "POST", "/v1/incidents/import", {"incidents": batch}).status_code == 200
    assert seen["place"]["name"] == "Mar Inventado"
    assert "Fictia Examplová" in world.call("registrar", "GET", "/v1/persons").text
    samples.erase(world, samples.made(world, "registrar", "/v1/persons", body)["recordId"])


def stored(world: World, database_url: str) -> bytes:
    """Return the bytes of the SQLite files, or every cell of every PostgreSQL table."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        files = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal", "-shm")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    cells = []
    with world.node.engine.connect() as conn:
        for table in sa.inspect(conn).get_table_names():
            for row in conn.execute(sa.text(f'SELECT * FROM "{table}"')):  # noqa: S608 - names of our tables
                cells += [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
    return b"\0".join(cells)


def test_no_planted_text_is_in_the_database(world: World, database_url: str) -> None:
    lived(world)
    data = stored(world, database_url)
    assert len(data) > 10_000
    assert [text for text in PLANTED if any(form in data for form in forms(text))] == []


def test_the_search_for_planted_texts_would_find_one(world: World, database_url: str) -> None:
    with transaction(world.node.engine) as conn:
        conn.execute(sa.insert(t.inbox).values(issuer="x", jti=PLANTED[2], event_type="x", state="x", at="x"))
    assert any(form in stored(world, database_url) for form in forms(PLANTED[2]))


def test_no_planted_text_is_in_logs_or_addresses(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug")
    world.app._log = logs.AccessLog("debug")
    asked: list[str] = []
    raw = world.raw

    def remembered(method: str, path: str, **options: Any) -> httpx2.Response:
        asked.append(path)
        return raw(method, path, **options)

    world.raw = remembered  # type: ignore[method-assign]  # every address that the world asks for passes here
    lived(world)
    logged = "".join(capfd.readouterr())
    assert '"operation"' in logged
    assert "/v1/persons" in asked
    everything = (logged + "\n".join(asked)).encode()
    assert [text for text in PLANTED if any(form in everything for form in forms(text))] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/persons", samples.person(contributions=planted(assertedAt="Playa Inventada"))),
        ("/v1/persons", samples.person(contributions=planted(), status="Fictia Examplová")),
        ("/v1/persons", samples.person(contributions=planted(directive="directive:" + "a" * 26))),
        ("/v1/persons", samples.person(contributions=planted(), recordId="Fictia Examplová")),
        ("/v1/remains", samples.remains_unit(contributions=planted(), type="Morgue of Invention")),
        ("/v1/remains", samples.remains_unit(contributions=planted(), parts="neighbour-of-fiction")),
        ("/v1/search-requests", samples.search_request("Testa Ficta Muestra")),
        ("/v1/directives", samples.directive(method="imaginary uncle", givenAt="Playa Inventada")),
        ("/v1/directives", samples.directive() | {"Fictia": "Fictia Examplová"}),
        ("/v1/incidents", samples.incident(date="Playa Inventada")),
    ],
)
def test_no_planted_value_is_repeated_in_a_problem(world: World, path: str, body: Body) -> None:
    refused = world.call("registrar", "POST", path, body)
    assert refused.status_code == 422
    assert refused.json()["errors"]
    assert [text for text in PLANTED if any(form in refused.content for form in forms(text))] == []


def test_what_a_document_shows_of_itself_is_no_content(world: World) -> None:
    record = samples.made(world, "registrar", "/v1/persons", samples.person(contributions=planted()))
    with world.node.engine.connect() as conn:
        row = conn.execute(sa.select(t.document).where(t.document.c.id == record["recordId"])).one()
    assert (row.kind, row.type, row.status, row.sealed) == ("person", "soughtPerson", "open", True)
    assert all(form not in row.body for text in PLANTED for form in forms(text))
