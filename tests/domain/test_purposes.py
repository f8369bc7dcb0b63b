"""The rules that the codelists must never lose, and the sets that an answer may state."""

from __future__ import annotations

from mpex_server.domain.consent import REASONS
from mpex_server.domain.purposes import EXPLICIT_GRANT, MATRIX, PROHIBITED, PROTECTIVE, RANKS
from mpex_server.domain.release_sets import RELEASE_SETS, returned_set
from mpex_spec import codelist


def test_enforcement_and_commerce_are_prohibited_and_receive_nothing() -> None:
    assert {"immigrationEnforcement", "borderControl", "returnProcedure", "commercial"} == PROHIBITED
    assert not any(MATRIX[purpose] for purpose in PROHIBITED)


def test_each_purpose_maps_to_a_term_of_the_data_privacy_vocabulary() -> None:
    # Looked up in DPV 2; the vocabulary itself is not needed to read a register of processing.
    known = {"CommunicationManagement", "NonCommercialPurpose", "ProtectionOfPublicSecurity", "PublicBenefit"}
    known |= {"ProvideOfficialStatistics", "RightsFulfilment", "ServiceProvision", "CommercialPurpose"}
    terms = {purpose: row["dpv"].removeprefix("dpv:") for purpose, row in codelist("purposes").items()}
    assert {purpose for purpose, term in terms.items() if term == "Purpose"} < PROHIBITED
    assert set(terms.values()) <= known | {"Purpose"}


def test_criminal_investigation_needs_an_explicit_grant() -> None:
    assert {"criminalInvestigation"} == EXPLICIT_GRANT


def test_biometric_and_genetic_data_serve_the_dead_only() -> None:
    served = {
        purpose for purpose, categories in MATRIX.items() if categories & {"dna", "fingerprints", "dental"}
    }
    assert served == {"identifyDeceased"}


def test_the_person_ranks_above_all_and_the_enquirer_below_protective_authorities() -> None:
    assert max(RANKS, key=lambda authority: RANKS[authority]) == "self"
    assert RANKS["enquirer"] < min(RANKS[authority] for authority in PROTECTIVE)
    assert {"self", "court", "childProtection", "guardian"} == PROTECTIVE


def test_forensic_set_has_no_names_and_contact_set_no_forensics() -> None:
    assert not RELEASE_SETS["forensic"] & {"names", "identity", "birth", "contact"}
    assert not RELEASE_SETS["contact"] & {"dna", "fingerprints", "dental", "medical"}


def test_reasons_are_those_of_the_codelist_in_its_order() -> None:
    assert tuple(codelist("decisionReasons")) == REASONS


def test_answer_states_the_largest_set_within_the_one_asked_for() -> None:
    everything = frozenset().union(*RELEASE_SETS.values())
    assert returned_set("searchDetail", everything) == "searchDetail"
    assert returned_set("searchDetail", RELEASE_SETS["identity"]) == "identity"
    assert returned_set("contact", RELEASE_SETS["identity"]) == "summary"
    assert returned_set("summary", frozenset(["existence"])) == "existence"
    assert returned_set("summary", frozenset(["names"])) is None
