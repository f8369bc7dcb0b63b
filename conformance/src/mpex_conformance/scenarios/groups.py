"""Groups: sizes as told, members row by row, and people who were only mentioned."""

from typing import Any

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check


def _group(lab: Lab, **members: Any) -> str:
    return str(lab.create("createGroup", {"type": "boat", **members})["groupId"])


def _member(row: str, name: str | None = None, **members: Any) -> dict[str, Any]:
    mention = {"name": {"text": name or samples.word()}, "sex": "female"}
    return {"row": row, "source": "coTraveller", "certainty": "stated", "mention": mention, **members}


def _listed(lab: Lab, group: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = lab.staff("importGroupMembers", {"members": list(rows)}, groupId=group)
    outcomes = list(expect.status(answer, 200).at("outcomes"))
    expect.that(len(outcomes) == len(rows), "not one outcome for each row")
    return outcomes


def _kinds(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["outcome"] for outcome in outcomes]


def _members(lab: Lab, group: str) -> list[dict[str, Any]]:
    return list(expect.status(lab.staff("listGroupMembers", groupId=group), 200).at("items"))


@check("grp-001", requirements=["GRP-001"])
def sizes_as_told(lab: Lab) -> None:
    """Two sources that differ on the size of a group are both kept, with source and certainty."""
    sizes = [
        {"min": 40, "max": 60, "source": "coTraveller", "certainty": "estimated"},
        {"min": 52, "max": 52, "source": "family", "certainty": "stated"},
    ]
    group = _group(lab, sizes=sizes)
    read = expect.status(lab.staff("getGroup", groupId=group), 200)
    expect.that(read.at("sizes") == sizes, "the sizes of a group were changed")


@check("grp-002", requirements=["GRP-002"], needs=["partner.one"])
def mentions_are_not_found(lab: Lab) -> None:
    """A partner's search finds a registered person and nobody who was only mentioned."""
    known, name = scenes.known(lab), samples.word()
    _listed(lab, _group(lab), _member("1", name))
    expect.that(scenes.finds(lab, known.name), "control: a permitted record is not found")
    expect.that(not scenes.finds(lab, name), "a partner finds somebody who was only mentioned")


@check("grp-003", requirements=["GRP-003"])
def one_bad_row(lab: Lab) -> None:
    """One bad row is rejected with its place, the others are stored."""
    group = _group(lab)
    outcomes = _listed(lab, group, _member("1"), _member("2", mention={}), _member("3"))
    expect.that(_kinds(outcomes) == ["created", "rejected", "created"], "the outcomes do not fit the rows")
    expect.that(outcomes[1].get("errors"), "the rejected row does not say what was wrong")
    expect.that({member["row"] for member in _members(lab, group)} == {"1", "3"}, "other rows were stored")


@check("grp-004", requirements=["GRP-004"])
def the_same_list(lab: Lab) -> None:
    """The same list again changes nothing; a changed row is brought up to date."""
    group, rows = _group(lab), [_member("1"), _member("2")]
    first = _listed(lab, group, *rows)
    again = _listed(lab, group, *rows)
    expect.that(_kinds(again) == ["unchanged", "unchanged"], "the repeated list changed something")
    expect.that(
        [outcome.get("memberId") for outcome in again] == [outcome.get("memberId") for outcome in first],
        "the repetition made new members",
    )
    expect.that(len(_members(lab, group)) == len(rows), "the repetition made new members")
    expect.that(
        _kinds(_listed(lab, group, _member("1"))) == ["updated"], "a changed row was not brought up to date"
    )


@check("grp-005", requirements=["GRP-005"])
def one_is_erased(lab: Lab) -> None:
    """An erased member is gone and stays away; the others are as before."""
    group, rows = _group(lab), [_member("1"), _member("2")]
    first, _ = _listed(lab, group, *rows)
    erased = lab.staff("eraseGroupMember", groupId=group, memberId=first["memberId"])
    expect.status(erased, 204)
    expect.that([member["row"] for member in _members(lab, group)] == ["2"], "not just that member is gone")
    outcomes = _kinds(_listed(lab, group, *rows))
    expect.that(outcomes == ["rejected", "unchanged"], "the row of an erased member is taken again")


@check("grp-006", requirements=["GRP-006"])
def mentions_end(lab: Lab) -> None:
    """What was mentioned of a member is gone once the member has a record."""
    known, group, name = scenes.known(lab), _group(lab), samples.word()
    (outcome,) = _listed(lab, group, _member("1", name))
    body = {"record": known.record}
    promoted = lab.staff("promoteGroupMember", body, groupId=group, memberId=outcome["memberId"])
    expect.that(expect.status(promoted, 200).at("record") == known.record, "the member has no record")
    for answer in (promoted, expect.status(lab.staff("listGroupMembers", groupId=group), 200)):
        expect.absent(answer, [name], "what was mentioned of a member who has a record")


@check("grp-007", requirements=["GRP-007"], needs=["partner.one", "mock"])
def members_apart(lab: Lab) -> None:
    """Of three members one is asked for, one has not consented, one has no record; each is told by itself."""
    mock, group = lab.mock("one"), _group(lab)
    open_one, silent = scenes.known(lab), scenes.known(lab, [])
    rows = [_registered("1", silent.record), _member("2"), _registered("3", open_one.record)]
    names = [outcome["memberId"] for outcome in _listed(lab, group, *rows)]
    before = len(mock.searches)
    cases = [samples.case_reference() for _ in names]
    body = {
        "members": [{"member": name, "caseReference": case} for name, case in zip(names, cases, strict=True)],
        "purpose": scenes.PURPOSE,
        "legalBasis": "vitalInterest",
        "releaseSet": "identity",
        "partners": [mock.node_id],
    }
    found = expect.status(lab.staff("searchGroupMembers", body, groupId=group), 201)
    results = list(found.at("results"))
    expect.that([each["member"] for each in results] == names, "not one result for each member")
    states = [each["search"]["results"][0]["state"] if "search" in each else None for each in results]
    expect.that(states == ["withheld", None, "answered"], "the decision on one member was taken for another")
    expect.that(results[1].get("reason"), "nothing says why a member without a record was not searched for")
    sent = mock.searches[before:]
    expect.that(len(sent) == 1, "the partner was not sent just the query that a directive permits")
    expect.that(sent[0]["caseReference"] == cases[2], "a query bears the case reference of another member")


def _registered(row: str, record: str) -> dict[str, Any]:
    return {"row": row, "source": "coTraveller", "certainty": "stated", "record": record}
