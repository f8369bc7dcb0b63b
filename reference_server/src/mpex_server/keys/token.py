"""One login to a token of a PKCS#11 module: one call at a time, and a new login when the old one is lost.

A PIN that was refused is never tried again, since a few wrong ones lock a token for good.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import pkcs11
from pkcs11 import Attribute, ObjectClass, PKCS11Error, Session, TokenFlag
from pkcs11 import exceptions as faults

from mpex_server.keys.provider import KeysAwayError, PinRefusedError

T = TypeVar("T")
_PAUSE_SECONDS = 1.0
"""How long a token that was away is not asked again: a module may take seconds to say so."""
# python-pkcs11 starts a module without telling it of threads, so that it may be in one thread only.
_ONE_AT_A_TIME = RLock()
_started_in: dict[str, int] = {}
"""Process in which each module was started; a forked one has to start it for itself."""
_PIN_REFUSED = (
    faults.PinIncorrect,
    faults.PinInvalid,
    faults.PinLenRange,
    faults.PinLocked,
    faults.PinExpired,
    faults.UserPinNotInitialized,
)
_WORDS: dict[type[PKCS11Error], str] = {
    faults.PinIncorrect: "refuses the PIN; it was tried once and is not tried again until a restart",
    faults.PinInvalid: "refuses the PIN, which holds what no PIN may hold",
    faults.PinLenRange: "refuses the PIN, which is too short or too long",
    faults.PinLocked: "has locked the PIN, or would at the next wrong one; see the tools of its maker",
    faults.PinExpired: "wants a new PIN; set it with the tools of its maker",
    faults.UserPinNotInitialized: "has no PIN yet; set it with the tools of its maker",
    faults.NoSuchToken: "is not there; compare MPEX_PKCS11_TOKEN with what its tools list",
    faults.MultipleTokensReturned: "is there twice; give one of them another label",
    faults.MultipleObjectsReturned: "has two keys of one name; remove one with the tools of its maker",
    faults.DeviceMemory: "has no room for another key",
    faults.MechanismInvalid: "cannot do AES-GCM, ECDSA on P-256 and EdDSA on Ed25519, which a node needs",
    faults.TokenWriteProtected: "cannot be written to",
    PKCS11Error: "cannot be reached: its module does not load, or fails in a way of its own",
}


class Login:
    """A session, and the keys that were found in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.process = os.getpid()
        self._found: dict[tuple[ObjectClass, str], Any] = {}

    def key(self, kind: ObjectClass, label: str) -> Any:
        """Return a key of the token; raises pkcs11.NoSuchKey."""
        if (kind, label) not in self._found:
            self._found[kind, label] = self.session.get_key(object_class=kind, label=label)
        return self._found[kind, label]

    def labels(self) -> list[str]:
        """Return the labels of all keys that wrap or sign."""
        kinds = (ObjectClass.SECRET_KEY, ObjectClass.PRIVATE_KEY)
        found = [*(key for kind in kinds for key in self.session.get_objects({Attribute.CLASS: kind}))]
        return [str(key[Attribute.LABEL]) for key in found]


class Token:
    """A token by its label. What it is asked for raises KeyError for a key that it does not have."""

    def __init__(
        self,
        module: Path,
        label: str,
        pin: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._module, self._label, self._pin, self._monotonic = module, label, pin, monotonic
        self._login: Login | None = None
        self._asked_again = 0.0
        self._refused: PinRefusedError | None = None

    def use(self, work: Callable[[Login], T]) -> T:
        """Return what `work` does with a login, at the third try with a module that was started anew.

        Raises KeysAwayError when nothing helps.
        """
        with _ONE_AT_A_TIME:
            if self._refused or self._monotonic() < self._asked_again:
                raise self._refused or KeysAwayError(f"The token {self._label!r} did not answer just now.")
            for login in (self._kept, self._renewed, self._restarted):
                try:
                    return work(login())
                except _PIN_REFUSED as error:
                    self._refused = PinRefusedError(self._says(error))
                    raise self._refused from None
                except PKCS11Error as error:
                    # A session that is no longer logged in sees no keys.
                    failure = error
            if self._login is None:
                self._asked_again = self._monotonic() + _PAUSE_SECONDS
            if isinstance(failure, faults.NoSuchKey):
                raise KeyError("the token has no key of this name")
            raise KeysAwayError(self._says(failure))

    def write(self, work: Callable[[Session], None]) -> None:
        """Change the token in a session of its own."""

        def written(_login: Login) -> None:
            # Without a PIN, since closing a session that gave one ends the login of all others.
            with self._token().open(rw=True) as session:
                work(session)

        self.use(written)

    def _kept(self) -> Login:
        if self._login is None or self._login.process != os.getpid():
            self._login = self._opened()
        return self._login

    def _renewed(self) -> Login:
        self._login = None
        self._login = self._opened()
        return self._login

    def _restarted(self) -> Login:
        self._login = None
        self._library().reinitialize()
        return self._renewed()

    def _opened(self) -> Login:
        token = self._token()
        if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
            raise faults.PinLocked
        try:
            return Login(token.open(user_pin=self._pin()))
        except faults.UserAlreadyLoggedIn:
            return Login(token.open())

    def _token(self) -> pkcs11.Token:
        found: pkcs11.Token = self._library().get_token(token_label=self._label)
        return found

    def _library(self) -> Any:
        module, process = str(self._module), os.getpid()
        library = pkcs11.lib(module)
        if _started_in.setdefault(module, process) != process:
            library.reinitialize()
            _started_in[module] = process
        return library

    def _says(self, error: PKCS11Error) -> str:
        kind = type(error)
        said = _WORDS.get(kind, "does not answer")
        return f"The token {self._label!r} {said} ({kind.__name__})."
