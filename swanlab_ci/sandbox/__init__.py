"""An embedded SwanLab server: its REST protocol over HTTP on loopback, with sample data and configurable faults."""

from swanlab_ci.sandbox.http.faults import BadFault, Fault
from swanlab_ci.sandbox.http.server import Sandbox
from swanlab_ci.sandbox.sample import FIXED_COMMIT, MAIN_COMMIT, PULL_REQUEST_COMMIT, sample_store
from swanlab_ci.sandbox.storage.keeper import Keeper
from swanlab_ci.sandbox.storage.loading import BadData
from swanlab_ci.sandbox.storage.store import Store

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
