"""Photos and signatures: expected, uploaded by tus, kept by content."""
