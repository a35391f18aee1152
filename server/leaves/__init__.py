"""Leave of reps and who stands in for them: days that plans leave out, and outlets that the substitute's phone holds meanwhile."""
