# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules see: pure functions, grouped by topic, in one plain table."""

from __future__ import annotations

from patchlint.checks import (
    comments,
    cover,
    declarations,
    guards,
    msg,
    msg_sentences,
    msg_words,
    ordering,
)
from patchlint.lint.bind import Checks

BUILTIN = Checks(
    message={
        "acronym_case": msg_words.acronym_case,
        "also_opener": msg.also_opener,
        "appendix_too_long": msg.appendix_too_long,
        "commit_ref_format": msg.commit_ref_format,
        "cover_template": cover.cover_template,
        "missing_article": msg_words.missing_article,
        "nfc_not_last": msg.nfc_not_last,
        "run_on_sentence": msg_sentences.run_on_sentence,
    },
    patch={
        "guard_drift": guards.drift,
        "mixed_refactor": guards.mixed,
    },
    program={
        "argument_order": declarations.argument_order,
        "declare_define_mismatch": declarations.declare_define_mismatch,
        "forbidden_inside": ordering.forbidden_inside,
        "unclosed_parenthesis": comments.unclosed_parenthesis,
    },
)
