"""A week announced: its pages, and what was announced kept."""
