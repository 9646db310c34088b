# SPDX-License-Identifier: GPL-2.0-or-later
"""The page and the picture of what was timed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.timing import Measured

_HEAD = """\
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Performance

Written by `make bench LINUX=dir`: patchlint and its peer in turns, in one run, on one
machine. Figures are processor time, children included, the least of all rounds; `+n %`
is how much dearer the round in the middle was. What counts is the ratio. checkpatch is
that of Linux 6.12, in its tree, one process a patch, as people run it. Patches are real
ones, drawn by hash.

![how often patchlint fits into the time of its peer](pictures/performance.svg)

| | patchlint | its peer | ratio | memory |
|---|---|---|---|---|
"""
_BAR, _LEFT, _WIDTH = 26, 330, 720


def page(
    rows: Mapping[str, Mapping[str, Measured]],
    ratios: Mapping[str, float],
    growth: Mapping[int, Measured],
    jobs: tuple[float, float],
) -> str:
    """Return docs/performance.md."""
    lines = [_row(name, row, ratios.get(name)) for name, row in rows.items()]
    grown = [
        f"| {size} | {one.cpu:.1f} ms | {one.memory:.0f} MB |"
        for size, one in growth.items()
    ]
    one, two = jobs
    return (
        _HEAD
        + "\n".join(lines)
        + "\n\nGrowth, a patch in one go of so many:\n\n"
        + "| patches | a patch | memory |\n|---|---|---|\n"
        + "\n".join(grown)
        + f"\n\nTwo processes (`-j 2`) take {two:.1f} s where one takes {one:.1f} s: "
        + f"{one / two:.2f} times as fast.\n"
    )


def _row(name: str, row: Mapping[str, Measured], ratio: float | None) -> str:
    (_, ours), *others = row.items()
    peer = "".join(f"{_figure(one)} ({title})" for title, one in others)
    said = f"{ratio:.2f}" if ratio is not None else ""
    return f"| {name} | {_figure(ours)} | {peer} | {said} | {ours.memory:.0f} MB |"


def _figure(one: Measured) -> str:
    unit = "ms a patch" if one.of > 1 else "ms"
    spread = f" +{one.spread:.0f} %" if len(one.costs) > 1 else ""
    return f"{one.cpu:.1f} {unit}{spread}"


def plot(ratios: Mapping[str, float]) -> str:
    """Return a picture: a bar for each ratio, and a line where both are the same."""
    height = _BAR * len(ratios) + 30
    scale = (_WIDTH - _LEFT - 60) / max(*ratios.values(), 1.0)
    same = _LEFT + scale
    return (
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n'
        + "".join(_bars(ratios, scale))
        + f'<path d="M{same:.1f} 4V{height - 22}" stroke="#c33" '
        f'stroke-dasharray="4 3"/>\n<text x="{same:.1f}" y="{height - 8}" '
        'text-anchor="middle" fill="#c33">as fast</text>\n</svg>\n'
    )


def _bars(ratios: Mapping[str, float], scale: float) -> Iterator[str]:
    for number, (name, ratio) in enumerate(ratios.items()):
        y = number * _BAR + 6
        yield (
            f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{name}</text>\n'
            f'<rect x="{_LEFT}" y="{y}" width="{scale * ratio:.1f}" height="18" '
            'fill="#36c"/>\n'
            f'<text x="{_LEFT + scale * ratio + 6:.1f}" y="{y + 14}">{ratio:.1f}x'
            "</text>\n"
        )
