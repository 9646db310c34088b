# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules see: pure functions, grouped by topic, in one plain table."""

from __future__ import annotations

from patchlint.checks import (
    arguments,
    asm,
    asm_clobber,
    asm_prototypes,
    asm_width,
    calls,
    comment_changes,
    comments,
    cover,
    declarations,
    exports,
    guards,
    kconfig,
    locking,
    msg,
    msg_sentences,
    msg_words,
    ordering,
    phases,
    prototype_drift,
    sections,
    style,
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
        "comment_removed_silently": comment_changes.comment_removed_silently,
        "guard_drift": guards.drift,
        "label_use_after_rename": asm.label_use_after_rename,
        "mixed_refactor": guards.mixed,
        "percpu_early_write": phases.early_write,
        "percpu_set_before_use": phases.set_before_use,
        "percpu_set_on_subset": phases.set_on_subset,
        "unknown_symbol": kconfig.unknown_symbol,
        "param_width": asm_width.param_width,
        "path_gone": comment_changes.path_gone,
        "register_clobbered_before_use": asm_clobber.register_clobbered_before_use,
        "register_doc_vs_prototype": asm_prototypes.register_doc_vs_prototype,
        "reverse_fir_tree": style.reverse_fir_tree,
    },
    program={
        "argument_order": arguments.argument_order,
        "cpuid_bit_literal": calls.cpuid_bit_literal,
        "declare_define_mismatch": declarations.declare_define_mismatch,
        "discouraged_call": calls.discouraged_call,
        "export_missing": exports.export_missing,
        "forbidden_inside": ordering.forbidden_inside,
        "init_reference": sections.init_reference,
        "lockdep_over_comment": locking.lockdep_over_comment,
        "prototype_drift": prototype_drift.prototype_drift,
        "register_doc_between_labels": asm.register_doc_between_labels,
        "tail_comment": style.tail_comment,
        "truncated_comment": comments.truncated,
        "unclosed_parenthesis": comments.unclosed_parenthesis,
    },
)
