# SPDX-License-Identifier: GPL-2.0-or-later
"""A report as one page for a browser, which fetches nothing.

``page`` puts it together: ``overview`` (what was found, the patches, the filters),
``guards`` (their table), ``mail`` (one mail), ``diff`` (its files), ``remark`` (what is
said under a line). ``markup`` is the only place that makes HTML of text, ``colour`` the
only one that knows Pygments, ``plan`` knows the name of every place to jump to.
"""
