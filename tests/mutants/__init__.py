# SPDX-License-Identifier: GPL-2.0-or-later
"""Real functions with one fault planted in each: how much do the rules find?"""
