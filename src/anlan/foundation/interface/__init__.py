"""What the JSON interfaces of all rooms share: tokens with scopes, one shape of error, paging."""
