"""What are areas made of? Blocks of people: their weights, shapes and neighbours."""
