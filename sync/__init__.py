"""The contract between phone and server."""
