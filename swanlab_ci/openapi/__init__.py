"""The client: SwanLab's documented `OpenApi`, without its SDK."""

from swanlab_ci.openapi.client import OpenApi
from swanlab_ci.openapi.types import ApiResponse, Experiment, Listing, Project

__all__ = ["ApiResponse", "Experiment", "Listing", "OpenApi", "Project"]
