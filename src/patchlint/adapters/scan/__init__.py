# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives of any size: cut into units, looked at by processes, written as Parquet."""
