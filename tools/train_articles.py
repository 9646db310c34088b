# SPDX-License-Identifier: GPL-2.0-or-later
"""Learn from the text of a Linux tree where articles belong.

Usage: train_articles.py LINUX [--work DIR]. Needs numpy, which nothing else here does.
Writes ``src/patchlint/prose/articles.bin`` (GPL-2.0-only, as the text it is learned
from): a logistic regression over hashed features, a small net over the words around
a gap, the choice between "the" and "a", and how often a noun has an article at all.
The same tree, numpy and machine give the same file. A quarter of an hour on one core.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

from patchlint.prose import features as look  # noqa: E402
from patchlint.prose import gaps as cut  # noqa: E402
from patchlint.prose.model import (  # noqa: E402
    CHOICE_BITS,
    GAP_BITS,
    Net,
    pack,
)
from patchlint.prose.tokens import TokenKind  # noqa: E402
from tools.linux_prose import documents  # noqa: E402

OUT = Path(__file__).parents[1] / "src/patchlint/prose/articles.bin"
DIM, HIDDEN = 24, 128
EVERY_TEST = 50
_OWN = frozenset(
    {"my", "your", "his", "her", "its", "our", "their", "this", "that", "these",
     "those", "each", "every", "any", "some", "no", "another", "such", "either",
     "neither", "which", "what", "whose", "NUM"}
)  # fmt: skip
Array = Any


def main() -> None:
    """Read the tree unless that was done before, learn, and write the data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("linux", type=Path)
    parser.add_argument("--work", type=Path, help="where to keep what was read")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    work = given.work or Path(tempfile.mkdtemp())
    if not (work / "names.txt").exists():
        work.mkdir(exist_ok=True)
        Reading().read(given.linux).save(work)
    given.out.write_bytes(learn(work))
    print(f"{given.out}: {given.out.stat().st_size} bytes")


def learn(work: Path) -> bytes:
    """Learn everything from what was read, and tell how well it went."""
    words, slots = vocabulary(work)
    labels = np.load(work / "labels.npy")
    test = np.load(work / "test.npy").astype(bool)
    hashed = np.load(work / "features.npy")
    gap = learn_linear(hashed[~test], labels[~test] > 0, GAP_BITS, l1=8.0)
    tell("gap", labels[test] > 0, score_linear(hashed[test], gap, GAP_BITS))
    del hashed
    chosen = np.load(work / "choice.npy")
    the = labels[labels > 0] == 2
    kept = ~test[labels > 0]
    choice = learn_linear(chosen[kept], the[kept], CHOICE_BITS, l1=4.0)
    tell("choice", the[~kept], score_linear(chosen[~kept], choice, CHOICE_BITS))
    net = learn_net(slots[~test], labels[~test] > 0, len(words))
    tell("net", labels[test] > 0, score_net(slots[test], net))
    return pack_all(gap, choice, net, words, nouns(work))


class Reading:
    """What is kept of every gap: features, words around it, the article."""

    def __init__(self) -> None:
        self.features = array("I")
        self.choice = array("I")
        self.slots = array("I")
        self.labels = array("B")
        self.test = array("B")
        self.pairs: dict[tuple[str, str], int] = {}
        self.names: Counter[str] = Counter()
        self.nouns: Counter[tuple[str, bool]] = Counter()

    def read(self, linux: Path) -> Reading:
        """Read all documents of a tree."""
        begin = time.process_time()
        for number, document in enumerate(documents(linux)):
            texts = [cut.bare(sentence.tokens) for sentence in document]
            self._document(texts, is_test=number % EVERY_TEST == 0)
            if number % 10000 == 0:
                spent = time.process_time() - begin
                print(f"{number} documents, {len(self.labels)} gaps, {spent:.0f} s")
        return self

    def _document(self, texts: Sequence[cut.Bare], *, is_test: bool) -> None:
        known = look.seen(texts)
        first = look.first_told(texts)
        for number, text in enumerate(texts):
            self.names.update(text.names)
            self.names.update("#" + shape for shape in text.shapes)
            self._nouns(text)
            for at in cut.gaps(text):
                self.features.extend(look.features(text, at, known))
                for pair in look.window(text, at):
                    found = self.pairs.setdefault(pair, len(self.pairs))
                    self.slots.append(found)
                article = text.articles[at]
                self.labels.append(("", "a", "the").index(article))
                self.test.append(is_test)
                if article:
                    noun = text.names[cut.phrase(text, at)[0]]
                    is_new = first[noun] == number
                    self.choice.extend(look.choice_features(text, at, is_new))

    def _nouns(self, text: cut.Bare) -> None:
        """Count how often the head of a phrase has an article."""
        at = 0
        while at < len(text.names):
            token = text.tokens[at]
            if token.kind is not TokenKind.WORD or text.names[at] in cut.CLOSED:
                at += 1
                continue
            head, end = cut.phrase(text, at)
            noun = text.tokens[head]
            free = at == 0 or text.names[at - 1] not in _OWN
            if free and noun.kind is TokenKind.WORD and not cut.is_plural(noun):
                has = any(text.articles[at : head + 1])
                self.nouns[noun.text.lower(), has] += 1
            at = max(end, at + 1)

    def save(self, work: Path) -> None:
        """Keep it for the next run."""
        size = len(self.labels)
        shaped = {
            "features": np.array(self.features, np.uint32).reshape(size, -1),
            "slots": np.array(self.slots, np.uint32).reshape(size, look.SLOTS),
            "labels": np.array(self.labels, np.uint8),
            "test": np.array(self.test, np.uint8),
        }
        there = int((shaped["labels"] > 0).sum())
        shaped["choice"] = np.array(self.choice, np.uint32).reshape(there, -1)
        for name, values in shaped.items():
            np.save(work / f"{name}.npy", values)
        write(work / "pairs.txt", (f"{a}\t{b}" for a, b in self.pairs))
        write(
            work / "nouns.txt",
            (f"{w}\t{has:d}\t{n}" for (w, has), n in self.nouns.items()),
        )
        write(work / "names.txt", (f"{w}\t{n}" for w, n in self.names.most_common()))


