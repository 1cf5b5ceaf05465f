"""The client: SwanLab's documented `OpenApi`, without its SDK."""

from swanlab_ci.client.client import OpenApi
from swanlab_ci.client.types import ApiResponse, Experiment, Listing, Project

__all__ = ["ApiResponse", "Experiment", "Listing", "OpenApi", "Project"]
