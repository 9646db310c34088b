# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments about replies that a review and ``patchlint reply`` share."""

from __future__ import annotations

import argparse
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.inputs import InputError
from patchlint.report.wrapping import Wrapping, WrappingError, parse_wrapping


class Drafting(Struct, frozen=True):
    """How drafts are to be: where they go beside the answer, and in which words."""

    drafts: Path | None = None
    says_clean: bool = False
    answers_rfc: bool = False
    template: Path | None = None

    @classmethod
    def of(cls, given: argparse.Namespace) -> Drafting:
        """Return what was given of the options that ``add_drafting`` adds."""
        return cls(given.drafts, given.say_clean, given.rfc, given.template)


def add_drafting(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument_group("replies").add_argument
    add(
        "--drafts",
        type=Path,
        metavar="DIR",
        help="write drafts of replies into this maildir too",
    )
    add(
        "--say-clean",
        action="store_true",
        help="reply too where nothing was found (default: silence)",
    )
    add("--rfc", action="store_true", help="reply to RFCs too")
    add(
        "--template",
        type=Path,
        metavar="FILE",
        help="text around a reply: ${body} alone in a line; ${fromname}, ${subject} "
        "and others as in the templates of b4",
    )


def wrapping_of(path: Path | None) -> Wrapping | None:
    """Return the template of a file; InputError if it cannot be used."""
    if path is None:
        return None
    try:
        return parse_wrapping(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"--template {path}: {error.strerror}") from error
    except (UnicodeDecodeError, WrappingError) as error:
        raise InputError(f"--template {path}: {error}") from error
