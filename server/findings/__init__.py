"""Findings: proposed by the software or a person, upheld or dismissed by the manager."""
