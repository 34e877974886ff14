"""What is built for venues: kits, and numbered folders for televisions."""
