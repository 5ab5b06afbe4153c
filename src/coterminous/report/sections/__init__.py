"""What does each section say? One module a section, each with `SECTION`, its entry."""
