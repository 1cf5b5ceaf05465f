"""What each route of the embedded SwanLab does."""
