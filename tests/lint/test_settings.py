# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings as values: what a key holds, who may set it, which layer wins."""

from __future__ import annotations

import pytest

from patchlint.lint.profile import Audience
from patchlint.lint.selection import names, unknown
from patchlint.lint.settings import DEFAULTS, Layer, Settings, SettingsError, merged
from patchlint.lint.settings_keys import KEYS, Trust
from patchlint.lint.settings_read import from_toml, from_value
from patchlint.lint.wildcard import fits
from patchlint.model.finding import Severity

RULES = ("c/foo", "c/bar", "msg/subject-case", "msg/subject-length", "msg/this-patch")


def layered(**texts: str) -> Settings:
    """Merge TOML by layer: ``tree="...", user="..."``."""
    return merged(
        from_toml(text, Layer[name.upper()], f"{name}.toml")
        for name, text in texts.items()
    )


def runs(settings: Settings) -> set[str]:
    return {rule for rule in RULES if settings.selection.asks_for(rule)}


def test_without_settings_all_is_as_in_the_code() -> None:
    assert merged([()]) is DEFAULTS
    assert runs(DEFAULTS) == set(RULES)


def test_the_later_layer_wins_whatever_the_order_they_are_given_in() -> None:
    told = {"user": 'profile = "tip"', "tree": 'profile = "netdev"'}

    assert layered(**told).profile == "tip"
    assert layered(**told).origin("profile") == "user.toml:1"


def test_every_value_knows_its_line() -> None:
    text = 'profile = "tip"\n\n[severity]\n"c/foo" = "error"\nmsg = "nit"\n'
    text += '\n[options."c/bar"]\nmost = 3\n\n[[paths]]\nglob = "arch/**"\n'
    settings = layered(user=text)

    assert settings.origin("severity", "msg") == "user.toml:5"
    assert settings.origin("options", "c/bar", "most") == "user.toml:8"
    assert settings.origin("paths", "1") == "user.toml:10"
    assert settings.options == {"c/bar": {"most": 3}}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('ignore = ["c"]', {r for r in RULES if r[0] == "m"}),
        ('ignore = ["c/"]\nextend-select = ["c/foo"]', {*RULES} - {"c/bar"}),
        ('select = ["c"]', {"c/foo", "c/bar"}),
        ('select = ["c"]\nignore = ["c/foo"]', {"c/bar"}),
        ('select = ["msg"]\nignore = ["msg/subject-*"]', {"msg/this-patch"}),
        ('ignore = ["all"]', set()),
        ('select = ["c/foo"]\nignore = ["c/foo"]', set()),
        ('[severity]\n"c/foo" = "off"', {*RULES} - {"c/foo"}),
        ('select = ["c/foo"]\nextend-select = ["msg/this-patch"]', {"c/foo", RULES[4]}),
    ],
)
def test_the_longest_word_decides(text: str, left: set[str]) -> None:
    assert runs(layered(user=text)) == left


def test_a_later_layer_takes_back_what_an_earlier_one_ignores() -> None:
    tree = 'ignore = ["c/foo"]'

    assert "c/foo" not in runs(layered(tree=tree, user='extend-ignore = ["c/bar"]'))
    assert "c/foo" in runs(layered(tree=tree, user="ignore = []"))
    assert "c/foo" in runs(layered(tree=tree, user='extend-select = ["c/foo"]'))


def test_a_rule_that_is_named_runs_though_a_profile_has_it_off() -> None:
    named = layered(user='extend-select = ["c/foo"]').selection
    louder = layered(user='[severity]\n"c/foo" = "error"').selection

    assert named.insists_on("c/foo")
    assert louder.insists_on("c/foo")
    assert not layered(user='select = ["c"]').selection.insists_on("c/foo")


def test_the_longest_word_gives_the_severity() -> None:
    selection = layered(user='[severity]\nc = "nit"\n"c/foo" = "error"').selection

    assert selection.severity("c/foo") is Severity.ERROR
    assert selection.severity("c/bar") is Severity.NIT
    assert selection.severity("msg/this-patch") is None


