"""Laws of the consent decision that hold for every query and every set of directives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpex_server.domain.consent import Decision, decide
from mpex_server.domain.directives import Directive, Exclusion, Grant, Requester, Withdrawal
from mpex_server.domain.purposes import MATRIX, PROHIBITED, RANKS
from mpex_server.domain.voices import Query

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
PURPOSES = ["searchLiving", "identifyDeceased", "criminalInvestigation", "protectLife"]
CATEGORIES = ["names", "birth", "contact", "physical"]
CLASSES = ["humanitarian", "police", "consular", "health"]
NODES = ["node:a", "node:b"]
COUNTRIES = ["CH", "LY"]
NAMES = ["d0", "d1", "d2", "d3"]
TODAY = NOW.date()
T = TypeVar("T")
MANY = settings(max_examples=1_000 if settings().max_examples > 60 else 40)
_HELPING = 50
"""Draws for one example of hypothesis, whose own choosing costs four times what a decision does."""


def law(*pools: Sequence[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try a law on as many draws from the pools as `MANY` and `_HELPING` say; a failure names its seed."""

    def tried(check: Callable[..., None]) -> Callable[..., None]:
        def helping(seed: int) -> None:
            random = Random(seed)
            for _ in range(_HELPING):
                check(*(random.choice(pool) for pool in pools))

        helping.__name__ = helping.__qualname__ = check.__name__
        return MANY(given(st.integers(0, 2**32 - 1))(helping))

    return tried


# Directives and queries are drawn once, from a fixed seed, and laws are tried on combinations of them: so
# thousands cost little.
_POOL = 600


def _pool(make: Callable[[Random], T], size: int = _POOL) -> list[T]:
    random = Random(20261121)
    return [make(random) for _ in range(size)]


def _some(random: Random, values: Sequence[str], least: int = 0) -> frozenset[str]:
    return frozenset(random.sample(values, random.randint(least, len(values))))


def _instant(random: Random) -> datetime | None:
    return random.choice([None, None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])


def _grant(random: Random) -> Grant:
    return Grant(
        effect=random.choice(["permit", "permit", "deny"]),
        purposes=_some(random, PURPOSES, 1),
        categories=_some(random, CATEGORIES),
        release_sets=_some(random, ["identity", "contact"]),
        recipient_classes=_some(random, CLASSES),
        recipient_ids=_some(random, NODES),
        territories=random.choice([frozenset[str](), _some(random, COUNTRIES)]),
        onward=random.choice(["none", "ask", "samePurpose"]),
        not_before=random.choice([None, _instant(random)]),
        expires=random.choice([None, _instant(random)]),
    )


def _exclusions(random: Random) -> frozenset[Exclusion]:
    entry = random.choice(
        [Exclusion("recipientClass", random.choice(CLASSES)), Exclusion("nodeId", random.choice(NODES))]
    )
    return frozenset([entry] if random.random() < 0.2 else [])


def _withdrawal(random: Random) -> Withdrawal:
    return Withdrawal(random.choice([NOW - timedelta(days=1), NOW]), _some(random, PURPOSES))


def _directive(random: Random) -> Directive:
    return Directive(
        directive_id="",
        authority=random.choice(sorted(RANKS)),
        data_subject=random.choice(["soughtPerson", "soughtPerson", "livingPerson", "enquirer", "mentioned"]),
        grants=tuple(_grant(random) for _ in range(random.randint(0, 3))),
        do_not_share_with=_exclusions(random),
        withdrawals=tuple(_withdrawal(random) for _ in range(random.random() < 0.25)),
        valid_until=random.choice([None, None, _instant(random)]),
        given_on=random.choice([TODAY - timedelta(days=300), TODAY - timedelta(days=1)]),
        scope_purposes=random.choice([frozenset[str](), _some(random, PURPOSES)]),
        scope_categories=random.choice([frozenset[str](), frozenset[str](), _some(random, CATEGORIES)]),
        frozen_at=random.choice([None, None, None, _instant(random)]),
        succeeded_by=random.choice([None, *NAMES]),
    )


def _query(random: Random) -> Query:
    return Query(
        requester=Requester(
            node_id=random.choice(NODES),
            recipient_class=random.choice(CLASSES),
            territories=_some(random, COUNTRIES),
            purposes=frozenset([*PURPOSES, *PROHIBITED]),
            nationality_authority_of=frozenset(random.sample(COUNTRIES, random.choice([0, 0, 1]))),
        ),
        purpose=random.choice(PURPOSES),
        categories=_some(random, CATEGORIES, 1),
        at=NOW,
        living=random.random() < 0.6,
        contributions={
            name: random.choice(NAMES) for name in random.sample(["c0", "c1", "c2"], random.randint(1, 3))
        },
        countries=_some(random, COUNTRIES),
        of_age_on=random.choice([None, *(TODAY + timedelta(days=days) for days in (-9999, -90, 0, 1))]),
    )


GRANTS, WITHDRAWALS = _pool(_grant), _pool(_withdrawal)
QUERIES, DIRECTIVES = _pool(_query), _pool(_directive)


