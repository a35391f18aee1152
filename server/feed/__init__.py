"""The change feed: every commit gets one number, in commit order, and stamps what it changed."""
