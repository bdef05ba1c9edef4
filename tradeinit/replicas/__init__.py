"""Public reading from streaming replicas of PostgreSQL, which may lag, freeze or die at any time.

``reading``     which database this request reads from; Django's router asks it
``health``      which replica may answer now: it has all the primary had a second ago
``base``        a connection that gives up waiting (the database engine of a replica)
``middleware``  chooses one for a public request, and asks the primary where it fails
"""
