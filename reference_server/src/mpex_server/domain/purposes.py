"""Purposes: which are prohibited, which categories each may ever receive, and their terms in W3C DPV.

The tables repeat the codelists `purposes` and `authorities` of the specification; a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROHIBITED: Final = frozenset({"immigrationEnforcement", "borderControl", "returnProcedure", "commercial"})
"""Defined so that refusal can be tested; nothing, not even the person's own grant, permits them."""

EXPLICIT_GRANT: Final = frozenset({"criminalInvestigation"})
"""Denied unless a grant names the purpose."""

PROTECT_LIFE: Final = "protectLife"
PROTECT_LIFE_CLASSES: Final = frozenset({"health", "rescue"})
PROTECT_LIFE_HOURS: Final = 72
"""Data released to protect a life are deleted after this time at the latest."""

_DESCRIPTION = "physical clothingEffects journey incident photo"
_PERSON = "identity names birth"
_CATEGORIES = {
    "searchLiving": f"existence summary {_PERSON} {_DESCRIPTION} contact custody",
    "identifyDeceased": f"existence summary {_PERSON} {_DESCRIPTION} medical dental fingerprints dna contact "
    "remainsLocation custody",
    "notifyFamily": "existence summary identity names incident contact remainsLocation custody",
    "familyReunification": f"existence summary {_PERSON} photo contact custody",
    "familySupport": "existence summary contact vulnerability",
    "childProtection": f"existence summary {_PERSON} {_DESCRIPTION} contact vulnerability custody",
    "repatriation": "existence summary identity names incident contact remainsLocation custody",
    "statistics": "existence summary incident",
    "protectLife": "existence summary identity physical journey incident medical contact",
    "criminalInvestigation": f"existence summary {_PERSON} {_DESCRIPTION} custody",
}

Matrix = Mapping[str, frozenset[str]]

MATRIX: Final[Matrix] = MappingProxyType(
    {purpose: frozenset(names.split()) for purpose, names in _CATEGORIES.items()}
    | dict.fromkeys(PROHIBITED, frozenset[str]())
)
"""Purpose -> categories that it may ever receive; a purpose that is not listed receives nothing."""

DPV: Final[Mapping[str, str]] = MappingProxyType(
    {
        "searchLiving": "dpv:NonCommercialPurpose",
        "identifyDeceased": "dpv:PublicBenefit",
        "notifyFamily": "dpv:CommunicationManagement",
        "familyReunification": "dpv:RightsFulfilment",
        "familySupport": "dpv:ServiceProvision",
        "childProtection": "dpv:PublicBenefit",
        "repatriation": "dpv:NonCommercialPurpose",
        "statistics": "dpv:ProvideOfficialStatistics",
        "protectLife": "dpv:PublicBenefit",
        "criminalInvestigation": "dpv:ProtectionOfPublicSecurity",
        "immigrationEnforcement": "dpv:Purpose",
        "borderControl": "dpv:Purpose",
        "returnProcedure": "dpv:Purpose",
        "commercial": "dpv:CommercialPurpose",
    }
)
"""Purpose -> the broader term of the Data Privacy Vocabulary that it maps to."""

RANKS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "self": 70,
        "court": 60,
        "childProtection": 50,
        "guardian": 40,
        "parent": 30,
        "mandate": 20,
        "institution": 20,
        "enquirer": 10,
        "nodePolicy": 0,
    }
)
"""Authority of a directive -> rank; where directives disagree, the higher rank prevails."""

PROTECTIVE: Final = frozenset({"self", "court", "childProtection", "guardian"})
"""Authorities whose denials bind the whole record."""
