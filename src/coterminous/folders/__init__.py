"""What does a geography's folder hold? Its settings, recipes, tables, credits and manifest."""
