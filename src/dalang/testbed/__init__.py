"""Test mode: what `dalang serve --test` adds, so that a test can force whatever the service may do.

Controls under `/dalang/test/`, a clock that can be moved, states that last as long as a test wants, declared faults,
and a journal of what was asked. Nothing here is loaded otherwise.
"""
