"""The one table of what events do here: type of event to the resource that takes it."""

from mpex_server.assistance import service as assistance
from mpex_server.case_messages import service as case_messages
from mpex_server.custody import inheritance, recipients, settling
from mpex_server.custody import service as custody
from mpex_server.events.taken import Handler
from mpex_server.identifications import joint_events
from mpex_server.onward import breaches, offers, origin
from mpex_server.partner_release_requests import offers as partner_offers
from mpex_server.partner_searches import service as partner_searches
from mpex_server.partner_searches import standing
from mpex_server.proposals import events as proposals
from mpex_server.recalls import service as recalls
from mpex_server.received_releases import recalled

HANDLERS: dict[str, Handler] = {
    "recall": recalled.take,
    "disputeEnded": recalled.take_dispute_end,
    "receipt": recalls.take_receipt,
    "breach": breaches.take,
    "onwardAsked": origin.take_question,
    "onwardDecided": offers.take_decision,
    "onwardReported": origin.take_report,
    "releaseOffered": partner_offers.take,
    "changeProposed": proposals.take_proposal,
    "changeAnswered": proposals.take_answer,
    "identificationProposed": joint_events.take_proposal,
    "identificationAnswered": joint_events.take_answer,
    "identificationChanged": joint_events.take_change,
    "news": partner_searches.take_news,
    "standingNews": standing.take_news,
    "assistanceRequest": assistance.take_request,
    "assistanceAnswer": assistance.take_answer,
    "caseMessage": case_messages.take_message,
    "messageRecall": case_messages.take_recall,
    "custodyOffer": custody.take_offer,
    "custodyState": settling.take_state,
    "custodianChanged": recipients.take_change,
    "directiveWithdrawn": inheritance.take_withdrawal,
    "directiveFrozen": inheritance.take_freezing,
}
"""A handler is in its resource; it commits nothing, and refuses only what has overtaken another event."""

OF_FORMER_PARTNERS = frozenset({"recall", "receipt", "breach"})
"""What is taken from a partner that was suspended: whoever is trusted no more may still have data erased."""

ASKING = frozenset(
    {
        "assistanceRequest",
        "caseMessage",
        "custodyOffer",
        "releaseOffered",
        "onwardAsked",
        "identificationProposed",
        "changeProposed",
    }
)
"""What puts work before a person, of which a partner may send so much in a day (MSG-010)."""

TELLING = frozenset({"identificationProposed", "identificationAnswered", "identificationChanged"})
"""What tells of a death by its type alone, which the log therefore does not say (CASE-017)."""
