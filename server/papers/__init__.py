"""Filled-in paper forms as the company prints them: 附表二 to 附表五 on A4."""
