"""Erasure on request: who may ask for what, the waiting period, the second person, and what remains."""

from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.records import review
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import SECTIONS, Town, made, partner_search, permit, record, released, search
from tests.server.records import samples
from tests.server.world import START, World

PATH = "/v1/erasure-requests"
PROOF = {"identityProof": {"method": "recoveryCode", "checkedBy": "desk-7"}}
Body = dict[str, Any]


@pytest.fixture
def given(town: Town) -> tuple[Town, World, str, Body]:
    """Return the town, the holder, a record of it and what alpha received of that record."""
    received, _, _ = released(town)
    return town, town.nodes["beta"], str(received["origin"]["record"]), received


def asked(world: World, person: str, **members: Any) -> str:
    """Ask for an erasure; return its address."""
    body = made(world.call("registrar", "POST", PATH, samples.erasure(person, **members)))
    assert body["state"] == "waiting"
    return f"{PATH}/{body['erasureId']}"


def confirm(world: World, path: str, who: str = "releaseOfficer", outcome: str = "noSign") -> Any:
    check = {"coercionCheck": samples.coercion_check(outcome)}
    return world.call(who, "POST", f"{path}/confirmation", check)


def found(world: World) -> bool:
    """Tell whether a search of the staff gives a hit."""
    answer = world.call("registrar", "POST", "/v1/searches", search())
    return bool(made(answer, 200)["hits"])


def test_a_record_waits_out_of_use_and_comes_back_when_the_asker_revokes(
    given: tuple[Town, World, str, Body],
) -> None:
    _, beta, person, _ = given
    read = beta.call("registrar", "GET", f"/v1/persons/{person}")
    assert found(beta)
    path = asked(beta, person)
    assert not found(beta)
    waiting = beta.call("registrar", "GET", f"/v1/persons/{person}")
    assert waiting.json()["status"] == "restricted"
    changed = beta.call(
        "registrar", "PUT", f"/v1/persons/{person}", read.json(), match=waiting.headers["etag"]
    )
    assert (changed.status_code, samples.pointers(changed)) == (422, ["/status"])
    twice = beta.call("registrar", "POST", PATH, samples.erasure(person))
    assert samples.refusal(twice) == (409, "conflict")
    assert made(beta.call("registrar", "POST", f"{path}/revocation", PROOF), 200)["state"] == "revoked"
    assert found(beta)
    assert beta.call("registrar", "GET", f"/v1/persons/{person}").json()["status"] == "open"
    assert samples.refusal(confirm(beta, path)) == (409, "conflict")


def test_a_record_whose_review_was_missed_while_it_waited_comes_back_restricted(
    given: tuple[Town, World, str, Body],
) -> None:
    town, beta, person, received = given
    path = f"/v1/persons/{person}"
    read = beta.call("registrar", "GET", path)
    changed = read.json() | {"reviewDue": "2026-12-01", "changeReason": "Ask again."}
    made(beta.call("registrar", "PUT", path, changed, match=read.headers["etag"]), 200)
    waiting = asked(beta, person)
    town.wait(days=12)
    review.restrict_missed(beta.node)
    made(beta.call("registrar", "POST", f"{waiting}/revocation", PROOF), 200)
    assert beta.call("registrar", "GET", path).json()["status"] == "restricted"
    assert not found(beta)
    town.work()
    held = f"/v1/received-releases/{received['receivedReleaseId']}"
    shown = made(town.nodes["alpha"].call("caseWorker", "GET", held), 200)
    assert shown["state"] == "restricted"
    assert waiting_tasks(beta, "review") == []


def test_a_second_person_confirms_after_the_waiting_period(given: tuple[Town, World, str, Body]) -> None:
    town, beta, person, _ = given
    own = made(beta.call("releaseOfficer", "POST", PATH, samples.erasure(person)))
    path = f"{PATH}/{own['erasureId']}"
    assert own["endsAt"] == "2026-12-05T10:00:00Z"
    assert samples.refusal(confirm(beta, path)) == (403, "actionNotAllowed")
    assert samples.refusal(confirm(beta, path, "supervisor")) == (409, "conflict")
    assert samples.refusal(confirm(beta, path, "registrar")) == (403, "actionNotAllowed")
    assert waiting_tasks(beta) == []
    town.wait(days=14)
    assert waiting_tasks(beta) == [own["erasureId"]]
    unsure = confirm(beta, path, "supervisor", "notPossible")
    assert samples.refusal(unsure) == (422, "ruleViolation")
    assert made(confirm(beta, path, "supervisor"), 200)["state"] == "erased"
    assert waiting_tasks(beta) == []
    assert samples.events(beta)[-1] == "read"
    assert "erasure" in samples.events(beta)


