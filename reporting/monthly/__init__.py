"""月统计: how every metric stands in every unit after a month: the month, the year so far, growth, completion, pace.

arithmetic  one figure and what follows from it; pure
statistics  the figures of a county's month, as its records have them today
"""
