"""Where are the areas, on a page to click on? Interactive maps that open with no network."""
