# SPDX-License-Identifier: GPL-2.0-or-later
"""The outside world: disk, repository, processes."""
