"""Consent: permits, denials, exclusions and withdrawals as a partner meets them."""

from datetime import timedelta
from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.registry import check

_CRIMINAL = "criminalInvestigation"


def _permit(**members: Any) -> dict[str, Any]:
    return samples.grant([scenes.PURPOSE], **members)


@check("cons-001", requirements=["CONS-001"], needs=["partner.one"])
def nothing_without_permit(lab: Lab) -> None:
    """Without a permit for purpose, category and recipient a partner finds nothing; a release keeps to it."""
    stranger = samples.identifier("node")
    never: dict[str, list[dict[str, Any]]] = {
        "no grant": [],
        "another purpose": [samples.grant(["repatriation"])],
        "another recipient": [_permit(recipientClasses=[], recipientIds=[stranger])],
        "no recipient": [_permit(recipientClasses=[])],
        "another class": [_permit(recipientClasses=["rescue"])],
        "expired": [_permit(expires=samples.instant(timedelta(minutes=-1)))],
        "not yet": [_permit(notBefore=samples.instant(timedelta(days=1)))],
    }
    for why, grants in never.items():
        expect.that(not scenes.finds(lab, scenes.known(lab, grants).name), f"found in spite of: {why}")
    undirected = scenes.fictitious_name()
    lab.create("createPerson", samples.person([samples.contribution(samples.sections(undirected))]))
    expect.that(not scenes.finds(lab, undirected), "found although no directive speaks for the contribution")
    narrow = [_permit(releaseSets=["summary"], categories=["names"])]
    known = scenes.known(lab, narrow)
    _, release = scenes.released(lab, scenes.hit(lab, known, release_set="summary"))
    given = set(release.at("disclosures"))
    expect.that(
        given <= {"existence", "summary", "names"}, "the release goes beyond the permitted categories"
    )
    birth = samples.sections(known.name)["birth"]["date"]
    expect.absent(release, [birth], "a date of birth that no directive permits")


@check("cons-002", requirements=["CONS-002"], needs=["partner.one"])
def decided_each_time(lab: Lab) -> None:
    """A search and a fetch follow the directive as it is now, not as it was."""
    known = scenes.known(lab)
    request, _ = scenes.released(lab, scenes.hit(lab, known))
    scenes.withdraw(lab, known.directive)
    expect.that(not scenes.finds(lab, known.name), "a search still finds what was withdrawn")
    expect.problem(scenes.collect(lab, request), 404, why="the consent was withdrawn")


@check("cons-003", requirements=["CONS-003"], needs=["partner.one"])
def denial_wins(lab: Lab) -> None:
    """Of a permit and a denial by the same right, the denial counts, in whatever order they stand."""
    deny = {"effect": "deny", "purposes": [scenes.PURPOSE]}
    expect.that(scenes.finds(lab, scenes.known(lab).name), "control: a permitted record is not found")
    for grants in ([_permit(), deny], [deny, _permit()]):
        expect.that(not scenes.finds(lab, scenes.known(lab, grants).name), "a permit won over a denial")
    known = scenes.known(lab, authority="self")
    denial = scenes.directive(lab, [deny], "self")
    record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
    entry = samples.contribution({"summary": {"sex": "female"}}, denial)
    body = {**record.json, "contributions": [*record.at("contributions"), entry]}
    headers: dict[str, str | None] = {"If-Match": record.headers.get("etag", "")}
    expect.status(lab.staff("replacePerson", body, recordId=known.record, headers=headers), 200)
    expect.that(not scenes.finds(lab, known.name), "the person's own denial did not bind the record")


@check("cons-004", requirements=["CONS-004"], needs=["partner.one"])
def exclusions(lab: Lab) -> None:
    """Whoever `doNotShareWith` names, in any of five ways, finds nothing; others still do."""
    missing = []
    for kind, member in (
        ("nodeId", "nodeId"),
        ("recipientClass", "recipientClass"),
        ("parentMinistry", "parentMinistry"),
        ("unit", "unit"),
        ("mandate", "mandates"),
    ):
        found = _described(lab, member)
        if found is None:
            missing.append(kind)
            continue
        partner, value = found
        excluded = scenes.known(lab, doNotShareWith=[{kind: value}])
        expect.that(
            not scenes.finds(lab, excluded.name, partner=partner), f"found in spite of exclusion by {kind}"
        )
    other = scenes.known(lab, doNotShareWith=[{"nodeId": samples.identifier("node")}])
    expect.that(scenes.finds(lab, other.name), "the exclusion of another recipient excluded everybody")
    if missing:
        raise UntestableError(f"no partner of the profile has a {', '.join(missing)} in the registry")


