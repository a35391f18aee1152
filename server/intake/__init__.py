"""Record intake: push, pull, and the dispatch of operations by form (SYNC §1-3)."""
