#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What tests use beside Python: a browser, git send-email, an editor, what --with asks.
# Whoever may install packages gets them; whoever may not is told, and those tests are
# skipped with the reason.
set -eu

missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
	|| command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
test -x "$(git --exec-path)/git-send-email" || missing="$missing git-email"
command -v nvim >/dev/null 2>&1 || missing="$missing neovim"
for program in codespell perl sparse spatch; do
	package=$program
	test "$program" != spatch || package=coccinelle
	command -v "$program" >/dev/null 2>&1 || missing="$missing $package"
done
test -n "$missing" || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
	# shellcheck disable=SC2086 - words
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $missing; } \
		|| echo "could not be installed:$missing" >&2
else
	echo "tests that need these packages are skipped:$missing" >&2
fi