def write(path: Path, lines: Iterator[str]) -> None:
    """Write lines."""
    path.write_text("\n".join(lines), "utf-8", "surrogateescape")


def rows(path: Path) -> Iterator[list[str]]:
    """Yield the columns of lines."""
    for line in path.read_text("utf-8", "surrogateescape").split("\n"):
        yield line.split("\t")


def vocabulary(work: Path) -> tuple[list[str], Array]:
    """Return the words of the net, and the windows as numbers of words."""
    fixed = (look.BEGIN, look.END, look.UNKNOWN, look.SINGULAR, look.PLURAL)
    words = dict.fromkeys((*fixed, *look.LENGTHS))
    for name, count in rows(work / "names.txt"):
        if int(count) >= (60 if name.startswith("#") else 25):
            words.setdefault(name)
    number = {word: at for at, word in enumerate(words)}
    unknown = number[look.UNKNOWN]
    table = np.array(
        [number.get(a, number.get(b, unknown)) for a, b in rows(work / "pairs.txt")],
        np.uint16,
    )
    return list(words), table[np.load(work / "slots.npy")]


def nouns(work: Path) -> dict[str, int]:
    """Return how many of a hundred have an article, for nouns that are common."""
    counts: dict[str, list[int]] = {}
    for word, has, count in rows(work / "nouns.txt"):
        counts.setdefault(word, [0, 0])[int(has)] += int(count)
    return {
        word: 100 * there // (there + missing)
        for word, (missing, there) in sorted(counts.items())
        if there + missing >= 40 and there >= 0.3 * (there + missing)
    }


def learn_linear(
    rows_: Array, labels: Array, bits: int, l1: float, epochs: int = 2
) -> Array:
    """Learn weights by FTRL, which leaves most of them at zero."""
    alpha, beta, l2, batch = 0.08, 1.0, 1.0, 1024
    size = 1 << bits
    z, n, w = np.zeros(size), np.zeros(size), np.zeros(size)
    rng = np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(rows_))
        for begin in range(0, len(order), batch):
            chosen = order[begin : begin + batch]
            idx = (rows_[chosen] & np.uint32(size - 1)).astype(np.int64)
            error = 1 / (1 + np.exp(-w[idx].sum(1))) - labels[chosen]
            there, inverse = np.unique(idx.ravel(), return_inverse=True)
            spread = np.repeat(error, idx.shape[1])
            g = np.bincount(inverse.ravel(), weights=spread, minlength=len(there))
            old = n[there]
            new = old + g * g
            z[there] += g - (np.sqrt(new) - np.sqrt(old)) / alpha * w[there]
            n[there] = new
            zz = z[there]
            rate = (beta + np.sqrt(new)) / alpha + l2
            w[there] = np.where(np.abs(zz) <= l1, 0, -(zz - np.sign(zz) * l1) / rate)
    return w


def score_linear(rows_: Array, weights: Array, bits: int) -> Array:
    """Return the sums of the weights."""
    return weights[rows_ & np.uint32((1 << bits) - 1)].sum(1)


