"""How are files that others made read? One module a publisher, or a kind of file."""
