# SPDX-License-Identifier: GPL-2.0-or-later
"""What was learned about articles: packed, unpacked, and asked. Pure Python."""

from __future__ import annotations

import json
import math
import pkgutil
import struct
from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct

from patchlint.prose.features import (
    SLOTS,
    UNKNOWN,
    choice_features,
    features,
    window,
)
from patchlint.prose.features import Seen as Seen
from patchlint.prose.gaps import Bare

GAP_BITS, CHOICE_BITS = 20, 16
_DATA = "articles.bin"
_SIZE = struct.Struct("<I")
_SURE = 30.0
# The numbers of a row stand side by side in one integer: it is multiplied and added in
# one step. A sum of products of two signed bytes fits a lane, up to 100,000 of them.
_LANE = 32
_HALF = 1 << (_LANE - 1)
_BYTE = 1 << 7
# A signed byte as it is stored, to the same with _BYTE added: none is below zero.
_RAISED = bytes(value ^ _BYTE for value in range(256))


class Net(Struct, frozen=True):
    """Word vectors and one hidden layer; weights are signed bytes.

    ``table`` is a row a word, ``first`` a row for every number of the vectors of all
    slots; both times ``scale``.
    """

    words: tuple[str, ...]
    table: bytes
    first: bytes
    scale: float
    bias: tuple[float, ...]
    last: tuple[float, ...]
    last_bias: float


def pack(
    gap: tuple[bytes, float],
    choice: tuple[bytes, float],
    net: Net,
    nouns: Mapping[str, int],
) -> bytes:
    """Return all of it as the bytes of a file."""
    head = {
        "scales": [gap[1], choice[1], net.scale],
        "words": "\n".join(net.words),
        "nouns": "\n".join(nouns),
        "rates": list(nouns.values()),
        "bias": net.bias,
        "last": net.last,
        "last_bias": net.last_bias,
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    parts = (_SIZE.pack(len(text)), text, gap[0], choice[0], net.first, net.table)
    return b"".join(parts)


class Model:
    """The learned data, ready to be asked."""

    __slots__ = (
        "_bias", "_choice", "_choice_scale", "_dim", "_first", "_gap", "_gap_scale",
        "_last", "_last_bias", "_net_scale", "_numbers", "_ones", "_rows", "_table",
        "_wide", "nouns",
    )  # fmt: skip

    def __init__(self, raw: bytes) -> None:
        (size,) = _SIZE.unpack_from(raw)
        begin = _SIZE.size + size
        head = json.loads(raw[_SIZE.size : begin])
        scales: list[float] = head["scales"]
        self._gap_scale, self._choice_scale, self._net_scale = scales
        self._bias: list[float] = head["bias"]
        self._last: list[float] = head["last"]
        self._last_bias: float = head["last_bias"]
        words = head["words"].split("\n")
        self._numbers = {word: at for at, word in enumerate(words)}
        pairs = zip(head["nouns"].split("\n"), head["rates"], strict=True)
        self.nouns: Mapping[str, int] = dict(pairs)
        view = memoryview(raw).cast("b")
        gap_end = begin + (1 << GAP_BITS)
        choice_end = gap_end + (1 << CHOICE_BITS)
        self._wide = len(self._bias)
        self._dim = (len(raw) - choice_end) // (len(words) + SLOTS * self._wide)
        first_end = choice_end + SLOTS * self._dim * self._wide
        self._gap = view[begin:gap_end]
        self._choice = view[gap_end:choice_end]
        self._first = view[choice_end:first_end]
        self._table = view[first_end:]
        self._ones = sum(1 << (_LANE * lane) for lane in range(self._wide))
        self._rows: dict[int, int] = {}

    def gap(self, text: Bare, at: int, known: Seen) -> float:
        """Return how likely the regression thinks an article is at a gap."""
        weights, mask = self._gap, (1 << GAP_BITS) - 1
        total = sum(weights[n & mask] for n in features(text, at, known))
        return _sigmoid(total * self._gap_scale)

    def the(self, text: Bare, at: int, *, is_new: bool) -> float:
        """Return how likely the article there is "the", if there is one."""
        weights, mask = self._choice, (1 << CHOICE_BITS) - 1
        found = choice_features(text, at, is_new)
        return _sigmoid(sum(weights[n & mask] for n in found) * self._choice_scale)

    def net(self, text: Bare, at: int) -> float:
        """Return how likely the net thinks an article is at a gap."""
        dim, total = self._dim, self._ones * _HALF
        for slot, number in enumerate(self._window(text, at)):
            vector = self._table[number * dim : (number + 1) * dim]
            for offset, value in enumerate(vector, slot * dim):
                if value:
                    total += value * self._row(offset)
        data = total.to_bytes(_LANE // 8 * self._wide, "little")
        sums = (lane - _HALF for (lane,) in _SIZE.iter_unpack(data))
        return _sigmoid(self._last_bias + self._hidden(sums))

    def _row(self, offset: int) -> int:
        """Return a row of the first layer as one integer, made when first needed."""
        if offset not in self._rows:
            wide = self._wide
            row = bytes(self._first[offset * wide : (offset + 1) * wide])
            lanes = bytearray(_LANE // 8 * wide)
            lanes[:: _LANE // 8] = row.translate(_RAISED)
            self._rows[offset] = int.from_bytes(lanes, "little") - self._ones * _BYTE
        return self._rows[offset]

    def _hidden(self, total: Iterable[int]) -> float:
        sums = zip(total, self._bias, self._last, strict=True)
        return sum(
            max(0.0, value * self._net_scale + bias) * last
            for value, bias, last in sums
        )

    def _window(self, text: Bare, at: int) -> list[int]:
        numbers = self._numbers
        unknown = numbers[UNKNOWN]
        return [
            numbers.get(word, numbers.get(shape, unknown))
            for word, shape in window(text, at)
        ]


@cache
def learned() -> Model:
    """Return the model of the package; it is read when it is first asked for.

    It is a part of the program, like a module, so that reading it is no more than
    an import.
    """
    data = pkgutil.get_data(__package__, _DATA)
    if data is None:
        raise FileNotFoundError(_DATA)
    return Model(data)


def _sigmoid(value: float) -> float:
    return float(1 / (1 + math.exp(-max(-_SURE, min(_SURE, value)))))
