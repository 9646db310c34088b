# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.prose import model, spelling
from patchlint.prose.articles import Articles, Habits, Tier
from patchlint.prose.blocks import Block, BlockKind, Row
from patchlint.prose.engine import Passage, Remark
from patchlint.prose.features import SLOTS, features, seen, window
from patchlint.prose.gaps import Bare, bare, gaps, phrase
from patchlint.prose.sentences import sentences
from patchlint.prose.sounds import begins_with_vowel, is_in_doubt

NONE: frozenset[str] = frozenset()
HABITS = Habits(
    tiers=(Tier(0.7, 0.8),),
    rate=50,
    mass=NONE,
    idioms=NONE,
    names=NONE,
    kept=NONE,
    asking=frozenset({"needs"}),
    countable=frozenset({"reset"}),
)


def passage(text: str) -> Passage:
    rows = tuple(Row(n, 1, line) for n, line in enumerate(text.split("\n"), 1))
    block = Block(BlockKind.PARAGRAPH, rows)
    return Passage(block.kind, sentences(block))


def cut(text: str) -> Bare:
    return bare(passage(text).sentences[0].tokens)


def check(text: str) -> list[Remark]:
    return list(Articles(HABITS).check([passage(text)]))


def test_articles_are_taken_out_and_remembered() -> None:
    text = cut("The unit needs a flush of foo() [1].")

    assert text.names == ("unit", "needs", "flush", "of", "FN", ".")
    assert text.articles == ("the", "", "a", "", "", "")


def test_a_phrase_ends_at_little_words_and_signs() -> None:
    text = cut("It needs cache line flush of all")
    at = text.names.index("cache")

    assert phrase(text, at) == (at + 2, at + 3)
    assert at in set(gaps(text))


def test_a_remark_stands_on_the_words_it_would_replace() -> None:
    (remark,) = check("The driver needs reset before it can be used by the guest.")

    assert remark.words == "needs reset"
    assert remark.replacement == "needs a reset"
    assert (remark.span.column, remark.span.end_column) == (12, 23)


def test_a_remark_at_the_start_of_a_line_leaves_the_line_before_alone() -> None:
    (remark,) = check("The driver always needs\nreset before it can be used by it.")

    assert remark.words == "reset"
    assert (remark.span.line, remark.span.column) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "The driver needs a reset before it can be used by the guest.",
        "The driver needs its reset before it can be used by the guest.",
        "The driver needs resets before it can be used by the guest.",
        "Take it from head to tail of the list.",
        "needs reset",
    ],
)
def test_what_needs_no_article_is_left_alone(text: str) -> None:
    assert check(text) == []


@given(st.text(st.sampled_from("abc the.,'\n()[]1_-A"), max_size=200))
def test_any_text_is_read(text: str) -> None:
    for remark in check(text):
        assert remark.words


def test_a_giant_text_takes_no_giant_time() -> None:
    text = "The driver needs reset before it can be used by the guest.\n" * 2000
    begin = time.process_time()
    check(text)

    assert time.process_time() - begin < 20


def test_all_features_of_a_gap_are_32_bits_wide() -> None:
    text = cut("The unit needs flush.")
    known = seen([text])

    for at in gaps(text):
        assert all(0 <= n < 1 << 32 for n in features(text, at, known))
        assert len(window(text, at)) == SLOTS


def test_the_data_of_articles_is_what_the_code_expects() -> None:
    data = model.learned()
    text = cut("The unit needs cache flush.")
    at = text.names.index("cache")

    assert 0 <= data.gap(text, at, seen([text])) <= 1
    assert 0 <= data.net(text, at) <= 1
    assert data.nouns["kernel"] > 50


def test_packed_data_comes_back_as_it_was() -> None:
    size = SLOTS * 1 * 2
    net = model.Net(
        ("<s>", "</s>", "<unk>"),
        bytes([1, 2, 3]),
        bytes([1] * size),
        0.5,
        (0.0, 0.0),
        (1.0, 1.0),
        0.0,
    )
    gap, choice = bytes(1 << model.GAP_BITS), bytes(1 << model.CHOICE_BITS)
    made = model.Model(model.pack((gap, 1.0), (choice, 1.0), net, {"flush": 90}))
    text = cut("The unit needs cache flush.")

    assert made.gap(text, 2, seen([text])) == 0.5
    assert made.the(text, 2, is_new=True) == 0.5
    assert made.net(text, 2) > 0.99
    assert made.nouns == {"flush": 90}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(-128, 127), min_size=SLOTS * 4, max_size=SLOTS * 4))
def test_rows_side_by_side_add_up_as_they_do_one_by_one(weights: list[int]) -> None:
    vector, wide = (-128, 127), 2
    rows = [weights[at : at + wide] for at in range(0, len(weights), wide)]
    net = model.Net(
        ("<unk>",),
        struct.pack("2b", *vector),
        struct.pack(f"{len(weights)}b", *weights),
        1e-5,
        (0.1, -0.1),
        (1.0, -2.0),
        0.25,
    )
    none = bytes(1 << model.GAP_BITS), bytes(1 << model.CHOICE_BITS)
    made = model.Model(model.pack((none[0], 1.0), (none[1], 1.0), net, {"flush": 90}))
    sums = [
        sum(vector[at % 2] * row[lane] for at, row in enumerate(rows))
        for lane in range(wide)
    ]
    hidden = [max(0.0, sums[0] * 1e-5 + 0.1), max(0.0, sums[1] * 1e-5 - 0.1)]
    wanted = 1 / (1 + math.exp(-(0.25 + hidden[0] - 2 * hidden[1])))

    assert made.net(cut("The unit needs cache flush."), 2) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "word",
    ["hour", "SMP", "x86", "NMI", "8-bit", "event", "uninitialized", "AMD", "s32",
     "unidentified", "APIC", "MSR", "18", "honest", "unimplemented", "ISA"],
)  # fmt: skip
def test_sounds_like_a_vowel(word: str) -> None:
    assert begins_with_vowel(word)
    assert not is_in_doubt(word)


@pytest.mark.parametrize(
    "word",
    ["user", "UDP", "USB", "one", "union", "unit", "CPU", "1-bit", "bit", "Xen",
     "NULL", "NUMA", "once", "European", "PMU", "GPIO"],
)  # fmt: skip
def test_sounds_like_a_consonant(word: str) -> None:
    assert not begins_with_vowel(word)
    assert not is_in_doubt(word)


@pytest.mark.parametrize("word", ["SEV", "RET", "HLT", "skb", "rtlock", "FROZEN"])
def test_some_words_are_read_in_two_ways(word: str) -> None:
    assert is_in_doubt(word)


@pytest.mark.parametrize(
    ("wrong", "right"), [("recieve", "receive"), ("Adress", "Address")]
)
def test_words_of_the_list_are_known_to_be_wrong(wrong: str, right: str) -> None:
    assert spelling.listed(wrong, spelling.learned()) == right


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("alloation", "allocation"), ("irrelavant", "irrelevant")],
)
def test_a_word_next_to_a_common_one_is_guessed(wrong: str, right: str) -> None:
    assert spelling.guessed(wrong, spelling.learned()) == right


@pytest.mark.parametrize(
    "word", ["hypervisors", "unmapped", "evacuate", "cacheline", "ratelimited", "flush"]
)
def test_words_that_are_known_or_far_away_are_left_alone(word: str) -> None:
    assert spelling.guessed(word, spelling.learned()) == ""
