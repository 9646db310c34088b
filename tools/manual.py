# SPDX-License-Identifier: GPL-2.0-or-later
"""Write share/: the man page and the completions; --check says if they are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import shtab

from patchlint import __version__
from patchlint.cli.options import review_parser
from tools.commands import PARSERS, tree

ROOT = Path(__file__).parents[1]
SHELLS = {
    "bash": "bash-completion/completions/patchlint",
    "zsh": "zsh/site-functions/_patchlint",
    "fish": "fish/vendor_completions.d/patchlint.fish",
}
_MAN = "man/man1/patchlint.1"
_LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"
_FILES = ("FILE", "PATH", "DIR")
# The first word may be a command or a file, for which shtab has no words.
_BESIDES = {
    "bash": (("complete -o bashdefault ", "complete -o bashdefault -o default "),),
    "zsh": (
        (
            "_describe 'patchlint commands' _commands\n",
            "_describe 'patchlint commands' _commands\n  _files\n",
        ),
        (
            "      case $line[1] in\n",
            "      case $line[1] in\n        *.*|*/*|-) _arguments -C -s "
            '$_shtab_patchlint_options "*:file:_files" ;;\n',
        ),
    ),
}
_END = """\
.SH FILES
.TP
.I ~/.cache/patchlint
What was read of trees, by the id of each blob; it can be removed at any time.
.SH ENVIRONMENT
.TP
.B NO_COLOR
No colour on a terminal.
.TP
.B FORCE_HYPERLINK
1: places are links, whatever the terminal; 0: they are not.
.TP
.B XDG_CACHE_HOME
Where the cache is, instead of ~/.cache.
.SH EXAMPLES
.TP
.B patchlint v2.mbox
Review a mailbox.
.TP
.B patchlint \\-\\-repo ~/linux \\-\\-range origin/master..HEAD
Review the commits of a branch, with the whole files and the tree.
.TP
.B patchlint \\-o sarif=out.sarif \\-o junit=out.xml v2.mbox
Print the report, and write it in two more formats.
.TP
.B b4 mbox \\-o \\- MSGID | patchlint \\-
Review what is on the list.
.SH SEE ALSO
.BR git\\-send\\-email (1),
.BR git\\-format\\-patch (1),
.BR b4 (5)
"""


def completion(shell: str) -> str:
    """Return the completions for a shell; what names a file is completed as one."""
    parser = tree()
    for each in _all(parser):
        for action in each._actions:  # noqa: SLF001 - shtab looks there, too
            name = str(action.metavar or "")
            if action.choices is None and any(word in name for word in _FILES):
                kind = shtab.DIR if name == "DIR" else shtab.FILE
                action.complete = kind  # type: ignore[attr-defined]
    made = str(shtab.complete(parser, shell))
    for old, new in _BESIDES.get(shell, ()):
        if old not in made:
            raise LookupError(f"{shell}: shtab does not write {old!r} any more")
        made = made.replace(old, new)
    # zsh wants #compdef first.
    first, _, rest = made.partition("\n")
    return f"{first}\n# {_LICENCE}\n{rest}".rstrip() + "\n"


def _all(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for below in action.choices.values():
                yield from _all(below)


def page() -> str:
    """Return the man page."""
    top = review_parser()
    lines = [
        f'.\\" {_LICENCE}',
        '.\\" Made from the parsers by tools/manual.py.',
        f'.TH PATCHLINT 1 "" "patchlint {__version__}" "User Commands"',
        ".SH NAME",
        "patchlint \\- review Linux kernel patch series as they are mailed",
        ".SH SYNOPSIS",
    ]
    lines += _synopsis(top)
    for name, make in PARSERS.items():
        lines += [".br", *_synopsis(make(), name)]
    lines += [".SH DESCRIPTION", _escaped(top.description or "")]
    lines += [
        ".PP",
        "Mail, hunks and files of a series are read, every touched file is made",
        "before and after, and rules look at what the series changes.",
        "Nothing of a patch, a tree or a mail is executed.",
        ".SH OPTIONS",
        *_options(top),
    ]
    lines += [".SH COMMANDS"]
    for name, make in PARSERS.items():
        parser = make()
        lines += [f".SS {name}", _escaped(parser.description or ""), *_options(parser)]
    lines += [".SH EXIT STATUS", *_statuses(top)]
    return "\n".join(lines) + "\n" + _END


def _synopsis(parser: argparse.ArgumentParser, name: str = "") -> list[str]:
    """Return the command with what is positional; the options stand below."""
    words = [
        f"{_escaped(str(action.metavar))}..."
        for action in parser._actions  # noqa: SLF001
        if not action.option_strings
    ]
    command = f".B patchlint {name}".rstrip()
    return [command, f"[OPTION]... {' '.join(words)}".rstrip()]


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001
        names = [f"\\fB{_escaped(name)}\\fR" for name in action.option_strings]
        value = action.metavar or (
            "|".join(map(str, action.choices))
            if action.choices
            else action.dest.upper()
        )
        shown = f"\\fI{_escaped(str(value))}\\fR"
        head = ", ".join(names) or shown
        if names and action.nargs != 0:
            head += f" {shown}"
        yield ".TP"
        yield head
        yield _escaped(str(action.help or "").replace("%%", "%"))


def _statuses(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield what the epilog says of exit statuses, one each."""
    _, _, told = " ".join((parser.epilog or "").split()).partition("exit status: ")
    for part in told.replace(" (the others", "\n(the others").split(", "):
        status, _, meaning = part.partition(" ")
        if status.isdigit():
            yield from (
                ".TP",
                f"\\fB{status}\\fR",
                _escaped(meaning.replace("\n", " ")),
            )


def _escaped(text: str) -> str:
    """Return text that groff does not take for a request."""
    made = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{made}" if made[:1] in (".", "'") else made


def made() -> dict[Path, str]:
    """Return every file by its path."""
    shells = {ROOT / "share" / path: completion(name) for name, path in SHELLS.items()}
    return {ROOT / "share" / _MAN: page(), **shells}


def main() -> int:
    """Write the files, or with --check only compare."""
    stale = [
        path
        for path, text in made().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: stale; run make manual")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made()[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
