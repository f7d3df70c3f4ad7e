"""Satu Pintu: what a social-welfare office does is written in YAML; tables, screens and letters follow."""
