# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules see: pure functions, grouped by topic, in one plain table.

A review imports the modules of the checks that look, and no others: there are many,
and most patches need few.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from msgspec import Struct

from patchlint.lint.bind import Checks


class Later(Struct, frozen=True):
    """The check ``module.function`` of this package, imported when it first looks."""

    where: str

    def __call__(self, context: Any, options: Any) -> Any:
        """Look."""
        return found(self.where)(context, options)


@cache
def found(where: str) -> Any:
    """Return the function ``module.function`` of this package."""
    module, name = where.split(".")
    return getattr(import_module(f"{__name__}.{module}"), name)


BUILTIN = Checks(
    message={
        "a_or_an": Later("msg_slips.a_or_an"),
        "absolute_path": Later("log_form.absolute_path"),
        "acronym_case": Later("msg_words.acronym_case"),
        "added_text": Later("hygiene.added_text"),
        "also_opener": Later("msg.also_opener"),
        "appendix_too_long": Later("msg.appendix_too_long"),
        "author_signed": Later("signoffs.author_signed"),
        "binding_schema": Later("paperwork.binding_schema"),
        "binding_split": Later("paperwork.binding_split"),
        "blank_at_brace": Later("layout.blank_at_brace"),
        "blank_before_check": Later("layout.blank_before_check"),
        "braces_on_both_arms": Later("layout.braces_on_both_arms"),
        "change_id": Later("fixes.change_id"),
        "changelog_in_message": Later("log_form.changelog_in_message"),
        "codeveloped_pair": Later("signoffs.codeveloped_pair"),
        "combined_tag": Later("trailers.combined_tag"),
        "comment_symbol": Later("log_form.comment_symbol"),
        "commit_known": Later("commits.commit_known"),
        "commit_ref_format": Later("msg.commit_ref_format"),
        "config_help": Later("paperwork.config_help"),
        "confused_words": Later("msg_slips.confused_words"),
        "cover_template": Later("cover.cover_template"),
        "defects": Later("defects.defects"),
        "diff_in_message": Later("log_form.diff_in_message"),
        "diffstat_mismatch": Later("posting.diffstat_mismatch"),
        "dos_line_endings": Later("hygiene.dos_line_endings"),
        "doubled_word": Later("msg_slips.doubled_word"),
        "duplicate_tag": Later("trailers.duplicate_tag"),
        "executable_source": Later("hygiene.executable_source"),
        "first_is_author": Later("signoffs.first_is_author"),
        "fixes_after_sign_off": Later("fixes.fixes_after_sign_off"),
        "fixes_format": Later("fixes.fixes_format"),
        "fixes_known": Later("commits.fixes_known"),
        "fixes_missing": Later("fixes.fixes_missing"),
        "function_parentheses": Later("msg_parentheses.function_parentheses"),
        "grammar": Later("msg_grammar.grammar"),
        "hidden_characters": Later("hidden.hidden_characters"),
        "include_asm": Later("hygiene.include_asm"),
        "last_is_sender": Later("signoffs.last_is_sender"),
        "link_form": Later("fixes.link_form"),
        "log_empty": Later("log_form.log_empty"),
        "log_says": Later("log_says.log_says"),
        "log_width": Later("log_form.log_width"),
        "long_line": Later("hygiene.long_line"),
        "maintainers_form": Later("paperwork.maintainers_form"),
        "missing_article": Later("msg_articles.missing_article"),
        "missing_newline": Later("hygiene.missing_newline"),
        "missing_sign_off": Later("signoffs.missing_sign_off"),
        "mixed_scripts": Later("hidden.mixed_scripts"),
        "name_in_file": Later("hygiene.name_in_file"),
        "needless_wrap": Later("layout.needless_wrap"),
        "nfc_not_last": Later("msg.nfc_not_last"),
        "not_utf8": Later("log_form.not_utf8"),
        "old_archive": Later("fixes.old_archive"),
        "patch_prefix": Later("hygiene.patch_prefix"),
        "raw_backtrace": Later("log_form.raw_backtrace"),
        "rename_buried": Later("renaming.rename_buried"),
        "reported_closes": Later("fixes.reported_closes"),
        "run_on_sentence": Later("msg_sentences.run_on_sentence"),
        "single_paragraph": Later("log_form.single_paragraph"),
        "space_before_tab": Later("hygiene.space_before_tab"),
        "spelling": Later("msg_spelling.spelling"),
        "split_string": Later("hygiene.split_string"),
        "stable_form": Later("fixes.stable_form"),
        "subject_case": Later("prefix.subject_case"),
        "subject_doubled": Later("subjects.subject_doubled"),
        "subject_file": Later("subjects.subject_file"),
        "subject_imperative": Later("subjects.subject_imperative"),
        "subject_length": Later("subjects.subject_length"),
        "subject_period": Later("subjects.subject_period"),
        "subject_prefix": Later("prefix.subject_prefix"),
        "subject_tool": Later("subjects.subject_tool"),
        "tag_address": Later("trailers.tag_address"),
        "tag_form": Later("trailers.tag_form"),
        "this_patch": Later("msg_slips.this_patch"),
        "trailing_whitespace": Later("hygiene.trailing_whitespace"),
        "undocumented_compatible": Later("paperwork.undocumented_compatible"),
        "undocumented_parameter": Later("paperwork.undocumented_parameter"),
        "uneven_example": Later("layout.uneven_example"),
        "unmaintained_file": Later("paperwork.unmaintained_file"),
        "verb_form": Later("msg_slips.verb_form"),
        "version_keyword": Later("hygiene.version_keyword"),
    },
    patch={
        "comment_removed_silently": Later("comment_changes.comment_removed_silently"),
        "describes_old_condition": Later("old_conditions.describes_old_condition"),
        "function_near_miss": Later("msg_functions.function_near_miss"),
        "guard_drift": Later("guards.drift"),
        "label_use_after_rename": Later("asm.label_use_after_rename"),
        "mixed_refactor": Later("guards.mixed"),
        "no_change_but_condition": Later("claims.no_change_but_condition"),
        "param_width": Later("asm_width.param_width"),
        "path_gone": Later("comment_changes.path_gone"),
        "percpu_early_write": Later("phases.early_write"),
        "percpu_set_before_use": Later("phases.set_before_use"),
        "percpu_set_on_subset": Later("phases.set_on_subset"),
        "register_clobbered_before_use": Later(
            "asm_clobber.register_clobbered_before_use"
        ),
        "register_doc_vs_prototype": Later("asm_prototypes.register_doc_vs_prototype"),
        "reverse_fir_tree": Later("style.reverse_fir_tree"),
        "stale_identifier": Later("stale_names.stale_identifier"),
        "unknown_symbol": Later("kconfig.unknown_symbol"),
        "vendor_scope_change": Later("vendors.vendor_scope_change"),
    },
    program={
        "argument_order": Later("arguments.argument_order"),
        "blank_after_declarations": Later("style.blank_after_declarations"),
        "callee_saved": Later("asm_stack.callee_saved"),
        "cpuid_bit_literal": Later("calls.cpuid_bit_literal"),
        "declare_define_mismatch": Later("declarations.declare_define_mismatch"),
        "discouraged_call": Later("calls.discouraged_call"),
        "export_missing": Later("exports.export_missing"),
        "forbidden_inside": Later("ordering.forbidden_inside"),
        "indirect_branch": Later("asm_annotations.indirect_branch"),
        "init_reference": Later("sections.init_reference"),
        "inline_call_constraint": Later("inline_asm.inline_call_constraint"),
        "kerneldoc_params": Later("kerneldoc.kerneldoc_params"),
        "lockdep_over_comment": Later("locking.lockdep_over_comment"),
        "plain_ret": Later("asm_annotations.plain_ret"),
        "prototype_drift": Later("prototype_drift.prototype_drift"),
        "quoted_prototype": Later("asm_quoted.quoted_prototype"),
        "register_doc_between_labels": Later("asm.register_doc_between_labels"),
        "ro_after_init_write": Later("read_only.ro_after_init_write"),
        "stack_balance": Later("asm_stack.stack_balance"),
        "sym_pairing": Later("asm_annotations.sym_pairing"),
        "tail_comment": Later("style.tail_comment"),
        "truncated_comment": Later("comments.truncated"),
        "unclosed_parenthesis": Later("comments.unclosed_parenthesis"),
        "value_across": Later("values.value_across"),
    },
    series={
        "added_never_used": Later("series_unused.added_never_used"),
        "base_named": Later("posting.base_named"),
        "callers_apart": Later("series_promises.callers_apart"),
        "config_before_defined": Later("series_promises.config_before_defined"),
        "cover_letter": Later("posting.cover_letter"),
        "dead_until_later": Later("series_unused.dead_until_later"),
        "declared_never_defined": Later("series_promises.declared_never_defined"),
        "recipients": Later("posting.recipients"),
        "unused_static": Later("series_unused.unused_static"),
        "use_before_definition": Later("series_uses.use_before_definition"),
        "version_history": Later("versions.version_history"),
    },
    version={
        "comment_unaddressed": Later("thread.comment_unaddressed"),
        "history_omits": Later("versions.history_omits"),
        "history_wrong": Later("versions.history_wrong"),
        "resend_modified": Later("versions.resend_modified"),
        "tags_dropped": Later("versions.tags_dropped"),
        "tags_kept_after_rewrite": Later("versions.tags_kept_after_rewrite"),
        "tags_not_collected": Later("thread.tags_not_collected"),
    },
)