def test_what_is_erased_is_called_back_and_never_taken_again(given: tuple[Town, World, str, Body]) -> None:
    town, beta, person, received = given
    body = beta.call("registrar", "GET", f"/v1/persons/{person}").json()
    other = record(beta, permit(beta, sets=["identity"]))
    match = made(beta.call("caseWorker", "POST", "/v1/matches", samples.match(person, other)))["matchId"]
    doubt = made(beta.call("registrar", "POST", "/v1/identity-errors", samples.identity_error(person)))
    call = {"channel": "phone"}
    contact = made(beta.call("caseWorker", "POST", f"/v1/persons/{person}/contacts", call))["contactId"]
    path = asked(beta, person)
    before = made(beta.call("auditor", "GET", f"{path}/access-report"), 200)
    assert [entry["state"] for entry in before["entries"]] == ["active"]
    town.wait(days=14)
    made(confirm(beta, path), 200)
    town.work()
    gone = town.nodes["alpha"].call(
        "caseWorker", "GET", f"/v1/received-releases/{received['receivedReleaseId']}"
    )
    assert gone.json()["state"] == "erased"
    for address in (f"persons/{person}", f"matches/{match}", f"identity-errors/{doubt['identityErrorId']}"):
        who = "caseWorker"
        assert samples.refusal(beta.call(who, "GET", f"/v1/{address}")) == (404, "notFound")
    with transaction(beta.node.engine, write=False) as conn:
        cleared = OwnWork(conn, beta.node.keys, beta.node.clock, beta.node.settings).documents.get(contact)
        assert cleared is not None
        assert cleared.erased_at is not None
    again = beta.call("registrar", "POST", "/v1/persons", body)
    assert samples.refusal(again) == (409, "alreadyExists")
    after = made(beta.call("auditor", "GET", f"{path}/access-report"), 200)
    (entry,) = after["entries"]
    assert (entry["state"], after["erasure"]) == ("erased", path.rpartition("/")[2])
    assert "receipt" in entry


def test_a_sign_of_coercion_protects_the_person_and_erases_nothing(
    given: tuple[Town, World, str, Body],
) -> None:
    town, beta, person, _ = given
    forced = samples.erasure(person, coercionCheck=samples.coercion_check("sign"))
    refused = made(beta.call("registrar", "POST", PATH, forced))
    assert refused["state"] == "refused"
    assert waiting_tasks(beta, "protection") == [person]
    town.wait(days=14)
    assert samples.refusal(confirm(beta, f"{PATH}/{refused['erasureId']}")) == (409, "conflict")
    read = beta.call("registrar", "GET", f"/v1/persons/{person}")
    assert read.json()["status"] == "restricted"
    opened = read.json() | {"status": "open"}
    made(beta.call("registrar", "PUT", f"/v1/persons/{person}", opened, match=read.headers["etag"]), 200)
    later = asked(beta, person)
    assert made(confirm(beta, later, outcome="sign"), 200)["state"] == "refused"
    assert len(waiting_tasks(beta, "protection")) == 2
    assert not found(beta)


