# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages and changes to series, and the images they build."""
