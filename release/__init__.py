"""What a release is made by: the image's root file system, the checks before it, and the release commit."""
