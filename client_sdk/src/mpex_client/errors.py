"""Every error that this package raises; `mpex_client.errors.ProblemError` and below come from the node.

MpexError
  ConfigurationError · TransportError (TimeoutError) · ProtocolError · TokenRefusedError
  VerificationError · ProblemError (one class per code of the list `problemTypes`)
"""

from mpex_client._errors import *  # noqa: F403 - one list, kept in the module itself
from mpex_client._errors import __all__ as _base
from mpex_client._generated.problems import *  # noqa: F403 - one list, kept in the module itself
from mpex_client._generated.problems import __all__ as _problems

__all__ = [*_base, *_problems]
