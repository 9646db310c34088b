# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how good the rules for English are, and what they cost.

Usage: measure_english.py [--show RULE] [--list]. Reads, of the material beside the
checkout, messages as posted and as applied, and accepted patches. Both are cut in two
by a hash of the commit: rules were tuned on one half only. ``--list`` prints every
missing article that is told of in the other half, to be judged by a reader.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from patchlint.adapters.cards import builtin_cards, load_cards
from patchlint.checks import BUILTIN
from patchlint.lint.card import Card
from patchlint.lint.context import MessageContext, contexts
from patchlint.model.finding import Match, Severity
from patchlint.model.location import InMessage
from patchlint.pipeline import read
from patchlint.prose import model, spelling
from patchlint.series.images import NoSource

CORPUS = Path(__file__).parents[2] / "shared/corpus"
TOUCHED = CORPUS / "reviews/tip_touchups.jsonl.gz"
ACCEPTED = CORPUS / "accepted/tip-before-2024.mboxrd"
ENGLISH = (
    "a-or-an", "acronym-case", "also-opener", "confused-words", "doubled-word",
    "function-parentheses", "missing-article", "run-on-sentence", "spelling",
    "this-patch", "verb-form",
)  # fmt: skip
ARTICLE = "msg/missing-article"
_WORD = re.compile(r"\w+(?:['-]\w+)*|[^\w\s]")
_MAIL = """From: A <a@example.org>
Subject: [PATCH] {subject}
Date: Mon, 1 Jan 2024 00:00:00 +0000
Message-ID: <{commit}>

{body}

Signed-off-by: A <a@example.org>
---
 a.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/a.c b/a.c
index 1111111..2222222 100644
--- a/a.c
+++ b/a.c
@@ -1,1 +1,1 @@
-q
+r
"""
Pair = Mapping[str, str]
Place = tuple[int, int]


