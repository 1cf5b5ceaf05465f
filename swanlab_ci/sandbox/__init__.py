"""An embedded SwanLab: its REST protocol over real HTTP on loopback, with sample data and faults on demand."""

from swanlab_ci.sandbox.faults import BadFault, Fault
from swanlab_ci.sandbox.loading import BadData
from swanlab_ci.sandbox.sample import FIXED_COMMIT, MAIN_COMMIT, PULL_REQUEST_COMMIT, sample_store
from swanlab_ci.sandbox.server import Sandbox
from swanlab_ci.sandbox.storage import Keeper
from swanlab_ci.sandbox.store import Store

__all__ = [
    "FIXED_COMMIT",
    "MAIN_COMMIT",
    "PULL_REQUEST_COMMIT",
    "BadData",
    "BadFault",
    "Fault",
    "Keeper",
    "Sandbox",
    "Store",
    "sample_store",
]
