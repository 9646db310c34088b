# SPDX-License-Identifier: GPL-2.0-or-later
"""A checkpatch of our own: it has the form of the real one, and little else."""

from __future__ import annotations

SCRIPT = "scripts/checkpatch.pl"
# Words that tests look for are said of the line that holds them.
HONEST = rb"""#!/usr/bin/env perl
use strict;
my ($number, $found, $signed) = (0, 0, 0);
my %types = (ERROR => "OPEN_BRACE", WARNING => "MSLEEP", CHECK => "BRACES");
while (my $line = <STDIN>) {
	$number++;
	$signed = 1 if $line =~ /^Signed-off-by:/;
	if ($line =~ /^\+.*say (ERROR|WARNING|CHECK)/) {
		print "-:$number: $1:$types{$1}: the line was asked for\n";
		$found = 1;
	}
	print "-:$number: ERROR:TRAILING_WHITESPACE: trailing whitespace\n"
		if $line =~ /^\+.*[ \t]$/;
}
print "-: ERROR:MISSING_SIGN_OFF: Missing Signed-off-by: line(s)\n" if !$signed;
exit($found || !$signed);
"""


def doing(what: str) -> bytes:
    """Return a checkpatch that does something else first, as perl."""
    return HONEST.replace(b"use strict;\n", b"use strict;\n" + what.encode() + b"\n")
