"""What a doctor finds: what is wrong, who can mend it, and what to do."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from mpex_spec import codelist

from mpex_client import _errors
from mpex_client.cli._failures import advice, has_new_keys

__all__ = ["Finding", "Mender", "of_answer", "of_distrust", "of_silence", "well"]

Mender = Literal["", "you", "operator", "partner", "anchor"]
"""`operator` runs your own node; `anchor` is whoever vouches for a node or gave it a mark."""
_WHO: dict[Mender, str] = {
    "you": "you",
    "operator": "the operator of your node",
    "partner": "the operator of that node",
    "anchor": "who vouches for the node",
}
# Who mends a fault for which another node refuses one's own; it does not say at which entity the fault lies.
_OF_REFUSED: dict[str, Mender] = {"entity": "operator", "superior": "anchor", "reader": "partner"}
_TOKENS: dict[str, tuple[Mender, str]] = {
    "invalid_client": (
        "operator",
        (
            "The node does not know this client or this key: compare client_id and key with what is"
            " registered there, and the clocks with one another."
        ),
    ),
    "invalid_dpop_proof": ("you", "Set the clock of this machine (NTP), and try again."),
    "invalid_authorization_details": (
        "you",
        (
            "Ask for a purpose that the node serves and your mandate contains, with --purpose and"
            " --legal-basis, or as somebody who may do this, with --as."
        ),
    ),
}
_PROBLEMS: dict[str, tuple[Mender, str]] = {
    "quotaExceeded": (
        "partner",
        (
            "The budget of the day is used up and is new at midnight UTC; until then only the other node's"
            " staff can grant more (`mpex surge` at that node)."
        ),
    ),
    "signatureMissing": ("you", "Messages of a node must be signed: let nothing on the way take fields out."),
    "signatureStale": ("you", "Set the clock of this machine (NTP), and try again."),
    "signatureInvalid": (
        "operator",
        (
            "Your node signs with a key that it does not publish: let its entity configuration name the key,"
            " and try again in a minute. The other node looks there before it refuses a new one."
        ),
    ),
    "unavailable": (
        "partner",
        "The node is overloaded or not ready: try again later, and tell its operator.",
    ),
    "internalError": ("partner", "The node failed: tell its operator, with the number of the request."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and if not, a code for it, who mends it, and how."""

    what: str
    well: bool
    text: str
    code: str = ""
    mend: Mender = ""
    remedy: str = ""

    def line(self) -> str:
        """Return the finding for a person."""
        if self.well or not self.remedy:
            return f"{'ok ' if self.well else 'NO '} {self.what}: {self.text}"
        who = f"\n      {_WHO[self.mend]}: {self.remedy}" if self.mend else f" {self.remedy}"
        return f"NO  {self.what}: {self.text}{who}"

    def told(self) -> dict[str, Any]:
        """Return the finding for a program, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value != ""}


def well(what: str, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(what, True, text)


def of_silence(error: _errors.TransportError, url: str, *, own: bool) -> Finding:
    """Return why nothing comes from a node."""
    mend: Mender = "operator" if own else "partner"
    if error.certificate:
        remedy = "Renew the certificate, for this name, by an authority that everybody knows."
        return Finding("node", False, f"{error}.", "certificate", mend, remedy)
    remedy = f"Check that the node runs at {url}, and the network between you and it."
    return Finding("node", False, f"{error}.", "unreachable", mend, remedy)


def of_distrust(what: str, fault: _errors.TrustError, url: str, *, own: bool) -> Finding:
    """Return why a node is not trusted, by the fault that was found on the way to an anchor."""
    mend: Mender = "anchor"
    mended_by = codelist("trustFaults")[fault.reason]["mendedBy"]
    if mended_by == "reader" or has_new_keys(fault):
        mend = "you"
    elif mended_by == "entity" and f"{fault.entity}/".startswith(f"{url}/"):
        mend = "operator" if own else "partner"
    return _distrusted(what, str(fault), fault.reason, mend, advice(fault))


def of_answer(what: str, who: str, error: _errors.MpexError) -> Finding:
    """Return why a node refuses, by its own words."""
    text = f"{who}: {error}."
    if isinstance(error, _errors.TokenRefusedError):
        text += f" {error.description}" if error.description else ""
        if known := codelist("trustFaults").get(error.trust_fault):
            mend = _OF_REFUSED[known["mendedBy"]]
            return _distrusted(what, text, error.trust_fault, mend, known["description"])
        mend, remedy = _TOKENS.get(error.code, ("partner", advice(error)))
        return Finding(what, False, text, error.code, mend, remedy)
    if isinstance(error, _errors.ProblemError):
        mend, remedy = _PROBLEMS.get(error.code, ("you", advice(error)))
        return Finding(what, False, text, error.code or str(error.status), mend, remedy)
    if isinstance(error, _errors.ProtocolError):
        remedy = "Do not use the answer, and tell the operator of the node: somebody may alter what it sends."
        return Finding(what, False, text, "unsoundAnswer", "partner", remedy)
    return Finding(what, False, text, "failed", "you", advice(error))


def _distrusted(what: str, text: str, reason: str, mend: Mender, remedy: str) -> Finding:
    title = codelist("trustFaults")[reason]["title"]
    return Finding(what, False, f"{title}. {text}", reason, mend, remedy)
