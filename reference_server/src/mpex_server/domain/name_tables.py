"""Tables behind the folding of names: letters, particles, joins, and names that many languages share.

The Arabic table covers Arabic, Persian, Urdu, Pashto and Kurdish letters. Short vowels are not written in
these scripts, so what is compared across scripts is the consonant skeleton.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARABIC: Final = str.maketrans(
    dict(zip("ابتدرزسصطفقكلمنهويضظحعغ", "abtdrzsstfqklmnhwydzhag", strict=True))
    | dict(zip("أآإٱىةئؤءپگکیېےڕڵۆێەھہۀړډټڼټڤ", "aaaaaaywapgkyyyrloeahhhrdtntv", strict=True))
    | {"ث": "th", "ج": "j", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "چ": "ch", "ژ": "zh"}
    | {"ټ": "t", "ں": "n", "ۇ": "u", "ٹ": "t", "ڈ": "d", "ڑ": "r", "څ": "ts", "ځ": "z", "ښ": "sh"}
    | {"ـ": "", "\u200c": "", "\u200d": "", "ʿ": "", "ʾ": ""}
)
"""Letter -> romanisation; a letter that several languages read differently has its commonest reading."""

OTHER_READINGS: Final = {
    "Arab": (("ج", "گ"), ("ذ", "ز"), ("ض", "ز"), ("ث", "س")),
    "Cyrl": (("в", "у"), ("г", "х")),
}
"""Script -> letters (lower case) that some languages read as another letter of the same script."""

OTHER_SPELLINGS: Final = (("c", ""), ("c", "j"), ("x", "h"), ("j", "y"), ("g", "j"), ("dh", "z"))
"""Latin spellings that stand for other sounds in Somali, Turkish, Slavic, French or Arabic romanisations."""

ARTICLES: Final = _words("al el ul il as ash an ar at az ad ed es ez en er et la le de da do di du del der")
FILIATION: Final = _words("bin ben ibn bint binti bt ould walad wuld oghlu ogli kyzy kizi")
HONORIFICS: Final = _words(
    "mr mrs ms dr sheikh shaykh sheik hajji haji hadji haj hajj ato weyzero woyzero md mst sayyid"
)
JOIN_NEXT: Final = _words(
    "abd abdu abdul abdel abdal abdoul abdol abou abu abo aboo abw bou umm oum gebre welde wolde"
)
"""Words that make one name with the next (an article between them is dropped)."""
JOIN_PREVIOUS: Final = _words("din deen dine dyn eddin eddine uddin ullah allah allh llah llh lah ur")
"""Words that make one name with the one before."""

SAME_NAME: Final = tuple(
    group.split()
    for group in (
        "yusuf joseph yosef josef giuseppe",
        "ibrahim abraham abrham avraam",
        "maryam maria mary mariam marie",
        "yohannes john yahya johannes jean ivan juan",
        "musa moses moise mose",
        "dawud david dawit davit",
        "sulayman solomon selomon suleyman",
        "ishaq isaac yishak isak",
        "yaqub jacob yakob jakob",
        "ilyas elias eliyas elijah",
        "zakariya zachariah zekarias",
        "yunus jonah yonas jonas",
        "jibril gabriel gebriel",
        "mikail michael mikael michel miguel",
        "iskandar alexander eskinder aleksandr",
        "hawa eve heywan eva",
    )
)
"""Names of the shared biblical and Quranic stock, which families carry over between languages."""
