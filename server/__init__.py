"""The Xundian server: keeps the truth, checks it every night, pays people rightly."""
