# SPDX-License-Identifier: GPL-2.0-or-later
"""Diff text to file changes, and file changes to images."""
