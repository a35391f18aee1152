"""个人信息: what the company keeps of a person, for that person (PIPL articles 44 and 45)."""
