# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.model.location import Span
from patchlint.prose.blocks import Block, BlockKind, Row
from patchlint.prose.sentences import sentences
from patchlint.prose.tokens import Token, tokenize

TEXT = st.text(
    st.one_of(
        st.sampled_from("ab.,'\"`()<>[]:/*_-!? \n1\u201c\u201d"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


def block(text: str, line: int = 1, column: int = 1) -> Block:
    rows = (Row(line + n, column, t) for n, t in enumerate(text.split("\n")))
    return Block(BlockKind.PARAGRAPH, tuple(rows))


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(block(text)) if token.kind == "word"]


def said(text: str) -> list[str]:
    return [
        " ".join(token.text for token in sentence.tokens)
        for sentence in sentences(block(text))
    ]


def shown(text: str, span: Span) -> str:
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "code",
    [
        "foo()", "foo(a, b)", "foo_bar", "FooBar", "a->b", "%rsi", "mm/slab.c", "0x1f",
        "--option", "CONFIG_FOO", "'quoted text'", '"quoted text"', "`quoted text`",
        "https://example.org/a,b", "<dev@example.org>", "0123456789ab", "foo.c",
        "struct_a::b", "[1]", "x86", "v6.12-rc1",
    ],
)  # fmt: skip
def test_what_is_not_language_is_one_token_of_code(code: str) -> None:
    (token, *_) = tokenize(block(code))

    assert (token.text, token.kind.value) == (code, "code")


@pytest.mark.parametrize(
    "word", ["CPU", "CPUs", "it's", "kexec-time", "and/or", "flag(s)", "Größe", "e.g."]
)
def test_words_are_words(word: str) -> None:
    assert words(f"so {word} here") == ["so", word, "here"]


def test_numbers_are_numbers() -> None:
    kinds = {token.text: token.kind.value for token in tokenize(block("5 64-bit 3.5%"))}

    assert kinds == {"5": "number", "64-bit": "number", "3.5%": "number"}


def test_signs_are_split_off_both_ends() -> None:
    tokens = tokenize(block("(see foo(), or *this*)."))

    assert [token.text for token in tokens] == [
        "(", "see", "foo()", ",", "or", "*", "this", "*", ")", ".",
    ]  # fmt: skip


def test_sentences_run_over_line_ends() -> None:
    text = "One sentence is\nhere. Another\nfollows it."
    first, second = sentences(block(text, line=10, column=3))

    assert first.span == Span(10, 3, 11, 8)
    assert second.span == Span(11, 9, 12, 14)
    assert (first.words, second.words) == (4, 3)


def test_a_quotation_that_wraps_is_one_token() -> None:
    (token,) = [
        t for t in tokenize(block('the "two\nlines" of it')) if t.kind == "code"
    ]

    assert (token.text, token.span) == ('"two\nlines"', Span(1, 5, 2, 7))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two.", 2),
        ("One (i.e. the first). Two.", 2),
        ("Locks, lists, etc. are taken, e.g. by foo().", 1),
        ("See foo.c for it. foo() is there.", 2),
        ("It waits... and goes on.", 1),
        ("It waits... Then it goes on.", 2),
        ("(It waits.) Then it goes on.", 2),
        ("Does it wait? Yes!", 2),
        ("It is in 6.12 and in 6.13.", 1),
    ],
)
def test_abbreviations_and_names_do_not_end_a_sentence(text: str, count: int) -> None:
    assert len(said(text)) == count


@given(TEXT)
def test_every_token_shows_its_text_at_its_place(text: str) -> None:
    tokens = tokenize(block(text))

    assert all(shown(text, token.span) == token.text for token in tokens)
    assert "".join("".join(t.text for t in tokens).split()) == "".join(text.split())


@given(TEXT)
def test_sentences_are_all_the_tokens_in_order(text: str) -> None:
    tokens: list[Token] = [t for s in sentences(block(text)) for t in s.tokens]

    assert tuple(tokens) == tokenize(block(text))


@pytest.mark.parametrize(
    "sign", ["a", "(", '"', "'", "`", "<", "[", ".", "a.", "a(", "- "]
)
def test_time_grows_with_the_text_only(sign: str) -> None:
    start = time.process_time()
    tokenize(block(sign * 20_000))

    assert time.process_time() - start < 2
