"""Laws of the consent decision that hold for every query and every set of directives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpex_server.domain.consent import Decision, Query, decide
from mpex_server.domain.directives import Directive, Exclusion, Grant, Requester, Withdrawal
from mpex_server.domain.purposes import MATRIX, PROHIBITED, RANKS

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
PURPOSES = ["searchLiving", "identifyDeceased", "criminalInvestigation", "protectLife"]
CATEGORIES = ["names", "birth", "contact", "physical"]
CLASSES = ["humanitarian", "police", "consular", "health"]
NODES = ["node:a", "node:b"]
COUNTRIES = ["CH", "LY"]
NAMES = ["d0", "d1", "d2", "d3"]


def some(values: list[str], **bounds: int) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), **bounds)


instants = st.none() | st.sampled_from([NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])
grants = st.builds(
    Grant,
    effect=st.sampled_from(["permit", "permit", "deny"]),
    purposes=some(PURPOSES, min_size=1),
    categories=some(CATEGORIES),
    release_sets=some(["identity", "contact"]),
    recipient_classes=some(CLASSES),
    recipient_ids=some(NODES),
    territories=some(COUNTRIES),
    onward=st.sampled_from(["none", "ask", "samePurpose"]),
    not_before=instants,
    expires=instants,
)
exclusions = st.frozensets(
    st.builds(Exclusion, st.just("recipientClass"), st.sampled_from(CLASSES))
    | st.builds(Exclusion, st.just("nodeId"), st.sampled_from(NODES)),
    max_size=1,
)
withdrawals = st.builds(Withdrawal, st.sampled_from([NOW - timedelta(days=1), NOW]), some(PURPOSES))


@st.composite
def directive_sets(draw: st.DrawFn) -> list[Directive]:
    return [
        Directive(
            directive_id=name,
            authority=draw(st.sampled_from(sorted(RANKS))),
            data_subject=draw(st.sampled_from(["soughtPerson", "livingPerson", "enquirer", "remains"])),
            grants=tuple(draw(st.lists(grants, max_size=3))),
            do_not_share_with=draw(exclusions),
            withdrawals=tuple(draw(st.lists(withdrawals, max_size=1))),
            valid_until=draw(instants),
        )
        for name in NAMES
    ]


queries = st.builds(
    Query,
    requester=st.builds(
        Requester,
        node_id=st.sampled_from(NODES),
        recipient_class=st.sampled_from(CLASSES),
        territories=some(COUNTRIES),
        purposes=st.just(frozenset([*PURPOSES, *PROHIBITED])),
        nationality_authority_of=some(COUNTRIES, max_size=1),
    ),
    purpose=st.sampled_from(PURPOSES),
    categories=some(CATEGORIES, min_size=1),
    at=st.just(NOW),
    living=st.booleans(),
    contributions=st.dictionaries(st.sampled_from(["c0", "c1", "c2"]), st.sampled_from(NAMES), min_size=1),
    countries=some(COUNTRIES),
    minor=st.booleans(),
)


def permitted(decision: Decision) -> set[tuple[str, str]]:
    return {key for key, outcome in decision.per.items() if outcome.permit}


@given(queries, directive_sets(), st.sampled_from(NAMES), grants)
def test_adding_a_denial_never_widens(
    query: Query, directives: list[Directive], name: str, grant: Grant
) -> None:
    denial = replace(grant, effect="deny")
    more = [replace(d, grants=(*d.grants, denial)) if d.directive_id == name else d for d in directives]
    assert permitted(decide(query, more)) <= permitted(decide(query, directives))


@given(queries, directive_sets(), st.sampled_from(sorted(RANKS)), grants)
def test_adding_a_directive_that_only_denies_never_widens(
    query: Query, directives: list[Directive], authority: str, grant: Grant
) -> None:
    added = Directive("added", authority, "soughtPerson", (replace(grant, effect="deny"),))
    assert permitted(decide(query, [*directives, added])) <= permitted(decide(query, directives))


@given(queries, directive_sets(), st.sampled_from(NAMES), withdrawals)
def test_withdrawing_never_widens(
    query: Query, directives: list[Directive], name: str, withdrawal: Withdrawal
) -> None:
    after = [
        replace(d, withdrawals=(*d.withdrawals, withdrawal)) if d.directive_id == name else d
        for d in directives
    ]
    assert permitted(decide(query, after)) <= permitted(decide(query, directives))


@given(queries, directive_sets(), st.data())
def test_narrower_request_never_yields_more(
    query: Query, directives: list[Directive], data: st.DataObject
) -> None:
    fewer = data.draw(st.frozensets(st.sampled_from(sorted(query.categories))))
    narrower = decide(replace(query, categories=fewer), directives)
    assert permitted(narrower) == {key for key in permitted(decide(query, directives)) if key[1] in fewer}


@given(queries, directive_sets(), st.randoms())
def test_order_of_directives_and_grants_does_not_matter(
    query: Query, directives: list[Directive], random: Random
) -> None:
    shuffled = [replace(d, grants=tuple(random.sample(d.grants, len(d.grants)))) for d in directives]
    random.shuffle(shuffled)
    assert decide(query, shuffled) == decide(query, directives)


@given(queries, directive_sets(), st.sampled_from(sorted(PROHIBITED)))
def test_prohibited_purpose_yields_nothing_whatever_is_granted(
    query: Query, directives: list[Directive], purpose: str
) -> None:
    everything = Grant(frozenset([purpose]), categories=frozenset(CATEGORIES), recipient_ids=frozenset(NODES))
    generous = [replace(d, grants=(everything,)) for d in directives]
    decision = decide(replace(query, purpose=purpose), generous)
    assert not permitted(decision)
    assert decision.reason == "purposeProhibited"


@given(queries, directive_sets(), withdrawals)
def test_withdrawal_of_another_enquirer_never_removes_mine(
    query: Query, directives: list[Directive], withdrawal: Withdrawal
) -> None:
    both = replace(query, contributions={"mine": "d0", "theirs": "d1"})
    enquirer = replace(directives[1], authority="enquirer")
    before = [directives[0], enquirer, *directives[2:]]
    after = [directives[0], replace(enquirer, withdrawals=(withdrawal,)), *directives[2:]]
    assert decide(both, after).permitted_categories("mine") == decide(both, before).permitted_categories(
        "mine"
    )


@given(queries, directive_sets())
def test_permits_stay_within_the_matrix_and_name_their_directive(
    query: Query, directives: list[Directive]
) -> None:
    for (contribution, category), outcome in decide(query, directives).per.items():
        if outcome.permit:
            assert category in MATRIX[query.purpose]
            assert outcome.directives == (query.contributions[contribution],)


@given(queries, directive_sets())
def test_obligations_of_the_whole_are_no_laxer_than_any_part(
    query: Query, directives: list[Directive]
) -> None:
    order = ["none", "ask", "samePurpose"]
    decision = decide(query, directives)
    whole = decision.obligations()
    for outcome in decision.per.values():
        if outcome.permit:
            assert outcome.obligations.do_not_share_with <= whole.do_not_share_with
            assert order.index(whole.onward) <= order.index(outcome.obligations.onward)
            if outcome.obligations.delete_by:
                assert whole.delete_by is not None
                assert whole.delete_by <= outcome.obligations.delete_by


def test_directive_given_twice_is_refused() -> None:
    requester = Requester("node:a", "humanitarian")
    query = Query(requester, "searchLiving", frozenset(["names"]), NOW, living=False, contributions={})
    twice = [Directive("d0", "enquirer", "soughtPerson")] * 2
    with pytest.raises(ValueError, match="twice"):
        decide(query, twice)


def test_protection_of_life_ends_after_three_days() -> None:
    grant = Grant(
        frozenset(["protectLife"]),
        categories=frozenset(["physical"]),
        recipient_classes=frozenset(["health"]),
        expires=NOW + timedelta(days=30),
    )
    query = Query(
        Requester("node:a", "health", purposes=frozenset(["protectLife"])),
        "protectLife",
        frozenset(["physical"]),
        NOW,
        living=True,
        contributions={"c0": "d0"},
    )
    decision = decide(query, [Directive("d0", "enquirer", "soughtPerson", (grant,))])
    assert decision.obligations().delete_by == NOW + timedelta(hours=72)
