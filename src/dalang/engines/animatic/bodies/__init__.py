"""Bodies of people and animals, modelled about bones, and their clothes."""
