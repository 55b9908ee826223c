"""The open weights: which checkpoints there are, what one is rendered with, where they lie.

All of it is data and light to load: the process that serves reads it, and only workers load the weights themselves.
"""
