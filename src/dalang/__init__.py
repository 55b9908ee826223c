"""Dalang: the Wan video API on your own machines."""
