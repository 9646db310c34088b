# SPDX-License-Identifier: GPL-2.0-or-later
"""The hook ``sendemail-validate``: a posting, before any mail of it goes out.

git runs it for one file after the other, and sends nothing unless all of them pass.
Since 2.41 it says how many there are: then the files are kept until the last one is
there, and reviewed as what they are. An older git says nothing of that; each file is
reviewed alone, and the posting as a whole when its last patch comes.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from patchlint.adapters.spool import Spool
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.cli.whole import of_each, of_the_whole
from patchlint.mail.sent import as_sent
from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series

_KIND = "sendemail"
_MOST = 64 << 20
_FILES = 10_000
_OF = re.compile(
    rb"^Subject:[^\n]*\[[^\]\n]{0,200}?\b(\d{1,4})/(\d{1,4})\]", re.I | re.M
)
_OLD = (
    "patchlint: this git does not say which files belong together (2.41 does): each\n"
    "patchlint: is reviewed alone, the whole only if its patches come in order.\n"
)


def sendemail_validate(path: Path, headers: str, limit: Severity) -> int:
    """Keep a file, or review all of them if it is the last."""
    mail = as_sent(_read(path), _read(Path(headers)) if headers else b"")
    number, total = _told("COUNTER"), _told("TOTAL")
    # All calls for one posting come from one job of the shell.
    spool = Spool(_KIND, Path.cwd(), os.environ.get("GIT_DIR", ""), os.getpgrp(), total)
    if not 0 < number <= total <= _FILES:
        return _alone(mail, spool, limit)
    if number == 1:
        spool.begin()
    spool.put(number, mail)
    if number < total:
        return CLEAN
    try:
        return _verdict(spool.folder, limit, _all)
    finally:
        spool.end()


def _told(what: str) -> int:
    text = os.environ.get(f"GIT_SENDEMAIL_FILE_{what}", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(_MOST + 1)
    if len(raw) > _MOST:
        raise ValueError(f"{path}: more than {_MOST} bytes")
    return raw


def _alone(mail: bytes, spool: Spool, limit: Severity) -> int:
    """Review one file; with the last patch of a posting, look at all of it, too."""
    found = _OF.search(mail.partition(b"\n\n")[0])
    number, total = (int(found[1]), int(found[2])) if found else (1, 1)
    one = Spool(_KIND, "alone", os.getpid())
    one.put(1, mail)
    try:
        status = _verdict(one.folder, limit, of_each if total > 1 else _all)
    finally:
        one.end()
    if total < 2:
        return status
    if number < 2 and spool.numbers() != (0,):
        sys.stderr.write(_OLD)
        spool.begin()
    spool.put(number, mail)
    if number == total and spool.numbers()[-total:] == tuple(range(1, total + 1)):
        status = max(status, _verdict(spool.folder, limit, of_the_whole))
        spool.end()
    return status


def _all(report: Report) -> Report:
    return report


def _verdict(folder: Path, limit: Severity, part: Callable[[Report], Report]) -> int:
    """Review mails, say that part of what is found, and whether they may go."""
    from patchlint.adapters.git import RepositoryError
    from patchlint.adapters.inputs import InputError, read_inputs
    from patchlint.cli.options import parse
    from patchlint.cli.review import reviewed
    from patchlint.cli.taking import understood

    options = parse([*_where(), str(folder)])
    try:
        report, postings = reviewed(options)
    except InputError as error:
        if understood(read_inputs([str(folder)]), options.limits).postings:
            raise ValueError(str(error)) from error
        # A cover letter on its own, or a mail that is no patch.
        return CLEAN
    except RepositoryError as error:
        raise ValueError(str(error)) from error
    return _say(part(report), postings, limit)


def _where() -> tuple[str, ...]:
    """Return where the repository is, if git was told and it is not around us."""
    from patchlint.adapters.git import is_repository

    given = os.environ.get("GIT_DIR", "")
    if not given or is_repository(Path()):
        return ()
    return ("--repo", str(Path(given).absolute()))


def _say(report: Report, postings: tuple[Series, ...], limit: Severity) -> int:
    if report.findings or report.crashes:
        from patchlint.report import FORMATS

        text = FORMATS["text"](report, postings)
        sys.stderr.buffer.write(text.encode("utf-8", "replace"))
        sys.stderr.flush()
    if any(finding.severity >= limit for finding in report.findings):
        sys.stderr.write(
            "patchlint: nothing is sent; git send-email --no-validate sends it anyway\n"
        )
        return FOUND
    return BROKEN if report.crashes else CLEAN
