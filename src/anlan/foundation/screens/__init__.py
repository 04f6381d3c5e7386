"""What the pages of all rooms share: lists with search, filters, sorting and paging; forms; the frame."""
