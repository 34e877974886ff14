"""What plays, where and when: venues, programmes, schedules, playlists and published pages."""
