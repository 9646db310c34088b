# SPDX-License-Identifier: GPL-2.0-or-later
"""Make sources of assembly for tests."""

from __future__ import annotations

from patchlint.analysis.asm_patch import Followed, followed
from patchlint.diff.image import whole_image
from patchlint.lint.context import Facts, Source
from patchlint.model.location import Side


def source(text: str, path: str = "arch/x86/lib/x_64.S") -> Source:
    return Source(whole_image(path, text, ""), Side.NEW, frozenset(), Facts())


def routine(body: str, documents: str = "* %rdi a\n* %rsi b") -> Followed:
    """Follow one routine, whose code is ``body``."""
    text = f"SYM_FUNC_START(f)\n/*\n{documents}\n*/\n{body}\nSYM_FUNC_END(f)\n"
    (found,) = followed(source(text))
    return found
