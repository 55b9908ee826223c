"""The lens, its way through a shot, its angle, and what it sees sharply."""