def main() -> int:
    """Print all figures; status 1 if one is worse than what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", metavar="RULE")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    if not TOUCHED.exists():
        print(f"measure-english: {TOUCHED} is not here; nothing measured")
        return 0
    cards = [c for c in load_cards(builtin_cards()) if c.scope == "message"]
    english = [c for c in cards if c.id.removeprefix("msg/") in ENGLISH]
    with gzip.open(TOUCHED, "rt", encoding="utf-8") as lines:
        pairs: list[Pair] = [json.loads(line) for line in lines]
    print_loading()
    for part in ("tuned", "held-out"):
        some = [pair for pair in pairs if half(pair["commit"]) == part]
        print_recall(part, some, english)
        print_verbatim(part, some, english, given.show)
    postings = read([ACCEPTED.read_bytes()])
    latter = [
        c
        for posting in postings[len(postings) // 2 :]
        for c in contexts(posting, NoSource()).messages
    ]
    print_rates("accepted, second half", latter, english, given.show)
    print_times(latter, cards, english)
    if given.list:
        some = [p for p in pairs if half(p["commit"]) == "held-out"]
        print_flags([mailed(p) for p in some] + latter, english)
    return 0


def half(commit: str) -> str:
    """Return which half a commit is in."""
    odd = hashlib.sha256(commit.encode()).digest()[-1] % 2
    return "held-out" if odd else "tuned"


def mailed(pair: Pair) -> MessageContext:
    """Return a message as posted as the mail of a patch without content."""
    body = "\n".join(
        " ---" if line.strip() == "---" else line
        for line in pair["body_posted"].split("\n")
    )
    text = _MAIL.format(
        subject=pair["subject_posted"], commit=pair["commit"], body=body
    )
    (posting,) = read([text.encode("utf-8", "replace")])
    return contexts(posting, NoSource()).messages[0]


def looked(card: Card, context: MessageContext) -> list[Match]:
    """Return what a rule says of a message."""
    check = BUILTIN.message[card.check]
    return [m for m in check(context, card.options) if isinstance(m, Match)]


def print_loading() -> None:
    """Print what the data costs."""
    for name, module, file in (
        ("articles", model, "articles.bin"),
        ("words", spelling, "words.txt"),
    ):
        size = (Path(str(module.__file__)).parent / file).stat().st_size
        begin = time.process_time()
        module.learned()
        spent = 1000 * (time.process_time() - begin)
        print(f"{name}: {size} bytes, read in {spent:.0f} ms")


def print_recall(part: str, pairs: Sequence[Pair], cards: Sequence[Card]) -> None:
    """Print how many of the articles that maintainers added are asked for."""
    (card,) = (card for card in cards if card.id == ARTICLE)
    found: list[tuple[bool, str]] = []
    for pair in pairs:
        context = mailed(pair)
        wanted = dict(added(context, pair["body_applied"]))
        told = {place(match) for match in looked(card, context)} if wanted else set()
        found += [(at in told, words) for at, words in wanted.items()]
    alone = {words: hit for hit, words in found}
    hits = sum(hit for hit, _ in found)
    print(
        f"{part}: {hits} of {len(found)} articles that were added are asked for"
        f" ({100 * hits / max(1, len(found)):.0f} %);"
        f" {sum(alone.values())} of {len(alone)} without repeats"
    )
    for hit, words in found:
        print(f"    {'found ' if hit else '      '} {words}")


def added(context: MessageContext, applied: str) -> Iterator[tuple[Place, str]]:
    """Yield where a maintainer put an article in, and the words around it."""
    if context.patch is None:
        return
    tokens = [
        (hit[0], (number, hit.start() + 1))
        for number in context.patch.parts.log
        for hit in _WORD.finditer(context.message.line(number))
    ]
    posted = [word for word, _ in tokens]
    after = _WORD.findall(applied)
    if len(posted) * len(after) > 4_000_000 or not posted:
        return
    plain = SequenceMatcher(
        None, [w.lower() for w in posted], [w.lower() for w in after], autojunk=False
    )
    for tag, begin, end, first, last in plain.get_opcodes():
        alone = tag == "insert" and last - first == 1 and begin == end
        if alone and after[first].lower() in ("a", "an", "the") and begin < len(tokens):
            left, right = posted[max(0, begin - 4) : begin], posted[begin : begin + 4]
            yield (
                tokens[begin][1],
                f"{' '.join(left)} [{after[first]}] {' '.join(right)}",
            )


def place(match: Match) -> Place:
    """Return the place of the article in a remark "s/words/the words/"."""
    if not isinstance(match.where, InMessage):
        return 0, 0
    _, words, replacement, *_ = match.message.split("/")
    lead = words.split()[0] if words.split()[0] == replacement.split()[0] else ""
    skip = len(lead) + 1 if lead else 0
    return match.where.span.line, match.where.span.column + skip


def print_verbatim(
    part: str, pairs: Sequence[Pair], cards: Sequence[Card], show: str
) -> None:
    """Print how often rules speak on messages that were applied as they were."""
    same = [
        p for p in pairs
        if p["body_posted"].split() == p["body_applied"].split()
        and p["subject_posted"] == p["subject_applied"]
    ]  # fmt: skip
    print_rates(f"{part}, applied verbatim", [mailed(p) for p in same], cards, show)


def print_rates(
    name: str, messages: Sequence[MessageContext], cards: Sequence[Card], show: str
) -> None:
    """Print findings a message, by rule and in all."""
    counts: Counter[str] = Counter()
    loud = 0
    for context in messages:
        for card in cards:
            for match in looked(card, context):
                counts[card.id] += 1
                severity = match.severity or card.severity
                loud += severity >= Severity.WARNING
                if card.id == show:
                    print(f"    {match.message}")
    size = max(1, len(messages))
    print(
        f"{name}: {len(messages)} messages,"
        f" {loud / size:.3f} findings a message for the list,"
        f" {sum(counts.values()) / size:.3f} for authors"
    )
    for rule, count in counts.most_common():
        print(f"    {count / size:.3f} {rule}")


def print_times(
    messages: Sequence[MessageContext], cards: Sequence[Card], english: Sequence[Card]
) -> None:
    """Print what rules cost, with nothing worked out before.

    The collector does not go over all other messages, as it does not in the command.
    """
    gc.collect()
    gc.freeze()
    for name, some in (("all message rules", cards), ("English", english)):
        spent = []
        for posting in {id(c.series): c.series for c in messages}.values():
            for context in contexts(posting, NoSource()).messages:
                begin = time.process_time()
                for card in some:
                    looked(card, context)
                spent.append(1000 * (time.process_time() - begin))
        high = statistics.quantiles(spent, n=20)[-1]
        print(
            f"{name}: median {statistics.median(spent):.1f} ms, 95 % in {high:.1f} ms"
        )


def print_flags(messages: Sequence[MessageContext], cards: Sequence[Card]) -> None:
    """Print missing articles with the line they are told of."""
    (card,) = (card for card in cards if card.id == ARTICLE)
    number = 0
    for context in messages:
        for match in looked(card, context):
            if isinstance(match.where, InMessage):
                number += 1
                at = match.where.span.line
                quote = " ".join(context.message.line(n) for n in (at - 1, at, at + 1))
                print(f"{number}. {match.message}\n      {quote.strip()}")


if __name__ == "__main__":
    sys.exit(main())
