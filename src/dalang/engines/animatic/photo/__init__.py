"""Image-to-video: a still picture set in motion."""
