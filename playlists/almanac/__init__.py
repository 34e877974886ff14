"""When: days, seasons, holidays, market days and farming months, as people write them."""
