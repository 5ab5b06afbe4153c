"""How many drawings are there, and what is each worth? The engine behind `drawings`."""
