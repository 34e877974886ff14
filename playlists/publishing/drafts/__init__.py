"""A week before anybody has approved it, to be looked at: 草稿 stands on everything."""
