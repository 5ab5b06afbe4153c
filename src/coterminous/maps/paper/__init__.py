"""Where are the areas, on paper? Printed maps, plates and diagrams, the same bytes each time."""