def learn_net(rows_: Array, labels: Array, words: int, epochs: int = 3) -> Any:
    """Learn embeddings and one hidden layer by AdaGrad."""
    rng = np.random.default_rng(0)
    wide = look.SLOTS * DIM
    net = [
        rng.normal(0, 0.1, (words, DIM)).astype(np.float32),
        rng.normal(0, (2 / wide) ** 0.5, (wide, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        rng.normal(0, (1 / HIDDEN) ** 0.5, HIDDEN).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    past = [np.full_like(values, 1.0) for values in net]
    batch = 512
    for epoch in range(epochs):
        rate = 0.05 if epoch < epochs - 1 else 0.02
        order = rng.permutation(len(rows_))
        begin_time = time.process_time()
        for begin in range(0, len(order) - batch + 1, batch):
            chosen = order[begin : begin + batch]
            step(net, past, rows_[chosen].astype(np.int64), labels[chosen], rate)
        print(f"net: epoch {epoch}, {time.process_time() - begin_time:.0f} s")
    return net


def step(net: Any, past: Any, rows_: Array, labels: Array, rate: float) -> None:
    """Go one step down the slope."""
    table, w1, b1, w2, b2 = net
    x = table[rows_].reshape(len(rows_), -1)
    a = x @ w1 + b1
    h = np.maximum(a, 0)
    p = 1 / (1 + np.exp(-np.clip(h @ w2 + b2[0], -30, 30)))
    error = (p - labels).astype(np.float32)
    back = np.outer(error, w2)
    back[a <= 0] = 0
    slopes = (x.T @ back, back.sum(0), h.T @ error, error.sum(keepdims=True))
    spread = (back @ w1.T).reshape(-1, DIM)
    there, inverse = np.unique(rows_.ravel(), return_inverse=True)
    g = np.empty((len(there), DIM), np.float32)
    for d in range(DIM):
        g[:, d] = np.bincount(
            inverse.ravel(), weights=spread[:, d], minlength=len(there)
        )
    past[0][there] += g * g
    table[there] -= rate * g / np.sqrt(past[0][there])
    for values, old, slope in zip(net[1:], past[1:], slopes, strict=True):
        old += slope * slope
        values -= rate * slope / np.sqrt(old)


def score_net(rows_: Array, net: Any) -> Array:
    """Return what the net says, before the sigmoid."""
    table, w1, b1, w2, b2 = net
    parts = [
        np.maximum(table[part].reshape(len(part), -1) @ w1 + b1, 0) @ w2 + b2[0]
        for part in np.array_split(rows_.astype(np.int64), max(1, len(rows_) // 4096))
    ]
    return np.concatenate(parts)


def tell(name: str, labels: Array, scores: Array) -> None:
    """Print the area under the curve, and what is found at few false alarms."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    good = int(labels.sum())
    bad = len(labels) - good
    area = (ranks[labels].sum() - good * (good + 1) / 2) / (good * bad)
    none = np.sort(scores[~labels])[::-1]
    found = [
        f"{(scores[labels] > none[int(rate * bad)]).mean():.3f} at {rate:g}"
        for rate in (0.0005, 0.001, 0.002, 0.004, 0.008)
    ]
    right = ((scores > 0) == labels).mean()
    print(f"{name}: area {area:.4f}, right {right:.3f}, found {', '.join(found)}")


def pack_all(
    gap: Array, choice: Array, net: Any, words: Sequence[str], known: dict[str, int]
) -> bytes:
    """Round everything to bytes, and pack it."""
    table, w1, b1, w2, b2 = net
    table_bytes, table_scale = rounded(table, float(np.abs(table).max()))
    w1_bytes, w1_scale = rounded(w1, float(np.abs(w1).max()))
    return pack(
        gap=rounded(gap, 3.0),
        choice=rounded(choice, 3.0),
        net=Net(
            words=tuple(words),
            table=table_bytes,
            first=w1_bytes,
            scale=table_scale * w1_scale,
            bias=tuple(round(float(v), 5) for v in b1),
            last=tuple(round(float(v), 5) for v in w2),
            last_bias=round(float(b2[0]), 5),
        ),
        nouns=known,
    )


def rounded(values: Array, biggest: float) -> tuple[bytes, float]:
    """Return weights as signed bytes, and what one unit stands for."""
    units = np.clip(np.round(values * (127 / biggest)), -127, 127)
    return units.astype(np.int8).tobytes(), biggest / 127


if __name__ == "__main__":
    main()
