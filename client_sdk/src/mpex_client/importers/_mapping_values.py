"""Values of a file as values of the standard: partial dates of stated forms, ages, numbers.

A form is never guessed: what does not fit what the mapping states is unclear, and kept as it was given.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

__all__ = ["age_of", "date_of", "form_fits"]

_TOKENS = {"yyyy": r"(?P<y>[1-9]\d{3})", "mm": r"(?P<m>\d{1,2})", "dd": r"(?P<d>\d{1,2})"}
_SEPARATED = re.compile(r"yyyy|mm|dd")
_AGE = re.compile(r"(\d{1,3})(?:\s*[-\u2013]\s*(\d{1,3}))?(?:\s*\+)?")
_OLDEST = 130
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def date_of(text: str, forms: Iterable[str]) -> str | None:
    """Return the partial date (`YYYY[-MM[-DD]]`) of a text in the first form that fits, None when none does.

    A form is made of `yyyy`, `mm`, `dd` and what stands between them, for example `dd.mm.yyyy` or `mm/yyyy`.
    """
    return next((found for form in forms if (found := form_fits(text, form))), None)


def form_fits(text: str, form: str) -> str | None:
    """Return the date of a text when it has a form and the day exists."""
    found = _pattern(form).fullmatch(text.translate(_DIGITS))
    if not found:
        return None
    given = found.groupdict()
    parts = [int(given[name]) for name in "ymd" if given.get(name)]
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return None
    return "-".join(f"{part:02d}" for part in parts)


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    pieces, at = [], 0
    for token in _SEPARATED.finditer(form):
        pieces += [re.escape(form[at : token.start()]), _TOKENS[token[0]]]
        at = token.end()
    return re.compile("".join(pieces) + re.escape(form[at:]))


def age_of(text: str) -> tuple[int, int] | None:
    """Return lowest and highest age of `34`, `30-35` or `60+`, None when it is none of these."""
    plain = text.translate(_DIGITS)
    found = _AGE.fullmatch(plain)
    if not found:
        return None
    low = int(found[1])
    high = _OLDEST if plain.endswith("+") and not found[2] else int(found[2] or found[1])
    return (low, high) if low <= high <= _OLDEST else None
