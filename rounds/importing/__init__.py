"""Spreadsheets of others, read as they are and recorded as drafts.

``files``      what is read of a file, and what is refused before anything is read of it
``headings``   which columns a sheet has
``dates``      days as people write them
``cells``      numbers, modes, places, addresses and statuses as people write them
``names``      whether two names are the same, or nearly
``report``     what was made, matched, changed and left open, row by row, and every mistake
``batch``      records being made and changed, each noted so that all can be taken back
``cases``      initiatives, parties and their seats
``evidence``   the documents behind web addresses
``meetings``   rounds, their venues and their sources
``subjects``   chapters, outcomes and the statements that they lead to
``restoring``  a record as it was before
``importing``  one import from files to report, tried or in earnest, and taking it back
"""
