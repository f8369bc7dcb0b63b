"""Generated from the codelist problemTypes by tools/generators/client_problems.py; never edited."""

from mpex_client._errors import ProblemError

__all__ = [
    "ActionNotAllowed",
    "AlreadyExists",
    "BodyTooLarge",
    "Conflict",
    "ContentDigestWrong",
    "EncryptionKeyMissing",
    "IdempotencyKeyMissing",
    "IdempotencyKeyReused",
    "InternalError",
    "InvalidCursor",
    "InvalidParameter",
    "LimitExceeded",
    "MalformedJson",
    "MethodNotAllowed",
    "NotFound",
    "PartnerFailed",
    "PreconditionFailed",
    "PreconditionRequired",
    "ProhibitedPurpose",
    "PurposeNotAllowed",
    "QuotaExceeded",
    "RuleViolation",
    "SchemaViolation",
    "SignatureInvalid",
    "SignatureMissing",
    "SignatureStale",
    "SignatureUnsuitable",
    "Unauthorized",
    "Unavailable",
    "UnsafeContact",
    "UnsupportedMediaType",
]


class MalformedJson(ProblemError):
    """The body is not UTF-8, is not JSON, repeats a member, or holds a number or a character that JSON does not allow."""

    code = 'malformedJson'
    title = 'The body is not strict JSON'
    remedy = 'Send UTF-8 JSON without repeated members, NaN, lone surrogates or U+0000.'


class LimitExceeded(ProblemError):
    """A limit that the node publishes has been passed."""

    code = 'limitExceeded'
    title = 'The body is nested too deep or an array is too long'
    remedy = 'Split the content; the limits are in the node metadata.'


class InvalidParameter(ProblemError):
    """A path, query or header parameter is missing, unknown or wrongly formed."""

    code = 'invalidParameter'
    title = 'A parameter is not acceptable'
    remedy = 'Correct the parameter that `errors` names.'


class InvalidCursor(ProblemError):
    """The cursor was altered, belongs to another client or operation, or has lapsed."""

    code = 'invalidCursor'
    title = 'The cursor is not acceptable'
    remedy = 'Start again without a cursor.'


class IdempotencyKeyMissing(ProblemError):
    """A request that creates something came without the `Idempotency-Key` header."""

    code = 'idempotencyKeyMissing'
    title = 'An idempotency key is required'
    remedy = 'Send a fresh random `Idempotency-Key` and keep it for retries.'


class Unauthorized(ProblemError):
    """There is no acceptable access token with a proof of possession."""

    code = 'unauthorized'
    title = 'Authentication is required'
    remedy = 'Get a token and send it as `Authorization: DPoP` together with a fresh proof.'


class SignatureMissing(ProblemError):
    """A partner sends a request that its node has not signed."""

    code = 'signatureMissing'
    title = 'The message is not signed'
    remedy = 'Sign each request as annex A of the standard says.'


class SignatureUnsuitable(ProblemError):
    """The message signature covers something else than it must, has other parameters, or has the tag of another kind of message."""

    code = 'signatureUnsuitable'
    title = 'The signature does not have the form of annex A'
    remedy = 'Cover what annex A of the standard lists, in that order, with its parameters and its tag.'


class SignatureStale(ProblemError):
    """The message was signed too long ago or in the future."""

    code = 'signatureStale'
    title = 'The signature is of another time'
    remedy = 'Sign each request when it is sent; check the clock of your node.'


class SignatureInvalid(ProblemError):
    """The message signature is by no key that the registry has of this partner for this message."""

    code = 'signatureInvalid'
    title = 'The signature does not verify'
    remedy = 'Sign what is sent, at the public address of the node, with a key that your node publishes in its entity configuration.'


class ContentDigestWrong(ProblemError):
    """The body is another than the one that was signed."""

    code = 'contentDigestWrong'
    title = 'Content-Digest is not that of the body'
    remedy = 'Send the SHA-256 of the body as it is sent.'


class ActionNotAllowed(ProblemError):
    """The token lacks the action that the operation needs."""

    code = 'actionNotAllowed'
    title = 'The token does not allow this action'
    remedy = 'Ask for a token whose `actions` contain the action of this operation.'


class PurposeNotAllowed(ProblemError):
    """The client's mandate or role does not cover the purpose."""

    code = 'purposeNotAllowed'
    title = 'The purpose is not open to this client'
    remedy = 'Use a purpose that the mandate or the role of the client covers.'


