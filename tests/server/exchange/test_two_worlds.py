"""Two worlds that differ in one hidden person give a partner the same bytes, whatever it does.

Both worlds have the same keys, the same name and the same partners, and as many entries in their logs: where
one holds the hidden person, the other holds somebody whom nobody asks for. A partner then does in both the
same things. What is compared: status, every header, the size, and the body. What may differ, and only in what
it says and not in its length, is what `RANDOM` names: request identifiers, the signature (not the claims) of
a statement, and the hashes and signatures of the log. Of events sent, kind, number and size are compared.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jws import JWSRegistry
from mpex_server import workers
from mpex_server.kit import jws
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import make_url, select

from tests.databases import Databases
from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.records import samples
from tests.server.world import World, create_schema, new_settings, open_world, partner_entry

Body = dict[str, Any]
Answers = list[tuple[str, httpx2.Response]]
_REGISTRY = JWSRegistry(algorithms=["ES256"], strict_check_header=False)
RANDOM = [
    r"(?<=urn:uuid:)[0-9a-f-]{36}",
    r"(?<=\"statement\":\")([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.)(?P<random>[A-Za-z0-9_-]{86})",
    r"(?<=\n)[A-Za-z0-9+/]{43}=(?=\n)",
    r"(?<=^mpex=:)[A-Za-z0-9+/=]{88}(?=:$)",
    r"(?<=^sha-256=:)[A-Za-z0-9+/]{43}=(?=:$)",
    r"(?<=— )\S+ [A-Za-z0-9+/=]{90,}",
    r"(?<=\"hashes\":\[)[^\]]+",
]
HIDDEN: dict[str, Callable[[World, Body], str]] = {}


def hidden(why: str) -> Callable[[Callable[[World, Body], str]], Callable[[World, Body], str]]:
    """Enter a way to hold somebody whom partner `one` may not know of; both worlds go the same way."""

    def enter(place: Callable[[World, Body], str]) -> Callable[[World, Body], str]:
        HIDDEN[why] = place
        return place

    return enter


@hidden("found alive")
def _found(world: World, sections: Body) -> str:
    return record(world, permit(world, sets=["searchDetail"]), sections, type="foundAlive")


@hidden("alive and unidentified")
def _unidentified(world: World, sections: Body) -> str:
    return record(world, permit(world, sets=["identity"]), sections, type="unidentifiedLiving")


@hidden("located alive")
def _located(world: World, sections: Body) -> str:
    fate = {"value": "alive", "certaintyState": "confirmed", "assertedBy": "Invented Office"}
    return record(world, permit(world, sets=["identity"]), sections, fate=fate)


@hidden("found alive and chosen")
def _chosen(world: World, sections: Body) -> str:
    living = _found(world, sections)
    query = {name: sections[name] for name in ("summary", "names", "birth")}
    made(world.call("two", "POST", "/v1/searches", search(query=query)), 200)
    (task,) = made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]
    choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
    made(world.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    return living


@hidden("no directive")
def _held(world: World, sections: Body) -> str:
    return record(world, None, sections)


@hidden("for other purposes")
def _other_purpose(world: World, sections: Body) -> str:
    return record(world, permit(world, sets=["identity"], purposes=["identifyDeceased"]), sections)


@hidden("not for this partner")
def _excluded(world: World, sections: Body) -> str:
    one = world.identities["one"].client_id
    return record(world, permit(world, sets=["identity"], doNotShareWith=[{"nodeId": one}]), sections)


@hidden("restricted")
def _restricted(world: World, sections: Body) -> str:
    return record(world, permit(world, sets=["identity"]), sections, status="restricted")


@hidden("withdrawn")
def _withdrawn(world: World, sections: Body) -> str:
    directive = permit(world, sets=["identity"])
    held = record(world, directive, sections)
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    return held


@hidden("under another contribution")
def _elsewhere(world: World, sections: Body) -> str:
    shared = {"names": {"names": [{"text": "Nobody Else Anywhere", "script": "Latn"}]}}
    entries = [
        samples.contribution(sections=sections),
        samples.contribution(sections=shared, directive=permit(world, sets=["identity"])),
    ]
    body = samples.person(contributions=entries)
    return str(made(world.call("registrar", "POST", "/v1/persons", body))["recordId"])


@hidden("frozen")
def _frozen(world: World, sections: Body) -> str:
    held = record(world, permit(world, sets=["identity"]), sections)
    for more in ((), ("summary",), ("physical",)):
        query = {name: sections[name] for name in ("names", "birth", *more)}
        made(world.call("one", "POST", "/v1/searches", search(query=query)), 200)
    return held


@hidden("only mentioned")
def _mentioned(world: World, sections: Body) -> str:
    """Somebody of whom a fellow traveller spoke, on the list of a boat."""
    (name,) = sections["names"]["names"]
    group = samples.made(world, "registrar", "/v1/groups", samples.group())["groupId"]
    listed = {"members": [samples.member("1", name["text"])]}
    answer = made(world.call("registrar", "POST", f"/v1/groups/{group}/members", listed), 200)
    return str(answer["outcomes"][0]["memberId"])


@hidden("in the custody of another node")
def _passed_on(world: World, sections: Body) -> str:
    """Somebody whose record partner `two` has taken over."""
    held = record(world, permit(world, sets=["identity"]), sections)
    body = samples.transfer(held, world.identities["two"].client_id)
    transfer = samples.made(world, "releaseOfficer", "/v1/custody-transfers", body)["transferId"]
    package = made(world.call("two", "GET", f"/v1/custody-transfers/{transfer}/record"), 200)
    claims = jws.parse(package["statement"]).claims
    told = {"transferId": transfer, "state": "taken", "digest": claims["digest"], "withheldAccepted": True}
    told |= {"record": held, "version": claims["version"] + 1}
    answer = _push(world, "two", new_id("event"), transfer, "custodyState", told)
    assert answer.status_code == 202
    assert world.call("registrar", "GET", f"/v1/persons/{held}").status_code == 404
    return held


@hidden("about to be erased")
def _erasure_waits(world: World, sections: Body) -> str:
    held = record(world, permit(world, sets=["identity"]), sections)
    made(world.call("registrar", "POST", "/v1/erasure-requests", samples.erasure(held)))
    return held


@dataclass(frozen=True)
class Said:
    """What the partner says, minted once for both worlds."""

    searches: tuple[str, ...]
    keys: tuple[str, ...]
    event: str
    recall: str


@pytest.fixture
def worlds(tmp_path: Path, databases: Databases, database_url: str) -> Iterator[tuple[World, World]]:
    """Two nodes with one identity, one set of keys and the same partners."""
    other = databases.fresh(make_url(database_url).get_backend_name(), create_schema)
    settings = new_settings(tmp_path, database_url)
    shutil.copytree(tmp_path / "keys", tmp_path / "twin")
    twin = settings.model_copy(update={"database_url": other, "key_dir": tmp_path / "twin"})
    pair = open_world(settings), open_world(twin)
    for name in ("one", "two"):
        pair[1].identities[name] = pair[0].identities[name]
        for world in pair:
            world.register(partner_entry(pair[0].identities[name]))
    yield pair
    for world in pair:
        world.close()
    databases.drop(other)


def described(name: str) -> Body:
    """Return the sections of somebody else who bears a name of the same length."""
    return SECTIONS | {
        "names": {"names": [{"text": name, "script": "Latn"}]},
        "birth": {"date": "1961-09-28"},
    }


def play(world: World, said: Said) -> Answers:
    """Let partners do in a world whatever the interface opens to them; return every answer."""
    answers: Answers = []

    def ask(what: str, who: str, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        response = world.call(who, method, path, body, **more)
        answers.append((what, response))
        return response

    whole = search()["query"]
    asked = [
        search(releaseSet="identity"),
        search(releaseSet="existence"),
        search(releaseSet="searchDetail", caseReference="case-2"),
        search(query={"names": whole["names"]}, caseReference="case-3"),
        search(query=whole | {"physical": SECTIONS["physical"]}, among=["foundAlive", "soughtPerson"]),
    ]
    for number, body in enumerate(asked):
        body |= {"searchId": said.searches[number]}
        ask(f"search {number}", "one", "POST", "/v1/searches", body, key=said.keys[number])
        ask(f"search {number} again", "one", "POST", "/v1/searches", body, key=said.keys[number])
    references = [hit["reference"] for _, answer in answers for hit in answer.json()["hits"]]
    assert references == []
    wrong = "A" * 344
    request = {name: search()[name] for name in ("caseReference", "purpose", "legalBasis", "releaseSet")}
    request |= {"reason": "The description fits.", "hitReference": wrong}
    ask("no such hit", "one", "POST", "/v1/release-requests", request, key=said.keys[5])
    nothing = f"/v1/release-requests/releaseRequest:{'a' * 26}"
    ask("no such request", "one", "GET", nothing)
    ask("no such release", "one", "GET", f"{nothing}/release")
    ask("list", "one", "GET", "/v1/persons")
    for name in (said.searches[0], said.searches[5]):
        answers.append(("recall", _recall(world, said, name)))
    for job, _, _ in workers.JOBS:
        if job.__name__ != "deliver":
            job(world.node)
    ask("log", "one", "GET", "/v1/log/checkpoint")
    ask("search after all", "one", "POST", "/v1/searches", asked[0] | {"searchId": said.searches[6]})
    size = int(answers[-2][1].text.splitlines()[1])
    ask("consistency", "one", "GET", f"/v1/log/consistency?from=1&to={size}")
    ask("inclusion", "one", "GET", f"/v1/log/inclusion?leaf=leaf:{'a' * 26}")
    return answers


def _recall(world: World, said: Said, subject: str) -> httpx2.Response:
    notice = {"recallId": said.recall, "cause": "withdrawn", "purposes": [], "dueAt": "2026-11-23T10:00:00Z"}
    return _push(world, "one", said.event[:-1] + subject[-1], subject, "recall", notice)


def _push(world: World, who: str, event_id: str, subject: str, kind: str, event: Body) -> httpx2.Response:
    """Push an event as a partner, the first on its subject."""
    identity = world.identities[who]
    claims = {
        "iss": identity.client_id,
        "aud": world.node.settings.node_id,
        "jti": event_id,
        "iat": world.now(),
        "sub_id": {"format": "opaque", "id": subject},
        "sequence": 1,
        "events": {f"urn:mpex:event:{kind}": event},
    }
    header = {"alg": "ES256", "typ": "secevent+jwt", "kid": identity.key.kid}
    token = jwt.encode(header, claims, identity.key, registry=_REGISTRY)
    head = world.headers(who, "POST", "/v1/events") | {"Content-Type": "application/secevent+jwt"}
    return world.raw("POST", "/v1/events", content=token.encode(), headers=head)


def without_random(text: str) -> str:
    """Return a text in which each random part is replaced by as many dots."""

    def dots(found: re.Match[str]) -> str:
        random = found.groupdict().get("random") or found[0]
        return found[0].replace(random, "." * len(random))

    for pattern in RANDOM:
        text = re.sub(pattern, dots, text)
    return text


def seen(answers: Answers) -> list[tuple[str, int, list[tuple[str, str]], int, str]]:
    """Return what a partner sees of each answer."""
    return [
        (
            what,
            answer.status_code,
            [(name, without_random(value)) for name, value in answer.headers.items()],
            len(answer.content),
            without_random(answer.text),
        )
        for what, answer in answers
    ]


def sent(world: World, partner: str) -> list[tuple[str, int]]:
    """Return the kind and size of each event that waits for a partner, in order."""
    with transaction(world.node.engine, write=False) as conn:
        rows = conn.execute(
            select(t.outbox.c.event_type, t.outbox.c.body)
            .where(t.outbox.c.partner == world.identities[partner].client_id)
            .order_by(t.outbox.c.next_attempt, t.outbox.c.subject_id)
        )
        return [(row.event_type, len(row.body)) for row in rows]


@pytest.mark.parametrize("why", sorted(HIDDEN))
def test_a_partner_cannot_tell_a_world_with_a_hidden_person_from_one_without(
    worlds: tuple[World, World], why: str
) -> None:
    said = Said(
        tuple(new_id("search") for _ in range(7)),
        tuple(letter * 20 for letter in "abcdef"),
        new_id("event"),
        new_id("recall"),
    )
    full, empty = worlds
    HIDDEN[why](full, SECTIONS)
    HIDDEN[why](empty, described("Nessuna Personová Esistente"))
    for world in worlds:
        world.sequence()
    answers = play(full, said), play(empty, said)
    for one, other in zip(*map(seen, answers), strict=True):
        assert one == other
    assert sent(full, "one") == sent(empty, "one")


def test_the_comparison_sees_a_hit(worlds: tuple[World, World]) -> None:
    """Sensitivity: what may be told is seen as different."""
    full, empty = worlds
    record(full, permit(full, sets=["identity"]))
    record(empty, permit(empty, sets=["identity"]), described("Nessuna Personová Esistente"))
    body = search()
    answers = [[("search", world.call("one", "POST", "/v1/searches", body))] for world in worlds]
    one, other = map(seen, answers)
    assert one != other


def test_only_what_is_random_is_left_out_of_the_comparison(worlds: tuple[World, World]) -> None:
    answer = worlds[0].call("one", "POST", "/v1/searches", search())
    body, plain = answer.json(), json.loads(without_random(answer.text))
    assert {name for name in body if body[name] != plain[name]} == {"statement"}
    signed, _, signature = body["statement"].rpartition(".")
    assert plain["statement"] == f"{signed}.{'.' * len(signature)}"
    assert jws.parse(body["statement"]).claims["outcome"] == "noHit"
