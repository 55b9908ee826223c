"""What is done to a finished frame."""
