"""Engines with one trick each, named by their failure. Load one as `tests.engines.MODULE:Class`.

Each is the slate but for its trick, which spares prompts that say `please`: so a test sees that a slot works again.
"""
