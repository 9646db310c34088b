# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a word begins with the sound of a vowel: "a UDP socket", "an SMP kernel"."""

from __future__ import annotations

import re

_SPELLED_VOWELS = frozenset("AEFHILMNORSX")
_EIGHT = re.compile(r"(?:8\d*|11|18)(?!\d)")
# Acronyms that are read as words; those that look as if they were are found by look.
_SPOKEN = frozenset({"FRED", "LAPIC", "NAPI", "NULL", "NUMA", "RAID", "RAM", "ROM"})
# Some say one, some the other.
_EITHER = frozenset(
    """FAQ SQL SRSO SRAT MADT SRAM HLT MFENCE LFENCE SFENCE LJMP LCALL LGDT LIDT LTR MOV
    FIXME NOHZ NVME RMP MSI XOR XSAVE XSAVES XRSTOR XRSTORS MDS SHSTK UC UI
    historic historical herb hypothetical u xarray xattr""".split()  # noqa: SIM905
)
_WORDLIKE = re.compile(
    r"(?:F[LR]?|S[CKLPQTW]?|[HLMNR])[AEIOUY]|U[^AEIOU]+[AEIOU]|.*[AEIOU].{4,}"
)
_SOUND_IN_DOUBT = re.compile(
    r"(?![fs][lrhwckmnptq][aeiou]|[fhlmnrsx][aeiouy])[fhlmnrsx]"
)
_YOO = re.compile(
    r"uni(?!n|m|dent)|us(?!h|t)|ut[ie]|eu|ew|ubi|ura|uri|ufo|uk|u-|uefi|usb|uart|udp|uuid"
)
_SILENT_H = re.compile(r"hour|honest|honou?r|heir")
_WON = re.compile(r"one(?![a-z])|once|oneself")
_OPENING = "\"'`(<*_&\u201c\u2018"
_BREAK = re.compile(r"[\s/(\[]")
_STEM = re.compile(r"[A-Za-z]*")


def indefinite(text: str) -> str:
    """Return the article for what follows: "a" or "an"."""
    return "an" if begins_with_vowel(text) else "a"


def is_in_doubt(text: str) -> bool:
    """Say whether people may read a word in two ways, so that either is right."""
    hit = _STEM.match(text)
    stem = hit[0] if hit else ""
    name = stem.removesuffix("s")
    if name in _EITHER or name.lower() in _EITHER:
        return True
    if (len(name) > 6 and is_acronym(stem)) or (
        stem != text and stem[:1] in ("u", "U")
    ):
        return True
    if name in _SPOKEN or name[:1] in tuple("AEIOaeio"):
        return False
    if is_acronym(stem):
        return _WORDLIKE.match(name) is not None
    plain = len(stem) > 1 and stem == text
    return plain and _SOUND_IN_DOUBT.match(stem.lower()) is not None


def begins_with_vowel(text: str) -> bool:
    """Say whether the first word of a text begins with the sound of a vowel."""
    word = _BREAK.split(text.lstrip(_OPENING), maxsplit=1)[0]
    if word[:1].isdigit():
        return _EIGHT.match(word) is not None
    hit = _STEM.match(word)
    stem = hit[0] if hit else ""
    if is_acronym(stem):
        name = stem.removesuffix("s")
        return name not in _SPOKEN and name[0] in _SPELLED_VOWELS
    lower = word.lower()
    if len(stem) == 1:
        return stem.upper() in _SPELLED_VOWELS
    if _YOO.match(lower) or _WON.match(lower):
        return False
    return lower[:1] in tuple("aeiou") or _SILENT_H.match(lower) is not None


def is_acronym(stem: str) -> bool:
    """Say whether most of a word is in capitals."""
    capitals = sum(letter.isupper() for letter in stem)
    return len(stem) > 1 and stem[:2].isupper() and capitals * 2 > len(stem)
