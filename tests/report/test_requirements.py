# SPDX-License-Identifier: GPL-2.0-or-later
"""R1 to R12 of docs/replies.md: what a reply has to be, each with what comes near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from msgspec.structs import replace

from patchlint import __version__
from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.lint.engine import Surroundings, look
from patchlint.lint.engine import report as put_together
from patchlint.lint.profile import Audience, Policy
from patchlint.lint.said import unrepeated
from patchlint.model.finding import Baseline, Confidence, Finding, Report, Severity
from patchlint.model.message import Address
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.blocks import Cut, Quote, Remark
from patchlint.report.draft import render, write
from patchlint.report.manner import PLAIN, Manner, NoBug, Said, mark_of
from patchlint.report.mutes import MuteError, parse_mutes
from patchlint.report.reply import Silence, outcomes, replies
from patchlint.series.images import NoSource
from patchlint.series.lineage import lineage
from tests.mails import FROM, Blobs, diff, patch_mail
from tests.report.made import LOG, NEW, OLD, PATH, REST, SUBJECT, at, finding, posting
from tests.report.made import report as report_of

NIT, ASKED, LOUD = Severity.NIT, Severity.QUESTION, Severity.WARNING
TEXT = diff({PATH: OLD}, {PATH: NEW, "z/rest.c": REST})


def drafted(series: Series, *found: Finding, manner: Manner = PLAIN) -> EmailMessage:
    """Return the only draft, as a mail program reads it."""
    (reply,) = replies(report_of(*found), [series], manner)
    return message_from_string(write(reply, manner), policy=policy.default)


def second(series: Series, **changes: object) -> Finding:
    return finding(series, at(series.head, "Second"), **changes)


def silence(series: Series, manner: Manner = PLAIN) -> str:
    """Return why nothing is said about a series with a finding, "" if it is."""
    report = report_of(second(series))
    (outcome,) = outcomes(report, [series], manner)
    return outcome.why if isinstance(outcome, Silence) else ""


def body(mail: EmailMessage) -> list[str]:
    lines: list[str] = mail.get_content().split("\n")
    return lines


# R1: threading.


def test_r01_answers_the_patch_in_its_thread() -> None:
    series = posting()

    mail = drafted(series, second(series))

    assert mail["In-Reply-To"] == "<2@example.org>"
    assert mail["References"] == "<r@example.org> <0@example.org> <2@example.org>"
    assert mail["Subject"] == f"Re: {SUBJECT}"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert not mail.is_multipart()


def test_r01_references_begin_with_what_the_patch_answers() -> None:
    mail = patch_mail(LOG, TEXT, In_Reply_To="<0@example.org>")
    (series,) = read([mail.encode()])

    assert drafted(series, second(series))["References"] == (
        "<0@example.org> <1@example.org>"
    )


def test_r01_what_is_about_the_series_answers_its_cover_letter() -> None:
    cover = patch_mail("Second", "", "[PATCH 0/1] all", Message_ID="<c@example.org>")
    patch = patch_mail(LOG, TEXT, "[PATCH 1/1] one", In_Reply_To="<c@example.org>")
    (series,) = read([cover.encode(), patch.encode()])

    mail = drafted(series, second(series, patch=0))

    assert (mail["In-Reply-To"], mail["Subject"]) == (
        "<c@example.org>",
        "Re: [PATCH 0/1] all",
    )


def test_r01_one_re_whatever_the_subject_begins_with() -> None:
    series = posting(subject="[PATCH] reset: a thing")

    assert drafted(series, second(series))["Subject"] == ("Re: [PATCH] reset: a thing")


# R2: recipients.


def test_r02_the_author_and_everybody_who_was_there_but_stable() -> None:
    series = posting()

    mail = drafted(series, second(series))

    assert mail["To"] == "A Dev <dev@example.org>"
    assert mail["Cc"] == "Net List <netdev@example.org>, one@example.org"
    assert mail["Bcc"] is None
    assert mail["Reply-To"] is None


def test_r02_a_list_with_stable_in_its_name_stays() -> None:
    lists = "stable@vger.kernel.org, stable-rt@example.org, unstable@example.org"
    series = posting(Cc=lists)

    assert str(drafted(series, second(series))["Cc"]) == (
        "Net List <netdev@example.org>, stable-rt@example.org, unstable@example.org"
    )


def test_r02_nobody_of_the_tags_is_added() -> None:
    series = posting(log=f"Second\n\nReviewed-by: R <r@x.org>\nSigned-off-by: {FROM}")

    assert "r@x.org" not in write(next(replies(report_of(second(series)), [series])))


# R3: identify, and whom not to answer.


def test_r03_says_what_it_is() -> None:
    base = "0123456789abcdef0123456789abcdef01234567"
    series = posting(log=f"{LOG}\n---\nbase-commit: {base}")
    manner = Manner(sender=Address("J Dev", "j@example.org"))

    mail = drafted(series, second(series), manner=manner)

    assert str(mail["From"]) == '"J Dev (patchlint)" <j@example.org>'
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Patchlint-Version"] == __version__
    assert mail["X-Patchlint-Rules"] == "msg/rule"
    assert mail["X-Patchlint-Base"] == base


def test_r03_a_base_that_is_no_commit_is_not_passed_on() -> None:
    series = replace(posting(), base_commit="nonsense\nBcc: x@example.org")

    mail = drafted(series, second(series))

    assert mail["X-Patchlint-Base"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("subject", "headers", "why"),
    [
        (SUBJECT, {"Auto-Submitted": "auto-generated; x"}, "a program sent it"),
        (SUBJECT, {"Auto-Submitted": "no"}, ""),
        (SUBJECT, {"From": "x <syzbot+12ab@syzkaller.example>"}, "a bot sent it"),
        (SUBJECT, {"From": "patchwork-bot+net@kernel.example"}, "a bot sent it"),
        (SUBJECT, {"From": "kernel test robot <a@example.org>"}, "a bot sent it"),
        (SUBJECT, {"From": "J Abbot <abbot@example.org>"}, ""),
        (SUBJECT, {"From": "Theo Bot <theo@bot.example>"}, ""),
        ("[PATCH RFC v2] net: x", {}, "it is an RFC"),
        ("[RFC PATCH 2/7] net: x", {}, "it is an RFC"),
        ("[PATCH] net: follow RFC 3834", {}, ""),
        ("[GIT PULL] net: x", {}, "it is a pull request"),
        ("[PULL 2/7] net: x", {}, "it is a pull request"),
        ("[PATCH] net: pull requests", {}, ""),
        ("[tip: x86/sgx] x86/sgx: y", {}, "it is a notice"),
        ("[PATCH AUTOSEL 5.10 2/7] net: x", {}, "it is a notice"),
        ("+ mm-x.patch added to mm-unstable branch", {}, "it is a notice"),
        ("[PATCH] net: Added support for x", {}, ""),
    ],
)
def test_r03_whom_not_to_answer(
    subject: str, headers: dict[str, str], why: str
) -> None:
    series = posting(subject=subject, **headers)

    assert silence(series).startswith(why)
    assert bool(silence(series)) == bool(why)


def test_r03_an_rfc_is_answered_when_asked() -> None:
    assert silence(posting(subject="[PATCH RFC] x"), Manner(answers_rfc=True)) == ""


def test_r03_a_reply_with_a_diff_is_not_answered() -> None:
    mail = patch_mail(LOG, TEXT, "Re: [PATCH] x: y", In_Reply_To="<0@example.org>")
    postings = read([mail.encode()])
    made = [report_of(second(series)) for series in postings]

    for report, series in zip(made, postings, strict=True):
        assert list(replies(report, [series])) == []


# R4: nothing twice.


def said(series: Series, *found: Finding, **changes: object) -> Said:
    message = series.head
    marks = tuple(mark_of(one, message) for one in found)
    rules = tuple(one.rule for one in found)
    sender = message.sender.mailbox
    made = Said(message.message_id, message.subject.text, sender, 3, marks, rules)
    return replace(made, **changes)


def test_r04_a_second_run_says_nothing_unless_there_is_more() -> None:
    series = posting()
    old = second(series)
    more = finding(series, at(series.head, "Call"), fingerprint="1" * 32)
    manner = Manner(said=(said(series, old),))

    assert silence(series, manner) == "all of it was said before"
    (reply,) = replies(report_of(more, old), [series], manner)
    assert [r.lines for r in reply.blocks if isinstance(r, Remark)] == [
        ("this is wrong",)
    ]
    assert reply.marks == ("1" * 16,)


def test_r04_our_own_reply_in_the_thread_is_remembered() -> None:
    patch = patch_mail(LOG, TEXT)
    (alone,) = read([patch.encode()])
    (reply,) = replies(report_of(second(alone)), [alone])
    sent = f"From: me@example.org\nMessage-ID: <9@example.org>\n{write(reply)}"
    (series,) = read([patch.encode(), sent.encode()])

    assert silence(series) == "all of it was said before"
    other = sent.replace("0000000000000000", "1111111111111111")
    (series,) = read([patch.encode(), other.encode()])
    assert silence(series) == ""


def test_r04_of_the_next_version_only_what_remains_with_a_link() -> None:
    series = posting()
    before = said(series, second(series), message_id="old/1@example.org", version=2)
    before = replace(before, marks=(*before.marks, "1" * 16, "2" * 16))

    mail = drafted(series, second(series), manner=Manner(said=(before,)))

    assert body(mail)[1:4] == [
        "1 of 3 earlier remarks on v2 remains: msg/rule (text line 3)",
        "https://lore.kernel.org/r/old%2F1@example.org",
        "",
    ]


def test_r04_a_patch_of_somebody_else_with_this_title_is_another_one() -> None:
    series = posting()
    before = said(series, second(series), message_id="old@x", version=2)
    other = Manner(said=(replace(before, sender="other@example.org"),))

    assert "this is wrong" in body(drafted(series, second(series), manner=other))


def test_r04_what_was_found_before_and_never_said_is_said() -> None:
    series = posting()
    found = second(series, baseline=Baseline.UNCHANGED)

    assert "this is wrong" in body(drafted(series, found))


def test_r04_what_another_bot_reported_is_not_said_again() -> None:
    mail = patch_mail(LOG, TEXT)
    (alone,) = read([mail.encode()])
    where = at(alone.head, "Second", "Second")
    line = alone.head.line(where.span.line)
    marks = " " * (2 + line.index("Second")) + "^^^^^^"
    bot = (
        "From: Some Robot <robot@example.org>\nSubject: Re: [PATCH] area: Do it\n"
        "Message-ID: <5@x.org>\nIn-Reply-To: <1@example.org>\n"
        f"Date: Tue, 2 Jan 2024 04:04:05 +0000\n\n> {line}\n{marks}\nNo.\n"
    )
    (series,) = read([mail.encode(), bot.encode()])
    report = report_of(finding(series, where))

    assert unrepeated(report, [series], ()).findings == ()
    assert unrepeated(report, [alone], ()).findings == report.findings


# R5: opt-out.


@pytest.mark.parametrize(
    "ignored", ["dev@example.org", "netdev@example.org", "@example.org"]
)
def test_r05_authors_and_lists_that_want_none(ignored: str) -> None:
    why = silence(posting(), Manner(ignored=frozenset({ignored})))

    assert why == f"{ignored} is to be left alone"


def test_r05_others_are_answered() -> None:
    ignored = frozenset({"v@example.org", "example.org", "@sample.org"})

    assert silence(posting(), Manner(ignored=ignored)) == ""


@pytest.mark.parametrize(
    ("log", "headers", "is_off"),
    [
        (LOG, {"X-Patchlint": "off"}, True),
        (LOG, {"X-Patchlint": "on"}, False),
        (f"{LOG}\n---\npatchlint: off", {}, True),
        (f"{LOG}\n---\nX-Patchlint: off", {}, True),
        (f"patchlint: off\n\n{LOG}", {}, False),
        (f"{LOG}\n---\npatchlint: off by one", {}, False),
    ],
)
def test_r05_a_header_or_a_line_below_the_cut(
    log: str, headers: dict[str, str], *, is_off: bool
) -> None:
    assert bool(silence(posting(log=log, **headers))) is is_off


def answered(words: str, about: str = "1@example.org") -> Series:
    """Return a patch with a reply that says ``words``."""
    reply = (
        f"From: {FROM}\nSubject: Re: [PATCH] area: Do it\nMessage-ID: <5@x.org>\n"
        f"In-Reply-To: <{about}>\nDate: Tue, 2 Jan 2024 04:04:05 +0000\n\n{words}\n"
    )
    (series,) = read([patch_mail(LOG, TEXT).encode(), reply.encode()])
    return series


@pytest.mark.parametrize(
    ("words", "is_kept"),
    [
        ("patchlint: not-a-bug msg/rule", True),
        ("patchlint: not-a-bug 00000000", True),
        ("Patchlint: not-a-bug msg/rule, see above.", True),
        ("> patchlint: not-a-bug msg/rule", False),
        ("patchlint: not-a-bug msg/rule-two", False),
        ("patchlint: not-a-bug 0", False),
        ("I think that is not-a-bug msg/rule", False),
    ],
)
def test_r05_an_answer_to_a_finding_counts(words: str, *, is_kept: bool) -> None:
    assert bool(silence(answered(words))) is is_kept


def test_r05_an_answer_is_kept_for_later_versions() -> None:
    series = posting()
    answer = NoBug(series.head.subject.text, "dev@example.org", "msg/rule")

    assert silence(series, Manner(no_bugs=(answer,)))
    assert not silence(series, Manner(no_bugs=(replace(answer, title="x"),)))


def test_r05_an_answer_to_the_version_before_counts() -> None:
    first = patch_mail(LOG, TEXT, "[PATCH] area: Do it")
    answer = (
        f"From: {FROM}\nSubject: Re: [PATCH] area: Do it\nMessage-ID: <5@x.org>\n"
        "In-Reply-To: <1@example.org>\nDate: Tue, 2 Jan 2024 04:04:05 +0000\n\n"
        "patchlint: not-a-bug msg/rule\n"
    )
    later = patch_mail(
        LOG,
        TEXT,
        "[PATCH v2] area: Do it",
        Message_ID="<2@example.org>",
        Date="Tue, 9 Jan 2024 04:04:05 +0000",
    )
    postings = read([first.encode(), answer.encode(), later.encode()])
    (series,) = lineage(postings).latest

    assert series.version == 2
    assert silence(series) == "what was found is muted, or was answered"


def test_r05_a_list_that_people_own() -> None:
    mutes = parse_mutes(
        "# us\nA@Example.org\n@sample.org\nmsg/rule # noisy\nABCDEF01\n"
    )

    assert mutes.addresses == {"a@example.org", "@sample.org"}
    assert mutes.names == {"msg/rule", "abcdef01"}
    assert silence(posting(), Manner(muted=mutes.names))
    with pytest.raises(MuteError, match="line 2: 'nonsense'"):
        parse_mutes("\nnonsense\n")


# R6: silence is success.


def test_r06_nothing_found_nothing_said() -> None:
    assert render(report_of(), [posting()]) == ""
    note = second(posting(), severity=Severity.NOTE)
    assert render(report_of(note), [posting()]) == ""


def test_r06_the_word_for_those_who_want_it() -> None:
    mail = drafted(posting(), manner=Manner(says_clean=True))

    assert body(mail)[1:4] == [
        f"> Subject: {SUBJECT}",
        "",
        "Nothing found in 1 patch. 6 of 7 were not at hand.",
    ]
    assert mail["X-Patchlint-Rules"] is None


def test_r06_no_word_where_something_was_found() -> None:
    series = posting()
    made = list(replies(report_of(second(series)), [series], Manner(says_clean=True)))

    assert len(made) == 1
    assert "Nothing found" not in write(made[0])


def test_r06_no_greeting_no_praise_no_tag() -> None:
    series = posting()
    made = second(series, message="Reviewed-by: A <a@b> is missing", suggestion="x")

    lines = body(drafted(series, made))

    assert lines[0] == "On Tue, 2 Jan 2024 03:04:05 +0000, A Dev wrote:"
    assert not any(line.startswith("Reviewed-by") for line in lines)


# R7: the body.


def test_r07_quotes_are_short_and_remarks_stand_under_their_lines() -> None:
    series = posting()
    late = at(series.head, "rest_40")
    (reply,) = replies(report_of(finding(series, late)), [series])

    first, cut, quote, remark = reply.blocks

    assert isinstance(first, Quote)
    assert first.lines == ("diff --git a/z/rest.c b/z/rest.c", "@@ -0,0 +1,60 @@")
    assert cut == Cut()
    assert isinstance(quote, Quote)
    assert len(quote.lines) == 10
    assert quote.lines[-1] == "+long rest_40;"
    assert isinstance(remark, Remark)


def test_r07_under_a_third_is_quoted() -> None:
    text = diff({}, {"a.c": "".join(f"int a{n};\n" for n in range(30))})
    (series,) = read([patch_mail("Say why.", text).encode()])
    found = [
        finding(series, at(series.head, f"+int a{n};"), rule=f"a/{n}", message=f"{n}")
        for n in (5, 11, 17, 23, 29)
    ]

    (reply,) = replies(report_of(*found), [series])

    quotes = [n for b in reply.blocks if isinstance(b, Quote) for n in b.lines]
    mail = series.head
    assert 3 * len(quotes) < len(mail.lines) - mail.body_start + 1
    assert sum(isinstance(block, Remark) for block in reply.blocks) == 5


def test_r07_a_tiny_patch_may_be_quoted_more() -> None:
    text = diff({PATH: OLD}, {PATH: NEW})
    (series,) = read([patch_mail("Say why.", text).encode()])
    made = finding(series, at(series.head, "+\tb = 2"))

    (reply,) = replies(report_of(made), [series])

    quotes = [n for b in reply.blocks if isinstance(b, Quote) for n in b.lines]
    assert quotes[-2:] == ["-\tb = n;", "+\tb = 2 * n;"]


def test_r07_the_order_is_that_of_the_patch() -> None:
    series = posting()
    names = ("rest_9;", "b = 2", "Second", "Subject:")
    found = [
        finding(series, at(series.head, name), rule=f"a/{n}", message=name)
        for n, name in enumerate(names)
    ]

    (reply,) = replies(report_of(*found), [series])

    remarks = [r.lines[0] for r in reply.blocks if isinstance(r, Remark)]
    assert remarks == [*reversed(names)]


# R8: the remark.


def test_r08_words_are_replaced_as_words_and_code_as_code() -> None:
    series = posting()
    word = finding(
        series, at(series.head, "Call", "cpu"), severity=NIT, suggestion="CPU"
    )
    code = finding(series, at(series.head, "+\tb = 2"), rule="c/d", suggestion="b = n;")

    (reply,) = replies(report_of(word, code), [series])

    first, last = (b for b in reply.blocks if isinstance(b, Remark))
    assert (first.carets, first.lines) == (
        "     ^^^",
        ("Nit: this is wrong: s/cpu/CPU/",),
    )
    assert last.lines == ("this is wrong:", "", "  b = n;")


def test_r08_sentences_wrap_at_72_and_nothing_else_does() -> None:
    series = posting(log="x" * 200 + " Second\n")
    made = second(series, message="word " * 40 + "https://example.org/" + "y" * 90)

    lines = body(drafted(series, made))

    own = [line for line in lines if line.startswith("word")]
    assert max(map(len, own)) <= 72
    assert f"> {'x' * 200} Second" in lines
    assert "https://example.org/" + "y" * 90 in lines


def test_r08_a_question_only_where_the_tool_does_not_know() -> None:
    series = posting()

    told = body(drafted(series, second(series)))
    asked = body(drafted(series, second(series, severity=ASKED)))

    assert not any("?" in line for line in told)
    assert "this is wrong. Is that intended?" in asked


def test_r08_what_is_asked_about_is_named_before_it_is_it() -> None:
    series = posting()
    told = "Can a CPU get here before f is set? It is false until g() ran."
    known = "May it move? Nothing keeps the task."

    assert told in body(drafted(series, second(series, severity=ASKED, message=told)))
    assert "Nothing keeps the task. May it move?" in body(
        drafted(series, second(series, severity=ASKED, message=known))
    )


# R9: few.


@pytest.mark.parametrize(
    ("severity", "count"), [(NIT, 5), (ASKED, 5), (LOUD, 8), (Severity.ERROR, 8)]
)
def test_r09_five_remarks_and_eight_if_they_are_grave(
    severity: Severity, count: int
) -> None:
    series = posting()
    found = [
        finding(
            series,
            at(series.head, f"rest_{n};"),
            rule=f"a/{n}",
            severity=severity,
            message=f"{n}",
        )
        for n in range(12)
    ]

    (reply,) = replies(report_of(*found), [series])

    assert sum(isinstance(block, Remark) for block in reply.blocks) == count
    assert reply.rest[0].startswith(f"And {12 - count} more: a/")


def test_r09_one_kind_is_said_in_full_once() -> None:
    series = posting()
    found = [
        finding(
            series,
            at(series.head, f"rest_{n};"),
            fingerprint=str(n),
            message=f"rest_{n} is long. Since it is, and so on.",
        )
        for n in (1, 3)
    ]

    (reply,) = replies(report_of(*found), [series])

    assert [r.lines for r in reply.blocks if isinstance(r, Remark)] == [
        ("rest_1 is long. Since it is, and so on.",),
        ("Same here: rest_3 is long.",),
    ]


def test_r09_all_nits_of_a_kind_are_one_remark() -> None:
    series = posting()
    found = [
        finding(series, at(series.head, f"rest_{n};"), severity=NIT, fingerprint=str(n))
        for n in (1, 3, 5)
    ]

    (reply,) = replies(report_of(*found), [series])

    assert [r.lines[1] for r in reply.blocks if isinstance(r, Remark)] == [
        "Likewise: z/rest.c:4, 6."
    ]


def test_r09_a_word_that_another_remark_puts_right_is_not_said_again() -> None:
    series = posting()
    where = at(series.head, "Subject:", "net: foo: fix bar")
    whole = finding(
        series, where, severity=NIT, rule="a/b", suggestion="net: foo: Fix BAR"
    )
    word = finding(
        series, at(series.head, "Subject:", "bar"), severity=NIT, suggestion="BAR"
    )

    (reply,) = replies(report_of(whole, word), [series])

    assert reply.rules == ("a/b",)
    other = replace(word, suggestion="Bar")
    (reply,) = replies(report_of(whole, other), [series])
    assert reply.rules == ("a/b", "msg/rule")


# R10: severity.


def heard(audience: Audience, *found: Finding) -> list[Severity]:
    policy_ = Policy(load_profiles(), "default", audience)
    profile = policy_.profile(posting())
    return [f.severity for f in found if policy_.says(profile, f)]


def test_r10_the_list_hears_no_nits_the_author_does() -> None:
    series = posting()
    found = [
        second(series, severity=severity)
        for severity in (NIT, ASKED, LOUD, Severity.ERROR)
    ]

    assert heard(Audience.AUTHOR, *found) == [NIT, ASKED, LOUD, Severity.ERROR]
    assert heard(Audience.LIST, *found) == [LOUD, Severity.ERROR]


def test_r10_the_list_hears_only_what_is_sure() -> None:
    series = posting()

    assert heard(Audience.LIST, second(series, confidence=Confidence.LOW)) == []


def test_r10_a_nit_says_so_and_nothing_says_high_or_critical() -> None:
    series = posting()
    lines = body(drafted(series, second(series, severity=NIT)))

    assert "Nit: this is wrong" in lines
    for severity in (LOUD, Severity.ERROR):
        lines = body(drafted(series, second(series, severity=severity)))
        assert "this is wrong" in lines


# R11: scope.


def reviewed(texts: Sequence[str], *trees: dict[str, str], wanted: str = "") -> Report:
    """Review mails with our own rules."""
    postings = read([text.encode() for text in texts])
    policy_ = Policy(load_profiles(), wanted)
    source = Blobs(*trees) if trees else NoSource()
    around = Surroundings(source, policy=policy_)
    rules = load_rules()
    return put_together(rules, [look(rules, series, around) for series in postings])


BAD = "int f(void)\n{\n\treturn boot_cpu_has(X86_FEATURE_SME);\n}\n"
FINE = BAD.replace("boot_cpu_has", "cpu_feature_enabled")
FILE = "arch/x86/kernel/a.c"
SIGNED = f"Say why it is done.\n\nSigned-off-by: {FROM}"


def told(report: Report, postings: Sequence[Series]) -> Iterator[str]:
    for reply in replies(report, postings):
        yield from reply.rules


def test_r11_only_what_the_patch_adds() -> None:
    rule = "x86/cpu-feature-enabled"
    new = patch_mail(SIGNED, diff({}, {FILE: BAD}), "[PATCH] x86/a: Add it")
    more = {FILE: BAD + "\nint g;\n"}
    old = patch_mail(SIGNED, diff({FILE: BAD}, more), "[PATCH] x86/a: Add more")

    assert rule in told(reviewed([new]), read([new.encode()]))
    assert rule not in told(reviewed([old], {FILE: BAD}, more), read([old.encode()]))


def test_r11_what_a_later_patch_mends_is_not_mailed() -> None:
    adds = patch_mail(
        SIGNED,
        diff({}, {FILE: BAD}),
        "[PATCH 1/2] x86/a: Add it",
        Message_ID="<1@x.org>",
    )
    mends = patch_mail(
        SIGNED,
        diff({FILE: BAD}, {FILE: FINE}),
        "[PATCH 2/2] x86/a: Mend it",
        Message_ID="<2@x.org>",
        In_Reply_To="<1@x.org>",
    )
    trees = ({FILE: BAD}, {FILE: FINE})
    report = reviewed([adds, mends], *trees)

    (note,) = (f for f in report.findings if f.rule == "x86/cpu-feature-enabled")
    assert (note.severity, note.mended_in) == (Severity.NOTE, 2)
    postings = read([adds.encode(), mends.encode()])
    assert note.rule not in told(report, postings)


# R12: reproducible, and per subsystem.


def test_r12_the_footer_has_two_lines_rule_base_and_command() -> None:
    base = "0123456789abcdef0123456789abcdef01234567"
    series = posting(log=f"{LOG}\n---\nbase-commit: {base}")
    manner = Manner(options=("--audience list", "--profile tip"))

    mail = drafted(series, second(series), manner=manner)

    assert mail.get_content().partition("\n-- \n")[2] == (
        f"patchlint {__version__}, base 0123456789ab: msg/rule\n"
        "b4 mbox -o - 2@example.org | "
        "patchlint --format reply --audience list --profile tip -\n"
    )


def test_r12_the_command_is_one_whatever_the_message_id_is() -> None:
    series = posting(Message_ID="<$(true)'@example.org>")

    last = write(next(replies(report_of(second(series)), [series]))).split("\n")[-2]

    assert last.startswith("""b4 mbox -o - '$(true)'"'"'@example.org' | patchlint""")


def test_r12_same_input_same_output() -> None:
    series = posting()
    made = report_of(second(series), finding(series, at(series.head, "+\tb = 2")))

    assert render(made, [series]) == render(made, [series])


WORDING = {
    "msg/first-person", "msg/this-patch", "msg/function-parentheses",
    "msg/subject-case",
}  # fmt: skip


@pytest.mark.parametrize(("profile", "is_asked"), [("tip", True), ("netdev", False)])
def test_r12_wording_is_a_matter_of_tip(profile: str, *, is_asked: bool) -> None:
    policy_ = Policy(load_profiles(), profile)
    chosen = policy_.profile(posting())

    assert {rule for rule in WORDING if policy_.asks_for(chosen, rule)} == (
        WORDING if is_asked else set()
    )
