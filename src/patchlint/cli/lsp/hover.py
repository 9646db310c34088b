# SPDX-License-Identifier: GPL-2.0-or-later
"""What a hover says: the remark, its proof, the page of its rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from patchlint.cli.lsp.pages import short_page
from patchlint.cli.lsp.told import Remark

# Nobody reads more.
_MOST = 3
_TICKS = re.compile("`+")


def hover(remarks: Iterable[Remark], *, is_markdown: bool) -> str:
    """Return the text of a hover over a place that has remarks."""
    some = list(remarks)[:_MOST]
    pages = {remark.rule: "" for remark in some}
    for rule in pages:
        pages[rule] = short_page(rule, is_markdown=is_markdown)
    told = ["\n".join(_said(remark)) for remark in some]
    if is_markdown:
        told = [_block(text) for text in told]
        return "\n\n".join(told) + "\n\n---\n\n" + "\n---\n\n".join(pages.values())
    return "\n\n".join((*told, *pages.values()))


def _said(remark: Remark) -> Iterator[str]:
    yield f"{remark.severity}: {remark.message} [{remark.rule}]"
    if remark.suggestion:
        yield f"use: {remark.suggestion}"
    for at in remark.trace:
        yield f"  {PurePath(at.path).name}:{at.line}: {at.note}"


def _block(text: str) -> str:
    """Return what may quote a stranger as a code block that it cannot leave."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}text\n{text}\n{fence}"