def _named(directives: Iterable[Directive]) -> list[Directive]:
    return [replace(each, directive_id=name) for each, name in zip(directives, NAMES, strict=False)]


def _together(random: Random) -> list[Directive]:
    return _named(random.choices(DIRECTIVES, k=len(NAMES)))


# One draw for a whole set: with the queries they make millions of different examples.
SETS = _pool(_together, 10 * _POOL)
SEEDS = range(2**16)


def test_the_examples_permit_and_refuse_for_every_reason() -> None:
    found = Counter(
        reason
        for number, query in enumerate(QUERIES)
        for directives in [_named(DIRECTIVES[number : number + 4])]
        for outcome in decide(query, directives).per.values()
        for reason in outcome.reasons
    )
    assert found["permitted"] > 100
    assert {"denied", "doNotShareWith", "authorityOfConcern", "withdrawn", "frozen", "cameOfAge"} <= set(
        found
    )


def permitted(decision: Decision) -> set[tuple[str, str]]:
    return {key for key, outcome in decision.per.items() if outcome.permit}


@law(QUERIES, SETS, NAMES, GRANTS)
def test_adding_a_denial_never_widens(
    query: Query, directives: list[Directive], name: str, grant: Grant
) -> None:
    denial = replace(grant, effect="deny")
    more = [replace(d, grants=(*d.grants, denial)) if d.directive_id == name else d for d in directives]
    assert permitted(decide(query, more)) <= permitted(decide(query, directives))


@law(QUERIES, SETS, sorted(RANKS), GRANTS)
def test_adding_a_directive_that_only_denies_never_widens(
    query: Query, directives: list[Directive], authority: str, grant: Grant
) -> None:
    added = Directive("added", authority, "soughtPerson", (replace(grant, effect="deny"),))
    assert permitted(decide(query, [*directives, added])) <= permitted(decide(query, directives))


@law(QUERIES, SETS, NAMES, WITHDRAWALS)
def test_withdrawing_never_widens(
    query: Query, directives: list[Directive], name: str, withdrawal: Withdrawal
) -> None:
    after = [
        replace(d, withdrawals=(*d.withdrawals, withdrawal)) if d.directive_id == name else d
        for d in directives
    ]
    assert permitted(decide(query, after)) <= permitted(decide(query, directives))


@law(QUERIES, SETS, SEEDS)
def test_narrower_request_never_yields_more(query: Query, directives: list[Directive], seed: int) -> None:
    fewer = frozenset(name for bit, name in enumerate(sorted(query.categories)) if seed >> bit & 1)
    narrower = decide(replace(query, categories=fewer), directives)
    assert permitted(narrower) == {key for key in permitted(decide(query, directives)) if key[1] in fewer}


@law(QUERIES, SETS, SEEDS)
def test_order_of_directives_and_grants_does_not_matter(
    query: Query, directives: list[Directive], seed: int
) -> None:
    turned = [replace(d, grants=_turned(d.grants, seed)) for d in _turned(directives, seed >> 4)]
    assert decide(query, turned) == decide(query, directives)


def _turned(items: Sequence[T], by: int) -> tuple[T, ...]:
    """Return the items in another order: rotated, and reversed for an odd number."""
    start = by % max(1, len(items))
    rotated = (*items[start:], *items[:start])
    return rotated[::-1] if by % 2 else rotated


@law(QUERIES, SETS, sorted(PROHIBITED))
def test_prohibited_purpose_yields_nothing_whatever_is_granted(
    query: Query, directives: list[Directive], purpose: str
) -> None:
    everything = Grant(frozenset([purpose]), categories=frozenset(CATEGORIES), recipient_ids=frozenset(NODES))
    generous = [replace(d, grants=(everything,)) for d in directives]
    decision = decide(replace(query, purpose=purpose), generous)
    assert not permitted(decision)
    assert decision.reason == "purposeProhibited"


@law(QUERIES, SETS, WITHDRAWALS)
def test_withdrawal_of_another_enquirer_never_removes_mine(
    query: Query, directives: list[Directive], withdrawal: Withdrawal
) -> None:
    both = replace(query, contributions={"mine": "d0", "theirs": "d1"})
    enquirer = replace(directives[1], authority="enquirer")
    mine = replace(directives[0], succeeded_by=None)
    before = [mine, enquirer, *directives[2:]]
    after = [mine, replace(enquirer, withdrawals=(withdrawal,)), *directives[2:]]
    assert decide(both, after).permitted_categories("mine") == decide(both, before).permitted_categories(
        "mine"
    )


@law(QUERIES, SETS)
def test_permits_stay_within_the_matrix_and_name_their_directive(
    query: Query, directives: list[Directive]
) -> None:
    for (contribution, category), outcome in decide(query, directives).per.items():
        if outcome.permit:
            assert category in MATRIX[query.purpose]
            assert query.contributions[contribution] in outcome.directives


@law(QUERIES, SETS)
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
