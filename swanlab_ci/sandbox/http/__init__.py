"""The embedded SwanLab on a socket: requests, routes and faults."""
