"""Publication: what the public was told, when, and the one gate through which it is told.

Rows are what staff work on. The publication log is what the public was told. The log is derived
from the rows when the outermost ``writing()`` closes; deriving it again changes nothing.

``models``    Publishable and Part (what records inherit), Publication (the log), Address
``gate``      ``writing()``: versions, history, and sealing, in one transaction
``instants``  from when a row is public, given its parents
``log``       the log's entries: computing, sealing and reading them
``registry``  which serializer writes the body of which record
``triggers``  what the database itself refuses
"""
