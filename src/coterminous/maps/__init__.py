"""Where the areas are and what changes: maps to click on, maps to print, and their words.

``interactive`` makes folium maps, ``printed`` and ``plates`` matplotlib ones, ``alluvial`` the
diagram of people from old areas to new, and ``texttwin`` the same in words. Nothing is loaded here.
"""
