"""The paper that a board reads: a module a page, each with its entry `PAGE`."""
