"""Deterministic simulation: the real server on SQLite, in process, and phones by the reference client.

One thread, a virtual clock, a network and crash points that a seed decides about. A schedule is a list of small acts; the
same seed gives the same schedule, and a schedule that breaks an invariant (SYNC §6) is shrunk before it is printed.
"""
