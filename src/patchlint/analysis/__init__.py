# SPDX-License-Identifier: GPL-2.0-or-later
"""What the code means: control flow, regions, guards, registers."""