def test_nothing_waits_on_somebody_who_is_erased(town: Town) -> None:
    beta, alpha = town.nodes["beta"], town.nodes["alpha"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    partner_search(town, record(alpha, permit(alpha, sets=["identity"])))
    made(beta.call("registrar", "POST", "/v1/identity-errors", samples.identity_error(living)))
    assert len(open_tasks(beta)) == 2
    path = asked(beta, living)
    town.wait(days=14)
    made(confirm(beta, path), 200)
    assert open_tasks(beta) == []
    with beta.node.engine.connect() as conn:
        document = t.document.c
        kept = conn.scalars(select(document.status).where(document.kind == "keptQuery")).all()
    assert kept == ["erased"]


def test_remains_are_evidence(given: tuple[Town, World, str, Body]) -> None:
    _, beta, _, _ = given
    remains = samples.made(beta, "registrar", "/v1/remains", samples.remains_unit())["recordId"]
    refused = beta.call("registrar", "POST", PATH, samples.erasure(remains))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/record"])


def test_a_death_that_was_not_told_keeps_the_record_and_only_who_may_know_hears_of_it(
    given: tuple[Town, World, str, Body],
) -> None:
    town, beta, person, _ = given
    path = asked(beta, person)
    death = samples.identification(persons=[person])
    samples.made(beta, "releaseOfficer", "/v1/identifications", death)
    town.wait(days=14)
    assert samples.refusal(confirm(beta, path)) == (409, "conflict")
    assert beta.call("registrar", "GET", path).json()["state"] == "waiting"


def test_an_identification_that_is_told_leaves_the_record_out_of_use(
    given: tuple[Town, World, str, Body],
) -> None:
    _, beta, person, _ = given
    asked(beta, person)
    death = samples.identification(persons=[person], state="confirmed")
    named = samples.made(beta, "releaseOfficer", "/v1/identifications", death)["identificationId"]
    made(
        beta.call(
            "releaseOfficer", "POST", f"/v1/identifications/{named}/notification", samples.notification()
        )
    )
    read = beta.call("registrar", "GET", f"/v1/persons/{person}").json()
    assert (read["status"], read["fate"]["value"]) == ("restricted", "deceased")


class Shared:
    """A record to which two enquirers contributed, each under a directive of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.directives = [permit(world, sets=["identity"]) for _ in range(2)]
        sections: list[Body] = [{"names": SECTIONS["names"]}, {"birth": SECTIONS["birth"]}]
        entries = [
            samples.contribution(sections=content, directive=directive)
            for content, directive in zip(sections, self.directives, strict=True)
        ]
        person = samples.person(contributions=entries)
        self.person = str(samples.made(world, "registrar", "/v1/persons", person)["recordId"])
        self.requests = [
            str(
                samples.made(
                    world,
                    "registrar",
                    "/v1/search-requests",
                    samples.search_request(self.person, directives=[directive]),
                )["requestId"]
            )
            for directive in self.directives
        ]

    def ask(self, number: int) -> str:
        return asked(self.world, self.person, asker="enquirer", searchRequest=self.requests[number])


def test_an_enquirer_takes_own_contributions_only(town: Town) -> None:
    beta = town.nodes["beta"]
    shared = Shared(beta)
    other = beta.call("registrar", "GET", f"/v1/search-requests/{shared.requests[1]}").json()
    path = shared.ask(0)
    record_now = beta.call("registrar", "GET", f"/v1/persons/{shared.person}").json()
    assert record_now["status"] == "open"
    town.wait(days=14)
    made(confirm(beta, path), 200)
    left = beta.call("registrar", "GET", f"/v1/persons/{shared.person}").json()
    assert [entry["directive"] for entry in left["contributions"]] == [shared.directives[1]]
    assert "Fictia" not in str(left)
    assert left["nameUnknown"] is True
    with beta.node.engine.connect() as conn:
        version = t.document_version.c
        kept = conn.scalars(select(version.body).where(version.document_id == shared.person)).all()
    assert set(kept) == {b""}
    gone = beta.call("registrar", "GET", f"/v1/search-requests/{shared.requests[0]}")
    assert samples.refusal(gone) == (404, "notFound")
    assert beta.call("registrar", "GET", f"/v1/search-requests/{shared.requests[1]}").json() == other
    last = shared.ask(1)
    town.wait(days=14)
    made(confirm(beta, last), 200)
    nothing = beta.call("registrar", "GET", f"/v1/persons/{shared.person}")
    assert samples.refusal(nothing) == (404, "notFound")


def test_contributions_are_out_of_use_while_their_erasure_waits(town: Town) -> None:
    beta, alpha = town.nodes["beta"], town.nodes["alpha"]
    shared = Shared(beta)
    sought = record(alpha, permit(alpha, sets=["identity"]))
    asked_of = [beta.node.settings.node_id]
    body = {
        "person": sought,
        "purpose": "searchLiving",
        "legalBasis": "consent",
        "caseReference": "case-1",
        "releaseSet": "identity",
        "partners": asked_of,
    }

    def evidence() -> set[str]:
        answer = made(alpha.call("caseWorker", "POST", "/v1/partner-searches", body))
        hits = answer["results"][0]["result"]["hits"]
        return {
            entry["category"] for hit in hits for entry in hit["evidence"] if entry["agreement"] == "agrees"
        }

    assert {"names", "birth"} <= evidence()
    path = shared.ask(0)
    assert "names" not in evidence()
    made(beta.call("registrar", "POST", f"{path}/revocation", PROOF), 200)
    assert {"names", "birth"} <= evidence()


def test_an_enquirer_names_an_own_search_request(town: Town) -> None:
    beta = town.nodes["beta"]
    shared = Shared(beta)
    elsewhere = record(beta)
    wrong = [
        samples.erasure(shared.person, asker="enquirer"),
        samples.erasure(shared.person, searchRequest=shared.requests[0]),
        samples.erasure(elsewhere, asker="enquirer", searchRequest=shared.requests[0]),
    ]
    for body in wrong:
        refused = beta.call("registrar", "POST", PATH, body)
        assert (refused.status_code, samples.pointers(refused)) == (422, ["/searchRequest"])


def open_tasks(world: World) -> list[Body]:
    """Return what waits for a person."""
    return list(made(world.call("supervisor", "GET", "/v1/tasks"), 200)["items"])


def waiting_tasks(world: World, kind: str = "erasureConfirmation") -> list[str]:
    """Return what tasks of a kind are about."""
    listed = made(world.call("supervisor", "GET", f"/v1/tasks?kind={kind}"), 200)["items"]
    return [task["subject"] for task in listed]


def test_an_enquirer_lifts_nobodys_protection_by_asking_for_an_erasure(world: World) -> None:
    """Naming the directive of a court in a search request does not make it the enquirer's own."""
    own, other = (permit(world, sets=["identity"]) for _ in range(2))
    grant = {"effect": "deny", "purposes": ["searchLiving"], "recipientClasses": ["humanitarian"]}
    court = samples.directive(grants=[grant], givenBy={"authority": "court"})
    court_id = made(world.call("registrar", "POST", "/v1/directives", court))["directiveId"]
    parts = [samples.contribution(sections=SECTIONS, directive=directive) for directive in (own, other)]
    body = samples.person(contributions=parts, directives=[court_id])
    person = made(world.call("registrar", "POST", "/v1/persons", body))["recordId"]
    outcomes = []
    for named, status in (([court_id], 422), ([court_id, own], 201)):
        request = samples.search_request(person, directives=named)
        name = made(world.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
        asks = samples.erasure(person, asker="enquirer", searchRequest=name)
        assert world.call("registrar", "POST", PATH, asks).status_code == status
        answer = world.call("one", "POST", "/v1/searches", search())
        outcomes.append(made(answer, 200)["outcome"])
    assert outcomes == ["noHit", "noHit"]
    shown = made(world.call("registrar", "GET", f"/v1/directives/{court_id}"), 200)
    assert shown.get("status") != "restricted"


def test_what_a_directive_denies_stays_denied_while_it_is_out_of_use(world: World) -> None:
    grant = {"effect": "deny", "purposes": ["searchLiving"], "recipientClasses": ["humanitarian"]}
    court = samples.directive(grants=[grant], givenBy={"authority": "court"})
    court_id = made(world.call("registrar", "POST", "/v1/directives", court))["directiveId"]
    record(world, permit(world, sets=["identity"]), directives=[court_id])
    with transaction(world.node.engine) as conn:
        documents = Documents(conn, world.node.keys, world.clock)
        held = documents.get(court_id)
        assert held is not None
        documents.replace(held, held.body, reason="test", actor="test", status="restricted")
    answer = world.call("one", "POST", "/v1/searches", search())
    assert made(answer, 200)["outcome"] == "noHit"


def test_the_second_client_of_who_took_a_request_does_not_confirm_it(world: World) -> None:
    first, second = world.identities["releaseOfficer"], world.identities["supervisor"]
    with transaction(world.node.engine) as conn:
        clients.register_staff(
            conn,
            second.client_id,
            roles=("supervisor",),
            jwks=second.jwks,
            at=instant(START),
            person=first.client_id,
        )
    person = record(world)
    own = made(world.call("releaseOfficer", "POST", PATH, samples.erasure(person)))
    path = f"{PATH}/{own['erasureId']}"
    world.advance(days=20)
    assert samples.refusal(confirm(world, path, "supervisor")) == (403, "actionNotAllowed")
