"""A technique lesson as a leaflet to take home: its steps, its pictures, its address."""
