"""How a lesson becomes a rendition: plan, then execute."""
