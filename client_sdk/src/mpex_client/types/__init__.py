"""Typed views of the documents of the standard, generated from its schemas.

The JSON Schema judges; a view is a convenience for reading and writing what it accepts. Parts of a document
have classes in the module of their schema: `from mpex_client.types import sections`, `sections.Names`.
"""

from importlib import import_module

from mpex_client.types._generated import common, contribution, person_record, sections
from mpex_client.types._generated.access_report import AccessReport
from mpex_client.types._generated.assistance_request import AssistanceRequest
from mpex_client.types._generated.case_message import CaseMessage
from mpex_client.types._generated.change_list import ChangeList
from mpex_client.types._generated.change_proposal import ChangeProposal
from mpex_client.types._generated.consent_directive import ConsentDirective
from mpex_client.types._generated.contact_clearance import ContactClearance
from mpex_client.types._generated.contribution import Contribution
from mpex_client.types._generated.custody_package import CustodyPackage
from mpex_client.types._generated.custody_transfer import CustodyTransfer
from mpex_client.types._generated.dental_comparison import DentalComparison
from mpex_client.types._generated.enquirer_view import EnquirerView
from mpex_client.types._generated.erasure_request import ErasureRequest
from mpex_client.types._generated.freeze import Freeze
from mpex_client.types._generated.group import Group
from mpex_client.types._generated.group_import_result import GroupImportResult
from mpex_client.types._generated.group_member import GroupMember
from mpex_client.types._generated.group_search_result import GroupSearchResult
from mpex_client.types._generated.health import Health
from mpex_client.types._generated.identification import Identification
from mpex_client.types._generated.identity_error import IdentityError
from mpex_client.types._generated.incident import Incident
from mpex_client.types._generated.incident_import_result import IncidentImportResult
from mpex_client.types._generated.joint_proposal import JointProposal
from mpex_client.types._generated.jwks import Jwks
from mpex_client.types._generated.log_entry import LogEntry
from mpex_client.types._generated.log_proof import LogProof
from mpex_client.types._generated.match import Match
from mpex_client.types._generated.node_metadata import NodeMetadata
from mpex_client.types._generated.notification import Notification
from mpex_client.types._generated.onward import Onward
from mpex_client.types._generated.onward_page import OnwardPage
from mpex_client.types._generated.onward_request import OnwardRequest
from mpex_client.types._generated.partner import Partner
from mpex_client.types._generated.partner_release_request import PartnerReleaseRequest
from mpex_client.types._generated.partner_release_request_status import PartnerReleaseRequestStatus
from mpex_client.types._generated.partner_search import PartnerSearch
from mpex_client.types._generated.partner_search_plan import PartnerSearchPlan
from mpex_client.types._generated.partner_search_result import PartnerSearchResult
from mpex_client.types._generated.person_choice import PersonChoice
from mpex_client.types._generated.person_import_result import PersonImportResult
from mpex_client.types._generated.person_record import PersonRecord
from mpex_client.types._generated.recall import Recall
from mpex_client.types._generated.received_release import ReceivedRelease
from mpex_client.types._generated.recovery_code import RecoveryCode
from mpex_client.types._generated.reference_sample import ReferenceSample
from mpex_client.types._generated.release import Release
from mpex_client.types._generated.release_decision import ReleaseDecision
from mpex_client.types._generated.release_request import ReleaseRequest
from mpex_client.types._generated.release_request_case import ReleaseRequestCase
from mpex_client.types._generated.release_request_status import ReleaseRequestStatus
from mpex_client.types._generated.remains_lookup import RemainsLookup
from mpex_client.types._generated.remains_lookup_result import RemainsLookupResult
from mpex_client.types._generated.remains_merge import RemainsMerge
from mpex_client.types._generated.remains_split import RemainsSplit
from mpex_client.types._generated.remains_unit import RemainsUnit
from mpex_client.types._generated.sample_comparability import SampleComparability
from mpex_client.types._generated.sealed_custody_package import SealedCustodyPackage
from mpex_client.types._generated.sealed_release import SealedRelease
from mpex_client.types._generated.search import Search
from mpex_client.types._generated.search_request import SearchRequest
from mpex_client.types._generated.search_result import SearchResult
from mpex_client.types._generated.search_surge import SearchSurge
from mpex_client.types._generated.succession import Succession
from mpex_client.types._generated.task import Task
from mpex_client.types._generated.withdrawal import Withdrawal
from mpex_client.types._view import View

__all__ = [
    "AccessReport",
    "AssistanceRequest",
    "CaseMessage",
    "ChangeList",
    "ChangeProposal",
    "ConsentDirective",
    "ContactClearance",
    "Contribution",
    "CustodyPackage",
    "CustodyTransfer",
    "DentalComparison",
    "EnquirerView",
    "ErasureRequest",
    "Freeze",
    "Group",
    "GroupImportResult",
    "GroupMember",
    "GroupSearchResult",
    "Health",
    "Identification",
    "IdentityError",
    "Incident",
    "IncidentImportResult",
    "JointProposal",
    "Jwks",
    "LogEntry",
    "LogProof",
    "Match",
    "NodeMetadata",
    "Notification",
    "Onward",
    "OnwardPage",
    "OnwardRequest",
    "Partner",
    "PartnerReleaseRequest",
    "PartnerReleaseRequestStatus",
    "PartnerSearch",
    "PartnerSearchPlan",
    "PartnerSearchResult",
    "PersonChoice",
    "PersonImportResult",
    "PersonRecord",
    "Recall",
    "ReceivedRelease",
    "RecoveryCode",
    "ReferenceSample",
    "Release",
    "ReleaseDecision",
    "ReleaseRequest",
    "ReleaseRequestCase",
    "ReleaseRequestStatus",
    "RemainsLookup",
    "RemainsLookupResult",
    "RemainsMerge",
    "RemainsSplit",
    "RemainsUnit",
    "SampleComparability",
    "SealedCustodyPackage",
    "SealedRelease",
    "Search",
    "SearchRequest",
    "SearchResult",
    "SearchSurge",
    "Succession",
    "Task",
    "View",
    "Withdrawal",
    "common",
    "contribution",
    "model_of",
    "person_record",
    "sections",
]


def model_of(schema: str) -> type[View]:
    """Return the view of a schema by the name of its file, for example `person-record`."""
    module = import_module(f"mpex_client.types._generated.{schema.replace('-', '_')}")
    name = "".join(word.capitalize() for word in schema.split("-"))
    view = getattr(module, name)
    if not (isinstance(view, type) and issubclass(view, View)):
        raise LookupError(f"the schema {schema} has no view of its own")
    return view
