"""Search over everything public.

``words``    what a word is: of a text, and of what a reader types
``models``   the index: one entry for each record that has words, from the instant it is public
``index``    writing it, in the transaction in which the log is told
``engines``  how each database finds entries; another engine has the same two methods
``results``  what was found, as readers are shown it
"""
