# SPDX-License-Identifier: GPL-2.0-or-later
"""A profile says what a tree asks for; an audience what it is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.lint.card import CardError
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.profile import Audience, Policy, parse_profile
from patchlint.model.finding import Finding, Severity
from patchlint.model.message import Address
from patchlint.model.series import Series
from patchlint.series.images import NoSource
from tests.mails import one_patch
from tests.report.made import at
from tests.report.made import finding as made_finding

RULES = load_rules()
PROFILES = load_profiles()
GOOD = '[rules."a/b"]\nseverity = "nit"\nsource = "x"\n'


def series(path: str, subject: str = "[PATCH] area: Do it") -> Series:
    made = one_patch({}, {path: "int a;\n"})
    (patch,) = made.patches
    parsed = replace(patch.message.subject, text=subject.partition("] ")[2])
    words = tuple(subject.partition("]")[0].removeprefix("[").split())
    message = replace(patch.message, subject=replace(parsed, prefixes=words))
    return replace(made, patches=(replace(patch, message=message),))


def name(path: str, subject: str = "[PATCH] area: Do it") -> str:
    return Policy(PROFILES).profile(series(path, subject)).name


@pytest.mark.parametrize(
    ("path", "profile"),
    [
        ("arch/x86/mm/a.c", "tip"),
        ("arch/x86/kvm/a.c", "kvm"),
        ("net/core/a.c", "netdev"),
        ("net/wireless/a.c", "default"),
        ("mm/a.c", "mm"),
        ("lib/a.c", "default"),
    ],
)
def test_the_touched_files_name_the_tree(path: str, profile: str) -> None:
    assert name(path) == profile


def test_a_word_in_the_brackets_goes_before_the_files() -> None:
    assert name("lib/a.c", "[PATCH bpf-next] area: Do it") == "bpf"


def test_a_cover_letter_alone_is_known_by_its_list() -> None:
    made = series("lib/a.c")
    head = replace(made.head, to=(Address("", "netdev@vger.kernel.org"),))
    alone = replace(made, cover=head, patches=())

    assert Policy(PROFILES).profile(alone).name == "netdev"


def test_the_one_asked_for_goes_before_all() -> None:
    assert Policy(PROFILES, "mm").profile(series("net/core/a.c")).name == "mm"


def told(path: str, audience: Audience) -> set[str]:
    made = series(path, "[PATCH] x86/mm: use it")
    around = Surroundings(NoSource(), policy=Policy(PROFILES, "", audience))
    report = run_in(RULES, [made], around)
    return {finding.rule for finding in report.findings}


def test_a_rule_that_is_off_in_a_tree_does_not_look() -> None:
    assert "msg/subject-case" in told("arch/x86/mm/a.c", Audience.AUTHOR)
    assert "msg/subject-case" not in told("lib/a.c", Audience.AUTHOR)


def test_a_list_is_told_what_its_tree_enforces() -> None:
    assert told("arch/x86/mm/a.c", Audience.LIST) == {"msg/subject-case"}


def finding(severity: Severity) -> Finding:
    made = series("arch/x86/mm/a.c", "[PATCH] x86/mm: use it")
    around = Surroundings(NoSource(), policy=Policy(PROFILES))
    report = run_in(RULES, [made], around)
    return replace(report.findings[0], rule="x/y", severity=severity)


@pytest.mark.parametrize(
    ("audience", "least"),
    [
        (Audience.AUTHOR, Severity.NOTE),
        (Audience.MAINTAINER, Severity.QUESTION),
        (Audience.LIST, Severity.WARNING),
    ],
)
def test_each_audience_has_its_floor(audience: Audience, least: Severity) -> None:
    policy = Policy(PROFILES, "", audience)
    profile = policy.profile(series("arch/x86/mm/a.c"))
    heard = {s for s in Severity if policy.says(profile, finding(s))}

    assert heard == {severity for severity in Severity if severity >= least}


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("a/b", "a/c", "profiles/x: rules: no rule 'a/c'"),
        ('"nit"', '"loud"', "severity: no 'loud'"),
        ('source = "x"\n', "", "source: missing"),
        ('source = "x"', "sauce = 1", "sauce: "),
        ("[rules", "[where]\nfoo = []\n[rules", "where.foo"),
        ("[rules", "[rules", ""),
    ],
)
def test_a_wrong_profile_is_told_by_its_key(old: str, new: str, error: str) -> None:
    text = GOOD.replace(old, new)
    if not error:
        assert parse_profile(text, "x", ["a/b"]).setting("a/b") is not None
        return
    with pytest.raises(CardError, match=error):
        parse_profile(text, "x", ["a/b"])


def test_every_setting_has_a_source() -> None:
    for profile in PROFILES:
        assert all(s.source for s in (profile.settings or {}).values()), profile.name


def test_what_a_later_patch_mends_is_kept_for_bisections_only() -> None:
    made = series("a.c")
    where = at(made.head, "int a;")
    finding = made_finding(made, where, severity=Severity.NOTE, mended_in=2)
    profile = PROFILES[0]

    assert Policy(PROFILES, bisects=True).says(profile, finding)
    assert not Policy(PROFILES, bisects=False).says(profile, finding)
    kept = replace(finding, mended_in=None)
    assert Policy(PROFILES, bisects=False).says(profile, kept)
