"""From the text of a press release to a draft of what it says, each fact on its own words.

Everything here is deterministic and reads no network: rules over tables, no guesses. What the
text leaves open stays open. ``reading.read`` is the one door.
"""
