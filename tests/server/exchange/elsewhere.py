"""Checks of whose a thing is that the callers do not show: by place and check, the test that misses each."""

from typing import Final

from tests.server.exchange.whose import Check

_SERVER: Final = "mpex_server"
_TESTS: Final = {
    "assistance.service:answer | document.owner is None": (
        "test_assistance_and_messages.py::test_the_asking_node_cannot_answer_itself"
    ),
    "custody.provenance:shown | last.owner is not None": (
        "test_after_custody.py::test_statements_of_those_before_show_whose_a_record_is"
    ),
    "custody.recipients:take_change | (claims.get('iss'), claims.get('aud')) != (custodian, taken.partner)": (
        "test_custody.py::test_another_token_of_a_node_does_not_make_it_a_custodian"
    ),
    "custody.settling:take_state | transfer.owner is None": (
        "test_custody.py::test_a_record_passes_to_the_node_that_takes_it_over"
    ),
    "custody.withdrawals:transfers_of | partner in {None, _other_side(transfer)}": (
        "test_after_custody.py::test_nobody_but_the_sides_of_the_transfer_withdraws"
    ),
    "erasures.service:confirm | _took(current, ctx.principal.person)": (
        "test_erasures.py::test_the_second_client_of_who_took_a_request_does_not_confirm_it"
    ),
    "identifications.joint:answer | proposal.owner is None": (
        "test_joint_identifications.py::test_neither_side_speaks_for_the_other"
    ),
    "identifications.joint_events:take_answer | proposal.owner is not None": (
        "test_joint_identifications.py::test_neither_side_speaks_for_the_other"
    ),
    "identifications.joint_events:take_change | proposal.owner is not None": (
        "test_joint_identifications.py::test_neither_side_speaks_for_the_other"
    ),
    "onward.senders:require | disclosed.was_released(work.conn, taken.partner, record)": (
        "test_onward.py::test_only_a_recipient_is_heard_about_a_release"
    ),
    "proposals.contradictions:shown | ctx.principal.purpose != received.body['purpose']": (
        "test_proposals.py::test_what_is_accepted_stands_in_the_record_until_it_is_withdrawn"
    ),
    "received_releases.recalled:take_dispute_end | service.unmark(work, document, actor=taken.partner)": (
        "test_onward.py::test_a_node_in_between_does_not_take_off_the_mark_of_the_origin"
    ),
    "search_surges.repository:budget | _ROW.partner == partner": (
        "test_surges.py::test_a_surge_may_be_for_one_partner"
    ),
    "searches.probing:frozen | task.details['partner'] == partner": (
        "test_probing.py::test_each_of_several_that_take_turns_is_frozen_at_its_third_query"
    ),
    "searches.probing:_judge | row.partner == partner": (
        "test_probing.py::test_each_of_several_that_take_turns_is_frozen_at_its_third_query"
    ),
    "searches.probing:_freeze | _ROW.partner == partner": (
        "test_probing.py::test_each_of_several_that_take_turns_is_frozen_at_its_third_query"
    ),
    "searches.standing:admit | _DOCUMENT.owner == partner": (
        "test_standing.py::test_a_partner_has_room_for_so_many_standing_queries"
    ),
    "holdings.repository:next_due | _ROW.node_id == partner": (
        "test_holdings.py::test_holdings_are_fetched_daily_and_shown"
    ),
    "partner_searches.service:send | partner not in silent": (
        "test_group_searches.py::test_a_partner_out_of_reach_is_not_tried_for_every_member"
    ),
}
_REASONS: Final = {
    "custody.recipients:tell | entry.partner != taken.partner": (
        "who takes a record over would be told what it has said itself"
    ),
    "http.runner:_keep_within | principal.partner is None": "what a partner is shown is asked before",
    "peers.budget:charge | _ROW.partner == partner": "of days that are over nothing is asked",
    "searches.standing:tell_news | _DIGEST.partner == partner": "of days that are over nothing is asked",
}


def _by_check(told: dict[str, str]) -> dict[Check, str]:
    parts = ((name.partition(" | "), value) for name, value in told.items())
    return {Check(f"{_SERVER}.{place}", check): value for (place, _, check), value in parts}


ELSEWHERE: Final = _by_check(_TESTS)
"""By check the test, of this folder, that fails without it."""
WITHOUT_VERDICT: Final = _by_check(_REASONS)
"""By check why nobody is answered otherwise without it."""
