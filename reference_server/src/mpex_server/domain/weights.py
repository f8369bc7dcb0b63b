"""Weights of evidence in bits (log2 of the likelihood ratio of match against chance): data, not code.

Set by hand from plausible error rates and not fitted to any register; fit them by expectation maximisation
on real registers before relying on a band's precision. A new set gets a new `VERSION`.
"""

from __future__ import annotations

from typing import Final, Literal

Band = Literal["strong", "moderate", "weak", "none"]

VERSION: Final = "2026-11"

NAME_BITS: Final = 8.0
"""Agreement on a word of a name whose frequency is not known; known ones weigh log2(1 / frequency)."""
NAME_BITS_RANGE: Final = (2.0, 14.0)
NAME_FLOOR: Final = 0.80
"""Similarity below which two words are different words."""
NAME_DIFFERENT: Final = -4.0
"""Both have a word left over that the other lacks."""
GIVEN_DIFFERENT: Final = -12.0
"""The same for words known to be given names: siblings share all others."""
NAME_MISSING: Final = -0.3
"""Only one has a word left over: patronymics and second surnames are often dropped."""
PARENT_SHARE: Final = 0.6
"""Share of a word's weight when it agrees as the name of a parent."""

BIRTH_RANGE_DAYS: Final = 60 * 365
BIRTH_SHARE: Final = 0.8
BIRTH_SWAPPED: Final = 6.0
"""Day and month exchanged, or the same day of a neighbouring year."""
BIRTH_GAPS: Final = ((366, -1.5), (3 * 366, -3.5), (6 * 366, -6.0))
"""Days between the intervals, up to which this weight holds."""
BIRTH_FAR: Final = -10.0

SEX: Final = (1.0, -6.0)
REGION: Final = (1.5, -1.5)
NATIONALITY: Final = (3.0, -3.5)
LANGUAGE: Final = (1.0, -0.5)
HEIGHT: Final = ((5, 1.2), (10, -0.5))
"""Centimetres between the intervals, up to which this weight holds."""
HEIGHT_FAR: Final = -3.0

MARK_SAME: Final = 5.5
MARK_KIND: Final = 1.5
MARK_ABSENT: Final = -5.0
"""One saw what the other examined and did not find."""
EFFECT_SAME: Final = 2.5
EFFECTS_MOST: Final = 8.0

LAST_CONTACT: Final = ((7, 4.0), (31, 2.5), (92, 0.5))
"""Days between two last contacts, up to which this weight holds."""
LAST_CONTACT_FAR: Final = -2.0
FOUND_AFTER: Final = ((31, 4.0), (92, 2.5), (366, 1.0), (5 * 366, 0.0))
"""Days from last contact to being found, up to which this weight holds."""
FOUND_MUCH_LATER: Final = -1.0
FOUND_BEFORE: Final = -6.0
FOUND_TOLERANCE_DAYS: Final = 7

PLACE_NAME: Final = 3.0
PLACE_COUNTRY: Final = (1.0, -0.3)
PLACE_DISTANCE: Final = ((20.0, 4.5), (100.0, 3.0), (500.0, 1.0), (2000.0, 0.0))
"""Kilometres, up to which this weight holds."""
PLACE_FAR: Final = -1.5
ROUTE: Final = (2.0, -1.5)
INCIDENT: Final = (9.0, -1.0)

BANDS: Final[tuple[tuple[Band, float], ...]] = (("strong", 24.0), ("moderate", 14.0), ("weak", 6.0))
"""Band -> least score in bits; each category that contradicts lowers the band by one."""
AGREES: Final = 1.0
"""Least weight of a category that counts as agreement; its negative counts as contradiction."""
