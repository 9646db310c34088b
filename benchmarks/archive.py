# SPDX-License-Identifier: GPL-2.0-or-later
"""An archive as public-inbox keeps it, of small series that nobody has written.

Usage: archive.py [--mails N] [--epoch N] DIR. Series of one to six patches, with cover
letters, replies and second versions, come in a mixed order, some of their mails late;
some mails come twice, some are taken out again. The same arguments make the same mails.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import IO

BEGIN = 1_577_880_000
# Seconds between two mails, and how many mails later one may come than it was sent.
PACE = 400
LATE = 120
_WORDS = (
    "ring", "table", "queue", "clock", "frame", "index", "probe", "window", "guard",
    "cache", "buffer", "range", "state", "timer",
)  # fmt: skip
_VERBS = ("Add", "Check", "Count", "Drop", "Keep", "Move", "Name", "Split")
# What some of the logs say, so that there is something to find.
_SLIPS = (
    "This patch adds the the check that callers need.",
    "Also, we fix an other case that that was seen in testing.",
    "As described above, I changed the order of both calls.",
)
_BODY = """\
@@ -{line},7 +{line},{after} @@ int {name}_{verb}(struct {name} *{name}, int count)
 {{
 \tint first = {name}->first;
 \tint last = {name}->last;
{added} \tif (first > last)
 \t\treturn -EINVAL;

 \t{name}->count = count;
"""


def mails(count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield so many mails, in the order they arrive in."""
    draw = random.Random(seed)  # noqa: S311 - nothing is secret here
    waiting: list[tuple[float, int, bytes]] = []
    number = made = 0
    while made < count:
        while len(waiting) < LATE:
            number += 1
            for mail in _thread(draw, number, made):
                delay = draw.random() * (LATE if draw.random() < 0.05 else 8)
                waiting.append((made + len(waiting) / 4 + delay, len(waiting), mail))
        waiting.sort()
        yield waiting.pop(0)[2]
        made += 1


def _thread(draw: random.Random, number: int, made: int) -> Iterator[bytes]:
    """Yield a series, what was said of it, and maybe its next version."""
    moment = BEGIN + made * PACE
    total = draw.choice((1, 1, 1, 2, 3, 4, 6))
    name, verb = draw.choice(_WORDS), draw.choice(_VERBS)
    for version in range(1, draw.choice((2, 2, 3))):
        head = f"{number}.{version}.0@archive.example"
        word = f"PATCH v{version}" if version > 1 else "PATCH"
        if total > 1:
            subject = f"[{word} 0/{total}] {name}: {verb} what was left"
            text = f"The series is about {name}, in {total} steps.\n"
            yield _mail(head, "", subject, text, moment)
        for at in range(1, total + 1):
            own = f"{number}.{version}.{at}@archive.example"
            counted = f"{word} {at}/{total}" if total > 1 else word
            subject = f"[{counted}] {name}: {verb} the {draw.choice(_WORDS)} {at}"
            text = _patch(draw, name, verb, at)
            yield _mail(own, head if total > 1 else "", subject, text, moment + at)
            if draw.random() < 0.4:
                said = f"> {name}\n\nWhy is that, and not the other way round?\n"
                reply = f"r{own}"
                yield _mail(reply, own, f"Re: {subject}", said, moment + 90 * at)
        moment += 9000


def _patch(draw: random.Random, name: str, verb: str, at: int) -> str:
    log = f"{verb} it where callers need it, since {name} is read without a lock.\n"
    if draw.random() < 0.2:
        log += f"\n{draw.choice(_SLIPS)}\n"
    lines = [
        f"+\tint {draw.choice(_WORDS)}{k} = {name}->{draw.choice(_WORDS)};\n"
        for k in range(draw.randint(1, 12))
    ]
    path = f"drivers/{name}/{name}-{at}.c"
    signed = "" if draw.random() < 0.1 else "\nSigned-off-by: A B <a@archive.example>\n"
    body = _BODY.format(
        line=draw.randint(1, 900),
        after=7 + len(lines),
        name=name,
        verb=verb.lower(),
        added="".join(lines),
    )
    return (
        f"{log}{signed}---\n {path} | {len(lines)} {'+' * len(lines)}\n"
        f" 1 file changed, {len(lines)} insertions(+)\n\n"
        f"diff --git a/{path} b/{path}\nindex 1234567..89abcde 100644\n"
        f"--- a/{path}\n+++ b/{path}\n{body}-- \n2.43.0\n"
    )


def _mail(own: str, above: str, subject: str, text: str, moment: int) -> bytes:
    answers = f"In-Reply-To: <{above}>\nReferences: <{above}>\n" if above else ""
    return (
        f"From: A B <a@archive.example>\nTo: list@archive.example\n"
        f"Date: {formatdate(moment)}\nMessage-ID: <{own}>\n{answers}"
        f"Subject: {subject}\n\n{text}"
    ).encode()


def write(folder: Path, count: int, epoch: int, seed: int = 1) -> None:
    """Write the epochs ``git/0.git``, ``git/1.git`` and so on."""
    number = 0
    source = mails(count, seed)
    draw = random.Random(seed)  # noqa: S311 - nor here
    while batch := [mail for _, mail in zip(range(epoch), source, strict=False)]:
        path = folder / "git" / f"{number}.git"
        path.mkdir(parents=True)
        _git(path, "init", "--quiet", "--bare", "--initial-branch=master")
        command = ["git", "-C", str(path), "fast-import", "--quiet"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as child:  # noqa: S603
            if child.stdin is not None:
                _import(child.stdin, batch, draw, number * epoch)
        if child.returncode:
            raise OSError(f"git fast-import: {child.returncode}")
        number += 1


def _import(
    stream: IO[bytes], batch: list[bytes], draw: random.Random, start: int
) -> None:
    """Write commits: a mail each, now and then one that takes the last out again."""
    for at, mail in enumerate(batch):
        is_gone = at > 0 and draw.random() < 0.002
        name, text = (b"d", batch[at - 1]) if is_gone else (b"m", mail)
        moment = BEGIN + (start + at) * PACE
        stream.write(
            b"commit refs/heads/master\n"
            b"committer archive <archive@archive.example> %d +0000\n"
            b"data 0\ndeleteall\nM 100644 inline %s\ndata %d\n%s\n"
            % (moment, name, len(text), text)
        )


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)  # noqa: S603, S607


def main() -> int:
    """Write an archive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--epoch", type=int, default=30_000)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    write(given.folder, given.mails, given.epoch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
