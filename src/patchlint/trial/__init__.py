# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards are tried on their own examples, ours and those of others."""
