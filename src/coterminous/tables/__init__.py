"""How is any table that comes in opened, and what do its cells, codes and names mean?"""
