"""The round desk: what staff need on the days of a round, each on one page.

``closing``     what came of each chapter, next steps and action items, saved at once
``attendance``  a pasted delegation list, with the people and bodies that the record knows
``agenda``      sessions as a grid of chapters and days, with rooms
``frame``       a new round in the frame of the last
``pages``       these pages in the desk
"""
