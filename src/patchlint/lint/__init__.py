# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards, contexts and the engine that joins them."""
