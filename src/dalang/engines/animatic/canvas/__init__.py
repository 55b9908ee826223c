"""What pictures are put together from: noise, solids, flats, and how one is laid on another."""
