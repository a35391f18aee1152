"""Jobs that run at night or by command; each safe to run twice or to be killed."""
