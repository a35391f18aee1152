"""Phones by the reference client against the real server, with faults on the way, and the invariants of SYNC §6 afterwards."""
