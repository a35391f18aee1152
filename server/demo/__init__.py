"""The demo company: made by a seeded generator, its visits sent through the same intake as those of real phones."""