def _described(lab: Lab, member: str) -> tuple[str, str] | None:
    for name in lab.ordinary:
        if scenes.PURPOSE in lab.entry(name)["purposes"]:
            value = lab.entry(name).get(member)
            if value:
                return name, str(value[0] if isinstance(value, list) else value)
    return None


@check("cons-005", requirements=["CONS-005"], needs=["partner.one"])
def withdrawals_are_personal(lab: Lab) -> None:
    """What one enquirer withdraws goes; what another contributed to the same record stays."""
    leaving, staying = scenes.fictitious_name(), scenes.fictitious_name()
    first = scenes.directive(lab, [_permit()])
    second = scenes.directive(lab, [_permit()])
    entries = [
        samples.contribution(samples.sections(leaving), first),
        samples.contribution(samples.sections(staying), second),
    ]
    record = lab.create("createPerson", samples.person(entries))["recordId"]
    scenes.withdraw(lab, first)
    expect.that(not scenes.finds(lab, leaving), "the withdrawn contribution is still found")
    _, release = scenes.released(lab, scenes.hit(lab, scenes.Known(staying, record, second)))
    expect.that(staying in release.body.decode(), "the withdrawal of one took what another contributed")
    expect.absent(release, [leaving], "a contribution that was withdrawn")


@check("cons-006", requirements=["CONS-006"], needs=["partner.one"])
def criminal_investigation(lab: Lab) -> None:
    """Criminal investigation finds only what a grant opened to it by name."""
    partner = next((name for name in lab.ordinary if _investigates(lab, name)), None)
    if partner is None:
        raise UntestableError(f"no partner of the profile holds a mandate for {_CRIMINAL}")
    others = [scenes.PURPOSE, "identifyDeceased", "familyReunification", "childProtection"]
    closed = scenes.known(lab, [samples.grant(others)])
    opened = scenes.known(lab, [samples.grant([_CRIMINAL])])
    found = [scenes.finds(lab, item.name, partner=partner, purpose=_CRIMINAL) for item in (closed, opened)]
    expect.that(not found[0], "criminal investigation found what no grant opened to it")
    expect.that(found[1], "criminal investigation did not find what a grant opened to it by name")


def _investigates(lab: Lab, name: str) -> bool:
    return _CRIMINAL in lab.entry(name)["purposes"]


@check("cons-007", requirements=["CONS-007"], needs=["partner.one"])
def denied_for_the_record(lab: Lab) -> None:
    """A denial that the record itself names holds for every contribution, by whichever authority it is."""
    deny = {"effect": "deny", "purposes": [scenes.PURPOSE]}
    for authority in ("self", "court", "childProtection", "guardian"):
        known = scenes.known(lab)
        expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
        request, _ = scenes.released(lab, scenes.hit(lab, known))
        denial = scenes.directive(lab, [deny], authority)
        record = expect.status(lab.staff("getPerson", recordId=known.record), 200)
        headers: dict[str, str | None] = {"If-Match": record.headers.get("etag", "")}
        body = {**record.json, "directives": [denial]}
        expect.status(lab.staff("replacePerson", body, recordId=known.record, headers=headers), 200)
        expect.that(not scenes.finds(lab, known.name), f"found in spite of a denial by {authority}")
        expect.problem(scenes.collect(lab, request), 404, why=f"denied by {authority}")


@check("cons-008", requirements=["CONS-008"], needs=["partner.one"])
def authorities_of_concern(lab: Lab) -> None:
    """An authority of a country finds nobody of that country and nobody whose countries are unknown."""
    partner = next((name for name in lab.ordinary if "nationalAuthorityOf" in lab.entry(name)), None)
    if partner is None:
        raise UntestableError("no partner of the profile is an authority of a country")
    country = lab.entry(partner)["nationalAuthorityOf"]
    other = "XY" if country != "XY" else "XZ"
    expect.that(
        scenes.finds(lab, _from(lab, nationality=other, origin=other), partner=partner),
        "control: somebody of another country is not found",
    )
    for why, countries in {
        "nationality": {"nationality": country},
        "origin": {"nationality": other, "origin": country},
        "unknown countries": {},
    }.items():
        name = _from(lab, **countries)
        expect.that(not scenes.finds(lab, name, partner=partner), f"found in spite of {why}")


def _from(lab: Lab, *, nationality: str | None = None, origin: str | None = None) -> str:
    """Register somebody of these countries, whom everybody may find; return the name."""
    name = scenes.fictitious_name()
    content = samples.sections(name)
    known = [{"country": nationality, "basis": "claimed"}] if nationality else []
    content["identity"] = {"languages": ["fr"], **({"nationalities": known} if known else {})}
    if origin:
        content["journey"] = {"points": [{"type": "origin", "place": {"country": origin}}]}
    basis = scenes.directive(lab, [_permit()])
    lab.create("createPerson", samples.person([samples.contribution(content, basis)]))
    return name