@pytest.mark.parametrize(
    "key", [key for key, made in KEYS.items() if made.trust > Trust.TREE]
)
def test_a_tree_may_not_set_what_only_the_user_may(key: str) -> None:
    with pytest.raises(SettingsError, match=rf"tree(:1)?: {key}: .*own"):
        from_toml(f'{key} = "x"', Layer.TREE, "tree")


@pytest.mark.parametrize("layer", [Layer.GIT, Layer.ENVIRONMENT, Layer.COMMAND])
def test_modules_are_named_in_the_file_of_the_user_alone(layer: Layer) -> None:
    with pytest.raises(SettingsError, match="names what is run"):
        from_value("checks", "os", "there", layer)

    (given,) = from_toml('checks = ["mine"]', Layer.USER, "config.toml")
    assert given.value == ("mine",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'ignroe = ["c"]',
            r"f:1: ignroe: not a key of the settings \(is it ignore\?\)",
        ),
        ("ignore = 1", r"f:1: ignore: not a list of strings"),
        ("ignore = [1]", r"f:1: ignore: not a list of strings"),
        ('audience = "lsit"', r"f:1: audience: not one of .* \(is it list\?\)"),
        ('[severity]\n"c/foo" = "loud"', r"f:1: severity: c/foo: not one of"),
        ("[limits]\nmials = 3", r"limits: no limit is called 'mials' \(is it mails"),
        ("[limits]\nmails = 0", r"limits: mails: not a whole number above zero"),
        ("[limits]\nmails = true", r"mails: not a whole number"),
        ("jobs = -1", r"f:1: jobs: not a number"),
        ('[[paths]]\nignore = ["c"]', r"f: paths: each of them has a glob"),
        ('[[paths]]\nglob = "a"\nignroe = []', r"ignroe: not a key of it \(is it ign"),
        ("[options]\nx = 1", r"options: x: not a table"),
        ("a = [", r"f: "),
        ("[" * 5000, r"f: "),
        ("a = " + "[" * 5000, r"f: nested too deep"),
        ("jobs = " + "9" * 5000, r"f: "),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        from_toml(text, Layer.USER, "f")


def test_words_of_git_and_the_environment_are_read_like_toml() -> None:
    given = (
        *from_value("ignore", "c/foo, msg", "X", Layer.ENVIRONMENT),
        *from_value("severity", "c/bar=nit", "X", Layer.ENVIRONMENT),
        *from_value("limits", "mails=7,rule-seconds=2.5", "X", Layer.ENVIRONMENT),
        *from_value("repeat", "", "X", Layer.GIT),
        *from_value("audience", "LIST", "X", Layer.GIT),
    )
    settings = merged([given])

    assert settings.ignore == ("c/foo", "msg")
    assert settings.severity == {"c/bar": Severity.NIT}
    assert (settings.limits.mails, settings.limits.rule_seconds) == (7, 2.5)
    assert settings.repeat
    assert settings.audience is Audience.LIST


def test_words_name_rules() -> None:
    assert names("c", "c/foo")
    assert names("c/", "c/foo")
    assert not names("c/f", "c/foo")
    assert names("c/f*", "c/foo")
    assert not names("c", "cc/foo")
    assert unknown("c/fooo", RULES) == "no rule is called 'c/fooo' (is it c/foo?)"


@pytest.mark.parametrize(
    ("glob", "path", "does"),
    [
        ("arch/x86/**", "arch/x86/kernel/a.c", True),
        ("arch/x86/", "arch/x86/kernel/a.c", True),
        ("arch/*/kernel/*.c", "arch/x86/kernel/a.c", True),
        ("arch/*.c", "arch/x86/a.c", False),
        ("**/a.c", "a.c", True),
        ("**/x86/**/a.c", "arch/x86/b/c/a.c", True),
        ("*.S", "arch/x86/head.S", True),
        ("a?.c", "ab.c", True),
        ("a/**/b", "a/b", True),
        ("[a].c", "a.c", False),
    ],
)
def test_globs(glob: str, path: str, *, does: bool) -> None:
    assert fits(glob, path) is does


def test_no_glob_takes_long() -> None:
    assert not fits("**/" * 80 + "*a" * 120 + "b", "x/" * 400 + "a" * 400)
