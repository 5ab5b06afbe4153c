"""What goes into a board paper's appendix: one content model, and writers that only render it."""
