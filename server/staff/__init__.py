"""Who works here: the console's list of people, their files, coming, leaving and returning, and the regions (RULEBOOK §1)."""
