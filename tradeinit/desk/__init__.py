"""Where staff write the record: what the desk does the same way for every record."""
