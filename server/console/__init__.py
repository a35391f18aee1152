"""What the pages of the console share: frame, formats, paging, and how each is answered."""
