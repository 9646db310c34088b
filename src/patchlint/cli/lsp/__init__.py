# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint lsp``: remarks while somebody writes, for every editor that speaks LSP.

Imports run downwards: command, server, wire and desk and child, worker, looks, told.
"""
