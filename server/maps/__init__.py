"""The ground that maps are drawn on: the company's own tiles, or none."""
