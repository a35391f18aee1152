"""操作记录: the audit in words, for those who answer for the company."""
