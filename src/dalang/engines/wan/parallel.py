"""One render over several GPUs: the transformers' sequence is shared out, so that a step takes a part of its time.

The worker is the first of the ranks and runs the whole pipeline as ever; the others only wait for the transformers'
inputs and compute their share, by diffusers' context parallelism (Ulysses attention). So seeds, schedules, cancels and
decoding stay with one process.
"""
