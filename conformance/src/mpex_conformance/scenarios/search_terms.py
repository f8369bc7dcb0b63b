"""Search: the order of hits, what is ruled out, the terms of a query, and who chooses for the living."""

from functools import partial
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.partner.node import Event
from mpex_conformance.registry import check
from mpex_conformance.wire import jose

_BANDS = ("strong", "moderate", "weak", None)
_ORDERS = 16


@check("srch-011", requirements=["SRCH-011"], needs=["partner.one"])
def order_by_band(lab: Lab) -> None:
    """Two hits of one band, of which one fits better, come now in one order and now in the other."""
    better = scenes.known(lab)
    content = samples.sections(better.name)
    del content["identity"]
    lab.create("createPerson", samples.person([samples.contribution(content, better.directive)]))
    case, orders = samples.case_reference(), set()
    for _ in range(_ORDERS):
        answer = scenes.search(lab, better.name, release_set="identity", caseReference=case)
        hits = answer.at("hits")
        bands = [_BANDS.index(hit.get("band")) for hit in hits]
        expect.that(bands == sorted(bands), "the hits are not in the order of their bands")
        expect.that(len(hits) == 2 and len(set(bands)) == 1, "two like records are not two hits of one band")
        orders.add(tuple(_agreement(hit, "identity") for hit in hits))
    expect.that(len(orders) == 2, "the order of hits of one band tells which fits better")


def _agreement(hit: dict[str, Any], category: str) -> str:
    found = [entry["agreement"] for entry in hit.get("evidence", ()) if entry["category"] == category]
    return found[0] if found else "unknown"


@check("srch-012", requirements=["SRCH-012"], needs=["partner.one", "partner.two"])
def ruled_out_by_release(lab: Lab) -> None:
    """A record of which the asker has a release and that it rules out is left out, for this asker only."""
    request, release = scenes.released(lab)
    known = request.hit.known
    name = str((jose.claims(str(release.at("statement"))))["jti"])
    expect.that(not scenes.finds(lab, known.name, notSame=[name]), "what the asker has ruled out is offered")
    expect.that(scenes.finds(lab, known.name), "what is not ruled out in a query is left out of its answer")
    other = scenes.finds(lab, known.name, partner="two", notSame=[name])
    expect.that(other, "a partner rules out a record by the release of another partner")


@check("srch-036", requirements=["SRCH-036"], needs=["partner.one"])
def searches_have_names(lab: Lab) -> None:
    """A query that could not be called back is not taken."""
    body = samples.search(samples.query(scenes.fictitious_name()), scenes.PURPOSE)
    del body["searchId"]
    refused = lab.partner("one").call("createSearch", body, wrong=True)
    expect.problem(refused, 422, why="a search without a searchId")


@check("srch-013", requirements=["SRCH-013"], needs=["partner.one"])
def kept_until(lab: Lab) -> None:
    """A query that waits for a living person is gone at its `deleteBy`, and its task with it."""
    living = scenes.known(
        lab,
        [samples.grant([scenes.PURPOSE])],
        kind="foundAlive",
        authority="self",
        dataSubject="livingPerson",
    )
    terms = {"retention": "deleteAfterAnswer", "onward": "none", "deleteBy": scenes.soon()}
    scenes.search(lab, living.name, terms=terms)

    def gone() -> bool:
        return not any(item["subject"] == living.record for item in scenes.tasks(lab))

    scenes.gone_in_time(lab, gone, "the task of a query that waits for a living person")


@check("srch-014", requirements=["SRCH-014"], needs=["partner.one"])
def best_interests_explained(lab: Lab) -> None:
    """A choice on behalf of somebody names the ground, the deciding body and the reason."""
    living, _, task = scenes.silent_hit(lab)
    whole = {
        "mayTell": "nothing",
        "decidedBy": "bestInterests",
        "task": task,
        "ground": "lacksCapacity",
        "decider": "Invented guardianship office",
        "reason": "Conformance run with synthetic records",
    }
    for member in ("ground", "decider", "reason"):
        less = {name: value for name, value in whole.items() if name != member}
        refused = lab.staff("recordPersonChoice", less, wrong=True, recordId=living.record)
        expect.problem(refused, 422, why=f"a choice on behalf of somebody without {member}")
    expect.status(lab.staff("recordPersonChoice", whole, recordId=living.record), 201)


def _asks(task: dict[str, Any], record: str) -> bool:
    return bool(task["subject"] == record and task["kind"] == "silentHit")


@check("srch-016", requirements=["SRCH-016"], needs=["partner.one"])
def children_do_not_choose_alone(lab: Lab) -> None:
    """A choice by whoever may be under 18 is refused, whatever it says."""
    name = scenes.fictitious_name()
    born = {"birth": {"date": str(int(samples.instant()[:4]) - 17)}, "summary": {"sex": "female"}}
    basis = scenes.directive(lab, [samples.grant([scenes.PURPOSE])], "self", dataSubject="livingPerson")
    content = samples.sections(name, **born)
    child = lab.create("createPerson", samples.person([samples.contribution(content, basis)], "foundAlive"))
    query = {category: content[category] for category in ("names", "birth", "summary", "identity")}
    asked = samples.search(query, scenes.PURPOSE)
    expect.status(lab.partner("one").call("createSearch", asked), 200)
    task = expect.eventually(
        lambda: next((item for item in scenes.tasks(lab) if _asks(item, child["recordId"])), None),
        within=lab.config.event_seconds,
        what="a task for a silent hit",
    )
    body = {"mayTell": "nothing", "decidedBy": "person", "task": task["taskId"]}
    refused = lab.staff("recordPersonChoice", body, recordId=child["recordId"])
    expect.problem(refused, 422, why="a choice by a person who may be a child")


@check("srch-015", requirements=["SRCH-015"], needs=["partner.one", "mock"])
def later_choices_reach_the_asker(lab: Lab) -> None:
    """Whoever was told something hears of a later choice, and what may not be told any more is retracted."""
    mock = lab.mock("one")
    living, search, task = scenes.silent_hit(lab)
    later: list[tuple[dict[str, str], tuple[str, object]]] = [
        ({"mayTell": "aliveOnly", "task": task}, ("choice", "aliveOnly")),
        ({"mayTell": "messageOnly", "message": "I am well."}, ("choice", "messageOnly")),
        ({"mayTell": "nothing"}, ("retracted", True)),
    ]

    def news(member: str, value: object) -> Event | None:
        told = [event for event in mock.events if (event.of("news") or {}).get("searchId") == search]
        return next((event for event in told if (event.of("news") or {}).get(member) == value), None)

    for choice, expected in later:
        answer = lab.staff("recordPersonChoice", {**choice, "decidedBy": "person"}, recordId=living.record)
        expect.status(answer, 201)
        expect.eventually(
            partial(news, *expected), within=lab.config.event_seconds, what="news of a later choice"
        )
