# SPDX-License-Identifier: GPL-2.0-or-later
"""The command: arguments to one review to an exit status.

Only what every start needs is imported here; the rest is imported when it is known
that there is work, so that ``--version`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from patchlint import __version__
from patchlint.cli.status import CLEAN, INTERRUPTED, USAGE

# What git and b4 call: whoever waits for them waits for every import.
_SEAMS = (["hook"], ["b4"], ["b4-agent"])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status.

    0: nothing at or above ``--fail-on``; 1: findings; 2: usage or input that cannot
    be read, told in one line on stderr; 3: a rule crashed; 130: interrupted.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments == ["--version"]:
        sys.stdout.write(f"patchlint {__version__}\n")
        return CLEAN
    from patchlint.adapters.folders import cache_folder
    from patchlint.adapters.patterns import kept

    try:
        with kept(cache_folder()):
            return (_seam if arguments[:1] in _SEAMS else _run)(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    from patchlint.cli.errors import MISTAKES
    from patchlint.cli.output import complain

    try:
        # A file of that name is ./show, or ./fix.
        command = COMMANDS.get(arguments[0]) if arguments else None
        return command(arguments[1:]) if command else _review(arguments)
    except MISTAKES as error:
        complain(str(error))
        return USAGE


def _seam(arguments: Sequence[str]) -> int:
    """Do what is about the programs we are called by; errors are told their way."""
    if arguments[:2] == ["hook", "run"]:
        from patchlint.cli.hook_run import run

        return run(arguments[2:])
    if arguments[0] == "hook":
        from patchlint.cli.hook import hook

        return hook(arguments[1:])
    from patchlint.cli.b4 import agent, b4

    return (agent if arguments[0] == "b4-agent" else b4)(arguments[1:])


def _review(arguments: Sequence[str]) -> int:
    from patchlint.cli.options import parse
    from patchlint.cli.review import review

    return review(parse(arguments))


def _show(arguments: Sequence[str]) -> int:
    from patchlint.cli.show import show
    from patchlint.cli.show_options import parse

    return show(parse(arguments))


def _fix(arguments: Sequence[str]) -> int:
    from patchlint.cli.fix import fix
    from patchlint.cli.fix_options import parse

    return fix(parse(arguments))


def _thread(arguments: Sequence[str]) -> int:
    from patchlint.cli.thread import thread
    from patchlint.cli.thread_options import parse

    return thread(parse(arguments))


def _reply(arguments: Sequence[str]) -> int:
    from patchlint.cli.reply import reply
    from patchlint.cli.reply_options import parse

    return reply(parse(arguments))


def _answer(arguments: Sequence[str]) -> int:
    from patchlint.cli.state import answer
    from patchlint.cli.state_options import parse_answer

    return answer(parse_answer(arguments))


def _state(arguments: Sequence[str]) -> int:
    from patchlint.cli.state import state
    from patchlint.cli.state_options import parse_state

    return state(parse_state(arguments))


def _explain(arguments: Sequence[str]) -> int:
    from patchlint.cli.explain import explain

    return explain(arguments)


def _patchwork(arguments: Sequence[str]) -> int:
    from patchlint.cli.patchwork import patchwork
    from patchlint.cli.patchwork_options import parse

    return patchwork(parse(arguments))


def _rules(arguments: Sequence[str]) -> int:
    from patchlint.cli.explain import rules

    return rules(arguments)


def _config(arguments: Sequence[str]) -> int:
    from patchlint.cli.config import config

    return config(arguments)


def _baseline(arguments: Sequence[str]) -> int:
    from patchlint.cli.baseline import baseline

    return baseline(arguments)


def _test(arguments: Sequence[str]) -> int:
    from patchlint.cli.trial import trial

    return trial(arguments)


def _rates(arguments: Sequence[str]) -> int:
    from patchlint.cli.rates import run
    from patchlint.cli.scan_options import parse_rates

    return run(parse_rates(arguments))


def _scan(arguments: Sequence[str]) -> int:
    from patchlint.cli.scan import run
    from patchlint.cli.scan_options import parse

    return run(parse(arguments))


def _lsp(arguments: Sequence[str]) -> int:
    from patchlint.cli.lsp.command import lsp

    return lsp(arguments)


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "answer": _answer,
    "baseline": _baseline,
    "config": _config,
    "explain": _explain,
    "fix": _fix,
    "lsp": _lsp,
    "patchwork": _patchwork,
    "rates": _rates,
    "reply": _reply,
    "rules": _rules,
    "scan": _scan,
    "show": _show,
    "state": _state,
    "test": _test,
    "thread": _thread,
}
