# SPDX-License-Identifier: GPL-2.0-or-later
"""The English of a Linux tree: documentation, help texts of Kconfig, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from patchlint.prose.blocks import BlockKind, blocks
from patchlint.prose.sentences import Sentence, sentences
from patchlint.prose.tokens import TokenKind

DIRS = (
    "arch/arm64", "arch/powerpc", "arch/x86", "block", "crypto", "drivers", "fs",
    "include", "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "rust",
    "security", "sound", "tools", "virt",
)  # fmt: skip
_SKIPPED = ("translations", "asm-offsets", "selftests/powerpc")
_BIGGEST = 3_000_000
_KINDS = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_LITERAL = re.compile(r"::\n\n((?:[ \t]+\S.*\n|\n)+)")
_RST = (
    (re.compile(r"^\s*\.\. .*$", re.M), ""),
    (re.compile(r"``([^`\n]+)``"), r"`\1`"),
    (re.compile(r":[a-z:]+:`([^`]*)`"), r"`\1`"),
    (re.compile(r"\*\*?([A-Za-z][^*\n]*)\*\*?"), r"\1"),
    (re.compile(r"^[=\-~^*#\"+`:. ]{3,}$", re.M), ""),
    (re.compile(r"^(?:What|Date|KernelVersion|Contact|Users):.*$", re.M), ""),
    (re.compile(r"^Description:\s*", re.M), ""),
    (re.compile(r"^[ \t]+", re.M), ""),
)
_HELP = re.compile(r"^\s+help\n((?:[ \t]+\S.*\n|\n)+)", re.M)
_COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
_STARS = re.compile(r"^[ \t]*\*+[ \t]?", re.M)
_TAGS = re.compile(r"^\s*@\w+.*$", re.M)
_INDENT = re.compile(r"^[ \t]+", re.M)


def texts(linux: Path) -> Iterator[tuple[str, ...]]:
    """Yield the texts of one file after the other, in the order of their paths."""
    for path in sorted((linux / "Documentation").rglob("*")):
        named = path.suffix in (".rst", ".txt") or "ABI" in path.parts
        if named and path.suffix != ".yaml" and _is_wanted(path):
            yield (_document(_read(path)),)
    for folder in DIRS:
        for path in sorted((linux / folder).rglob("*")):
            if not _is_wanted(path):
                continue
            if path.name.startswith("Kconfig"):
                found = _HELP.findall(_read(path))
                yield tuple(_INDENT.sub("", text) for text in found)
            elif path.suffix in (".c", ".h", ".S", ".rs"):
                yield tuple(_comments(_read(path)))


def documents(linux: Path, size: int = 12) -> Iterator[tuple[Sentence, ...]]:
    """Yield runs of at most ``size`` sentences of one file."""
    for parts in texts(linux):
        found = [sentence for text in parts for sentence in _prose(text)]
        for begin in range(0, len(found), size):
            yield tuple(found[begin : begin + size])


def _is_wanted(path: Path) -> bool:
    return (
        not any(part in path.as_posix() for part in _SKIPPED)
        and path.is_file()
        and path.stat().st_size <= _BIGGEST
    )


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def _document(text: str) -> str:
    text = _LITERAL.sub(".\n\n", text)
    for pattern, instead in _RST:
        text = pattern.sub(instead, text)
    return text


def _comments(text: str) -> Iterator[str]:
    """Yield the paragraphs of long comments that look like whole sentences."""
    for hit in _COMMENT.finditer(text):
        comment = hit[1]
        legal = "Copyright" in comment or "license" in comment.lower()
        if len(comment) < 80 or legal:
            continue
        comment = _TAGS.sub("", _STARS.sub("", comment))
        for part in re.split(r"\n\s*\n", comment):
            words = part.split()
            if len(words) >= 12 and words[0][:1].isupper() and words[-1][-1] in ".?!":
                yield _INDENT.sub("", part)


def _prose(text: str) -> Iterator[Sentence]:
    """Yield whole sentences of 5 to 80 words, less than half of them code."""
    for block in blocks(text.split("\n")):
        if block.kind not in _KINDS:
            continue
        for sentence in sentences(block):
            words = sentence.words
            code = sum(token.kind is TokenKind.CODE for token in sentence.tokens)
            if 5 <= words <= 80 and code * 2 <= words and _is_whole(sentence):
                yield sentence


def _is_whole(sentence: Sentence) -> bool:
    last: Sequence[str] = [token.text for token in sentence.tokens[-2:]]
    return any(text in (".", "?", "!", ":") for text in last)
