"""SQLite, on which one writes at a time and those who have waited longest go first."""
