# SPDX-License-Identifier: GPL-2.0-or-later
"""From the bytes of a mail to every answer: nothing it holds is obeyed by a reader.

Control characters, escapes and direction marks are put wherever a stranger writes
something: subject, names, addresses, ids, paths, code, trailers, headers of a body.
"""

from __future__ import annotations

import base64
import json
import mailbox
import re
import tempfile
from contextlib import closing
from email.quoprimime import header_encode
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patchlint.adapters.cards import load_rules
from patchlint.cli.main import main
from patchlint.pipeline import review, take_in
from patchlint.report import FORMATS, show_json, show_text, terminal
from patchlint.report.look import Look
from patchlint.report.shown import Shown
from patchlint.series.images import NoSource, stack
from tests.report.made import BAD, few, is_visible

RULES = load_rules()
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FIELDS = {
    "To", "Cc", "Subject", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "Auto-Submitted", "X-Patchlint-Version",
    "X-Patchlint-Rules", "X-Patchlint-Base", "X-Patchlint-Findings",
}  # fmt: skip

WORDS = st.lists(
    st.one_of(
        st.sampled_from(BAD.replace("\n", "")),
        st.sampled_from(["cpu", " ", "a", '"', "\\", "<x@y.org>", "\u0455"]),
        st.sampled_from(
            ["\x1b[31m", "\x1b]0;x\x07", "\r\nBcc: x@evil.org", "\nFrom x"]
        ),
    ),
    max_size=6,
).map("".join)
ROUTES = st.sampled_from(["plain", "encoded", "base64"])

DIFF = """\
diff --git {name} {name}
index 0123456789ab..ba9876543210 100644
--- {name}
+++ {name}
@@ -1,3 +1,4 @@ {word}
 int ring_size(struct ring *ring)
 {{
+{tab}return this_cpu_read(x); /* {word}
 {tab}return ring->size;
"""


def mail(word: str, route: str) -> bytes:
    """Return a patch mail with ``word`` wherever a stranger may write."""
    head = word
    if route != "plain":
        head = header_encode(word.encode("utf-8", "replace"), charset="utf-8")
    quoted = word.encode("unicode_escape").decode().replace("\\x", "\\0")
    name = f'"a/kernel/{quoted}.c"' if route == "encoded" else f"a/kernel/{word}.c"
    body = (
        f"From: B {word} <b{word}@example.org>\n\n"
        f"Also, call {word} and cpu, this reverts commit 0123456{word}.\n\n"
        f"Signed-off-by: A {word} <dev@example.org>\nLink: {word}\n---\n"
        + DIFF.format(name=name, word=word, tab="\t")
        + "-- \n2.39.5\n"
        + f"base-commit: {word}\nchange-id: {word}\n"
    )
    raw = body.encode("utf-8", "surrogateescape")
    label = ""
    if route == "base64":
        label = "Content-Transfer-Encoding: base64\n"
        raw = base64.encodebytes(raw)
    top = (
        f"From: A {head} <dev@example.org>\nTo: {head} <list@example.org>, {word}\n"
        f"Cc: {word}\nSubject: [PATCH {word} 1/2] ring: {head}\nReply-To: {head}\n"
        f"Date: {word}\nMessage-ID: <1{word}@example.org>\nReferences: <{word}>\n"
        f"Content-Type: text/plain; charset={word}\n{label}\n"
    )
    return top.encode("utf-8", "surrogateescape") + raw


@few
@example("\x1b[31m\u202e", "plain")
@example("\r\nBcc: x@evil.org", "encoded")
@given(WORDS, ROUTES)
def test_no_answer_holds_what_a_reader_would_obey(word: str, route: str) -> None:
    intake = take_in([mail(word, route)])
    report = review(intake.postings, RULES, NoSource())
    stacks = tuple(stack(series, NoSource()) for series in intake.postings)
    shown = Shown(intake, stacks)
    answers = {name: form(report, intake.postings) for name, form in FORMATS.items()}
    answers["show"] = show_text.render(shown, verbose=True)
    answers["show as json"] = show_json.render(shown)
    coloured = terminal.render(report, intake.postings, Look(80))
    answers["terminal"] = COLOUR.sub("", coloured)

    assert {name for name, text in answers.items() if not is_visible(text)} == set()
    assert answers["json"].isascii()
    assert answers["show as json"].isascii()
    json.loads(answers["json"])
    assert fields(answers["reply"]) <= FIELDS
    assert report.crashes == ()


def fields(drafts: str) -> set[str]:
    """Return the names of the fields of all drafts, as a mail program reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drafts"
        path.write_text(drafts, "utf-8")
        with closing(mailbox.mbox(path, create=False)) as box:
            return {name for draft in box for name in draft}


def test_a_hostile_mail_gets_drafts_at_all() -> None:
    intake = take_in([mail("\x1b[31m\u202e", "plain")])
    report = review(intake.postings, RULES, NoSource())

    assert fields(FORMATS["reply"](report, intake.postings)) >= {"To", "Subject"}
    assert "diff/bidi-control" in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("arguments", [[], ["show"]])
def test_what_is_said_of_a_file_does_not_obey_its_name(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a\x1b[31m\u202e.mbox.gz"
    Path(name).write_bytes(b"\x1f\x8b broken")
    main([*arguments, name])
    main([*arguments, "-o", "no\x1b[31m/x", name])
    said = capfd.readouterr()

    assert is_visible(said.err)
    assert is_visible(said.out)
