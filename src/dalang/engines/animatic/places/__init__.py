"""The sets: what each place is painted from."""