class ProhibitedPurpose(ProblemError):
    """Nobody may use the exchange for this purpose."""

    code = 'prohibitedPurpose'
    title = 'The purpose is prohibited'
    remedy = 'There is none: data held for a humanitarian purpose are never used for this one.'


class NotFound(ProblemError):
    """There is nothing here that may be told to this client."""

    code = 'notFound'
    title = 'Not found'
    remedy = 'Check the identifier and the address.'


class MethodNotAllowed(ProblemError):
    """The address does not offer this method."""

    code = 'methodNotAllowed'
    title = 'The method is not allowed here'
    remedy = 'Use a method that the `Allow` header names.'


class Conflict(ProblemError):
    """The change does not fit the present state."""

    code = 'conflict'
    title = 'The state does not allow this'
    remedy = 'Read the present state and decide again.'


class AlreadyExists(ProblemError):
    """A document with this identifier exists already."""

    code = 'alreadyExists'
    title = 'The identifier is taken'
    remedy = 'Choose a new identifier, or change the existing document.'


class PreconditionFailed(ProblemError):
    """The `If-Match` value is not that of the present version."""

    code = 'preconditionFailed'
    title = 'The document has changed'
    remedy = 'Read the present version, apply the change to it, and send its `ETag`.'


class BodyTooLarge(ProblemError):
    """The body is larger than the node accepts."""

    code = 'bodyTooLarge'
    title = 'The body is too large'
    remedy = 'Send less; the limit is in the node metadata.'


class UnsupportedMediaType(ProblemError):
    """The operation does not accept this media type."""

    code = 'unsupportedMediaType'
    title = 'The media type is not supported'
    remedy = 'Send `application/json`, or the media type that the operation names.'


class SchemaViolation(ProblemError):
    """One or more places of the body do not follow the schema of the operation."""

    code = 'schemaViolation'
    title = 'The body does not follow the schema'
    remedy = 'Correct each place that `errors` names.'


class RuleViolation(ProblemError):
    """The body follows the schema, yet breaks a rule that the schema cannot say."""

    code = 'ruleViolation'
    title = 'The body breaks a rule of the standard'
    remedy = 'Correct each place that `errors` names.'


class IdempotencyKeyReused(ProblemError):
    """The key was used with another body."""

    code = 'idempotencyKeyReused'
    title = 'The idempotency key belongs to another request'
    remedy = 'Use a fresh key for a new request.'


class PreconditionRequired(ProblemError):
    """A change came without the `If-Match` header."""

    code = 'preconditionRequired'
    title = 'A precondition is required'
    remedy = 'Read the document and send its `ETag` as `If-Match`.'


class QuotaExceeded(ProblemError):
    """The client has used its budget of requests or searches."""

    code = 'quotaExceeded'
    title = 'The budget is used up'
    remedy = 'Wait as long as `Retry-After` says.'


class InternalError(ProblemError):
    """The node could not do what was asked; nothing was changed."""

    code = 'internalError'
    title = 'The node failed'
    remedy = 'Try again later; tell the operator the request identifier.'


class Unavailable(ProblemError):
    """The node is starting, stopping or overloaded."""

    code = 'unavailable'
    title = 'The node is not ready'
    remedy = 'Wait as long as `Retry-After` says, then try again.'


class EncryptionKeyMissing(ProblemError):
    """The partner that wants to collect publishes no key for encryption."""

    code = 'encryptionKeyMissing'
    title = 'No key to seal to'
    remedy = 'Publish an X25519 key with `use` `enc` in the entity configuration of your node; collect again when the holder has looked, within its `trustSeconds`.'


class PartnerFailed(ProblemError):
    """The partner could not be reached, or its answer does not follow the standard."""

    code = 'partnerFailed'
    title = 'The partner did not answer as it should'
    remedy = 'Try again later; if it happens again, tell the operator of the partner.'


class UnsafeContact(ProblemError):
    """The channel or the moment is not one that was named as safe, and no reason was given."""

    code = 'unsafeContact'
    title = 'The contact is outside the rules of safe contact'
    remedy = 'Wait for a safe hour, use the safe channel, or give the reason.'


BY_CODE: dict[str, type[ProblemError]] = {
    each.code: each for each in ProblemError.__subclasses__() if each.__module__ == __name__
}
