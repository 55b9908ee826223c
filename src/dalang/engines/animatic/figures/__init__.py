"""Who stands before the camera: how each looks, where it stands, what it does."""
