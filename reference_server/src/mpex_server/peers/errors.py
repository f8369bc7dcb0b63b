"""What can go wrong with a partner. The messages name kinds of failure, never what was sent or received.

PeerError
├── UnreachableError    no answer: network, timeout, or an address that may not be called
├── RefusedError        an answer with an error status; `status` tells which
└── UnsoundAnswerError  an answer that does not keep to the standard, or that is not signed by the partner
"""


class PeerError(Exception):
    """A partner did not give what was asked of it."""


class UnreachableError(PeerError):
    """No answer came, or the address may not be called."""


class RefusedError(PeerError):
    """The partner answered with an error status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the partner answered with status {status}")
        self.status = status


class UnsoundAnswerError(PeerError):
    """The answer does not keep to the standard."""
